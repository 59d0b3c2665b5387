// System calls with hostile arguments, each made twice: in one go, and in the smallest pieces. Nothing may throw, both
// machines have to be the same afterwards, and no run may do much more work than it was allowed.

import { readElf } from '../../../src/elf/elf.ts'
import { absent, calls } from '../../../src/linux/calls/index.ts'
import type { HostAnswer, HostRequest } from '../../../src/linux/host.ts'
import type { InputEvent } from '../../../src/machine/inputs.ts'
import { Machine } from '../../../src/machine/machine.ts'
import { type MachineSnapshot, restoreSnapshot, stateHash, takeSnapshot } from '../../../src/machine/snapshot.ts'
import { encode as e } from '../../support/core.ts'
import { bytesOf, writeElf } from '../../support/elf.ts'
import type { Random } from '../../support/random.ts'
import type { Surface } from '../surface.ts'

const RAM = 2 << 20
const BASE = 0x10000000
const DATA = BASE + 0x10000
const DATA_BYTES = 0x4000
const END = BASE + RAM
const CALLS = 10
/** Instructions of all threads together, once there are several that go on. */
const MANY = 40
/** A piece that is written, and a table of pages that is looked through, may come on top of what was allowed. */
const OVERSHOOT = 100_000

const NUMBERS = Object.keys(calls).map(Number)
/** By which there are more processes and threads, and by which they wait for each other: oftener than others. */
const TASKS = [2, 189, 120, 114, 272, 221, 37, 42, 162, 178]
const EXITS = [1, 234]
const ABSENT = Object.keys(absent).map(Number)
const PATHS = [
  ...['/proc/self/maps', '/proc/self/fd/1', '/dev/zero', 'sub/../own', '../x', 'a/', 'loop'],
  'data.txt',
  'sub',
  '.',
  '..',
  '/',
  '/tmp/x',
  'own',
  'own2',
  '/dev/null',
  '/dev/tty',
  '',
  'x/'.repeat(60),
]
const PATH_AT = PATHS.map((_, i) => DATA + 0x200 * i)

function create(): Machine {
  const code = bytesOf([e.sc, e.b(-4)])
  const data = new Uint8Array(DATA_BYTES)
  for (const [i, path] of PATHS.entries()) data.set(new TextEncoder().encode(path), 0x200 * i)
  const process = { executable: '/home/prog', args: ['prog'], environment: [], directory: '/home' }
  return new Machine(
    { ramSize: RAM, core: '440ep', reset: 'boot', process },
    readElf(
      writeElf(BASE, [
        { address: BASE, bytes: code },
        { address: DATA, bytes: data },
      ]),
    ),
  )
}

let whole: Machine
let sliced: Machine
let initial: MachineSnapshot

const LENGTHS = [0, 1, 3, 8, 4095, 4096, 65536, 0x100000, 0x7fffffff, -0x80000000, -1, -4096, 1024, 1025]
const EDGES = [0, -1, BASE, BASE - 1, END, END - 1, END - 4096, END - 4, 0x7ffffffc, -0x80000000, -4096, -4]

function argument(random: Random): number {
  switch (random.below(7)) {
    case 0:
      return random.below(8)
    case 1:
      return random.pick(PATH_AT)
    case 2:
      return random.pick(LENGTHS)
    case 3:
      return random.pick(EDGES)
    case 4:
      return DATA + random.below(DATA_BYTES)
    case 5:
      return BASE + (random.below(RAM / 4096) << 12) - (random.chance(20) ? random.below(16) : 0)
    default:
      return random.chance(50) ? random.below(0x10000) : random.word()
  }
}

/** So often somebody types something, before the input is at its end: who waits for other things waits for ever. */
const TYPED = 50

/** Asked twice for the same it says the same. @param typed how often something has been typed */
function answerTo(request: HostRequest, seed: number, typed: number): InputEvent {
  if (request.wants === 'stdin')
    return seed % 3 === 0 || typed > TYPED ? { kind: 'stdinEnd' } : { kind: 'stdin', data: Uint8Array.of(seed, 10) }
  const { path } = request
  if (request.wants === 'piece')
    return { kind: 'piece', path, offset: request.offset, bytes: seed % 5 === 0 ? undefined : new Uint8Array(5000) }
  const kind = (path.length + seed) % 4
  if (kind === 0) return entry(path, { kind: 'none' })
  return entry(path, kind === 1 ? { kind: 'directory', names: ['a', 'b'] } : { kind: 'file', size: 3 ** (seed % 24) })
}

const typedOf = ({ inputs }: Machine): number => inputs.filter(({ kind }) => kind === 'stdin').length

