// Debug information in a file of its own, as `objcopy --only-keep-debug` makes it and distributions ship it.

import { stringAt } from './strings.ts'
import type { ElfFile } from './types.ts'

/** What a stripped program says of the file that has its debug information (`objcopy --add-gnu-debuglink`). */
export interface DebugLink {
  /** A file name without a directory: beside the program, or in `.debug` there. */
  readonly name: string
  /** CRC-32 of the whole file. */
  readonly crc: number
}

/** `.gnu_debuglink`: the name, padded to a multiple of 4, then the checksum. */
export function debugLink(program: ElfFile): DebugLink | undefined {
  const contents = program.contents('.gnu_debuglink')
  if (contents === undefined) return undefined
  const name = stringAt(contents, 0)
  const at = (name.length + 4) & ~3
  if (name === '' || at + 4 > contents.length) return undefined
  return { name, crc: new DataView(contents.buffer, contents.byteOffset).getUint32(at) }
}

/** The contents of NT_GNU_BUILD_ID in hex: the same in a program and in the file of its debug information. */
export function buildId(elf: ElfFile): string | undefined {
  // Elf32_Nhdr: three words, then `GNU` and its NUL.
  const id = elf.contents('.note.gnu.build-id')?.subarray(16)
  return id && Array.from(id, byte => byte.toString(16).padStart(2, '0')).join('')
}

/** Whether `debug` has the debug information of this very program, as far as either of them says. */
export function belongs(program: ElfFile, debug: ElfFile): boolean {
  const [own, other] = [buildId(program), buildId(debug)]
  if (own !== undefined && other !== undefined) return own === other
  const link = debugLink(program)
  return link === undefined || link.crc === crc32(debug.bytes)
}

/** The program with the debug information and, where its own was stripped, the symbols of another file. */
export function withDebugFile(program: ElfFile, debug: ElfFile): ElfFile {
  // Symbols name sections by number: both come from one file. The debug file has all of the program's, but empty.
  const named = program.symbols.length > 0 ? program : debug
  return {
    ...program,
    sections: named.sections,
    symbols: named.symbols,
    get problems() {
      return [...program.problems, ...debug.problems]
    },
    contents: name => debug.contents(name) ?? program.contents(name),
  }
}

/** CRC-32 as in zlib and Ethernet: reflected, polynomial 0x04c11db7. */
export function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (const byte of bytes) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 0xff]
  return ~crc >>> 0
}

const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})
