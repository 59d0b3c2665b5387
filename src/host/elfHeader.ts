// Whether a file is worth offering as a program to debug, from its first bytes. The adapter looks closer and explains.

/** Enough of the file to tell. */
export const HEADER_BYTES = 20

const MAGIC_32_BIT_BIG_ENDIAN = [0x7f, 0x45, 0x4c, 0x46, 1, 2]
const ET_EXEC = 2
const ET_DYN = 3
const EM_PPC = 20

export function isPowerPcProgram(start: Uint8Array): boolean {
  if (start.length < HEADER_BYTES || !MAGIC_32_BIT_BIG_ENDIAN.every((byte, at) => start[at] === byte)) return false
  const { buffer, byteOffset, byteLength } = start
  const header = new DataView(buffer, byteOffset, byteLength)
  const type = header.getUint16(16)
  return (type === ET_EXEC || type === ET_DYN) && header.getUint16(18) === EM_PPC
}
