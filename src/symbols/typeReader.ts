// Types from their entries (DWARF 5, chapter 5).

import { DW_AT, DW_ATE, DW_OP, DW_TAG } from '../dwarf/constants.ts'
import { type Die, isExpression, isReference } from '../dwarf/die.ts'
import { evaluateWord } from '../dwarf/expression.ts'
import { isLocationList } from '../dwarf/locationList.ts'
import { Reader } from '../dwarf/reader.ts'
import { qualifiedName } from './functions.ts'
import { isCxx } from './language.ts'
import { isStaticMember } from './members.ts'
import type { NameIndex } from './names.ts'
import {
  arrayOf,
  type BaseType,
  builtin,
  type ComplexType,
  type CType,
  damagedType,
  type Encoding,
  type Enumerator,
  type EnumType,
  endlessType,
  type FunctionType,
  type Member,
  type MemberFunction,
  pointerTo,
  type Qualifier,
  type StructType,
  unreadableType,
  voidType,
} from './types.ts'
import type { UnitIndex } from './units.ts'

const qualifiers: Readonly<Record<number, Qualifier>> = {
  [DW_TAG.const_type]: 'const',
  [DW_TAG.immutable_type]: 'const',
  [DW_TAG.volatile_type]: 'volatile',
  [DW_TAG.restrict_type]: 'restrict',
  [DW_TAG.atomic_type]: '_Atomic',
}

const keywords: Readonly<Record<number, StructType['keyword']>> = {
  [DW_TAG.structure_type]: 'struct',
  [DW_TAG.union_type]: 'union',
  [DW_TAG.class_type]: 'class',
}

/** What a name inside a class may be as a type. */
const nestedTags: ReadonlySet<number> = new Set([
  DW_TAG.typedef,
  DW_TAG.structure_type,
  DW_TAG.class_type,
  DW_TAG.union_type,
  DW_TAG.enumeration_type,
])

/** Arrays of arrays, and types that are named elsewhere; C++ writes no more than a few. */
const depthLimit = 100

/** DWARF 5, §7.8. */
const DW_END_little = 2

/** The largest number is `long double _Complex`. */
const largestBase = 32

/** Makes types of type entries (DWARF 5, chapter 5), one for each. */
export class TypeReader {
  readonly #units: UnitIndex
  readonly #names: NameIndex
  readonly #types = new Map<Die, CType>()
  /** What is being read now, each for the one before it. */
  readonly #reading = new Set<Die>()

  constructor(units: UnitIndex, names: NameIndex) {
    this.#units = units
    this.#names = names
  }

  /** The type of a variable, member or parameter. */
  typeOf(die: Die): CType {
    const type = this.#units.tolerate<Die | 'damaged' | undefined>('damaged', () => die.type)
    return type === 'damaged' ? unreadableType : this.of(type)
  }

