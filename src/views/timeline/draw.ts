// Draws the timeline on a canvas: a ruler, a lane for each kind of events, the beginning, the present and the position.

import type { Timeline, TimelineEvent, TimelineKind } from '../../protocol/messages.ts'
import {
  type DrawnArea,
  LANES,
  type ShownStretch,
  sameEvent,
  type TimelineMark,
  ticksOf,
  xOf,
} from '../models/timeline.ts'
import type { TimelineTheme } from './theme.ts'

export interface Chart {
  readonly width: number
  readonly height: number
  readonly area: DrawnArea
  readonly laneHeight: number
}

export const RULER = 22
const NAMES = 96
const INSET = 10
/** Narrower than this, the names of the lanes would leave no room. */
const NARROW = 420

export function chartOf(width: number, height: number): Chart {
  const left = width < NARROW ? INSET : NAMES + INSET
  return {
    width,
    height,
    area: { left, width: Math.max(10, width - left - 2 * INSET) },
    laneHeight: Math.max(12, Math.min(38, (height - RULER - 4) / LANES.length)),
  }
}

const laneTop = ({ laneHeight }: Chart, lane: number): number => RULER + lane * laneHeight

/** Which lane is at `y`; undefined on the ruler and below. */
export function laneAt(y: number, { laneHeight }: Chart): number | undefined {
  const lane = Math.floor((y - RULER) / laneHeight)
  return lane >= 0 && lane < LANES.length ? lane : undefined
}

export interface Scene {
  readonly timeline: Timeline
  readonly shown: ShownStretch
  readonly marks: readonly TimelineMark[]
  readonly selected: TimelineEvent | undefined
  readonly theme: TimelineTheme
}

export function draw(context: CanvasRenderingContext2D, chart: Chart, scene: Scene): void {
  context.clearRect(0, 0, chart.width, chart.height)
  context.font = scene.theme.font
  context.textBaseline = 'middle'
  drawGrid(context, chart, scene)
  drawUnreachable(context, chart, scene)
  drawMarks(context, chart, scene)
  drawPresent(context, chart, scene)
}

function drawGrid(context: CanvasRenderingContext2D, chart: Chart, { timeline, shown, theme }: Scene): void {
  const bottom = laneTop(chart, LANES.length)
  context.strokeStyle = theme.grid
  context.lineWidth = 1
  context.fillStyle = theme.faint
  context.textAlign = 'center'
  for (const { instruction, text } of ticksOf(shown, chart.area)) {
    const x = Math.round(xOf(instruction, shown, chart.area)) + 0.5
    context.globalAlpha = 0.3
    line(context, x, RULER - 4, x, bottom)
    context.globalAlpha = 1
    if (!isFlagNear(timeline, xOf(timeline.present, shown, chart.area) - x)) context.fillText(text, x, RULER / 2 - 1)
  }
  context.textAlign = 'left'
  for (const [lane, { name }] of LANES.entries()) {
    const top = Math.round(laneTop(chart, lane)) + 0.5
    line(context, 0, top, chart.width, top)
    context.fillStyle = theme.text
    if (chart.area.left > NAMES) context.fillText(name, INSET, top + chart.laneHeight / 2)
  }
  line(context, 0, Math.round(bottom) + 0.5, chart.width, Math.round(bottom) + 0.5)
}

/** Before the beginning of the history nothing can be gone to; behind the position lies what has been left behind. */
function drawUnreachable(context: CanvasRenderingContext2D, chart: Chart, { timeline, shown, theme }: Scene): void {
  const { beginning, position, present, running } = timeline
  const bottom = laneTop(chart, LANES.length)
  const clamp = (x: number): number => Math.max(chart.area.left, Math.min(chart.area.left + chart.area.width, x))
  const x = (instruction: number): number => clamp(xOf(instruction, shown, chart.area))
  context.fillStyle = theme.text
  context.strokeStyle = theme.faint
  if (beginning > shown.from) {
    const end = x(beginning)
    context.save()
    context.beginPath()
    context.rect(chart.area.left, RULER, end - chart.area.left, bottom - RULER)
    context.clip()
    context.globalAlpha = 0.35
    for (let from = chart.area.left - bottom; from < end; from += 8) line(context, from, bottom, from + bottom, 0)
    context.restore()
  }
  if (!running && position < present) {
    context.globalAlpha = 0.07
    context.fillRect(x(position), RULER, x(present) - x(position), bottom - RULER)
    context.globalAlpha = 1
  }
}

