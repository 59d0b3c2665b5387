// What is declared where a program stands, and where its variables are.

import { DW_AT, DW_FORM, DW_TAG } from '../dwarf/constants.ts'
import { type Die, type DieUnit, isExpression } from '../dwarf/die.ts'
import { evaluateEntry, evaluateLocation, evaluateWord } from '../dwarf/expression.ts'
import { type FixedLocation, fixedLocation } from '../dwarf/fixedLocation.ts'
import { integer, type Location, type LocationContext, readLocation } from '../dwarf/location.ts'
import { expressionAt } from '../dwarf/locationList.ts'
import type { Range } from '../dwarf/ranges.ts'
import type { StackEntry } from '../dwarf/stack.ts'
import type { Unit } from '../dwarf/unit.ts'
import { around, enclosed, isInstanceOf, outer, type StaticLink } from './enclosing.ts'
import { type Functions, qualifiedName } from './functions.ts'
import { isStaticMember } from './members.ts'
import type { SymbolTable } from './symtab.ts'
import type { TypeReader } from './typeReader.ts'
import { builtin, type CType, sizeOf, unreadableType, withLengths } from './types.ts'
import type { UnitIndex } from './units.ts'

/** What a variable's location is computed from: a frame's registers, its memory and its canonical frame address. */
export type FrameReaders = Omit<LocationContext, 'frameBase'> & {
  /** In a caller's frame the address of its call, not of the instruction after it. */
  readonly pc: number
  /** The frame of what called this one. */
  caller?(): FrameReaders | undefined
}

/** Where something is in every frame that stands at one instruction, from general registers and the CFA. */
export type FixedPlace = FixedLocation<number | 'cfa'>

export interface Variable {
  readonly name: string
  /** Where it is declared in the debug information, which no other variable is; undefined of a row in the place of variables. */
  readonly entry: number | undefined
  readonly kind: 'parameter' | 'local' | 'static' | 'global'
  readonly type: CType
  readonly path?: string
  readonly line?: number
  /** Its type in a frame: there the length of a variable-length array is known. */
  typeIn(frame: FrameReaders | undefined): CType
  /** Where it is in a frame; without one, where a static variable lies. */
  locate(frame: FrameReaders | undefined): Location
  /** The same for all frames at `pc`; undefined where it has to be computed for each. */
  placeAt(pc: number): FixedPlace | undefined
}

/** A block, function, inlined instance, block or function around a nested function, or file, and what it declares. */
export interface Scope {
  readonly kind: 'block' | 'function' | 'inlined' | 'enclosing' | 'file'
  /** Of the function or file. */
  readonly name?: string
  readonly ranges: readonly Range[]
  readonly variables: readonly Variable[]
}

const optimizedOut: Location = { kind: 'optimizedOut' }

/** Of one scope; a file of generated tables has some thousand. */
const mostVariables = 2000

/** Namespaces in each other. */
const mostNamespaces = 16

/** A row in the place of variables that cannot be listed: why. */
function leftOut(reason: string, name: () => string | undefined = () => undefined): Variable {
  return {
    get name() {
      return name() ?? '…'
    },
    entry: undefined,
    kind: 'local',
    type: unreadableType,
    typeIn: () => unreadableType,
    locate: () => ({ kind: 'unavailable', reason }),
    placeAt: () => undefined,
  }
}

/** A frame of which nothing is known: enough for what is static. */
const noFrame: FrameReaders = { pc: 0, register: () => undefined, memory: () => undefined, cfa: () => undefined }

/** Variables and where they are visible. */
export class Scopes {
  readonly #units: UnitIndex
  readonly #functions: Functions
  readonly #types: TypeReader
  readonly #symtab: SymbolTable

  constructor(units: UnitIndex, functions: Functions, types: TypeReader, symtab: SymbolTable) {
    this.#units = units
    this.#functions = functions
    this.#types = types
    this.#symtab = symtab
  }

