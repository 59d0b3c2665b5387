import { DW_AT, DW_TAG } from '../dwarf/constants.ts'
import type { Die } from '../dwarf/die.ts'
import type { Unit } from '../dwarf/unit.ts'
import { qualifiedName } from './functions.ts'
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
        for (const type of unit.topLevel()) {
          if (type.tag !== DW_TAG.enumeration_type) continue
          for (const { offset, tag, name } of unit.childrenOf(type)) {
            // One place for each name is enough: enumerations are repeated in every unit that includes their header.
            if (name !== undefined && !names.has(name)) names.set(name, [{ unit, offset, tag }])
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
        let inNamespaces = false
        for (const die of unit.topLevel()) {
          if (die.tag === DW_TAG.namespace) inNamespaces = true
          else if (indexed.has(die.tag)) {
            if (die.has(DW_AT.name)) add(die.string(DW_AT.name), unit, die)
            // A definition outside its class or namespace, or the instance of an abstract one.
            else
              add(
                this.#units.tolerate(undefined, () => qualifiedName(die)),
                unit,
                die,
              )
          }
        }
        if (!inNamespaces) return
        for (const die of unit.tree.descendants()) {
          if (die.parent?.tag === DW_TAG.namespace && indexed.has(die.tag)) add(qualifiedName(die), unit, die)
        }
      })
    }
    return names
  }
}