function drawMarks(context: CanvasRenderingContext2D, chart: Chart, scene: Scene): void {
  const { marks, theme, selected } = scene
  const most = LANES.map(() => 1)
  for (const { lane, count } of marks) most[lane] = Math.max(most[lane]!, count)
  /** By lane, how far to the right something is drawn. */
  const taken = LANES.map(() => chart.area.left - INSET)
  for (const mark of marks) {
    const middle = laneTop(chart, mark.lane) + chart.laneHeight / 2
    const colour = theme.kinds[mark.event.kind]
    context.fillStyle = colour
    context.strokeStyle = colour
    if (mark.event.kind === 'future') drawFuture(context, chart, mark)
    else if (mark.count === 1) drawShape(context, mark.event.kind, mark.x, middle, Math.min(5, chart.laneHeight / 3))
    else drawMany(context, chart, mark, middle, Math.log1p(mark.count) / Math.log1p(most[mark.lane]!))
    taken[mark.lane] = drawText(context, mark, middle, theme, taken[mark.lane]!)
  }
  if (selected === undefined) return
  const lane = LANES.findIndex(({ kinds }) => kinds.includes(selected.kind))
  const own = marks.find(mark => sameEvent(mark.event, selected))
  const x = own?.x ?? xOf(selected.instruction, scene.shown, chart.area)
  if (x < chart.area.left - 1 || x > chart.area.left + chart.area.width + 1) return
  const end = own !== undefined && own.count > 1 ? Math.max(own.end, own.x + 4) : x
  context.strokeStyle = theme.selected
  context.lineWidth = 2
  const top = laneTop(chart, lane) + 2
  context.strokeRect(x - 8, top, end - x + 16, chart.laneHeight - 4)
  context.lineWidth = 1
}

/** Kinds differ by shape as well as by colour. */
function drawShape(context: CanvasRenderingContext2D, kind: TimelineKind, x: number, y: number, r: number): void {
  context.beginPath()
  switch (kind) {
    case 'stop':
      context.arc(x, y, r, 0, 2 * Math.PI)
      break
    case 'access':
      polygon(context, [x, y - r - 1], [x + r + 1, y], [x, y + r + 1], [x - r - 1, y])
      break
    case 'interrupt':
      polygon(context, [x - r, y - r], [x + r, y - r], [x, y + r])
      break
    case 'debug':
      context.rect(x - r + 1, y - r + 1, 2 * r - 2, 2 * r - 2)
      break
    case 'future':
    case 'line':
      context.rect(x - 1.5, y - r, 3, 2 * r)
  }
  context.fill()
}

/** The more there are, the higher. */
function drawMany(
  context: CanvasRenderingContext2D,
  chart: Chart,
  { x, end }: TimelineMark,
  middle: number,
  share: number,
): void {
  const height = Math.max(4, (chart.laneHeight - 6) * share)
  const bottom = middle + (chart.laneHeight - 6) / 2
  context.globalAlpha = 0.85
  context.fillRect(x - 1.5, bottom - height, Math.max(3, end - x + 3), height)
  context.globalAlpha = 1
}

/** What came after it is not what came after it the first time. */
function drawFuture(context: CanvasRenderingContext2D, chart: Chart, { x }: TimelineMark): void {
  context.setLineDash([3, 3])
  line(context, Math.round(x) + 0.5, RULER, Math.round(x) + 0.5, laneTop(chart, LANES.length))
  context.setLineDash([])
  const top = RULER + 2
  context.beginPath()
  polygon(context, [x, top], [x + 8, top + 4], [x, top + 8])
  context.fill()
}

