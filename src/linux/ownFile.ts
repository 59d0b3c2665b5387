// A file that the program has created: it lives in memory, in blocks, and dies with the program. What was never written
// takes no room and reads as zeros.

const BLOCK = 4096
/** No file is larger. */
export const MOST_FILE_BYTES = 1 << 30

export interface OwnFile {
  length: number
  /** By number; a block all of whose bytes are zero may be absent. */
  readonly blocks: Map<number, Uint8Array>
}

export const emptyFile = (): OwnFile => ({ length: 0, blocks: new Map() })

/** Bytes it takes. */
export const roomOf = ({ blocks }: OwnFile): number => BLOCK * blocks.size

/** Copies bytes from `offset` on into `target`. @returns how many there were, up to the end of the file. */
export function readOwn({ length, blocks }: OwnFile, offset: number, target: Uint8Array): number {
  const count = Math.max(0, Math.min(target.length, length - offset))
  for (let done = 0; done < count; ) {
    const at = (offset + done) % BLOCK
    const part = Math.min(count - done, BLOCK - at)
    const block = blocks.get(Math.floor((offset + done) / BLOCK))
    if (block === undefined) target.fill(0, done, done + part)
    else target.set(block.subarray(at, at + part), done)
    done += part
  }
  return count
}

/** @param room asked before a block is added: whether there is memory for it. @returns how many bytes were written before it was used up. */
export function writeOwn(file: OwnFile, offset: number, bytes: Uint8Array, room: (bytes: number) => boolean): number {
  for (let done = 0; done < bytes.length; ) {
    const at = (offset + done) % BLOCK
    const part = Math.min(bytes.length - done, BLOCK - at)
    const number = Math.floor((offset + done) / BLOCK)
    let block = file.blocks.get(number)
    if (block === undefined) {
      if (!room(BLOCK)) return done
      file.blocks.set(number, (block = new Uint8Array(BLOCK)))
    }
    block.set(bytes.subarray(done, done + part), at)
    done += part
    file.length = Math.max(file.length, offset + done)
  }
  return bytes.length
}

/** Cut, or grown with zeros. */
export function resizeOwn(file: OwnFile, length: number): void {
  if (length < file.length) {
    for (const number of file.blocks.keys()) if (number * BLOCK >= length) file.blocks.delete(number)
    file.blocks.get(Math.floor(length / BLOCK))?.fill(0, length % BLOCK)
  }
  file.length = length
}
