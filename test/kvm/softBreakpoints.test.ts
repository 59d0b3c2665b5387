// KVM_GUESTDBG_USE_SW_BP: a trap word that fetch finds and nobody else.

import { describe, expect, test } from 'vitest'
import { KVM_EXIT_DEBUG, KVM_EXIT_HLT, KVM_EXIT_INTR } from '../../src/kvm/abi.ts'
import { KvmDebugger } from '../../src/kvm/debugger.ts'
import { peekMemory } from '../../src/machine/memory.ts'
import { A, PGM, pc, put, spr } from '../support/core.ts'
import { encode as e } from './support/encode.ts'
import { createGuest, detach, iac, runFor, setDebug } from './support/guest.ts'

const USE_SW_BP = 0x00010000
/** The kernel's word: opcode 0, which is illegal. */
const TRAP_WORD = 0x00dddd00
const AT = A + 8

function guest(...words: number[]) {
  const vcpu = createGuest()
  put(vcpu.cpu, A, ...(words.length > 0 ? words : new Array(6).fill(e.addi(3, 3, 1))), e.b(0))
  put(vcpu.cpu, PGM, e.b(0))
  vcpu.cpu.pc = A
  return vcpu
}

function planted(...words: number[]) {
  const vcpu = guest(...words)
  setDebug(vcpu, [], {}, USE_SW_BP)
  vcpu.plant([AT])
  return vcpu
}

describe('a planted trap word', () => {
  test('stops the guest there, before the instruction, with status 0', () => {
    const vcpu = planted()
    expect(runFor(vcpu)).toEqual({ address: AT, status: 0, dbsr: 0 })
    expect([vcpu.run.exit_reason, pc(vcpu.cpu), vcpu.cpu.state.gpr[3]]).toEqual([KVM_EXIT_DEBUG, AT, 2])
  })

  test('is not there without KVM_GUESTDBG_USE_SW_BP', () => {
    const vcpu = planted()
    setDebug(vcpu, [])
    expect(runFor(vcpu, 5)).toBe(KVM_EXIT_INTR)
    expect(vcpu.cpu.state.gpr[3]).toBe(5)
  })

  test('the guest reads its own instruction there', () => {
    const vcpu = planted(e.lwz(5, 8, 4), e.nop, e.addi(3, 3, 7))
    vcpu.cpu.state.gpr[4] = A
    runFor(vcpu)
    expect(vcpu.cpu.state.gpr[5]).toBe(e.addi(3, 3, 7))
  })

  test('and so does a debugger', () => {
    const vcpu = planted()
    const word = e.addi(3, 3, 1)
    expect([...peekMemory(vcpu.cpu, AT, 4)]).toEqual([24, 16, 8, 0].map(shift => (word >>> shift) & 255))
  })

  test('the guest changes the instruction beneath it: it stops there all the same, and then executes the new one', () => {
    const vcpu = planted(e.stw(5, 8, 4), e.icbi(0, 4), e.addi(3, 3, 1), e.nop)
    vcpu.cpu.state.gpr[4] = A
    vcpu.cpu.state.gpr[5] = e.addi(3, 3, 100)
    expect(runFor(vcpu)).toMatchObject({ address: AT, status: 0 })
    vcpu.plant([])
    runFor(vcpu, 1)
    expect(vcpu.cpu.state.gpr[3]).toBe(100)
  })

  test('belongs to the memory, not to the address: it is met through any mapping', () => {
    const vcpu = planted()
    // The same 256 MB of RAM once more, at 0x20000000.
    vcpu.cpu.state.tlb[4 * (48 + 2) + 1] = 0
    vcpu.cpu.stateChanged()
    vcpu.cpu.pc = 0x20000000 + A
    expect(runFor(vcpu)).toMatchObject({ address: 0x20000000 + AT, status: 0 })
  })

  test('an IAC at the same place comes first', () => {
    const vcpu = planted()
    setDebug(vcpu, iac(AT), {}, USE_SW_BP)
    expect(runFor(vcpu)).toMatchObject({ address: AT, dbsr: 0x00800000 })
    setDebug(vcpu, [], {}, USE_SW_BP)
    expect(runFor(vcpu)).toEqual({ address: AT, status: 0, dbsr: 0 })
  })

  test('goes with the debugger', () => {
    const vcpu = planted()
    detach(vcpu)
    expect(runFor(vcpu, 5)).toBe(KVM_EXIT_INTR)
  })

  test('hundreds of them', () => {
    const count = 300
    const vcpu = guest(...new Array(count).fill(e.addi(3, 3, 1)))
    const debug = new KvmDebugger(vcpu)
    for (let n = 0; n < count; n++) expect(debug.insert(A + 4 * n, 'software')).toBe(0)
    for (let n = 0; n < count; n++) {
      expect(debug.continue().exit_reason).toBe(KVM_EXIT_DEBUG)
      expect([pc(vcpu.cpu), vcpu.cpu.state.gpr[3]]).toEqual([A + 4 * n, n])
    }
  })
})

describe("the kernel's word in the guest's own memory, where a debugger of another kind put it", () => {
  test('stops the guest with KVM_GUESTDBG_USE_SW_BP', () => {
    const vcpu = guest(e.nop, e.nop, TRAP_WORD)
    setDebug(vcpu, [], {}, USE_SW_BP)
    expect(runFor(vcpu)).toEqual({ address: AT, status: 0, dbsr: 0 })
    expect(vcpu.arch.last_inst).toBe(TRAP_WORD)
  })

  test('is an illegal instruction like any other without it', () => {
    const vcpu = guest(e.nop, e.nop, TRAP_WORD)
    setDebug(vcpu, [])
    expect(runFor(vcpu)).toBe(KVM_EXIT_HLT)
    // SRR0 is SPR 26; ESR, SPR 62, says illegal.
    expect([pc(vcpu.cpu), spr(vcpu.cpu, 26), spr(vcpu.cpu, 62)]).toEqual([PGM, AT, 0x08000000])
  })

  test('another illegal instruction is not taken for it', () => {
    const vcpu = guest(e.nop, e.nop, 0x00dddd04)
    setDebug(vcpu, [], {}, USE_SW_BP)
    expect(runFor(vcpu)).toBe(KVM_EXIT_HLT)
    expect(pc(vcpu.cpu)).toBe(PGM)
  })
})
