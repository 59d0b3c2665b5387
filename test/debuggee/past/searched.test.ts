// While the past is searched the world goes on: somebody types, breakpoints come and go, and the search is given up.

import { describe, expect, test } from 'vitest'
import type { Travel } from '../../../src/debuggee/past/passage.ts'
import type { Past } from '../../../src/debuggee/past/past.ts'
import { Continue } from '../../../src/debuggee/steps/goal.ts'
import type { Stop } from '../../../src/debuggee/stop.ts'
import type { Target } from '../../../src/debuggee/target.ts'
import { stateHash } from '../../../src/machine/snapshot.ts'
import { word } from '../../compiler/programs.ts'
import { A } from '../../support/core.ts'
import { HandTurned, programOf, SILENT } from '../../support/target.ts'

const MB = 1 << 20

/** Counts in r3, and stores that, for ever. */
const COUNTING = programOf([
  word('addis', { rt: 4, ra: 0, si: 0x10 }),
  word('addi', { rt: 3, ra: 3, si: 1 }),
  word('stw', { rs: 3, ra: 4, d: 0x4000 }),
  word('b', { li: -2 }),
])
/** In the line that is written always, so that it has to be looked for. */
const NOWHERE = 0x1040f0

interface Counting {
  readonly loop: HandTurned
  readonly target: Target
  readonly stops: readonly Stop[]
  readonly notes: readonly string[]
}

/** A program that has been counting for a while, and stands. */
function counting(more: object = {}, breakpoint?: number): Counting {
  const loop = new HandTurned(COUNTING, { tick: 1, history: 64 * MB, ...more })
  const { target } = loop
  const stops: Stop[] = []
  const notes: string[] = []
  target.join({ ...SILENT, stopped: stop => stops.push(stop), note: text => notes.push(text) })
  target.breakpoints.settled = true
  if (breakpoint !== undefined) setAt(target, [breakpoint])
  target.resume(new Continue())
  loop.turn(40)
  target.pause()
  loop.turn()
  return { loop, target, stops, notes }
}

function setAt(target: Target, addresses: readonly number[]): void {
  const requests = addresses.map(address => ({ kind: 'instruction', address }) as const)
  target.breakpoints.replace({ owner: 'silent', list: 'all' }, requests)
  target.replan()
}

const whereIs = ({ machine, isInPast }: Target): unknown => [machine.retired, stateHash(machine), isInPast]
const toWriterOf =
  (address: number) =>
  (past: Past): Travel =>
    past.lastAccess({ address, size: 4, access: 'write', label: 'it' })

describe('who types while the past is searched', () => {
  test('is heard in the present: the run is not given up for that', () => {
    const { loop, target, notes } = counting()
    const present = whereIs(target)
    const { reach } = target
    target.travel(toWriterOf(NOWHERE))
    loop.turn(2)
    expect(target.isInPast).toBe(true)
    target.type(0, [65])
    loop.turn()
    expect([target.machine.retired, target.reach, notes]).toEqual([0, reach, []])
    target.travel(past => past.goToPresent())
    loop.turn()
    const typed = target.machine.inputs.filter(({ kind }) => kind === 'uart')
    expect([target.isInPast, typed.map(({ retired }) => retired)]).toEqual([false, [reach.last]])
    expect(whereIs(target)).not.toEqual(present)
  })

  test('is heard at once where the search is given up', () => {
    const { loop, target } = counting()
    target.travel(toWriterOf(NOWHERE))
    loop.turn(2)
    target.type(0, [65])
    target.pause()
    loop.turn()
    expect([target.isInPast, target.machine.inputs.map(({ kind }) => kind)]).toEqual([false, ['uart']])
  })
})

describe('a search', () => {
  test('of what came by very often long ago stops there only a few times', () => {
    const TIMES = 20_000
    const often = programOf([
      word('addis', { rt: 4, ra: 0, si: 0x10 }),
      word('addi', { rt: 3, ra: 3, si: 1 }),
      word('cmpi', { ra: 3, si: TIMES }),
      word('bc', { bo: 12, bi: 1, bd: 2 }),
      word('stw', { rs: 3, ra: 4, d: 0x4000 }),
      word('b', { li: -4 }),
    ])
    // No snapshots but those of the search.
    const loop = new HandTurned(often, { tick: 0.01, history: 64 * MB })
    const { target } = loop
    target.join(SILENT)
    target.breakpoints.settled = true
    target.resume(new Continue())
    while (target.register('r3')! < 3 * TIMES) loop.turn(1)
    target.pause()
    loop.turn()
    const { machine } = target
    const { run } = machine
    let runs = 0
    machine.run = request => {
      runs++
      return run.call(machine, request)
    }
    target.travel(toWriterOf(0x104000))
    loop.turn()
    // Behind the first instruction, five in each turn of the loop before the last that stores, and three in that.
    expect([target.pc, machine.retired]).toEqual([A + 16, 1 + 5 * (TIMES - 1) + 3])
    expect(runs).toBeLessThan(TIMES)
  })

  test('leaves no trace in the log of inputs, with breakpoints set', () => {
    const { loop, target } = counting({}, A + 0x100)
    const present = whereIs(target)
    const inputs = target.machine.inputs.length
    for (const way of [
      (past: Past) => past.stepInstruction(),
      (past: Past) => past.goToPresent(),
      (past: Past) => past.goToInstruction(1000),
      (past: Past) => past.reverseContinue(),
      (past: Past) => past.goToPresent(),
    ]) {
      target.travel(way)
      loop.turn()
    }
    expect([whereIs(target), target.machine.inputs.length]).toEqual([present, inputs])
  })

  test('ends at a stop also where breakpoints are taken away meanwhile', () => {
    // Found in the first run through the stretch, and gone in the second.
    for (let turns = 1; turns < 12; turns += 3) {
      const { loop, target, stops } = counting({}, A + 0x100)
      setAt(target, [A + 8, A + 12])
      target.travel(past => past.reverseContinue())
      loop.turn(turns)
      if (target.state === 'stopped') break
      setAt(target, [A + 8])
      loop.turn()
      expect([turns, stops.at(-1)!.reason, target.pc]).toEqual([turns, 'breakpoint', A + 8])
    }
  })

  test('takes no time of the clock on the wall, forward neither', () => {
    const { loop, target } = counting({ pace: 'real', tick: 0.01 })
    const { last } = target.reach
    target.travel(past => past.goToInstruction(last >>> 4))
    loop.turn()
    const { slept } = loop
    target.travel(past => past.goToInstruction(last - 1000))
    loop.turn()
    expect([target.machine.retired, loop.slept - slept]).toEqual([last - 1000, 0])
  })
})
