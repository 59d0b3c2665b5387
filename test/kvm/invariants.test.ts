// I1 to I14: what holds for every guest, every host and every debugger, as properties over random ones.
// PPC440_KVM_RUNS sets how many of each are tried; `npm run test:kvm` tries thousands.

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { mtspr } from '../../src/cpu/spr.ts'
import { Hw, Word } from '../../src/cpu/state.ts'
import { Spr } from '../../src/isa/registers.ts'
import {
  EBUSY,
  EINVAL,
  KVM_EXIT_DEBUG,
  KVM_EXIT_INTERNAL_ERROR,
  KVM_EXIT_INTR,
  KVM_RUN,
  type KvmBreakpoint,
} from '../../src/kvm/abi.ts'
import { KvmDebugger } from '../../src/kvm/debugger.ts'
import { LOAD_GUEST_DEBUGSTATE, LOAD_HOST_DEBUGSTATE } from '../../src/kvm/debugState.ts'
import { KvmVcpu } from '../../src/kvm/vcpu.ts'
import { runCore, stopAfter } from '../support/core.ts'
import {
  breakpoints,
  hostAddress,
  hosts,
  invalidRequests,
  modes,
  ranges,
  softBreakpoints,
} from './support/debuggers.ts'
import { differences } from './support/differences.ts'
import {
  BREAKPOINT,
  detach,
  HOST_REGS,
  hardwareDbsr,
  readHost,
  runFor,
  setDebug,
  setHost,
  WATCH_READ,
  WATCH_WRITE,
} from './support/guest.ts'
import {
  debuggingGuests,
  type Guest,
  load,
  newCase,
  onProbe,
  quietGuests,
  selfResettingGuests,
} from './support/randomGuest.ts'
import { attemptsOf, expectedReports } from './support/reference.ts'
import { passing, reportsOf, stepping } from './support/user.ts'

const numRuns = Number(process.env.PPC440_KVM_RUNS ?? 200)

vi.setConfig({ testTimeout: 60_000 + 100 * numRuns })

/** Instructions of one run. */
const LENGTH = 150
const SINGLESTEP = 2
/** The event bits of DBSR (p.244): UDE, and ICMP to RET. */
const EVENTS = 0x4fff8000

function check<T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  holds: (...values: T) => void,
): void {
  const property = fc.property(...arbitraries, (...values: T) => {
    newCase()
    holds(...values)
  })
  fc.assert(property, { numRuns })
}

const virtual = (guest: Guest): KvmVcpu => new KvmVcpu(load(guest))

/** The guest went where there is no memory with MSR[ME] = 0. */
const isLost = (vcpu: KvmVcpu): boolean => vcpu.run.exit_reason === KVM_EXIT_INTERNAL_ERROR

const KINDS = { [BREAKPOINT]: 'hardware', [WATCH_READ]: 'read', [WATCH_WRITE]: 'write', 12: 'access' } as const

/** A debugger with the breakpoints of `bp`, each in the lowest slot that was free, and which slots those are. */
function attach(vcpu: KvmVcpu, bp: readonly KvmBreakpoint[]): { debug: KvmDebugger; slots: KvmBreakpoint[] } {
  const debug = new KvmDebugger(vcpu)
  const slots: KvmBreakpoint[] = []
  let iacs = 0
  let dacs = 4
  for (const { addr, type } of bp) {
    if (type === 0) continue
    const kind = KINDS[type as keyof typeof KINDS]
    if (debug.insert(addr, kind) === 0) slots[kind === 'hardware' ? iacs++ : dacs++] = { addr, type }
  }
  return { debug, slots }
}

/** What a user does between two runs: attaches with some breakpoints, detaches, or just runs on. */
const actions = fc.array(
  fc.record({
    bp: fc.option(breakpoints, { nil: undefined }),
    control: fc.constantFrom(0, SINGLESTEP),
    detach: fc.boolean(),
    budget: fc.integer({ min: 0, max: 40 }),
  }),
  { minLength: 1, maxLength: 8 },
)

