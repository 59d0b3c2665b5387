// Names of the whole program: functions, variables, types.

import { DW_AT, DW_TAG } from '../dwarf/constants.ts'
import type { Die } from '../dwarf/die.ts'
import type { Unit } from '../dwarf/unit.ts'
import { components, type FunctionSpec, isMeant, withoutArguments } from './functionSpec.ts'
import { qualifiedName } from './functions.ts'
import { isCxx } from './language.ts'
import { isStaticMember } from './members.ts'
import { NameAliases } from './nameAliases.ts'
import type { UnitIndex } from './units.ts'

/** Entries of one tag by name, as places: as few as answer every question, for there may be a million. */
class Entries {
  readonly definitions = new Map<string, number[]>()
  /** Of what is defined nowhere; one is as good as another. */
  readonly declarations = new Map<string, number>()
}

const indexed: ReadonlySet<number> = new Set([
  DW_TAG.subprogram,
  DW_TAG.variable,
  DW_TAG.structure_type,
  DW_TAG.union_type,
  DW_TAG.class_type,
  DW_TAG.enumeration_type,
  DW_TAG.typedef,
  DW_TAG.base_type,
])

/** Of types the first definition is enough: a header repeats them in every unit that includes it. */
const types: ReadonlySet<number> = new Set(
  [...indexed].filter(tag => tag !== DW_TAG.subprogram && tag !== DW_TAG.variable),
)

/** A program stands in one unit, and its callers in a few others. */
const keptUnits = 8

/** Places in a unit by name, of the units that were last asked for. */
class PerUnit {
  readonly #read: (unit: Unit) => ReadonlyMap<string, readonly number[]>
  readonly #kept = new Map<Unit, ReadonlyMap<string, readonly number[]>>()

  constructor(read: (unit: Unit) => ReadonlyMap<string, readonly number[]>) {
    this.#read = read
  }

