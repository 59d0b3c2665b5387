// Functions, and what is inlined into them.

import { DW_AT, DW_TAG } from '../dwarf/constants.ts'
import { type Die, type DieUnit, isExpression } from '../dwarf/die.ts'
import { inRange, type Range, rangesOf } from '../dwarf/ranges.ts'
import type { Unit } from '../dwarf/unit.ts'
import { demangle } from './demangle.ts'
import { isAssembly, isByGcc } from './language.ts'
import { type LineTable, lastAtOrBefore } from './lineTable.ts'
import type { UnitIndex } from './units.ts'

/** A function with code of its own. */
export interface FunctionInfo {
  /** As the source says it, in C++ with its namespaces and classes. */
  readonly name: string
  readonly linkageName?: string
  /** The part that holds the entry; other parts, e.g. `.cold` ones, are in `ranges`. */
  readonly low: number
  readonly high: number
  readonly ranges: readonly Range[]
  /** Where it is declared. */
  readonly path?: string
  readonly line?: number
  /** Written in assembly language: it has lines, but neither prologue nor variables. */
  readonly assembly: boolean
  readonly die: Die
  /** Where sections take turns at its addresses, the number of its own. */
  readonly section?: number
}

/** A function inlined into another: an instance that has a row of its own in the call stack, but no frame. */
export interface InlineInstance {
  readonly name: string
  readonly ranges: readonly Range[]
  /** Where it was called, in the function around it. */
  readonly callPath?: string
  readonly callLine?: number
  readonly die: Die
}

interface UnitFunctions {
  readonly sorted: readonly { readonly low: number; readonly high: number; readonly info: FunctionInfo }[]
  readonly hasLocationLists: boolean
  /** Functions by the entries they are made of: their own, and what these are instances of. */
  readonly instances: ReadonlyMap<Die, readonly FunctionInfo[]>
}

/** Functions, the blocks in them and what was inlined into them. */
export class Functions {
  readonly #units: UnitIndex
  readonly #functions = new Map<Unit, UnitFunctions>()
  readonly #ranges = new WeakMap<Die, readonly Range[]>()
  /** Of each unit asked, what was inlined, by what it is a copy of. */
  readonly #copies = new Map<Unit, Map<Die, Die[]>>()

  constructor(units: UnitIndex) {
    this.#units = units
  }

  at(pc: number): FunctionInfo | undefined {
    const unit = this.#units.at(pc)
    if (unit === undefined) return undefined
    const { sorted } = this.#ofUnit(unit)
    if (this.#units.overlays.isShared(pc)) {
      const mapped = this.#units.overlays.mapped(pc)
      return sorted.find(range => inRange(range, pc) && (range.info.section ?? mapped) === mapped)?.info
    }
    const found = sorted[lastAtOrBefore(sorted, pc)]
    return found !== undefined && pc < found.high ? found.info : undefined
  }