describe('I: invariants', () => {
  test('I1: after every return the host has its debug registers and MSR, bit for bit', () => {
    check([selfResettingGuests, hosts, actions], (guest, host, todo) => {
      const vcpu = virtual(guest)
      // Someone who calls in the middle of a run is sent away, and does no harm.
      onProbe(vcpu.cpu, () => expect([vcpu.ioctl(KVM_RUN), detach(vcpu)]).toEqual([-EBUSY, -EBUSY]))
      setHost(vcpu, host)
      const before = readHost(vcpu)
      for (const { bp, control, budget, ...one } of todo) {
        if (one.detach) detach(vcpu)
        if (bp !== undefined) setDebug(vcpu, bp, {}, control)
        runFor(vcpu, budget)
        expect(readHost(vcpu)).toEqual(before)
      }
    })
  })

  test('I2: every event is in exactly one report', () => {
    check([debuggingGuests, breakpoints, softBreakpoints, hosts], (guest, bp, soft, host) => {
      const attempts = attemptsOf(load(guest), LENGTH)
      const vcpu = virtual(guest)
      setHost(vcpu, host)
      const { debug, slots } = attach(vcpu, bp)
      for (const address of soft) debug.insert(address, 'software')
      const reports = reportsOf(vcpu, budget => debug.continue(budget), LENGTH)
      expect(reports).toEqual(expectedReports(attempts, slots, soft))
    })
  })

  test('I2: so it is with ranges and under a mask', () => {
    check([debuggingGuests, modes, hosts], (guest, { bp, ext }, host) => {
      const attempts = attemptsOf(load(guest), LENGTH)
      const vcpu = virtual(guest)
      setHost(vcpu, host)
      const reports = reportsOf(vcpu, stepping(vcpu, bp, ext), LENGTH)
      expect(reports).toEqual(expectedReports(attempts, bp, [], ext))
    })
  })

  const answers = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 })

  test('I1, I2, I12: so it is where reports are passed in the run, and nobody can tell the difference', () => {
    check([debuggingGuests, modes, softBreakpoints, hosts, answers], (guest, { bp, ext }, soft, host, pass) => {
      const attempts = attemptsOf(load(guest), LENGTH)
      const plain = virtual(guest)
      setDebug(plain, [])
      runFor(plain, LENGTH)
      const vcpu = virtual(guest)
      setHost(vcpu, host)
      const before = readHost(vcpu)
      vcpu.plant(soft)
      const { go, reports } = passing(vcpu, bp, ext, pass)
      const returned = reportsOf(vcpu, go, LENGTH)
      expect(reports).toEqual(expectedReports(attempts, bp, soft, ext))
      expect(returned).toEqual(reports.filter((_, n) => !pass[(n + 1) % pass.length]))
      expect(differences(vcpu.cpu, plain.cpu)).toEqual([])
      expect(readHost(vcpu)).toEqual(before)
    })
  })

  test('I2: an event that latches as the guest is left for another reason is reported by the next run', () => {
    check([debuggingGuests, fc.subarray([4, 5, 6, 8, 10, 13])], (guest, ivors) => {
      const vcpu = virtual(guest)
      stopAfter(vcpu.cpu, ...ivors)
      setDebug(vcpu, [], {}, SINGLESTEP)
      let steps = 0
      while (vcpu.cpu.retired < LENGTH || vcpu.run.exit_reason === KVM_EXIT_INTR) {
        runFor(vcpu)
        if (vcpu.run.exit_reason === KVM_EXIT_DEBUG) steps++
        else if (isLost(vcpu)) break
      }
      expect(steps).toBe(vcpu.cpu.retired)
    })
  })

  test('I3: no event is reported twice: as many times as a comparator latched it, so many reports', () => {
    check([debuggingGuests, breakpoints, fc.constantFrom(0, SINGLESTEP)], (guest, bp, control) => {
      const vcpu = virtual(guest)
      const trace = vcpu.cpu.traceDebug(100_000)
      setDebug(vcpu, bp, {}, control)
      let reported = 0
      for (let n = 0; n < 20; n++) {
        const exit = runFor(vcpu, 10)
        if (typeof exit !== 'number') reported += population(exit.dbsr)
      }
      const latched = trace.entries.filter(({ kind, owner }) => kind === 'event' && owner === 'debugger')
      expect(reported).toBe(latched.reduce((sum, { before, after }) => sum + population(after & ~before), 0))
    })
  })

  test('I4: under a debugger the guest reads what it wrote, and its own status', () => {
    check([debuggingGuests, breakpoints, hosts], (guest, bp, host) => {
      const vcpu = virtual(guest)
      const { cpu } = vcpu
      setHost(vcpu, host)
      const { debug } = attach(vcpu, bp)
      const written = new Map<number, number>()
      for (let n = 0; n < 2 * LENGTH; n++) {
        const { pc, retired } = cpu
        const word = cpu.fetch.peek(pc) ?? 0
        const value = cpu.state.gpr[(word >>> 21) & 31]!
        const user = (cpu.state.words[Word.MSR]! & 0x4000) !== 0
        debug.step()
        const number = ((word >>> 16) & 31) | ((word >>> 6) & 0x3e0)
        const defined = DEFINED.get(number)
        // What the debugger stopped, what trapped, and what is no business of the debug registers.
        if (cpu.retired === retired || cpu.pc !== ((pc + 4) | 0) || user || word >>> 26 !== 31 || defined === undefined)
          continue
        const operation = (word >>> 1) & 0x3ff
        if (operation === 467) written.set(number, value & defined)
        if (operation === 339) expect(cpu.state.gpr[(word >>> 21) & 31]).toBe(written.get(number) ?? 0)
      }
    })
  })

  test('I5: under a debugger nothing the guest writes is in the real registers', () => {
    check([debuggingGuests, breakpoints, hosts], (guest, bp, host) => {
      const vcpu = virtual(guest)
      const inside: number[][] = []
      onProbe(vcpu.cpu, () => inside.push(HOST_REGS.map(name => vcpu.cpu.state.hw[Hw[name]]! >>> 0)))
      setHost(vcpu, host)
      setDebug(vcpu, bp)
      const wanted = registersFor(bp)
      for (let n = 0; n < 10; n++) runFor(vcpu, 20)
      for (const one of inside) expect(one).toEqual(wanted)
    })
  })

  test('I6: the guest sees its own MSR[DE], instruction by instruction', () => {
    check([quietGuests, hosts], (guest, host) => {
      const bare = load(guest)
      const vcpu = virtual(guest)
      setHost(vcpu, host)
      const { debug } = attach(vcpu, [])
      for (let n = 1; n <= LENGTH; n++) {
        runCore(bare, 1)
        debug.step()
        expect(vcpu.cpu.state.gpr.join()).toBe(bare.state.gpr.join())
        // An interrupt that is due comes before the bare core returns, and here with the next step.
        if (vcpu.cpu.pc === bare.pc) expect(vcpu.cpu.state.words[Word.MSR]).toBe(bare.state.words[Word.MSR])
      }
    })
  })

  describe('I7: events of the host', () => {
    test('do not reach the guest, and are not reported as its own', () => {
      check([debuggingGuests, hosts, actions], (guest, host, todo) => {
        const [idle, busy] = [virtual(guest), virtual(guest)]
        setHost(busy, host)
        for (const { bp, control, budget, ...one } of todo) {
          const [seenIdle, seenBusy] = [idle, busy].map(vcpu => {
            if (one.detach) detach(vcpu)
            if (bp !== undefined) setDebug(vcpu, bp, {}, control)
            return runFor(vcpu, budget)
          })
          expect(seenBusy).toEqual(seenIdle)
        }
        expect(differences(busy.cpu, idle.cpu)).toEqual([])
      })
    })

    const addresses = fc.tuple(hostAddress, hostAddress, hostAddress, hostAddress)

    test('are none of them lost: taken by the host, discarded by name, or still pending for it', () => {
      check([addresses, fc.boolean(), fc.boolean(), fc.boolean()], (iac, idm, de, debugged) => {
        const vcpu = virtual({ code: [0x60000000, 0x48000000], registers: [] })
        const [IAC1, IAC2, IAC3, IAC4] = iac
        setHost(vcpu, { IAC1, IAC2, IAC3, IAC4, DBCR0: idm ? 0x40f00000 : 0x00f00000, MSR: de ? 0x21200 : 0x21000 })
        if (debugged) setDebug(vcpu, [])
        runFor(vcpu, 1)
        const seen = [vcpu.host.taken, vcpu.arch.discarded_before_entry, hardwareDbsr(vcpu) & EVENTS]
        expect(seen).toEqual(fateOf(iac, idm && de))
        const names = (bits: number): boolean => vcpu.log.some(line => line.includes(bits === 0 ? '' : 'IAC'))
        expect(vcpu.log.length > 0 && names(1)).toBe(seen[0] !== 0 || seen[1] !== 0)
      })
    })
  })

  test("I8: a guest's breakpoint never matches an instruction of the host's", () => {
    check(
      [debuggingGuests, fc.tuple(hostAddress, hostAddress, hostAddress, hostAddress), ranges],
      (guest, iac, ext) => {
        const vcpu = virtual(guest)
        const bp = iac.map(addr => ({ addr, type: BREAKPOINT }))
        setHost(vcpu, { DBCR0: 0x40100000, IAC4: 0xdffffffc, MSR: 0x21200 })
        for (const modes of [{}, ext]) {
          setDebug(vcpu, bp, modes)
          for (let n = 0; n < 5; n++) runFor(vcpu, 10)
        }
        // And so it is with those that the guest programs itself.
        detach(vcpu)
        for (const [n, { addr }] of bp.entries()) mtspr(vcpu.cpu, Spr.IAC1 + n, addr)
        mtspr(vcpu.cpu, Spr.DBCR0, 0x40f08001)
        for (let n = 0; n < 5; n++) runFor(vcpu, 10)
        expect([vcpu.host.taken, vcpu.arch.discarded_before_entry, hardwareDbsr(vcpu), vcpu.log]).toEqual([0, 0, 0, []])
      },
    )
  })

  test('I9: when a run returns, no event is left in DBSR', () => {
    check([debuggingGuests, actions, fc.boolean(), hostAddress], (guest, todo, unqualified, address) => {
      const vcpu = virtual(guest)
      vcpu.arch.unqualified = unqualified
      for (const { bp, control, budget, ...one } of todo) {
        if (one.detach) detach(vcpu)
        if (bp !== undefined) setDebug(vcpu, [{ addr: address, type: BREAKPOINT }, ...bp.slice(1)], {}, control)
        runFor(vcpu, budget)
        expect(hardwareDbsr(vcpu) & EVENTS).toBe(0)
      }
    })
  })

  test('I10: with neither breakpoints nor single step a run is never left for a debug event', () => {
    check([debuggingGuests, hosts, fc.boolean()], (guest, host, attached) => {
      const vcpu = virtual(guest)
      setHost(vcpu, host)
      if (attached) setDebug(vcpu, [])
      for (let n = 0; n < 10; n++) {
        const exit = runFor(vcpu, 15)
        if (isLost(vcpu)) return
        expect(exit).toBe(KVM_EXIT_INTR)
      }
      expect(vcpu.cpu.retired).toBe(150)
    })
  })

  test('I11: a request that fails leaves the settings before it in force', () => {
    check([debuggingGuests, breakpoints, invalidRequests], (guest, bp, request) => {
      const [once, twice] = [virtual(guest), virtual(guest)]
      for (const vcpu of [once, twice]) setDebug(vcpu, bp)
      const before = structuredClone([twice.guest_debug, twice.arch.dbg_reg])
      expect(setDebug(twice, request.bp, request.ext, request.control)).toBe(-EINVAL)
      expect([twice.guest_debug, twice.arch.dbg_reg]).toEqual(before)
      for (let n = 0; n < 5; n++) expect(runFor(twice, 20)).toEqual(runFor(once, 20))
    })
  })

  test('I12: breakpoints of every kind, stepped over, change nothing for the guest', () => {
    check([debuggingGuests, breakpoints, softBreakpoints, hosts], (guest, bp, soft, host) => {
      const plain = virtual(guest)
      setDebug(plain, [])
      runFor(plain, LENGTH)
      const debugged = virtual(guest)
      setHost(debugged, host)
      const { debug } = attach(debugged, bp)
      for (const address of soft) debug.insert(address, 'software')
      reportsOf(debugged, budget => debug.continue(budget), LENGTH)
      expect(debugged.cpu.retired).toBe(LENGTH)
      expect(differences(debugged.cpu, plain.cpu)).toEqual([])
    })
  })

  describe('I13: a guest that debugs itself', () => {
    test('finds the facility of the part, whatever the host does and however the run is cut', () => {
      check([debuggingGuests, hosts, fc.array(fc.integer({ min: 0, max: 60 }))], (guest, host, slices) => {
        const bare = load(guest)
        const vcpu = virtual(guest)
        setHost(vcpu, host)
        for (const budget of slices) runFor(vcpu, Math.min(budget, LENGTH - vcpu.cpu.retired))
        runFor(vcpu, LENGTH - vcpu.cpu.retired)
        runCore(bare, LENGTH)
        expect(differences(vcpu.cpu, asGuestView(bare))).toEqual([])
      })
    })

    test('has it back when a debugger leaves, with everything that was pending', () => {
      check(
        [debuggingGuests, breakpoints, fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 6 })],
        (guest, bp, slices) => {
          const bare = load(guest)
          const vcpu = virtual(guest)
          for (const budget of slices) {
            runFor(vcpu, Math.min(budget, LENGTH - vcpu.cpu.retired))
            setDebug(vcpu, bp, {}, SINGLESTEP)
            detach(vcpu)
          }
          runFor(vcpu, LENGTH - vcpu.cpu.retired)
          runCore(bare, LENGTH)
          expect(differences(vcpu.cpu, asGuestView(bare))).toEqual([])
        },
      )
    })
  })

  test("I14: time does not stand still for a guest's FT while user space owns the facility, nor for the host's", () => {
    check([debuggingGuests, breakpoints, hosts], (guest, bp, host) => {
      const vcpu = virtual(guest)
      setHost(vcpu, { ...host, DBCR0: (host.DBCR0! | 1) >>> 0, DBSR: 0x80800000 })
      const { debug } = attach(vcpu, bp)
      reportsOf(vcpu, budget => debug.continue(budget), LENGTH)
      expect(vcpu.cpu.timers.timeBase(vcpu.cpu.now)).toBe(BigInt(LENGTH))
    })
  })
})