  in(unit: Unit, name: string): readonly number[] {
    let names = this.#kept.get(unit)
    if (names === undefined) {
      names = this.#read(unit)
      const [oldest] = this.#kept.keys()
      if (this.#kept.size >= keptUnits) this.#kept.delete(oldest)
      this.#kept.set(unit, names)
    }
    return names.get(name) ?? []
  }
}

/** Functions, variables and types of the whole program by name. The first question reads the top level of every unit. */
export class NameIndex {
  readonly #units: UnitIndex
  #names: ReadonlyMap<number, Entries> | undefined
  readonly #aliases = new NameAliases(place => {
    const [found] = this.#at(place)
    return found && qualifiedName(found.die)
  })
  #enumerators: ReadonlyMap<string, number[]> | undefined
  /** Qualified names of functions by their last part, with and without template arguments. */
  #functionsByLast: ReadonlyMap<string, readonly string[]> | undefined
  readonly #unitTypes = new PerUnit(unit => this.#readTypesIn(unit))
  readonly #unitEnumerators = new PerUnit(unit => this.#readEnumeratorsIn(unit))
  #typeUnits: ReadonlyMap<string, { unit: Unit; die: Die }[]> | undefined

  constructor(units: UnitIndex) {
    this.#units = units
  }

  /** The definitions of this name with one of these tags, or a declaration where the program has no definition. */
  find(name: string, ...tags: number[]): { unit: Unit; die: Die }[] {
    const found = this.#findExactly(name, tags)
    if (found.length > 0) return found
    for (const other of this.#aliases.of(name)) {
      const meant = other === name ? [] : this.#findExactly(other, tags)
      if (meant.length > 0) return meant
    }
    return []
  }

  /** The functions that are meant, in whatever namespace or class, and all instances of templates. */
  functions(spec: FunctionSpec): { unit: Unit; die: Die }[] {
    this.#names ??= this.#read()
    const { definitions, declarations } = this.#names.get(DW_TAG.subprogram)!
    this.#functionsByLast ??= byLastName([...definitions.keys(), ...declarations.keys()])
    const last = spec.path.at(-1)!
    const names = [last, withoutArguments(last)].flatMap(each => this.#functionsByLast!.get(each) ?? [])
    const found = new Map<Die, { unit: Unit; die: Die }>()
    const add = (each: { unit: Unit; die: Die }): unknown => found.set(each.die, each)
    for (const name of new Set(names))
      if (isMeant(spec, components(name))) this.#findExactly(name, [DW_TAG.subprogram]).forEach(add)
    this.find(spec.path.join('::'), DW_TAG.subprogram).forEach(add)
    return [...found.values()]
  }

  /** The definition of a type that one unit has: of the whole program the index keeps one. */
  findIn(unit: Unit, name: string, tags: readonly number[]): Die | undefined {
    const last = components(name).at(-1)!
    for (const offset of this.#unitTypes.in(unit, last)) {
      const die = unit.die(offset)
      if (die !== undefined && tags.includes(die.tag) && namesOf(unit, die).has(name)) return die
    }
    return undefined
  }

  /** The types that a unit defines, by their names without what is around them. */
  #readTypesIn(unit: Unit): Map<string, number[]> {
    const names = new Map<string, number[]>()
    this.#units.tolerate(undefined, () => {
      for (const die of named(unit, unit.root, 0)) {
        if (!types.has(die.tag) || die.flag(DW_AT.declaration)) continue
        const name = die.string(DW_AT.name)
        if (name !== undefined) add(names, name, die.offset, Number.POSITIVE_INFINITY)
      }
    })
    return names
  }

  #findExactly(name: string, tags: readonly number[]): { unit: Unit; die: Die }[] {
    this.#names ??= this.#read()
    const found: number[] = []
    for (const tag of tags) {
      const entries = this.#names.get(tag)
      const declaration = entries?.declarations.get(name)
      found.push(...(entries?.definitions.get(name) ?? (declaration === undefined ? [] : [declaration])))
    }
    if (found.length > 0) return found.flatMap(place => this.#at(place))
    return this.#inTypeUnits(name).filter(({ die }) => tags.includes(die.tag))
  }

  /** The enumerators of this name in the whole program, those that an enumeration at the top of a unit declares. */
  enumerators(name: string): Die[] {
    this.#enumerators ??= this.#readEnumerators()
    const found = (this.#enumerators.get(name) ?? []).flatMap(place => this.#at(place))
    return [...found, ...this.#inTypeUnits(name).filter(({ die }) => die.tag === DW_TAG.enumerator)].map(
      ({ die }) => die,
    )
  }

  /** The enumerators of this name in one unit, those that a function declares as well. */
  enumeratorsIn(unit: Unit, name: string): Die[] {
    return this.#unitEnumerators.in(unit, name).flatMap(offset => unit.die(offset) ?? [])
  }

  #readEnumeratorsIn(unit: Unit): Map<string, number[]> {
    const names = new Map<string, number[]>()
    this.#units.tolerate(undefined, () => {
      for (const die of unit.entries(({ tag }) => tag === DW_TAG.enumerator))
        if (die.name !== undefined) add(names, die.name, die.offset, Number.POSITIVE_INFINITY)
    })
    return names
  }

  /** Types that have a unit of their own, and enumerators of such: there is one of each, so the entries are kept. */
  #inTypeUnits(name: string): { unit: Unit; die: Die }[] {
    this.#typeUnits ??= this.#readTypeUnits()
    return this.#typeUnits.get(name) ?? []
  }

  #readTypeUnits(): Map<string, { unit: Unit; die: Die }[]> {
    const names = new Map<string, { unit: Unit; die: Die }[]>()
    for (const unit of this.#units.dwarf.typeUnits) {
      this.#units.tolerate(undefined, () => {
        const type = unit.die(unit.offset + (unit.typeOffset ?? 0))
        for (const die of type === undefined ? [] : [type, ...type.children]) {
          if (die !== type && die.tag !== DW_TAG.enumerator) continue
          const name = die === type ? qualifiedName(die) : die.name
          if (name === undefined) continue
          const found = names.get(name)
          if (found === undefined) names.set(name, [{ unit, die }])
          else found.push({ unit, die })
        }
      })
    }
    return names
  }

  #at(place: number): { unit: Unit; die: Die }[] {
    const unit = this.#units.dwarf.containing(place)
    const die = this.#units.tolerate(undefined, () => unit?.die(place - unit.base))
    return unit === undefined || die === undefined ? [] : [{ unit, die }]
  }

  #readEnumerators(): Map<string, number[]> {
    const names = new Map<string, number[]>()
    for (const unit of this.#units.dwarf.units) {
      this.#units.tolerate(undefined, () => {
        for (const type of enumerations(unit, unit.root, 0)) {
          for (const { place, name } of unit.childrenOf(type)) if (name !== undefined) add(names, name, place, 16)
        }
      })
    }
    return names
  }

  #read(): Map<number, Entries> {
    const names = new Map<number, Entries>([...indexed].map(tag => [tag, new Entries()]))
    for (const unit of this.#units.dwarf.units) {
      this.#units.tolerate(undefined, () => {
        for (const die of named(unit, unit.root, 0)) this.#units.tolerate(undefined, () => this.#add(names, unit, die))
      })
    }
    return names
  }

  #add(index: Map<number, Entries>, unit: Unit, die: Die): void {
    if (imports.has(die.tag)) {
      const scope = die.parent === undefined ? undefined : qualifiedName(die.parent)
      this.#aliases.addImport(die, unit, die.parent === unit.root || scope === undefined ? '' : `${scope}::`)
      return
    }
    const { definitions, declarations } = index.get(tagOf(die))!
    for (const name of namesOf(unit, die)) {
      if (name.includes('<')) this.#aliases.addTemplate(name)
      if (die.flag(DW_AT.declaration) && !die.has(DW_AT.const_value)) declarations.set(name, die.place)
      else add(definitions, name, die.place, types.has(die.tag) ? 1 : Number.POSITIVE_INFINITY)
    }
  }
}

