// The objections of the review of June 2008 to the first KVM guest debugging patch for the 440, each as a requirement
// with a test of its number. Addresses and values of R10 are the review's own.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { Hw } from '../../src/cpu/state.ts'
import { Spr } from '../../src/isa/registers.ts'
import { KVM_EXIT_DEBUG, KVM_EXIT_INTR } from '../../src/kvm/abi.ts'
import {
  DEBUG_HANDLER,
  LIGHTWEIGHT_EXIT,
  LOAD_GUEST_DEBUGSTATE,
  LOAD_HOST_DEBUGSTATE,
  RESTART_INTERRUPT,
  RESUME_HOST,
} from '../../src/kvm/debugState.ts'
import type { HostRoutine } from '../../src/kvm/hostCode.ts'
import type { KvmVcpu } from '../../src/kvm/vcpu.ts'
import { A, encode as e, pc, put } from '../support/core.ts'
import {
  BREAKPOINT,
  createGuest,
  dac,
  HOST_REGS,
  hardwareDbsr,
  iac,
  PROBE,
  probe,
  readHost,
  runFor,
  setDebug,
  setHost,
  WATCH_READ,
  WATCH_WRITE,
} from './support/guest.ts'

const G0 = A + 8
const IAC1 = 0x00800000
const IAC2 = 0x00400000
const DAC1W = 0x00040000
const UDE = 0x40000000
const TRAP = 0x01000000
/** The event bits of DBSR (p.244): UDE, and ICMP to RET. */
const EVENTS = 0x4fff8000

/** Three additions, a store to the probe, and an endless loop of additions. */
function guest() {
  const vcpu = createGuest()
  put(vcpu.cpu, A, e.addi(3, 3, 1), e.addi(3, 3, 1), e.addi(3, 3, 1), e.stw(3, 0, 4), e.addi(3, 3, 1), e.b(-4))
  vcpu.cpu.pc = A
  vcpu.cpu.state.gpr[4] = PROBE
  return vcpu
}

/** A guest in which something outside sets DBSR bits as the store at A + 12 executes. */
function guestWithEvent(bits: number) {
  const vcpu = guest()
  probe(vcpu, () => {
    vcpu.cpu.state.hw[Hw.DBSR] |= bits
    vcpu.cpu.inputsChanged()
  })
  return vcpu
}

const ROUTINES = [
  LOAD_GUEST_DEBUGSTATE,
  LIGHTWEIGHT_EXIT,
  DEBUG_HANDLER,
  RESUME_HOST,
  RESTART_INTERRUPT,
  LOAD_HOST_DEBUGSTATE,
]

/** Executes `routine` by hand; `between` sees the machine before every instruction but the first. */
function byHand(vcpu: KvmVcpu, routine: HostRoutine, between: (n: number) => void): void {
  for (const [n, { does }] of routine.insns.entries()) {
    if (n > 0) between(n)
    does?.(vcpu)
  }
}

const at = (routine: HostRoutine, text: string): number =>
  routine.address + 4 * routine.insns.findIndex(one => one.text.replace(/ +/, ' ') === text)

