// Going back, held against runs that only go forward: what stops there, in which order, is what going back stops at, the
// other way round.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BreakpointRequest } from '../../../src/debuggee/breakpoints.ts'
import type { Travel } from '../../../src/debuggee/past/passage.ts'
import type { Past } from '../../../src/debuggee/past/past.ts'
import { Continue, type Goal } from '../../../src/debuggee/steps/goal.ts'
import { StepInstruction } from '../../../src/debuggee/steps/instruction.ts'
import { StepLine } from '../../../src/debuggee/steps/line.ts'
import type { Stop } from '../../../src/debuggee/stop.ts'
import type { Target } from '../../../src/debuggee/target.ts'
import { wordAt } from '../../../src/machine/memory.ts'
import { stateHash } from '../../../src/machine/snapshot.ts'
import { buildVisited, GCC } from '../../support/guest.ts'
import { Random } from '../../support/random.ts'
import { HandTurned, SILENT } from '../../support/target.ts'
import { have } from '../../support/tools.ts'

const directory = mkdtempSync(join(tmpdir(), 'ppc440-past-'))
const VISITED = join(directory, 'visited')
beforeAll(() => {
  if (have(GCC)) buildVisited('board', VISITED)
})
afterAll(() => rmSync(directory, { recursive: true }))

/** Where the program stands, and why. */
interface Where {
  readonly retired: number
  readonly pc: number
  readonly reason: string
  readonly description: string
  readonly hit: readonly number[]
  readonly hash: string
}

class Session {
  readonly loop: HandTurned
  readonly target: Target
  readonly notes: string[] = []
  #stop: Stop | undefined

  constructor(history: number) {
    this.loop = new HandTurned(readFileSync(VISITED), { tick: 1, history })
    this.target = this.loop.target
    this.target.join({
      ...SILENT,
      stopped: stop => {
        this.#stop = stop
      },
      note: text => this.notes.push(text),
    })
    this.target.breakpoints.settled = true
    this.set([])
  }

  /** With where main returns to: behind that the board resets, which would be the end of the session. */
  set(requests: readonly BreakpointRequest[]): void {
    const end = { kind: 'instruction', address: this.#end } as const
    this.target.breakpoints.replace({ owner: 'silent', list: 'all' }, [...requests, end])
    this.target.replan()
  }

  get isAtEnd(): boolean {
    return this.target.pc === this.#end
  }

  /** Behind the first `bl`. */
  get #end(): number {
    const { machine } = this.target
    let address = this.target.program.elf.header.entry
    while (((wordAt(machine.cpu, address) ?? 0) & 0xfc000003) !== 0x48000001) address += 4
    return address + 4
  }

  #turn(): Where {
    this.#stop = undefined
    this.loop.turn()
    return this.where(this.#stop!)
  }

  where({ reason, description, hit }: Stop): Where {
    const { machine, pc } = this.target
    const plain = description.replace('In the past: ', '')
    return { retired: machine.retired, pc, reason, description: plain, hit, hash: stateHash(machine) }
  }

  go(goal: Goal): Where {
    this.target.resume(goal)
    return this.#turn()
  }

  back(way: (past: Past) => Travel): Where {
    this.target.travel(way)
    return this.#turn()
  }

  address(symbol: string): number {
    return this.target.program.symbols.functionAddresses(symbol)[0]!
  }

  variable(name: string): number {
    return this.target.program.symbols.symbolNamed(name)!.value
  }
}

const watch = (address: number, label: string, more: object = {}): BreakpointRequest => ({
  ...{ kind: 'data', address, size: 4, access: 'write', label },
  ...more,
})

const reverseContinue = (past: Past): Travel => past.reverseContinue()
const onward = (): Goal => new Continue()

/** Up to so many stops, from where a session stands. */
function stops(session: Session, most: number): Where[] {
  const all: Where[] = []
  while (all.length < most) {
    all.push(session.go(onward()))
    if (session.isAtEnd) break
  }
  return all
}

const SETS: Readonly<Record<string, (session: Session) => BreakpointRequest[]>> = {
  functions: () => [
    { kind: 'function', name: 'square' },
    { kind: 'function', name: 'factorial' },
  ],
  conditions: () => [
    { kind: 'function', name: 'square', condition: 'n % 3 == 1' },
    { kind: 'function', name: 'factorial', hitCondition: '3' },
  ],
  changes: session => [
    watch(session.variable('counter'), 'counter'),
    watch(session.variable('table') + 12, 'table[3]'),
  ],
  'accesses and a breakpoint': session => [
    watch(session.variable('where'), 'where.x', { access: 'readWrite' }),
    { kind: 'function', name: 'fill' },
  ],
  'a loop': session => [watch(session.variable('sink'), 'sink', { condition: 'sink % 100 == 7' })],
}

