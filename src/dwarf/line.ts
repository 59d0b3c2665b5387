// The line number program of a unit, run (DWARF 5, §6.2.5).

import { normalizePath } from '../util/paths.ts'
import { DW_LNE, DW_LNS } from './constants.ts'
import { type LineFile, type LineHeader, readFile } from './lineHeader.ts'
import { type LineRow, LineRows, LineRowWriter } from './lineRows.ts'
import type { Reader } from './reader.ts'

/** Contiguous code: rows by ascending address, the last ending at `high`. */
export interface LineSequence {
  readonly low: number
  readonly high: number
  readonly rows: LineRows
}

/** The registers of the line number state machine (§6.2.2). */
class LineState {
  address = 0
  file = 1
  line = 1
  column = 0
  isStmt: boolean
  discriminator = 0
  /** Of any row since the line began. */
  hasDiscriminator = false

  constructor(isStmt: boolean) {
    this.isStmt = isStmt
  }
}

/** Run a line number program (§6.2.5). Each instruction takes a byte at least, so the program bounds the work. */
export function runLineProgram(header: LineHeader): LineSequence[] {
  const { program, lineBase, lineRange, opcodeBase, minimumInstructionLength } = header
  const reader = program.at(program.offset)
  const sequences: LineSequence[] = []
  const rows = new LineRowWriter()
  let before: LineRow | undefined
  let isSorted = true
  let state = new LineState(header.defaultIsStmt)

  const emit = () => {
    const { address, file, line, column, isStmt } = state
    const isSameLine = before?.line === line && before.file === file
    if (before !== undefined && address < before.address) isSorted = false
    state.hasDiscriminator = state.discriminator !== 0 || (isSameLine && state.hasDiscriminator)
    before = { address, file, line, column, isStmt, continues: isSameLine && state.hasDiscriminator }
    rows.push(before)
    state.discriminator = 0
  }
  const advance = (operations: number) => {
    state.address = (state.address + operations * minimumInstructionLength) >>> 0
  }
  const endSequence = () => {
    if (!rows.isEmpty) sequences.push(sequence(rows.done(), isSorted, state.address))
    before = undefined
    isSorted = true
    state = new LineState(header.defaultIsStmt)
  }

  while (!reader.atEnd) {
    const opcode = reader.u8()
    if (opcode >= opcodeBase) {
      advance(Math.floor((opcode - opcodeBase) / lineRange))
      state.line += lineBase + ((opcode - opcodeBase) % lineRange)
      emit()
      continue
    }
    switch (opcode) {
      case 0:
        extended(reader, header, state, endSequence)
        break
      case DW_LNS.copy:
        emit()
        break
      case DW_LNS.advance_pc:
        advance(reader.count())
        break
      case DW_LNS.advance_line:
        state.line += reader.delta()
        break
      case DW_LNS.set_file:
        state.file = reader.count()
        break
      case DW_LNS.set_column:
        state.column = reader.count()
        break
      case DW_LNS.negate_stmt:
        state.isStmt = !state.isStmt
        break
      case DW_LNS.set_basic_block:
      case DW_LNS.set_prologue_end:
      case DW_LNS.set_epilogue_begin:
        break
      case DW_LNS.const_add_pc:
        advance(Math.floor((255 - opcodeBase) / lineRange))
        break
      case DW_LNS.fixed_advance_pc:
        state.address = (state.address + reader.u16()) >>> 0
        break
      default:
        for (let operands = header.standardOpcodeLengths[opcode] ?? 0; operands > 0; operands--) reader.uleb()
    }
  }
  return sequences
}

function extended(reader: Reader, header: LineHeader, state: LineState, endSequence: () => void): void {
  const length = reader.count()
  const start = reader.skip(length)
  const operands = reader.at(start, start + length)
  if (length === 0) return
  switch (operands.u8()) {
    case DW_LNE.end_sequence:
      endSequence()
      return
    case DW_LNE.set_address:
      state.address = operands.address(length - 1)
      return
    case DW_LNE.define_file:
      header.files.push(readFile(operands, operands.string(), header.directories))
      return
    case DW_LNE.set_discriminator:
      state.discriminator = operands.count()
      return
    default:
    // A vendor's.
  }
}

/** Addresses ascend in a correct sequence; in a damaged one they are put in order, so that searching it is safe. */
function sequence(rows: LineRows, isSorted: boolean, high: number): LineSequence {
  const sorted = isSorted ? rows : LineRows.of([...rows].sort((a, b) => a.address - b.address))
  return { low: sorted.at(0).address, high, rows: sorted }
}

/** PATH_MAX of Linux; no system has longer ones. */
const longestPath = 4096

/** A file's path, the compilation directory joined in, `.` and `..` resolved. */
export function filePath(file: LineFile, compilationDirectory: string | undefined): string {
  const directory = file.directory === undefined ? compilationDirectory : join(compilationDirectory, file.directory)
  const path = join(directory, file.name)
  // Of damage, the end.
  return normalizePath(path.length > longestPath ? path.slice(-longestPath) : path)
}

const isAbsolute = (path: string) => path.startsWith('/') || path.startsWith('\\') || /^[A-Za-z]:[\\/]/.test(path)

const join = (directory: string | undefined, path: string) =>
  directory === undefined || directory === '' || isAbsolute(path) ? path : `${directory.replace(/[\\/]$/, '')}/${path}`
