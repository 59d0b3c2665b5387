// What a debugger asks of a program's symbols and debug information.

import type { CfiRow } from '../dwarf/cfi.ts'
import { DW_AT, DW_TAG } from '../dwarf/constants.ts'
import type { Die } from '../dwarf/die.ts'
import { openDwarf } from '../dwarf/dwarf.ts'
import type { LineRow } from '../dwarf/lineRows.ts'
import type { EntryItem } from '../dwarf/location.ts'
import type { Range } from '../dwarf/ranges.ts'
import { dwarfSections } from '../dwarf/sections.ts'
import type { StackEntry } from '../dwarf/stack.ts'
import type { Unit } from '../dwarf/unit.ts'
import { type ElfFile, type ElfSymbol, STT } from '../elf/types.ts'
import { type CallSite, CallSites } from './callSites.ts'
import { applyCfi, type CfiFrame } from './cfiFrame.ts'
import { demangle } from './demangle.ts'
import { EntryValues } from './entryValues.ts'
import {
  components,
  type FunctionSpec,
  functionSpec,
  isMeantByLinker,
  parametersOf,
  sameParameters,
} from './functionSpec.ts'
import { type FunctionInfo, Functions, type InlineInstance, qualifiedName } from './functions.ts'
import { isCxx } from './language.ts'
import { Lines, type SourceLocation } from './lines.ts'
import { LinkedCode } from './linkedCode.ts'
import { type Macro, Macros } from './macros.ts'
import { isTransparent, NameIndex } from './names.ts'
import { type MemoryReader, Overlays } from './overlays.ts'
import { type FrameReaders, type Scope, Scopes, type Variable } from './scopes.ts'
import { type SymbolHit, SymbolTable } from './symtab.ts'
import { typeName } from './typeName.ts'
import { TypeReader } from './typeReader.ts'
import type { CType, EnumType } from './types.ts'
import { UnitIndex } from './units.ts'
import { UnwindTable } from './unwindTable.ts'

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
  readonly #overlays: Overlays
  readonly #units: UnitIndex
  readonly #lines: Lines
  readonly #functions: Functions
  readonly #names: NameIndex
  readonly #symtab: SymbolTable
  readonly #types: TypeReader
  readonly #scopes: Scopes
  readonly #entryValues: EntryValues
  readonly #unwindTable: UnwindTable
  readonly #macros: Macros

  protected constructor(elf: ElfFile) {
    this.#elf = elf
    this.#overlays = new Overlays(elf)
    const dwarf = openDwarf(dwarfSections(elf), elf.splitFiles)
    this.#units = new UnitIndex(dwarf, new LinkedCode(elf), this.#overlays)
    this.#lines = new Lines(this.#units)
    this.#functions = new Functions(this.#units)
    this.#names = new NameIndex(this.#units)
    this.#symtab = new SymbolTable(elf, this.#overlays)
    this.#types = new TypeReader(this.#units, this.#names)
    this.#scopes = new Scopes(this.#units, this.#functions, this.#types, this.#symtab)
    const callSites = new CallSites(this.#units, this.#functions, name => this.functionNamed(name)?.low)
    this.#entryValues = new EntryValues(callSites, this.#functions, this.#scopes)
    this.#unwindTable = new UnwindTable(this.#units)
    this.#macros = new Macros(this.#units)
  }

  static load(elf: ElfFile): Symbols {
    return new Symbols(elf)
  }

  /** What was found damaged so far; more may come as more is read. */
  get problems(): readonly string[] {
    const { problems, splitFiles = [] } = this.#elf
    const ofFiles = splitFiles.flatMap(({ name, problems }) => problems.map(problem => `${name}: ${problem}`))
    return [...problems, ...ofFiles, ...this.#units.dwarf.problems]
  }

  files(): SourceFile[] {
    return this.#lines.paths().map(path => ({ path }))
  }

  /**
   * Where to stop for a line: one address for each function, block or inlined copy that has code of it, behind the
   * prologue where it opens a function. Undefined where neither it nor a later line of that file has code.
   */
  locationsFor(path: string, line: number): LineLocations | undefined {
    const found = this.#placesOfLine(path, line)
    return found && { line: found.line, addresses: addressesOf(found.places) }
  }

  #placesOfLine(path: string, line: number): { line: number; places: StopPlace[] } | undefined {
    const found = this.#lines.rowsOf(path, line)
    if (found === undefined) return undefined
    const byBlock = new Map<unknown, StopPlace>()
    for (const { address, section } of found.rows) {
      // Where no entry describes a function, the whole unit is one place to gdb.
      const block = this.#overlays.assuming(
        section,
        () => this.#functions.placeAt(address) ?? this.#units.at(address) ?? address,
      )
      const other = byBlock.get(block)
      if (other === undefined || address < other.address) byBlock.set(block, { address, section })
    }
    const places = [...byBlock.values()].map(({ address, section }) => {
      const info = this.#overlays.assuming(section, () => this.#functions.at(address))
      return { address: info?.low === address ? this.#functions.afterPrologue(info) : address, section }
    })
    return { line: found.line, places }
  }

  /** Where sections take turns at addresses (overlays): memory says whose code is there. */
  set memory(memory: MemoryReader) {
    this.#overlays.memory = memory
  }

  /** Whether sections take turns at this address. */
  isShared(address: number): boolean {
    return this.#overlays.isShared(address)
  }

  /** Whether code of the line is in memory at this address, where another section's may be. */
  isLineThere(path: string, line: number, address: number): boolean {
    return this.#isThere(this.#placesOfLine(path, line)?.places ?? [], address)
  }

  /** The same for a function. */
  isFunctionThere(text: string, address: number): boolean {
    return this.#isThere(this.#placesOfFunction(text), address)
  }

  #isThere(places: readonly StopPlace[], address: number): boolean {
    const mapped = this.#overlays.mapped(address)
    return places.some(place => place.address === address && (place.section ?? mapped) === mapped)
  }

  /** What is found at the addresses of this section if that is the one in memory. */
  ofSection<T>(section: number | undefined, read: () => T): T {
    return this.#overlays.assuming(section, read)
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
      const here = this.#lines.tableAt(pc)?.spanAt(pc)
      return here === undefined ? [] : this.#codeOf(pc, row => row.line === here.row.line && row.file === here.row.file)
    })
  }

  /** The code of a line in the function at `pc`, in ascending ranges. */
  rangesOfLine(pc: number, { path, line }: Pick<SourceLocation, 'path' | 'line'>): Range[] {
    return this.#units.tolerate([], () => {
      const table = this.#lines.tableAt(pc)
      return this.#codeOf(pc, row => row.line === line && table?.path(row.file) === path)
    })
  }

  /** Of the function at `pc`, or without one of the row there, the code whose line is wanted. */
  #codeOf(pc: number, isWanted: (row: LineRow) => boolean): Range[] {
    const table = this.#lines.tableAt(pc)
    const here = table?.spanAt(pc)
    if (table === undefined || here === undefined) return []
    const within = this.#functions.at(pc)?.ranges ?? [here]
    const ranges: { low: number; high: number }[] = []
    for (const { low, high, row } of table.spansIn(within)) {
      if (!isWanted(row)) continue
      const last = ranges.at(-1)
      if (last?.high === low) last.high = high
      else ranges.push({ low, high })
    }
    return ranges
  }

  /** Whether `pc` is the first instruction of a statement's code. */
  isStatement(pc: number): boolean {
    return this.stepRange(pc).some(range => range.low === pc)
  }

  /** Where the statements of the function at `pc` begin. */
  statementsOf(pc: number): readonly number[] {
    return this.#units.tolerate([], () => {
      const ranges = this.#functions.at(pc)?.ranges ?? []
      const table = this.#lines.tableAt(pc)
      return table === undefined ? [] : ranges.flatMap(range => table.statementsIn(range))
    })
  }

  /** Where a breakpoint on a function goes. */
  afterPrologue(info: FunctionInfo): number {
    return this.#functions.afterPrologue(info)
  }

  functionAt(pc: number): FunctionInfo | undefined {
    return this.#functions.at(pc)
  }

  /** What is inlined at `pc`, innermost first. */
  inlineChainAt(pc: number): InlineInstance[] {
    return this.#units.tolerate([], () => this.#functions.inlineChainAt(pc))
  }

  /** What a line has had inlined into the function at `pc`. */
  inlinedBy(pc: number, { path, line }: Pick<SourceLocation, 'path' | 'line'>): InlineInstance[] {
    return this.#units.tolerate([], () => this.#functions.inlinedBy(pc, path, line))
  }

  /**
   * Where to stop for a function, as gdb's `break` takes its name: behind the prologue of each that is meant, and in each
   * inlined copy.
   */
  functionAddresses(text: string): number[] {
    return addressesOf(this.#placesOfFunction(text))
  }

  #placesOfFunction(text: string): StopPlace[] {
    const spec = functionSpec(text)
    if (spec === undefined) return []
    const places: StopPlace[] = []
    const symbol = spec.file === undefined ? this.#symtab.named(spec.path.join('::')) : undefined
    if (symbol !== undefined && this.isCodeSymbol(symbol)) {
      const { value, shndx } = symbol
      const info = this.#overlays.assuming(shndx, () => this.#functions.at(value))
      const address = info?.low === value ? this.#functions.afterPrologue(info) : value
      places.push({ address, section: this.#overlays.has(shndx) ? shndx : undefined })
    }
    for (const { unit, die } of this.#names.functions(spec)) {
      if (!isOfFile(unit, spec)) continue
      for (const info of this.#functions.instancesOf(die, unit))
        if (this.#hasParameters(info.die, unit, spec))
          places.push({ address: this.#functions.afterPrologue(info), section: info.section })
      if (!this.#hasParameters(die, unit, spec)) continue
      for (const copy of this.#functions.inlinedCopies(die, unit)) {
        const ranges = this.#units.linked(unit, this.#functions.rangesOf(copy))
        if (ranges.length > 0)
          places.push({ address: ranges[0].low, section: this.#overlays.sectionsOf(unit, ranges[0])[0] })
      }
    }
    return places
  }

  /** Functions of C have no parameters in their name: those that a person writes say nothing then. */
  #hasParameters(die: Die, unit: Unit, { parameters }: FunctionSpec): boolean {
    if (parameters === undefined || !isCxx(unit)) return true
    const { linkageName } = die
    if (linkageName !== undefined) return sameParameters(parametersOf(demangle(linkageName)) ?? '', parameters)
    // What is only in its file has none either, unless it is declared so.
    if (die.owner(DW_AT.external) !== undefined) return true
    const holder = [...die.origins()].find(each => each.children.some(isParameter))
    const types = holder?.children.filter(isParameter).map(each => typeName(this.#types.typeOf(each))) ?? []
    return sameParameters(types.join(', '), parameters)
  }

  /** Whether a symbol names code; in assembly language many a label has no type. */
  isCodeSymbol({ type, value, shndx }: ElfSymbol): boolean {
    if (type !== STT.NOTYPE) return type === STT.FUNC
    return this.#overlays.assuming(shndx, () => this.#lines.tableAt(value)) !== undefined
  }

  /** Names of functions and data that begin so, whatever the case; of C++ without parameters. */
  *namesBeginning(text: string): Generator<string> {
    const wanted = text.toLowerCase()
    for (const { type, name } of this.#elf.symbols) {
      if (type !== STT.FUNC && type !== STT.OBJECT) continue
      // The linker's name of a C++ function has its own within it.
      if (!name.toLowerCase().includes(wanted)) continue
      const own = name.startsWith('_Z') ? demangle(name).split('(')[0]! : name
      if (own.toLowerCase().startsWith(wanted)) yield own
    }
  }

  symbolAt(address: number): SymbolHit | undefined {
    return this.#symtab.at(address)
  }

  /** The functions that a person means by a name, as far as the symbol table has them: all overloads of `sum`. */
  functionSymbols(text: string): readonly ElfSymbol[] {
    const symbol = this.#symtab.named(text)
    if (symbol !== undefined) return [symbol]
    const spec = functionSpec(text)
    if (spec === undefined) return []
    const meant = this.#elf.symbols.filter(
      ({ type, name }) => type === STT.FUNC && isMeantByLinker(spec, demangle(name)),
    )
    // A constructor has several names for one place.
    return [...new Map(meant.map(each => [`${each.shndx} ${each.value}`, each])).values()].sort(
      (a, b) => a.value - b.value,
    )
  }

  /** By the name that the linker knows, or of C++ the whole text that listings have: `vtable for Shape`. */
  symbolNamed(name: string): ElfSymbol | undefined {
    return this.#symtab.named(name) ?? (/[^\w$.]/.test(name) ? this.#symtab.written(name) : undefined)
  }

  /**
   * What is visible at `pc`, innermost first, the file last. Where functions are inlined into each other, `inlineDepth`
   * is the index in `inlineChainAt` of the one meant; its length means the function itself.
   */
  scopesAt(pc: number, inlineDepth = 0): Scope[] {
    return this.#units.tolerate([], () => this.#scopes.at(pc, inlineDepth))
  }

  /**
   * A variable of a file: of the one named, e.g. in `'main.c'::calls`, else of the one at `pc`, else any that defines
   * it, a global before a static, and one that is somewhere before one that was optimized out.
   */
  globalNamed(name: string, { pc, file }: { pc?: number; file?: string } = {}): Variable | undefined {
    return this.#units.tolerate(undefined, () => {
      const here = pc === undefined ? undefined : this.#units.at(pc)
      const found = this.#names
        .find(name, DW_TAG.variable)
        .filter(({ unit }) => file === undefined || isNamedSo(unit.root.string(DW_AT.name), file))
      const rank = ({ unit, die }: (typeof found)[number]) =>
        (unit === here ? 8 : die.owner(DW_AT.external) !== undefined ? 4 : 0) +
        (die.has(DW_AT.location) || die.has(DW_AT.const_value) ? 2 : 0) +
        // What a namespace without a name has is found without it, after what has that name alone.
        (qualifiedName(die) === name ? 1 : 0)
      let best: { die: Die; rank: number } | undefined
      for (const each of found) {
        const ranked = rank(each)
        if (best === undefined || ranked > best.rank) best = { die: each.die, rank: ranked }
      }
      return best && this.#scopes.global(best.die)
    })
  }

  /**
   * A type by its name: a typedef, a base type, or in C with its keyword a structure, union or enumeration. Seen from `pc`
   * those that the blocks there declare come first, then those of the namespaces and classes around the function, then
   * those of the unit: files may well have a `struct node` each.
   */
  typeNamed(name: string, keyword?: TypeKeyword, pc?: number): CType | undefined {
    const tags = keyword === undefined ? plainTypeTags : keywordTags[keyword]
    const die = this.#units.tolerate(undefined, () =>
      pc === undefined ? undefined : (this.#localType(name, tags, pc) ?? this.#typeAround(name, tags, pc)),
    )
    const found = die ?? this.#typeDie(name, tags, pc === undefined ? undefined : this.#units.at(pc))
    return found && this.#types.of(found)
  }

  #typeDie(name: string, tags: readonly number[], here: Unit | undefined): Die | undefined {
    const own = here && this.#units.tolerate(undefined, () => this.#names.findIn(here, name, tags))
    return own ?? this.#names.find(name, ...tags)[0]?.die
  }

  /** What stands in a copy's blocks stands in those of the function as well. */
  #localType(name: string, tags: readonly number[], pc: number): Die | undefined {
    for (const block of this.#functions.blocksAt(pc).reverse()) {
      for (const die of block.origins()) {
        const found = die.children.find(child => tags.includes(child.tag) && child.name === name)
        if (found !== undefined) return found
      }
    }
    return undefined
  }

  #typeAround(name: string, tags: readonly number[], pc: number): Die | undefined {
    const unit = this.#units.at(pc)
    if (unit === undefined || !isCxx(unit)) return undefined
    const around = components(this.#functions.at(pc)?.name ?? '').slice(0, MOST_AROUND)
    for (let depth = around.length - 1; depth > 0; depth--) {
      const found = this.#typeDie([...around.slice(0, depth), name].join('::'), tags, unit)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** What the preprocessor makes of a name in the file that `pc` is of (-g3). */
  macroNamed(name: string, pc: number): Macro | undefined {
    return this.#macros.named(name, pc)
  }

  /** The value of an enumerator, in C++ with what is around it: one of the unit at `pc` before one of another. */
  enumeratorNamed(name: string, pc: number): { value: bigint; type: CType } | undefined {
    return this.#units.tolerate(undefined, () => {
      const last = name.slice(name.lastIndexOf(':') + 1)
      const unit = this.#units.at(pc)
      const here = unit === undefined ? [] : this.#names.enumeratorsIn(unit, last)
      const looked = new Set<Die | undefined>()
      for (const dies of [here, this.#names.enumerators(last)]) {
        for (const die of dies) {
          // Each enumeration once, which says whether it has it.
          if (looked.has(die.parent)) continue
          looked.add(die.parent)
          const found = this.#enumerator(die, name)
          if (found !== undefined) return found
        }
      }
      return undefined
    })
  }

  #enumerator(die: Die, name: string): { value: bigint; type: CType } | undefined {
    const type = this.#types.of(die.parent)
    if (type.kind !== 'enum') return undefined
    const last = name.slice(name.lastIndexOf(':') + 1)
    const found = type.enumerators.find(each => each.name === last)
    return found && enumeratorScopes(die.parent!, type).has(name.slice(0, -last.length))
      ? { value: found.value, type }
      : undefined
  }

  /** A function by its name, qualified in C++; of several static ones the first. */
  functionNamed(name: string): FunctionInfo | undefined {
    const symbol = this.#symtab.named(name)
    if (symbol !== undefined && this.isCodeSymbol(symbol)) {
      const info = this.#overlays.assuming(symbol.shndx, () => this.#functions.at(symbol.value))
      if (info?.low === symbol.value) return info
    }
    for (const { unit, die } of this.#names.find(name, DW_TAG.subprogram)) {
      const [info] = this.#functions.instancesOf(die, unit)
      if (info !== undefined) return info
    }
    return undefined
  }

  /**
   * A variable of a function or of a block in it. What a static one holds can be seen from anywhere, the others are in the
   * frames of that function alone, at `pc`. The function may be written with its parameters: `sum(int)`.
   */
  variableOfFunction(functionName: string, name: string, pc: number): Variable | undefined {
    return this.#units.tolerate(undefined, () => {
      const here = this.#functions.at(pc)
      const named = this.functionNamed(functionName)
      const infos = named === undefined ? this.#functionsMeant(functionName) : [named]
      for (const info of infos) {
        const variable = this.#scopes.inFunction(info.die, name, info === here)
        if (variable !== undefined) return variable
      }
      return undefined
    })
  }

  #functionsMeant(text: string): FunctionInfo[] {
    const symbols = text.includes('(') ? this.functionSymbols(text) : []
    return symbols.flatMap(({ value, shndx }) => this.ofSection(shndx, () => this.#functions.at(value)) ?? [])
  }

  /** The variable that this entry of the debug information describes. */
  variableAt(place: number): Variable | undefined {
    return this.#units.tolerate(undefined, () => this.#scopes.variableAt(place))
  }

  /** A function's type, for calls through pointers to be shown by name and signature. */
  functionType(info: FunctionInfo): CType {
    return this.#types.functionType([...info.die.origins()].find(die => die.children.length > 0) ?? info.die)
  }

  /** How to unwind from `pc`, where call frame information says so. */
  cfiAt(pc: number): CfiRow | undefined {
    return this.#unwindTable.at(pc)
  }

  /**
   * The call by which `caller`, stopped at `returnAddress`, and the jumps by which what it called have come to the
   * function at `pc`; undefined where debug information does not say.
   */
  callsTo(pc: number, returnAddress: number, caller: FrameReaders): readonly CallSite[] | undefined {
    return this.#units.tolerate(undefined, () => this.#entryValues.callsTo(pc, returnAddress, caller))
  }

  /** What something was worth when the function called at `site` was entered, if `caller`, whose frame it is, noted it. */
  entryValue(site: CallSite, what: EntryItem, caller: FrameReaders): StackEntry | undefined {
    return this.#units.tolerate(undefined, () => this.#entryValues.at(site, what, caller))
  }

  /**
   * The caller of `frame`, by call frame information; undefined where there is none or it is damaged. `cfa`: the
   * canonical frame address, where the caller knows better.
   */
  callerOf(frame: FrameReaders, cfa?: number): CfiFrame | undefined {
    const row = this.#unwindTable.at(frame.pc)
    return row && this.#units.tolerate(undefined, () => applyCfi(row, frame, cfa))
  }
}

/** Where to stop for something, and where sections take turns there, the number of the one it is in. */
interface StopPlace {
  readonly address: number
  readonly section: number | undefined
}

const addressesOf = (places: readonly StopPlace[]): number[] =>
  [...new Set(places.map(({ address }) => address))].sort((a, b) => a - b)

export type TypeKeyword = 'struct' | 'union' | 'class' | 'enum'

/** In C++ `struct` and `class` say the same (C++17, §10.1.7.3). */
const keywordTags: Readonly<Record<TypeKeyword, readonly number[]>> = {
  struct: [DW_TAG.structure_type, DW_TAG.class_type],
  union: [DW_TAG.union_type],
  class: [DW_TAG.class_type, DW_TAG.structure_type],
  enum: [DW_TAG.enumeration_type],
}
const plainTypeTags = [
  ...[DW_TAG.typedef, DW_TAG.base_type, DW_TAG.structure_type, DW_TAG.class_type, DW_TAG.union_type],
  DW_TAG.enumeration_type,
]

/** Namespaces and classes around a function in which a type is looked up. */
const MOST_AROUND = 16

/**
 * What may stand before an enumerator's name: the namespaces and classes around, without those that need not be named, and
 * in C++ the enumeration itself, scoped or not (C++17, §10.2).
 */
function enumeratorScopes(enumeration: Die, { prefix, isCxx }: EnumType): Set<string> {
  if (!isCxx) return new Set([prefix])
  const names = [qualifiedName(enumeration), qualifiedName(enumeration, isTransparent)].flatMap(name => name ?? [])
  const parent = names.length === 0 && enumeration.parent ? qualifiedName(enumeration.parent) : undefined
  const scopes = names.map(name => name.slice(0, name.lastIndexOf(':') + 1))
  const isScoped = enumeration.flag(DW_AT.enum_class)
  return new Set([
    prefix,
    ...(parent === undefined ? [] : [`${parent}::`]),
    ...names.map(name => `${name}::`),
    ...(isScoped ? [] : scopes),
  ])
}

/** The unit is of the file that is asked for. */
const isOfFile = (unit: Unit, { file }: FunctionSpec): boolean =>
  file === undefined || isNamedSo(unit.root.string(DW_AT.name), file)

const isParameter = (die: Die): boolean => die.tag === DW_TAG.formal_parameter && !die.flag(DW_AT.artificial)

/** Whether a unit's name is the one a person typed: all of it or its last segments. */
const isNamedSo = (name: string | undefined, wanted: string) =>
  name === wanted || (name?.endsWith(`/${wanted}`) ?? false)
