// Hit counts are a function of the moment: whichever way the program has come somewhere, it stops on the way forward where
// a program stops that only went forward.

import { describe, expect, test } from 'vitest'
import type { BreakpointRequest } from '../../../src/debuggee/breakpoints.ts'
import type { Travel } from '../../../src/debuggee/past/passage.ts'
import type { Past } from '../../../src/debuggee/past/past.ts'
import { Continue, type Goal } from '../../../src/debuggee/steps/goal.ts'
import { StepInstruction } from '../../../src/debuggee/steps/instruction.ts'
import type { Stop } from '../../../src/debuggee/stop.ts'
import { Ivor } from '../../../src/isa/interrupts.ts'
import { Spr } from '../../../src/isa/registers.ts'
import { li, mfspr, mtspr, word } from '../../compiler/programs.ts'
import { A } from '../../support/core.ts'
import { Random } from '../../support/random.ts'
import { HandTurned, programOf, SILENT } from '../../support/target.ts'

const DATA = 0x104000
const HANDLER = 0x100
const LOOP = 0x28

/** Counts in r3, puts that to two places, and has an illegal instruction in its loop, which its handler passes over. */
const LOOPING = ((): Uint8Array => {
  const start = [...li(8, A & 0xffff0000), mtspr(Spr.IVPR, 8), ...li(8, (A & 0xffff) + HANDLER)]
  const words = [...start, mtspr(Spr.IVOR0 + Ivor.PROGRAM, 8), ...li(4, DATA)]
  while (words.length < LOOP / 4) words.push(word('ori'))
  words.push(
    word('addi', { rt: 3, ra: 3, si: 1 }),
    word('stw', { rs: 3, ra: 4, d: 0 }),
    word('lwz', { rt: 6, ra: 4, d: 8 }),
    0,
    word('addi', { rt: 6, ra: 6, si: 1 }),
    word('stw', { rs: 6, ra: 4, d: 8 }),
    word('lwz', { rt: 6, ra: 4, d: 8 }),
    word('b', { li: -7 }),
  )
  while (words.length < HANDLER / 4) words.push(word('ori'))
  const handler = [mfspr(5, Spr.SRR0), word('addi', { rt: 5, ra: 5, si: 4 }), mtspr(Spr.SRR0, 5), word('rfi')]
  return programOf([...words, ...handler])
})()

const at = (offset: number, more: object = {}): BreakpointRequest => ({
  kind: 'instruction',
  address: A + offset,
  ...more,
})
const watch = (offset: number, more: object): BreakpointRequest =>
  ({
    kind: 'data',
    address: DATA + offset,
    size: 4,
    access: 'write',
    label: `+${offset}`,
    ...more,
  }) as BreakpointRequest

/** The last stops the program in the end. */
const END = at(LOOP, { condition: '$r3 == 40' })

const SETS: Readonly<Record<string, readonly BreakpointRequest[]>> = {
  'the third time': [at(LOOP + 4, { hitCondition: '3' }), at(LOOP + 20, { hitCondition: '7' })],
  'from the third time on': [at(LOOP + 8, { hitCondition: '>= 3' })],
  'every third time': [at(LOOP, { hitCondition: '% 3' }), at(HANDLER, { hitCondition: '% 5' })],
  'with conditions': [
    at(LOOP + 4, { condition: '$r3 % 2 == 1', hitCondition: '% 4' }),
    at(LOOP + 12, { condition: '$r3 > 10', hitCondition: '3' }),
    at(LOOP + 16, { hitCondition: '< 4' }),
  ],
  'changes of data': [watch(0, { hitCondition: '% 5' }), watch(8, { condition: '$r3 > 7', hitCondition: '4' })],
  'accesses to data': [watch(8, { access: 'readWrite', hitCondition: '% 7' }), at(LOOP + 8, { hitCondition: '% 4' })],
  'log messages': [at(LOOP + 4, { logMessage: 'x', hitCondition: '% 2' }), at(LOOP + 12, { hitCondition: '% 6' })],
}

interface Where {
  readonly retired: number
  readonly pc: number
  readonly hit: readonly number[]
  readonly counts: readonly number[]
}

class Session {
  readonly loop: HandTurned
  readonly notes: string[] = []
  stop: Stop | undefined

  constructor(engine: 'interpreter' | 'compiler', history = 0) {
    this.loop = new HandTurned(LOOPING, { tick: 1, engine, ...(history && { history }) })
    const { target } = this.loop
    target.join({ ...SILENT, stopped: stop => void (this.stop = stop), note: text => void this.notes.push(text) })
    target.breakpoints.settled = true
    target.breakpoints.reserves = { reserved: [], softAllowed: true }
  }

  set(requests: readonly BreakpointRequest[]): void {
    this.loop.target.breakpoints.replace({ owner: 'silent', list: 'all' }, [...requests, END])
    this.loop.target.replan()
  }

  get here(): Where {
    const { machine, pc, breakpoints } = this.loop.target
    const counts = breakpoints.all.map(({ count }) => count.hits)
    return { retired: machine.retired, pc, hit: this.stop?.hit ?? [], counts }
  }

  go(goal: Goal = new Continue()): Where {
    this.loop.target.resume(goal)
    this.loop.turn()
    return this.here
  }

  back(way: (past: Past) => Travel): Where {
    this.loop.target.travel(way)
    this.loop.turn()
    return this.here
  }

  get isAtEnd(): boolean {
    return this.loop.target.register('r3') === 40 && this.loop.target.pc === A + LOOP
  }

  /** All stops up to the end. */
  get stops(): Where[] {
    const all = [this.go()]
    while (!this.isAtEnd) all.push(this.go())
    return all
  }
}

const MB = 1 << 20

