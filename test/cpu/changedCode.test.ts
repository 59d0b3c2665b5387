// Code that changes: seen at its next fetch, with a diagnostic where the part's instruction cache would need to be told;
// with a cache that is modelled (`cached`), seen when it has been told.

import { describe, expect, test } from 'vitest'
import { Bus, DcrSpace } from '../../src/bus/bus.ts'
import { Cpu } from '../../src/cpu/cpu.ts'
import { Hw } from '../../src/cpu/state.ts'
import { applyBootState } from '../../src/machine/launchState.ts'
import { pokeMemory } from '../../src/machine/memory.ts'
import { A, encode as e, put, runCore } from '../support/core.ts'

const create = (cached: boolean): Cpu => {
  const cpu = new Cpu({ ramSize: 1 << 20, bus: new Bus(), dcr: new DcrSpace(), pvr: 0, fpu: true, cached })
  applyBootState(cpu, A)
  cpu.state.gpr.fill(0)
  return cpu
}
/** r4 points to the instruction that changes, r3 is what it becomes, r5 counts. */
const OLD = e.addi(5, 5, 1)
const NEW = e.addi(5, 5, 100)
const told = (cpu: Cpu): number => cpu.diagnostics.filter(({ text }) => text.includes('without icbi')).length

/** Executes the word at B, changes it, does `between`, and executes it again. @returns r5 and how often we were told */
function change(cached: boolean, ...between: number[]): [number, number] {
  const cpu = create(cached)
  const B = 0x2000
  put(cpu, B, OLD, e.blr)
  const call = (at: number): number => ((18 << 26) | ((B - at) & 0x03fffffc) | 1) >>> 0
  const words = [call(A), e.stw(3, 0, 4), ...between]
  put(cpu, A, ...words, call(A + 4 * words.length), e.nop)
  cpu.state.gpr.set([NEW, B], 3)
  runCore(cpu, words.length + 1 + 4)
  return [cpu.state.gpr[5]!, told(cpu)]
}

describe('without a cache', () => {
  test('a changed instruction is seen at its next fetch, and told of', () => {
    expect(change(false)).toEqual([101, 1])
  })

  test.each([
    ['icbi', [e.dcbst(0, 4), e.icbi(0, 4), e.isync]],
    ['iccci', [e.iccci(0, 0), e.isync]],
  ])('after %s there is nothing to tell', (_, between) => {
    expect(change(false, ...between)).toEqual([101, 0])
  })

  test('the same instruction written again is no change', () => {
    const cpu = create(false)
    put(cpu, A, e.nop, e.stw(3, 0, 4), e.b(-8))
    cpu.state.gpr.set([e.nop, A], 3)
    runCore(cpu, 30)
    expect(told(cpu)).toBe(0)
  })

  test('a debugger may change code: that is seen, and not told of', () => {
    const cpu = create(false)
    put(cpu, A, OLD, e.b(-4))
    runCore(cpu, 2)
    pokeMemory(cpu, A, Uint8Array.of(0x38, 0xa5, 0, 100))
    runCore(cpu, 2)
    expect([cpu.state.gpr[5], told(cpu)]).toEqual([101, 0])
  })
})

describe('with a cache', () => {
  test('a changed instruction goes on being the old one', () => {
    expect(change(true)).toEqual([2, 0])
  })

  test.each([
    ['icbi', [e.dcbst(0, 4), e.icbi(0, 4), e.isync]],
    ['iccci', [e.iccci(0, 0), e.isync]],
  ])('until %s', (_, between) => {
    expect(change(true, ...between)).toEqual([101, 0])
  })

  test('icbi is of one line of 32 bytes', () => {
    // r6 points to the line behind.
    expect(change(true, e.addi(6, 4, 32), e.icbi(0, 6), e.isync)).toEqual([2, 0])
  })

  test('what an instruction is about to do is asked of the cache, not of RAM', () => {
    const cpu = create(true)
    put(cpu, A, e.nop, e.b(8))
    runCore(cpu, 1)
    put(cpu, A + 4, e.nop)
    cpu.state.hw[Hw.DBCR0] = 0x04000000
    cpu.debugChanged()
    runCore(cpu, 1)
    // In trace mode the branch is recorded (DBSR[BRT]) and taken.
    expect([cpu.state.hw[Hw.DBSR], cpu.pc]).toEqual([0x04000000, A + 12])
  })

  test('little-endian code (TLB[E]) is cached like any other', () => {
    const cpu = create(true)
    const put = (at: number, word: number): void => cpu.state.ram.setInt32(at, word, true)
    cpu.state.tlb[4 * 48 + 2] |= 0x80
    cpu.stateChanged()
    put(A, OLD)
    put(A + 4, e.nop)
    runCore(cpu, 2)
    put(A, NEW)
    cpu.pc = A
    runCore(cpu, 1)
    expect(cpu.state.gpr[5]).toBe(2)
    cpu.fetch.codeChanged(A)
    cpu.pc = A
    runCore(cpu, 1)
    expect(cpu.state.gpr[5]).toBe(102)
  })

  test('data is not cached: it is stored at once', () => {
    const cpu = create(true)
    put(cpu, A, e.stw(3, 0, 4), e.lwz(7, 0, 4))
    cpu.state.gpr.set([0x1234, A + 4], 3)
    cpu.state.gpr[4] = 0x3000
    runCore(cpu, 2)
    expect(cpu.state.gpr[7]).toBe(0x1234)
  })

  test('a debugger is heeded at once', () => {
    const cpu = create(true)
    put(cpu, A, OLD, e.b(-4))
    runCore(cpu, 2)
    pokeMemory(cpu, A, Uint8Array.of(0x38, 0xa5, 0, 100))
    runCore(cpu, 2)
    expect(cpu.state.gpr[5]).toBe(101)
  })
})