const population = (bits: number): number => (bits === 0 ? 0 : 1 + population(bits & (bits - 1)))

/** Bits that exist, by SPR number (p.239-247). DBSR: the guest has no event of its own, so that it reads 0. */
const DEFINED = new Map([
  [308, 0x4fff8001 | 0],
  [309, 0xffc1ffc1 | 0],
  [310, 0xffef0f0f | 0],
  [304, 0],
  ...[312, 313, 314, 315, 316, 317, 318, 319].map((number): [number, number] => [number, -1]),
])

/** What a debugger's set amounts to in the registers: IDM, the enables, and every comparator for the guest only. */
function registersFor(bp: readonly KvmBreakpoint[]): number[] {
  let dbcr0 = 0x40000000
  for (const [n, { type }] of bp.entries()) {
    if (type === BREAKPOINT) dbcr0 |= 0x00800000 >>> n
    if ((type & WATCH_READ) !== 0) dbcr0 |= n === 4 ? 0x00080000 : 0x00020000
    if ((type & WATCH_WRITE) !== 0) dbcr0 |= n === 4 ? 0x00040000 : 0x00010000
  }
  return [dbcr0, 0xff00ff00, 0xff000000, ...bp.map(({ addr }) => addr >>> 0), 0, 0]
}

/**
 * Which of the host's four IACs match, and what becomes of each: its values are in force up to the instruction that
 * clears DBCR0, and from the one after that which writes it back. `interrupts`: IDM and DE are both on.
 */
