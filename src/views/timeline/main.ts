// The page of the timeline: asks for the stretch it shows, draws it, and takes the mouse and the keys.

import type { Timeline, TimelineEvent } from '../../protocol/messages.ts'
import {
  describeEvent,
  describeMark,
  describeTimeline,
  inOrder,
  instructionAt,
  markAt,
  marksOf,
  neighbour,
  neighbourLane,
  panned,
  type ShownStretch,
  showing,
  type TimelineMark,
  wholeNumber,
  wholeRun,
  zoomed,
} from '../models/timeline.ts'
import type { FromTimelinePage, ToTimelinePage } from '../models/timelineMessages.ts'
import { chartOf, draw, laneAt, RULER } from './draw.ts'
import { readTheme } from './theme.ts'

declare function acquireVsCodeApi(): { postMessage(message: FromTimelinePage): void }

/** Milliseconds between two looks at a running program, which is held up for as long as they take. */
const WHILE_RUNNING = 1000
/** Pixels around a mark that still mean it. */
const REACH = 6
/** Pixels after which a press is a drag. */
const DRAG = 4
const STEP = 1.4

const NO_SESSION =
  'No PowerPC 440 program is being debugged. Press F5: stops, interrupts, debug events, watched variables and output appear here along the instructions of the run, and a click goes there.'
const NOT_KEPT =
  'No history of this run is kept, so there is nothing to look back at. Set "history" in launch.json to more than 0 (megabytes), and start again.'

const byId = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind
const page = {
  run: byId('run'),
  chart: byId('chart'),
  canvas: byId<HTMLCanvasElement>('canvas'),
  status: byId('status'),
  empty: byId('empty'),
  tip: byId('tip'),
}
const context = page.canvas.getContext('2d')!
const editor = acquireVsCodeApi()

let theme = readTheme()
let chart = chartOf(0, 0)
let session: string | undefined
let timeline: Timeline | undefined
let ordered: TimelineEvent[] = []
/** Undefined: the whole run, however long it is by then. */
let zoom: ShownStretch | undefined
let selected: TimelineEvent | undefined
let marks: TimelineMark[] = []
let isDrawn = false
let isAsked = false
/** Something changed while an answer was awaited. */
let isStale = false
let later: ReturnType<typeof setTimeout> | undefined
let drag: { readonly x: number; readonly shown: ShownStretch; moved: boolean } | undefined

// ---- asking -------------------------------------------------------------------------------------------------------------

function ask(): void {
  if (isAsked) {
    isStale = true
    return
  }
  isAsked = true
  clearTimeout(later)
  // Something to both sides is there already when it is moved to.
  const margin = zoom === undefined ? 0 : zoom.to - zoom.from
  const stretch = zoom && { from: Math.max(0, Math.floor(zoom.from - margin)), to: Math.ceil(zoom.to + margin) }
  const columns = Math.max(100, Math.min(1000, Math.round((chart.area.width / 4) * (zoom === undefined ? 1 : 3))))
  editor.postMessage({ kind: 'ask', stretch: { ...stretch, columns } })
}

window.addEventListener('message', ({ data }: MessageEvent<ToTimelinePage>) => {
  switch (data.kind) {
    case 'changed':
      return ask()
    case 'said':
      page.status.textContent = data.text
      return
    case 'none':
      answered()
      return showEmpty(NO_SESSION)
    case 'timeline':
      answered()
      return take(data.session, data.timeline)
  }
})

function answered(): void {
  isAsked = false
  if (isStale) {
    isStale = false
    ask()
  }
}

function take(from: string, news: Timeline): void {
  if (from !== session) {
    session = from
    zoom = undefined
    selected = undefined
  }
  if (!news.isKept) return showEmpty(NOT_KEPT)
  const hasMoved = timeline?.position !== news.position || timeline.running !== news.running
  timeline = news
  ordered = inOrder(news.events)
  // The program stands elsewhere, or a new future has taken it with it.
  const isLeft = hasMoved && !news.running && selected?.instruction !== news.position
  if (selected !== undefined && (isLeft || selected.instruction > news.present)) selected = undefined
  if (hasMoved && zoom !== undefined && !news.running) show(showing(zoom, news.position, news))
  page.empty.hidden = true
  page.run.hidden = false
  if (hasMoved || selected === undefined) say()
  redraw()
  if (news.running) later = setTimeout(ask, WHILE_RUNNING)
}

