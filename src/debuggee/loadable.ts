// Code of files of their own: what comes while the program runs, if it is a kernel, its modules and the programs and libraries
// of its processes (processImages.ts); and what lies beside it. Which files there are, and what they are where the system has put them.

import { readElf } from '../elf/elf.ts'
import { ElfError } from '../elf/error.ts'
import { movedElf } from '../elf/moved.ts'
import { relocatedElf } from '../elf/relocated.ts'
import type { ElfFile } from '../elf/types.ts'
import { imageOf, type LoadedImage } from '../symbols/loadedSymbols.ts'
import { Symbols } from '../symbols/symbols.ts'
import { ProcessImages } from './processImages.ts'
import type { LoadedCode } from './systems/system.ts'

export interface LoadableFiles {
  /** By the names that they have, without folders. */
  readonly modules: ReadonlyMap<string, Uint8Array>
  /** And libraries, by their paths in the system. */
  readonly programs: ReadonlyMap<string, Uint8Array>
  /** What lies beside the program from the beginning, where it lies. */
  readonly beside: readonly ElfFile[]
}

export const NO_FILES: LoadableFiles = { modules: new Map(), programs: new Map(), beside: [] }

/** By how much further on than it is linked a file lies, modulo 2^32; or where its `.text` begins. */
export type CodePlace = { readonly offset: number } | { readonly address: number }

/** A file where it lies. @returns why there is nothing to be known of it, a sentence, where that is so */
export function placedElf(bytes: Uint8Array, name: string, place: CodePlace): ElfFile | string {
  try {
    const elf = readElf(bytes, name, true)
    const text = elf.sections.find(section => section.name === '.text')?.addr
    if ('offset' in place) return movedElf(elf, place.offset)
    return text === undefined
      ? `${name} has no .text whose "address" could be said.`
      : movedElf(elf, place.address - text)
  } catch (error) {
    if (error instanceof ElfError) return error.message
    throw error
  }
}

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

  readonly processes: ProcessImages
  readonly beside: readonly LoadedImage[]

  constructor({ modules, programs, beside }: LoadableFiles) {
    this.beside = beside.map(elf => imageOf(elf))
    for (const [file, bytes] of modules) this.#files.set(keyOf(file), bytes)
    this.processes = new ProcessImages(programs)
  }

  get isEmpty(): boolean {
    return this.#files.size === 0 && this.processes.isEmpty
  }

  /** The symbols of the files that are not loaded now. */
  later(): readonly Symbols[] {
    const modules = [...this.#files.keys()].filter(key => !this.#loadedFiles.has(key))
    return [...modules.flatMap(key => this.#unplaced(key) ?? []), ...this.processes.later()]
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