/** A static member is a variable, which until DWARF 5 its class only declared; its constant value is all there may be. */
const tagOf = (die: Die): number => (die.tag === DW_TAG.member ? DW_TAG.variable : die.tag)

/** What is in a namespace without a name, or in an inline one, is in the one around it as well (DWARF 5, §3.2.2). */
export const isTransparent = (namespace: Die): boolean =>
  namespace.flag(DW_AT.export_symbols) || namespace.name === undefined

function namesOf(unit: Unit, die: Die): Set<string> {
  const names = isCxx(unit) ? [qualifiedName(die), qualifiedName(die, isTransparent)] : [plainName(unit, die)]
  return new Set(names.filter(name => name !== undefined))
}

/** The name, or that of the abstract instance this is an instance of. */
function plainName(unit: Unit, die: Die): string | undefined {
  if (die.has(DW_AT.name)) return die.string(DW_AT.name)
  const origin = die.attribute(DW_AT.abstract_origin) ?? die.attribute(DW_AT.specification)
  return origin && unit.alone(origin)?.string(DW_AT.name)
}

function byLastName(names: readonly string[]): Map<string, string[]> {
  const byLast = new Map<string, string[]>()
  for (const name of names) {
    const last = components(name).at(-1)!
    for (const each of new Set([last, withoutArguments(last)])) {
      const others = byLast.get(each)
      if (others === undefined) byLast.set(each, [name])
      else others.push(name)
    }
  }
  return byLast
}

function add(names: Map<string, number[]>, name: string, place: number, limit: number): void {
  const places = names.get(name)
  if (places === undefined) names.set(name, [place])
  else if (places.length < limit) places.push(place)
}

/** What the index holds of a unit: entries at its top, in namespaces, and the types and static members of classes. */
function* named(unit: Unit, parent: Die, depth: number): Generator<Die> {
  for (const die of unit.childrenOf(parent)) {
    if (indexed.has(die.tag) || imports.has(die.tag) || isStaticMember(die)) yield die
    if (depth < 16 && encloses.has(die.tag) && isCxx(unit)) yield* named(unit, die, depth + 1)
  }
}

/** The enumerations of a unit: at its top, in namespaces and in classes. */
function* enumerations(unit: Unit, parent: Die, depth: number): Generator<Die> {
  for (const die of unit.childrenOf(parent)) {
    if (die.tag === DW_TAG.enumeration_type) yield die
    else if (depth < 16 && encloses.has(die.tag) && isCxx(unit)) yield* enumerations(unit, die, depth + 1)
  }
}

const imports: ReadonlySet<number> = new Set([DW_TAG.imported_declaration, DW_TAG.imported_module])

const encloses: ReadonlySet<number> = new Set([
  DW_TAG.namespace,
  DW_TAG.class_type,
  DW_TAG.structure_type,
  DW_TAG.union_type,
])