function showEmpty(text: string): void {
  timeline = undefined
  session = undefined
  page.empty.textContent = text
  page.empty.hidden = false
  page.run.hidden = true
  page.tip.hidden = true
}

function say(): void {
  if (timeline === undefined) return
  page.status.textContent = selected === undefined ? describeTimeline(timeline) : describeEvent(selected)
}

// ---- drawing ------------------------------------------------------------------------------------------------------------

const shownNow = (of: Timeline): ShownStretch => zoom ?? wholeRun(of)

function redraw(): void {
  if (isDrawn) return
  isDrawn = true
  requestAnimationFrame(() => {
    isDrawn = false
    if (timeline === undefined) return
    const shown = shownNow(timeline)
    marks = marksOf(ordered, shown, chart.area)
    draw(context, chart, { timeline, shown, marks, selected, theme })
  })
}

new ResizeObserver(() => {
  const { width, height } = page.chart.getBoundingClientRect()
  if (width === 0) return
  const ratio = window.devicePixelRatio
  chart = chartOf(width, height)
  page.canvas.width = Math.round(width * ratio)
  page.canvas.height = Math.round(height * ratio)
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  redraw()
  ask()
}).observe(page.chart)

new MutationObserver(() => {
  theme = readTheme()
  redraw()
}).observe(document.body, { attributes: true, attributeFilter: ['class'] })

/** Shows a stretch: what is known of it at once, and the rest when it is there. */
function show(stretch: ShownStretch): void {
  if (timeline === undefined) return
  const whole = wholeRun(timeline)
  zoom = stretch.from <= 0 && stretch.to >= whole.to ? undefined : stretch
  redraw()
  ask()
}

function zoomBy(factor: number, around?: number): void {
  if (timeline === undefined) return
  const shown = shownNow(timeline)
  const isVisible = (at: number): boolean => at >= shown.from && at <= shown.to
  const middle = [around, selected?.instruction, timeline.position].find(at => at !== undefined && isVisible(at))
  show(zoomed(shown, factor, middle ?? (shown.from + shown.to) / 2, timeline))
}

// ---- going --------------------------------------------------------------------------------------------------------------

function select(event: TimelineEvent | undefined): void {
  if (timeline === undefined || event === undefined) return
  selected = event
  say()
  if (zoom !== undefined) show(showing(zoom, event.instruction, timeline))
  redraw()
}

function goTo(event: Pick<TimelineEvent, 'instruction' | 'interrupts'>): void {
  if (timeline === undefined) return
  if (timeline.running) page.status.textContent = 'The program is running: pause it, then it can be gone back.'
  else if (event.instruction < timeline.beginning)
    page.status.textContent = `What came before instruction ${wholeNumber(timeline.beginning)} cannot be gone to any more: give the history more memory with "history" in launch.json.`
  else {
    const { instruction, interrupts } = event
    editor.postMessage({ kind: 'goTo', to: { instruction, ...(interrupts !== undefined && { interrupts }) } })
  }
}

const KEYS: Readonly<Record<string, () => void>> = {
  ArrowRight: () => timeline && select(neighbour(ordered, selected, 1, timeline)),
  ArrowLeft: () => timeline && select(neighbour(ordered, selected, -1, timeline)),
  ArrowDown: () => timeline && select(neighbourLane(ordered, selected, 1, timeline)),
  ArrowUp: () => timeline && select(neighbourLane(ordered, selected, -1, timeline)),
  Home: () => toEnd(0),
  End: () => timeline && toEnd(timeline.present),
  Enter: () => selected && goTo(selected),
  ' ': () => selected && goTo(selected),
  '+': () => zoomBy(1 / STEP),
  '=': () => zoomBy(1 / STEP),
  '-': () => zoomBy(STEP),
  '0': () => timeline && show(wholeRun(timeline)),
  PageDown: () => panBy(0.8),
  PageUp: () => panBy(-0.8),
  Escape: () => {
    selected = undefined
    say()
    redraw()
  },
}

/** To the first or to the last event, which may not be among those that are known. */
function toEnd(instruction: number): void {
  if (timeline === undefined) return
  if (zoom !== undefined) show(showing(zoom, instruction, timeline))
  const event = instruction === 0 ? ordered[0] : ordered[ordered.length - 1]
  if (event !== undefined) select(event)
}

