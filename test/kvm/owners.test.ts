// One facility, one owner at a time: a guest that debugs itself, a debugger that comes and goes.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { mtspr } from '../../src/cpu/spr.ts'
import { Hw } from '../../src/cpu/state.ts'
import { readElf } from '../../src/elf/elf.ts'
import { Spr } from '../../src/isa/registers.ts'
import { KVM_EXIT_INTR, KVM_EXIT_SYSTEM_EVENT } from '../../src/kvm/abi.ts'
import { kvmppc_core_load_guest_debugstate, LIGHTWEIGHT_EXIT, LOAD_HOST_DEBUGSTATE } from '../../src/kvm/debugState.ts'
import { Machine } from '../../src/machine/machine.ts'
import { restoreSnapshot, takeSnapshot } from '../../src/machine/snapshot.ts'
import { A, DBG, dbsr, msr, pc, put, spr, stopAfter } from '../support/core.ts'
import { WAY_IN, WAY_OUT } from './support/debuggers.ts'
import { encode as e } from './support/encode.ts'
import { createGuest, detach, hardwareDbsr, iac, readHost, runFor, setDebug, setHost } from './support/guest.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const G0 = A + 16
const IAC1 = 0x00800000
const IDE_IAC1 = 0x80800000

/**
 * Sets IAC1 = G0 and DBCR0 = IDM | IAC1, then goes around a loop through G0. The handler counts in r20, clears DBSR, and
 * returns past G0.
 */
function selfDebugging() {
  const vcpu = createGuest()
  put(vcpu.cpu, A, e.mtspr(Spr.IAC1, 7), e.mtspr(Spr.DBCR0, 8), e.mtmsr(9), e.nop)
  put(vcpu.cpu, G0, e.addi(3, 3, 1), e.addi(5, 5, 1), e.b(-8))
  put(vcpu.cpu, DBG, e.addi(20, 20, 1), e.mfspr(21, Spr.DBSR), e.mtspr(Spr.DBSR, 21))
  put(vcpu.cpu, DBG + 12, e.mfspr(22, Spr.CSRR0), e.addi(22, 22, 4), e.mtspr(Spr.CSRR0, 22), e.rfci)
  const { gpr } = vcpu.cpu.state
  gpr[7] = G0
  gpr[8] = 0x40800000
  gpr[9] = 0x1200
  vcpu.cpu.pc = A
  return vcpu
}

