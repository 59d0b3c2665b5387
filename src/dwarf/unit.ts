// A unit of debug information and its entries (DWARF 5, §7.5.1).

import { hex } from '../util/hex.ts'
import type { Abbreviation } from './abbrev.ts'
import { DW_AT, DW_FORM, DW_UT } from './constants.ts'
import { Die, type DieUnit } from './die.ts'
import { DwarfError, tolerate } from './error.ts'
import { type AttributeValue, signatureText, skipForm, type UnitFormat } from './form.ts'
import type { OffsetSize, Reader } from './reader.ts'
import type { DwarfSections } from './sections.ts'
import { indexAt, indicesIn, type Tree, TreeWriter } from './tree.ts'

const F = DW_FORM

/** What a unit needs of its neighbours in one file: references may lead into any of them. */
export interface Units {
  readonly base: number
  readonly isSplit: boolean
  /** The unit of `.debug_info` that holds this offset. */
  containing(offset: number): Unit | undefined
  /** The table at an offset of `.debug_abbrev`, which many units may share. */
  abbreviations(offset: number): Map<number, Abbreviation>
  /** The type unit with this signature, in whatever file. */
  ofSignature(signature: string): Unit | undefined
  /** Where damage is noted. */
  readonly problems: string[]
}

/** Entries nested deeper than this are damage: C++ templates in namespaces stay far below. */
const depthLimit = 512

/** A unit of `.debug_info` or `.debug_types` (DWARF 5, §7.5.1). Only its header is read until more is asked for. */
export class Unit implements DieUnit {
  readonly sections: DwarfSections
  readonly section: string
  /** Where its header starts; references within the unit are relative to it. */
  readonly offset: number
  readonly end: number
  readonly version: number
  readonly unitType: number
  readonly addressSize: number
  readonly offsetSize: OffsetSize
  /** Of a type unit: its identity, and the offset of the type's entry in the unit. */
  readonly signature: string | undefined
  readonly typeOffset: number | undefined
  /** Of a unit that is split off: what it has left in the program. */
  skeleton: Unit | undefined
  readonly #id: string | undefined
  readonly #units: Units
  readonly #abbrevOffset: number
  readonly #firstDie: number
  #abbreviations: Map<number, Abbreviation> | undefined
  #cursor: Reader | undefined
  #root: Die | undefined
  #tree: Tree | undefined
  /** What ended the tree too early. */
  #damage: string | undefined
  /** Those that someone has looked at, by their index in the tree. */
  readonly #dies = new Map<number, Die>()

  /** `reader` stands at the header in `section` and is moved to the next unit. */
  constructor(sections: DwarfSections, section: string, reader: Reader, units: Units) {
    this.sections = sections
    this.#units = units
    this.section = section
    this.offset = reader.offset
    const { body, offsetSize } = reader.initialLength()
    this.end = body.end
    this.offsetSize = offsetSize
    this.version = body.u16()
    if (this.version < 2 || this.version > 5) {
      throw body.error(`DWARF version ${this.version} is not known; 2 to 5 are`, body.offset - 2)
    }
    this.unitType = this.section === '.debug_types' ? DW_UT.type : DW_UT.compile
    if (this.version >= 5) {
      this.unitType = body.u8()
      this.addressSize = body.u8()
      this.#abbrevOffset = body.unsigned(offsetSize)
    } else {
      this.#abbrevOffset = body.unsigned(offsetSize)
      this.addressSize = body.u8()
    }
    if (this.addressSize !== 4) throw body.error(`addresses of ${this.addressSize} bytes; a 440 has 4`)
    if (this.unitType === DW_UT.type || this.unitType === DW_UT.split_type) {
      this.signature = signatureText(body.block(8))
      this.typeOffset = body.unsigned(offsetSize)
    } else if (this.unitType === DW_UT.skeleton || this.unitType === DW_UT.split_compile) {
      this.#id = signatureText(body.block(8))
    }
    this.#firstDie = body.offset
  }

  get base(): number {
    return this.#units.base
  }

  get isSplit(): boolean {
    return this.#units.isSplit
  }

  /** What a skeleton and the unit split off have in common (§3.1.2, `dwo_id`); GNU's before DWARF 5 is an attribute. */
  get splitId(): string | undefined {
    if (this.version >= 5) return this.#id
    const id = this.root.constant(DW_AT.GNU_dwo_id)
    return id === undefined ? undefined : BigInt.asUintN(64, BigInt(id)).toString(16).padStart(16, '0')
  }

  about(attribute: number): Die {
    return this.skeleton === undefined || this.root.has(attribute) ? this.root : this.skeleton.root
  }

  /** A cursor in this unit. */
  reader(offset: number): Reader {
    const reader = this.sections.reader(this.section)
    if (offset < this.offset || offset > this.end) throw reader.error('an offset leads out of its unit', offset)
    return reader.at(offset, this.end)
  }

