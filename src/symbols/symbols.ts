import { DW_TAG } from '../dwarf/constants.ts'
import { openDwarf } from '../dwarf/dwarf.ts'
import type { Range } from '../dwarf/ranges.ts'
import { inRange } from '../dwarf/ranges.ts'
import { dwarfSections } from '../dwarf/sections.ts'
import { type ElfFile, type ElfSymbol, SHF, STT } from '../elf/types.ts'
import { type FunctionInfo, Functions, type InlineInstance } from './functions.ts'
import { Lines, type SourceLocation } from './lines.ts'
import { NameIndex } from './names.ts'
import { type SymbolHit, SymbolTable } from './symtab.ts'
import { UnitIndex } from './units.ts'

export interface SourceFile {
  /** As the compiler named it, made absolute by the directory it ran in. */
  readonly path: string
}

/** A source line's code: the line asked for or the next one that has any, and where to stop for it. */
export interface LineLocations {
  readonly line: number
  readonly addresses: number[]
}

/** What a debugger asks of a program's symbols and debug information. Reads each part when first asked for it. */
export class Symbols {
  readonly #elf: ElfFile
  readonly #units: UnitIndex
  readonly #lines: Lines
  readonly #functions: Functions
  readonly #names: NameIndex
  readonly #symtab: SymbolTable

  private constructor(elf: ElfFile) {
    this.#elf = elf
    const loaded = elf.sections.filter(section => section.flags & SHF.ALLOC && section.size > 0)
    const isCode = (address: number) =>
      loaded.some(section => address >= section.addr && address - section.addr < section.size)
    this.#units = new UnitIndex(openDwarf(dwarfSections(elf)), isCode)
    this.#lines = new Lines(this.#units)
    this.#functions = new Functions(this.#units)
    this.#names = new NameIndex(this.#units)
    this.#symtab = new SymbolTable(elf)
  }

  static load(elf: ElfFile): Symbols {
    return new Symbols(elf)
  }

  /** What was found damaged so far; more may come as more is read. */
  get problems(): readonly string[] {
    return [...this.#elf.problems, ...this.#units.dwarf.problems]
  }

  files(): SourceFile[] {
    return this.#lines.paths().map(path => ({ path }))
  }

  /**
   * Where to stop for a line: one address for each function, block or inlined copy that has code of it, behind the
   * prologue where it opens a function. Undefined where neither it nor a later line of that file has code.
   */
  locationsFor(path: string, line: number): LineLocations | undefined {
    const found = this.#lines.hits(path, line)
    if (found === undefined) return undefined
    const byBlock = new Map<unknown, number>()
    for (const { row } of found.hits) {
      const block = this.#functions.blocksAt(row.address).at(-1) ?? row.address
      const other = byBlock.get(block)
      if (other === undefined || row.address < other) byBlock.set(block, row.address)
    }
    const addresses = [...byBlock.values()].map(address => {
      const info = this.#functions.at(address)
      return info?.low === address ? this.#functions.afterPrologue(info) : address
    })
    return { line: found.line, addresses: [...new Set(addresses)].sort((a, b) => a - b) }
  }

  lineAt(pc: number): SourceLocation | undefined {
    return this.#units.tolerate(undefined, () => this.#lines.at(pc))
  }

  /** The lines `from` to `to` at which a breakpoint can be. */
  breakpointLines(path: string, from: number, to: number): number[] {
    return this.#lines.linesWithCode(path, from, to)
  }

  /** The addresses that make one step of the line at `pc`: all its code within the function, in ascending ranges. */
  stepRange(pc: number): Range[] {
    return this.#units.tolerate([], () => {
      const table = this.#lines.tableAt(pc)
      const here = table?.spanAt(pc)
      if (table === undefined || here === undefined) return []
      const within = this.#functions.at(pc)?.ranges ?? [here]
      const ranges: { low: number; high: number }[] = []
      for (const { low, high, row } of table.spans) {
        if (row.line !== here.row.line || row.file !== here.row.file) continue
        if (!within.some(range => inRange(range, low))) continue
        const last = ranges.at(-1)
        if (last?.high === low) last.high = high
        else ranges.push({ low, high })
      }
      return ranges
    })
  }

  functionAt(pc: number): FunctionInfo | undefined {
    return this.#functions.at(pc)
  }

  /** What is inlined at `pc`, innermost first. */
  inlineChainAt(pc: number): InlineInstance[] {
    return this.#units.tolerate([], () => this.#functions.inlineChainAt(pc))
  }

  /** Where to stop for a function: behind the prologue of each function of this name, and in each inlined copy. */
  functionAddresses(name: string): number[] {
    const addresses = new Set<number>()
    const symbol = this.#symtab.named(name)
    if (symbol !== undefined && this.#isFunction(symbol)) {
      const info = this.#functions.at(symbol.value)
      addresses.add(info?.low === symbol.value ? this.#functions.afterPrologue(info) : symbol.value)
    }
    for (const { unit, die } of this.#names.find(name, DW_TAG.subprogram)) {
      for (const info of this.#functions.ofUnit(unit)) {
        if (info.die === die || [...info.die.origins()].includes(die))
          addresses.add(this.#functions.afterPrologue(info))
      }
      for (const copy of this.#functions.inlinedCopies(die, unit)) {
        const ranges = this.#functions.rangesOf(copy).filter(range => this.#units.isCode(range.low))
        if (ranges.length > 0) addresses.add(ranges[0].low)
      }
    }
    return [...addresses].sort((a, b) => a - b)
  }

  #isFunction({ type, value }: ElfSymbol): boolean {
    return type === STT.FUNC || (type === STT.NOTYPE && this.#lines.tableAt(value) !== undefined)
  }

  symbolAt(address: number): SymbolHit | undefined {
    return this.#symtab.at(address)
  }

  symbolNamed(name: string): ElfSymbol | undefined {
    return this.#symtab.named(name)
  }
}
