// The types of C, as values are shown and expressions computed by them. What refers to other types does so lazily: types
// are recursive, and a structure in a kernel leads to a thousand others.

import type { Die } from '../dwarf/die.ts'

export type CType =
  | VoidType
  | BaseType
  | ComplexType
  | PointerType
  | MemberPointerType
  | ArrayType
  | StructType
  | EnumType
  | TypedefType
  | QualifiedType
  | FunctionType

export interface VoidType {
  readonly kind: 'void'
}

export type Encoding = 'signed' | 'unsigned' | 'boolean' | 'character' | 'float' | 'decimal'

export interface BaseType {
  readonly kind: 'base'
  readonly name: string
  readonly size: number
  /** `character` is the kind of number that is shown as one: `char`, `signed char`, `unsigned char`, `char16_t`. */
  readonly encoding: Encoding
  readonly isSigned: boolean
  /** The least significant byte comes first, and of bit-fields the least significant bit (DWARF 5, §3.1.1: DW_AT_endianity). */
  readonly isLittleEndian?: boolean
}

/** Two numbers of a kind, the real part first (C17, §6.2.5). GNU C has complex integers too. */
export interface ComplexType {
  readonly kind: 'complex'
  readonly name: string
  readonly size: number
  readonly part: BaseType
}

export interface PointerType {
  readonly kind: 'pointer'
  /** C++ references are pointers that are followed without being asked. */
  readonly symbol: '*' | '&' | '&&'
  readonly target: CType
}

/** `int Point::*`, or to a member function `int (Point::*)(int)`. */
export interface MemberPointerType {
  readonly kind: 'memberPointer'
  readonly target: CType
  readonly of: CType
}

export interface ArrayType {
  readonly kind: 'array'
  readonly element: CType
  /** Undefined for `[]` and for lengths known at run time only. */
  readonly count: number | undefined
  /** Of a length known at run time: the entry of the debug information that says how to compute it. */
  readonly range?: Die
  /** GNU C's `__attribute__((vector_size))`: never text, whatever its elements are. */
  readonly isVector?: boolean
}

export type Memory = (address: number, length: number) => Uint8Array | undefined

export interface Member {
  /** Undefined for an anonymous struct or union, whose members are reached as if they were the outer one's. */
  readonly name: string | undefined
  readonly type: CType
  /** Bytes from the start of the structure; of a virtual base nothing, for `locate` says where it is. */
  readonly offset: number
  /** Of a virtual base and what is in it: its address in an object at `object`, which its virtual table tells. */
  locate?(object: number, memory: Memory): number | undefined
  /** Of a bit-field: bits from the start of the structure, the most significant bit of byte 0 being bit 0. */
  readonly bits?: { readonly offset: number; readonly size: number }
  /** A base class, in C++. */
  readonly isBase?: boolean
}

export interface MemberFunction {
  readonly name: string
  /** `this` is its first parameter. */
  readonly type: FunctionType
  /** Of a virtual one: its place in the virtual table. */
  readonly virtualIndex: number | undefined
}

export interface StructType {
  readonly kind: 'struct'
  readonly keyword: 'struct' | 'union' | 'class'
  readonly name: string | undefined
  /** Undefined where the program nowhere says more than that it exists. */
  readonly size: number | undefined
  readonly members: readonly Member[]
  /** Names of static members, in C++; they are variables of the program. */
  readonly staticMembers: readonly string[]
  /** What it declares of functions that are called on an object, in C++. */
  readonly memberFunctions: readonly MemberFunction[]
  /** A type declared in it: `value_type` of a container. */
  nestedType(name: string): CType | undefined
  /** The arguments of a template that are types, in their order. */
  readonly templateArguments: readonly CType[]
  /** Of a template those of its arguments that are numbers. */
  readonly templateNumbers: readonly bigint[]
  /** In C++ the name alone names the type. */
  readonly isCxx: boolean
}

export interface Enumerator {
  readonly name: string
  readonly value: bigint
}

export interface EnumType {
  readonly kind: 'enum'
  readonly name: string | undefined
  readonly size: number
  readonly isSigned: boolean
  readonly enumerators: readonly Enumerator[]
  /** What stands before its enumerators' names where they are used: in C++ the namespace, class or enum class. */
  readonly prefix: string
  readonly isCxx: boolean
}

export interface TypedefType {
  readonly kind: 'typedef'
  readonly name: string
  readonly target: CType
}

export type Qualifier = 'const' | 'volatile' | 'restrict' | '_Atomic'

export interface QualifiedType {
  readonly kind: 'qualified'
  readonly qualifier: Qualifier
  readonly target: CType
}

export interface FunctionType {
  readonly kind: 'function'
  readonly returns: CType
  readonly parameters: readonly CType[]
  readonly isVariadic: boolean
  readonly isPrototyped: boolean
}

/** Damaged debug information can make a typedef of itself. */
const depthLimit = 100

/** The type without typedefs and qualifiers. */
export function strip(type: CType): Exclude<CType, TypedefType | QualifiedType> {
  let stripped = type
  for (let i = 0; i < depthLimit; i++) {
    if (stripped.kind !== 'typedef' && stripped.kind !== 'qualified') return stripped
    stripped = stripped.target
  }
  return endlessType
}

/** Its size in bytes; undefined for what has none (`void`, functions, incomplete types). */
export function sizeOf(type: CType, depth = 0): number | undefined {
  const stripped = strip(type)
  switch (stripped.kind) {
    case 'void':
    case 'function':
      return undefined
    case 'pointer':
      return 4
    // To a function: its address or place in the virtual table, and what to add to `this` (Itanium C++ ABI, §2.3).
    case 'memberPointer':
      return strip(stripped.target).kind === 'function' ? 8 : 4
    case 'array': {
      const element = depth < depthLimit ? sizeOf(stripped.element, depth + 1) : undefined
      return element === undefined || stripped.count === undefined ? undefined : element * stripped.count
    }
    default:
      return stripped.size
  }
}

