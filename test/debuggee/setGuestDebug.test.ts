// A plan of slots as the debug layer gets it, and what then happens.

import { expect, test } from 'vitest'
import { setGuestDebug } from '../../src/debuggee/setGuestDebug.ts'
import type { DacSlot, Grant, IacSlot, Slot } from '../../src/debuggee/slots.ts'
import { KVM_EXIT_INTR } from '../../src/kvm/abi.ts'
import { createGuest, runFor } from '../kvm/support/guest.ts'
import { A, encode as e, put } from '../support/core.ts'

const DATA = 0x5000

const exact = <S extends Slot>(slot: S, address: number): Grant<S> => ({
  ...{ slots: [slot], mode: 'exact', low: address, high: address + 4, addresses: [address], holders: [1] },
})
const IAC3 = { code: [exact('IAC3', A + 4)] }

function guest() {
  const vcpu = createGuest()
  put(vcpu.cpu, A, e.addi(3, 3, 1), e.addi(3, 3, 1), e.stw(3, 0, 4), e.nop, e.b(0))
  vcpu.cpu.state.gpr[4] = DATA
  vcpu.cpu.pc = A
  return vcpu
}

test('a grant keeps its slot: IAC3 is reported as IAC3', () => {
  const vcpu = guest()
  setGuestDebug(vcpu, IAC3)
  expect(runFor(vcpu)).toMatchObject({ address: A + 4, dbsr: 0x00200000 })
})

test('trap words beside it', () => {
  const vcpu = guest()
  setGuestDebug(vcpu, { ...IAC3, soft: [A + 12] })
  expect(runFor(vcpu)).toMatchObject({ address: A + 4, dbsr: 0x00200000 })
  vcpu.cpu.pc = A + 8
  expect(runFor(vcpu)).toMatchObject({ address: A + 12, dbsr: 0 })
})

test('data breakpoints beside it, with a value', () => {
  const vcpu = guest()
  const watch = { grant: exact('DAC2', DATA), access: 'write' } as const
  setGuestDebug(vcpu, { watches: [{ ...watch, value: { value: 9, bytes: 15, mode: 'and' } }] })
  expect(runFor(vcpu, 4)).toBe(KVM_EXIT_INTR)
  vcpu.cpu.pc = A
  setGuestDebug(vcpu, { watches: [{ ...watch, value: { value: 4, bytes: 15, mode: 'and' } }] })
  expect(runFor(vcpu, 4)).toMatchObject({ address: DATA, dbsr: 0x00010000 })
})

test('with nothing to arm the guest has the facility', () => {
  const vcpu = guest()
  setGuestDebug(vcpu, IAC3)
  setGuestDebug(vcpu, {})
  expect(vcpu.guest_debug).toBe(0)
})

test.each([
  [['IAC1', 'IAC2'], 0x00c00000],
  [['IAC3', 'IAC4'], 0x00300000],
] as const)('%j as a range report every address in it, and none at its end', (slots, dbsr) => {
  const vcpu = guest()
  const range: Grant<IacSlot> = { slots, mode: 'range', low: A + 4, high: A + 12, addresses: [], holders: [] }
  setGuestDebug(vcpu, { code: [range] })
  expect(runFor(vcpu)).toMatchObject({ address: A + 4, dbsr })
  vcpu.cpu.pc = A + 8
  expect(runFor(vcpu)).toMatchObject({ address: A + 8, dbsr })
  vcpu.cpu.pc = A + 12
  expect(runFor(vcpu, 3)).toBe(KVM_EXIT_INTR)
})

test('a trap word where no memory is mapped is left out', () => {
  const vcpu = guest()
  Object.assign(vcpu.cpu.mmu, { peek: (ea: number) => (ea === A ? 0x40 : undefined) })
  const planted: number[] = []
  setGuestDebug(Object.assign(vcpu, { plant: (at: readonly number[]) => void planted.push(...at) }), { soft: [4, A] })
  expect(planted).toEqual([0x40])
})

test('a plan that the debug layer does not take is an error', () => {
  const vcpu = Object.assign(guest(), { ioctl: () => -22 })
  expect(() => setGuestDebug(vcpu, IAC3)).toThrow('KVM_SET_GUEST_DEBUG refused a plan: -22')
})

test('both DACs as a range', () => {
  const vcpu = guest()
  const grant: Grant<DacSlot> = {
    slots: ['DAC1', 'DAC2'],
    mode: 'range',
    low: DATA - 7,
    high: DATA + 1,
    addresses: [],
    holders: [],
  }
  setGuestDebug(vcpu, { watches: [{ grant, access: 'write' }] })
  expect(runFor(vcpu)).toMatchObject({ dbsr: 0x00050000 })
  expect(vcpu.run.access).toEqual({ ea: DATA, size: 4, write: true })
})
