// Compressed sections: SHF_COMPRESSED (gABI, "Section Compression"), and before that GNU's `.zdebug_` sections.

import { ElfError } from './error.ts'
import { inflate } from './inflate.ts'
import { note } from './problems.ts'

/** `Elf32_Chdr` (gABI, "Section Compression"): type, size and alignment of what was compressed. */
const headerSize = 12
const ELFCOMPRESS_ZLIB = 1
const ELFCOMPRESS_ZSTD = 2

/**
 * What all sections of a file may become: debug information is compressed to a fifth, and what of it repeats to a
 * twentieth. DEFLATE could make a gigabyte of a megabyte.
 */
const mostExpansion = 32
const smallestRoom = 16 << 20

/** The bytes that compressed sections of a file may still become. */
export interface InflateRoom {
  left: number
}

export const roomOf = (file: Uint8Array): InflateRoom => ({ left: smallestRoom + mostExpansion * file.length })

/** The name of `.debug_info` and its like where GNU's tools have compressed it (binutils before 2.26, `-gz=zlib-gnu`). */
export const gnuCompressedName = (name: string): string => name.replace(/^\.debug_/, '.zdebug_')

/** What a compressed section holds. Where it cannot be had, that is noted. */
export function decompress(
  name: string,
  contents: Uint8Array,
  room: InflateRoom,
  problems: string[],
): Uint8Array | undefined {
  try {
    return name.startsWith('.zdebug_') ? gnuDecompressed(name, contents, room) : decompressed(name, contents, room)
  } catch (error) {
    if (!(error instanceof ElfError)) throw error
    note(problems, `${name} was left out: ${error.message}`)
    return undefined
  }
}

function decompressed(name: string, contents: Uint8Array, room: InflateRoom): Uint8Array {
  if (contents.length < headerSize) throw new ElfError(name, 0, 'its compression header is cut off')
  const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength)
  const type = view.getUint32(0)
  const size = view.getUint32(4)
  if (type === ELFCOMPRESS_ZSTD)
    throw new ElfError(name, 0, 'it is compressed with zstd. Link with -gz=zlib or -gz=none')
  if (type !== ELFCOMPRESS_ZLIB) throw new ElfError(name, 0, `its compression ${type} is not known. Link with -gz=none`)
  return inflated(name, contents.subarray(headerSize), size, room)
}

/** `ZLIB`, and the size as 64 bits, the most significant first. */
const gnuMagic = 0x5a4c4942

function gnuDecompressed(name: string, contents: Uint8Array, room: InflateRoom): Uint8Array {
  const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength)
  if (contents.length < headerSize || view.getUint32(0) !== gnuMagic)
    throw new ElfError(name, 0, 'it does not begin with "ZLIB" and its size')
  const size = view.getUint32(4) * 2 ** 32 + view.getUint32(8)
  return inflated(name, contents.subarray(headerSize), size, room)
}

function inflated(name: string, stream: Uint8Array, size: number, room: InflateRoom): Uint8Array {
  if (size > room.left) throw new ElfError(name, 4, `it would have ${size} bytes, too many for this file`)
  room.left -= size
  return inflate(stream, size)
}
