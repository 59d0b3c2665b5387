// The debug sections of a program, by name.

import { Budget } from '../elf/budget.ts'
import type { ElfFile } from '../elf/types.ts'
import { DwarfError } from './error.ts'
import { Reader } from './reader.ts'

/** The debug sections of a program by name, e.g. `.debug_info`. */
export interface DwarfSections {
  /** A cursor at `offset`. A section that is missing is an error of whoever points into it. */
  reader(name: string, offset?: number): Reader
  /** A string of a string section. Kept: the names of a big program are few, and stand in a million entries. */
  string(name: string, offset: number): string
  has(name: string): boolean
  /** Counts what is read of what many refer to, each reading kept. @throws DwarfError once it is too much. */
  spend(name: string, bytes: number): void
  /** The address the section is loaded at; `.eh_frame` is relative to it. */
  address(name: string): number
  /** How much further on the program lies than it is linked, modulo 2^32. */
  readonly movedBy: number
}

/** Those of a program. */
export const dwarfSections = (elf: ElfFile): DwarfSections =>
  sectionsOf(name => elf.contents(name), {
    address: name => elf.sections.find(section => section.name === name)?.addr ?? 0,
    movedBy: elf.movedBy ?? 0,
  })

/** Sections by what they hold and where they are loaded. `called` is what messages call one. */
export function sectionsOf(
  contents: (name: string) => Uint8Array | undefined,
  { address, movedBy }: Pick<DwarfSections, 'address' | 'movedBy'>,
  called: (name: string) => string = name => name,
): DwarfSections {
  const cache = new Map<string, Reader | undefined>()
  const start = (name: string) => {
    if (!cache.has(name)) {
      const bytes = contents(name)
      cache.set(name, bytes && new Reader(called(name), bytes, movedBy))
    }
    return cache.get(name)
  }
  const reader = (name: string, offset = 0) => {
    const found = start(name)
    if (found === undefined)
      throw new DwarfError(called(name), offset, 'the section is needed here, and the file lacks it')
    return found.at(offset)
  }
  const budgets = new Map<string, Budget>()
  const spend = (name: string, bytes: number) => {
    let budget = budgets.get(name)
    if (budget === undefined) budgets.set(name, (budget = new Budget(start(name)?.end ?? 0)))
    if (!budget.spend(bytes)) throw new DwarfError(called(name), 0, 'what it holds overlaps too often to be read')
  }
  const strings = new Map<string, Map<number, string>>()
  return {
    reader,
    string(name, offset) {
      let known = strings.get(name)
      if (known === undefined) strings.set(name, (known = new Map()))
      let text = known.get(offset)
      if (text === undefined) {
        spend(name, 0)
        text = reader(name, offset).string()
        spend(name, text.length)
        known.set(offset, text)
      }
      return text
    },
    spend,
    has: name => start(name) !== undefined,
    address,
    movedBy,
  }
}
