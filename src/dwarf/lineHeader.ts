// The header of a line number program: its files, folders and operands (DWARF 5, §6.2.4).

import { DW_FORM, DW_LNCT } from './constants.ts'
import { readForm, type UnitFormat } from './form.ts'
import type { Reader } from './reader.ts'
import type { DwarfSections } from './sections.ts'

/** A source file as a line program names it: an index, counted as that program counts, leads here. */
export interface LineFile {
  /** As written: absolute, or relative to the directory. */
  readonly name: string
  /** As written: absolute, or relative to the compilation directory. Undefined for that directory itself. */
  readonly directory: string | undefined
}

/** The header of a line number program (DWARF 5, §6.2.4). */
export interface LineHeader {
  /** Where its table begins and ends in the section. */
  readonly offset: number
  readonly end: number
  readonly version: number
  readonly minimumInstructionLength: number
  readonly defaultIsStmt: boolean
  readonly lineBase: number
  readonly lineRange: number
  readonly opcodeBase: number
  /** How many LEB128 operands each standard opcode has; index 0 is unused. */
  readonly standardOpcodeLengths: readonly number[]
  readonly directories: readonly (string | undefined)[]
  /** From DWARF 5 the index counts from 0, before from 1: then `files[0]` is a hole. */
  readonly files: (LineFile | undefined)[]
  /** The instructions. */
  readonly program: Reader
}

/** Read the header at `offset` of `.debug_line`. `name` is the primary source, which old headers do not list as file 0. */
export function readLineHeader(sections: DwarfSections, offset: number): LineHeader {
  const { body, offsetSize } = sections.reader('.debug_line', offset).initialLength()
  const version = body.u16()
  if (version < 2 || version > 5) throw body.error(`line table version ${version} is not known; 2 to 5 are`, offset)
  let addressSize = 4
  if (version >= 5) {
    addressSize = body.u8()
    body.skip(1) // segment_selector_size
  }
  const headerLength = body.unsigned(offsetSize)
  const programStart = body.offset + headerLength
  if (programStart > body.end) throw body.error('the line table header is longer than its table', offset)
  const minimumInstructionLength = body.u8()
  if (version >= 4) body.skip(1) // maximum_operations_per_instruction: 1, PowerPC is not VLIW
  const defaultIsStmt = body.u8() !== 0
  const lineBase = body.i8()
  const lineRange = body.u8()
  const opcodeBase = body.u8()
  if (lineRange === 0) throw body.error('line_range is 0')
  const standardOpcodeLengths = [0]
  for (let i = 1; i < opcodeBase; i++) standardOpcodeLengths.push(body.u8())
  const tables =
    version >= 5
      ? entryTables(body, sections, { version, addressSize, offsetSize })
      : listTables(body.at(body.offset, programStart))
  return {
    offset,
    end: body.end,
    version,
    minimumInstructionLength,
    defaultIsStmt,
    lineBase,
    lineRange,
    opcodeBase,
    standardOpcodeLengths,
    ...tables,
    program: body.at(programStart),
  }
}

interface HeaderTables {
  readonly directories: (string | undefined)[]
  readonly files: (LineFile | undefined)[]
}

/** Before DWARF 5: strings up to an empty one. Directory 0 is the compilation directory, files count from 1. */
function listTables(reader: Reader): HeaderTables {
  const directories: (string | undefined)[] = [undefined]
  for (let name = reader.string(); name !== ''; name = reader.string()) directories.push(name)
  const files: (LineFile | undefined)[] = [undefined]
  for (let name = reader.string(); name !== ''; name = reader.string()) files.push(readFile(reader, name, directories))
  return { directories, files }
}

/** What follows a file's name before DWARF 5, in the table and in DW_LNE_define_file alike: directory, time, length. */
export function readFile(reader: Reader, name: string, directories: readonly (string | undefined)[]): LineFile {
  const directory = reader.count()
  reader.uleb()
  reader.uleb()
  return { name, directory: directories[directory] }
}

/** DWARF 5: self-describing entries (§6.2.4.1). Directory 0 is the compilation directory, file 0 the primary source. */
function entryTables(reader: Reader, sections: DwarfSections, encoding: UnitFormat): HeaderTables {
  const directories = readEntries(reader, sections, encoding).map(entry => entry.path)
  const files = readEntries(reader, sections, encoding).map(
    ({ path, directory }): LineFile => ({ name: path, directory: directories[directory] }),
  )
  return { directories, files }
}

interface FileEntry {
  path: string
  directory: number
}

function readEntries(reader: Reader, sections: DwarfSections, encoding: UnitFormat): FileEntry[] {
  const format: { content: number; form: number }[] = []
  for (let left = reader.u8(); left > 0; left--) format.push({ content: reader.count(), form: reader.count() })
  const count = reader.count()
  if (format.length === 0 || count > reader.end - reader.offset) {
    if (count === 0) return []
    throw reader.error(`a table of ${count} entries does not fit`)
  }
  const entries: FileEntry[] = []
  for (let i = 0; i < count; i++) {
    const entry = { path: '', directory: 0 }
    for (const { content, form } of format) {
      const { value } = readForm(reader, form, encoding)
      if (content === DW_LNCT.path) entry.path = pathText(form, value, sections)
      else if (content === DW_LNCT.directory_index) entry.directory = Number(value)
    }
    entries.push(entry)
  }
  return entries
}

function pathText(form: number, value: unknown, sections: DwarfSections): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'number') return ''
  if (form === DW_FORM.line_strp) return sections.string('.debug_line_str', value)
  if (form === DW_FORM.strp) return sections.string('.debug_str', value)
  return ''
}
