// ELF files made of bytes: for machines that are to run something nobody compiled.

export interface Part {
  readonly address: number
  readonly bytes: Uint8Array
}

const ELF_HEADER = 52
const PROGRAM_HEADER = 32

/** Instructions as they stand in memory. */
export function bytesOf(words: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * words.length))
  for (const [i, word] of words.entries()) view.setInt32(4 * i, word)
  return new Uint8Array(view.buffer)
}

/** A 32-bit big-endian executable with one PT_LOAD per part. */
export function writeElf(entry: number, parts: readonly Part[]): Uint8Array {
  let offset = ELF_HEADER + PROGRAM_HEADER * parts.length
  const bytes = new Uint8Array(offset + parts.reduce((sum, part) => sum + part.bytes.length, 0))
  const view = new DataView(bytes.buffer)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 2, 1])
  view.setUint32(16, (2 << 16) | 20)
  view.setUint32(20, 1)
  view.setUint32(24, entry)
  view.setUint32(28, ELF_HEADER)
  view.setUint32(40, (ELF_HEADER << 16) | PROGRAM_HEADER)
  view.setUint32(44, parts.length << 16)
  for (const [i, part] of parts.entries()) {
    const size = part.bytes.length
    const header = [1, offset, part.address, part.address, size, size, 7, 4]
    for (const [field, value] of header.entries()) view.setUint32(ELF_HEADER + PROGRAM_HEADER * i + 4 * field, value)
    bytes.set(part.bytes, offset)
    offset += size
  }
  return bytes
}

/** A section, to be found by its name; it is not loaded. */
export interface NamedPart {
  readonly name: string
  readonly bytes: Uint8Array
  /** SHT_PROGBITS where nothing is said. */
  readonly type?: number
  readonly flags?: number
  readonly address?: number
  /** Of another section, by its place in the list, counted from 1. */
  readonly link?: number
}

const SECTION_HEADER = 40

/** That executable, with a section header table behind it. */
export function withSections(elf: Uint8Array, sections: readonly NamedPart[]): Uint8Array {
  const names = [...sections.map(({ name }) => name), '.shstrtab']
  const strings = new TextEncoder().encode(`\0${names.map(name => `${name}\0`).join('')}`)
  const all: NamedPart[] = [...sections, { name: '.shstrtab', bytes: strings, type: 3 }]
  const contents = all.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const table = elf.length + contents
  const file = new Uint8Array(table + SECTION_HEADER * (all.length + 1))
  file.set(elf)
  const view = new DataView(file.buffer)
  view.setUint32(32, table)
  view.setUint32(46, (SECTION_HEADER << 16) | (all.length + 1))
  view.setUint16(50, all.length)
  let offset = elf.length
  let name = 1
  for (const [i, { name: text, bytes, type = 1, flags = 0, address = 0, link = 0 }] of all.entries()) {
    const header = [name, type, flags, address, offset, bytes.length, link, 0, 1, 0]
    const at = table + SECTION_HEADER * (i + 1)
    for (const [field, value] of header.entries()) view.setUint32(at + 4 * field, value)
    file.set(bytes, offset)
    offset += bytes.length
    name += text.length + 1
  }
  return file
}
