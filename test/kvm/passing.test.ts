// Debug exits that the request of a run passes: the guest goes on inside KVM_RUN. That nobody can tell it from returning and
// going on is I1, I2 and I12 in invariants.test.ts.

import { expect, test } from 'vitest'
import { Word } from '../../src/cpu/state.ts'
import { Ivor } from '../../src/isa/interrupts.ts'
import { MSR_DS, MSR_EE, MSR_IS, Spr } from '../../src/isa/registers.ts'
import { KVM_EXIT_DEBUG, KVM_EXIT_INTR, KVM_RUN, type KvmRunRequest } from '../../src/kvm/abi.ts'
import { A, encode as e, put } from '../support/core.ts'
import { createGuest, iac, setDebug, setHost } from './support/guest.ts'

/** `addi r3,r3,1; b .-4` with IAC1 on the first. */
function loop() {
  const vcpu = createGuest()
  put(vcpu.cpu, A, e.addi(3, 3, 1), e.b(-4))
  vcpu.cpu.pc = A
  setDebug(vcpu, iac(A))
  const run = (request: KvmRunRequest): number => {
    vcpu.run.request = request
    vcpu.ioctl(KVM_RUN)
    return vcpu.run.exit_reason
  }
  return { vcpu, run }
}

test('the run executes exactly what it was asked for, and ends where one is not passed', () => {
  const { vcpu, run } = loop()
  let asked = 0
  const passes = () => ++asked < 1000
  expect(run({ budget: 1001, passes })).toBe(KVM_EXIT_INTR)
  expect([asked, vcpu.cpu.retired, vcpu.cpu.state.gpr[3]]).toEqual([501, 1001, 501])
  expect(run({ budget: 10_000, passes, reported: vcpu.run.reported })).toBe(KVM_EXIT_DEBUG)
  expect([asked, vcpu.cpu.state.gpr[3]]).toEqual([1000, 999])
})

test('whoever is asked sees the guest as it stands: PC, MSR and translation', () => {
  const { vcpu, run } = loop()
  const { cpu } = vcpu
  // The host's MSR, and code of its own that is watched, so that it has a PC.
  setHost(vcpu, { DBCR0: 0x40800000, IAC1: 0xdffffffc, MSR: 0x21200 })
  cpu.setMsr(MSR_IS | MSR_DS | MSR_EE)
  const seen: unknown[] = []
  const passes = () => seen.push([cpu.pc, cpu.state.words[Word.MSR], cpu.mmu.peek(A)]) < 3
  run({ budget: 100, passes })
  expect(seen).toEqual([1, 2, 3].map(() => [A, MSR_IS | MSR_DS | MSR_EE, A]))
})

test('a stop that is requested meanwhile ends the run before the instruction, which is not reported again', () => {
  const { vcpu, run } = loop()
  let asked = 0
  const passes = () => {
    asked++
    vcpu.cpu.requestStop()
    return true
  }
  expect(run({ budget: 100, passes })).toBe(KVM_EXIT_INTR)
  expect([asked, vcpu.cpu.retired]).toEqual([1, 0])
  expect(run({ budget: 2, passes, reported: vcpu.run.reported })).toBe(KVM_EXIT_INTR)
  expect([asked, vcpu.cpu.retired]).toEqual([1, 2])
})

test('interrupts without end are told, though a breakpoint on their vector is passed each time', () => {
  const { vcpu, run } = loop()
  const { spr, tlb } = vcpu.cpu.state
  spr[Spr.IVPR] = 0x70000000
  tlb.fill(0)
  vcpu.cpu.stateChanged()
  setDebug(vcpu, iac(0x70000000 + (spr[Spr.IVOR0 + Ivor.INSTRUCTION_TLB_ERROR] & 0xfff0)))
  run({ budget: 100, passes: () => true })
  expect(vcpu.run.core).toEqual({ kind: 'stuck', why: 'storm', ivor: Ivor.INSTRUCTION_TLB_ERROR })
})
