// Packages of split debug information as DWARF 5 has them: no tool at hand makes them for big-endian machines.

import { readObjectFile } from '../../src/elf/objectFile.ts'
import { type NamedPart, withSections, writeElf } from '../support/elf.ts'

/** The columns of its indexes (DWARF 5, Table 7.1). */
const COLUMNS = [
  [1, '.debug_info.dwo'],
  [3, '.debug_abbrev.dwo'],
  [4, '.debug_line.dwo'],
  [5, '.debug_loclists.dwo'],
  [6, '.debug_str_offsets.dwo'],
  [7, '.debug_macro.dwo'],
  [8, '.debug_rnglists.dwo'],
] as const

const DW_UT_split_type = 6
/** `unit_length`, version, unit type, address size and `debug_abbrev_offset` come before the id or the signature. */
const ID_AT = 12

interface Row {
  readonly id: Uint8Array
  readonly parts: readonly { readonly offset: number; readonly size: number }[]
}

/** A package of these `.dwo` files of DWARF 5 in the 32-bit format. */
export function packageOf(files: readonly Uint8Array[]): Uint8Array {
  const contents = new Map<string, number[]>()
  const rows: Record<'cu' | 'tu', Row[]> = { cu: [], tu: [] }
  const append = (name: string, bytes: Uint8Array) => {
    let all = contents.get(name)
    if (all === undefined) contents.set(name, (all = []))
    const offset = all.length
    for (const byte of bytes) all.push(byte)
    return { offset, size: bytes.length }
  }
  for (const bytes of files) {
    const file = readObjectFile(bytes, 'a part')
    const [names = new Uint8Array()] = file.allContents('.debug_str.dwo')
    const strings = append('.debug_str.dwo', names)
    const shared = COLUMNS.slice(1).map(([, name]) => {
      const [own = new Uint8Array()] = file.allContents(name)
      return append(name, name === '.debug_str_offsets.dwo' ? moved(own, strings.offset) : own)
    })
    for (const units of file.allContents('.debug_info.dwo')) {
      const row = { id: units.slice(ID_AT, ID_AT + 8), parts: [append('.debug_info.dwo', units), ...shared] }
      rows[units[6] === DW_UT_split_type ? 'tu' : 'cu'].push(row)
    }
  }
  const sections: NamedPart[] = [...contents].map(([name, bytes]) => ({ name, bytes: Uint8Array.from(bytes) }))
  for (const kind of ['cu', 'tu'] as const)
    if (rows[kind].length > 0) sections.push({ name: `.debug_${kind}_index`, bytes: index(rows[kind]) })
  return withSections(writeElf(0, []), sections)
}

/** Offsets of strings, behind their header of 8 bytes, in a section that begins further on. */
function moved(offsets: Uint8Array, by: number): Uint8Array {
  const copy = Uint8Array.from(offsets)
  const view = new DataView(copy.buffer)
  for (let at = 8; at < copy.length; at += 4) view.setUint32(at, view.getUint32(at) + by)
  return copy
}

/** §7.3.5.3. */
function index(rows: readonly Row[]): Uint8Array {
  let slots = 4
  while (slots < (3 * rows.length) / 2) slots *= 2
  const size = 16 + 12 * slots + 4 * COLUMNS.length * (1 + 2 * rows.length)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, 5)
  for (const [i, word] of [COLUMNS.length, rows.length, slots].entries()) view.setUint32(4 + 4 * i, word)
  for (const [i, { id }] of rows.entries()) {
    const key = new DataView(id.buffer, id.byteOffset).getBigUint64(0)
    const mask = BigInt(slots - 1)
    let slot = Number(key & mask)
    const step = Number((key >> 32n) & mask) | 1
    while (view.getUint32(16 + 8 * slots + 4 * slot) !== 0) slot = (slot + step) % slots
    bytes.set(id, 16 + 8 * slot)
    view.setUint32(16 + 8 * slots + 4 * slot, i + 1)
  }
  let at = 16 + 12 * slots
  const write = (word: number) => {
    view.setUint32(at, word)
    at += 4
  }
  for (const [number] of COLUMNS) write(number)
  for (const { parts } of rows) for (const { offset } of parts) write(offset)
  for (const { parts } of rows) for (const { size } of parts) write(size)
  return bytes
}
