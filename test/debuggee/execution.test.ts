// A goal carried out: what the machine is asked for, and what each of its answers comes to. The answers are the test's.

import { describe, expect, test } from 'vitest'
import type { RunRequest } from '../../src/cpu/request.ts'
import type { BreakpointRequest } from '../../src/debuggee/breakpoints.ts'
import { Execution } from '../../src/debuggee/execution.ts'
import { RunClock } from '../../src/debuggee/runClock.ts'
import { Continue, type Goal, type Stretch } from '../../src/debuggee/steps/goal.ts'
import type { MachineExit, MachineRun } from '../../src/machine/machine.ts'
import { A, encode as e } from '../support/core.ts'
import { HandTurned, programOf } from '../support/target.ts'

const DATA = 0x5000
const GO = { kind: 'go' }
const UNTIL: Stretch = { kind: 'until', stops: { addresses: [A + 8], sp: 16 } }
const ONE: Stretch = { kind: 'instruction' }
const RETURN: Stretch = { kind: 'return' }

/** A goal of these stretches, which writes down whether the one before ended where it was to. */
class Stretches implements Goal {
  readonly description = 'Step'
  readonly passesInterrupts: boolean
  readonly wasThere: boolean[] = []
  readonly #left: Stretch[]

  constructor(stretches: readonly Stretch[], passesInterrupts = true) {
    this.#left = [...stretches]
    this.passesInterrupts = passesInterrupts
  }

  next(_: unknown, isThere: boolean): Stretch | undefined {
    this.wasThere.push(isThere)
    return this.#left.shift()
  }
}

class Carried {
  readonly asked: RunRequest[] = []
  readonly accepted: unknown[] = []
  readonly notes: string[] = []
  readonly execution: Execution
  readonly #target = new HandTurned(programOf([e.nop, e.stw(3, 0, 4), e.nop, e.b(0)])).target

  /** @param exits the machine's answers, in turn */
  constructor(exits: readonly (MachineExit | MachineRun)[] = [], { interactive = false } = {}) {
    const { machine, program, breakpoints, exceptions } = this.#target
    const left = exits.map(each => ('core' in each ? each : { core: each }) as MachineRun)
    machine.run = request => {
      this.asked.push(request)
      return left.shift()!
    }
    machine.accept = event => void this.accepted.push(event)
    machine.setRegister('r1', 0x8000)
    breakpoints.settled = true
    this.execution = new Execution(machine, {
      ...{ program, breakpoints, exceptions, interactive, clock: new RunClock(() => 0) },
      note: text => void this.notes.push(text),
      replan: () => void breakpoints.replan(),
    })
  }

  get machine() {
    return this.execution.machine
  }

  get breakpoints() {
    return this.#target.breakpoints
  }

  set(...requests: readonly BreakpointRequest[]): void {
    this.breakpoints.replace({ owner: 'test', list: 'all' }, requests)
    this.breakpoints.replan()
    this.execution.setGuestDebug()
  }

  verdicts(goal: Goal, times: number): unknown[] {
    this.execution.begin(goal)
    return Array.from({ length: times }, () => this.execution.next())
  }
}

const once = (exit: MachineExit | MachineRun, more = {}) => new Carried([exit], more).verdicts(new Continue(), 1)[0]
const debugExit = (dbsr: number) => ({ core: { kind: 'debugInterrupt' }, debug: { arch: { dbsr } } }) as MachineRun
/** Timer interrupts return; resets and debug interrupts are another matter. */
const DECREMENTER = 10
const interrupt = (ivor: number) => ({ kind: 'interrupt', ivor }) as MachineExit

