// The memory view as data: which rows are shown, which number is selected or being typed, where one has been. What a key does
// gives a new state; bytes come from MemoryBytes. Draws nothing, asks nobody.

import type { MemoryBytes } from './memoryBytes.ts'

/** Bytes of one number that is shown. */
export type MemoryUnit = 1 | 2 | 4 | 8
export const MEMORY_UNITS: readonly MemoryUnit[] = [1, 2, 4, 8]

export interface MemoryView {
  /** Address of the first row. */
  readonly top: number
  /** How many rows there is room for, and bytes in each. */
  readonly rows: number
  readonly perRow: 8 | 16
  readonly unit: MemoryUnit
  /** Address of the number that is selected. */
  readonly selected: number
  /** Digits that have been typed into it. */
  readonly typed?: string
  /** Where one has been, and where one came back from. */
  readonly back: readonly number[]
  readonly forward: readonly number[]
}

export interface MemoryCell {
  readonly address: number
  /** As many digits as the number has; `??` for a byte that cannot be read. */
  readonly text: string
  readonly isChanged: boolean
  readonly isSelected: boolean
  readonly isReadable: boolean
}

export interface MemoryRow {
  readonly address: number
  /** Names that begin here; of the first row also `name+0x10`, what it belongs to. */
  readonly label: string
  readonly cells: readonly MemoryCell[]
  readonly characters: readonly { readonly text: string; readonly isChanged: boolean }[]
}

const SPACE = 2 ** 32

export const startView = (address = 0): MemoryView => ({
  ...{ top: 0, rows: 16, perRow: 16, unit: 4, selected: 0, back: [], forward: [] },
  ...placed(address, 16, 16, 4),
})

/** A view whose first row has `address`, which is selected. */
function placed(address: number, rows: number, perRow: number, unit: MemoryUnit): Pick<MemoryView, 'top' | 'selected'> {
  const selected = address - (address % unit)
  return { top: topWithin(selected - (selected % perRow), rows, perRow), selected }
}

/** No row is behind the last of the address space. */
const topWithin = (top: number, rows: number, perRow: number): number =>
  Math.max(0, Math.min(top, SPACE - rows * perRow))

/** Somewhere else, from where one can come back. */
export function wentTo(view: MemoryView, address: number): MemoryView {
  const { typed: _, ...rest } = view
  const back = view.selected === address ? view.back : [...view.back, view.selected]
  return { ...rest, ...shown(rest, address), back, forward: [] }
}

export function wentBack(view: MemoryView): MemoryView {
  const last = view.back.at(-1)
  if (last === undefined) return view
  const { typed: _, ...rest } = view
  return { ...rest, ...shown(rest, last), back: view.back.slice(0, -1), forward: [...view.forward, view.selected] }
}

export function wentForward(view: MemoryView): MemoryView {
  const next = view.forward.at(-1)
  if (next === undefined) return view
  const { typed: _, ...rest } = view
  return { ...rest, ...shown(rest, next), back: [...view.back, view.selected], forward: view.forward.slice(0, -1) }
}

/** Where an address is selected: the rows stay where they are, if it is among them. */
function shown(view: MemoryView, address: number): Pick<MemoryView, 'top' | 'selected'> {
  const { top, rows, perRow, unit } = view
  const isShown = address >= top && address < top + rows * perRow
  return isShown ? { top, selected: address - (address % unit) } : placed(address, rows, perRow, unit)
}

export function resized(view: MemoryView, rows: number, perRow: 8 | 16): MemoryView {
  if (rows === view.rows && perRow === view.perRow) return view
  const top = topWithin(view.top - (view.top % perRow), rows, perRow)
  return seen({ ...view, rows, perRow, top })
}

export function inUnits(view: MemoryView, unit: MemoryUnit): MemoryView {
  const { typed: _, ...rest } = view
  return { ...rest, unit, selected: view.selected - (view.selected % unit) }
}

export function scrolled(view: MemoryView, rows: number): MemoryView {
  return { ...view, top: topWithin(view.top + rows * view.perRow, view.rows, view.perRow) }
}

export function selectedAt(view: MemoryView, address: number): MemoryView {
  const { typed: _, ...rest } = view
  const within = Math.max(0, Math.min(address, SPACE - view.unit))
  return seen({ ...rest, selected: within - (within % view.unit) })
}

/** Scrolled as little as brings the selected row into view. */
function seen(view: MemoryView): MemoryView {
  const { top, rows, perRow, selected } = view
  const row = selected - (selected % perRow)
  if (row < top) return { ...view, top: row }
  return row >= top + rows * perRow ? { ...view, top: topWithin(row - (rows - 1) * perRow, rows, perRow) } : view
}

export type MemoryMove =
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'rowStart'
  | 'rowEnd'
  | 'first'
  | 'last'

export function moved(view: MemoryView, move: MemoryMove): MemoryView {
  const { selected, unit, perRow, rows } = view
  const row = selected - (selected % perRow)
  const to: Readonly<Record<MemoryMove, number>> = {
    ...{ left: selected - unit, right: selected + unit, up: selected - perRow, down: selected + perRow },
    ...{ pageUp: selected - rows * perRow, pageDown: selected + rows * perRow },
    ...{ rowStart: row, rowEnd: row + perRow - unit, first: 0, last: SPACE - unit },
  }
  // At an end the column stays.
  const wanted = to[move]
  const isBeyond = wanted < 0 || wanted >= SPACE
  if (!isBeyond) return withPage(selectedAt(view, wanted), view, move)
  if (move === 'pageUp') return selectedAt(view, selected % perRow)
  return move === 'pageDown' ? selectedAt(view, SPACE - perRow + (selected % perRow)) : view
}