describe('a guest that debugs itself', () => {
  test('takes its own Debug interrupts, with nobody noticing', () => {
    const vcpu = selfDebugging()
    expect(runFor(vcpu, 100)).toBe(KVM_EXIT_INTR)
    const { gpr } = vcpu.cpu.state
    // G0 never executes; each time around counts once: 7 instructions of the handler, 2 of the loop.
    expect([gpr[3], gpr[20], gpr[21]]).toEqual([0, 11, IAC1])
    expect(spr(vcpu.cpu, Spr.CSRR1)).toBe(0x1200)
    expect(hardwareDbsr(vcpu)).toBe(0)
  })

  test('keeps what it has written while a debugger is there, and goes on afterwards', () => {
    const vcpu = selfDebugging()
    runFor(vcpu, 30)
    const before = vcpu.cpu.state.gpr[20]!
    setDebug(vcpu, iac(0x9000))
    runFor(vcpu, 30)
    expect(vcpu.cpu.state.gpr[20]).toBe(before)
    expect(vcpu.cpu.state.gpr[3]).toBeGreaterThan(5)
    detach(vcpu)
    runFor(vcpu, 30)
    expect(vcpu.cpu.state.gpr[20]).toBeGreaterThan(before + 2)
  })

  test('programs it while a debugger is there: in force when the debugger has gone', () => {
    const vcpu = selfDebugging()
    setDebug(vcpu, iac(0x9000))
    runFor(vcpu, 5)
    expect([vcpu.cpu.state.gpr[20], spr(vcpu.cpu, Spr.IAC1), spr(vcpu.cpu, Spr.DBCR0)]).toEqual([0, G0, 0x40800000])
    detach(vcpu)
    runFor(vcpu, 30)
    expect(vcpu.cpu.state.gpr[20]).toBeGreaterThan(2)
  })

  test('an event that was pending when the debugger came is delivered when it has gone and DE is set', () => {
    const vcpu = selfDebugging()
    vcpu.cpu.state.gpr[9] = 0x1000
    put(vcpu.cpu, G0 + 4, e.mfspr(25, Spr.DBSR), e.nop, e.nop, e.mtmsr(10), e.nop)
    vcpu.cpu.state.gpr[10] = 0x1200
    runFor(vcpu, 5)
    expect([pc(vcpu.cpu), spr(vcpu.cpu, Spr.DBSR)]).toEqual([G0 + 4, IDE_IAC1])
    setDebug(vcpu, iac(0x9000))
    runFor(vcpu, 2)
    // It still reads it, and has not been interrupted.
    expect([pc(vcpu.cpu), vcpu.cpu.state.gpr[25]! >>> 0]).toEqual([G0 + 12, IDE_IAC1])
    detach(vcpu)
    runFor(vcpu, 2)
    expect([pc(vcpu.cpu), msr(vcpu.cpu)]).toEqual([DBG, 0x1000])
    // Late: CSRR0 is the instruction after the one that set DE (p.198).
    expect([spr(vcpu.cpu, Spr.CSRR0), spr(vcpu.cpu, Spr.CSRR1), spr(vcpu.cpu, Spr.DBSR)]).toEqual([
      G0 + 20,
      0x1200,
      IDE_IAC1,
    ])
  })

  test('clears a pending event while the debugger is there: it is gone', () => {
    const vcpu = selfDebugging()
    vcpu.cpu.state.gpr[9] = 0x1000
    put(vcpu.cpu, G0 + 4, e.mtspr(Spr.DBSR, 11), e.mtmsr(10), e.b(0))
    vcpu.cpu.state.gpr[10] = 0x1200
    vcpu.cpu.state.gpr[11] = -1
    runFor(vcpu, 5)
    setDebug(vcpu, iac(0x9000))
    runFor(vcpu, 1)
    detach(vcpu)
    runFor(vcpu)
    expect([pc(vcpu.cpu), spr(vcpu.cpu, Spr.DBSR)]).toEqual([G0 + 12, 0])
  })
})

test('an unreported event of the debugger is dropped when it leaves: the guest must not get it', () => {
  const vcpu = createGuest()
  put(vcpu.cpu, A, e.sc)
  put(vcpu.cpu, 0x00100800, e.b(0))
  vcpu.cpu.pc = A
  stopAfter(vcpu.cpu, 8)
  setDebug(vcpu, [], {}, 2)
  expect(runFor(vcpu)).toBe(KVM_EXIT_INTR)
  expect(vcpu.arch.queued_dbsr).toBe(0x08000000)
  detach(vcpu)
  runFor(vcpu, 0)
  expect([spr(vcpu.cpu, Spr.DBSR), dbsr(vcpu.cpu)]).toEqual([0, 0])
})

describe('the unconditional event', () => {
  test("is the guest's where the guest owns the facility, and in its DBSR at once", () => {
    const vcpu = selfDebugging()
    setHost(vcpu, { DBCR0: 0x40000000, IAC1: 0xc0300000, MSR: 0x21200 })
    const host = readHost(vcpu)
    vcpu.requestUnconditionalEvent()
    expect(readHost(vcpu)).toEqual(host)
    // Trace mode so far: recorded, not late.
    expect([spr(vcpu.cpu, Spr.DBSR), hardwareDbsr(vcpu)]).toEqual([0x40000000, 0])
    runFor(vcpu, 6)
    expect(vcpu.cpu.state.gpr[21]).toBe(0x40000000)
    expect(vcpu.host.taken).toBe(0)
  })

  test('is late where the guest has IDM set and DE not', () => {
    const vcpu = selfDebugging()
    runFor(vcpu, 2)
    vcpu.requestUnconditionalEvent()
    expect(spr(vcpu.cpu, Spr.DBSR)).toBe(0xc0000000)
  })

  test.each([
    ['something armed', iac(0x9000)],
    ['nothing armed', []],
  ])('is reported where a debugger owns it, with %s', (_, bp) => {
    const vcpu = selfDebugging()
    setDebug(vcpu, bp)
    vcpu.requestUnconditionalEvent()
    expect(runFor(vcpu)).toMatchObject({ address: A, status: 0, dbsr: 0x40000000 })
    expect(spr(vcpu.cpu, Spr.DBSR)).toBe(0)
  })

  test('as an input of the machine it reaches the guest, and is in a snapshot of it', () => {
    const program = readElf(readFileSync(join(root, 'examples/asm/primes.elf')))
    const create = () => new Machine({ ramSize: 4 << 20, core: '440ep', reset: 'boot' }, program)
    const machine = create()
    machine.accept({ kind: 'unconditionalEvent' })
    const again = create()
    restoreSnapshot(again, takeSnapshot(machine))
    for (const one of [machine, again]) {
      one.run({ budget: 100 })
      expect(spr(one.cpu, Spr.DBSR)).toBe(0x40000000)
    }
  })
})