describe('the machine is asked', () => {
  test('for what the goal asks for', () => {
    const exits = [{ kind: 'stopAddress' }, { kind: 'budget' }, { kind: 'returned' }] as MachineExit[]
    const carried = new Carried(exits)
    expect(carried.verdicts(new Stretches([UNTIL, ONE, RETURN]), 4)).toEqual([
      GO,
      GO,
      GO,
      { kind: 'stop', stop: { reason: 'step', description: 'Paused after Step', hit: [] } },
    ])
    expect(carried.asked).toMatchObject([
      { stops: [{ addresses: [A + 8], sp: 16 }], stopAtReturn: false, budget: 1_000_000 },
      { stops: [], stopAtReturn: false, budget: 1 },
      { stops: [], stopAtReturn: true, budget: 1_000_000 },
    ])
    expect(carried.asked.map(({ stopAfter }) => [...stopAfter!].length)).toEqual([0, 16, 0])
  })

  test.each<[string, Stretch, MachineExit['kind'], boolean]>([
    ['an address', UNTIL, 'stopAddress', true],
    ['an address, but its budget was spent', UNTIL, 'budget', false],
    ['a return', RETURN, 'returned', true],
    ['a return, but it was another stop', RETURN, 'stopAddress', false],
    ['an instruction', ONE, 'budget', false],
  ])('and the goal told whether it got to %s', (_, stretch, kind, isThere) => {
    const goal = new Stretches([stretch])
    new Carried([{ kind } as MachineExit]).verdicts(goal, 2)
    expect(goal.wasThere).toEqual([false, isThere])
  })

  test('to bring a system call to its end before a goal is', () => {
    const carried = new Carried([{ kind: 'exit', status: 3 }])
    Object.assign(carried.machine, { process: { callUnderWay: {} } })
    const goal = new Stretches([])
    expect(carried.verdicts(goal, 1)).toMatchObject([{ kind: 'end', end: { exitCode: 3 } }])
    expect([carried.asked, goal.wasThere]).toEqual([[{ budget: 0, reported: [] }], []])
  })
})

describe('an interrupt', () => {
  test('in the middle of a step is run through to its return, with those in it', () => {
    const exits = [interrupt(DECREMENTER), interrupt(DECREMENTER), { kind: 'returned' }, { kind: 'stopAddress' }]
    const carried = new Carried(exits as MachineExit[])
    const goal = new Stretches([UNTIL, UNTIL])
    expect(carried.verdicts(goal, 4)).toEqual([GO, GO, GO, GO])
    expect(carried.asked.map(({ stopAtReturn }) => stopAtReturn)).toEqual([false, true, true, false])
    // Told of the stretch before, which was not of its own.
    expect(goal.wasThere.length).toBe(2)
  })

  test('is nothing to Continue', () => {
    const carried = new Carried([interrupt(DECREMENTER), { kind: 'budget' } as MachineExit])
    expect(carried.verdicts(new Continue(), 2)).toEqual([GO, GO])
    expect(carried.asked.map(({ stopAtReturn }) => stopAtReturn)).toEqual([false, false])
  })

  test('ends a step that does not pass it', () => {
    expect(new Carried([interrupt(DECREMENTER)]).verdicts(new Stretches([ONE], false), 1)).toEqual([
      { kind: 'stop', stop: { reason: 'step', description: 'Step: Decrementer interrupt taken', hit: [] } },
    ])
  })

  test('from which no return can be expected ends every step', () => {
    expect(new Carried([interrupt(6)]).verdicts(new Stretches([UNTIL]), 1)).toEqual([
      { kind: 'stop', stop: { reason: 'exception', description: 'Program interrupt while stepping', hit: [] } },
    ])
  })
})