describe.skipIf(!have(GCC))('where the program would have stopped', () => {
  test.each(Object.entries(SETS))('%s: backwards the same stops the other way round', (_, requests) => {
    const forward = new Session(0)
    forward.set(requests(forward))
    const oracle = stops(forward, 30)
    expect(oracle.length).toBeGreaterThan(2)

    const session = new Session(64 << 20)
    session.set(requests(session))
    expect(stops(session, 30)).toEqual(oracle)
    for (const expected of [...oracle].reverse().slice(1)) expect(session.back(reverseContinue)).toEqual(expected)
    expect(session.back(reverseContinue)).toMatchObject({ retired: 0, description: 'The beginning of the history' })
    const again = stops(session, 30)
    expect(again.slice(0, -1)).toEqual(oracle.slice(0, -1))
    // What would have stopped it there has stopped it there before.
    const { hash, hit } = oracle[oracle.length - 1]!
    expect(again[again.length - 1]).toMatchObject({ hash, hit, description: 'Back in the present' })
  })

  test('breakpoints that were set only afterwards', () => {
    const forward = new Session(0)
    forward.set(SETS.changes!(forward))
    const oracle = stops(forward, 30)
    const session = new Session(64 << 20)
    session.go(onward())
    expect(session.isAtEnd).toBe(true)
    session.set(SETS.changes!(session))
    for (const expected of [...oracle].reverse().slice(1)) expect(session.back(reverseContinue)).toEqual(expected)
  })
})

describe.skipIf(!have(GCC))('steps', () => {
  test('of an instruction, there and back', () => {
    const session = new Session(64 << 20)
    const random = new Random(14)
    session.set([{ kind: 'function', name: 'square', hitCondition: '4' }])
    session.go(onward())
    const path = Array.from({ length: 60 }, () => session.go(new StepInstruction()))
    for (const expected of [...path].reverse().slice(1))
      expect(session.back(past => past.stepInstruction())).toMatchObject({ pc: expected.pc, hash: expected.hash })
    let at = 0
    for (let i = 0; i < 60; i++) {
      const isForward = at === 0 || (at < path.length - 1 && random.chance(50))
      at += isForward ? 1 : -1
      const where = isForward ? session.go(new StepInstruction()) : session.back(past => past.stepInstruction())
      expect([i, where.hash]).toEqual([i, path[at]!.hash])
    }
  })

  test('of a line: over what it calls, and out of a function to the line of the call', () => {
    const session = new Session(64 << 20)
    const { symbols } = session.target.program
    const line = (where: Where): string => {
      const place = symbols.lineAt(where.pc)
      return `${symbols.functionAt(where.pc)?.name ?? symbols.symbolAt(where.pc)?.name}:${place?.line}`
    }
    session.set([{ kind: 'function', name: 'main' }])
    const first = session.go(onward())
    session.set([])
    const lines = [first]
    while (lines.length < 7) lines.push(session.go(new StepLine(false)))
    for (const expected of [...lines].reverse().slice(1)) {
      const where = session.back(past => past.stepLine())
      expect([line(where), where.hash]).toEqual([line(expected), expected.hash])
    }
    // Out of main, to the start of the program's own.
    expect(line(session.back(past => past.stepLine()))).toMatch(/^_start:/)
  })

  test('out of a function: to the call that led there', () => {
    const session = new Session(64 << 20)
    session.set([{ kind: 'function', name: 'square', condition: 'n == 5' }])
    const inner = session.go(onward())
    const call = session.back(past => past.stepOut())
    expect(session.target.program.symbols.functionAt(call.pc)?.name).toBe('fill')
    expect(call.retired).toBeLessThan(inner.retired)
    const entered = session.go(new StepInstruction())
    expect(entered.pc).toBe(session.target.program.symbols.functionAt(inner.pc)!.low)
  })
})

describe.skipIf(!have(GCC))('questions of the past', () => {
  test('who wrote it last: the store that is about to happen', () => {
    const forward = new Session(0)
    const at = forward.variable('table') + 20
    forward.set([watch(at, 'table[5]', { raw: true })])
    const [store] = stops(forward, 5)
    const session = new Session(64 << 20)
    session.go(onward())
    const found = session.back(past => past.lastAccess({ address: at, size: 4, access: 'write', label: 'table[5]' }))
    expect([found.pc, found.retired, found.hash]).toEqual([store!.pc, store!.retired, store!.hash])
    const changed = session.go(onward())
    expect(changed.description).toBe('Back in the present')
  })
})

