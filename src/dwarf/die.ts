// A debugging information entry and its attributes (DWARF 5, §2.1).

import type { Abbreviation } from './abbrev.ts'
import { DW_AT, DW_FORM } from './constants.ts'
import { type AttributeValue, readForm, skipForm, type UnitFormat } from './form.ts'
import type { Reader } from './reader.ts'
import type { DwarfSections } from './sections.ts'

const F = DW_FORM

/** How many abstract origins and specifications one entry may be away from the one that says it. */
const chainLimit = 8

const none: readonly Die[] = []

/** What an entry needs of the unit it stands in, to follow its attributes elsewhere. */
export interface DieUnit extends UnitFormat {
  readonly sections: DwarfSections
  readonly offset: number
  /** What makes an offset in its section a place, of which there is one among all files. */
  readonly base: number
  /** It is in a file of its own, where some things are written in another way (`-gsplit-dwarf`). */
  readonly isSplit: boolean
  readonly root: Die
  /** The entry that says this of the unit: its own, or that of the skeleton it has left in the program. */
  about(attribute: number): Die
  cursor(offset: number): Reader
  string(attribute: AttributeValue): string | undefined
  address(attribute: AttributeValue): number | undefined
  /** The address with this index in the unit's contribution to `.debug_addr`. */
  indexedAddress(index: number): number
  /** What stands there without being an address: the offset of a thread's variable. */
  indexedConstant(index: number): number
  reference(attribute: AttributeValue): Die | undefined
  /** An entry by its offset in `.debug_info`, in whichever unit of this file it lies. */
  dieAt(offset: number): Die | undefined
  /** The entries directly below one. */
  within(die: Die): Die[]
  /** Why the entries below one may not be all: damage was met among them. */
  cutOff(die: Die): string | undefined
}

/** A debugging information entry (DWARF 5, §2.1). Its attributes are decoded when asked for. */
export class Die {
  readonly unit: DieUnit
  /** In `.debug_info`, or `.debug_types` for a type unit of DWARF 4. */
  readonly offset: number
  readonly abbreviation: Abbreviation
  readonly parent: Die | undefined
  readonly #start: number
  #children: readonly Die[] | undefined

  constructor(unit: DieUnit, offset: number, abbreviation: Abbreviation, start: number, parent: Die | undefined) {
    this.unit = unit
    this.offset = offset
    this.abbreviation = abbreviation
    this.parent = parent
    this.#start = start
  }

  /** Where it is among the entries of all files. */
  get place(): number {
    return this.unit.base + this.offset
  }

  get children(): readonly Die[] {
    this.#children ??= this.abbreviation.hasChildren ? this.unit.within(this) : none
    return this.#children
  }

  get tag(): number {
    return this.abbreviation.tag
  }

  /** Nothing is kept: an index of a big program looks at a million entries, at one attribute of each. */
  attribute(name: number): AttributeValue | undefined {
    const { attributes } = this.abbreviation
    const index = attributes.findIndex(spec => spec.name === name)
    if (index < 0) return undefined
    const reader = this.unit.cursor(this.#start)
    for (let i = 0; i < index; i++) skipForm(reader, attributes[i].form, this.unit)
    const { form, implicit } = attributes[index]
    return readForm(reader, form, this.unit, implicit)
  }

  has(name: number): boolean {
    return this.abbreviation.attributes.some(spec => spec.name === name)
  }

  string(name: number): string | undefined {
    const attribute = this.attribute(name)
    return attribute && this.unit.string(attribute)
  }

  flag(name: number): boolean {
    const attribute = this.attribute(name)
    return attribute !== undefined && attribute.value !== 0
  }

  /** A constant, exact; data1 to data4 are unsigned as written, for the type to reinterpret. */
  constant(name: number): number | bigint | undefined {
    const attribute = this.attribute(name)
    if (attribute === undefined) return undefined
    return typeof attribute.value === 'number' || typeof attribute.value === 'bigint' ? attribute.value : undefined
  }

  /** A constant that is small if it is right: a size, a line, an offset. */
  number(name: number): number | undefined {
    const attribute = this.attribute(name)
    if (attribute === undefined || isExpression(attribute) || isReference(attribute.form)) return undefined
    const value = this.constant(name)
    return value === undefined ? undefined : Number(value)
  }

  address(name: number): number | undefined {
    const attribute = this.attribute(name)
    return attribute && this.unit.address(attribute)
  }

  /** The entry that a reference of any form names. */
  reference(name: number): Die | undefined {
    const attribute = this.attribute(name)
    return attribute && this.unit.reference(attribute)
  }

  /** A location expression that stands in the attribute itself, rather than in a list. */
  expression(name: number): Uint8Array | undefined {
    const attribute = this.attribute(name)
    return attribute && isExpression(attribute) && attribute.value instanceof Uint8Array ? attribute.value : undefined
  }

  /** This entry, then what it is an instance or the completion of: where inherited attributes stand (§2.13.2, §3.3.8). */
  *origins(): Generator<Die> {
    let die: Die | undefined = this
    for (let i = 0; die !== undefined && i < chainLimit; i++) {
      yield die
      die = die.reference(DW_AT.abstract_origin) ?? die.reference(DW_AT.specification)
    }
  }

  /** The first of `origins` that has the attribute. */
  owner(name: number): Die | undefined {
    for (const die of this.origins()) if (die.has(name)) return die
    return undefined
  }

  get name(): string | undefined {
    return this.owner(DW_AT.name)?.string(DW_AT.name)
  }

  get linkageName(): string | undefined {
    return (
      this.owner(DW_AT.linkage_name)?.string(DW_AT.linkage_name) ??
      this.owner(DW_AT.MIPS_linkage_name)?.string(DW_AT.MIPS_linkage_name)
    )
  }

  /** The type entry, undefined for C's `void`. */
  get type(): Die | undefined {
    return this.owner(DW_AT.type)?.reference(DW_AT.type)
  }

  /** Every entry below this one, parents first. */
  *descendants(): Generator<Die> {
    const waiting = [...this.children].reverse()
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      yield next
      for (let i = next.children.length - 1; i >= 0; i--) waiting.push(next.children[i])
    }
  }
}

export const isExpression = ({ form }: Pick<AttributeValue, 'form'>): boolean =>
  form === F.exprloc || form === F.block || form === F.block1 || form === F.block2 || form === F.block4

export const isReference = (form: number): boolean =>
  form === F.ref_addr ||
  (form >= F.ref1 && form <= F.ref_udata) ||
  form === F.ref_sig8 ||
  form === F.GNU_ref_alt ||
  form === F.ref_sup4 ||
  form === F.ref_sup8

/** Whether a value is an offset or index into another section rather than a constant: before DWARF 4, data4 and data8. */
export const isSectionOffset = ({ form }: AttributeValue, version: number): boolean =>
  form === F.sec_offset || (version < 4 && (form === F.data4 || form === F.data8))
