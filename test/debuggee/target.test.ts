// The loop of a target: when it goes on, when it waits for something from outside, and who is told what.

import { beforeEach, describe, expect, test } from 'vitest'
import { createTarget } from '../../src/debuggee/launch.ts'
import { Continue } from '../../src/debuggee/steps/goal.ts'
import type { Target } from '../../src/debuggee/target.ts'
import { readElf } from '../../src/elf/elf.ts'
import type { HostAnswer, HostRequest } from '../../src/linux/host.ts'
import type { MachineExit, MachineRun } from '../../src/machine/machine.ts'
import { A, encode as e } from '../support/core.ts'
import { programOf, SILENT } from '../support/target.ts'

const FILE = { wants: 'path', path: '/etc/motd' } as const
const ANSWER: HostAnswer = { kind: 'path', path: '/etc/motd', entry: { kind: 'none' } }
const WANTS_FILE: MachineExit = { kind: 'wants', request: FILE }
const WANTS_KEYS: MachineExit = { kind: 'wants', request: { wants: 'stdin' } }
const BUDGET = { kind: 'budget' } as MachineExit
const EXIT: MachineExit = { kind: 'exit', status: 0 }

let target: Target
/** What is scheduled, and after how many milliseconds. */
let tasks: { task: () => void; ms: number }[]
let asked: HostRequest[]
let answer: (answer: HostAnswer) => void
let heard: string[]
let accepted: unknown[]
/** The machine's answers, in turn; each takes a millisecond. */
let exits: MachineExit[]
let now: number
let outputWait: number

beforeEach(() => {
  ;[tasks, asked, heard, accepted, exits, now, outputWait] = [[], [], [], [], [], 0, 0]
  target = createTarget(
    readElf(programOf([e.nop, e.b(0)])),
    {
      ...({ ramSize: 1 << 20, core: '440ep', reset: 'boot', interactive: true, pace: 'max' } as const),
      filesMeant: path => ({ files: [path] }),
      onTransmit() {},
    },
    {
      schedule: (task, ms = 0) => void tasks.push({ task, ms }),
      now: () => now,
      answer: request => {
        asked.push(request)
        return new Promise(resolve => (answer = resolve))
      },
      outputWait: () => outputWait,
    },
  )
  scripted()
  target.join({
    ...SILENT,
    stopped: ({ description }) => void heard.push(description),
    ended: ({ text }) => void heard.push(text),
    note: text => void heard.push(text),
  })
})

/** The machine of the target answers as the test says. */
function scripted(): void {
  const { machine } = target
  machine.run = () => {
    now++
    return { core: exits.shift()! } as MachineRun
  }
  machine.accept = event => void accepted.push(event)
}
const turn = (): void => tasks.shift()?.task()
const run = (...answers: readonly MachineExit[]): void => {
  exits = [...answers]
  target.resume(new Continue())
  turn()
}
const arrives = (): Promise<void> => Promise.resolve()

test('a target stands before anything is asked of it, and counts its stops', () => {
  expect([target.state, target.stops]).toEqual(['stopped', 0])
  target.reportStop({ reason: 'entry', description: 'Entry', hit: [] })
  expect([target.stops, heard]).toEqual([1, ['Entry']])
})

