// A file as a whole, read in pieces: programs and what belongs to them.

import type { ClientFiles, FilePlace } from './host.ts'

const PIECE = 4 << 20
/** No program that fits the machine is larger. */
const LARGEST = 1 << 30

/** @throws an error whose message says why, when it cannot be read. */
export async function wholeFile(files: ClientFiles, place: FilePlace): Promise<Uint8Array> {
  const found = await files.stat(place)
  if (found.kind === 'none') throw new Error(found.why)
  if (found.kind === 'directory') throw new Error('it is a folder')
  if (found.size > LARGEST) throw new Error('it is larger than 1 GB')
  const bytes = new Uint8Array(found.size)
  for (let at = 0; at < bytes.length; ) {
    const piece = await files.read(place, at, Math.min(PIECE, bytes.length - at))
    if (piece.length === 0) return bytes.slice(0, at)
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
