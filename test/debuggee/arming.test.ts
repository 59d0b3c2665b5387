// A plan of slots as the debug layer gets it, and what then happens.

import { expect, test } from 'vitest'
import { arm } from '../../src/debuggee/arming.ts'
import type { IacSlot, Plan } from '../../src/debuggee/slots.ts'
import { KVM_EXIT_INTR } from '../../src/kvm/abi.ts'
import { createGuest, runFor } from '../kvm/support/guest.ts'
import { A, encode as e, put } from '../support/core.ts'

const DATA = 0x5000

const planOf = (grants: Plan<IacSlot>['grants']): Plan<IacSlot> => ({ grants, slots: new Map() })
const IAC3 = planOf([{ slot: 'IAC3', address: A + 4, holders: [1] }])
const NOTHING = planOf([])

function guest() {
  const vcpu = createGuest()
  put(vcpu.cpu, A, e.addi(3, 3, 1), e.addi(3, 3, 1), e.stw(3, 0, 4), e.nop, e.b(0))
  vcpu.cpu.state.gpr[4] = DATA
  vcpu.cpu.pc = A
  return vcpu
}

test('a grant keeps its slot: IAC3 is reported as IAC3', () => {
  const vcpu = guest()
  arm(vcpu, IAC3)
  expect(runFor(vcpu)).toMatchObject({ address: A + 4, dbsr: 0x00200000 })
})

test('trap words beside it', () => {
  const vcpu = guest()
  arm(vcpu, IAC3, { soft: [A + 12] })
  expect(runFor(vcpu)).toMatchObject({ address: A + 4, dbsr: 0x00200000 })
  vcpu.cpu.pc = A + 8
  expect(runFor(vcpu)).toMatchObject({ address: A + 12, dbsr: 0 })
})

test('data breakpoints beside it, with a value', () => {
  const vcpu = guest()
  const watch = { slot: 'DAC2', address: DATA, access: 'write' } as const
  arm(vcpu, NOTHING, { watches: [{ ...watch, value: { value: 9, bytes: 15, mode: 'and' } }] })
  expect(runFor(vcpu, 4)).toBe(KVM_EXIT_INTR)
  vcpu.cpu.pc = A
  arm(vcpu, NOTHING, { watches: [{ ...watch, value: { value: 4, bytes: 15, mode: 'and' } }] })
  expect(runFor(vcpu, 4)).toMatchObject({ address: DATA, dbsr: 0x00010000 })
})

test('with nothing to arm the guest has the facility', () => {
  const vcpu = guest()
  arm(vcpu, IAC3)
  arm(vcpu, NOTHING)
  expect(vcpu.guest_debug).toBe(0)
})
