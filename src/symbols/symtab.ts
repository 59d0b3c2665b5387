// The symbol table.

import { type ElfFile, type ElfSymbol, SHF, SHN_ABS, SHT, STB, STT } from '../elf/types.ts'
import { demangle } from './demangle.ts'
import { lastAtOrBefore } from './lineTable.ts'
import type { Overlays } from './overlays.ts'

/** A symbol of the symbol table and how far into it an address is. */
export interface SymbolHit {
  /** Of C++ as it is written there, not as the linker knows it. */
  readonly name: string
  readonly offset: number
  readonly size?: number
  /** Of the symbol itself. */
  readonly address: number
  /** Where what is named after it ends: the next symbol, where that is further than its size. */
  readonly end: number
}

interface Extent {
  readonly low: number
  readonly high: number
  readonly symbol: ElfSymbol
}

/** Functions and data by address and by name. */
export class SymbolTable {
  readonly #elf: ElfFile
  readonly #overlays: Overlays
  /** Of sections that take turns at their addresses each by itself, by its number; the others together. */
  readonly #byAddress = new Map<number | undefined, readonly Extent[]>()
  #byName: ReadonlyMap<string, ElfSymbol> | undefined
  #byWrittenName: ReadonlyMap<string, ElfSymbol> | undefined

  constructor(elf: ElfFile, overlays: Overlays) {
    this.#elf = elf
    this.#overlays = overlays
  }

  /** The symbol that an address belongs to, e.g. for `<main+0x10>`. */
  at(address: number): SymbolHit | undefined {
    const isShared = this.#overlays.isShared(address)
    const section = isShared ? this.#overlays.mapped(address) : undefined
    if (isShared && section === undefined) return undefined
    let extents = this.#byAddress.get(section)
    if (extents === undefined) this.#byAddress.set(section, (extents = this.#sort(section)))
    const entry = extents[lastAtOrBefore(extents, address)]
    if (entry === undefined || address >= entry.high) return undefined
    const { name, value, size } = entry.symbol
    return {
      get name() {
        return demangle(name)
      },
      offset: address - value,
      address: value,
      end: entry.high,
      ...(size > 0 && { size }),
    }
  }

  named(name: string): ElfSymbol | undefined {
    if (this.#byName === undefined) {
      const byName = new Map<string, ElfSymbol>()
      for (const symbol of this.#elf.symbols) {
        if (symbol.type === STT.SECTION || symbol.type === STT.FILE || symbol.type === STT.TLS) continue
        const other = byName.get(symbol.name)
        if (other === undefined || rank(symbol) > rank(other)) byName.set(symbol.name, symbol)
      }
      this.#byName = byName
    }
    return this.#byName.get(name)
  }

  /** A symbol of C++ by what is written for its name in a listing: `sum(int)::calls`, `vtable for Shape`. */
  written(name: string): ElfSymbol | undefined {
    this.#byWrittenName ??= new Map(
      this.#elf.symbols
        .filter(each => each.name.startsWith('_Z') && isPlace(each))
        .map(each => [demangle(each.name), each] as const)
        .reverse(),
    )
    return this.#byWrittenName.get(name)
  }

  /** One symbol for each address, ascending. A symbol without a size reaches to the next one or its section's end. */
  #sort(only: number | undefined): Extent[] {
    const { sections } = this.#elf
    const isWhole = sections.some(({ type }) => type === SHT.SYMTAB)
    const best = new Map<number, ElfSymbol>()
    for (const symbol of this.#elf.symbols) {
      if (!isPlace(symbol) || (this.#overlays.has(symbol.shndx) ? symbol.shndx : undefined) !== only) continue
      const section = sections[symbol.shndx]
      if (section === undefined || !(section.flags & SHF.ALLOC)) continue
      const other = best.get(symbol.value)
      if (other === undefined || rank(symbol) > rank(other)) best.set(symbol.value, symbol)
    }
    return withoutLabels([...best.values()].sort((a, b) => a.value - b.value)).map((symbol, i, all) => {
      const section = sections[symbol.shndx]
      const sectionEnd = section.addr + section.size
      const next = i + 1 < all.length ? all[i + 1].value : sectionEnd
      const own = symbol.value + symbol.size
      // Beyond its size is padding, or code of a local label: better named after this than after nothing. Of a file that
      // has only the names that it exports other functions are there.
      const high = isWhole || symbol.size === 0 ? Math.max(Math.min(next, sectionEnd), own) : own
      return { low: symbol.value, high, symbol }
    })
  }
}

/** Without the labels in a function or object whose size says that it goes on there: gdb names places after that. */
function withoutLabels(ascending: readonly ElfSymbol[]): ElfSymbol[] {
  let end = 0
  return ascending.filter(({ type, value, size }) => {
    if (size > 0) end = value + size
    return size > 0 || type !== STT.NOTYPE || value >= end
  })
}

/** What `value` of it is an address; that of a thread's variable is an offset into its memory. */
const isPlace = ({ type, shndx }: ElfSymbol): boolean =>
  type !== STT.SECTION && type !== STT.FILE && type !== STT.TLS && shndx !== SHN_ABS

/** Of two symbols at one address, which name a person expects: a function's or variable's, a public one, `free` of `__free`. */
function rank({ name, type, bind, size }: ElfSymbol): number {
  const typed = type === STT.FUNC || type === STT.OBJECT ? 8 : 0
  const visible = bind !== STB.LOCAL ? 4 : 0
  const public_ = name.startsWith('_') ? 0 : 2
  return typed + visible + public_ + (bind === STB.GLOBAL ? 1 : 0) + (size > 0 ? 0.5 : 0)
}