function fateOf(iac: readonly number[], interrupts: boolean): [taken: number, discarded: number, pending: number] {
  let [taken, discarded, pending] = [0, 0, 0]
  const text = LOAD_GUEST_DEBUGSTATE.insns.map(insn => insn.text)
  const deOff = text.findIndex(one => one.startsWith('mtmsr'))
  const enablesOff = text.findIndex(one => one.startsWith('mtspr   DBCR0'))
  const last = LOAD_HOST_DEBUGSTATE.insns.length
  for (const [n, address] of iac.entries()) {
    const bit = 0x00800000 >>> n
    const into = (address - LOAD_GUEST_DEBUGSTATE.address) / 4
    const outOf = (address - LOAD_HOST_DEBUGSTATE.address) / 4
    if (into >= 0 && into <= deOff && interrupts) taken |= bit
    else if (into >= 0 && into <= enablesOff) discarded |= bit
    // mtmsr and blr, with DBCR0 as it was; what latches before DE comes on is taken with it.
    if (outOf >= last - 2 && outOf < last) {
      if (interrupts) taken |= bit
      else pending |= bit
    }
  }
  return [taken, discarded, pending]
}

/** A bare core's debug registers moved to where a guest's lie between two runs. */
function asGuestView(bare: Cpu): Cpu {
  const { hw, spr } = bare.state
  for (const name of HOST_REGS) spr[Spr[name]] = hw[Hw[name]]!
  spr[Spr.DBSR] = hw[Hw.DBSR]!
  return bare
}