  /** No entry means `void`. */
  of(die: Die | undefined): CType {
    if (die === undefined) return voidType
    let type = this.#types.get(die)
    if (type === undefined) {
      if (this.#reading.has(die)) return endlessType
      if (this.#reading.size >= depthLimit) return damagedType('a type nested too deep')
      this.#reading.add(die)
      type = this.#units.tolerate<CType>(unreadableType, () => this.#read(die))
      this.#reading.delete(die)
      this.#types.set(die, type)
    }
    return type
  }

  #read(die: Die): CType {
    const self = this
    // Where types have units of their own, what stands here only names one (DWARF 5, §5.7.1: DW_AT_signature).
    const signed = die.reference(DW_AT.signature)
    if (signed !== undefined && signed !== die) return this.of(signed)
    const qualifier = qualifiers[die.tag]
    if (qualifier !== undefined) {
      return {
        kind: 'qualified',
        qualifier,
        get target() {
          return self.typeOf(die)
        },
      }
    }
    if (keywords[die.tag] !== undefined) return this.#struct(die)
    switch (die.tag) {
      case DW_TAG.base_type:
        return baseType(die)
      case DW_TAG.typedef:
        return {
          kind: 'typedef',
          name: qualifiedName(die) ?? '?',
          get target() {
            return self.typeOf(die)
          },
        }
      case DW_TAG.pointer_type:
      case DW_TAG.reference_type:
      case DW_TAG.rvalue_reference_type:
        return {
          kind: 'pointer',
          symbol: die.tag === DW_TAG.pointer_type ? '*' : die.tag === DW_TAG.reference_type ? '&' : '&&',
          get target() {
            return self.typeOf(die)
          },
        }
      case DW_TAG.ptr_to_member_type:
        return {
          kind: 'memberPointer',
          get target() {
            return self.typeOf(die)
          },
          get of() {
            return self.of(die.reference(DW_AT.containing_type))
          },
        }
      case DW_TAG.array_type:
        return this.#array(die)
      case DW_TAG.enumeration_type:
        return this.#enum(die)
      case DW_TAG.subroutine_type:
      case DW_TAG.subprogram:
        return this.functionType(die)
      // decltype(nullptr), of the size of a pointer (C++17, §6.9.1), and the like.
      case DW_TAG.unspecified_type: {
        const target = die.name?.includes('nullptr') ? pointerTo(voidType) : voidType
        return { kind: 'typedef', name: die.name ?? 'void', target }
      }
      default:
        return voidType
    }
  }

  /** One array for each dimension, the first outermost. */
  #array(die: Die): CType {
    const ranges = die.children.filter(child => child.tag === DW_TAG.subrange_type)
    let type = this.typeOf(die)
    for (const range of ranges.reverse())
      type = isComputed(range) ? arrayOf(type, undefined, range) : arrayOf(type, elementCount(range))
    return type.kind === 'array' && die.flag(DW_AT.GNU_vector) ? { ...type, isVector: true } : type
  }

  functionType(die: Die): FunctionType {
    const self = this
    const isParameter = (child: Die) => child.tag === DW_TAG.formal_parameter
    return {
      kind: 'function',
      get returns() {
        return self.typeOf(die)
      },
      get parameters() {
        return die.children.filter(isParameter).map(child => self.typeOf(child))
      },
      isVariadic: die.children.some(child => child.tag === DW_TAG.unspecified_parameters),
      isPrototyped: die.flag(DW_AT.prototyped) || isCxx(die.unit),
    }
  }

