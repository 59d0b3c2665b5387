// `npm run bench:history [SECONDS]`: what keeping a history costs at full speed, with and without in one run; and how long
// it takes to go back: by an instruction, to an instruction anywhere in what has been run, and to the last write of a word
// that was written once, long ago, far from others and on the stack. Processor time for the cost and for the latter,
// wall-clock time for what a person waits for. At last what a history takes of its budget over 10 G instructions.

import { readFileSync } from 'node:fs'
import { createTarget } from '../../src/debuggee/launch.ts'
import type { Travel } from '../../src/debuggee/past/passage.ts'
import type { Past } from '../../src/debuggee/past/past.ts'
import { Continue } from '../../src/debuggee/steps/goal.ts'
import type { Target } from '../../src/debuggee/target.ts'
import { readElf } from '../../src/elf/elf.ts'
import { History } from '../../src/history/history.ts'
import { Machine } from '../../src/machine/machine.ts'
import { Random } from '../support/random.ts'
import { SILENT } from '../support/target.ts'
import { build, type Kernel } from './build.ts'

const SECONDS = Number(process.argv[2] ?? 10)
const MB = 1 << 20
const BUDGET = 256 * MB
/** So often each kernel is repeated that none comes to its end. */
const ENDLESS = 1_000_000
const ASKED: readonly Kernel[] = ['sieve', 'quicksort', 'digest', 'lists', 'matrices', 'mix']
const random = new Random(440)

/** A target whose slices follow each other at once. */
class Runner {
  readonly target: Target
  #next: (() => void) | undefined
  #stopped = false

  constructor(kernel: Kernel, history: number) {
    const program = readElf(readFileSync(build(kernel, ENDLESS, 'bare')))
    const options = { ramSize: 128 << 20, core: '440ep', reset: 'boot', interactive: false, pace: 'max' } as const
    const quiet = { filesMeant: (path: string) => ({ files: [path] }), onTransmit() {} }
    this.target = createTarget(
      program,
      { ...options, ...quiet, history },
      {
        schedule: task => {
          this.#next = task
        },
        now: () => performance.now(),
        answer: () => new Promise(() => {}),
        outputWait: () => 0,
      },
    )
    this.target.join({
      ...SILENT,
      stopped: () => {
        this.#stopped = true
      },
    })
  }

  /** Until it stops, or so many milliseconds have passed. */
  turn(ms = Number.POSITIVE_INFINITY): void {
    const end = performance.now() + ms
    this.#stopped = false
    while (!this.#stopped) {
      if (performance.now() > end) this.target.pause()
      this.#next!()
    }
  }

  run(ms: number): void {
    this.target.resume(new Continue())
    this.turn(ms)
  }

  /** @returns milliseconds */
  travel(way: (past: Past) => Travel): number {
    const began = performance.now()
    this.target.travel(way)
    this.turn()
    return performance.now() - began
  }
}

/** Million instructions in a second of processor time. */
function speed(runner: Runner, ms: number): number {
  const { retired } = runner.target.machine
  const before = process.cpuUsage()
  runner.run(ms)
  const { user, system } = process.cpuUsage(before)
  return (runner.target.machine.retired - retired) / (user + system)
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >>> 1]!
const worst = (values: readonly number[]): number => Math.max(...values)

function cost(kernel: Kernel): void {
  const [without, with_] = [new Runner(kernel, 0), new Runner(kernel, BUDGET)]
  for (const runner of [without, with_]) runner.run(700)
  const ratios: number[] = []
  let [slow, fast] = [0, 0]
  for (let round = 0; round < 5; round++) {
    fast = speed(without, 600)
    slow = speed(with_, 600)
    ratios.push(slow / fast)
  }
  console.log(
    `${kernel.padEnd(10)} ${fast.toFixed(0).padStart(6)} ${slow.toFixed(0).padStart(6)} MIPS   cost ${(100 * (1 - median(ratios))).toFixed(1).padStart(5)} %`,
  )
}

