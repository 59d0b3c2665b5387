import { ElfError } from './error.ts'
import { inflate } from './inflate.ts'

/** `Elf32_Chdr` (gABI, "Section Compression"): type, size and alignment of what was compressed. */
const headerSize = 12
const ELFCOMPRESS_ZLIB = 1
const ELFCOMPRESS_ZSTD = 2

/** No section is larger than what a file can say in 32 bits; a damaged size must not exhaust the memory. DEFLATE's limit is 1032:1. */
const mostExpansion = 1032

/** What an SHF_COMPRESSED section holds. Where it cannot be had, that is noted. */
export function decompress(name: string, contents: Uint8Array, problems: string[]): Uint8Array | undefined {
  try {
    return decompressed(name, contents)
  } catch (error) {
    if (!(error instanceof ElfError)) throw error
    const problem = `${name} was left out: ${error.message}`
    if (!problems.includes(problem)) problems.push(problem)
    return undefined
  }
}

function decompressed(name: string, contents: Uint8Array): Uint8Array {
  if (contents.length < headerSize) throw new ElfError(name, 0, 'its compression header is cut off')
  const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength)
  const type = view.getUint32(0)
  const size = view.getUint32(4)
  if (type === ELFCOMPRESS_ZSTD)
    throw new ElfError(name, 0, 'it is compressed with zstd. Link with -gz=zlib or -gz=none')
  if (type !== ELFCOMPRESS_ZLIB) throw new ElfError(name, 0, `its compression ${type} is not known. Link with -gz=none`)
  const stream = contents.subarray(headerSize)
  if (size > stream.length * mostExpansion) throw new ElfError(name, 4, `it cannot hold ${size} bytes`)
  return inflate(stream, size)
}
