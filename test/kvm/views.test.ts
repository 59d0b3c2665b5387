import { expect, test } from 'vitest'
import { debugViews } from '../../src/kvm/views.ts'
import { A, put } from '../support/core.ts'
import { encode as e } from './support/encode.ts'
import { createGuest, detach, iac, runFor, setDebug, setHost } from './support/guest.ts'

/** A guest that has set IAC2 and DBCR0 for itself, on a host that has set IAC1 and DBCR2. */
function scene() {
  const vcpu = createGuest()
  put(vcpu.cpu, A, e.mtspr(313, 7), e.mtspr(308, 8), e.nop, e.nop, e.b(0))
  vcpu.cpu.state.gpr[7] = 0x4444
  vcpu.cpu.state.gpr[8] = 0x00400001
  vcpu.cpu.pc = A
  setHost(vcpu, { IAC1: 0xc0300000, DBCR2: 0x00c00000, MSR: 0x00029200 })
  return vcpu
}

const rowsOf = (vcpu: ReturnType<typeof scene>) =>
  Object.fromEntries(debugViews(vcpu).rows.map(({ name, ...values }) => [name, values]))

test('the guest owns the facility: what runs is its own', () => {
  const vcpu = scene()
  runFor(vcpu, 2)
  expect(debugViews(vcpu).owner).toBe('guest')
  expect(rowsOf(vcpu)).toMatchObject({
    IAC1: { guest: 0, debugger: undefined, running: 0, host: 0xc0300000 },
    IAC2: { guest: 0x4444, debugger: undefined, running: 0x4444, host: 0 },
    DBCR0: { guest: 0x00400001, debugger: undefined, running: 0x00400001, host: 0 },
    DBCR2: { guest: 0, debugger: undefined, running: 0, host: 0x00c00000 },
    'MSR[DE]': { guest: 0, debugger: undefined, running: 0, host: 0x200 },
  })
})

test('the debugger owns it: the guest keeps its view, the comparators hold the debugger’s, for the guest only', () => {
  const vcpu = scene()
  runFor(vcpu, 2)
  setDebug(vcpu, iac(A + 12))
  runFor(vcpu)
  expect(debugViews(vcpu).owner).toBe('debugger')
  expect(rowsOf(vcpu)).toMatchObject({
    IAC1: { guest: 0, debugger: A + 12, running: A + 12, host: 0xc0300000 },
    IAC2: { guest: 0x4444, debugger: 0, running: 0, host: 0 },
    DBCR0: { guest: 0x00400001, debugger: 0x40800000, running: 0x40800000, host: 0 },
    DBCR1: { guest: 0, debugger: 0, running: 0xff00ff00, host: 0 },
    DBSR: { guest: 0, debugger: 0x00800000, running: 0, host: 0 },
    'MSR[DE]': { guest: 0, debugger: undefined, running: 0x200, host: 0x200 },
  })
  detach(vcpu)
  expect(rowsOf(vcpu)).toMatchObject({ IAC2: { running: 0x4444 } })
})

test('while the guest runs the hardware holds what the column says', () => {
  const vcpu = scene()
  setDebug(vcpu, iac(A + 12))
  const column = debugViews(vcpu).rows.filter(({ name }) => !/MSR|DBSR/.test(name))
  const inside: number[] = []
  const names = ['IAC1', 'IAC2', 'IAC3', 'IAC4', 'DAC1', 'DAC2', 'DVC1', 'DVC2', 'DBCR1', 'DBCR2', 'DBCR0'] as const
  put(vcpu.cpu, A, e.stw(3, 0, 4))
  vcpu.cpu.state.gpr[4] = 0x30000000
  vcpu.cpu.bus.map(0x30000000, {
    ...{ name: 'probe', text: '', registers: [] },
    size: 4,
    read: () => 0,
    peek: () => 0,
    write: () => inside.push(...names.map(name => vcpu.cpu.state.hw[HW[name]]! >>> 0)),
  })
  runFor(vcpu, 1)
  expect(inside).toEqual(column.map(({ running }) => running))
})

/** The place of each in `CpuState.hw`. */
const HW = { DBCR0: 0, DBCR1: 1, DBCR2: 2, IAC1: 4, IAC2: 5, IAC3: 6, IAC4: 7, DAC1: 8, DAC2: 9, DVC1: 10, DVC2: 11 }
