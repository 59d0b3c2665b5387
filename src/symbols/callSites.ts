// Calls as the compiler describes them, and the jumps by which one function reaches another.

import { DW_AT, DW_OP, DW_TAG } from '../dwarf/constants.ts'
import type { Die } from '../dwarf/die.ts'
import type { EntryItem } from '../dwarf/location.ts'
import { Reader } from '../dwarf/reader.ts'
import { sameBytes } from '../util/sameBytes.ts'
import type { FunctionInfo, Functions } from './functions.ts'
import type { UnitIndex } from './units.ts'

/** A call as the compiler describes it (DWARF 5, §3.4), or as GNU did before there was a standard for it. */
export interface CallSite {
  readonly die: Die
  /** Of the function around it. */
  readonly functionDie: Die
  /** The entry called, where the compiler knew it. */
  readonly target: number | undefined
  /** A jump: the function called returns to the caller's caller. */
  readonly isTail: boolean
  /** Where the call returns to; of a tail call, the address behind it. */
  readonly returnAddress: number
}

/** An expression and the entry it stands in. */
export interface DwarfExpression {
  readonly bytes: Uint8Array
  readonly die: Die
}

/** How one function is reached from another by jumps alone. */
type JumpPath = readonly CallSite[] | 'none' | 'unclear'

/** A search for it that goes further is not worth the time. */
const mostFunctions = 500
/** Jumps one after the other: the arguments of each are computed from those of the one before. */
const mostJumps = 50
/** Results of searches, which every look at the call stack asks for again. */
const keptSearches = 1000

export class CallSites {
  readonly #units: UnitIndex
  readonly #functions: Functions
  /** Of declarations, which have no address of their own. */
  readonly #entryOf: (name: string) => number | undefined
  readonly #sites = new Map<Die, readonly CallSite[]>()
  readonly #tailCalls = new Map<string, readonly CallSite[] | undefined>()

  constructor(units: UnitIndex, functions: Functions, entryOf: (name: string) => number | undefined) {
    this.#units = units
    this.#functions = functions
    this.#entryOf = entryOf
  }

  /** The call that returns to this address. */
  returningTo(address: number): CallSite | undefined {
    // The call may be the last instruction of its function.
    const info = this.#functions.at(address - 1)
    return info && this.of(info).find(site => site.returnAddress === address && !site.isTail)
  }

  /** Every call described in a function. */
  of({ die: functionDie }: FunctionInfo): readonly CallSite[] {
    let sites = this.#sites.get(functionDie)
    if (sites === undefined) {
      sites = [...functionDie.descendants()]
        .filter(({ tag }) => tag === DW_TAG.call_site || tag === DW_TAG.GNU_call_site)
        .flatMap(die => this.#units.tolerate([], () => this.#site(die, functionDie)))
      this.#sites.set(functionDie, sites)
    }
    return sites
  }

  #site(die: Die, functionDie: Die): CallSite[] {
    const jump = die.address(DW_AT.call_pc)
    const returnAddress =
      die.address(DW_AT.call_return_pc) ?? die.address(DW_AT.low_pc) ?? (jump === undefined ? undefined : jump + 4)
    if (returnAddress === undefined) return []
    const origin = die.reference(DW_AT.call_origin) ?? die.reference(DW_AT.abstract_origin)
    const target = origin && this.#entry(origin)
    const isTail = die.flag(DW_AT.call_tail_call) || die.flag(DW_AT.GNU_tail_call)
    return [{ die, functionDie, target, isTail, returnAddress }]
  }

  #entry(origin: Die): number | undefined {
    const [own] = this.#functions.instancesOf(origin)
    const name = origin.linkageName ?? origin.name
    return own?.low ?? (name === undefined ? undefined : this.#entryOf(name))
  }

  /**
   * The jumps by which the function at `from` has got to the one at `to`; none where they are the same. Undefined where
   * there is no way, more than one, round in a circle too, or one may lead through a pointer.
   */
  tailCalls(from: number, to: number): readonly CallSite[] | undefined {
    const { overlays } = this.#units
    const key = [from, to, overlays.mapped(from), overlays.mapped(to)].join(' ')
    if (!this.#tailCalls.has(key)) {
      if (this.#tailCalls.size >= keptSearches) this.#tailCalls.clear()
      this.#tailCalls.set(key, this.#searchTailCalls(from, to))
    }
    return this.#tailCalls.get(key)
  }

  #searchTailCalls(from: number, to: number): readonly CallSite[] | undefined {
    // Each function is looked at once; `undefined` while it is being looked at.
    const ways = new Map<number, JumpPath | undefined>()
    const inCircles = new Set<number>()
    const wayFrom = (entry: number): JumpPath => {
      if (ways.has(entry)) {
        const way = ways.get(entry)
        if (way === undefined) inCircles.add(entry)
        return way ?? 'none'
      }
      ways.set(entry, undefined)
      const info = ways.size > mostFunctions ? undefined : this.#functions.at(entry)
      let way: JumpPath = ways.size > mostFunctions ? 'unclear' : entry === to ? [] : 'none'
      for (const site of info === undefined ? [] : this.of(info)) {
        if (!site.isTail) continue
        const rest = site.target === undefined ? 'unclear' : wayFrom(site.target)
        if (rest !== 'none')
          way = way === 'none' && rest !== 'unclear' && rest.length < mostJumps ? [site, ...rest] : 'unclear'
      }
      if (way !== 'none' && inCircles.has(entry)) way = 'unclear'
      ways.set(entry, way)
      return way
    }
    const way = wayFrom(from)
    return typeof way === 'string' ? undefined : way
  }

  /** What computes the address called, where the call is through a pointer. */
  targetExpression({ die }: CallSite): DwarfExpression | undefined {
    const bytes = die.expression(DW_AT.call_target) ?? die.expression(DW_AT.GNU_call_site_target)
    return bytes && { bytes, die }
  }

  /** What computes, in the caller's frame, what something was worth when the function called was entered. */
  valueExpression({ die: site }: CallSite, what: EntryItem): DwarfExpression | undefined {
    for (const die of site.children) {
      if (die.tag !== DW_TAG.call_site_parameter && die.tag !== DW_TAG.GNU_call_site_parameter) continue
      if (!isOf(die, what)) continue
      const bytes = die.expression(DW_AT.call_value) ?? die.expression(DW_AT.GNU_call_site_value)
      return bytes && { bytes, die }
    }
    return undefined
  }
}

/** A parameter that no register carries is named by its entry (DWARF 5, §3.4.2: DW_AT_call_parameter). */
function isOf(parameter: Die, what: EntryItem): boolean {
  if (!(what instanceof Uint8Array)) {
    const named = parameter.reference(DW_AT.call_parameter) ?? parameter.reference(DW_AT.abstract_origin)
    return named?.offset === what.parameter
  }
  const where = parameter.expression(DW_AT.location)
  if (where === undefined) return false
  const register = registerOf(what)
  return register === undefined ? sameBytes(where, what) : register === registerOf(where)
}

/** The register that an expression is, with or without a type. */
function registerOf(expression: Uint8Array): number | undefined {
  const [operation] = expression
  if (operation >= DW_OP.reg0 && operation < DW_OP.reg0 + 32) return operation - DW_OP.reg0
  const names: readonly number[] = [DW_OP.regx, DW_OP.regval_type, DW_OP.GNU_regval_type]
  return names.includes(operation) ? new Reader('location expression', expression.subarray(1), 0).count() : undefined
}