const entry = (path: string, what: (HostAnswer & { kind: 'path' })['entry']): HostAnswer => ({
  kind: 'path',
  path,
  entry: what,
})

type Outcome = 'over' | 'goes on' | 'others go on'

const ENDINGS: readonly string[] = ['exit', 'signal', 'deadlock']

/** Makes the call that the registers hold. */
function call(machine: Machine, work: number | undefined, seed: number): Outcome {
  const before = machine.retired
  const process = machine.process!
  const thread = machine.linux!.current
  for (let runs = 0; runs < 100_000; runs++) {
    const allowed = work === undefined ? {} : { work }
    // Who waits goes on by what time brings, or others do, who are nobody here.
    const isBegun = before !== machine.retired
    const budget = isBegun && thread.wait === undefined ? 0 : 1
    const { core } = machine.run({ budget, stopAtSwitch: true, ...allowed })
    if (process.work.left < -OVERSHOOT) throw new Error(`a run did ${-process.work.left} more than it was allowed`)
    if (machine.retired > before + 1) throw new Error('a run of one instruction executed more')
    // Who is stopped stays so: nobody is there to continue it, though timers may go on for ever.
    if (ENDINGS.includes(core.kind) || process.isStopped) return 'over'
    if (machine.linux!.current !== thread) return 'others go on'
    if (core.kind === 'wants') machine.accept(answerTo(core.request, seed, typedOf(machine)))
    else if (before !== machine.retired && machine.linux!.callUnderWay === undefined) return 'goes on'
  }
  throw new Error(`the call never ends: ${[...machine.cpu.state.gpr.slice(0, 9)]}, waits for ${thread.wait?.what}`)
}

/** All that there are make the same call again and again, with what it gave them, up to an instruction. */
function goOn(machine: Machine, end: number, work: number | undefined, seed: number): string {
  const allowed = work === undefined ? {} : { work }
  for (let runs = 0; runs < 1_000_000 && machine.retired < end; runs++) {
    const { core } = machine.run({ budget: end - machine.retired, ...allowed })
    if (machine.process!.work.left < -OVERSHOOT) throw new Error('a run did more than it was allowed')
    if (ENDINGS.includes(core.kind)) break
    if (core.kind === 'wants') machine.accept(answerTo(core.request, seed, typedOf(machine)))
  }
  const { cpu, retired, linux } = machine
  return `${[...cpu.state.gpr]} ${cpu.pc} ${cpu.now} ${retired} ${linux!.current.id} of ${[...linux!.threads.keys()]}`
}

export const surface: Surface = {
  small: 1500,

  prepare() {
    whole = create()
    sliced = create()
    initial = takeSnapshot(whole)
  },

  run(random) {
    const machines = [whole, sliced]
    for (const machine of machines) {
      restoreSnapshot(machine, initial)
      machine.inputs.length = 0
    }
    for (let n = 0; n < CALLS; n++) {
      const number = random.chance(20)
        ? random.pick(TASKS)
        : random.chance(95)
          ? random.pick(NUMBERS)
          : random.chance(50)
            ? random.pick(ABSENT)
            : random.word()
      if (EXITS.includes(number) && random.chance(90)) continue
      const registers = [0, 0, 0, 0, 0, 0].map(() => argument(random))
      const stack = random.chance(10) ? argument(random) : undefined
      const seed = random.below(1000)
      const outcomes = machines.map(machine => {
        const { gpr } = machine.cpu.state
        gpr[0] = number
        gpr.set(registers, 3)
        if (stack !== undefined) gpr[1] = stack
        machine.cpu.pc = BASE
        return call(machine, machine === sliced ? 1 : undefined, seed)
      })
      if (outcomes.includes('others go on')) {
        const end = Math.max(...machines.map(({ retired }) => retired)) + MANY
        const [a, b] = machines.map(machine => goOn(machine, end, machine === sliced ? 1 : undefined, seed))
        if (a !== b)
          throw new Error(`${calls[number]?.[0] ?? number} (${registers}) and others, in pieces: ${b}, not ${a}`)
        break
      }
      const [a, b] = machines.map(
        ({ cpu, process }) => `${[...cpu.state.gpr]} ${cpu.pc} ${cpu.now} ${process!.progress}`,
      )
      if (a !== b || outcomes[0] !== outcomes[1])
        throw new Error(`call ${calls[number]?.[0] ?? number} (${registers}) in pieces: ${b}, not ${a}`)
      if (outcomes[0] === 'over') return
    }
    // Timers are brought to where the clock is by whoever runs next.
    for (const machine of machines) machine.run({ budget: 0 })
    if (random.chance(3) && stateHash(whole) !== stateHash(sliced)) throw new Error('in pieces it ends differently')
  },
}