describe('R: the review', () => {
  test('R1: the cause is what DBSR says, not which breakpoint has the address', () => {
    const vcpu = guest()
    setDebug(vcpu, iac(A))
    vcpu.requestUnconditionalEvent()
    expect(runFor(vcpu)).toEqual({ address: A, status: 0, dbsr: UDE })
    expect(runFor(vcpu)).toEqual({ address: A, status: BREAKPOINT, dbsr: IAC1 })
  })

  describe('R2: DBSR is acknowledged by writing back exactly what was read', () => {
    test('a bit that latches between the read and the write survives', () => {
      const vcpu = guest()
      const { hw } = vcpu.cpu.state
      hw[Hw.DBSR] = IAC1
      byHand(vcpu, RESTART_INTERRUPT, n => {
        if (n === 1) hw[Hw.DBSR] |= IAC2
      })
      expect(hw[Hw.DBSR]).toBe(IAC2)
    })

    test.each([IAC1, IAC2 | DAC1W, UDE, 0])('of %i no other bit is written', bits => {
      const vcpu = guest()
      const written: number[] = []
      vcpu.cpu.debug.acknowledge = value => written.push(value)
      vcpu.cpu.state.hw[Hw.DBSR] = bits
      byHand(vcpu, RESTART_INTERRUPT, () => {})
      expect(written).toEqual([bits])
    })

    test('in the window before the guest too: latched there after the read, it is still discarded', () => {
      const vcpu = guest()
      vcpu.arch.unqualified = true
      setDebug(vcpu, iac(at(LIGHTWEIGHT_EXIT, 'mtspr DBSR,r3')))
      expect(runFor(vcpu, 2)).toBe(KVM_EXIT_INTR)
      expect([pc(vcpu.cpu), vcpu.arch.discarded_before_entry]).toEqual([A + 8, IAC1])
    })
  })

  test.each([
    ['TRAP', TRAP],
    ['UDE', UDE],
    ['everything at once', EVENTS],
  ])('R3: %s is cleared like any IAC, nothing stays pending', (_, bits) => {
    const vcpu = guestWithEvent(bits)
    setDebug(vcpu, iac(0x8000))
    expect(runFor(vcpu)).toMatchObject({ dbsr: bits })
    expect(hardwareDbsr(vcpu) & EVENTS).toBe(0)
    expect(runFor(vcpu, 5)).toBe(KVM_EXIT_INTR)
  })

  test('R4: bits nobody programmed are named, once, and the exit is handled', () => {
    const vcpu = guestWithEvent(DAC1W)
    setDebug(vcpu, iac(0x8000))
    expect(runFor(vcpu)).toEqual({ address: 0, status: WATCH_WRITE, dbsr: DAC1W })
    vcpu.cpu.pc = A + 12
    runFor(vcpu)
    expect(vcpu.run.exit_reason).toBe(KVM_EXIT_DEBUG)
    expect(vcpu.log).toEqual(['unexpected DBSR bits: DAC1W'])
  })

  test('R4: expected bits give no message', () => {
    const vcpu = guest()
    setDebug(vcpu, iac(G0))
    runFor(vcpu)
    expect(vcpu.log).toEqual([])
  })

  test.each([
    ['an event that nobody asked for', TRAP],
    ['the unconditional event', UDE],
  ])('R5: no storm: %s exits once, and the guest gets on', (_, bits) => {
    const vcpu = guestWithEvent(bits)
    setDebug(vcpu, iac(0x8000))
    const exits = Array.from({ length: 10 }, () => {
      const before = vcpu.cpu.retired
      runFor(vcpu, 20)
      return { debug: vcpu.run.exit_reason === KVM_EXIT_DEBUG, retired: vcpu.cpu.retired - before }
    })
    expect(exits.filter(exit => exit.debug)).toHaveLength(1)
    expect(exits.filter(exit => exit.retired === 0)).toHaveLength(0)
  })

  test('R6: no bare bits: outside of the table of the interface there are names only', () => {
    const folder = fileURLToPath(new URL('../../src/kvm/', import.meta.url))
    const files = readdirSync(folder).filter(name => name !== 'abi.ts')
    expect(files.length).toBeGreaterThan(5)
    for (const name of files) {
      const code = readFileSync(folder + name, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
      const bare = code.match(/\b\d+ *<< *\d+|0x[0-9a-f_]{4,}/gi) ?? []
      // What is left are addresses of host code.
      expect([name, bare.filter(literal => !/^0xc0001[0-9a-f]{3}$/.test(literal))]).toEqual([name, []])
    }
  })

  const HOST = {
    ...{ DBCR0: 0x40c00000, DBCR1: 0x12345600, DBCR2: 0x00c00f0f, IAC1: 0xc0300000, IAC2: 0xc0400000 },
    ...{ IAC3: 0x11111110, IAC4: 0x22222220, DAC1: 0x33333333, DAC2: 0x44444444, DVC1: 0x55555555, DVC2: 0x66666666 },
    MSR: 0x00021200,
  }

  test.each([
    ['with a debugger', iac(G0)],
    ['without one', undefined],
  ])('R7: every debug register of the host, used or not, is the same after a run %s', (_, bp) => {
    const vcpu = guest()
    probe(vcpu, () => {})
    setHost(vcpu, HOST)
    if (bp !== undefined) setDebug(vcpu, bp)
    runFor(vcpu, 10)
    expect(readHost(vcpu)).toEqual(HOST)
  })

  test.each([
    ['with a debugger', true],
    ['without one', false],
  ])("R8: inside the guest none of the host's values is in force %s", (_, debugged) => {
    const vcpu = guest()
    const inside: number[][] = []
    probe(vcpu, () => inside.push(HOST_REGS.map(name => vcpu.cpu.state.hw[Hw[name]] >>> 0)))
    // The host watches everything the guest does.
    setHost(vcpu, { ...HOST, DBCR0: 0x40ff0000, DBCR1: 0, DBCR2: 0x00400000, IAC1: A, IAC2: A + 4, DAC1: 0, DAC2: 0 })
    if (debugged) setDebug(vcpu, dac(0x9000, WATCH_READ))
    expect(runFor(vcpu, 10)).toBe(KVM_EXIT_INTR)
    // In the order of HOST_REGS: DAC1R and IDM, every comparator qualified for the guest, DAC1; or all zeros.
    const owners = debugged ? [0x40080000, 0xff00ff00, 0xff000000, 0, 0, 0, 0, 0x9000, 0, 0, 0] : new Array(11).fill(0)
    expect(inside).toEqual([owners])
  })

  test('R9: the functions that swap the state are named alike', () => {
    const source = readFileSync(fileURLToPath(new URL('../../src/kvm/debugState.ts', import.meta.url)), 'utf8')
    const exported = [...source.matchAll(/^export function (\w+)/gm)].map(([, name]) => name)
    expect(exported).toEqual(['kvmppc_core_load_guest_debugstate', 'kvmppc_core_load_host_debugstate'])
  })

  describe('R10: an IAC that matches between the loading of the registers and the guest', () => {
    test("the review's example: IAC1 = 0xc0001080, executed on the way in", () => {
      const vcpu = guest()
      vcpu.arch.unqualified = true
      expect(LOAD_GUEST_DEBUGSTATE.address).toBe(0xc0001000)
      setDebug(vcpu, iac(0xc0001080))
      expect(runFor(vcpu, 1)).toBe(KVM_EXIT_INTR)
      expect([vcpu.cpu.retired, pc(vcpu.cpu), vcpu.run.debug]).toEqual([1, A + 4, undefined])
      expect(vcpu.arch.discarded_before_entry).toBe(IAC1)
    })

    test.each(LIGHTWEIGHT_EXIT.insns.map((insn, n) => [insn.text, LIGHTWEIGHT_EXIT.address + 4 * n] as const))(
      'on any instruction of the entry, without the qualifiers: %s',
      (_, address) => {
        const vcpu = guest()
        vcpu.arch.unqualified = true
        setDebug(vcpu, iac(address))
        expect(runFor(vcpu, 2)).toBe(KVM_EXIT_INTR)
        expect([pc(vcpu.cpu), vcpu.arch.discarded_before_entry]).toEqual([A + 8, IAC1])
      },
    )

    test('on the last of them, with an event waiting for the guest: that one is not discarded along with it', () => {
      const vcpu = guest()
      vcpu.arch.unqualified = true
      setDebug(vcpu, iac(at(LIGHTWEIGHT_EXIT, 'rfi')))
      vcpu.requestUnconditionalEvent()
      expect(runFor(vcpu, 2)).toEqual({ address: A, status: 0, dbsr: UDE })
      expect(vcpu.arch.discarded_before_entry).toBe(IAC1)
    })

    test('with the qualifiers nothing latches at all', () => {
      for (let address = 0xc0001000; address < 0xc0001300; address += 4) {
        const vcpu = guest()
        setHost(vcpu, { DBCR0: 0x40100000, IAC4: 0xc0009000 })
        setDebug(vcpu, iac(address))
        expect(runFor(vcpu, 2)).toBe(KVM_EXIT_INTR)
        expect([vcpu.arch.discarded_before_entry, vcpu.host.taken, hardwareDbsr(vcpu), vcpu.log]).toEqual([0, 0, 0, []])
      }
    })
  })

  describe("R11: an event of the host's in the window is the host's, and visible", () => {
    test('DE is off: it latches, is discarded before the guest, and named', () => {
      const vcpu = guest()
      const where = at(LOAD_GUEST_DEBUGSTATE, 'mfspr r5,IAC3')
      setHost(vcpu, { DBCR0: 0x40400000, IAC2: where, MSR: 0x00029200 })
      setDebug(vcpu, iac(G0))
      expect(runFor(vcpu)).toMatchObject({ address: G0, dbsr: IAC1 })
      expect(vcpu.arch.discarded_before_entry).toBe(IAC2)
      expect(vcpu.log).toEqual([
        'discarded before entry, latched at 0xc0001014 (kvmppc_core_load_guest_debugstate+0x14): IDE, IAC2',
      ])
    })

    test('DE is still on: the host takes its own interrupt', () => {
      const vcpu = guest()
      setHost(vcpu, { DBCR0: 0x40400000, IAC2: LOAD_GUEST_DEBUGSTATE.address, MSR: 0x00029200 })
      setDebug(vcpu, iac(G0))
      expect(runFor(vcpu)).toMatchObject({ address: G0, dbsr: IAC1 })
      expect([vcpu.host.taken, vcpu.arch.discarded_before_entry]).toEqual([IAC2, 0])
      expect(vcpu.log).toEqual(['host: Debug interrupt at 0xc0001000 (kvmppc_core_load_guest_debugstate+0x0): IAC2'])
    })

    test('said once, however often the guest is entered', () => {
      const vcpu = guest()
      setHost(vcpu, { DBCR0: 0x40400000, IAC2: at(LOAD_GUEST_DEBUGSTATE, 'mfspr r5,IAC3') })
      for (let n = 0; n < 5; n++) runFor(vcpu, 1)
      expect(vcpu.log).toHaveLength(1)
    })
  })

  test.each([
    ['a breakpoint', iac(G0), 0],
    ['a watchpoint', dac(PROBE, WATCH_WRITE), 0],
    ['a step', [], 2],
  ])('R12: DBSR is status: after %s the host finds no bit of it', (_, bp, control) => {
    const vcpu = guest()
    probe(vcpu, () => {})
    setHost(vcpu, { DBCR0: 0x40000000, MSR: 0x00021200 })
    setDebug(vcpu, bp, {}, control)
    runFor(vcpu)
    expect(vcpu.run.exit_reason).toBe(KVM_EXIT_DEBUG)
    expect(hardwareDbsr(vcpu)).toBe(0)
  })

  test('R13: the instruction of a debug exit is read where CSRR0 points, not SRR0', () => {
    const vcpu = guest()
    put(vcpu.cpu, G0, e.mfspr(7, Spr.PVR))
    vcpu.cpu.state.spr[Spr.SRR0] = A
    setDebug(vcpu, iac(G0))
    runFor(vcpu)
    expect(vcpu.arch.last_inst).toBe(e.mfspr(7, Spr.PVR))
  })

  test('R14: no register gets an intermediate value, but DBCR0, which is off in between', () => {
    for (const routine of [LOAD_GUEST_DEBUGSTATE, LOAD_HOST_DEBUGSTATE]) {
      const writes = routine.insns.map(one => /^mtspr +(\w+),/.exec(one.text)?.[1]).filter(name => name !== undefined)
      const configuration = writes.filter(name => name !== 'DBSR').sort()
      expect(configuration).toEqual([...HOST_REGS, 'DBCR0'].sort())
    }
  })

  describe('R15: enables last', () => {
    const everything = (n: number) => ({
      ...{
        DBCR0: 0x40ff0000,
        DBCR1: 0x0000ff00 + n,
        DBCR2: 0x0f00 + n,
        IAC1: n,
        IAC2: n + 1,
        IAC3: n + 2,
        IAC4: n + 3,
      },
      ...{ DAC1: n + 4, DAC2: n + 5, DVC1: n + 6, DVC2: n + 7 },
    })
    const live = (vcpu: KvmVcpu) => HOST_REGS.map(name => vcpu.cpu.state.hw[Hw[name]] >>> 0)

    test.each([LOAD_GUEST_DEBUGSTATE, LOAD_HOST_DEBUGSTATE])('$name: never enables with mixed addresses', routine => {
      const vcpu = guest()
      setHost(vcpu, everything(0x100))
      const host = live(vcpu)
      const other = { dbcr0: 0x40ff0000, dbcr1: 0xf0, dbcr2: 0xf, iac: [1, 2, 3, 4], dac: [5, 6], dvc: [7, 8] } as const
      Object.assign(vcpu.arch.shadow_dbg_reg, structuredClone(other))
      Object.assign(vcpu.arch.host_dbg_reg, structuredClone(other))
      let boundaries = 0
      const settled: string[] = []
      byHand(vcpu, routine, () => {
        boundaries++
        const [dbcr0, ...rest] = live(vcpu)
        if (dbcr0 !== 0) settled.push(`${dbcr0} ${rest}`)
      })
      expect(boundaries).toBe(routine.insns.length - 1)
      const [dbcr0, ...rest] = live(vcpu)
      // Two whole sets at most are ever live: the one before and the one after.
      expect(new Set(settled)).toEqual(new Set([`${host[0]} ${host.slice(1)}`, `${dbcr0} ${rest}`]))
    })

    test("the host's MSR comes after its DBCR0", () => {
      const texts = LOAD_HOST_DEBUGSTATE.insns.map(one => one.text.replace(/ +/, ' '))
      expect(texts.slice(-3)).toEqual(['mtspr DBCR0,r5', 'mtmsr r4', 'blr'])
    })
  })

  test('the listing of the window holds together: no two routines overlap', () => {
    const spans = ROUTINES.map(({ address, insns }) => ({ low: address, high: address + 4 * insns.length }))
    for (const [n, span] of spans.entries()) {
      const next = spans[n + 1]
      if (next !== undefined) expect(span.high).toBeLessThanOrEqual(next.low)
    }
  })
})
