// The view of the TLB as data: a snapshot (and the one of the stop before) in, rows out. Draws nothing, asks nobody.

import { TLB2 } from '../../isa/registers.ts'
import type { Snapshot, TlbRow } from '../../protocol/messages.ts'
import { hex, hex32 } from '../../util/hex.ts'

export interface TlbViewRow {
  /** Stays the same from stop to stop. */
  readonly id: string
  readonly name: string
  readonly text: string
  /** How it looks: the instruction to be executed comes through it, it is another than at the stop before, or neither. */
  readonly look: 'fetch' | 'changed' | 'plain'
  /** Markdown. */
  readonly tooltip: string
  /** The whole row in words, for a screen reader. */
  readonly spoken: string
}

/** The valid entries by effective address, and how many are not valid. */
export function tlbRows(now: Snapshot, before?: Snapshot): readonly TlbViewRow[] {
  const { entries, fetch } = now.tlb
  const old = new Map(before?.tlb.entries.map(entry => [entry.index, JSON.stringify(entry)]))
  const sorted = [...entries].sort((a, b) => a.ea - b.ea || a.space - b.space || a.pid - b.pid)
  return sorted.map(entry => {
    const isChanged = before !== undefined && old.get(entry.index) !== JSON.stringify(entry)
    return entryRow(entry, entry.index === fetch ? 'fetch' : isChanged ? 'changed' : 'plain')
  })
}

/** `5 of 64 entries are valid`, or what it means that none is. */
export const tlbSummary = ({ tlb: { entries, size } }: Snapshot): string =>
  entries.length === 0
    ? 'No entry is valid: every access is a TLB Error interrupt.'
    : `${entries.length} of ${size} entries are valid`

function entryRow({ index, ea, real, size, space, pid, attributes }: TlbRow, look: TlbViewRow['look']): TlbViewRow {
  const access = `${permissions('S', attributes)} · user ${permissions('U', attributes)}`
  const storage = attributes.filter(name => STORAGE.has(name)).join(' ')
  const whose = `space ${space} · ${pid === 0 ? 'every process' : `PID ${pid}`}`
  const name = hex32(ea)
  const text = [`${hex(real, 9)}`, size, whose, access, storage].filter(part => part !== '').join(' · ')
  const lines = [
    `**Entry ${index}**${look === 'fetch' ? ': the next instruction is fetched through it' : ''}`,
    `\`${name}\` to real \`${hex(real, 9)}\`, ${size}`,
    ...attributes.map(each => `- \`${each}\` ${(TLB2.fields as Fields)[each]?.text ?? ''}`),
  ]
  const spoken = `entry ${index}, ${name} to ${text}${look === 'plain' ? '' : `, ${SPOKEN[look]}`}`
  return { id: String(index), name, text: `→ ${text}`, look, tooltip: lines.join('\n\n'), spoken }
}

type Fields = Readonly<Record<string, { readonly text: string } | undefined>>

const SPOKEN = { fetch: 'the next instruction is fetched through it', changed: 'changed' } as const

/** Write-through, inhibited, coherent, guarded, little-endian, and the four bits that are the user's. */
const STORAGE: ReadonlySet<string> = new Set(['W', 'I', 'M', 'G', 'E', 'U0', 'U1', 'U2', 'U3'])

/** `rwx` of the supervisor (S) or the user (U). */
const permissions = (who: 'S' | 'U', attributes: readonly string[]): string =>
  (['R', 'W', 'X'] as const).map(each => (attributes.includes(who + each) ? each.toLowerCase() : '-')).join('')
