// What is thrown for a file that cannot be loaded.

import { hex } from '../util/hex.ts'

/** The file is not a program we can load: where it went wrong, what was found there and what to do about it. */
export class ElfError extends Error {
  override readonly name = 'ElfError'
  /** The part of the file, e.g. `ELF header` or `.symtab`. */
  readonly section: string
  /** Byte offset in the file. */
  readonly offset: number

  constructor(section: string, offset: number, message: string) {
    super(`${message} (${section}, offset ${hex(offset)})`)
    this.section = section
    this.offset = offset
  }
}
