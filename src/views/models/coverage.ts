// What was covered of a file, as rows for an editor: its lines with their branches, and its functions.

import type { MeasuredFile } from '../../protocol/messages.ts'
import { hex32 } from '../../util/hex.ts'

export interface LineCoverage {
  /** From 1. */
  readonly line: number
  readonly count: number
  /** Of a function; a line has none. */
  readonly name?: string
  /** Two for each conditional branch of the line. */
  readonly branches: readonly { readonly count: number; readonly label: string }[]
}

export function detailsOf({ lines, branches, functions }: MeasuredFile): readonly LineCoverage[] {
  const ofLine = (line: number): LineCoverage['branches'] =>
    branches
      .filter(each => each.line === line)
      .flatMap(({ address, taken, passed }) => [
        { count: taken, label: `the branch at ${hex32(address)} taken` },
        { count: passed, label: `the branch at ${hex32(address)} not taken` },
      ])
  return [
    ...functions.map(({ name, line, count }) => ({ line, count, name, branches: [] })),
    ...[...lines].sort(([a], [b]) => a - b).map(([line, count]) => ({ line, count, branches: ofLine(line) })),
  ]
}