test('what reaches beyond the guest is never in force around it: EDM, RST, IRPT, RET, FT', () => {
  const vcpu = createGuest()
  vcpu.cpu.state.spr[Spr.DBCR0] = 0xffff8001 | 0
  kvmppc_core_load_guest_debugstate(vcpu)
  expect(vcpu.cpu.state.hw[Hw.DBCR0]! >>> 0).toBe(0x4dff0000)
})

test.each([
  ['the guest owns the facility', false],
  ['a debugger is there', true],
])('a watchdog reset while %s is told in the DBSR that the guest reads', (_, debugged) => {
  const vcpu = createGuest()
  put(vcpu.cpu, A, ...new Array(64).fill(e.nop), e.b(-256))
  vcpu.cpu.pc = A
  // TCR: WP = 0 (2^21 cycles), WRC = 2 (chip); the second time out resets, the first was before.
  mtspr(vcpu.cpu, Spr.TCR, 0x20000000)
  vcpu.cpu.state.spr[Spr.TSR] = 0xc0000000 | 0
  if (debugged) setDebug(vcpu, iac(0x9000))
  expect(runFor(vcpu, 3_000_000)).toBe(KVM_EXIT_SYSTEM_EVENT)
  expect(vcpu.run.core).toEqual({ kind: 'reset', type: 2, cause: 'watchdog' })
  expect([spr(vcpu.cpu, Spr.DBSR), hardwareDbsr(vcpu)]).toEqual([0x20000000, 0])
})

describe("the host's own breakpoints on the way in and out", () => {
  const { length: last } = LOAD_HOST_DEBUGSTATE.insns
  const way = [...WAY_IN, ...WAY_OUT].flatMap(({ name, address, insns }) =>
    insns.map(({ text }, n) => ({ name, n, text, address: address + 4 * n, last: n >= last - 2 })),
  )

  test.each([
    ['IDM and DE', 0x40800000, 0x21200],
    ['IDM alone', 0x40800000, 0x21000],
    ['DE alone', 0x00800000, 0x21200],
  ])('with %s: each instruction is accounted for, and the guest runs on', (_, DBCR0, MSR) => {
    const fates = way.map(({ name, text, address }) => {
      const vcpu = createGuest()
      put(vcpu.cpu, A, e.nop, e.nop)
      vcpu.cpu.pc = A
      setHost(vcpu, { DBCR0, IAC1: address, MSR })
      expect(runFor(vcpu, 2)).toBe(KVM_EXIT_INTR)
      expect(pc(vcpu.cpu)).toBe(A + 8)
      const { host, arch } = vcpu
      const fate = [host.taken, arch.discarded_before_entry, hardwareDbsr(vcpu) & IAC1]
      return `${name} ${text}: ${fate.map(bits => (bits !== 0 ? 1 : 0)).join('')}`
    })
    const interrupts = DBCR0 === 0x40800000 && MSR === 0x21200
    const enablesOff = WAY_IN[0]!.insns.findIndex(({ text }) => text.startsWith('mtspr   DBCR0'))
    const deOff = WAY_IN[0]!.insns.findIndex(({ text }) => text.startsWith('mtmsr'))
    const expected = way.map(({ name, n, text }) => {
      // Taken by the host; discarded before the guest; pending for the host.
      let fate = '000'
      if (name === WAY_IN[0]!.name && n <= enablesOff) fate = interrupts && n <= deOff ? '100' : '010'
      if (name === LOAD_HOST_DEBUGSTATE.name && n >= last - 2) fate = interrupts ? '100' : '001'
      return `${name} ${text}: ${fate}`
    })
    expect(fates).toEqual(expected)
    expect(way.length).toBeGreaterThan(LIGHTWEIGHT_EXIT.insns.length)
  })
})
