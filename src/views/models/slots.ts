// The view of the debug slots as data: a snapshot in, rows out. Draws nothing, asks nobody.

import type { BreakpointRow, SlotRow, Snapshot } from '../../protocol/messages.ts'
import { hex32 } from '../../util/hex.ts'
import { forMarkdown, forTitle } from '../../util/plainText.ts'

/** What a person can do about a row, as the conditions of menus in package.json name it. */
export type SlotAct = 'trapWord' | 'remove' | 'takeSlot' | 'disable'

export interface DebugSlotRow {
  /** Stays the same from stop to stop, so that an opened row stays open. */
  readonly id: string
  readonly name: string
  /** What stands beside the name. */
  readonly text: string
  /** How it looks: a comparator in use, one that is free, one left to the program, a trap word, a refusal, a place that is none, a heading. */
  readonly look: 'held' | 'free' | 'reserved' | 'trapWord' | 'refused' | 'nowhere' | 'heading'
  /** Markdown. */
  readonly tooltip: string
  /** The whole row in words, for a screen reader. */
  readonly spoken: string
  /** The breakpoint it is about: a click leads there. */
  readonly breakpoint?: BreakpointRow
  readonly acts: readonly SlotAct[]
  readonly children: readonly DebugSlotRow[]
}

/** Six comparators; below them what has a trap word, and what was refused. */
export function debugSlotRows(
  { slots, breakpoints }: Snapshot,
  of: 'session' | 'forecast' = 'session',
): readonly DebugSlotRow[] {
  const inState = (state: BreakpointRow['state']): readonly BreakpointRow[] =>
    breakpoints.filter(each => each.state === state)
  const candidates = (refused: BreakpointRow): readonly BreakpointRow[] => holdersFor(refused, slots, breakpoints)
  const rows = [
    ...slots.map(slot => slotRow(slot, slots, breakpoints)),
    ...headed(
      'Trap words',
      inState('trapWord').map(each => breakpointRow(each, 'trapWord')),
    ),
    ...headed(
      'Refused',
      inState('refused').map(each => refusedRow(each, candidates(each).length > 0)),
    ),
  ]
  if (of === 'session') return rows
  // In a session the Breakpoints view says so.
  const nowhere = inState('nowhere').map(each => saying(each, 'nowhere', actsOn(each)))
  return [...rows.map(withoutSession), ...headed('Not in the program', nowhere)]
}

/** Only a session can put trap words somewhere. */
const withoutSession = (row: DebugSlotRow): DebugSlotRow => ({
  ...row,
  acts: row.acts.filter(act => act !== 'trapWord'),
  children: row.children.map(withoutSession),
})

/** `IAC 3/4 · DAC 0/2`, and how many breakpoints were refused. What is left to the program counts as taken. */
export function slotCounts({ slots, breakpoints }: Snapshot): { readonly text: string; readonly refused: number } {
  const text = (['IAC', 'DAC'] as const)
    .map(kind => {
      const all = slots.filter(({ name }) => name.startsWith(kind))
      return `${kind} ${all.filter(isTaken).length}/${all.length}`
    })
    .join(' · ')
  return { text, refused: breakpoints.filter(({ state }) => state === 'refused').length }
}

/** An extension can change breakpoints on lines and functions; those of the Disassembly view and on data it never sees. */
const actsOn = ({ kind, owner }: BreakpointRow): readonly SlotAct[] =>
  (kind === 'source' || kind === 'function') && owner === 'the editor' ? ['disable', 'remove'] : []

/** The breakpoints whose comparators a refused one could have instead, each once: of those that an extension can change. */
export function holdersFor(
  refused: BreakpointRow,
  slots: readonly SlotRow[],
  breakpoints: readonly BreakpointRow[],
): readonly BreakpointRow[] {
  const kind = refused.kind === 'data' ? 'DAC' : 'IAC'
  const ids = new Set(slots.filter(({ name }) => name.startsWith(kind)).flatMap(({ holders }) => holders))
  return breakpoints.filter(each => ids.has(each.id) && actsOn(each).length > 0)
}

const isTaken = ({ holders, isReserved }: SlotRow): boolean => holders.length > 0 || isReserved === true

