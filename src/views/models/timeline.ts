// The timeline as data: which stretch is shown, where on the screen its events are, and what is said of them. Pixels are
// those of CSS, from the left edge.

import type { Timeline, TimelineEvent, TimelineKind } from '../../protocol/messages.ts'

/** What is shown, by instruction numbers; `to` is more than `from`. */
export interface ShownStretch {
  readonly from: number
  readonly to: number
}

interface TimelineLane {
  readonly name: string
  readonly kinds: readonly TimelineKind[]
}

export const LANES: readonly TimelineLane[] = [
  { name: 'Stops', kinds: ['stop', 'future'] },
  { name: 'Watched', kinds: ['access'] },
  { name: 'Interrupts', kinds: ['interrupt'] },
  { name: 'Debug events', kinds: ['debug'] },
  { name: 'Output', kinds: ['line'] },
]

/** As little as is ever shown, in instructions. */
const LEAST = 20

/** Where the stretch is drawn: from `left`, `width` pixels wide. */
export interface DrawnArea {
  readonly left: number
  readonly width: number
}

export const xOf = (instruction: number, { from, to }: ShownStretch, { left, width }: DrawnArea): number =>
  left + ((instruction - from) / (to - from)) * width

export const instructionAt = (x: number, { from, to }: ShownStretch, { left, width }: DrawnArea): number =>
  from + ((x - left) / width) * (to - from)

// ---- the stretch that is shown ----------------------------------------------------------------------------------------

export const wholeRun = ({ present }: Pick<Timeline, 'present'>): ShownStretch => ({
  from: 0,
  to: Math.max(LEAST, present),
})

/** The same, moved and narrowed so that it lies in the run. */
function within({ from, to }: ShownStretch, timeline: Timeline): ShownStretch {
  const whole = wholeRun(timeline)
  const length = Math.min(whole.to, Math.max(LEAST, to - from))
  const start = Math.min(Math.max(0, from), whole.to - length)
  return { from: start, to: start + length }
}

/** `factor` times as much is shown around what is at `instruction`. */
export function zoomed(shown: ShownStretch, factor: number, instruction: number, timeline: Timeline): ShownStretch {
  const length = Math.min(wholeRun(timeline).to, Math.max(LEAST, (shown.to - shown.from) * factor))
  const share = (instruction - shown.from) / (shown.to - shown.from)
  const from = instruction - share * length
  return within({ from, to: from + length }, timeline)
}

export const panned = ({ from, to }: ShownStretch, by: number, timeline: Timeline): ShownStretch =>
  within({ from: from + by, to: to + by }, timeline)

/** Moved as little as shows `instruction`, with something around it. */
export function showing(shown: ShownStretch, instruction: number, timeline: Timeline): ShownStretch {
  const margin = (shown.to - shown.from) / 10
  if (instruction >= shown.from && instruction <= shown.to) return shown
  const by = instruction < shown.from ? instruction - margin - shown.from : instruction + margin - shown.to
  return panned(shown, by, timeline)
}

// ---- marks ------------------------------------------------------------------------------------------------------------

/** An event, or several that lie too close together to be told apart. */
export interface TimelineMark {
  readonly lane: number
  /** The first of them. */
  readonly event: TimelineEvent
  count: number
  /** Instruction of the last. */
  last: number
  readonly x: number
  end: number
  /** Free pixels behind it, where something can be written. */
  room: number
}

/** Events closer than this are one mark. */
const CLOSE = 5

const LANE_OF = new Map(LANES.flatMap(({ kinds }, lane) => kinds.map(kind => [kind, lane] as const)))

/** @param events of each kind in the order of time, of each lane in the order of `inOrder` */
export function marksOf(events: readonly TimelineEvent[], shown: ShownStretch, area: DrawnArea): TimelineMark[] {
  const marks: TimelineMark[] = []
  const lasts: (TimelineMark | undefined)[] = LANES.map(() => undefined)
  const scale = area.width / (shown.to - shown.from)
  const right = area.left + area.width
  for (const event of events) {
    if (event.last < shown.from || event.instruction > shown.to) continue
    const lane = LANE_OF.get(event.kind)!
    const x = Math.max(area.left, area.left + (event.instruction - shown.from) * scale)
    const end = Math.min(right, area.left + (event.last - shown.from) * scale)
    const last = lasts[lane]
    if (last !== undefined && x - last.end < CLOSE && event.kind !== 'future' && last.event.kind !== 'future') {
      last.count += event.count
      last.last = Math.max(last.last, event.last)
      last.end = Math.max(last.end, end)
      continue
    }
    const mark = { lane, event, count: event.count, last: event.last, x, end, room: 0 }
    if (last !== undefined) last.room = x - last.end
    lasts[lane] = mark
    marks.push(mark)
  }
  for (const last of lasts) if (last !== undefined) last.room = right - last.end
  return marks
}

/** The nearest mark of a lane within `reach` pixels of `x`. */
export function markAt(
  marks: readonly TimelineMark[],
  lane: number,
  x: number,
  reach: number,
): TimelineMark | undefined {
  const distance = (mark: TimelineMark): number => Math.max(mark.x - x, x - mark.end, 0)
  const near = marks.filter(mark => mark.lane === lane && distance(mark) <= reach)
  return near.reduce<TimelineMark | undefined>(
    (best, mark) => (best === undefined || distance(mark) < distance(best) ? mark : best),
    undefined,
  )
}