/** What `sizeof` gives: of a reference that of what it refers to (C++17, §8.3.3); void and functions count as one byte in GNU C. */
export function objectSize(type: CType): number | undefined {
  const stripped = strip(type)
  if (stripped.kind === 'void' || stripped.kind === 'function') return 1
  return sizeOf(stripped.kind === 'pointer' && stripped.symbol !== '*' ? stripped.target : type)
}

/**
 * The alignment that the PowerPC ABI (§3.1.2) gives it; of a structure, as much of its members' as its size and their places
 * have kept: it may be packed.
 */
export function alignOf(type: CType, depth = 0): number | undefined {
  const stripped = strip(type)
  switch (stripped.kind) {
    case 'void':
    case 'function':
      return 1
    case 'pointer':
      return stripped.symbol === '*' ? 4 : alignOf(stripped.target, depth + 1)
    case 'memberPointer':
      return 4
    case 'array':
      return depth > depthLimit ? undefined : alignOf(stripped.element, depth + 1)
    case 'complex':
      return stripped.part.size
    case 'struct': {
      if (stripped.size === undefined || depth > depthLimit) return undefined
      let most = 1
      for (const { type, offset, locate } of stripped.members) {
        let own = alignOf(type, depth + 1) ?? 1
        while (locate === undefined && (offset % own !== 0 || stripped.size % own !== 0)) own /= 2
        most = Math.max(most, own)
      }
      return most
    }
    default:
      return stripped.size
  }
}

export const voidType: VoidType = { kind: 'void' }

/** In the place of a type that the debug information does not tell: incomplete, and its name says why. */
export const damagedType = (why: string): StructType => ({
  kind: 'struct',
  keyword: 'struct',
  name: `<${why}>`,
  isCxx: true,
  size: undefined,
  members: [],
  staticMembers: [],
  memberFunctions: [],
  nestedType: () => undefined,
  templateArguments: [],
  templateNumbers: [],
})

export const unreadableType = damagedType('damaged type')

/** Of a typedef, array or reference that leads back to itself. */
export const endlessType = damagedType('a type made of itself')

const base = (name: string, size: number, encoding: Encoding, isSigned: boolean): BaseType => ({
  kind: 'base',
  name,
  size,
  encoding,
  isSigned,
})

/** The types every C program has, as the PowerPC ABI lays them out: `char` is unsigned. */
export const builtin = {
  bool: base('_Bool', 1, 'boolean', false),
  char: base('char', 1, 'character', false),
  schar: base('signed char', 1, 'character', true),
  uchar: base('unsigned char', 1, 'character', false),
  short: base('short', 2, 'signed', true),
  ushort: base('unsigned short', 2, 'unsigned', false),
  int: base('int', 4, 'signed', true),
  uint: base('unsigned int', 4, 'unsigned', false),
  long: base('long', 4, 'signed', true),
  ulong: base('unsigned long', 4, 'unsigned', false),
  longlong: base('long long', 8, 'signed', true),
  ulonglong: base('unsigned long long', 8, 'unsigned', false),
  char16: base('char16_t', 2, 'character', false),
  char32: base('char32_t', 4, 'character', false),
  wchar: base('wchar_t', 4, 'signed', true),
  float: base('float', 4, 'float', true),
  double: base('double', 8, 'float', true),
  longdouble: base('long double', 16, 'float', true),
  decimal32: base('_Decimal32', 4, 'decimal', true),
  decimal64: base('_Decimal64', 8, 'decimal', true),
  decimal128: base('_Decimal128', 16, 'decimal', true),
} as const

export const pointerTo = (target: CType): PointerType => ({ kind: 'pointer', symbol: '*', target })
export const arrayOf = (element: CType, count: number | undefined, range?: Die): ArrayType => ({
  kind: 'array',
  element,
  count,
  ...(range && { range }),
})

/** A type with the lengths that only the running program knows filled in. Most types are returned as they are. */
export function withLengths(type: CType, lengthOf: (range: Die) => number | undefined, depth = 0): CType {
  if (depth > 20) return type
  const inner = (target: CType) => withLengths(target, lengthOf, depth + 1)
  switch (type.kind) {
    case 'array': {
      const element = inner(type.element)
      const count = type.range === undefined ? type.count : lengthOf(type.range)
      return element === type.element && count === type.count ? type : arrayOf(element, count)
    }
    case 'typedef':
    case 'qualified': {
      const target = inner(type.target)
      return target === type.target ? type : { ...type, target }
    }
    case 'pointer': {
      // What a parameter `int (*rows)[columns]` points to.
      if (type.target.kind !== 'array') return type
      const target = inner(type.target)
      return target === type.target ? type : { ...type, target }
    }
    default:
      return type
  }
}

/** A type that is declared in a class, or in one that it derives from. */
export function findNestedType(type: StructType, name: string, seen = new Set<StructType>()): CType | undefined {
  const own = type.nestedType(name)
  if (own !== undefined || seen.size > depthLimit) return own
  seen.add(type)
  for (const member of type.members) {
    const base = member.isBase ? strip(member.type) : undefined
    const found = base?.kind === 'struct' && !seen.has(base) ? findNestedType(base, name, seen) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** Where a member is in an object at this address. */
export const addressIn = (object: number, member: Member, memory: Memory): number | undefined =>
  member.locate === undefined ? (object + member.offset) >>> 0 : member.locate(object, memory)