function panBy(share: number): void {
  if (timeline === undefined) return
  const shown = shownNow(timeline)
  show(panned(shown, share * (shown.to - shown.from), timeline))
}

page.chart.addEventListener('keydown', event => {
  const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key]
  if (action === undefined) return
  event.preventDefault()
  page.tip.hidden = true
  action()
})
byId('more').addEventListener('click', () => zoomBy(1 / STEP))
byId('less').addEventListener('click', () => zoomBy(STEP))
byId('all').addEventListener('click', () => timeline && show(wholeRun(timeline)))

// ---- the mouse ------------------------------------------------------------------------------------------------------------

function markUnder({ offsetX, offsetY }: MouseEvent): TimelineMark | undefined {
  const lane = laneAt(offsetY, chart)
  return lane === undefined ? undefined : markAt(marks, lane, offsetX, REACH)
}

/** The instruction under the pointer, on the ruler. */
function instructionUnder({ offsetX, offsetY }: MouseEvent): number | undefined {
  if (timeline === undefined || offsetY >= RULER || offsetX < chart.area.left) return undefined
  const at = Math.round(instructionAt(offsetX, shownNow(timeline), chart.area))
  return Math.max(timeline.beginning, Math.min(timeline.present, at))
}

page.chart.addEventListener('pointerdown', event => {
  if (timeline === undefined || event.button !== 0) return
  drag = { x: event.offsetX, shown: shownNow(timeline), moved: false }
  page.chart.setPointerCapture(event.pointerId)
})

page.chart.addEventListener('pointermove', event => {
  if (timeline === undefined) return
  if (drag === undefined) return point(event)
  const moved = drag.x - event.offsetX
  if (!drag.moved && Math.abs(moved) < DRAG) return
  drag.moved = true
  page.tip.hidden = true
  page.chart.classList.add('dragging')
  const { from, to } = drag.shown
  show(panned(drag.shown, (moved / chart.area.width) * (to - from), timeline))
})

page.chart.addEventListener('pointerup', event => {
  const wasDrag = drag?.moved === true
  drag = undefined
  page.chart.classList.remove('dragging')
  if (timeline === undefined || wasDrag) return
  const mark = markUnder(event)
  const instruction = instructionUnder(event)
  if (mark !== undefined) {
    selected = mark.event
    say()
    redraw()
    goTo(mark.event)
  } else if (instruction !== undefined) goTo({ instruction })
})

page.chart.addEventListener('pointerleave', () => {
  page.tip.hidden = true
})

page.chart.addEventListener(
  'wheel',
  event => {
    if (timeline === undefined) return
    event.preventDefault()
    page.tip.hidden = true
    const shown = shownNow(timeline)
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      show(panned(shown, ((sideways * pixels) / chart.area.width) * (shown.to - shown.from), timeline))
      return
    }
    const speed = event.ctrlKey ? 0.01 : 0.002
    show(
      zoomed(shown, Math.exp(event.deltaY * pixels * speed), instructionAt(event.offsetX, shown, chart.area), timeline),
    )
  },
  { passive: false },
)

function point(event: MouseEvent): void {
  const mark = markUnder(event)
  const instruction = mark === undefined ? instructionUnder(event) : undefined
  page.chart.classList.toggle('pointing', mark !== undefined || instruction !== undefined)
  if (mark === undefined && instruction === undefined) {
    page.tip.hidden = true
    return
  }
  const [text, hint] =
    mark === undefined
      ? [`Instruction ${wholeNumber(instruction!)}`, 'Click to go there']
      : [describeMark(mark), mark.count === 1 ? 'Click to go there' : 'Click to go to the first; zoom in to see each']
  const more = document.createElement('small')
  more.textContent = hint
  page.tip.replaceChildren(text, more)
  page.tip.hidden = false
  const { width, height } = page.tip.getBoundingClientRect()
  const left = Math.max(4, Math.min(event.offsetX + 12, window.innerWidth - width - 4))
  const below = event.offsetY + 18
  page.tip.style.left = `${left}px`
  page.tip.style.top = `${below + height > window.innerHeight - 4 ? Math.max(2, event.offsetY - height - 10) : below}px`
}

showEmpty(NO_SESSION)
ask()
