// `npm run bench:timeline`: what a frame of the timeline costs with 100,000 events in it, what the adapter's answer does
// with all that a history keeps, and what telling of an interrupt adds to one. Processor time.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { timelineOf } from '../../src/dap/timeline.ts'
import { readElf } from '../../src/elf/elf.ts'
import { HAPPENING_KINDS, type Happening, type HappeningKind, Happenings } from '../../src/history/happenings.ts'
import { History } from '../../src/history/history.ts'
import { Spr } from '../../src/isa/registers.ts'
import { Machine } from '../../src/machine/machine.ts'
import type { TimelineEvent } from '../../src/protocol/messages.ts'
import { inOrder, marksOf, wholeRun, zoomed } from '../../src/views/models/timeline.ts'
import { A, encode } from '../support/core.ts'
import { bytesOf, writeElf } from '../support/elf.ts'
import { HandTurned } from '../support/target.ts'

const EVENTS = 100_000
const PRESENT = 1e10
const FRAMES = 200

function milliseconds(action: () => void): number {
  const started = process.cpuUsage()
  action()
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1000
}

function tell(what: string, times: readonly number[], unit = 'ms'): void {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number): string =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(2)
  console.log(`${what.padEnd(58)} median ${at(0.5).padStart(7)} ${unit}   worst ${at(1).padStart(7)} ${unit}`)
}

/** Every frame of a way in and out again lays all of them out anew. */
function frames(): void {
  const events = inOrder(
    Array.from({ length: EVENTS }, (_, n): TimelineEvent => {
      const instruction = Math.floor((n / EVENTS) * PRESENT)
      return { kind: HAPPENING_KINDS[n % 6]!, instruction, last: instruction, count: 1, text: `event ${n}` }
    }),
  )
  const run = {
    isKept: true,
    running: false,
    beginning: 0,
    present: PRESENT,
    position: PRESENT,
    from: 0,
    to: PRESENT,
    events,
  }
  const area = { left: 100, width: 2400 }
  let shown = wholeRun(run)
  const whole = Array.from({ length: 50 }, () => milliseconds(() => marksOf(events, shown, area)))
  tell(`layout of ${EVENTS} events, all shown, 2400 pixels wide`, whole)
  const times: number[] = []
  for (let frame = 0; frame < FRAMES; frame++) {
    shown = zoomed(shown, frame < FRAMES / 2 ? 0.9 : 1 / 0.9, PRESENT / 3, run)
    times.push(milliseconds(() => marksOf(events, shown, area)))
  }
  tell('the same, on a way in and out again', times)
}

function answers(): void {
  const happenings = new Happenings()
  for (let n = 0; n < EVENTS; n++) {
    const retired = Math.floor((n / EVENTS) * PRESENT)
    happenings.interrupt.add(retired, retired, 1, n % 3 === 0 ? 10 : 4, A)
    happenings.debug.add(retired, retired, 0, 0x00800000, A, true)
    for (const kind of ['stop', 'access', 'line'] as const)
      happenings.add(kind, { retired, cycle: retired }, A, 0, 'text')
  }
  const { target } = new HandTurned(readFileSync(resolve('examples/coffee/coffee.elf')), { history: 1 << 20 })
  const kept = new Map(HAPPENING_KINDS.map(kind => [kind, happenings.of(kind)] as const))
  const count = [...kept.values()].reduce((sum, all) => sum + all.length, 0)
  const asked = {
    ...{ keepsHistory: true, machine: { retired: PRESENT }, state: 'stopped', program: target.program },
    ...{
      reach: { first: 0, last: PRESENT },
      happenings: (kind: HappeningKind): readonly Happening[] => happenings.of(kind),
    },
  }
  const times = Array.from({ length: FRAMES }, () =>
    milliseconds(() => timelineOf(asked as unknown as typeof target, { columns: 600 })),
  )
  tell(`an answer of ppc440/timeline out of ${count} events`, times)
}

/** Interrupts with so many instructions between them, told and untold. */
function interrupts(between: number): void {
  const { addi, b, mtspr, nop, rfi, sc } = encode
  const loop = [...Array.from({ length: between }, () => nop), sc, b(-4 * (between + 1))]
  const words = [mtspr(Spr.IVPR, 31), addi(5, 0, 0x100), mtspr(Spr.IVOR0 + 8, 5), ...loop]
  const elf = readElf(
    writeElf(A, [
      { address: 0x100, bytes: bytesOf([rfi]) },
      { address: A, bytes: bytesOf(words) },
    ]),
  )
  const measured = (isTold: boolean): number => {
    const machine = new Machine({ ramSize: 1 << 20, core: '440ep', reset: 'boot' }, elf)
    const history = new History(machine, { budget: 1 << 26, now: () => 0 })
    if (!isTold) machine.cpu.onInterrupt = undefined
    history.run({ budget: 1_000_000 })
    const COUNT = 200_000
    return milliseconds(() => history.run({ budget: COUNT * (between + 3) })) / COUNT
  }
  // Whichever comes second has an advantage.
  const ratios = Array.from({ length: 12 }, (_, n) => {
    const first = measured(n % 2 === 0)
    const second = measured(n % 2 !== 0)
    return n % 2 === 0 ? first / second : second / first
  })
  tell(`an interrupt every ${between + 3} instructions: told, over untold`, ratios, 'x ')
}

frames()
answers()
interrupts(1000)
interrupts(10_000)
