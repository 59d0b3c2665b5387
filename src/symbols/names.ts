import { DW_AT, DW_TAG } from '../dwarf/constants.ts'
import type { Die } from '../dwarf/die.ts'
import type { Unit } from '../dwarf/unit.ts'
import { qualifiedName } from './functions.ts'
import { isCxx } from './language.ts'
import type { UnitIndex } from './units.ts'

/** A top-level entry with a name; the offset leads to it once its unit is read. */
interface Named {
  readonly unit: Unit
  readonly offset: number
  readonly tag: number
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

/** Functions, variables and types of the whole program by name. The first question reads the top level of every unit. */
export class NameIndex {
  readonly #units: UnitIndex
  #names: Map<string, Named[]> | undefined
  #enumerators: Map<string, Named[]> | undefined

  constructor(units: UnitIndex) {
    this.#units = units
  }

  /** The entries of this name with one of these tags, definitions and declarations alike. */
  find(name: string, ...tags: number[]): { unit: Unit; die: Die }[] {
    this.#names ??= this.#read()
    return (this.#names.get(name) ?? [])
      .filter(entry => tags.includes(entry.tag))
      .flatMap(({ unit, offset }) => {
        const die = this.#units.tolerate(undefined, () => unit.dies.get(offset))
        return die === undefined ? [] : [{ unit, die }]
      })
  }

  /** The enumerators of this name in the whole program, those that an enumeration at the top of a unit declares. */
  enumerators(name: string): Die[] {
    this.#enumerators ??= this.#readEnumerators()
    return (this.#enumerators.get(name) ?? []).flatMap(
      ({ unit, offset }) => this.#units.tolerate(undefined, () => unit.dies.get(offset)) ?? [],
    )
  }

  #readEnumerators(): Map<string, Named[]> {
    const names = new Map<string, Named[]>()
    for (const unit of this.#units.dwarf.units) {
      this.#units.tolerate(undefined, () => {
        for (const type of enumerations(unit, unit.root, 0)) {
          for (const { offset, tag, name } of unit.childrenOf(type)) {
            if (name === undefined) continue
            const entries = names.get(name)
            if (entries === undefined) names.set(name, [{ unit, offset, tag }])
            // Some are enough: enumerations are repeated in every unit that includes their header.
            else if (entries.length < 16) entries.push({ unit, offset, tag })
          }
        }
      })
    }
    return names
  }

  #read(): Map<string, Named[]> {
    const names = new Map<string, Named[]>()
    const add = (name: string | undefined, unit: Unit, { offset, tag }: Die) => {
      if (name === undefined) return
      const entries = names.get(name)
      if (entries === undefined) names.set(name, [{ unit, offset, tag }])
      else entries.push({ unit, offset, tag })
    }
    for (const unit of this.#units.dwarf.units) {
      this.#units.tolerate(undefined, () => {
        for (const die of named(unit, unit.root, 0)) {
          const isPlain = die.parent === unit.root && die.has(DW_AT.name)
          // Others have their name elsewhere, or one that begins with what is around them; see `qualifiedName`.
          const name = isPlain ? die.string(DW_AT.name) : this.#units.tolerate(undefined, () => qualifiedName(die))
          add(name, unit, die)
        }
      })
    }
    return names
  }
}

/** What the index holds of a unit: entries at its top, in namespaces, and the types and static members of classes. */
function* named(unit: Unit, parent: Die, depth: number): Generator<Die> {
  for (const die of unit.childrenOf(parent)) {
    if (indexed.has(die.tag)) yield die
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

const encloses: ReadonlySet<number> = new Set([
  DW_TAG.namespace,
  DW_TAG.class_type,
  DW_TAG.structure_type,
  DW_TAG.union_type,
])