  #struct(die: Die): StructType {
    const self = this
    const name = qualifiedName(die)
    let members: readonly Member[] | undefined
    let complete: Die | undefined
    // Only when someone looks inside: a declaration may be completed in any unit, or in none.
    const definition = () => {
      complete ??= die.flag(DW_AT.declaration) ? (self.#definition(die, name) ?? die) : die
      return complete
    }
    return {
      kind: 'struct',
      keyword: keywords[die.tag],
      name,
      isCxx: isCxx(die.unit),
      get size() {
        return self.#units.tolerate(undefined, () => definition().number(DW_AT.byte_size))
      },
      get members() {
        members ??= self.#units.tolerate<Member[]>([], () =>
          definition().children.flatMap(child => self.#member(child)),
        )
        return members
      },
      get staticMembers() {
        return self.#units.tolerate([], () =>
          definition()
            .children.filter(isStaticMember)
            .flatMap(child => child.name ?? []),
        )
      },
      get memberFunctions() {
        return self.#units.tolerate<MemberFunction[]>([], () =>
          definition()
            .children.filter(isMemberFunction)
            .map(child => ({
              name: child.name ?? '',
              type: self.functionType(child),
              virtualIndex: virtualIndex(child),
            })),
        )
      },
      nestedType: wanted =>
        self.#units.tolerate(undefined, () => {
          const found = definition().children.find(child => child.name === wanted && nestedTags.has(child.tag))
          return found && self.of(found)
        }),
      get templateArguments() {
        const parameters = () => templateParameters(definition(), DW_TAG.template_type_parameter)
        return self.#units.tolerate<CType[]>([], () => parameters().map(each => self.typeOf(each)))
      },
      get templateNumbers() {
        const parameters = () => templateParameters(definition(), DW_TAG.template_value_parameter)
        return self.#units.tolerate([], () => parameters().map(each => BigInt(each.constant(DW_AT.const_value) ?? 0)))
      },
    }
  }

  #definition(die: Die, name: string | undefined): Die | undefined {
    if (name === undefined) return undefined
    return this.#names.find(name, die.tag)[0]?.die
  }

  #member(die: Die): Member[] {
    const isBase = die.tag === DW_TAG.inheritance
    if (die.tag !== DW_TAG.member && !isBase) return []
    if (isStaticMember(die)) return []
    const offset = memberOffset(die)
    const type = this.typeOf(die)
    if (offset === undefined)
      return isBase ? [{ name: die.name, type, offset: 0, isBase, locate: virtualBase(die) }] : []
    const bits = bitField(die, offset)
    const member: Member = { name: die.name, type, offset: bits === undefined ? offset : bits.offset >>> 3 }
    return [{ ...member, ...(bits && { bits }), ...(isBase && { isBase }) }]
  }

  #enum(die: Die): EnumType {
    const underlying = die.type
    const enumerators = die.children
      .filter(child => child.tag === DW_TAG.enumerator)
      .map((child): Enumerator => ({ name: child.name ?? '?', value: BigInt(child.constant(DW_AT.const_value) ?? 0) }))
    const size = Math.min(die.number(DW_AT.byte_size) ?? 4, largestBase)
    const encoding = (underlying ?? die).number(DW_AT.encoding)
    // Before DWARF 3 nothing says the sign: an enumerator below zero does.
    const isSigned =
      encoding === undefined
        ? enumerators.some(({ value }) => value < 0n)
        : encoding === DW_ATE.signed || encoding === DW_ATE.signed_char
    const named = enumerators.map(each => ({
      name: each.name,
      value: isSigned ? BigInt.asIntN(8 * size, each.value) : BigInt.asUintN(8 * size, each.value),
    }))
    const prefix = isCxx(die.unit) ? enumeratorPrefix(die) : ''
    return {
      kind: 'enum',
      name: qualifiedName(die),
      size,
      isSigned,
      enumerators: named,
      prefix,
      isCxx: isCxx(die.unit),
    }
  }
}

/** A template's arguments of one kind, also those of `typename... Types`, in order. */
const templateParameters = ({ children }: Die, tag: number): Die[] =>
  children
    .flatMap(child => (child.tag === DW_TAG.GNU_template_parameter_pack ? child.children : child))
    .filter(child => child.tag === tag)

/** The enumerators of an `enum class` belong to it, those of a plain one to what is around it. */
function enumeratorPrefix(die: Die): string {
  const name = qualifiedName(die) ?? ''
  return die.flag(DW_AT.enum_class) ? `${name}::` : name.slice(0, name.lastIndexOf(':') + 1)
}

function baseType(die: Die): BaseType | ComplexType | StructType {
  const code = die.number(DW_AT.encoding) ?? DW_ATE.unsigned
  const size = die.number(DW_AT.byte_size) ?? 0
  const name = die.name ?? '?'
  if (size > largestBase) return damagedType(`${name} of ${size} bytes`)

  const encodings: Readonly<Record<number, [Encoding, boolean]>> = {
    [DW_ATE.boolean]: ['boolean', false],
    [DW_ATE.float]: ['float', true],
    [DW_ATE.decimal_float]: ['decimal', true],
    [DW_ATE.signed]: ['signed', true],
    [DW_ATE.signed_char]: ['character', true],
    [DW_ATE.unsigned]: ['unsigned', false],
    [DW_ATE.unsigned_char]: ['character', false],
    [DW_ATE.UTF]: ['character', false],
    [DW_ATE.address]: ['unsigned', false],
  }
  const [encoding, isSigned] = encodings[code] ?? ['unsigned', false]
  const order = die.number(DW_AT.endianity) === DW_END_little && { isLittleEndian: true }
  if (code !== DW_ATE.complex_float && code !== DW_ATE.lo_user)
    return { kind: 'base', name, size, encoding, isSigned, ...order }
  return {
    kind: 'complex',
    name,
    size,
    part: { ...complexPart(name, size / 2, code === DW_ATE.complex_float), ...order },
  }
}