function waits(kernel: Kernel): void {
  const runner = new Runner(kernel, BUDGET)
  runner.run(1000 * SECONDS)
  const { machine } = runner.target
  const end = machine.retired
  const { first } = runner.target.reach
  const here: number[] = []
  for (let i = 0; i < 10; i++) here.push(runner.travel(past => past.stepInstruction()))
  const anywhere: number[] = []
  const steps: number[] = []
  for (let i = 0; i < 20; i++) {
    const instruction = first + Math.floor(((end - first) * random.below(10_000)) / 10_000)
    anywhere.push(runner.travel(past => past.goToInstruction(instruction)))
    steps.push(runner.travel(past => past.stepInstruction()))
  }
  runner.travel(past => past.goToPresent())
  // The first word of the program: nobody writes it after it was loaded.
  const search = runner.travel(past => past.lastAccess({ address: 0xff000, size: 4, access: 'write', label: 'word' }))
  runner.travel(past => past.goToPresent())
  const beside = BESIDE.flatMap(offset => searchFor(runner, (machine.cpu.state.gpr[1] + offset) >>> 0))
  const ms = (values: readonly number[]): string =>
    `${median(values).toFixed(0)} ms, at worst ${worst(values).toFixed(0)}`
  console.log(`${kernel}: ${(end / 1e9).toFixed(2)} G instructions in ${SECONDS} s`)
  console.log(`  a step back from the present     ${ms(here.slice(1))}; the first ${here[0]!.toFixed(0)}`)
  console.log(`  to an instruction anywhere       ${ms(anywhere)}`)
  console.log(`  a step back from there           ${ms(steps)}`)
  console.log(`  the last write, for each second  ${(search / SECONDS).toFixed(0)} ms`)
  const worstBeside =
    beside.length === 0 ? 'all found at once' : `${(1000 * worst(beside)).toFixed(0)} ms of CPU at worst`
  console.log(`  beside what is always written    ${worstBeside}`)
}

/** Words on the stack, from r1. */
const BESIDE = [-64, -16, 8, 16, 24, 40]

/** @returns processor seconds of the search for who wrote a word, for each second of the run gone through; none if it was short */
function searchFor(runner: Runner, address: number): readonly number[] {
  const { machine } = runner.target
  const end = machine.retired
  const before = process.cpuUsage()
  runner.travel(past => past.lastAccess({ address, size: 4, access: 'write', label: 'word' }))
  const { user, system } = process.cpuUsage(before)
  const passed = (end - machine.retired) / end
  runner.travel(past => past.goToPresent())
  return passed < 0.1 ? [] : [(user + system) / (passed * SECONDS * 1e6)]
}

/** What a history takes at most while so many instructions are run, and over how many of them it leads back. */
function room(kernel: Kernel, instructions: number, budget: number): void {
  const elf = readElf(readFileSync(build(kernel, ENDLESS, 'bare')))
  const machine = new Machine({ ramSize: 128 * MB, core: '440ep', reset: 'boot', engine: 'auto' }, elf)
  const history = new History(machine, { budget, now: () => performance.now() })
  let most = 0
  while (machine.retired < instructions) {
    history.run({ budget: 10_000_000 })
    history.record()
    most = Math.max(most, history.bytes)
  }
  const back = ((machine.retired - history.beginning.retired) / 1e9).toFixed(1)
  const room = `${(most / MB).toFixed(1)} MB at most of ${budget / MB}, ${history.stations.length} stations`
  console.log(`${kernel}: ${room} after ${(machine.retired / 1e9).toFixed(1)} G instructions, the last ${back} G kept`)
}

console.log('          without   with a history')
for (const kernel of ASKED) cost(kernel)
for (const kernel of ['quicksort', 'mix'] as const) waits(kernel)
for (const budget of [BUDGET, 4 * MB]) for (const kernel of ['quicksort', 'mix'] as const) room(kernel, 10e9, budget)
