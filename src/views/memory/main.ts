// The page of the memory view: asks for the bytes it shows, draws them as rows, and takes the mouse and the keys.

import { toBase64 } from '../../util/base64.ts'
import {
  describeSelection,
  inUnits,
  MEMORY_UNITS,
  type MemoryMove,
  type MemoryView,
  memoryRows,
  moved,
  pointerAt,
  resized,
  scrolled,
  selectedAt,
  startView,
  stretchOf,
  type TypedKey,
  typedBackspace,
  typedDigit,
  typedEnter,
  typedEscape,
  wentBack,
  wentForward,
  wentTo,
} from '../models/memory.ts'
import { MemoryBytes } from '../models/memoryBytes.ts'
import type { FromMemoryPage, ToMemoryPage } from '../models/memoryMessages.ts'
import { drawRows } from './rows.ts'

declare function acquireVsCodeApi(): {
  postMessage(message: FromMemoryPage): void
  getState(): unknown
  setState(state: unknown): void
}

const NO_SESSION =
  'No PowerPC 440 program is being debugged. Press F5: its memory appears here as the program sees it, and what changes from stop to stop is marked.'
/** Pixels. */
const ROW = 20
/** With fewer, a row has eight bytes. */
const WIDE = 640

const byId = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind
const page = {
  run: byId('run'),
  empty: byId('empty'),
  grid: byId('grid'),
  status: byId('status'),
  where: byId<HTMLInputElement>('where'),
  unit: byId<HTMLSelectElement>('unit'),
  back: byId<HTMLButtonElement>('back'),
  forward: byId<HTMLButtonElement>('forward'),
}
const editor = acquireVsCodeApi()

/** What outlives the page: it is made anew whenever it is shown again. */
let view: MemoryView = { ...startView(), ...(editor.getState() as Partial<MemoryView> | undefined) }
const bytes = new MemoryBytes()
let session: string | undefined
let isAsked = false
/** Something changed while an answer was awaited. */
let isStale = false
/** Something may have been written since what is known was read. */
let isNews = false
let isDrawn = false

// ---- asking -------------------------------------------------------------------------------------------------------------

function ask(): void {
  if (isAsked) {
    isStale = true
    return
  }
  isAsked = true
  editor.postMessage({ kind: 'ask', stretch: stretchOf(view) })
}

window.addEventListener('message', ({ data }: MessageEvent<ToMemoryPage>) => {
  switch (data.kind) {
    case 'changed':
      isNews = true
      return ask()
    case 'said':
      page.status.textContent = data.text
      return
    case 'goTo':
      page.where.value = ''
      page.grid.focus()
      return show(wentTo(view, data.address))
    case 'none':
      answered()
      session = undefined
      page.empty.textContent = NO_SESSION
      page.run.hidden = true
      page.empty.hidden = false
      return
    case 'memory':
      answered()
      if (session !== data.session) bytes.forget()
      session = data.session
      bytes.take(data.memory, isNews)
      isNews = false
      page.empty.hidden = true
      page.run.hidden = false
      return redraw()
  }
})

function answered(): void {
  isAsked = false
  if (isStale) {
    isStale = false
    ask()
  }
}

// ---- drawing ------------------------------------------------------------------------------------------------------------

/** Shows another state: what is known of it at once, and the rest when it is there. */
function show(next: MemoryView): void {
  const hasMoved = next.top !== view.top || next.rows !== view.rows || next.perRow !== view.perRow
  view = next
  const { typed: _, ...kept } = view
  editor.setState(kept)
  redraw()
  if (hasMoved) ask()
}

function redraw(): void {
  if (isDrawn) return
  isDrawn = true
  requestAnimationFrame(() => {
    isDrawn = false
    drawRows(page.grid, memoryRows(view, bytes), view)
    page.status.textContent = describeSelection(view, bytes)
    page.unit.value = String(view.unit)
    page.back.disabled = view.back.length === 0
    page.forward.disabled = view.forward.length === 0
  })
}

