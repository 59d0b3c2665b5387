// The timeline as data: what is shown where, what comes next, and what is said of it.

import { describe, expect, test } from 'vitest'
import type { Timeline, TimelineEvent, TimelineKind } from '../../src/protocol/messages.ts'
import {
  describeEvent,
  describeMark,
  describeTimeline,
  inOrder,
  instructionAt,
  LANES,
  markAt,
  marksOf,
  neighbour,
  neighbourLane,
  panned,
  showing,
  ticksOf,
  wholeRun,
  xOf,
  zoomed,
} from '../../src/views/models/timeline.ts'
import { Random } from '../support/random.ts'

const AREA = { left: 100, width: 1000 }
const KINDS: readonly TimelineKind[] = ['stop', 'future', 'access', 'interrupt', 'debug', 'line']

const event = (kind: TimelineKind, instruction: number, more: Partial<TimelineEvent> = {}): TimelineEvent => ({
  ...{ kind, instruction, last: instruction, count: 1, text: kind },
  ...more,
})
const timeline = (events: readonly TimelineEvent[], present = 1_000_000, more: Partial<Timeline> = {}): Timeline => ({
  ...{ isKept: true, running: false, beginning: 0, present, position: present, from: 0, to: present, events },
  ...more,
})

const someEvents = (random: Random, count: number, present: number): TimelineEvent[] =>
  inOrder(Array.from({ length: count }, () => event(random.pick(KINDS), random.below(present))))

describe('the stretch that is shown', () => {
  const run = timeline([])

  test('zooming keeps what is under the pointer where it is, and stays in the run', () => {
    const random = new Random(1)
    let shown = wholeRun(run)
    for (let i = 0; i < 1000; i++) {
      const x = AREA.left + random.below(AREA.width)
      const under = instructionAt(x, shown, AREA)
      const next = zoomed(shown, 0.5 + random.below(100) / 66, under, run)
      expect([next.from >= 0, next.to <= run.present, next.to - next.from >= 20]).toEqual([true, true, true])
      const isFree = next.from > 0 && next.to < run.present
      if (isFree) expect(Math.abs(xOf(under, next, AREA) - x)).toBeLessThan(1)
      shown = next
    }
  })

  test('moving ends at the ends of the run, and keeps the scale', () => {
    const shown = { from: 500_000, to: 600_000 }
    expect(panned(shown, 30_000, run)).toEqual({ from: 530_000, to: 630_000 })
    expect(panned(shown, -1e9, run)).toEqual({ from: 0, to: 100_000 })
    expect(panned(shown, 1e9, run)).toEqual({ from: 900_000, to: 1_000_000 })
    expect(showing(shown, 550_000, run)).toBe(shown)
    const moved = showing(shown, 700_000, run)
    expect([moved.to - moved.from, moved.from < 700_000, moved.to > 700_000]).toEqual([100_000, true, true])
  })
})

describe('marks', () => {
  test('every event that is shown is in one mark of its lane; marks of a lane do not touch', () => {
    const random = new Random(2)
    for (let round = 0; round < 20; round++) {
      const events = someEvents(random, random.below(3000), 1_000_000)
      const from = random.below(900_000)
      const shown = { from, to: from + 1 + random.below(100_000) }
      const marks = marksOf(events, shown, AREA)
      for (const [lane, { kinds }] of LANES.entries()) {
        const own = marks.filter(mark => mark.lane === lane)
        const visible = events.filter(
          ({ kind, instruction }) => kinds.includes(kind) && instruction >= shown.from && instruction <= shown.to,
        )
        expect(own.reduce((sum, { count }) => sum + count, 0)).toBe(visible.length)
        for (const [i, mark] of own.entries()) {
          expect(mark.x).toBeCloseTo(xOf(mark.event.instruction, shown, AREA), 6)
          const next = own[i + 1]
          const isApart =
            next === undefined || [next, mark].some(each => each.event.kind === 'future') || next.x - mark.end >= 5
          expect(isApart).toBe(true)
        }
      }
    }
  })

  test('a mark is found near the pointer, in its lane alone', () => {
    const events = [event('stop', 100), event('stop', 200), event('line', 200)]
    const marks = marksOf(events, { from: 0, to: 1000 }, AREA)
    expect(markAt(marks, 0, 203, 6)?.event).toBe(events[0])
    expect(markAt(marks, 0, 297, 6)?.event).toBe(events[1])
    expect(markAt(marks, 0, 250, 6)).toBeUndefined()
    expect(markAt(marks, 4, 300, 6)?.event).toBe(events[2])
    expect(markAt(marks, 3, 300, 6)).toBeUndefined()
  })
})