  /**
   * The scopes of one frame at `pc`, innermost first: the blocks of the function up to and with itself, then the file.
   * Where functions are inlined, `inlineDepth` says which of them: 0 is the innermost, the last the function itself.
   */
  at(pc: number, inlineDepth = 0): Scope[] {
    const blocks = this.#functions.blocksAt(pc).reverse()
    const scopes: Scope[] = []
    const named = new Set<string>()
    let depth = 0
    for (const die of blocks) {
      const isBoundary = die.tag !== DW_TAG.lexical_block
      if (depth === inlineDepth) scopes.push(this.#scope(die, blocks.at(-1)!, named))
      if (isBoundary) depth++
    }
    const own = blocks.filter(die => die.tag !== DW_TAG.lexical_block)[inlineDepth]
    if (own !== undefined) scopes.push(...this.#enclosing(own, blocks, named))
    const unit = this.#units.at(pc)
    return unit === undefined ? scopes : [...scopes, this.file(unit)]
  }

  /** What a nested function, one of the `blocks` of a frame, sees of those around it. */
  #enclosing(nested: Die, blocks: readonly Die[], named: Set<string>): Scope[] {
    const scopes: Scope[] = []
    let link: StaticLink | undefined
    let inner = nested
    let group: Die[] = []
    for (const die of around(nested)) {
      group.push(die)
      if (die.tag !== DW_TAG.subprogram) continue
      // It may be inlined into what it is nested in: then it is all one frame.
      const isHere = link === undefined && blocks.find(block => block !== nested && isInstanceOf(block, die))
      const host = isHere || this.#functions.instancesOf(die)[0]?.die
      if (host === undefined) break
      if (!isHere) link = this.#staticLink(inner, host, link)
      const to = link
      for (const each of group) {
        const own = each === die ? host : [...host.descendants()].find(block => isInstanceOf(block, each))
        if (own === undefined) continue
        const variables = this.#variablesOf(own, isHere ? blocks.at(-1)! : host, named)
        const scope: Scope = { ...this.#scope(own, host, new Set()), kind: 'enclosing' }
        scopes.push({ ...scope, variables: to === undefined ? variables : variables.map(each => enclosed(each, to)) })
      }
      inner = host
      group = []
    }
    return scopes
  }

  /** From a frame of `inner`, which `before` leads to, to that of `host`: the frame base is told, or it is the nearest. */
  #staticLink(inner: Die, host: Die, before: StaticLink | undefined): StaticLink {
    return frame => {
      const from = before === undefined ? frame : before(frame)
      if (from === undefined) return undefined
      const attribute = inner.attribute(DW_AT.static_link)
      const expression = attribute && expressionAt(inner.unit, attribute, from.pc)
      const told = expression && evaluateWord(expression, inner.unit, this.#context(inner, from))
      const isHost = (each: FrameReaders) => this.#functions.at(each.pc)?.die === host
      return outer(from, isHost, { told, of: each => this.#frameBase(host, each) })
    }
  }

  #scope(die: Die, functionDie: Die, named: Set<string>): Scope {
    const kind =
      die.tag === DW_TAG.lexical_block ? 'block' : die.tag === DW_TAG.inlined_subroutine ? 'inlined' : 'function'
    const name = kind === 'block' ? undefined : qualifiedName(die)
    return {
      kind,
      ...(name !== undefined && { name }),
      ranges: this.#functions.rangesOf(die),
      variables: this.#variablesOf(die, functionDie, named),
    }
  }

  /**
   * What a block declares. Of an inlined or out-of-line instance some variables stand only in what it is an instance of
   * (DWARF 5, §3.3.8.2), and those of an inner block without code left, in that: it has optimized them out. Those are
   * listed where their names, by `named`, are not listed already.
   */
  #variablesOf(block: Die, functionDie: Die, named: Set<string>): Variable[] {
    const own = this.#listed(block, block.children, functionDie)
    for (const { name } of own) named.add(name)
    const lost = lostVariables(block, die => this.#functions.rangesOf(die).length > 0)
      .slice(0, mostVariables)
      .flatMap(die => this.#variable(die, functionDie))
      .filter(({ name }) => !named.has(name) && named.add(name))
    return [...own, ...lost]
  }

  /** The file's own variables: globals it defines, and statics. They are read when someone looks. */
  file(unit: Unit): Scope {
    const name = this.#units.tolerate(undefined, () => unit.root.string(DW_AT.name))
    let variables: readonly Variable[] | undefined
    const read = () => {
      const own = outsideFunctions(unit.root).filter(die => die.tag === DW_TAG.variable && !die.flag(DW_AT.declaration))
      return this.#listed(unit.root, own, undefined)
    }
    return {
      kind: 'file',
      ...(name !== undefined && { name }),
      ranges: [],
      get variables() {
        variables ??= read()
        return variables
      },
    }
  }

  /** The variables of these entries of a scope, and what stands for those that damage or their number leaves out. */
  #listed(scope: Die, dies: readonly Die[], functionDie: Die | undefined): Variable[] {
    const variables = dies.slice(0, mostVariables).flatMap(die => this.#variable(die, functionDie))
    if (dies.length > mostVariables)
      variables.push(leftOut(`${dies.length - mostVariables} more entries were left out`))
    const damage = scope.unit.cutOff(scope)
    if (damage !== undefined) variables.push(leftOut(`what follows was left out: ${damage}`))
    return variables
  }

  /** A variable that belongs to no function. */
  global(die: Die): Variable | undefined {
    return this.#variable(die, undefined)[0]
  }

  /** A variable by the place of its entry. */
  variableAt(place: number): Variable | undefined {
    const unit = this.#units.dwarf.containing(place)
    const die = unit?.die(place - unit.base)
    return die && this.#variable(die, enclosingFunction(die))[0]
  }

  /** A variable of a function or of any block in it, a static one before others, which there may be `withLocals` alone. */
  inFunction(functionDie: Die, name: string, withLocals: boolean): Variable | undefined {
    const found = [...functionDie.descendants()]
      .filter(die => die.name === name)
      .flatMap(die => this.#variable(die, functionDie))
    return found.find(({ kind }) => kind === 'static') ?? (withLocals ? found[0] : undefined)
  }

  #variable(die: Die, functionDie: Die | undefined): Variable[] {
    const isParameter = die.tag === DW_TAG.formal_parameter
    if (die.tag !== DW_TAG.variable && !isParameter && !isStaticMember(die)) return []
    let known: string | undefined
    const read = (): Variable[] => {
      const name = functionDie === undefined ? qualifiedName(die) : die.name
      known = name
      if (name === undefined) return []
      const isExternal = die.owner(DW_AT.external)?.flag(DW_AT.external) ?? false
      const kind = isParameter ? 'parameter' : isExternal ? 'global' : this.#isStatic(die) ? 'static' : 'local'
      const type = this.#types.typeOf(die)
      const place = this.#functions.declaration(die)
      if (isHidden(die)) return []
      const locate = (frame: FrameReaders | undefined) =>
        this.#units.tolerate(optimizedOut, () => this.#locate(die, type, functionDie, frame ?? noFrame))
      const typeIn = (frame: FrameReaders | undefined) =>
        frame === undefined ? type : withLengths(type, range => this.#lengthOf(range, functionDie, frame))
      const placeAt = (pc: number) => this.#units.tolerate(undefined, () => this.#placeAt(die, functionDie, pc))
      return [
        {
          name,
          entry: (die.reference(DW_AT.specification) ?? die).place,
          kind,
          type,
          ...place,
          typeIn,
          locate,
          placeAt,
        },
      ]
    }
    return this.#units.tolerate([leftOut('its description is damaged', () => known)], read)
  }

  /** Whether it lies where no frame matters: at a fixed address, or at its place in the thread's memory. */
  #isStatic(die: Die): boolean {
    const expression = die.owner(DW_AT.location)?.expression(DW_AT.location)
    if (expression === undefined) return false
    return [0x03, 0xa1, 0xfb].includes(expression[0]) || [0x9b, 0xe0].includes(expression[expression.length - 1])
  }

  #locate(die: Die, type: CType, functionDie: Die | undefined, frame: FrameReaders): Location {
    const context = this.#context(functionDie, frame)
    const owner = die.owner(DW_AT.location)
    const attribute = owner?.attribute(DW_AT.location)
    if (owner !== undefined && attribute !== undefined) {
      const expression = expressionAt(owner.unit, attribute, frame.pc)
      return expression === undefined ? optimizedOut : evaluateLocation(expression, owner.unit, context)
    }
    const constant = die.owner(DW_AT.const_value)?.attribute(DW_AT.const_value)
    if (constant !== undefined) return constantLocation(constant.value, constant.form, sizeOf(type) ?? 4)
    // `extern` in a block: it is defined in another unit.
    const symbol = die.flag(DW_AT.declaration) && die.name !== undefined ? this.#symtab.named(die.name) : undefined
    return symbol === undefined ? optimizedOut : { kind: 'memory', address: symbol.value }
  }

  #placeAt(die: Die, functionDie: Die | undefined, pc: number): FixedPlace | undefined {
    const place = fixedAt(die.owner(DW_AT.location), DW_AT.location, pc)
    if (place === undefined || place.kind === 'register') return place
    const { kind, base, offset } = place
    if (base !== 'frameBase') return { kind, base, offset }
    const frameBase = fixedAt(functionDie, DW_AT.frame_base, pc)
    if (frameBase === undefined) return undefined
    // A frame base that is a register means its contents (DWARF 5, §3.3.5).
    if (frameBase.kind === 'register') return { kind, base: frameBase.register, offset }
    if (frameBase.base === 'frameBase') return undefined
    return { kind, base: frameBase.base, offset: frameBase.offset + offset }
  }

  /** The length of a variable-length array (DWARF 5, §5.5 and §2.19): its bound is computed, or another variable's value. */
  #lengthOf(range: Die, functionDie: Die | undefined, frame: FrameReaders): number | undefined {
    return this.#units.tolerate(undefined, () => {
      const name = range.has(DW_AT.count) ? DW_AT.count : DW_AT.upper_bound
      const attribute = range.attribute(name)!
      const context = this.#context(functionDie, frame)
      let value: number | undefined
      const variable = range.reference(name)
      if (variable !== undefined) {
        const bytes = readLocation(this.#locate(variable, builtin.uint, functionDie, frame), 4, context)
        value = typeof bytes === 'string' ? undefined : Number(integer(bytes))
      } else {
        const expression = expressionAt(range.unit, attribute, frame.pc)
        value = expression && evaluateWord(expression, range.unit, context)
      }
      if (value === undefined) return undefined
      const count = name === DW_AT.count ? value : (value | 0) + 1 - (range.number(DW_AT.lower_bound) ?? 0)
      return Math.max(0, count)
    })
  }