const LEAST_TEXT = 36
/** Between a mark and its text. */
const GAP = 9

/**
 * Behind the mark where there is room, else before it.
 * @param taken up to there the lane is drawn on
 * @returns up to where it is now
 */
function drawText(
  context: CanvasRenderingContext2D,
  mark: TimelineMark,
  middle: number,
  theme: TimelineTheme,
  taken: number,
): number {
  const behind = mark.room - 2 * GAP - 4
  const before = mark.x - taken - 2 * GAP
  if (behind < LEAST_TEXT && before < LEAST_TEXT) return mark.end
  const { text } = mark.event
  const isBehind = behind >= LEAST_TEXT
  const shown = fitted(
    context,
    mark.count > 1 && mark.event.count === 1 ? `${text}, …` : text,
    isBehind ? behind : before,
  )
  context.fillStyle = theme.text
  context.textAlign = isBehind ? 'left' : 'right'
  context.fillText(shown, isBehind ? mark.end + GAP : mark.x - GAP, middle)
  context.textAlign = 'left'
  return isBehind ? mark.end + GAP + context.measureText(shown).width : mark.end
}

function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  const { width } = context.measureText(text)
  if (width <= room) return text
  return `${text.slice(0, Math.max(1, Math.floor((text.length * room) / width) - 1)).trimEnd()}…`
}

function drawPresent(context: CanvasRenderingContext2D, chart: Chart, { timeline, shown, theme }: Scene): void {
  const { present, position, running } = timeline
  const bottom = laneTop(chart, LANES.length)
  const right = chart.area.left + chart.area.width
  const x = (instruction: number): number | undefined => {
    const at = xOf(instruction, shown, chart.area)
    return at >= chart.area.left - 1 && at <= right + 1 ? at : undefined
  }
  const now = x(present)
  if (now !== undefined) {
    context.strokeStyle = theme.text
    line(context, Math.round(now) + 0.5, RULER - 6, Math.round(now) + 0.5, bottom)
    if (isFlagged(timeline)) flag(context, running ? 'running' : 'present', now, right, theme.text)
  }
  const here = running ? undefined : x(position)
  if (here === undefined) return
  context.fillStyle = theme.position
  context.fillRect(Math.round(here) - 1, RULER - 6, 2, bottom - RULER + 6)
  context.beginPath()
  polygon(context, [here - 6, RULER - 12], [here + 6, RULER - 12], [here, RULER - 2])
  context.fill()
}

/** The present is named where the program does not stand in it. */
const isFlagged = ({ running, position, present }: Timeline): boolean => running || position < present

/** Pixels of the ruler to both sides of the present that its name may take. */
const FLAG = 72

const isFlagNear = (timeline: Timeline, pixels: number): boolean => isFlagged(timeline) && Math.abs(pixels) < FLAG

/** A word on the ruler, beside `x`. */
function flag(context: CanvasRenderingContext2D, text: string, x: number, right: number, colour: string): void {
  const width = context.measureText(text).width + 8
  const left = x + width > right + 2 * INSET ? x - width : x
  context.fillStyle = colour
  context.textAlign = 'left'
  context.fillText(text, left + 4, RULER / 2 - 1)
}

function line(context: CanvasRenderingContext2D, x: number, y: number, toX: number, toY: number): void {
  context.beginPath()
  context.moveTo(x, y)
  context.lineTo(toX, toY)
  context.stroke()
}

function polygon(context: CanvasRenderingContext2D, ...points: readonly (readonly [number, number])[]): void {
  for (const [n, [x, y]] of points.entries()) {
    if (n === 0) context.moveTo(x, y)
    else context.lineTo(x, y)
  }
  context.closePath()
}
