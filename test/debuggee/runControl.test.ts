// I2, I3 and I12 of the debug layer (test/kvm/invariants.test.ts) as users have them: random guests that are run through the
// target, with steps, pauses, breakpoints that do not stop, and runs that are cut short anywhere.

import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { BreakpointRequest } from '../../src/debuggee/breakpoints.ts'
import { Continue, type Goal } from '../../src/debuggee/steps/goal.ts'
import { NextInstruction, StepInstruction } from '../../src/debuggee/steps/instruction.ts'
import type { Stop } from '../../src/debuggee/stop.ts'
import type { Target } from '../../src/debuggee/target.ts'
import { KvmVcpu } from '../../src/kvm/vcpu.ts'
import { hex32 } from '../../src/util/hex.ts'
import { differences } from '../kvm/support/differences.ts'
import { BREAKPOINT, runFor, setDebug } from '../kvm/support/guest.ts'
import { DATA, debuggingGuests, type Guest, load, newCase, placeGuest, withProbe } from '../kvm/support/randomGuest.ts'
import { attemptsOf, expectedReports } from '../kvm/support/reference.ts'
import { A } from '../support/core.ts'
import { HandTurned, programOf, SILENT } from '../support/target.ts'

const numRuns = Number(process.env.PPC440_KVM_RUNS ?? 60)
vi.setConfig({ testTimeout: 60_000 + 200 * numRuns })

/** Instructions of one session. */
const LENGTH = 120
/** More than a session of this length has: it would go on for ever. */
const MOST_SLICES = 10_000
/** Nothing is there. A breakpoint on it has the debugger own the facility from beginning to end. */
const NOWHERE = 0x001ff000

const GOALS: Readonly<Record<string, () => Goal>> = {
  continue: () => new Continue(),
  step: () => new StepInstruction(),
  next: () => new NextInstruction(),
}

interface Act {
  readonly goal: keyof typeof GOALS
  /** It is paused after so many slices. */
  readonly pause: number | undefined
}

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.record({
    goal: fc.constantFrom('continue', 'continue', 'step', 'next'),
    pause: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 40 },
)
/** How long runs are at most, in turn. */
const cuts = fc
  .array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 8 })
  .filter(all => all.some(n => n > 0))

const address = fc.oneof(
  fc.integer({ min: 0, max: 60 }).map(n => A + 4 * n),
  fc.integer({ min: 0, max: 15 }).map(ivor => 0x00100000 + 0x100 * ivor),
)
/** Three have comparators, the rest trap words. */
const addresses = fc.uniqueArray(address, { maxLength: 6 })

class Session {
  readonly loop = new HandTurned(programOf([0]), { tick: 1 })
  readonly target: Target
  /** Addresses that somebody was told of: by a stop, or by a log point. */
  readonly told: number[] = []
  readonly #cuts: readonly number[]
  #n = 0
  isOver = false