  /** What an expression that stands in a function computes in one of its frames. */
  evaluate(bytes: Uint8Array, unit: DieUnit, functionDie: Die, frame: FrameReaders): StackEntry | undefined {
    return evaluateEntry(bytes, unit, this.#context(functionDie, frame))
  }

  #context(functionDie: Die | undefined, frame: FrameReaders): LocationContext {
    let base: { readonly address: number | undefined } | undefined
    return {
      ...frame,
      frameBase: () => {
        base ??= { address: functionDie && this.#frameBase(functionDie, frame) }
        return base.address
      },
    }
  }

  /** DW_AT_frame_base (DWARF 5, §3.3.5): a register means its contents. */
  #frameBase(functionDie: Die, frame: FrameReaders): number | undefined {
    const attribute = functionDie.attribute(DW_AT.frame_base)
    if (attribute === undefined) return undefined
    const expression = expressionAt(functionDie.unit, attribute, frame.pc)
    return expression && evaluateWord(expression, functionDie.unit, { ...frame, frameBase: () => undefined })
  }
}

/** What stands at the top of a unit and in its namespaces. */
function outsideFunctions(scope: Die, depth = 0): Die[] {
  if (depth > mostNamespaces) return []
  return scope.children.flatMap(die => (die.tag === DW_TAG.namespace ? outsideFunctions(die, depth + 1) : [die]))
}