new ResizeObserver(() => {
  const { width, height } = page.grid.getBoundingClientRect()
  if (width > 0) show(resized(view, Math.max(1, Math.floor(height / ROW)), width < WIDE ? 8 : 16))
}).observe(page.grid)

// ---- keys ---------------------------------------------------------------------------------------------------------------

const MOVES: Readonly<Record<string, MemoryMove>> = {
  ...{ ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' },
  ...{ PageUp: 'pageUp', PageDown: 'pageDown', Home: 'rowStart', End: 'rowEnd' },
}
const WITH_CONTROL: Readonly<Record<string, MemoryMove>> = { Home: 'first', End: 'last' }

function follow(): void {
  const pointer = pointerAt(view, bytes)
  if (pointer !== undefined) show(wentTo(view, pointer))
}

function write({ view: next, write }: TypedKey): void {
  if (write !== undefined) editor.postMessage({ kind: 'write', address: write.address, base64: toBase64(write.bytes) })
  show(next)
}

/** @returns whether the key means something here */
function press({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  const isTyping = view.typed !== undefined
  if (altKey) {
    if (key === 'ArrowLeft') show(wentBack(view))
    else if (key === 'ArrowRight') show(wentForward(view))
    else return false
  } else if (ctrlKey || metaKey) {
    const move = WITH_CONTROL[key]
    if (move === undefined) return false
    show(moved(view, move))
  } else if (MOVES[key] !== undefined) show(moved(view, MOVES[key]))
  else if (/^[0-9a-f]$/i.test(key)) type(key)
  else if (key === 'Enter') isTyping ? write(typedEnter(view)) : follow()
  else if (key === 'Escape' && isTyping) show(typedEscape(view))
  else if (key === 'Backspace') show(isTyping ? typedBackspace(view) : wentBack(view))
  else if (key === 'g') page.where.select()
  else return false
  return true
}

function type(digit: string): void {
  const isThere = bytes.number(view.selected, view.unit) !== undefined
  if (isThere) write(typedDigit(view, digit))
  else
    page.status.textContent = `Nothing can be written there: ${bytes.whyNot(view.selected) ?? 'it is not known yet'}.`
}

page.grid.addEventListener('keydown', event => {
  if (press(event)) event.preventDefault()
})
page.where.addEventListener('keydown', event => {
  if (event.key === 'Escape') return page.grid.focus()
  if (event.key !== 'Enter' || page.where.value.trim() === '') return
  editor.postMessage({ kind: 'goTo', expression: page.where.value })
})

// ---- the mouse ------------------------------------------------------------------------------------------------------------

const addressUnder = ({ target }: Event): number | undefined => {
  const cell = (target as HTMLElement).closest<HTMLElement>('[data-address]')
  return cell === null ? undefined : Number(cell.dataset.address)
}

page.grid.addEventListener('click', event => {
  const address = addressUnder(event)
  if (address !== undefined) show(selectedAt(view, address))
})
page.grid.addEventListener('dblclick', event => {
  if (addressUnder(event) !== undefined) follow()
})
/** Wheels tell pixels, lines or pages; what is less than a row waits for more. */
let rest = 0
page.grid.addEventListener(
  'wheel',
  event => {
    event.preventDefault()
    rest += event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY / ROW : event.deltaY
    const rows = Math.trunc(rest)
    rest -= rows
    if (rows !== 0) show(scrolled(view, rows))
  },
  { passive: false },
)
page.back.addEventListener('click', () => show(wentBack(view)))
page.forward.addEventListener('click', () => show(wentForward(view)))
page.unit.addEventListener('change', () => {
  show(inUnits(view, MEMORY_UNITS.find(each => each === Number(page.unit.value)) ?? 4))
  page.grid.focus()
})

ask()
editor.postMessage({ kind: 'ready' })
