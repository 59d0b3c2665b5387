// A debugger's reads and writes of memory, over pages that lie anywhere, or nowhere.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { peekMemory, pokeable, pokeMemory } from '../../src/machine/memory.ts'
import { A, createCore, encode as e, put, runCore } from '../support/core.ts'
import { bytesOf } from '../support/elf.ts'

test('bytes go where the translation of each is, all of them or none', () => {
  const cpu = createCore()
  const V = 0x200
  // Pages of 1 KB side by side whose memory is not: 0xffffe000 is at 0x9000, the next at 0x5000.
  for (const [n, ea, ra] of [
    [40, 0xffffe000, 0x9000],
    [41, 0xffffe400, 0x5000],
  ] as const)
    cpu.state.tlb.set([ea | V, ra, 0, 0], 4 * n)
  cpu.stateChanged()
  const ram = cpu.state.ramBytes.length
  const real = (ea: number): number | undefined => (ea > 0xffffffff ? undefined : cpu.mmu.peek(ea | 0))
  const near = fc.constantFrom(0, ram, 0xffffe400, 0x1_0000_0000)
  fc.assert(
    fc.property(
      near,
      fc.integer({ min: -3000, max: 3000 }),
      fc.uint8Array({ maxLength: 2500 }),
      (at, offset, bytes) => {
        const ea = Math.max(0, at + offset)
        const reals = [...bytes].map((_, i) => real(ea + i))
        const firstOutside = reals.findIndex(each => each === undefined || each >= ram)
        expect(pokeable(cpu, ea, bytes.length)).toBe(firstOutside < 0 ? bytes.length : firstOutside)
        const before = cpu.state.ramBytes.slice()
        expect(pokeMemory(cpu, ea, bytes)).toBe(firstOutside < 0)
        if (firstOutside < 0) for (const [i, each] of reals.entries()) before[each!] = bytes[i]!
        expect(Buffer.compare(cpu.state.ramBytes, before)).toBe(0)
        if (firstOutside < 0) expect(peekMemory(cpu, ea, bytes.length)).toEqual(bytes)
      },
    ),
  )
})

test('code that is poked is what executes next, to its last instruction', () => {
  const cpu = createCore()
  const length = 40
  const program = (step: number): number[] => Array.from({ length }, () => e.addi(3, 3, step))
  put(cpu, A, ...program(1))
  runCore(cpu, length)
  expect(pokeMemory(cpu, A, bytesOf(program(2)))).toBe(true)
  cpu.pc = A
  runCore(cpu, length)
  expect(cpu.state.gpr[3]).toBe(3 * length)
})