describe('a run that ends', () => {
  test.each(['budget', 'requested', 'returned', 'stopAddress'])('with %s goes on', kind => {
    expect(once({ kind } as MachineExit)).toEqual(GO)
  })

  test('because a process asks for a file waits for that', () => {
    const request = { wants: 'path', path: '/etc/motd' } as const
    expect(once({ kind: 'wants', request })).toEqual({ kind: 'wait', what: request })
  })

  test('because it reads what is typed waits where somebody can type, and else finds the end', () => {
    const exit = { kind: 'wants', request: { wants: 'stdin' } } as const
    expect(once(exit, { interactive: true })).toEqual({ kind: 'wait', what: 'input' })
    const carried = new Carried([exit])
    expect([carried.verdicts(new Continue(), 1), carried.accepted]).toEqual([[GO], [{ kind: 'stdinEnd' }]])
  })

  test('idle waits only for what somebody can type', () => {
    const idle = (waitsForInput: boolean) => ({ kind: 'idle', how: 'branch', waitsForInput }) as MachineExit
    expect(once(idle(true), { interactive: true })).toEqual({ kind: 'wait', what: 'input' })
    for (const verdict of [once(idle(true)), once(idle(false), { interactive: true })])
      expect(verdict).toMatchObject({ stop: { description: 'Idle forever' } })
  })

  test('for good says how', () => {
    expect(once({ kind: 'exit', status: 1 })).toMatchObject({ kind: 'end' })
    expect(once({ kind: 'signal', signal: 11, text: 'x' })).toMatchObject({ stop: { description: 'Signal 11' } })
    expect(once({ kind: 'reset', cause: 'DBCR0', type: 3 })).toMatchObject({ kind: 'end' })
  })

  test('in the stop state is told where no debug exit is', () => {
    for (const kind of ['debugInterrupt', 'softBreakpoint', 'stopState'])
      expect(once({ kind } as MachineExit)).toMatchObject({ stop: { description: 'The core is in its stop state' } })
  })
})

describe('a debug exit', () => {
  const stopOf = (dbsr: number) => (once(debugExit(dbsr)) as { stop?: { description: string } }).stop?.description

  test('of an event that nobody has asked for is told as such', () => {
    expect(stopOf(0x01000000)).toBe('Debug event: TRAP')
    // A DAC, of which no access is known.
    expect(stopOf(0x00010000)).toBe('Debug event: DAC2W')
  })

  test('of a comparator that nobody wants to stop at goes on', () => {
    expect([once(debugExit(0x00800000)), once(debugExit(0))]).toEqual([GO, GO])
  })

  /** Standing at the store, whose access the debug layer tells of. */
  const storing = (...exits: readonly (MachineExit | MachineRun)[]) => {
    const carried = new Carried(exits)
    carried.machine.setRegister('pc', A + 4)
    const watch = { kind: 'data', address: DATA, size: 4, access: 'readWrite' } as const
    carried.set({ ...watch, label: 'one' }, { ...watch, size: 2, label: 'two' })
    return carried
  }

  test('of a read tells of everybody it is about', () => {
    const carried = storing(debugExit(0x00080000))
    Object.assign(carried.machine.vcpu.run, { access: { ea: DATA, size: 4, write: false } })
    expect(carried.verdicts(new Continue(), 1)).toMatchObject([
      {
        stop: {
          description: 'DAC1 matched a read of 0x00005000: one; a read of 0x00005000: two',
          text: expect.stringMatching(/The instruction is stw r3,0\(r4\)\.$/),
        },
      },
    ])
  })
})

describe('a watched variable of a call', () => {
  const returning = (...lifetimes: readonly { resume: number; cfa: number }[]) => {
    const carried = new Carried([{ kind: 'stopAddress' } as MachineExit])
    carried.set(
      ...lifetimes.map((lifetime, n) => ({
        ...({ kind: 'data', address: DATA + 8 * n, size: 4, access: 'write' } as const),
        ...{ label: `v${n}`, lifetime },
      })),
    )
    carried.verdicts(new Continue(), 1)
    return carried
  }

  test('ends where its caller goes on, on no deeper stack', () => {
    const { notes, asked } = returning({ resume: A, cfa: 0x8000 }, { resume: A, cfa: 0x8001 })
    expect(notes).toEqual(['v0 is not watched any more: the call it belongs to has returned.'])
    expect(asked[0]!.stops).toEqual([{ addresses: [] }, { addresses: [A], sp: 0x8000 }, { addresses: [A], sp: 0x8001 }])
  })

  test('lives on where another caller goes on', () => {
    expect(returning({ resume: A + 4, cfa: 0x8000 }).notes).toEqual([])
  })
})

test('it knows its stack, and what a step can be told to enter', () => {
  const { execution, machine } = new Carried()
  const [frame] = execution.callStack()
  expect(frame).toMatchObject({ name: '0x00001000' })
  machine.poke(A, Uint8Array.of(0x48, 0, 0, 9))
  expect(execution.stepTargets()).toEqual([{ at: A, callee: A + 8 }])
})
