// Finds the files that hold what the compiler has split off a program (`-gsplit-dwarf`).

import { openDwarf, type SplitUnit, splitIds } from '../dwarf/dwarf.ts'
import { type DwarfSections, dwarfSections } from '../dwarf/sections.ts'
import { ElfError } from '../elf/error.ts'
import { readObjectFile } from '../elf/objectFile.ts'
import type { ElfFile, ObjectFile } from '../elf/types.ts'

/** A file that may be the one looked for. */
export interface SplitFilePlace {
  /** For messages. */
  readonly name: string
  /** Undefined where it cannot be read. */
  read(): Promise<Uint8Array | undefined>
}

export interface SplitFileFinder {
  /** Packages that may be the program's, best first. */
  packages(): AsyncIterable<SplitFilePlace>
  /** Where the file may be that the compiler has put at `path`, best first. */
  places(path: string): AsyncIterable<SplitFilePlace>
}

/** Files are on the other side of a connection: so many are asked for at once. */
const AT_ONCE = 8
/** Of files that are not used; a build of another day has thousands. */
const MOST_TOLD = 5
/** Bytes of all of them. No program that fits the machine has more. */
const MOST_BYTES = 1 << 30

/** The program with what was split off it, as far as that is found. What is found and is not its own is told. */
export async function withSplitFiles(
  elf: ElfFile,
  finder: SplitFileFinder,
  note: (text: string) => void,
): Promise<ElfFile> {
  const sections = dwarfSections(elf)
  // Nothing is split without addresses by index; a kernel is not read for that.
  const wanted = sections.has('.debug_addr') ? openDwarf(sections).missing : []
  if (wanted.length === 0) return elf
  const search = new Search(sections, wanted)
  for await (const candidate of finder.packages()) search.why.push(...(await search.take(candidate)))
  const byPath = new Map<string, SplitUnit>()
  for (const unit of wanted) if (!search.has(unit)) byPath.set(pathOf(unit), unit)
  const waiting = [...byPath]
  for (let at = 0; at < waiting.length; at += AT_ONCE) {
    const some = waiting.slice(at, at + AT_ONCE)
    await Promise.all(some.map(([path, unit]) => search.among(finder.places(path), unit)))
  }
  const { found, why } = search
  for (const text of why.slice(0, MOST_TOLD)) note(text)
  if (why.length > MOST_TOLD) note(`${why.length - MOST_TOLD} other files split off the program are not used either.`)
  return { ...elf, splitFiles: found }
}

class Search {
  readonly found: ObjectFile[] = []
  /** Why files that are there are not used. */
  readonly why: string[] = []
  readonly #sections: DwarfSections
  readonly #missing: Set<string | undefined>
  #room = MOST_BYTES

  constructor(sections: DwarfSections, wanted: readonly SplitUnit[]) {
    this.#sections = sections
    this.#missing = new Set(wanted.map(({ id }) => id))
  }

  has({ id }: SplitUnit): boolean {
    return !this.#missing.has(id)
  }

  /** Looks at one after the other until the unit is found. What was in the way is told only if it is not. */
  async among(candidates: AsyncIterable<SplitFilePlace>, unit: SplitUnit): Promise<void> {
    const why = new Map<string, readonly string[]>()
    for await (const candidate of candidates) {
      if (why.has(candidate.name)) continue
      why.set(candidate.name, await this.take(candidate))
      if (this.has(unit)) return
    }
    this.why.push(...[...why.values()].flat())
  }

  /** Why a file is of no use, if it is not. */
  async take(candidate: SplitFilePlace): Promise<string[]> {
    const bytes = await candidate.read()
    if (bytes === undefined) return []
    const { name } = candidate
    this.#room -= bytes.length
    if (this.#room < 0) return [`${name} is not read: all files split off the program have more than 1 GB.`]
    try {
      const file = readObjectFile(bytes, name)
      const ids = [...splitIds(file, this.#sections)].filter(id => this.#missing.delete(id))
      if (ids.length > 0) {
        this.found.push(file)
        return []
      }
      return [
        file.problems.length > 0
          ? `${name} is damaged: ${file.problems.join(' ')} Build it again.`
          : `${name} has the debug information of another build: it is not used. Build and link all of the program again.`,
      ]
    } catch (error) {
      if (!(error instanceof ElfError)) throw error
      return [`${error.message}: it is not used. Build it again.`]
    }
  }
}

/** Absolute, where the program says in which directory the compiler ran. */
const pathOf = ({ name, directory }: SplitUnit): string =>
  directory === undefined || /^([\\/]|[a-z]:)/i.test(name) ? name : `${directory}/${name}`