describe('one event after the other', () => {
  const random = new Random(3)
  const ordered = someEvents(random, 300, 10_000).map((each, n) => ({ ...each, text: `${n}` }))
  const run = timeline(ordered, 10_000)

  test('Right comes by every event once, in order, and Left back again', () => {
    let at: TimelineEvent | undefined = ordered[0]
    const seen: (TimelineEvent | undefined)[] = []
    for (; at !== undefined; at = neighbour(ordered, at, 1, run)) seen.push(at)
    expect(seen).toEqual(ordered)
    at = ordered[299]
    for (let i = 299; i >= 0; i--) {
      expect(at).toBe(ordered[i])
      at = neighbour(ordered, at, -1, run)
    }
  })

  test('from where the program stands it goes to the nearest on that side, and beyond what is known', () => {
    const stands = timeline(ordered, 10_000, { position: 5000, after: event('stop', 20_000), before: event('line', 0) })
    expect(neighbour(ordered, undefined, 1, stands)).toBe(ordered.find(each => each.instruction > 5000))
    expect(neighbour(ordered, undefined, -1, stands)).toBe(ordered.filter(each => each.instruction < 5000).at(-1))
    expect(neighbour(ordered, ordered[299], 1, stands)).toBe(stands.after)
    expect(neighbour(ordered, ordered[0], -1, stands)).toBe(stands.before)
  })

  test('Down goes to the nearest of the next lane that has any', () => {
    const events = inOrder([event('stop', 500), event('interrupt', 100), event('interrupt', 480), event('line', 1)])
    const few = timeline(events, 1000)
    const [line, , interrupt, stop] = events
    expect(neighbourLane(events, stop, 1, few)).toBe(interrupt)
    expect(neighbourLane(events, interrupt, 1, few)).toBe(line)
    expect(neighbourLane(events, line, 1, few)).toBeUndefined()
    expect(neighbourLane(events, line, -1, few)?.kind).toBe('interrupt')
  })

  test('at one instruction the program stops after what has happened there', () => {
    const kinds = inOrder([event('stop', 7), event('debug', 7), event('line', 7)]).map(({ kind }) => kind)
    expect(kinds).toEqual(['debug', 'line', 'stop'])
  })
})

describe('the ruler', () => {
  test('has round numbers, apart from each other, that can be told apart', () => {
    const random = new Random(4)
    for (let i = 0; i < 500; i++) {
      const from = random.below(2 ** 31) * random.pick([0, 1, 1000])
      const shown = { from, to: from + 20 + random.below(10 ** random.pick([2, 5, 9])) }
      const ticks = ticksOf(shown, AREA)
      expect(ticks.length).toBeGreaterThan(0)
      expect(ticks.length).toBeLessThanOrEqual(AREA.width / 90 + 1)
      expect(new Set(ticks.map(({ text }) => text)).size).toBe(ticks.length)
    }
  })

  test.each([
    [{ from: 0, to: 311_223 }, ['0', '50 k', '100 k', '150 k', '200 k', '250 k', '300 k']],
    [{ from: 62_000_000, to: 62_004_000 }, ['62,000,000', '62,000,500', '62,001,000']],
    [{ from: 2_000_000, to: 4_000_000 }, ['2.0 M', '2.2 M', '2.4 M']],
  ])('of %o', (shown, texts) => {
    expect(
      ticksOf(shown, AREA)
        .map(({ text }) => text)
        .slice(0, texts.length),
    ).toEqual(texts)
  })
})

test('in words', () => {
  const line = event('line', 1_234_567, { text: 'hello', where: 'uart.c:33' })
  expect(describeEvent(line)).toBe('Output: hello, uart.c:33, at instruction 1,234,567')
  expect(describeMark({ event: line, count: 12, last: 1_240_000 })).toBe(
    '12 lines of output, instructions 1,234,567 to 1,240,000: hello, …',
  )
  const column = event('interrupt', 5, { text: '7 Decrementer', count: 7, last: 900 })
  expect(describeEvent(column)).toBe('7 interrupts, instructions 5 to 900: 7 Decrementer')
  expect(describeTimeline(timeline([], 5000))).toBe('In the present, at instruction 5,000.')
  expect(describeTimeline(timeline([], 5000, { position: 12 }))).toBe('In the past: at instruction 12 of 5,000.')
  expect(describeTimeline(timeline([], 5000, { running: true }))).toBe('Running: 5,000 instructions so far.')
})
