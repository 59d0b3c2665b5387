// What an instruction's meaning says it changes, beside what the core changes when it executes it.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changedRegisters } from '../../src/isa/changes.ts'
import { variants } from '../../src/isa/decode.ts'
import { A, createCore, put, recycleCore, runCore } from '../support/core.ts'

test.each([
  ['addi r3,r4,1', 0x38640001, [3]],
  ['mr r31,r3', 0x7c7f1b78, [31]],
  ['stwu r1,-32(r1)', 0x9421ffe0, [1]],
  ['lwzux r3,r4,r5', 0x7c64286e, [4, 3]],
  ['lmw r29,-12(r11)', 0xbbabfff4, [29, 30, 31]],
  ['lswi r31,r4,6', 0x7fe434aa, [31, 0]],
  ['lswx r31,r4,r5', 0x7fe42c2a, [31, ...Array(31).keys()]],
  ['stw r0,4(r1)', 0x90010004, []],
  ['cmpwi r3,0', 0x2c030000, []],
  ['bl', 0x48000101, []],
  ['no instruction', 0, []],
])('%s', (_, word, registers) => {
  expect(changedRegisters(word)).toEqual(registers)
})

test('no instruction changes a register that its meaning does not', () => {
  const cpu = createCore(1 << 20)
  const word = fc
    .tuple(fc.constantFrom(...variants()), fc.integer())
    .map(([{ pattern }, random]) => (random & ~pattern.mask & ~pattern.reserved) | pattern.match)
  fc.assert(
    fc.property(
      word,
      fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 32, maxLength: 32 }),
      (insn, values) => {
        recycleCore(cpu)
        put(cpu, A, insn)
        cpu.state.gpr.set(values)
        runCore(cpu, 1)
        const changed = values.flatMap((value, register) => (cpu.state.gpr[register] === value ? [] : [register]))
        const allowed = changedRegisters(insn)
        expect(changed.filter(register => !allowed.includes(register))).toEqual([])
      },
    ),
    { numRuns: 3000 },
  )
})