/** GCC and clang call a complex type by its parts', as far as they name it; integers have the first encoding of users. */
function complexPart(name: string, size: number, isFloat: boolean): BaseType {
  const own = name.replace(/^_?complex ?/i, '')
  if (isFloat) return { ...(size === 4 ? builtin.float : builtin.double), size, ...(own && { name: own }) }
  const isSigned = !/unsigned|^char/.test(own)
  return { kind: 'base', name: own || 'int', size, encoding: isSigned ? 'signed' : 'unsigned', isSigned }
}

/** The place of a virtual base is computed from the object's address, through its virtual table (DWARF 5, §5.7.3). */
function virtualBase(die: Die): NonNullable<Member['locate']> {
  const expression = die.expression(DW_AT.data_member_location)
  const none = () => undefined
  return (object, memory) =>
    expression && evaluateWord(expression, die.unit, { memory, register: none, cfa: none, frameBase: none }, object)
}

/** Called on an object, which is a parameter that the source does not have. */
const isMemberFunction = (die: Die): boolean =>
  die.tag === DW_TAG.subprogram &&
  (die.children.find(child => child.tag === DW_TAG.formal_parameter)?.flag(DW_AT.artificial) ?? false)

/** DW_AT_vtable_elem_location (§5.7.8): an expression that is a constant. */
function virtualIndex(die: Die): number | undefined {
  const place = die.expression(DW_AT.vtable_elem_location)
  if (place === undefined || place.length < 2) return undefined
  const reader = new Reader('place in a virtual table', place, 0)
  return reader.u8() === DW_OP.constu ? reader.count() : undefined
}

/** Whether the running program decides the length: it is an expression, a list of them, or another entry. */
function isComputed(subrange: Die): boolean {
  const bound = subrange.attribute(DW_AT.count) ?? subrange.attribute(DW_AT.upper_bound)
  return bound !== undefined && (isExpression(bound) || isReference(bound.form) || isLocationList(bound))
}

function elementCount(subrange: Die): number | undefined {
  const count = subrange.number(DW_AT.count)
  if (count !== undefined) return count
  const upper = subrange.number(DW_AT.upper_bound)
  // `[0]` is written as -1, in as many bytes as the producer likes.
  if (upper === undefined || upper >= 0xffffffff) return upper === undefined ? undefined : 0
  return Math.max(0, upper - (subrange.number(DW_AT.lower_bound) ?? 0) + 1)
}

/** DW_AT_data_member_location: a number, or before DWARF 3 the expression that adds it. */
function memberOffset(die: Die): number | undefined {
  const expression = die.expression(DW_AT.data_member_location)
  if (expression === undefined) return die.number(DW_AT.data_member_location) ?? 0
  const reader = new Reader('member location', expression, 0)
  return !reader.atEnd && reader.u8() === DW_OP.plus_uconst ? reader.count() : undefined
}

/** Both ways to say it count from the most significant bit on a big-endian machine (§5.7.6; DWARF 3, §5.6.6). */
function bitField(die: Die, offset: number): Member['bits'] {
  const size = die.number(DW_AT.bit_size)
  if (size === undefined) return undefined
  const old = die.number(DW_AT.bit_offset)
  return { offset: offset * 8 + (die.number(DW_AT.data_bit_offset) ?? old ?? 0), size }
}
