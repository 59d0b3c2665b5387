// A goal carried out: what the machine is asked for, and what each of its answers comes to. The answers are the test's.

import { describe, expect, test } from 'vitest'
import type { BreakpointRequest } from '../../src/debuggee/breakpoints.ts'
import { Execution } from '../../src/debuggee/execution.ts'
import { RunClock } from '../../src/debuggee/runClock.ts'
import { Continue, type Goal, type Stretch, type View } from '../../src/debuggee/steps/goal.ts'
import type { Machine, MachineExit, MachineRun } from '../../src/machine/machine.ts'
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
  readonly hidden: number[] = []
  readonly #left: Stretch[]

  constructor(stretches: readonly Stretch[], passesInterrupts = true) {
    this.#left = [...stretches]
    this.passesInterrupts = passesInterrupts
  }

  next({ hidden }: View, isThere: boolean): Stretch | undefined {
    this.wasThere.push(isThere)
    this.hidden.push(hidden)
    return this.#left.shift()
  }
}

type Answer = MachineExit | MachineRun | ((machine: Machine) => MachineExit)

class Carried {
  readonly asked: Parameters<Machine['run']>[0][] = []
  readonly accepted: unknown[] = []
  readonly notes: string[] = []
  plans = 0
  readonly execution: Execution
  readonly #target = new HandTurned(programOf([e.nop, e.stw(3, 0, 4), e.nop, e.b(0)])).target

  /** @param exits the machine's answers, in turn */
  constructor(exits: readonly Answer[] = [], { interactive = false } = {}) {
    const { machine, program, breakpoints, exceptions } = this.#target
    const left = [...exits]
    machine.run = request => {
      this.asked.push(request)
      const answer = left.shift()!
      const exit = typeof answer === 'function' ? answer(machine) : answer
      return ('core' in exit ? exit : { core: exit }) as MachineRun
    }
    machine.accept = event => void this.accepted.push(event)
    machine.setRegister('r1', 0x8000)
    breakpoints.settled = true
    this.execution = new Execution(machine, {
      ...{ program, breakpoints, exceptions, interactive, clock: new RunClock(() => 0) },
      note: text => void this.notes.push(text),
      replan: () => {
        this.plans++
        breakpoints.replan()
      },
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
      { stops: [{ addresses: [A + 8], sp: 16 }], stopAtReturn: false, budget: 10_000_000 },
      { stops: [], stopAtReturn: false, budget: 1 },
      { stops: [], stopAtReturn: true, budget: 10_000_000 },
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
    Object.assign(carried.machine, { linux: { callUnderWay: {}, current: {} } })
    const goal = new Stretches([])
    expect(carried.verdicts(goal, 1)).toMatchObject([{ kind: 'end', end: { exitCode: 3 } }])
    expect([carried.asked, goal.wasThere]).toEqual([[{ budget: 0, reported: [] }], []])
  })
})