// ---- one event after the other ----------------------------------------------------------------------------------------

/** In the order of time, across all kinds. */
export const inOrder = (events: readonly TimelineEvent[]): TimelineEvent[] =>
  [...events].sort(
    (a, b) => a.instruction - b.instruction || (a.interrupts ?? 0) - (b.interrupts ?? 0) || rank(a) - rank(b),
  )

/** What has happened at an instruction stops the program there afterwards. */
const rank = ({ kind }: TimelineEvent): number => (kind === 'stop' ? 1 : kind === 'future' ? 2 : 0)

export const sameEvent = (a: TimelineEvent | undefined, b: TimelineEvent | undefined): boolean =>
  a?.kind === b?.kind && a?.instruction === b?.instruction && a?.interrupts === b?.interrupts && a?.text === b?.text

/**
 * The event after `selected` (`step` 1) or before it (-1); without one, from where the program stands.
 * @param ordered by `inOrder`
 */
export function neighbour(
  ordered: readonly TimelineEvent[],
  selected: TimelineEvent | undefined,
  step: 1 | -1,
  { position, before, after }: Timeline,
): TimelineEvent | undefined {
  const at = ordered.findIndex(each => sameEvent(each, selected))
  const outside = step > 0 ? after : before
  if (at >= 0) return ordered[at + step] ?? outside
  const from = selected?.instruction ?? position
  const found =
    step > 0 ? ordered.find(each => each.instruction > from) : ordered.filter(each => each.instruction < from).pop()
  return found ?? outside
}

/** The event of the next lane with any (`step` 1: below) that is nearest to `selected`. */
export function neighbourLane(
  ordered: readonly TimelineEvent[],
  selected: TimelineEvent | undefined,
  step: 1 | -1,
  { position }: Timeline,
): TimelineEvent | undefined {
  const from = selected?.instruction ?? position
  let lane = selected === undefined ? (step > 0 ? -1 : LANES.length) : LANE_OF.get(selected.kind)!
  for (lane += step; lane >= 0 && lane < LANES.length; lane += step) {
    const all = ordered.filter(({ kind }) => LANE_OF.get(kind) === lane)
    const distance = ({ instruction }: TimelineEvent): number => Math.abs(instruction - from)
    if (all.length > 0) return all.reduce((best, each) => (distance(each) < distance(best) ? each : best))
  }
  return undefined
}

// ---- the ruler ----------------------------------------------------------------------------------------------------------

export interface RulerTick {
  readonly instruction: number
  readonly text: string
}

/** Round numbers, about `apart` pixels from each other or more. */
export function ticksOf({ from, to }: ShownStretch, { width }: DrawnArea, apart = 90): RulerTick[] {
  const least = ((to - from) * apart) / Math.max(1, width)
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)))
  const step = Math.max(1, [1, 2, 5, 10].map(each => each * power).find(each => each >= least)!)
  const ticks: RulerTick[] = []
  for (let at = Math.ceil(from / step) * step; at <= to; at += step)
    ticks.push({ instruction: at, text: shortNumber(at, step) })
  return ticks
}

const UNITS = [
  { unit: 1e9, name: ' G' },
  { unit: 1e6, name: ' M' },
  { unit: 1e3, name: ' k' },
]

/** `1.25 M`, with as many digits as tell it from the next one, `step` further on; `1,250,001` where that would be too many. */
function shortNumber(value: number, step: number): string {
  const found = UNITS.find(({ unit }) => value >= unit)
  if (found === undefined || step < found.unit / 1000) return wholeNumber(value)
  const digits = Math.max(0, Math.ceil(-Math.log10(step / found.unit) - 1e-9))
  return `${(value / found.unit).toFixed(digits)}${found.name}`
}

/** `1,234,567` */
export const wholeNumber = (value: number): string =>
  Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')

// ---- in words -----------------------------------------------------------------------------------------------------------

const NAMES: Readonly<Record<TimelineKind, readonly [one: string, many: string]>> = {
  stop: ['Stop', 'stops'],
  future: ['New future', 'new futures'],
  access: ['Watched', 'accesses to what is watched'],
  interrupt: ['Interrupt', 'interrupts'],
  debug: ['Debug event', 'debug events'],
  line: ['Output', 'lines of output'],
}

/** What a mark is, for who points at it and for who hears it. */
export function describeMark(mark: Pick<TimelineMark, 'event' | 'count' | 'last'>): string {
  const { event, count, last } = mark
  const [one, many] = NAMES[event.kind]
  const where = event.where === undefined ? '' : `, ${event.where}`
  if (count === 1) return `${one}: ${event.text}${where}, at instruction ${wholeNumber(event.instruction)}`
  const stretch = `instructions ${wholeNumber(event.instruction)} to ${wholeNumber(last)}`
  return `${wholeNumber(count)} ${many}, ${stretch}: ${event.text}${event.count === count ? '' : ', …'}`
}

export const describeEvent = (event: TimelineEvent): string =>
  describeMark({ event, count: event.count, last: event.last })

/** What the view is about, in a sentence. */
export function describeTimeline({ present, position, running }: Timeline): string {
  if (running) return `Running: ${wholeNumber(present)} instructions so far.`
  if (position < present) return `In the past: at instruction ${wholeNumber(position)} of ${wholeNumber(present)}.`
  return `In the present, at instruction ${wholeNumber(present)}.`
}