describe.skipIf(!have(GCC))('when an expression became true last', () => {
  test.each([
    ['sink > 500', 'sink', 'sink == 501'],
    ['counter == 5 && where.y > 100', 'where', 'where.y > 100'],
    ['table[7] == 49', 'table', 'table[7] == 49'],
  ])('%s', (text, variable, condition) => {
    const session = new Session(64 << 20)
    session.go(onward())
    const found = session.back(past => past.lastTrue(text))
    const offset = { where: 4, table: 28 }[variable] ?? 0
    const forward = new Session(0)
    forward.set([watch(forward.variable(variable) + offset, variable, { condition })])
    const { pc, retired, hash } = forward.go(onward())
    expect([found.pc, found.retired, found.hash]).toEqual([pc, retired, hash])
  })

  test('never: the beginning', () => {
    const session = new Session(64 << 20)
    session.go(onward())
    expect(session.back(past => past.lastTrue('sink == 5000'))).toMatchObject({ retired: 0 })
  })

  test('of what cannot be watched: it says why', () => {
    const session = new Session(64 << 20)
    session.go(onward())
    const asked = (text: string) => () => session.target.travel(past => past.lastTrue(text))
    expect(asked('1 + 1 == 2')).toThrow('reads no memory')
    expect(asked('table[0] + table[4] + table[8] == 3')).toThrow('reads 3 places in memory')
    expect(asked('nonsense > 1')).toThrow(/nonsense/)
    expect(session.target.state).toBe('stopped')
  })

  test('a cycle is gone to, or the first moment after it', () => {
    const session = new Session(64 << 20)
    session.go(onward())
    expect(session.back(past => past.goToCycle(1234))).toMatchObject({ retired: 1234, description: 'At cycle 1234' })
    expect(session.back(past => past.goToCycle(0)).retired).toBe(0)
  })
})

describe.skipIf(!have(GCC))('the present', () => {
  test('is come back to, and gone on from', () => {
    const session = new Session(64 << 20)
    session.set([{ kind: 'function', name: 'square' }])
    const stop = session.go(onward())
    session.set([])
    session.back(past => past.goToInstruction(3))
    expect(session.target.isInPast).toBe(true)
    expect(session.go(onward())).toMatchObject({ description: 'Back in the present', hash: stop.hash })
    expect(session.target.isInPast).toBe(false)
    session.go(onward())
    expect(session.isAtEnd).toBe(true)
  })

  test('is given up by who changes something in the past, and that is said', () => {
    const session = new Session(64 << 20)
    session.set([{ kind: 'function', name: 'square', hitCondition: '3' }])
    session.go(onward())
    session.set([{ kind: 'function', name: 'square' }])
    session.back(reverseContinue)
    session.target.writing(() => session.target.machine.setRegister('r3', 9))
    expect([session.target.isInPast, session.notes.length]).toEqual([false, 1])
    expect(session.notes[0]).toMatch(/what came after has been given up/)
    session.set([])
    session.go(onward())
    expect(session.isAtEnd).toBe(true)
  })

  test('a pause on the way back leads to where it began', () => {
    const session = new Session(64 << 20)
    const end = session.go(onward())
    session.target.travel(past => past.reverseContinue())
    session.target.pause()
    session.loop.turn()
    expect([session.target.isInPast, stateHash(session.target.machine)]).toEqual([false, end.hash])
  })

  test('without a history there is no way back, and it says what to do', () => {
    const session = new Session(0)
    expect(() => session.target.travel(reverseContinue)).toThrow('no history of this run is kept')
  })
})

test.skipIf(!have(GCC))('a local variable is watched in its own call, not in those before it at the same place', () => {
  const session = new Session(64 << 20)
  const { target } = session
  session.set([{ kind: 'instruction', address: session.address('factorial') }])
  session.go(onward())
  const cfa = target.register('r1')!
  const place = watch(cfa - 4, 'it', { raw: true })
  const lifetime = { resume: target.register('LR')!, cfa }
  session.set([place])
  expect(session.back(reverseContinue).retired).toBeGreaterThan(0)
  session.back(past => past.goToPresent())
  session.set([{ ...place, lifetime } as BreakpointRequest])
  expect(session.back(reverseContinue).retired).toBe(0)
})