describe('an interrupt', () => {
  test('in the middle of a step is run through to its return, with those in it', () => {
    const at = (sp: number, exit: MachineExit) => (machine: Machine) => {
      machine.setRegister('r1', sp)
      return exit
    }
    const carried = new Carried([
      interrupt(DECREMENTER),
      at(0x7000, interrupt(DECREMENTER)),
      at(0x8000, { kind: 'returned' } as MachineExit),
      { kind: 'stopAddress' } as MachineExit,
    ])
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
  const storing = (...exits: readonly Answer[]) => {
    const carried = new Carried(exits)
    carried.machine.setRegister('pc', A + 4)
    const watch = { kind: 'data', address: DATA, size: 4, access: 'readWrite' } as const
    carried.set({ ...watch, label: 'one' }, { ...watch, size: 2, label: 'two' })
    return carried
  }

  test('of a read tells of everybody it is about', () => {
    const carried = storing(debugExit(0x00080000), { kind: 'budget' } as MachineExit)
    Object.assign(carried.machine.vcpu.run, { access: { ea: DATA, size: 4, write: false } })
    expect(carried.verdicts(new Continue(), 1)).toMatchObject([
      {
        stop: {
          description: 'DAC1 matched a read of 0x00005000: one; a read of 0x00005000: two',
          text: expect.stringMatching(/The instruction is stw r3,0\(r4\)\.$/),
        },
      },
    ])
    // There is no store to look behind.
    carried.execution.next()
    expect(carried.asked[1]!.budget).toBe(10_000_000)
  })

  describe('of a store', () => {
    const told = (...answers: readonly Answer[]) => {
      const carried = storing(debugExit(0x00010000), ...answers)
      let retired = 0
      Object.defineProperty(carried.machine, 'retired', { get: () => retired })
      Object.assign(carried.machine.vcpu.run, { access: { ea: DATA, size: 4, write: true } })
      const executes = (exit: MachineExit, ...bytes: readonly number[]) => {
        retired++
        carried.machine.poke(DATA, Uint8Array.from(bytes))
        return exit
      }
      return { carried, executes }
    }

    test('executes it, and tells who has changed', () => {
      const { carried, executes } = told(() => executes({ kind: 'budget' } as MachineExit, 0, 1))
      expect(carried.verdicts(new Continue(), 2)).toMatchObject([
        GO,
        {
          stop: {
            description: 'DAC2 matched a change of one: 0x00000000 → 0x00010000; a change of two: 0x0000 → 0x0001',
            text: expect.stringMatching(/\. stw r3,0\(r4\) at 0x00001004 wrote it\.$/),
          },
        },
      ])
      expect(carried.asked[1]!.budget).toBe(1)
    })

    test('tells of those that want to stop alone', () => {
      const { carried, executes } = told(() => executes({ kind: 'budget' } as MachineExit, 0, 1))
      const watch = { kind: 'data', address: DATA, access: 'write' } as const
      carried.set({ ...watch, size: 4, label: 'one', condition: '0' }, { ...watch, size: 2, label: 'two' })
      expect(carried.verdicts(new Continue(), 2)[1]).toMatchObject({
        stop: { description: 'DAC2 matched a change of two: 0x0000 → 0x0001' },
      })
    })

    test('that changes nothing goes on with what else came of it', () => {
      const { carried, executes } = told(() => executes({ kind: 'exit', status: 2 }, 0, 0))
      expect(carried.verdicts(new Continue(), 2)).toMatchObject([GO, { kind: 'end', end: { exitCode: 2 } }])
    })

    test('before which something else came is not looked behind', () => {
      const { carried } = told({ kind: 'exit', status: 2 })
      expect(carried.verdicts(new Continue(), 2)).toMatchObject([GO, { kind: 'end', end: { exitCode: 2 } }])
    })

    test('before which an interrupt came ends the step of one instruction', () => {
      const [one, many] = [told(interrupt(DECREMENTER)), told(interrupt(DECREMENTER))]
      expect(one.carried.verdicts(new Stretches([ONE], false), 2)[1]).toMatchObject({
        stop: { description: 'Step: Decrementer interrupt taken' },
      })
      expect(many.carried.verdicts(new Stretches([UNTIL], false), 2)).toEqual([GO, GO])
    })
  })

  test('is passed in the run where nobody wants to stop, and no access is told of', () => {
    const carried = new Carried([{ kind: 'budget' } as MachineExit])
    carried.verdicts(new Continue(), 1)
    const passes = (dbsr: number) => carried.asked[0]!.passes!({ dbsr, address: A, status: 0 })
    expect([passes(0x00800000), passes(0), passes(0x00880000), passes(0x00080000)]).toEqual([true, true, false, false])
    carried.set({ kind: 'instruction', address: A })
    expect(passes(0x00800000)).toBe(false)
  })
})

test('where the program stands a breakpoint is hit once, on the same stack', () => {
  const carried = new Carried()
  carried.set({ kind: 'instruction', address: A }, { kind: 'instruction', address: A + 4 })
  const stands = (pc: number, sp: number) => {
    carried.machine.setRegister('pc', pc)
    carried.machine.setRegister('r1', sp)
    return carried.execution.stands()
  }
  expect([stands(A, 0x8000), stands(A, 0x8000)]).toEqual([[1], []])
  expect([stands(A + 4, 0x8000), stands(A + 4, 0x7000), stands(A + 4, 0x7000)]).toEqual([[2], [2], []])
})

test('what a step ended before is not entered yet', () => {
  const carried = new Carried([{ kind: 'budget' } as MachineExit])
  carried.verdicts(Object.assign(new Stretches([]), { hides: 2 }), 1)
  const next = new Stretches([ONE])
  carried.verdicts(next, 2)
  expect(next.hidden).toEqual([2, 0])
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
    const { notes, plans } = returning({ resume: A + 4, cfa: 0x8000 })
    expect([notes, plans]).toEqual([[], 0])
  })
})

test('it knows its stack, and what a step can be told to enter', () => {
  const { execution, machine } = new Carried()
  const [frame] = execution.callStack()
  expect(frame).toMatchObject({ name: '0x00001000' })
  machine.poke(A, Uint8Array.of(0x48, 0, 0, 9))
  expect(execution.stepTargets()).toEqual([{ at: A, callee: A + 8 }])
})
