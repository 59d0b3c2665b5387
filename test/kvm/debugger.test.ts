// The debugger's side: what QEMU's functions of the same purpose return, and how a breakpoint is left behind.

import { describe, expect, test } from 'vitest'
import { EEXIST, EINVAL, ENOBUFS, ENOENT, ENOSYS, KVM_EXIT_DEBUG, KVM_EXIT_INTR } from '../../src/kvm/abi.ts'
import { type BreakpointKind, KvmDebugger } from '../../src/kvm/debugger.ts'
import { A, pc, put, SYSCALL } from '../support/core.ts'
import { encode as e } from './support/encode.ts'
import { BREAKPOINT, createGuest, WATCH_WRITE } from './support/guest.ts'

const DATA = 0x5000

function debugged(...words: number[]) {
  const vcpu = createGuest()
  put(vcpu.cpu, A, ...words, e.b(0))
  put(vcpu.cpu, SYSCALL, e.addi(9, 9, 1), e.rfi)
  vcpu.cpu.state.gpr[4] = DATA
  vcpu.cpu.pc = A
  return new KvmDebugger(vcpu)
}

describe('slots', () => {
  test('four instruction breakpoints, and the fifth is refused', () => {
    const debug = debugged(e.nop)
    for (let n = 0; n < 4; n++) expect(debug.insert(A + 4 * n, 'hardware')).toBe(0)
    expect(debug.insert(A + 16, 'hardware')).toBe(-ENOBUFS)
    expect(debug.insert(DATA, 'write')).toBe(0)
    expect(debug.insert(DATA, 'read')).toBe(0)
    expect(debug.insert(DATA, 'access')).toBe(-ENOBUFS)
  })

  test('twice the same, what is not there, what nobody knows, where there is nothing', () => {
    const debug = debugged(e.nop)
    debug.insert(A, 'hardware')
    debug.insert(A, 'software')
    expect(debug.insert(A, 'hardware')).toBe(-EEXIST)
    expect(debug.insert(A, 'software')).toBe(-EEXIST)
    expect(debug.remove(A + 4, 'hardware')).toBe(-ENOENT)
    expect(debug.remove(A + 4, 'software')).toBe(-ENOENT)
    expect(debug.insert(A, 'quantum' as BreakpointKind)).toBe(-ENOSYS)
    debug.vcpu.cpu.state.tlb.fill(0)
    expect(debug.insert(A + 8, 'software')).toBe(-EINVAL)
  })

  test('a slot keeps its number when another becomes free, and the lowest is used next', () => {
    const debug = debugged(e.nop, e.nop, e.nop, e.nop)
    for (const n of [2, 1, 3]) debug.insert(A + 4 * n, 'hardware')
    debug.remove(A + 8, 'hardware')
    debug.insert(A, 'hardware')
    expect(debug.continue().debug?.arch).toMatchObject({ address: A, dbsr: 0x00800000 })
    expect(debug.continue().debug?.arch).toMatchObject({ address: A + 4, dbsr: 0x00400000 })
    expect(debug.continue().debug?.arch).toMatchObject({ address: A + 12, dbsr: 0x00200000 })
  })
})

describe('going on from a breakpoint', () => {
  const visits = (debug: KvmDebugger, times: number) =>
    Array.from({ length: times }, () => debug.continue(50).debug?.arch.address)

  test('a loop meets it every time around', () => {
    const debug = debugged(e.addi(3, 3, 1), e.addi(5, 5, 1), e.b(-8))
    debug.insert(A + 4, 'hardware')
    expect(visits(debug, 3)).toEqual([A + 4, A + 4, A + 4])
    expect(debug.vcpu.cpu.state.gpr[3]).toBe(3)
  })

  test('a branch to itself too', () => {
    const debug = debugged(e.addi(11, 0, 3), e.mtspr(9, 11), e.bdnz(0), e.nop)
    debug.insert(A + 8, 'hardware')
    expect(visits(debug, 4)).toEqual([A + 8, A + 8, A + 8, undefined])
  })

  test('sc: its handler is entered, where another breakpoint is met', () => {
    const debug = debugged(e.sc, e.nop)
    debug.insert(A, 'hardware')
    debug.insert(SYSCALL, 'hardware')
    debug.insert(A + 4, 'software')
    expect(visits(debug, 4)).toEqual([A, SYSCALL, A + 4, undefined])
    expect(debug.vcpu.cpu.state.gpr[9]).toBe(1)
  })

  test('a watched store is done, once', () => {
    const debug = debugged(e.addi(3, 3, 1), e.stw(3, 0, 4), e.nop)
    debug.insert(DATA, 'write')
    expect(debug.continue().debug?.arch).toEqual({ address: DATA, status: WATCH_WRITE, dbsr: 0x00040000 })
    expect(debug.vcpu.cpu.state.ram.getUint32(DATA)).toBe(0)
    expect(debug.continue(2).exit_reason).toBe(KVM_EXIT_INTR)
    expect(debug.vcpu.cpu.state.ram.getUint32(DATA)).toBe(1)
  })

  test('breakpoint, trap word and watchpoint on one store: three reports, then it executes', () => {
    const debug = debugged(e.stw(3, 0, 4), e.nop)
    debug.insert(A, 'software')
    debug.insert(A, 'hardware')
    debug.insert(DATA, 'access')
    const dbsr = Array.from({ length: 3 }, () => debug.continue().debug?.arch.dbsr)
    expect(dbsr).toEqual([0x00800000, 0, 0x00040000])
    expect(debug.continue(2).exit_reason).toBe(KVM_EXIT_INTR)
    expect(pc(debug.vcpu.cpu)).toBe(A + 8)
  })

  test('stepping onto a breakpoint does not swallow it', () => {
    const debug = debugged(e.nop, e.nop, e.nop)
    debug.insert(A + 4, 'software')
    debug.insert(A + 8, 'hardware')
    expect(debug.step().debug?.arch).toMatchObject({ address: A + 4, dbsr: 0x08000000 })
    expect(debug.continue().debug?.arch).toEqual({ address: A + 4, status: 0, dbsr: 0 })
    expect(debug.step().debug?.arch).toMatchObject({ address: A + 8, dbsr: 0x08000000 })
    expect(debug.continue().debug?.arch).toEqual({ address: A + 8, status: BREAKPOINT, dbsr: 0x00800000 })
  })

  test('a breakpoint moved to where the guest stands by the user is met', () => {
    const debug = debugged(e.nop, e.nop)
    debug.insert(A + 4, 'hardware')
    debug.continue()
    debug.vcpu.cpu.pc = A
    debug.insert(A, 'hardware')
    expect(debug.continue().debug?.arch.address).toBe(A)
    expect(debug.vcpu.run.exit_reason).toBe(KVM_EXIT_DEBUG)
  })
})
