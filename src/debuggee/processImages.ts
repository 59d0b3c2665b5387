// Programs of an operating system's processes, and libraries that they share: files by their paths in that system, and what lies
// where in which address space. One that is linked at fixed addresses lies there; a position-independent one lies where the
// system has mapped it, in each process perhaps elsewhere.

import { readElf } from '../elf/elf.ts'
import { ElfError } from '../elf/error.ts'
import { movedElf } from '../elf/moved.ts'
import { type ElfFile, ET_DYN } from '../elf/types.ts'
import { imageOf, type LoadedImage } from '../symbols/loadedSymbols.ts'
import { Symbols } from '../symbols/symbols.ts'
import { fileName } from '../util/fileName.ts'
import type { MappedFile, SystemProcess } from './systems/system.ts'

/** Why the program of a process is not known by this file, a sentence; undefined where it is. */
export function whyNoProgram(bytes: Uint8Array, name: string): string | undefined {
  try {
    readElf(bytes, name, true)
    return undefined
  } catch (error) {
    if (error instanceof ElfError) return error.message
    throw error
  }
}

export class ProcessImages {
  readonly #fixed = new Map<string, LoadedImage>()
  readonly #movable = new Map<string, ElfFile>()
  readonly #unplaced = new Map<string, Symbols>()
  /** Of the movable ones by path and place: processes that have them at the same place share them. */
  readonly #placed = new Map<string, LoadedImage>()
  /** What is known of each address space, as it was seen last: keys of those. */
  #spaces = new Map<number, ReadonlySet<string>>()

  /** @param files by their paths in the system; each is one that `whyNoProgram` has nothing against */
  constructor(files: ReadonlyMap<string, Uint8Array>) {
    for (const [path, bytes] of files) {
      const elf = readElf(bytes, path, true)
      if (elf.header.type === ET_DYN) this.#movable.set(path, elf)
      else this.#fixed.set(path, imageOf(elf, fileName(path)))
    }
  }

  get isEmpty(): boolean {
    return this.#fixed.size === 0 && this.#movable.size === 0
  }

  /** All that have a place in some process. */
  get all(): readonly LoadedImage[] {
    return [...this.#fixed.values(), ...[...this.#keys].flatMap(key => this.#placed.get(key) ?? [])]
  }

  get #keys(): ReadonlySet<string> {
    return new Set([...this.#spaces.values()].flatMap(keys => [...keys]))
  }

  /** The symbols of those that have none, at no address in particular. */
  later(): readonly Symbols[] {
    const placed = new Set([...this.#keys].map(key => key.slice(key.indexOf(' ') + 1)))
    return [...this.#movable].flatMap(([path, elf]) => {
      if (placed.has(path)) return []
      const symbols = this.#unplaced.get(path) ?? Symbols.load(elf)
      this.#unplaced.set(path, symbols)
      return [symbols]
    })
  }

  /** No process is known any more. */
  forget(): void {
    this.#spaces = new Map()
  }

  /** What of the process is known, its program first. */
  imagesOf(process: SystemProcess): readonly LoadedImage[] {
    return this.#imagesAt(process, this.#placesIn(process))
  }

  #imagesAt(process: SystemProcess, places: ReadonlySet<string>): readonly LoadedImage[] {
    const fixed = found(this.#fixed, process.program)?.[1]
    const placed = [...places].flatMap(key => this.#placed.get(key) ?? [])
    return fixed === undefined ? placed : [fixed, ...placed]
  }

  /** It learns what lies where in a process. @returns that, and whether something lies where nothing was known, or no longer */
  learn(process: SystemProcess): { readonly images: readonly LoadedImage[]; readonly isOther: boolean } {
    const own = this.#placesIn(process)
    const images = this.#imagesAt(process, own)
    if (this.#movable.size === 0) return { images, isOther: false }
    const before = this.#keys
    const known = new Map(this.#spaces).set(process.space, own)
    // One that was forked has come without a sign.
    const living = process.spaces().map(space => [space, known.get(space) ?? this.#placesIn(process, space)] as const)
    this.#spaces = new Map([...living, [process.space, own]])
    const now = this.#keys
    return { images, isOther: now.size !== before.size || [...now].some(key => !before.has(key)) }
  }

  #placesIn(process: SystemProcess, space = process.space): ReadonlySet<string> {
    const keys = new Map<string, string>()
    if (this.#movable.size === 0) return new Set()
    for (const file of process.files(space)) {
      const known = found(this.#movable, file.path)
      // The first part of a file says where all of it is.
      if (known === undefined || keys.has(known[0])) continue
      const [path, elf] = known
      const by = movedBy(elf, file)
      if (by === undefined) continue
      const key = `${by} ${path}`
      keys.set(path, key)
      if (!this.#placed.has(key)) this.#placed.set(key, imageOf(movedElf(elf, by), fileName(path)))
    }
    return new Set(keys.values())
  }
}

/** The file of that path, or of one that ends so: of what is mounted a system may name only the end. */
const found = <T>(files: ReadonlyMap<string, T>, path: string): readonly [path: string, file: T] | undefined => {
  const own = files.get(path)
  return own === undefined ? [...files].find(([each]) => each.endsWith(path)) : [path, own]
}

/** A system maps whole pages: of 4 KB at least, and all segments are aligned to more. */
const PAGE = -4096

/** By how much further on than it is linked a file lies of which this part is mapped. */
function movedBy(elf: ElfFile, { address, offset }: MappedFile): number | undefined {
  const segment = elf.segments.find(each => (each.offset & PAGE) >>> 0 === offset)
  return segment && (address - ((segment.vaddr & PAGE) >>> 0)) >>> 0
}