describe.each(['interpreter', 'compiler'] as const)('%s', engine => {
  describe.each(Object.entries(SETS))('%s', (_, requests) => {
    const forward = new Session(engine)
    forward.set(requests)
    const oracle = forward.stops
    const stepped = new Session(engine)
    stepped.set(requests)
    /** By instruction: what the counts are where a step has come there. */
    const counts = new Map<number, readonly number[]>([[0, stepped.here.counts]])
    while (!stepped.isAtEnd) {
      const { retired, counts: now } = stepped.go(new StepInstruction())
      if (!counts.has(retired)) counts.set(retired, now)
    }

    test('stops are the same after any way through the past', () => {
      const session = new Session(engine, 16 * MB)
      session.set(requests)
      const random = new Random(requests.length)
      let reached = 0
      for (let n = 0; n < 40; n++) {
        const { machine } = session.loop.target
        const { last } = session.loop.target.reach
        const way = random.below(6)
        const before = machine.retired
        if (way === 0) session.back(past => past.stepInstruction())
        else if (way === 1) session.back(past => past.reverseContinue())
        else if (way === 2) session.back(past => past.goToPresent())
        else if (way < 5) session.back(past => past.goToInstruction(random.below(last + 1)))
        const from = session.here
        if (way === 1) expect([n, from]).toEqual([n, stopBefore(before) ?? { ...from, retired: 0 }])
        else if (way !== 2 && way !== 5)
          expect([n, way, before, from]).toEqual([n, way, before, { ...from, counts: counts.get(from.retired) }])
        if (random.chance(40)) continue
        const wasAtEnd = session.isAtEnd
        if (wasAtEnd) continue
        const next = session.go()
        if (session.stop!.edge === 'present') continue
        const expected = oracle.find(
          stop => stop.retired > from.retired || (stop.retired === from.retired && isLater(stop, from)),
        )
        expect([n, from, next]).toEqual([n, from, expected])
        reached = Math.max(reached, next.retired)
      }
      expect(reached).toBeGreaterThan(oracle[0]!.retired)
    })

    /** At one moment a read that is told before it happens comes after a breakpoint on its instruction. */
    function isLater(stop: Where, from: Where): boolean {
      return stop.counts.some((count, n) => count > from.counts[n]!)
    }

    function stopBefore(retired: number): Where | undefined {
      return [...oracle].reverse().find(stop => stop.retired < retired)
    }
  })
})

describe('a breakpoint that is set on the way', () => {
  const THIRD = [at(LOOP + 4, { hitCondition: '3' })]
  const counter = (session: Session): number => session.loop.target.register('r3')!
  /** Stands at the end of 40 turns of the loop, without breakpoints but that one, and goes on where it is now. */
  function atFortieth(): Session {
    const session = new Session('interpreter', 16 * MB)
    session.set([])
    session.go()
    session.loop.target.breakpoints.replace({ owner: 'silent', list: 'all' }, THIRD)
    session.loop.target.replan()
    return session
  }
  /** The instruction at which the loop begins for the nth time, from 1 on. */
  const turnOf = (nth: number): number => {
    const session = new Session('interpreter')
    session.set([at(LOOP, { condition: `$r3 == ${nth - 1}` })])
    return session.go().retired
  }

  test('counts from there, also after a way back to between', () => {
    const session = atFortieth()
    session.go()
    expect(counter(session)).toBe(43)
    const { retired } = session.here
    session.back(past => past.goToInstruction(retired - 4))
    expect(session.here.counts).toEqual([2])
    expect(session.go()).toEqual({ retired, pc: A + LOOP + 4, hit: session.here.hit, counts: [3] })
  })

  test('counts from where somebody stands before that', () => {
    const session = atFortieth()
    session.back(past => past.goToInstruction(turnOf(11)))
    expect(session.here.counts).toEqual([0])
    session.go()
    expect(counter(session)).toBe(13)
    session.back(past => past.goToPresent())
    expect(session.here.counts).toEqual([30])
    session.back(past => past.goToInstruction(turnOf(21)))
    expect(session.here.counts).toEqual([10])
  })

  test('is searched before that as if it had been set at the beginning', () => {
    const session = atFortieth()
    session.back(past => past.reverseContinue())
    expect([counter(session), session.here.counts]).toEqual([3, [3]])
    session.back(past => past.goToPresent())
    expect(session.here.counts).toEqual([40])
  })

  test('counts as before where the search is given up', () => {
    const session = atFortieth()
    session.go()
    const { target } = session.loop
    target.travel(past => past.reverseContinue())
    session.loop.turn(1)
    target.pause()
    session.loop.turn()
    expect([counter(session), session.here.counts]).toEqual([43, [3]])
    session.back(past => past.stepInstruction())
    expect(session.here.counts).toEqual([2])
  })

  test('counts from the beginning again with another condition, and goes on with another count', () => {
    const session = new Session('interpreter', 16 * MB)
    session.set([at(LOOP + 4, { hitCondition: '3' })])
    session.go()
    session.set([at(LOOP + 4, { hitCondition: '5' })])
    session.go()
    expect([counter(session), session.here.counts]).toEqual([5, [5, 0]])
    session.set([at(LOOP + 4, { hitCondition: '5', condition: '$r3 % 2 == 0' })])
    session.go()
    expect([counter(session), session.here.counts]).toEqual([14, [5, 0]])
  })

  test('in the past, too', () => {
    const session = new Session('interpreter', 16 * MB)
    session.set([])
    session.go()
    session.back(past => past.goToInstruction(turnOf(11)))
    session.set([at(LOOP + 4, { hitCondition: '% 7' })])
    session.go()
    expect([counter(session), session.here.counts[0]]).toEqual([17, 7])
    session.back(past => past.goToPresent())
    expect(session.here.counts[0]).toBe(30)
  })
})
