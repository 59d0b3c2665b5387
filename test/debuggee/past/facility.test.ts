// A program that uses the debug facility itself, stepped through and gone back in: its own events come as they would have
// without a debugger, and the second time as the first.

import { expect, test } from 'vitest'
import { Continue } from '../../../src/debuggee/steps/goal.ts'
import { StepInstruction } from '../../../src/debuggee/steps/instruction.ts'
import { Spr } from '../../../src/isa/registers.ts'
import { stateHash } from '../../../src/machine/snapshot.ts'
import { word } from '../../compiler/programs.ts'
import { A } from '../../support/core.ts'
import { HandTurned, programOf, SILENT } from '../../support/target.ts'

const spr = (number: number): number => ((number & 31) << 5) | (number >>> 5)
const mtspr = (number: number, rs: number): number => word('mtspr', { spr: spr(number), rs })
const li = (rt: number, value: number): number[] => [
  word('addis', { rt, ra: 0, si: value >>> 16 }),
  word('ori', { ra: rt, rs: rt, ui: value & 0xffff }),
]

const HANDLER = A + 0x200
const LOOP = A + 4 * 15
/** DBCR0: IDM and IAC1. MSR: ME and DE. */
const DBCR0 = 0x4080_0000
const MSR = 0x1200

/** Counts in r4, has an address compare of its own in the loop, and counts its Debug interrupts in r7. */
function watchingItself(): Uint8Array {
  const vector = [...li(3, 0), mtspr(Spr.IVPR, 3), ...li(3, HANDLER), mtspr(Spr.IVOR0 + 15, 3)]
  const facility = [...li(3, LOOP + 4), mtspr(Spr.IAC1, 3), ...li(3, DBCR0), mtspr(Spr.DBCR0, 3)]
  const count = [word('addi', { rt: 4, ra: 4, si: 1 }), word('addi', { rt: 5, ra: 5, si: 1 }), word('b', { li: -2 })]
  const words = [...vector, ...facility, ...li(3, MSR), word('mtmsr', { rs: 3 }), ...count]
  expect(words.length).toBe(18)
  while (words.length < (HANDLER - A) / 4) words.push(word('ori'))
  // It strikes at the two instructions of the loop in turn.
  const elsewhere = [
    word('mfspr', { spr: spr(Spr.IAC1), rt: 9 }),
    word('xori', { ra: 9, rs: 9, ui: LOOP ^ (LOOP + 4) }),
  ]
  const acknowledge = [...li(8, -1), mtspr(Spr.DBSR, 8)]
  return programOf([
    ...words,
    word('addi', { rt: 7, ra: 7, si: 1 }),
    ...acknowledge,
    ...elsewhere,
    mtspr(Spr.IAC1, 9),
    word('rfci'),
  ])
}

test('is stepped through with its own events, and its past is the same', () => {
  const loop = new HandTurned(watchingItself(), { tick: 1, history: 64 << 20 })
  const { target } = loop
  const here = (): unknown => [target.machine.retired, target.pc, target.register('r7'), stateHash(target.machine)]
  target.join(SILENT)
  target.breakpoints.settled = true
  const steps: unknown[] = []
  for (let i = 0; i < 60; i++) {
    target.resume(new StepInstruction())
    loop.turn()
    steps.push(here())
  }
  expect(target.register('r7')).toBeGreaterThan(2)
  const undisturbed = new HandTurned(watchingItself(), { tick: 1 })
  undisturbed.target.machine.run({ budget: target.machine.retired })
  expect(stateHash(undisturbed.target.machine)).toBe(stateHash(target.machine))
  for (const before of steps.slice(0, -1).reverse()) {
    target.travel(past => past.stepInstruction())
    loop.turn()
    expect(here()).toEqual(before)
  }
  target.resume(new Continue())
  loop.turn()
  expect(here()).toEqual(steps.at(-1))
})