describe('a slice', () => {
  test('has as many runs as fit in eight milliseconds, and the next one follows at once', () => {
    run(...new Array<MachineExit>(20).fill(BUDGET))
    expect([exits.length, tasks.map(({ ms }) => ms)]).toEqual([12, [0]])
  })

  test('ends where output has to be taken first, and the next one follows after that', () => {
    outputWait = 5
    run(BUDGET, BUDGET)
    expect([exits.length, tasks.map(({ ms }) => ms)]).toEqual([1, [5]])
  })

  test('goes on where less than a millisecond is to be waited, and not where one is', () => {
    outputWait = 0.9
    run(BUDGET, BUDGET, EXIT)
    expect(exits.length).toBe(0)
    target.restart()
    scripted()
    outputWait = 1
    run(BUDGET, EXIT)
    expect(exits.length).toBe(1)
  })

  test('tells what the core and the debug layer have noticed', () => {
    target.machine.cpu.diagnostics.push({ at: 0, pc: A, text: 'an invalid form' })
    target.machine.vcpu.log.push('an event was lost')
    run(EXIT)
    expect(heard).toEqual(['0x00001000: an invalid form', 'an event was lost', 'The program has ended with status 0.'])
    expect([target.state, tasks]).toEqual(['ended', []])
  })

  test('of before does nothing once the target has stopped or started anew', () => {
    target.resume(new Continue())
    target.restart()
    scripted()
    exits = [EXIT]
    target.resume(new Continue())
    turn()
    expect([exits.length, target.state]).toEqual([1, 'running'])
    turn()
    expect([exits.length, target.state]).toEqual([0, 'ended'])
  })
})

describe('a program that waits for a file', () => {
  test('goes on when the answer is there', async () => {
    run(WANTS_FILE)
    expect([target.state, asked, tasks]).toEqual(['running', [FILE], []])
    answer(ANSWER)
    await arrives()
    expect([accepted, tasks.length]).toEqual([[ANSWER], 1])
    exits = [EXIT]
    turn()
    expect(target.state).toBe('ended')
  })

  test('is not woken by keys', () => {
    run(WANTS_FILE)
    target.type(0, [65])
    expect(tasks).toEqual([])
  })

  test('can be paused at once, and then the answer sets nothing going', async () => {
    run(WANTS_FILE)
    target.pause()
    expect(tasks.length).toBe(1)
    turn()
    expect([target.state, heard]).toEqual(['stopped', ['Paused']])
    answer(ANSWER)
    await arrives()
    expect([accepted, tasks]).toEqual([[ANSWER], []])
  })

  test('is another one after a restart: the answer is not for that', async () => {
    run(WANTS_FILE)
    const late = answer
    target.restart()
    scripted()
    run(WANTS_FILE)
    late(ANSWER)
    await arrives()
    expect([target.state, tasks]).toEqual(['running', []])
    answer(ANSWER)
    await arrives()
    expect(tasks.length).toBe(1)
  })
})

describe('a program that waits for keys', () => {
  test('goes on when some are typed, and nobody is asked about files', () => {
    const typed: unknown[] = []
    target.machine.uartInput = (uart, data) => void typed.push([uart, data])
    run(WANTS_KEYS)
    expect([target.state, asked, tasks]).toEqual(['running', [], []])
    target.type(1, [65])
    expect([typed, tasks.length]).toEqual([[[1, [65]]], 1])
    target.type(1, [66])
    expect([typed.length, tasks.length]).toEqual([2, 1])
  })

  test('gets them on standard input, where it is a process', () => {
    Object.assign(target.machine, { linux: { current: { process: {} } } })
    run(WANTS_KEYS)
    target.type(0, [65])
    expect(accepted).toEqual([{ kind: 'stdin', data: [65] }])
  })

  test('does not go on by them where it has been stopped', () => {
    run(WANTS_KEYS)
    target.dispose()
    target.type(0, [65])
    expect([target.state, tasks]).toEqual(['ended', []])
  })
})

test('a pause of what runs is for the next slice, and of what stands is nothing', () => {
  target.pause()
  expect(tasks).toEqual([])
  run(BUDGET, BUDGET, BUDGET, BUDGET, BUDGET, BUDGET, BUDGET, BUDGET)
  target.pause()
  expect(tasks.length).toBe(1)
})

test('what it is asked, it looks up in its machine', () => {
  target.machine.setRegister('r3', 7)
  expect([target.register('r3'), [...target.readMemory(A, 2)]]).toEqual([7, [0x60, 0]])
  expect(target.parties().length).toBeGreaterThan(0)
  expect([...target.callStack()][0]).toMatchObject({ name: '0x00001000' })
  expect(target.stepTargets()).toEqual([])
})
