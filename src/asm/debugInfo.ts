// Which line each instruction came from, as DWARF 4 tells it: one compilation unit for the source, and its line program
// (DWARF 4, sections 6.2 and 7.5).

import { type FileSection, NOT_LOADED, SHT } from './elfFile.ts'
import type { SourceRow } from './section.ts'

/** The rows of one code section, at the address it was given. */
export interface PlacedRows {
  readonly address: number
  readonly size: number
  readonly rows: readonly SourceRow[]
}

const DW = {
  TAG_compile_unit: 0x11,
  AT_name: 0x03,
  AT_stmt_list: 0x10,
  AT_low_pc: 0x11,
  AT_language: 0x13,
  AT_comp_dir: 0x1b,
  AT_producer: 0x25,
  AT_ranges: 0x55,
  FORM_addr: 0x01,
  FORM_data2: 0x05,
  FORM_string: 0x08,
  FORM_sec_offset: 0x17,
  LANG_Mips_Assembler: 0x8001,
  LNS_copy: 1,
  LNS_advance_pc: 2,
  LNS_advance_line: 3,
  LNS_set_file: 4,
  LNE_end_sequence: 1,
  LNE_set_address: 2,
} as const

/** The debug sections of a program made of `source`. */
export function debugSections(source: string, places: readonly PlacedRows[]): FileSection[] {
  const section = (name: string, bytes: Bytes): FileSection => ({
    ...NOT_LOADED,
    name,
    type: SHT.PROGBITS,
    bytes: bytes.array,
  })
  return [
    section('.debug_line', lineProgram(places)),
    section('.debug_info', unit(source)),
    section('.debug_abbrev', abbreviations()),
    section('.debug_ranges', ranges(places)),
  ]
}

/** Bytes, most significant first. */
class Bytes {
  readonly #bytes: number[] = []

  get length(): number {
    return this.#bytes.length
  }

  get array(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }

  put(...bytes: readonly number[]): this {
    this.#bytes.push(...bytes)
    return this
  }

  half(value: number): this {
    return this.put((value >> 8) & 255, value & 255)
  }

  word(value: number): this {
    return this.half(value >>> 16).half(value)
  }

  text(value: string): this {
    for (const byte of new TextEncoder().encode(value)) this.#bytes.push(byte)
    return this.put(0)
  }

  unsigned(value: number): this {
    for (let rest = value; ; rest = Math.floor(rest / 128)) {
      if (rest < 128) return this.put(rest)
      this.put((rest % 128) + 128)
    }
  }

  signed(value: number): this {
    for (let rest = value; ; rest >>= 7) {
      if (rest >= -64 && rest < 64) return this.put(rest & 127)
      this.put((rest & 127) | 128)
    }
  }

  append(other: Bytes): this {
    for (const byte of other.#bytes) this.#bytes.push(byte)
    return this
  }
}

/** With its length in front, as units and line programs begin. */
const measured = (bytes: Bytes): Bytes => new Bytes().word(bytes.length).append(bytes)

/** Operands of the standard opcodes 1 to 9. */
const OPERANDS = [0, 1, 1, 1, 1, 0, 0, 0, 1]

function lineProgram(places: readonly PlacedRows[]): Bytes {
  const files = [...new Set(places.flatMap(({ rows }) => rows.map(({ file }) => file)))]
  const header = new Bytes().put(1, 1, 1, 1, 1, OPERANDS.length + 1, ...OPERANDS).put(0)
  for (const file of files) header.text(file).put(0, 0, 0)
  header.put(0)
  const program = new Bytes()
  for (const place of places) sequence(program, place, files)
  return measured(new Bytes().half(4).word(header.length).append(header).append(program))
}

function sequence(program: Bytes, { address, size, rows }: PlacedRows, files: readonly string[]): void {
  program.put(0, 5, DW.LNE_set_address).word(address)
  let [at, line, file] = [0, 1, 1]
  for (const row of rows) {
    const number = files.indexOf(row.file) + 1
    if (number !== file) program.put(DW.LNS_set_file).unsigned(number)
    if (row.line !== line) program.put(DW.LNS_advance_line).signed(row.line - line)
    if (row.offset !== at) program.put(DW.LNS_advance_pc).unsigned(row.offset - at)
    program.put(DW.LNS_copy)
    ;[at, line, file] = [row.offset, row.line, number]
  }
  program
    .put(DW.LNS_advance_pc)
    .unsigned(size - at)
    .put(0, 1, DW.LNE_end_sequence)
}

const unit = (source: string): Bytes =>
  measured(
    new Bytes()
      .half(4)
      .word(0)
      .put(4)
      .unsigned(1)
      .word(0)
      .word(0)
      .word(0)
      .text(source)
      .text('')
      .text('PowerPC 440 Debug')
      .half(DW.LANG_Mips_Assembler),
  )

const abbreviations = (): Bytes =>
  new Bytes()
    .put(1, DW.TAG_compile_unit, 0)
    .put(DW.AT_stmt_list, DW.FORM_sec_offset, DW.AT_ranges, DW.FORM_sec_offset, DW.AT_low_pc, DW.FORM_addr)
    .put(DW.AT_name, DW.FORM_string, DW.AT_comp_dir, DW.FORM_string, DW.AT_producer, DW.FORM_string)
    .put(DW.AT_language, DW.FORM_data2, 0, 0)
    .put(0)

function ranges(places: readonly PlacedRows[]): Bytes {
  const bytes = new Bytes()
  for (const { address, size } of places) bytes.word(address).word(address + size)
  return bytes.word(0).word(0)
}
