// The symbols of a program and of code that it has loaded: each address is asked of whose it is, each name of the program
// first, where it lies now if it has moved itself. What a module knows of the kernel's types is in its own file, too.

import type { CfiRow } from '../dwarf/cfi.ts'
import type { EntryItem } from '../dwarf/location.ts'
import type { Range } from '../dwarf/ranges.ts'
import type { StackEntry } from '../dwarf/stack.ts'
import { type ElfFile, type ElfSymbol, SHF } from '../elf/types.ts'
import type { CallSite } from './callSites.ts'
import type { CfiFrame } from './cfiFrame.ts'
import type { FunctionInfo, InlineInstance } from './functions.ts'
import type { SourceLocation } from './lines.ts'
import type { Macro } from './macros.ts'
import type { FrameReaders, Scope, Variable } from './scopes.ts'
import { type LineLocations, type SourceFile, Symbols, type TypeKeyword } from './symbols.ts'
import type { SymbolHit } from './symtab.ts'
import type { CType } from './types.ts'

/** Code beside the program, at the addresses that it has. */
export interface LoadedImage {
  readonly symbols: Symbols
  readonly ranges: readonly Range[]
  /** The name of its file, of which not all functions may have names. */
  readonly file?: string
  /** By how much further on than the file says it lies. */
  readonly movedBy: number
}

/** Of a file whose sections have their addresses. @param file its name, where people are to be told it */
export const imageOf = (elf: ElfFile, file?: string): LoadedImage => ({
  ...(file !== undefined && { file }),
  movedBy: elf.movedBy ?? 0,
  symbols: Symbols.load(elf),
  ranges: elf.sections
    .filter(({ flags, size }) => (flags & SHF.ALLOC) !== 0 && size > 0)
    .map(({ addr, size }) => ({ low: addr, high: addr + size })),
})

export class LoadedSymbols extends Symbols {
  /** Where the program lies since it has moved itself: what it is linked at is another copy, which it has left. */
  copy: LoadedImage | undefined
  /** What lies at addresses now. */
  images: readonly LoadedImage[] = []
  /** What has its addresses, and is in memory for some process: names of it are known, too. */
  elsewhere: readonly LoadedImage[] = []
  /** Files of code that may be loaded later: breakpoints in them can wait for it. */
  readonly #later: () => readonly Symbols[]

  /** @param later the symbols of what can be loaded, at no address in particular */
  constructor(elf: ElfFile, later: () => readonly Symbols[]) {
    super(elf)
    this.#later = later
  }

