// Source lines to code and back, over all units.

import type { LineRow } from '../dwarf/lineRows.ts'
import { note } from '../elf/problems.ts'
import { matchPath, sameName } from '../util/paths.ts'
import type { LineTable } from './lineTable.ts'
import type { UnitIndex } from './units.ts'

/** A place in a source file; the line counts from 1. */
export interface SourceLocation {
  readonly path: string
  readonly line: number
  readonly column?: number
}

/** A line table that speaks of the file asked for, and the indices under which it does. */
interface Match {
  readonly table: LineTable
  readonly files: ReadonlySet<number>
}

/** A row that begins a statement, and where sections take turns at its address, the number of its own. */
export interface PlacedRow extends LineRow {
  readonly section?: number
}

/** Of all paths: a kernel's have thirty million. */
const mostCharacters = 1 << 26
/** Of one line: an inlined one is in some hundred places, and the 440 can stop at four. */
const mostRows = 10_000

/** As many files as somebody may have breakpoints in. */
const keptFiles = 16

/** Lines to code and back. */
export class Lines {
  readonly #units: UnitIndex
  #paths: readonly string[] | undefined
  readonly #kept = new Map<string, readonly PlacedRow[]>()

  constructor(units: UnitIndex) {
    this.#units = units
  }

  /** Every path that a line table names, in order. */
  paths(): readonly string[] {
    this.#paths ??= [...this.#readPaths()].sort()
    return this.#paths
  }

  #readPaths(): Set<string> {
    const paths = new Set<string>()
    let characters = 0
    for (const table of this.#units.lineTables()) {
      for (let file = 0; file < table.header.files.length; file++) {
        const path = table.path(file)
        if (path !== undefined) paths.add(path)
        characters += path?.length ?? 0
        if (characters <= mostCharacters) continue
        note(this.#units.dwarf.problems, `The line tables name too many files; those from ${path} on were left out.`)
        return paths
      }
    }
    return paths
  }

  /** The rows that begin statements of `line`, or of the next line of that file that has code. */
  rowsOf(path: string, line: number): { line: number; rows: PlacedRow[] } | undefined {
    let found: number | undefined
    let rows: PlacedRow[] = []
    for (const row of this.#statements(path)) {
      if (row.line < line || (found !== undefined && row.line > found)) continue
      if (row.line !== found) rows = []
      found = row.line
      if (rows.length < mostRows) rows.push(row)
    }
    return found === undefined ? undefined : { line: found, rows }
  }

  /** The lines `from` to `to` that have a statement. */
  linesWithCode(path: string, from: number, to: number): number[] {
    const lines = new Set<number>()
    for (const { line } of this.#statements(path)) if (line >= from && line <= to) lines.add(line)
    return [...lines].sort((a, b) => a - b)
  }

  at(pc: number): SourceLocation | undefined {
    const table = this.tableAt(pc)
    const row = table?.spanAt(pc)?.row
    const path = row && table?.path(row.file)
    if (row === undefined || path === undefined) return undefined
    return { path, line: row.line, ...(row.column > 0 && { column: row.column }) }
  }

  tableAt(pc: number): LineTable | undefined {
    const unit = this.#units.at(pc)
    return unit && this.#units.lineTable(unit)
  }

  /** The rows of one file that begin statements. A header's are in many tables: those of the last files are kept. */
  #statements(path: string): readonly PlacedRow[] {
    let statements = this.#kept.get(path)
    this.#kept.delete(path)
    statements ??= this.#findStatements(path)
    this.#kept.set(path, statements)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > keptFiles) this.#kept.delete(oldest)
    return statements
  }

  #findStatements(path: string): PlacedRow[] {
    const statements: PlacedRow[] = []
    for (const { table, files } of this.#findMatches(path)) {
      for (const sequence of this.#units.tolerate([], () => table.sequences)) {
        const section = this.#units.tolerate(undefined, () => table.sectionOf(sequence))
        for (const row of sequence.rows) {
          if (!row.isStmt || !files.has(row.file) || row.address >= sequence.high) continue
          statements.push(section === undefined ? row : { ...row, section })
        }
      }
    }
    return statements
  }

  /** Compares names first: of a kernel's hundred thousand file entries few then need their whole path. */
  #findMatches(path: string): Match[] {
    const isNamedSo = sameName(path)
    const candidates: { table: LineTable; file: number; path: string }[] = []
    for (const table of this.#units.lineTables()) {
      table.header.files.forEach((entry, file) => {
        const candidate = entry !== undefined && isNamedSo(entry.name) ? table.path(file) : undefined
        if (candidate !== undefined) candidates.push({ table, file, path: candidate })
      })
    }
    const meant = matchPath(path, new Set(candidates.map(candidate => candidate.path)))
    const files = new Map<LineTable, Set<number>>()
    for (const { table, file, path } of candidates) {
      if (!meant.has(path)) continue
      const indices = files.get(table)
      if (indices === undefined) files.set(table, new Set([file]))
      else indices.add(file)
    }
    return [...files].map(([table, indices]) => ({ table, files: indices }))
  }
}
