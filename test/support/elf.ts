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
