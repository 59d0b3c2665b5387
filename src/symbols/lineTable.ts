import { DW_AT } from '../dwarf/constants.ts'
import { filePath, type LineRow, type LineSequence, runLineProgram } from '../dwarf/line.ts'
import { type LineHeader, readLineHeader } from '../dwarf/lineHeader.ts'
import type { Unit } from '../dwarf/unit.ts'

/** Code from one line table row: `[low, high)`. */
export interface LineSpan {
  readonly low: number
  readonly high: number
  readonly row: LineRow
}

/** The line table of a unit. The header is read at once, the program when a row is asked for. */
export class LineTable {
  readonly unit: Unit
  readonly header: LineHeader
  readonly #compilationDirectory: string | undefined
  readonly #isCode: (address: number) => boolean
  readonly #paths: (string | undefined)[] = []
  #sequences: readonly LineSequence[] | undefined
  #spans: readonly LineSpan[] | undefined

  constructor(unit: Unit, offset: number, isCode: (address: number) => boolean) {
    this.unit = unit
    this.header = readLineHeader(unit.sections, offset)
    this.#compilationDirectory = unit.root.string(DW_AT.comp_dir)
    this.#isCode = isCode
  }

  /** The path of a file by its index in this table. */
  path(file: number): string | undefined {
    const entry = this.header.files[file]
    if (entry === undefined) return undefined
    this.#paths[file] ??= filePath(entry, this.#compilationDirectory)
    return this.#paths[file]
  }

  /** Without those of functions the linker threw away: they were moved to address 0, where no code is. */
  get sequences(): readonly LineSequence[] {
    this.#sequences ??= runLineProgram(this.header)
      .map(withoutLineZero)
      .filter(sequence => sequence.high > sequence.low && this.#isCode(sequence.low))
      .sort((a, b) => a.low - b.low)
    return this.#sequences
  }

  /** One row for each address, ascending: what answers "which line is this". */
  get spans(): readonly LineSpan[] {
    this.#spans ??= this.sequences.flatMap(spansOf)
    return this.#spans
  }

  spanAt(pc: number): LineSpan | undefined {
    const span = this.spans[lastAtOrBefore(this.spans, pc)]
    return span !== undefined && pc < span.high ? span : undefined
  }
}

/**
 * Line 0 is code of the compiler's own (§6.2.2), which clang writes much of. People want to see the line before it go
 * on; so does gdb (`lnp_state_machine::record_line`).
 */
const withoutLineZero = (sequence: LineSequence): LineSequence =>
  sequence.rows.every(({ line }) => line !== 0)
    ? sequence
    : { ...sequence, rows: sequence.rows.filter(({ line }) => line !== 0) }

/**
 * Of several rows for one address the last counts, but a statement's row counts before one that is none: the rule of
 * gdb's `find_pc_sect_line`.
 */
function spansOf({ rows, high: end }: LineSequence): LineSpan[] {
  const spans: LineSpan[] = []
  for (let i = 0; i < rows.length; ) {
    const low = rows[i].address
    let next = i
    while (next < rows.length && rows[next].address === low) next++
    let row = rows[next - 1]
    for (let j = next - 1; j >= i; j--) {
      if (!rows[j].isStmt) continue
      row = rows[j]
      break
    }
    const high = next < rows.length ? rows[next].address : end
    if (high > low) spans.push({ low, high, row })
    i = next
  }
  return spans
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
