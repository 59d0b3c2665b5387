// The view of the trace as data: what the debug facility has done, one row for each event, the newest first.

import type { TracedRow } from '../../protocol/messages.ts'
import { fileName } from '../../util/fileName.ts'
import { forMarkdown, forTitle } from '../../util/plainText.ts'

export interface TraceViewRow {
  readonly id: string
  readonly name: string
  readonly text: string
  readonly look: 'event' | 'acknowledged' | 'interrupt' | 'owner'
  /** Markdown. */
  readonly tooltip: string
  /** The whole row in words, for a screen reader. */
  readonly spoken: string
  readonly event: TracedRow
}

/** So many are kept; older ones make room. */
const MOST_ROWS = 1000

/** All events up to now, the oldest first. */
export const withNews = (events: readonly TracedRow[], news: readonly TracedRow[]): readonly TracedRow[] =>
  [...events, ...news].slice(-MOST_ROWS)

export function traceRows(events: readonly TracedRow[]): readonly TraceViewRow[] {
  const inInstruction = new Map<number, number>()
  const rows = events.map(event => {
    // Several may belong to one instruction.
    const nth = inInstruction.get(event.instruction) ?? 0
    inInstruction.set(event.instruction, nth + 1)
    return rowOf(event, `${event.instruction}.${nth}`)
  })
  return rows.reverse()
}

function rowOf(event: TracedRow, id: string): TraceViewRow {
  const { instruction, owner, what, change, place, path, line } = event
  const look = lookOf(what)
  const name = look === 'owner' ? `The ${owner} ${what}` : what
  const at = instruction.toLocaleString('en')
  const where = path === undefined ? forTitle(place) : `${fileName(forTitle(path))}:${line}`
  const text = [where, `at ${at}`, look === 'owner' ? '' : owner].filter(Boolean).join(' · ')
  const tooltip = [
    `**${forMarkdown(name)}**`,
    forMarkdown(place),
    `At instruction ${at}, for the ${owner}`,
    `\`${change}\``,
  ]
  return { id, name, text, look, tooltip: tooltip.join('\n\n'), spoken: `${name}, ${text}, ${change}`, event }
}

function lookOf(what: string): TraceViewRow['look'] {
  if (what.endsWith('acknowledged')) return 'acknowledged'
  if (what.endsWith('latched')) return 'event'
  return what === 'Debug interrupt' ? 'interrupt' : 'owner'
}
