// Code that works all around what is watched stays compiled, and whatever is about the watched bytes is told, as the
// interpreter tells it: the accesses are known beforehand, from the numbers that the program draws.

import { expect, test } from 'vitest'
import type { EngineName } from '../../src/compiler/engines.ts'
import { setGuestDebug } from '../../src/debuggee/setGuestDebug.ts'
import type { Grant } from '../../src/debuggee/slots.ts'
import { readElf } from '../../src/elf/elf.ts'
import type { StorageAccess } from '../../src/kvm/abi.ts'
import { reportedAfter } from '../../src/kvm/reported.ts'
import { Machine } from '../../src/machine/machine.ts'
import { bytesOf, writeElf } from '../support/elf.ts'
import { word } from './programs.ts'

const ENTRY = 0x1000
const PAGE = 0x40000
const WATCHED = PAGE + 0x804
const [FACTOR, SUMMAND] = [1103515245, 12345]

/** For ever: stores of each size and a load around a place in the page, which is drawn. */
const PROGRAM = [
  word('addis', { rt: 9, si: PAGE >>> 16 }),
  word('addis', { rt: 6, si: FACTOR >>> 16 }),
  word('ori', { rs: 6, ra: 6, ui: FACTOR & 0xffff }),
  word('mullw', { rt: 5, ra: 5, rb: 6 }),
  word('addi', { rt: 5, ra: 5, si: SUMMAND }),
  word('rlwinm', { rs: 5, ra: 4, sh: 20, mb: 20, me: 31 }),
  word('add', { rt: 8, ra: 9, rb: 4 }),
  word('stw', { rs: 5, ra: 8 }),
  word('stb', { rs: 5, ra: 8, d: 5 }),
  word('sth', { rs: 5, ra: 8, d: 20 }),
  word('lwz', { rt: 3, ra: 8, d: 12 }),
  // b, to mullw
  (18 << 26) | (-32 & 0x3fffffc),
]

/** What the first `draws` numbers lead to. */
function* accesses(draws: number): Generator<StorageAccess> {
  for (let n = 0, drawn = 0; n < draws; n++) {
    drawn = (Math.imul(drawn, FACTOR) + SUMMAND) | 0
    const at = PAGE + ((drawn >>> 12) & 0xfff)
    yield { ea: at, size: 4, write: true }
    yield { ea: at + 5, size: 1, write: true }
    yield { ea: at + 20, size: 2, write: true }
    yield { ea: at + 12, size: 4, write: false }
  }
}

const RANGE: Grant<'DAC1' | 'DAC2'> = {
  ...{ slots: ['DAC1', 'DAC2'], mode: 'range', low: WATCHED - 7, high: WATCHED + 4 },
  ...{ addresses: [WATCHED], holders: [1] },
}
const EXACT: Grant<'DAC1' | 'DAC2'> = { ...RANGE, slots: ['DAC1'], mode: 'exact', low: WATCHED }

const DRAWS = 60_000
const isAbout = ({ ea, size }: StorageAccess): boolean => ea < WATCHED + 4 && ea + size > WATCHED
/** A DAC compares where an access begins; one over a 16-byte boundary is two. */
const beginsAt = ({ ea }: StorageAccess): boolean => ea === WATCHED

test.each(
  (['interpreter', 'compiler'] as const).flatMap(engine =>
    (
      [
        [RANGE, 'write', WATCHED, isAbout],
        [RANGE, 'readWrite', WATCHED, isAbout],
        [EXACT, 'write', undefined, beginsAt],
      ] as const
    ).map(([grant, access, from, wanted]) => ({ engine, mode: grant.mode, access, grant, from, wanted })),
  ),
)('$access in a $mode on the $engine', ({ engine, access, grant, from, wanted }) => {
  const elf = readElf(writeElf(ENTRY, [{ address: ENTRY, bytes: bytesOf(PROGRAM) }]))
  const machine = new Machine(
    { ramSize: 1 << 20, core: '440ep', reset: 'boot', engine: engine satisfies EngineName },
    elf,
  )
  setGuestDebug(machine.vcpu, { watches: [{ grant, access }] })
  const told: StorageAccess[] = []
  while (machine.retired < 9 * DRAWS + 3) {
    const budget = 9 * DRAWS + 3 - machine.retired
    const { core } = machine.run({ budget, reported: reportedAfter(machine.vcpu), watchedFrom: from })
    if (core.kind === 'debugInterrupt' && core.access !== undefined) told.push(core.access)
  }
  const all = [...accesses(DRAWS)].filter(each => wanted(each) && (each.write || access === 'readWrite'))
  expect(all.length).toBeGreaterThan(20)
  expect(told).toEqual(all)
  if (engine === 'compiler') expect(machine.cpu.engine.compiled / machine.retired).toBeGreaterThan(0.9)
})
