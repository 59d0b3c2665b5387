// Code that the program may load from files of its own while it runs, as a kernel loads its modules: which files there are,
// and what they are where the system has put them.

import { ElfError } from '../elf/error.ts'
import { relocatedElf } from '../elf/relocated.ts'
import type { ElfFile } from '../elf/types.ts'
import { imageOf, type LoadedImage } from '../symbols/loadedSymbols.ts'
import { Symbols } from '../symbols/symbols.ts'
import type { LoadedCode } from './systems/system.ts'

/** Where sections of files that are not loaded are taken to lie: apart, and at no place that matters. */
const FIRST_PLACE = 0x1_0000

/** A module named `a_b` may have a file named `a-b.ko`. */
const keyOf = (file: string): string => file.replaceAll('-', '_')

export class Loadable {
  readonly #files = new Map<string, Uint8Array>()
  readonly #later = new Map<string, Symbols | undefined>()
  /** What is loaded now, by its file and its places, and as what it is known. */
  #loaded: ReadonlyMap<string, LoadedImage | undefined> = new Map()
  #loadedFiles: ReadonlySet<string> = new Set()

  /** @param files by the names that they have, without folders */
  constructor(files: ReadonlyMap<string, Uint8Array>) {
    for (const [file, bytes] of files) this.#files.set(keyOf(file), bytes)
  }

  get isEmpty(): boolean {
    return this.#files.size === 0
  }

  /** The symbols of the files that are not loaded now. */
  later(): readonly Symbols[] {
    return [...this.#files.keys()].filter(key => !this.#loadedFiles.has(key)).flatMap(key => this.#unplaced(key) ?? [])
  }

  #unplaced(key: string): Symbols | undefined {
    if (!this.#later.has(key)) {
      let place = FIRST_PLACE
      const elf = this.#read(key, () => (place += FIRST_PLACE))
      this.#later.set(key, elf && Symbols.load(elf))
    }
    return this.#later.get(key)
  }

  /** @returns what is loaded now; undefined where nothing has changed since the last time */
  load(codes: readonly LoadedCode[]): readonly LoadedImage[] | undefined {
    const keys = codes.map(({ file, sections }) => `${keyOf(file)} ${JSON.stringify([...sections])}`)
    const before = this.#loaded
    if (keys.length === before.size && keys.every(key => before.has(key))) return undefined
    this.#loaded = new Map(keys.map((key, n) => [key, before.get(key) ?? this.#image(codes[n]!)]))
    this.#loadedFiles = new Set(codes.map(({ file }) => keyOf(file)))
    return [...this.#loaded.values()].filter(image => image !== undefined)
  }

  #image({ file, sections }: LoadedCode): LoadedImage | undefined {
    const elf = this.#read(keyOf(file), section => sections.get(section))
    return elf && imageOf(elf)
  }

  #read(key: string, addressOf: (section: string) => number | undefined): ElfFile | undefined {
    const bytes = this.#files.get(key)
    try {
      return bytes && relocatedElf(bytes, key, addressOf)
    } catch (error) {
      // What is no object file for this machine is no code of it.
      if (error instanceof ElfError) return undefined
      throw error
    }
  }
}