  #ofUnit(unit: Unit): UnitFunctions {
    let functions = this.#functions.get(unit)
    if (functions === undefined) {
      functions = this.#units.tolerate({ sorted: [], hasLocationLists: false, instances: new Map() }, () =>
        this.#read(unit),
      )
      this.#functions.set(unit, functions)
    }
    return functions
  }

  #read(unit: Unit): UnitFunctions {
    const sorted: { low: number; high: number; info: FunctionInfo }[] = []
    for (const die of unit.entries(({ tag }) => tag === DW_TAG.subprogram)) {
      const info = this.#units.tolerate(undefined, () => this.#info(unit, die))
      for (const { low, high } of info?.ranges ?? []) sorted.push({ low, high, info: info! })
    }
    sorted.sort((a, b) => a.low - b.low)
    const [listed] = unit.entries(({ attributes }) =>
      attributes.some(({ name, form }) => name === DW_AT.location && !isExpression({ form })),
    )
    const hasLocationLists = listed !== undefined
    return { sorted, hasLocationLists, instances: this.#instances(sorted) }
  }

  #instances(sorted: UnitFunctions['sorted']): Map<Die, FunctionInfo[]> {
    const instances = new Map<Die, FunctionInfo[]>()
    for (const info of new Set(sorted.map(each => each.info))) {
      this.#units.tolerate(undefined, () => {
        for (const die of new Set(info.die.origins())) addTo(instances, die, info)
      })
    }
    return instances
  }

  /** The functions with code in a unit that an entry is, or that are instances of it. */
  instancesOf(die: Die, unit: DieUnit = die.unit): readonly FunctionInfo[] {
    return this.#ofUnit(unit as Unit).instances.get(die) ?? []
  }

  #info(unit: Unit, die: Die): FunctionInfo | undefined {
    const ranges = this.#units.linked(unit, this.rangesOf(die))
    if (ranges.length === 0) return undefined
    const entry = die.address(DW_AT.low_pc) ?? ranges[0].low
    const { low, high } = ranges.find(range => inRange(range, entry)) ?? ranges[0]
    const linkageName = die.linkageName
    const assembly = isAssembly(unit)
    const place = this.declaration(die)
    const section = this.#units.overlays.sectionOf(die, low)
    return {
      name: nameOf(die),
      ...(linkageName && { linkageName }),
      low,
      high,
      ranges,
      ...place,
      assembly,
      die,
      ...(section !== undefined && { section }),
    }
  }

  rangesOf(die: Die): readonly Range[] {
    let ranges = this.#ranges.get(die)
    if (ranges === undefined) {
      ranges = this.#units.tolerate([], () => rangesOf(die))
      this.#ranges.set(die, ranges)
    }
    return ranges
  }

  /** Where an entry is declared. A file's index counts in the line table of the unit in which the attribute stands. */
  declaration(die: Die): { path?: string; line?: number } {
    const line = die.owner(DW_AT.decl_line)?.number(DW_AT.decl_line)
    const owner = die.owner(DW_AT.decl_file)
    const path = owner && this.#path(owner, DW_AT.decl_file)
    return { ...(path !== undefined && { path }), ...(line !== undefined && { line }) }
  }

  #path(die: Die, attribute: number): string | undefined {
    const file = die.number(attribute)
    return file === undefined ? undefined : this.#units.lineTable(die.unit as Unit)?.path(file)
  }

  /** The entries with code around `pc`, outermost (the function) first: lexical blocks and inlined instances. */
  blocksAt(pc: number): Die[] {
    const info = this.at(pc)
    if (info === undefined) return []
    const blocks = [info.die]
    for (let next: Die | undefined = info.die; next !== undefined; ) {
      next = next.children.find(child => isBlock(child) && this.rangesOf(child).some(range => inRange(range, pc)))
      if (next !== undefined) blocks.push(next)
    }
    return blocks
  }

  /**
   * The innermost entry around `pc` that people would call a place of its own: a function, an inlined copy, a block
   * that declares something. Where a line's code is spread over one such place, one breakpoint is enough (gdb's rule).
   */
  placeAt(pc: number): Die | undefined {
    return this.blocksAt(pc)
      .filter(die => die.tag !== DW_TAG.lexical_block || declares(die))
      .at(-1)
  }

  /** What is inlined at `pc`, innermost first. The last one's caller is the function itself. */
  inlineChainAt(pc: number): InlineInstance[] {
    return this.blocksAt(pc)
      .filter(die => die.tag === DW_TAG.inlined_subroutine)
      .reverse()
      .map(die => this.#instance(die))
  }

  #instance(die: Die): InlineInstance {
    const callLine = die.number(DW_AT.call_line)
    const callPath = this.#path(die, DW_AT.call_file)
    return {
      name: nameOf(die),
      ranges: this.rangesOf(die),
      ...(callPath !== undefined && { callPath }),
      ...(callLine !== undefined && { callLine }),
      die,
    }
  }

  /** The copies that are inlined into the function at `pc` because a line calls them, whatever they are nested in. */
  inlinedBy(pc: number, path: string, line: number): InlineInstance[] {
    const info = this.at(pc)
    const around: Die[] = info === undefined ? [] : [info.die]
    // What is pushed while the list is walked is walked as well.
    for (const die of around) around.push(...die.children.filter(isBlock))
    return around
      .filter(die => isInlined(die) && die.number(DW_AT.call_line) === line)
      .map(die => this.#instance(die))
      .filter(({ ranges, callPath }) => ranges.length > 0 && callPath === path)
  }

  /** The inlined copies of a function in its unit. */
  inlinedCopies(abstract: Die, unit: Unit): readonly Die[] {
    let copies = this.#copies.get(unit)
    if (copies === undefined) {
      copies = new Map()
      for (const die of unit.entries(isInlined)) {
        const origin = this.#units.tolerate(undefined, () => die.reference(DW_AT.abstract_origin))
        if (origin !== undefined) addTo(copies, origin, die)
      }
      this.#copies.set(unit, copies)
    }
    return copies.get(abstract) ?? []
  }

  /**
   * Where a breakpoint on a function or on the line that opens it goes: behind the prologue, so that parameters can be
   * shown. The rule is gdb's (`skip_prologue_sal`): the second line of the function, unless GCC described where the
   * parameters are from the first instruction on (location lists); but of main always, and never in assembly.
   */
  afterPrologue(info: FunctionInfo): number {
    return this.#units.overlays.assuming(info.section, () => this.#afterPrologue(info))
  }

  #afterPrologue(info: FunctionInfo): number {
    return this.#units.tolerate(info.low, () => {
      const unit = info.die.unit as Unit
      const isDescribed = info.name !== 'main' && this.#ofUnit(unit).hasLocationLists && isByGcc(unit)
      const table = this.#units.lineTable(unit)
      return isDescribed || info.assembly || table === undefined ? info.low : this.#secondLine(info, table)
    })
  }

  #secondLine({ low, high, die }: FunctionInfo, table: LineTable): number {
    const first = table.spanAt(low)
    if (first === undefined || first.low !== low) return low
    // Two rows for the first address are a prologue without instructions.
    const rows = table.rowsAt(low)
    if (rows.length > 1 && rows.slice(1).every(row => row.file === rows[0].file)) return low
    let end = first.high
    let line = first.row.line
    for (;;) {
      // A function on a single line.
      if (end >= high) return low
      const next = table.spanAt(end)
      if (next === undefined) return end
      // Still in the first line, or the scheduler moved something of an earlier line up: not the body yet.
      const sameLine = next.row.line === first.row.line && next.row.file === first.row.file && next.row === first.row
      if (!sameLine && (next.row.line >= line || next.row.file !== first.row.file)) return end
      const pc = end
      if (die.children.some(child => isInlined(child) && this.rangesOf(child).some(range => inRange(range, pc))))
        return end
      end = next.high
      line = next.row.line
    }
  }
}

