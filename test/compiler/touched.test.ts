// Who keeps a history of memory looks at the lines that have been written only, so every kind of store has to tell of its
// own, on every engine: CpuState.touched.

import { expect, test } from 'vitest'
import { TOUCHED_SHIFT } from '../../src/cpu/state.ts'
import { readElf } from '../../src/elf/elf.ts'
import { Machine } from '../../src/machine/machine.ts'
import { bytesOf, writeElf } from '../support/elf.ts'
import { type Trial, tryOn } from './lockStep.ts'
import { word } from './programs.ts'

const ENTRY = 0x1000
const FIRST = 0x40000
const LINES = 64
const LINE = 1 << TOUCHED_SHIFT

/** One store of each kind, by RA = r9 and RB = r10 = 0. */
const STORES: Readonly<Record<string, number>> = {
  stb: word('stb', { rs: 3, ra: 9 }),
  sthx: word('sthx', { rs: 3, ra: 9, rb: 10 }),
  stw: word('stw', { rs: 3, ra: 9 }),
  stwbrx: word('stwbrx', { rs: 3, ra: 9, rb: 10 }),
  'stw over the end of a line': word('stw', { rs: 3, ra: 9, d: LINE - 2 }),
  'sth over the end of a line': word('sth', { rs: 3, ra: 9, d: LINE - 1 }),
  stmw: word('stmw', { rs: 30, ra: 9 }),
  stswi: word('stswi', { rs: 3, ra: 9, nb: 7 }),
  stfd: word('stfd', { frs: 1, ra: 9 }),
  stfs: word('stfs', { frs: 1, ra: 9 }),
  dcbz: word('dcbz', { ra: 9, rb: 10 }),
}

/** For ever: LINES times a store, `step` bytes further each time. */
const program = (store: number, step: number): readonly number[] => [
  word('addis', { rt: 9, si: FIRST >>> 16 }),
  word('addi', { rt: 8, si: LINES }),
  word('mtspr', { spr: 9 << 5, rs: 8 }),
  store,
  word('addi', { rt: 9, ra: 9, si: step / 2 }),
  word('addi', { rt: 9, ra: 9, si: step / 2 }),
  // bdnz, to the store
  (16 << 26) | (16 << 21) | (-12 & 0xfffc),
  (18 << 26) | (-28 & 0x3fffffc),
]

test.each(
  Object.keys(STORES).flatMap(store =>
    (['interpreter', 'loop', 'compiler'] as const).map(engine => [store, engine] as const),
  ),
)('%s tells of each line on the %s', (store: string, engine: 'interpreter' | Trial) => {
  // What goes over the end of a line has to tell of both, of which it meets no other.
  const lines = store.includes('over') ? 2 * LINES : LINES
  const bytes = bytesOf([...program(STORES[store]!, (lines / LINES) * LINE)])
  const elf = readElf(writeElf(ENTRY, [{ address: ENTRY, bytes }]))
  const machine = new Machine({ ramSize: 1 << 20, core: '440ep', reset: 'boot', engine: 'interpreter' }, elf)
  if (engine !== 'interpreter') tryOn(machine, engine)
  machine.accept({ kind: 'register', name: 'MSR', value: machine.cpu.state.words[1]! | 0x2000 })
  const { touched } = machine.cpu.state
  // The second time the loop is compiled, where it can be.
  for (let run = 0; run < 2; run++) {
    touched.fill(0)
    machine.run({ budget: 100_000 })
    const told = touched.subarray(FIRST >>> TOUCHED_SHIFT, (FIRST >>> TOUCHED_SHIFT) + lines)
    expect([run, [...told].filter(mark => mark !== 0).length]).toEqual([run, lines])
  }
  expect(touched[(FIRST >>> TOUCHED_SHIFT) - 8]).toBe(0)
})
