// The register view as data: a snapshot (and the one of the stop before) in, rows out. Draws nothing, asks nobody.

import { REGISTER_GROUPS } from '../../isa/registerGroups.ts'
import { registerByName } from '../../isa/registers.ts'
import type { Snapshot } from '../../protocol/messages.ts'
import { groupRow, type RegisterFormat, type RegisterRow, registerRow } from './registerRow.ts'

/** The debug facility comes first and lies open; the rest is gathered in groups. Only what a snapshot has is shown. */
const [FACILITY, ...GROUPS] = REGISTER_GROUPS

/** @param pinned names of those that a person wants above all others */
export function registerRows(
  now: Snapshot,
  before?: Snapshot,
  format: RegisterFormat = 'hexadecimal',
  pinned: readonly string[] = [],
): readonly RegisterRow[] {
  const rows = (names: readonly string[], isPinned = false) =>
    names
      .filter(name => name in now.registers)
      .map(name => ({
        ...registerRow({ name, register: registerByName(name) }, now, before, format),
        pin: { name, isPinned },
      }))
  return [
    ...rows(pinned, true).map(atTheTop),
    ...rows(FACILITY.names.filter(name => !pinned.includes(name))),
    ...GROUPS.map(({ title, names }) => groupRow(title, '', rows(names))).filter(({ children }) => children.length > 0),
  ]
}

/** It may stand in its group as well, and each row has an identity of its own. */
const atTheTop = (row: RegisterRow): RegisterRow => ({
  ...row,
  id: `pinned ${row.id}`,
  spoken: `pinned, ${row.spoken}`,
  children: row.children.map(child => ({ ...child, id: `pinned ${child.id}` })),
})