function slotRow(slot: SlotRow, slots: readonly SlotRow[], breakpoints: readonly BreakpointRow[]): DebugSlotRow {
  const { name, isReserved, address } = slot
  const holders = breakpoints.filter(({ id }) => slot.holders.includes(id))
  if (holders.length === 0 || address === undefined) {
    const text = isReserved ? 'left to the program' : 'free'
    const look = isReserved ? 'reserved' : 'free'
    return { id: name, name, text, look, tooltip: '', spoken: `${name}, ${text}`, acts: [], children: [] }
  }
  const [first] = holders
  const isShared = holders.length > 1
  const who = isShared ? `${holders.length} breakpoints` : forTitle(first!.label)
  const where = placeOf(slot, slots)
  const text = [who, where, ...(isShared ? [] : detailsOf(first!))].join(' · ')
  return {
    id: name,
    name,
    text,
    look: 'held',
    tooltip: paragraphs([`**${name}** · ${where}`, ...holders.map(tooltipOf)]),
    spoken: `${name}, ${text}`,
    ...(!isShared && { breakpoint: first! }),
    acts: isShared ? [] : actsOn(first!),
    children: isShared ? holders.map(each => breakpointRow(each, 'held', actsOn(each), name)) : [],
  }
}

/** An address, or of a pair that is set to a range the whole of it. */
function placeOf({ name, mode, address }: SlotRow, slots: readonly SlotRow[]): string {
  if (mode !== 'range') return hex32(address!)
  // IAC1 and IAC2, IAC3 and IAC4, DAC1 and DAC2.
  const isFirst = Number(name.slice(-1)) % 2 === 1
  const other = slots[slots.findIndex(each => each.name === name) + (isFirst ? 1 : -1)]!.address!
  const [low, high] = isFirst ? [address!, other] : [other, address!]
  return `range ${hex32(low)} to ${hex32(high - 1)}`
}

function headed(name: string, children: readonly DebugSlotRow[]): readonly DebugSlotRow[] {
  if (children.length === 0) return []
  const text = String(children.length)
  return [{ id: name, name, text, look: 'heading', tooltip: '', spoken: `${name}, ${text}`, acts: [], children }]
}

function refusedRow(breakpoint: BreakpointRow, canTake: boolean): DebugSlotRow {
  const acts: readonly SlotAct[] = [
    ...(canTake ? (['takeSlot'] as const) : []),
    ...(breakpoint.kind === 'data' ? [] : (['trapWord'] as const)),
    ...actsOn(breakpoint).filter(act => act === 'remove'),
  ]
  return saying(breakpoint, 'refused', acts)
}

/** With the first sentence of why it has no slot; the tooltip has all of them. */
function saying(breakpoint: BreakpointRow, look: 'refused' | 'nowhere', acts: readonly SlotAct[]): DebugSlotRow {
  const row = breakpointRow(breakpoint, look, acts)
  const why = breakpoint.message.split('\n')[0]!.replace(/:$/, '')
  return { ...row, text: why, spoken: `${row.name}, ${look === 'refused' ? 'refused' : 'not in the program'}, ${why}` }
}

function breakpointRow(
  breakpoint: BreakpointRow,
  look: DebugSlotRow['look'],
  acts: readonly SlotAct[] = actsOn(breakpoint),
  within: string = look,
): DebugSlotRow {
  const name = forTitle(breakpoint.label)
  const text = [...breakpoint.addresses.slice(0, 1).map(hex32), ...detailsOf(breakpoint)].join(' · ')
  return {
    id: `${within} ${breakpoint.id}`,
    name,
    text,
    look,
    tooltip: tooltipOf(breakpoint),
    spoken: `${name}, ${text}`,
    breakpoint,
    acts,
    children: [],
  }
}

/** Conditions, hits, and who has set it where that is not the editor. */
function detailsOf({ condition, hitCondition, logMessage, hits, owner }: BreakpointRow): readonly string[] {
  return [
    ...(condition === undefined ? [] : [`if ${forTitle(condition)}`]),
    ...(hitCondition === undefined ? [] : [`hits ${forTitle(hitCondition)}`]),
    ...(logMessage === undefined ? [] : ['log point']),
    ...(hits === 0 ? [] : [hits === 1 ? 'hit once' : `hit ${hits} times`]),
    ...(owner === 'the editor' ? [] : [owner]),
  ]
}

const tooltipOf = ({ label, message, owner }: BreakpointRow): string =>
  paragraphs([`**${forMarkdown(label)}**, set from ${owner}`, ...message.split('\n').map(forMarkdown)])

const paragraphs = (parts: readonly string[]): string => parts.filter(Boolean).join('\n\n')