function addTo<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}

/** Whether a block declares anything: itself, in what it is an instance of, or in a block in it that has no code. */
const declares = (block: Die): boolean =>
  [block, block.reference(DW_AT.abstract_origin)].some(die =>
    die?.children.some(({ tag }) => tag !== DW_TAG.lexical_block && !isInlined({ tag }) && !isCall({ tag })),
  )

const isCall = ({ tag }: Pick<Die, 'tag'>) => tag === DW_TAG.call_site || tag === DW_TAG.GNU_call_site
const isInlined = ({ tag }: Pick<Die, 'tag'>) => tag === DW_TAG.inlined_subroutine
const isBlock = (die: Die) => die.tag === DW_TAG.lexical_block || isInlined(die)

/** What the compiler has made of a function, e.g. a thunk, has no name but the linker's. */
const nameOf = (die: Die): string => qualifiedName(die) ?? demangle(die.linkageName ?? '??')

/** What is around a name in damaged debug information may have no end; what people write is far below. */
const MOST_SCOPES = 100
const MOST_NAME = 50_000

/** The name with the namespaces and classes around its declaration: `net::Device::open`. */
export function qualifiedName(die: Die, isLeftOut: (namespace: Die) => boolean = () => false): string | undefined {
  const own = die.name
  let name = own
  let depth = 0
  for (let scope = declared(die).parent; scope !== undefined; scope = declared(scope).parent) {
    // A class may be said to be declared in itself.
    if (++depth > MOST_SCOPES || (name?.length ?? 0) > MOST_NAME) return own
    // gdb's rule: what is in a class without a name goes by its own name alone.
    if (isClass(scope) && scope.name === undefined) return own
    if (scope.tag === DW_TAG.namespace && isLeftOut(scope)) continue
    if (scope.tag === DW_TAG.namespace) name = `${scope.name ?? '(anonymous namespace)'}::${name}`
    else if (isClass(scope)) name = `${scope.name}::${name}`
  }
  return own && name
}

/**
 * Where something is declared: the last of what it is an instance or the completion of stands among its neighbours. A class
 * that has a type unit of its own stands in its namespace there alone (DWARF 5, §3.1.4).
 */
function declared(die: Die): Die {
  let last = (die.has(DW_AT.signature) ? die.reference(DW_AT.signature) : undefined) ?? die
  for (const origin of last.origins()) last = origin
  return last
}

const isClass = ({ tag }: Die) =>
  tag === DW_TAG.class_type || tag === DW_TAG.structure_type || tag === DW_TAG.union_type