function fixedAt(die: Die | undefined, name: number, pc: number): FixedLocation | undefined {
  const attribute = die?.attribute(name)
  const expression = die && attribute && expressionAt(die.unit, attribute, pc)
  return expression && fixedLocation(expression, die.unit)
}

/** The compiler's own parameters: how a destructor was called, where virtual bases are. `this` is for everyone. */
const isHidden = (die: Die): boolean =>
  die.tag === DW_TAG.formal_parameter &&
  (die.owner(DW_AT.artificial)?.flag(DW_AT.artificial) ?? false) &&
  die.name !== 'this'

/** The variables of a block that no longer have an entry in the instance, or no longer a block with code. */
function lostVariables(block: Die, hasCode: (die: Die) => boolean, seen = new Set<Die>()): Die[] {
  if (seen.has(block) || seen.size > mostVariables) return []
  seen.add(block)
  const origin = block.reference(DW_AT.abstract_origin)
  const present = new Set(block.children.map(child => child.reference(DW_AT.abstract_origin)))
  const absent = origin?.children.filter(child => !present.has(child)) ?? []
  const emptied = [...block.children, ...absent].filter(die => die.tag === DW_TAG.lexical_block && !hasCode(die))
  return [...absent, ...emptied.flatMap(die => [...die.children, ...lostVariables(die, hasCode, seen)])]
}

function enclosingFunction(die: Die): Die | undefined {
  let scope: Die | undefined = die
  while (scope !== undefined && scope.tag !== DW_TAG.subprogram) scope = scope.parent
  return scope
}

/** DW_AT_const_value (§4.1.10): bytes as they would lie in memory, a string, or a number. */
function constantLocation(value: number | bigint | string | Uint8Array, form: number, size: number): Location {
  if (value instanceof Uint8Array) return { kind: 'value', bytes: value }
  if (typeof value === 'string') return { kind: 'value', bytes: new TextEncoder().encode(`${value}\0`) }
  if (isExpression({ form }) || form === DW_FORM.sec_offset) return optimizedOut
  const bytes = new Uint8Array(Math.min(size, 16))
  const bits = BigInt.asUintN(128, BigInt(value))
  for (let i = 0; i < bytes.length; i++) bytes[bytes.length - 1 - i] = Number((bits >> BigInt(8 * i)) & 0xffn)
  return { kind: 'value', bytes }
}
