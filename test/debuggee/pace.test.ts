// `pace: real`: time that a program waits passes on the wall as well, and changes nothing of what it does.

import { expect, test } from 'vitest'
import { Continue } from '../../src/debuggee/steps/goal.ts'
import { stateHash } from '../../src/machine/snapshot.ts'
import { A, encode as e } from '../support/core.ts'
import { bytesOf, writeElf } from '../support/elf.ts'
import { HandTurned } from '../support/target.ts'

/** One second. */
const CYCLES = 400_000_000
/** What the program finds in its registers: MSR[WE, CE, EE], DBCR0[RST] = system, TSR[DIS], 0. */
const REGISTERS = { r5: 0x00068000, r6: 0x30000000, r7: 0x08000000, r8: 0, DECAR: CYCLES, DEC: CYCLES, TCR: 0x04400000 }

/** Waits for the decrementer three times, then resets the board. */
const PROGRAM = [e.mtmsr(5), e.mtmsr(5), e.mtmsr(5), e.mtspr(308, 6)]
/** Clears TSR[DIS], and MSR[WE] in SRR1, counts, and returns. */
const HANDLER = [e.mtspr(336, 7), e.mtspr(27, 8), e.addi(9, 9, 1), e.rfi]

const ELF = writeElf(A, [
  { address: A, bytes: bytesOf(PROGRAM) },
  { address: 0, bytes: bytesOf(HANDLER) },
])

/** Runs to the end on a wall whose clock moves only when somebody waits, and by `tick` when somebody looks at it. */
function runToEnd(pace: 'max' | 'real', tick: number): HandTurned {
  const loop = new HandTurned(ELF, { pace, tick })
  for (const [name, value] of Object.entries(REGISTERS)) loop.target.machine.setRegister(name, value)
  loop.target.resume(new Continue())
  loop.turn()
  return loop
}

test('three seconds of waiting take three seconds', () => {
  const { target, slept } = runToEnd('real', 0.01)
  expect(target.state).toBe('ended')
  expect(target.machine.cpu.state.gpr[9]).toBe(3)
  expect(slept).toBeGreaterThan(2700)
  expect(slept).toBeLessThanOrEqual(3000)
})

test('at full speed they take none, and the end is the same', () => {
  const { target, slept } = runToEnd('max', 0.01)
  expect(slept).toBe(0)
  expect(stateHash(target.machine)).toBe(stateHash(runToEnd('real', 0.01).target.machine))
})

test('who has fallen behind does not hurry: the waits still take their time', () => {
  // Every look at the clock costs 5 ms, in which the program executes next to nothing.
  const { ms } = runToEnd('real', 5)
  expect(ms).toBeGreaterThan(3000)
})
