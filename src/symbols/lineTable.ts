// The line table of a unit, read when it is asked for.

import { DW_AT } from '../dwarf/constants.ts'
import { filePath, type LineSequence, runLineProgram } from '../dwarf/line.ts'
import type { LineHeader } from '../dwarf/lineHeader.ts'
import { type LineRow, LineRows } from '../dwarf/lineRows.ts'
import { disjoint, type Range } from '../dwarf/ranges.ts'
import type { Unit } from '../dwarf/unit.ts'
import type { Forgettable, LeastRecentlyUsed } from './leastRecentlyUsed.ts'
import type { Overlays } from './overlays.ts'

/** Code from one line table row: `[low, high)`. */
export interface LineSpan {
  readonly low: number
  readonly high: number
  readonly row: LineRow
}

/** What the program has of the code that a table speaks of. */
interface TableCode {
  linked(sequences: readonly LineSequence[]): LineSequence[]
  readonly overlays: Overlays
}

/** The line table of a unit. The header is read at once, the program when a row is asked for, and again after a while. */
export class LineTable implements Forgettable {
  readonly unit: Unit
  readonly header: LineHeader
  readonly #compilationDirectory: string | undefined
  readonly #code: TableCode
  readonly #inUse: LeastRecentlyUsed
  #sequences: readonly LineSequence[] | undefined
  /** Some of them lie over each other. */
  #areShared = false

  readonly #paths = new Map<number, string | undefined>()

  constructor(unit: Unit, header: LineHeader, code: TableCode, inUse: LeastRecentlyUsed) {
    this.unit = unit
    this.header = header
    this.#compilationDirectory = unit.about(DW_AT.comp_dir).string(DW_AT.comp_dir)
    this.#code = code
    this.#inUse = inUse
  }

  forget(): void {
    this.#sequences = undefined
  }

  /** The path of a file by its index in this table. */
  path(file: number): string | undefined {
    if (!this.#paths.has(file)) {
      const entry = this.header.files[file]
      this.#paths.set(file, entry && filePath(entry, this.#compilationDirectory))
    }
    return this.#paths.get(file)
  }

  /** Without those of functions the linker threw away. */
  get sequences(): readonly LineSequence[] {
    this.#inUse.use(this)
    if (this.#sequences === undefined) {
      const sequences = runLineProgram(this.header).map(worthShowing)
      this.#sequences = this.#code.linked(sequences.filter(({ low, high }) => high > low)).sort((a, b) => a.low - b.low)
      this.#areShared = this.#sequences.some(({ low }, i, all) => i > 0 && low < all[i - 1].high)
    }
    return this.#sequences
  }

  /** Without those whose section is not in memory, where sections take turns. */
  get #current(): readonly LineSequence[] {
    const { sequences } = this
    if (!this.#areShared) return sequences
    const { overlays } = this.#code
    return sequences.filter(sequence => {
      const section = this.sectionOf(sequence)
      return section === undefined || section === overlays.mapped(sequence.low)
    })
  }

  /** Of a sequence where sections take turns: the number of its own. */
  sectionOf(sequence: LineSequence): number | undefined {
    const { overlays } = this.#code
    if (!overlays.isShared(sequence.low)) return undefined
    return overlays.sectionOfSequence(this.unit, sequence, sequence.rows.at(0)?.line)
  }

  /** One row for each address in these ranges, ascending where they are: what answers "which line is this". */
  *spansIn(ranges: readonly Range[]): Generator<LineSpan> {
    for (const { low, high } of disjoint(ranges)) {
      const sequences = this.#current
      const from = Math.max(lastAtOrBefore(sequences, low), 0)
      for (let i = from; i < sequences.length && sequences[i].low < high; i++) {
        const sequence = sequences[i]
        for (let next = firstAtOrAfter(sequence.rows, low); next < sequence.rows.length; next++) {
          if (sequence.rows.address(next)! >= high) break
          next = lastOfAddress(sequence, next)
          yield spanOf(sequence, next)
        }
      }
    }
  }

  /** The rows for this very address. */
  rowsAt(address: number): LineRow[] {
    const sequence = this.#at(address)
    if (sequence === undefined) return []
    const found: LineRow[] = []
    for (let i = firstAtOrAfter(sequence.rows, address); sequence.rows.address(i) === address; i++)
      found.push(sequence.rows.at(i))
    return found
  }

  /** The addresses in `range` at which statements begin, ascending. */
  statementsIn({ low, high }: Range): number[] {
    const sequence = this.#at(low)
    if (sequence === undefined) return []
    const { rows } = sequence
    const addresses: number[] = []
    for (let i = firstAtOrAfter(rows, low); i < rows.length && rows.address(i)! < high; i++)
      if (rows.at(i).isStmt && rows.address(i) !== addresses.at(-1)) addresses.push(rows.address(i)!)
    return addresses
  }

  #at(address: number): LineSequence | undefined {
    const sequences = this.#current
    return sequences[lastAtOrBefore(sequences, address)]
  }

  spanAt(pc: number): LineSpan | undefined {
    const sequence = this.#at(pc)
    if (sequence === undefined || pc >= sequence.high) return undefined
    const { rows } = sequence
    let from = 0
    let to = rows.length
    while (from < to) {
      const middle = (from + to) >>> 1
      if (rows.address(middle)! <= pc) from = middle + 1
      else to = middle
    }
    return from === 0 ? undefined : spanOf(sequence, from - 1)
  }
}

/**
 * Line 0 is code of the compiler's own (§6.2.2), which clang writes much of: people want to see the line before it go on.
 * A line that goes on in another of its basic blocks is no new place for a breakpoint, of which a 440 has four. gdb
 * leaves both out (`lnp_state_machine::record_line`, `dwarf_record_line_p`).
 */
const isWorthShowing = ({ line, continues }: LineRow): boolean => line !== 0 && !continues

function worthShowing(sequence: LineSequence): LineSequence {
  const rows = [...sequence.rows].filter(isWorthShowing)
  return rows.length === sequence.rows.length ? sequence : { ...sequence, rows: LineRows.of(rows) }
}

function firstAtOrAfter(rows: LineRows, address: number): number {
  let from = 0
  let to = rows.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (rows.address(middle)! < address) from = middle + 1
    else to = middle
  }
  return from
}

function lastOfAddress({ rows }: LineSequence, index: number): number {
  let last = index
  while (rows.address(last + 1) === rows.address(index)) last++
  return last
}

/**
 * What the last of the rows for one address begins. Of several the last counts, but a statement's row counts before one
 * that is none: the rule of gdb's `find_pc_sect_line`.
 */
function spanOf({ rows, high: end }: LineSequence, last: number): LineSpan {
  let row = rows.at(last)
  const { address: low } = row
  for (let i = last; !row.isStmt && rows.address(i) === low; i--) if (rows.at(i).isStmt) row = rows.at(i)
  return { low, high: rows.address(last + 1) ?? end, row }
}

/** The index of the last element that starts at or before `address`, or -1. */
export function lastAtOrBefore(sorted: readonly { readonly low: number }[], address: number): number {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (sorted[middle].low <= address) from = middle + 1
    else to = middle
  }
  return from - 1
}