/** A page further the selected number stays where it is on the screen. */
function withPage(to: MemoryView, from: MemoryView, move: MemoryMove): MemoryView {
  if (move !== 'pageUp' && move !== 'pageDown') return to
  return seen({ ...to, top: topWithin(from.top + to.selected - from.selected, to.rows, to.perRow) })
}

// ---- typing -------------------------------------------------------------------------------------------------------------

/** What is to be written after a key: nothing while there are digits to come. */
export interface TypedKey {
  readonly view: MemoryView
  readonly write?: { readonly address: number; readonly bytes: Uint8Array }
}

/** A hexadecimal digit into the number that is selected; with its last one it is written, and the next is selected. */
export function typedDigit(view: MemoryView, digit: string): TypedKey {
  const typed = (view.typed ?? '') + digit.toLowerCase()
  return typed.length < 2 * view.unit ? { view: { ...view, typed } } : written(view, typed)
}

export function typedBackspace(view: MemoryView): MemoryView {
  const { typed = '', ...rest } = view
  return typed.length > 1 ? { ...rest, typed: typed.slice(0, -1) } : rest
}

/** What has been typed is the whole number. */
export const typedEnter = (view: MemoryView): TypedKey =>
  view.typed === undefined ? { view } : written(view, view.typed)

export function typedEscape(view: MemoryView): MemoryView {
  const { typed: _, ...rest } = view
  return rest
}

function written(view: MemoryView, typed: string): TypedKey {
  const { typed: _, ...rest } = view
  const digits = typed.padStart(2 * view.unit, '0')
  const bytes = Uint8Array.from({ length: view.unit }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16))
  return { view: moved(rest, 'right'), write: { address: view.selected, bytes } }
}

// ---- what is shown --------------------------------------------------------------------------------------------------------

/** Where the word that is selected, or that the selection is in, points to; undefined where it cannot be read. */
export function pointerAt(view: MemoryView, bytes: MemoryBytes): number | undefined {
  const value = bytes.number(view.selected - (view.selected % 4), 4)
  return value === undefined ? undefined : Number(value)
}

/** Half of it more on both sides than is shown: a key further is there at once. */
export function stretchOf({ top, rows, perRow }: MemoryView): { readonly address: number; readonly count: number } {
  const margin = Math.ceil(rows / 2) * perRow
  const address = Math.max(0, top - margin)
  return { address, count: Math.min(SPACE, top + rows * perRow + margin) - address }
}

export function memoryRows(view: MemoryView, bytes: MemoryBytes): readonly MemoryRow[] {
  return Array.from({ length: view.rows }, (_, n) => rowAt(view, bytes, view.top + n * view.perRow)).filter(
    ({ address }) => address < SPACE,
  )
}

function rowAt(view: MemoryView, bytes: MemoryBytes, address: number): MemoryRow {
  const { unit, perRow } = view
  const addresses = Array.from({ length: perRow }, (_, i) => address + i)
  return {
    address,
    label: labelOf(view, bytes, address),
    cells: Array.from({ length: perRow / unit }, (_, i) => cellAt(view, bytes, address + i * unit)),
    characters: addresses.map(at => ({ text: character(bytes.at(at)), isChanged: bytes.hasChanged(at) })),
  }
}

function labelOf(view: MemoryView, bytes: MemoryBytes, address: number): string {
  const begun = bytes.symbolsFrom(address, view.perRow)
  if (begun.length > 0) return begun.join(', ')
  const symbol = address === view.top ? bytes.symbolAt(address) : undefined
  return symbol === undefined ? '' : `${symbol.name}+0x${symbol.offset.toString(16)}`
}

function cellAt({ unit, selected, typed }: MemoryView, bytes: MemoryBytes, address: number): MemoryCell {
  const all = Array.from({ length: unit }, (_, i) => address + i)
  const isSelected = address === selected
  const text = all.map(at => bytes.at(at)?.toString(16).padStart(2, '0') ?? '??').join('')
  return {
    address,
    text: isSelected && typed !== undefined ? typed + text.slice(typed.length) : text,
    isChanged: all.some(at => bytes.hasChanged(at)),
    isSelected,
    isReadable: all.every(at => bytes.at(at) !== undefined),
  }
}

const character = (byte: number | undefined): string =>
  byte === undefined ? ' ' : byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'

/** What is said of the number that is selected. */
export function describeSelection(view: MemoryView, bytes: MemoryBytes): string {
  const { selected, unit, typed } = view
  if (typed !== undefined) return `Typing 0x${typed}: Enter writes it, Escape leaves it as it is.`
  const where = `0x${selected.toString(16).padStart(8, '0')}`
  const symbol = bytes.symbolAt(selected)
  const name = symbol && (symbol.offset === 0 ? symbol.name : `${symbol.name}+0x${symbol.offset.toString(16)}`)
  const why = bytes.whyNot(selected)
  const value = bytes.number(selected, unit)
  const number =
    value === undefined ? (why ? `cannot be read: ${why}` : '') : `${value} · ${BigInt.asIntN(8 * unit, value)}`
  const changed = Array.from({ length: unit }, (_, i) => selected + i).some(at => bytes.hasChanged(at))
  const shown = value !== undefined && BigInt.asIntN(8 * unit, value) === value ? String(value) : number
  return [where, name, shown, changed ? 'changed since the stop before' : undefined].filter(Boolean).join(' · ')
}