  constructor(guest: Guest, cuts: readonly number[]) {
    this.#cuts = cuts
    this.target = this.loop.target
    const { machine } = this.target
    withProbe(machine.cpu)
    placeGuest(machine.cpu, guest)
    const run = machine.run.bind(machine)
    machine.run = request => run({ ...request, budget: this.#cut(request.budget) })
    this.target.breakpoints.settled = true
    this.target.breakpoints.reserves = { reserved: [], softAllowed: true }
    this.target.join({
      ...SILENT,
      name: 'test',
      stopped: stop => this.#stopped(stop),
      note: text => {
        if (text.startsWith('at ')) this.told.push(Number(text.slice(3)))
      },
    })
  }

  /** A single instruction is one; anything else is cut at random. */
  #cut(budget: number): number {
    if (budget <= 1) return budget
    const left = Math.max(0, LENGTH - this.target.machine.retired)
    return Math.min(left, this.#cuts[this.#n++ % this.#cuts.length]!)
  }

  #stopped({ hit, reason, description }: Stop): void {
    this.told.push(...hit.map(() => this.target.pc))
    if (reason === 'exception' && description.startsWith('The core cannot go on')) this.isOver = true
  }

  set(requests: readonly BreakpointRequest[]): void {
    const all = [...requests, { kind: 'instruction', address: NOWHERE } as const]
    this.target.breakpoints.replace({ owner: 'test', list: 'all' }, all)
    this.target.replan()
  }

  act({ goal, pause }: Act): void {
    const { target, loop } = this
    this.isOver ||= target.machine.retired >= LENGTH
    if (this.isOver) return
    target.resume(GOALS[goal]!())
    for (let slices = 0; target.state === 'running'; slices++) {
      if (slices === pause || target.machine.retired >= LENGTH) target.pause()
      loop.turn(1)
      if (slices > MOST_SLICES) throw new Error(`no end at ${hex32(target.pc)}, after ${target.machine.retired}`)
    }
  }
}

/** The same guest, owned by user space and otherwise left alone, after so many instructions. */
function undisturbed(guest: Guest, retired: number): KvmVcpu {
  const vcpu = new KvmVcpu(load(guest))
  setDebug(vcpu, [])
  runFor(vcpu, retired)
  return vcpu
}

const KINDS: readonly ((at: number) => BreakpointRequest)[] = [
  at => ({ kind: 'instruction', address: at }),
  at => ({ kind: 'instruction', address: at, logMessage: `at ${at}` }),
]

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

test('I2, I3: whatever is done in between, of each attempt at a breakpoint somebody is told once', () => {
  check([debuggingGuests, addresses, fc.nat(63), acts, cuts], (guest, at, kinds, todo, cut) => {
    const session = new Session(guest, cut)
    session.set(at.map((each, n) => KINDS[(kinds >> n) & 1]!(each)))
    for (const act of todo) session.act(act)
    const { retired } = session.target.machine
    const bp = at.slice(0, 4).map(addr => ({ addr, type: BREAKPOINT }))
    const expected = (total: number) =>
      expectedReports(attemptsOf(load(guest), total), bp, at.slice(4)).map(({ pc }) => pc)
    // Where the session ends, an attempt may have been told of and not have executed.
    const { told } = session
    expect(told).toEqual(expected(retired + 3).slice(0, told.length))
    expect(told.length).toBeGreaterThanOrEqual(expected(retired).length)
  })
})

/** Breakpoints of every kind, most of which do not stop. */
const anything: fc.Arbitrary<BreakpointRequest> = fc.oneof(
  fc.record({
    kind: fc.constant('instruction' as const),
    address,
    condition: fc.constantFrom(undefined, '0', '$r3 > 5', '1'),
    hitCondition: fc.constantFrom(undefined, '% 3', '> 1000'),
    logMessage: fc.constantFrom(undefined, 'r3 is {$r3}'),
  }),
  fc.record({
    kind: fc.constant('data' as const),
    address: fc.integer({ min: 0, max: 11 }).map(n => DATA + 4 * n),
    size: fc.constantFrom(1, 2, 4, 8, 24),
    access: fc.constantFrom<'read' | 'write' | 'readWrite'>('read', 'write', 'readWrite'),
    label: fc.constant('it'),
    hitCondition: fc.constantFrom(undefined, '> 1000'),
  }),
)

const debugging = fc.array(
  fc.record({
    set: fc.option(fc.array(anything, { maxLength: 9 }), { nil: undefined }),
    exceptions: fc.option(fc.subarray([4, 5, 6, 8, 10, 13]), { nil: undefined }),
    acts,
  }),
  { minLength: 1, maxLength: 4 },
)

test('I12: a program comes out the same, whatever its debugger does', () => {
  check([debuggingGuests, debugging, cuts], (guest, todo, cut) => {
    const session = new Session(guest, cut)
    const { target } = session
    session.set([])
    for (const { set, exceptions, acts } of todo) {
      if (set !== undefined) session.set(set)
      if (exceptions !== undefined) target.exceptions.replace([{ ivors: exceptions }], target.program)
      for (const act of acts) session.act(act)
    }
    // Left alone up to an instruction that both end at.
    session.set([])
    target.exceptions.replace([], target.program)
    const { machine } = target
    const end = machine.retired + 20
    const vcpu = undisturbed(guest, end)
    runFor(machine.vcpu, end - machine.retired)
    expect(machine.retired).toBe(vcpu.cpu.retired)
    expect(differences(machine.cpu, vcpu.cpu)).toEqual([])
  })
})