  /** Whose code or data is at an address; undefined for the program's. */
  #at(address: number): Symbols | undefined {
    return this.#imageAt(address)?.symbols
  }

  #imageAt(address: number): LoadedImage | undefined {
    const isThere = ({ ranges }: LoadedImage): boolean =>
      ranges.some(({ low, high }) => address >= low && address < high)
    return this.images.find(isThere) ?? (this.copy !== undefined && isThere(this.copy) ? this.copy : undefined)
  }

  get #moved(): Symbols | undefined {
    return this.copy?.symbols
  }

  get #known(): readonly LoadedImage[] {
    return this.elsewhere.length === 0 ? this.images : [...new Set([...this.images, ...this.elsewhere])]
  }

  /** What the program says, or the first of the others that does. */
  #first<T>(own: T | undefined, ask: (symbols: Symbols) => T | undefined): T | undefined {
    if (own !== undefined) return own
    for (const { symbols } of this.#known) {
      const found = ask(symbols)
      if (found !== undefined) return found
    }
    return undefined
  }

  #all<T>(own: readonly T[], ask: (symbols: Symbols) => readonly T[]): T[] {
    return [...own, ...this.#known.flatMap(({ symbols }) => ask(symbols))]
  }

  // ---- by name --------------------------------------------------------------------------------------------------------

  override files(): SourceFile[] {
    const others = [...this.#later(), ...this.#known.map(({ symbols }) => symbols)]
    const paths = [...super.files(), ...others.flatMap(symbols => symbols.files())].map(({ path }) => path)
    return [...new Set(paths)].map(path => ({ path }))
  }

  /** Whether code that is not loaded has the line, or the function. */
  isLater(what: { readonly path: string } | { readonly name: string }): boolean {
    return this.#later().some(symbols =>
      'path' in what
        ? symbols.breakpointLines(what.path, 1, Number.MAX_SAFE_INTEGER).length > 0
        : symbols.functionAddresses(what.name).length > 0,
    )
  }

  override locationsFor(path: string, line: number): LineLocations | undefined {
    const own = this.#moved?.locationsFor(path, line) ?? super.locationsFor(path, line)
    const found = [own, ...this.#known.map(({ symbols }) => symbols.locationsFor(path, line))].flatMap(
      each => each ?? [],
    )
    if (found.length < 2) return found[0]
    const first = Math.min(...found.map(each => each.line))
    return { line: first, addresses: found.flatMap(each => (each.line === first ? each.addresses : [])) }
  }

  override breakpointLines(path: string, from: number, to: number): number[] {
    return this.#all(super.breakpointLines(path, from, to), symbols => symbols.breakpointLines(path, from, to))
  }

  override functionAddresses(text: string): number[] {
    return this.#all(this.#moved?.functionAddresses(text) ?? super.functionAddresses(text), symbols =>
      symbols.functionAddresses(text),
    )
  }

  override functionSymbols(text: string): readonly ElfSymbol[] {
    return this.#all(this.#moved?.functionSymbols(text) ?? super.functionSymbols(text), symbols =>
      symbols.functionSymbols(text),
    )
  }

  override *namesBeginning(text: string): Generator<string> {
    yield* super.namesBeginning(text)
    for (const { symbols } of this.#known) yield* symbols.namesBeginning(text)
  }

  override symbolNamed(name: string): ElfSymbol | undefined {
    return this.#first(this.#moved?.symbolNamed(name) ?? super.symbolNamed(name), symbols => symbols.symbolNamed(name))
  }

  override functionNamed(name: string): FunctionInfo | undefined {
    return this.#first(this.#moved?.functionNamed(name) ?? super.functionNamed(name), symbols =>
      symbols.functionNamed(name),
    )
  }

  // ---- by name, seen from an address ----------------------------------------------------------------------------------

  override globalNamed(name: string, from: { pc?: number; file?: string } = {}): Variable | undefined {
    const here = from.pc === undefined ? undefined : this.#at(from.pc)?.globalNamed(name, from)
    const own = here ?? this.#moved?.globalNamed(name, from) ?? super.globalNamed(name, from)
    return this.#first(own, symbols => symbols.globalNamed(name, from))
  }

  override typeNamed(name: string, keyword?: TypeKeyword, pc?: number): CType | undefined {
    const here = pc === undefined ? undefined : this.#at(pc)?.typeNamed(name, keyword, pc)
    return this.#first(here ?? super.typeNamed(name, keyword, pc), symbols => symbols.typeNamed(name, keyword))
  }

  override macroNamed(name: string, pc: number): Macro | undefined {
    const here = this.#at(pc)
    return here === undefined ? super.macroNamed(name, pc) : here.macroNamed(name, pc)
  }

  override enumeratorNamed(name: string, pc: number): { value: bigint; type: CType } | undefined {
    return this.#at(pc)?.enumeratorNamed(name, pc) ?? super.enumeratorNamed(name, pc)
  }

  override variableOfFunction(functionName: string, name: string, pc: number): Variable | undefined {
    const here = (this.#at(pc) ?? this.#moved)?.variableOfFunction(functionName, name, pc)
    return here ?? super.variableOfFunction(functionName, name, pc)
  }

  // ---- by address -----------------------------------------------------------------------------------------------------

  override lineAt(pc: number): SourceLocation | undefined {
    const here = this.#at(pc)
    return here === undefined ? super.lineAt(pc) : here.lineAt(pc)
  }

  override stepRange(pc: number): Range[] {
    return this.#at(pc)?.stepRange(pc) ?? super.stepRange(pc)
  }

  override rangesOfLine(pc: number, line: Pick<SourceLocation, 'path' | 'line'>): Range[] {
    return this.#at(pc)?.rangesOfLine(pc, line) ?? super.rangesOfLine(pc, line)
  }

  override statementsOf(pc: number): readonly number[] {
    return this.#at(pc)?.statementsOf(pc) ?? super.statementsOf(pc)
  }

  override afterPrologue(info: FunctionInfo): number {
    return this.#at(info.low)?.afterPrologue(info) ?? super.afterPrologue(info)
  }

  override functionAt(pc: number): FunctionInfo | undefined {
    const here = this.#at(pc)
    return here === undefined ? super.functionAt(pc) : here.functionAt(pc)
  }

  override inlineChainAt(pc: number): InlineInstance[] {
    return this.#at(pc)?.inlineChainAt(pc) ?? super.inlineChainAt(pc)
  }

  override inlinedBy(pc: number, line: Pick<SourceLocation, 'path' | 'line'>): InlineInstance[] {
    return this.#at(pc)?.inlinedBy(pc, line) ?? super.inlinedBy(pc, line)
  }

  override isCodeSymbol(symbol: ElfSymbol): boolean {
    return this.#at(symbol.value)?.isCodeSymbol(symbol) ?? super.isCodeSymbol(symbol)
  }

  override symbolAt(address: number): SymbolHit | undefined {
    const here = this.#at(address)
    return here === undefined ? super.symbolAt(address) : here.symbolAt(address)
  }

  /** `libc.so.6+0x49f40`: in which file beside the program it is, and at which address of that. */
  placeInFile(address: number): string | undefined {
    const image = this.#imageAt(address)
    return image?.file && `${image.file}+0x${((address - image.movedBy) >>> 0).toString(16)}`
  }

  override scopesAt(pc: number, inlineDepth = 0): Scope[] {
    return this.#at(pc)?.scopesAt(pc, inlineDepth) ?? super.scopesAt(pc, inlineDepth)
  }

  override functionType(info: FunctionInfo): CType {
    return this.#at(info.low)?.functionType(info) ?? super.functionType(info)
  }

  override cfiAt(pc: number): CfiRow | undefined {
    const here = this.#at(pc)
    return here === undefined ? super.cfiAt(pc) : here.cfiAt(pc)
  }

  override callsTo(pc: number, returnAddress: number, caller: FrameReaders): readonly CallSite[] | undefined {
    const here = this.#at(returnAddress)
    return here === undefined ? super.callsTo(pc, returnAddress, caller) : here.callsTo(pc, returnAddress, caller)
  }

  override entryValue(site: CallSite, what: EntryItem, caller: FrameReaders): StackEntry | undefined {
    const here = this.#at(caller.pc)
    return here === undefined ? super.entryValue(site, what, caller) : here.entryValue(site, what, caller)
  }

  override callerOf(frame: FrameReaders, cfa?: number): CfiFrame | undefined {
    const here = this.#at(frame.pc)
    return here === undefined ? super.callerOf(frame, cfa) : here.callerOf(frame, cfa)
  }
}
