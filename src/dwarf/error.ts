// What is thrown where debug information is damaged, and how to do without the damaged part.

import { note } from '../elf/problems.ts'
import { hex } from '../util/hex.ts'

/** Debug information that cannot be read: the section, the offset in it and what was wrong there. */
export class DwarfError extends Error {
  override readonly name = 'DwarfError'
  readonly section: string
  readonly offset: number

  constructor(section: string, offset: number, message: string) {
    super(`${section}+${hex(offset)}: ${message}`)
    this.section = section
    this.offset = offset
  }
}

/** Run `read`; where it meets damaged debug information, note that in `problems` (once) and give `otherwise`. */
export function tolerate<T>(problems: string[], otherwise: T, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof DwarfError)) throw error
    note(problems, error.message)
    return otherwise
  }
}