  /** A cursor for reading one attribute: always the same one, for a kernel's names alone are a million attributes. */
  cursor(offset: number): Reader {
    this.#cursor ??= this.reader(this.offset)
    if (offset > this.end) throw this.#cursor.error('an offset leads out of its unit', offset)
    this.#cursor.offset = offset
    return this.#cursor
  }

  get abbreviations(): Map<number, Abbreviation> {
    this.#abbreviations ??= this.#units.abbreviations(this.#abbrevOffset)
    return this.#abbreviations
  }

  #abbreviation(reader: Reader, code: number): Abbreviation {
    const abbreviation = this.abbreviations.get(code)
    if (abbreviation === undefined) throw reader.error(`the abbreviation ${code} is not declared`)
    return abbreviation
  }

  /** The unit's own entry. */
  get root(): Die {
    this.#root ??= this.#alone(this.#firstDie, undefined)
    return this.#root
  }

  /** An entry by itself. */
  #alone(offset: number, parent: Die | undefined): Die {
    const reader = this.reader(offset)
    return new Die(this, offset, this.#abbreviation(reader, reader.count()), reader.offset, parent)
  }

  /** The entry at an offset of the section; always the same one. */
  die(offset: number): Die | undefined {
    if (offset === this.#firstDie) return this.root
    const index = indexAt(this.tree, offset)
    return index < 0 ? undefined : this.#at(index)
  }

  /** The entries below one. */
  within(die: Die): Die[] {
    const index = indexAt(this.tree, die.offset)
    return index < 0 ? [] : Array.from(indicesIn(this.tree, index), child => this.#at(child))
  }

  cutOff(die: Die): string | undefined {
    const { ends, codes } = this.tree
    // The last entries, and those around them, were open still.
    return this.#damage !== undefined && ends[indexAt(this.tree, die.offset)] === codes.length
      ? this.#damage
      : undefined
  }

  /** All entries whose abbreviation is wanted, in order. */
  *entries(isWanted: (abbreviation: Abbreviation) => boolean): Generator<Die> {
    const wanted = new Set([...this.abbreviations.values()].filter(isWanted).map(({ code }) => code))
    const { codes } = this.tree
    for (let index = 0; index < codes.length; index++) if (wanted.has(codes[index])) yield this.#at(index)
  }

  #at(index: number): Die {
    if (index === 0) return this.root
    let die = this.#dies.get(index)
    if (die === undefined) {
      const { offsets, parents } = this.tree
      die = this.#alone(offsets[index], this.#at(parents[index]))
      this.#dies.set(index, die)
    }
    return die
  }

  /** Where all entries are. Stops at the first damage, keeping what it has. */
  get tree(): Tree {
    if (this.#tree === undefined) {
      const writer = new TreeWriter()
      tolerate(this.#units.problems, undefined, () => {
        try {
          this.#readTree(writer)
        } catch (error) {
          if (error instanceof DwarfError) this.#damage = error.message
          throw error
        }
      })
      this.#tree = writer.done()
    }
    return this.#tree
  }

  #readTree(tree: TreeWriter): void {
    const reader = this.reader(this.#firstDie)
    const sizes = new Map<Abbreviation, number>()
    do {
      const offset = reader.offset
      const code = reader.count()
      if (code === 0) {
        tree.close()
        continue
      }
      const abbreviation = this.#abbreviation(reader, code)
      this.#skipAttributes(reader, abbreviation, sizes)
      tree.add(offset, code)
      if (!abbreviation.hasChildren) continue
      if (tree.depth > depthLimit) throw reader.error('entries are nested too deep')
      tree.open()
    } while (!reader.atEnd && tree.depth > 0)
  }

  /** Step over an entry's attributes; in one go where every form has a fixed size. */
  #skipAttributes(reader: Reader, abbreviation: Abbreviation, sizes: Map<Abbreviation, number>): void {
    let size = sizes.get(abbreviation)
    if (size === undefined) {
      size = fixedSize(abbreviation, this)
      sizes.set(abbreviation, size)
    }
    if (size >= 0) reader.skip(size)
    else for (const { form } of abbreviation.attributes) skipForm(reader, form, this)
  }

  /** The entries directly below the root, without building the tree: for an index of names over the whole program. */
  topLevel(): Generator<Die> {
    return this.childrenOf(this.root)
  }

  /**
   * The entries directly below one, without building the tree. Skips from sibling to sibling by DW_AT_sibling where the
   * producer gives it, and reads its way through where not.
   */
  *childrenOf(parent: Die): Generator<Die> {
    const reader = this.reader(parent.offset)
    const sizes = new Map<Abbreviation, number>()
    const own = this.#abbreviation(reader, reader.count())
    this.#skipAttributes(reader, own, sizes)
    let depth = 1
    while (!reader.atEnd && own.hasChildren && depth > 0) {
      const offset = reader.offset
      const code = reader.count()
      if (code === 0) {
        depth--
        continue
      }
      const abbreviation = this.#abbreviation(reader, code)
      const start = reader.offset
      if (depth === 1) yield new Die(this, offset, abbreviation, start, parent)
      const sibling = abbreviation.hasChildren && depth === 1 && this.#sibling(abbreviation, offset, start)
      if (sibling) {
        reader.offset = sibling
        continue
      }
      this.#skipAttributes(reader, abbreviation, sizes)
      if (abbreviation.hasChildren) depth++
    }
  }

  #sibling(abbreviation: Abbreviation, offset: number, start: number): number | undefined {
    if (!abbreviation.attributes.some(spec => spec.name === DW_AT.sibling)) return undefined
    const sibling = new Die(this, offset, abbreviation, start, undefined).number(DW_AT.sibling)
    const target = sibling === undefined ? undefined : this.offset + sibling
    return target !== undefined && target > start && target <= this.end ? target : undefined
  }

  string({ form, value }: AttributeValue): string | undefined {
    if (typeof value === 'string') return form === F.ref_sig8 ? undefined : value
    if (typeof value !== 'number') return undefined
    switch (form) {
      case F.strp:
        return this.sections.string('.debug_str', value)
      case F.line_strp:
        return this.sections.string('.debug_line_str', value)
      case F.strx:
      case F.strx1:
      case F.strx2:
      case F.strx3:
      case F.strx4:
      case F.GNU_str_index: {
        const base = this.root.number(DW_AT.str_offsets_base) ?? this.#stringOffsetsHeader
        const offset = this.sections.reader('.debug_str_offsets', base + value * this.offsetSize)
        return this.sections.string('.debug_str', offset.unsigned(this.offsetSize))
      }
      default:
        return undefined
    }
  }

  /** The length of the header before a unit's offsets of strings (§7.26). GNU's before DWARF 5 have none. */
  get #stringOffsetsHeader(): number {
    return this.version < 5 ? 0 : this.offsetSize === 8 ? 16 : 8
  }

  address({ form, value }: AttributeValue): number | undefined {
    if (typeof value !== 'number') return undefined
    if (form === F.addr) return value
    const indexed = form === F.addrx || (form >= F.addrx1 && form <= F.addrx4) || form === F.GNU_addr_index
    return indexed ? this.indexedAddress(value) : undefined
  }

  indexedAddress(index: number): number {
    return this.#indexed(index).address(this.addressSize)
  }

  indexedConstant(index: number): number {
    return this.#indexed(index).unsigned(this.addressSize)
  }

  #indexed(index: number): Reader {
    // After the header of the contribution (§7.27), which GNU's before DWARF 5 lack.
    const base =
      this.about(DW_AT.addr_base).number(DW_AT.addr_base) ??
      this.about(DW_AT.GNU_addr_base).number(DW_AT.GNU_addr_base) ??
      (this.version < 5 ? 0 : 8)
    return this.sections.reader('.debug_addr', base + index * this.addressSize)
  }

  reference({ form, value }: AttributeValue): Die | undefined {
    if (form === F.ref_sig8 && typeof value === 'string') {
      const unit = this.#units.ofSignature(value)
      return unit?.typeOffset === undefined ? undefined : unit.die(unit.offset + unit.typeOffset)
    }
    if (typeof value !== 'number') return undefined
    if (form === F.ref_addr) return this.#units.containing(value)?.die(value)
    return form >= F.ref1 && form <= F.ref_udata ? this.die(this.offset + value) : undefined
  }

  /** The entry that a reference within this unit names, alone: where a tree would not pay, for want of a name only. */
  alone({ form, value }: AttributeValue): Die | undefined {
    if (typeof value !== 'number' || form < F.ref1 || form > F.ref_udata) return undefined
    return this.#alone(this.offset + value, undefined)
  }

  dieAt(offset: number): Die | undefined {
    return this.section === '.debug_info' ? this.#units.containing(offset)?.die(offset) : this.die(offset)
  }

  toString(): string {
    return `unit at ${this.section}+${hex(this.offset)}`
  }
}

/** Bytes of an entry's attributes, or -1 where that depends on the entry. */
function fixedSize(abbreviation: Abbreviation, encoding: UnitFormat): number {
  let size = 0
  for (const { form } of abbreviation.attributes) {
    const bytes = formSize(form, encoding)
    if (bytes === undefined) return -1
    size += bytes
  }
  return size
}

function formSize(form: number, { addressSize, offsetSize }: UnitFormat): number | undefined {
  switch (form) {
    case F.flag_present:
    case F.implicit_const:
      return 0
    case F.data1:
    case F.ref1:
    case F.flag:
    case F.strx1:
    case F.addrx1:
      return 1
    case F.data2:
    case F.ref2:
    case F.strx2:
    case F.addrx2:
      return 2
    case F.data4:
    case F.ref4:
      return 4
    case F.data8:
    case F.ref8:
    case F.ref_sig8:
      return 8
    case F.data16:
      return 16
    case F.addr:
      return addressSize
    case F.strp:
    case F.line_strp:
    case F.sec_offset:
      return offsetSize
    default:
      return undefined
  }
}
