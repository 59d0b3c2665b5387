// The register view as data: a snapshot (and the one of the stop before) in, rows out. Draws nothing, asks nobody.

import { REGISTER_GROUPS } from '../../isa/registerGroups.ts'
import { registerByName } from '../../isa/registers.ts'
import type { Snapshot } from '../../protocol/messages.ts'
import { groupRow, type RegisterFormat, type RegisterRow, registerRow } from './registerRow.ts'

/** The debug facility comes first and lies open; the rest is gathered in groups. Only what a snapshot has is shown. */
const [FACILITY, ...GROUPS] = REGISTER_GROUPS

export function registerRows(
  now: Snapshot,
  before?: Snapshot,
  format: RegisterFormat = 'hexadecimal',
): readonly RegisterRow[] {
  const rows = (names: readonly string[]) =>
    names
      .filter(name => name in now.registers)
      .map(name => registerRow({ name, register: registerByName(name) }, now, before, format))
  return [
    ...rows(FACILITY.names),
    ...GROUPS.map(({ title, names }) => groupRow(title, '', rows(names))).filter(({ children }) => children.length > 0),
  ]
}
