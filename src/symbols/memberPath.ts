// How a name reaches a member: the anonymous structures and base classes in which it lies, one in the other.

import { components } from './functionSpec.ts'
import { addressIn, type Member, type StructType, strip } from './types.ts'

/**
 * What a name means in a structure: members one in the other, the last the one meant; or a static member by its full name;
 * or nothing, because several base classes have it, none of which hides the others (C++17, §13.2).
 */
export type MemberPath =
  | { readonly path: readonly Member[] }
  | { readonly variable: string }
  /** How each would be written: `Left::x`. */
  | { readonly ambiguous: readonly string[] }

/** Damaged debug information can put structures into each other without end. */
const mostLooked = 100
const deepest = 50

/**
 * The member a name reaches: one of its own, or of an anonymous member or a base class, however deep. `A::x` is the `x` of
 * that base class, as C++ has it (C++17, §6.4.3).
 */
export function memberPath(type: StructType, name: string): MemberPath | undefined {
  if (!name.includes('::')) return unqualified(type, name)
  const parts = components(name)
  return qualified(type, parts.slice(0, -1), parts[parts.length - 1], new Set())
}

/** A member of some class, and the way to it: its own member or a static one. */
interface Declaration {
  readonly owner: StructType
  /** Through base classes and anonymous members. */
  readonly way: readonly Member[]
  readonly member: Member | undefined
}

function unqualified(type: StructType, name: string): MemberPath | undefined {
  const all = [...declarations(type, name, [], { left: mostLooked })]
  const [first] = all
  if (first === undefined) return undefined
  const different = new Map(all.map(each => [placeOf(each), each]))
  const apart = type.isCxx ? [...different.values()].filter(each => !isHidden(each, all)) : [first]
  if (apart.length > 1) return { ambiguous: apart.map(({ way }) => [...basesOn(way), name].join('::')) }
  const { owner, way, member } = apart[0] ?? first
  return member === undefined ? { variable: `${owner.name}::${name}` } : { path: [...way, member] }
}

/** What a class declares hides what its base classes do. */
function* declarations(
  type: StructType,
  name: string,
  way: readonly Member[],
  looked: { left: number },
): Generator<Declaration> {
  const member = type.members.find(each => each.name === name && !each.isBase)
  if (member !== undefined || type.staticMembers.includes(name)) {
    yield { owner: type, way, member }
    return
  }
  if (looked.left-- <= 0 || way.length > deepest) return
  for (const each of type.members) {
    if (each.name !== undefined && !each.isBase) continue
    const inner = strip(each.type)
    if (inner.kind === 'struct') yield* declarations(inner, name, [...way, each], looked)
  }
}

const basesOn = (way: readonly Member[]): string[] =>
  way.flatMap(({ isBase, type }) => {
    const base = strip(type)
    return isBase && base.kind === 'struct' ? (base.name ?? []) : []
  })

/** The same for the same member of the same object: of a virtual base class an object has one, and one static member is all. */
function placeOf({ owner, way, member }: Declaration): string {
  if (member === undefined) return `static ${owner.name}`
  const virtual = way.map(({ locate }) => locate !== undefined).lastIndexOf(true)
  return virtual < 0 ? way.map(({ offset }) => offset).join() : basesOn(way.slice(virtual)).join('::')
}

/** A class that has the declaring one as a virtual base declares the name, too. */
const isHidden = ({ owner, way }: Declaration, all: readonly Declaration[]): boolean =>
  way.some(({ locate }) => locate !== undefined) &&
  all.some(other => other.owner !== owner && basePath(other.owner, owner) !== undefined)

const below = (member: Member, found: MemberPath): MemberPath =>
  'path' in found ? { path: [member, ...found.path] } : found

function qualified(
  type: StructType,
  scope: readonly string[],
  name: string,
  seen: Set<StructType>,
): MemberPath | undefined {
  const own = components(type.name ?? '')
  for (let count = scope.length; count > 0; count--) {
    if (!isEnd(scope.slice(0, count), own)) continue
    const rest = scope.slice(count)
    const found = rest.length === 0 ? unqualified(type, name) : inBases(type, rest, name, new Set())
    if (found !== undefined) return found
  }
  return inBases(type, scope, name, seen)
}

function inBases(
  type: StructType,
  scope: readonly string[],
  name: string,
  seen: Set<StructType>,
): MemberPath | undefined {
  if (seen.size > mostLooked) return undefined
  seen.add(type)
  for (const { member, base } of bases(type)) {
    const found = seen.has(base) ? undefined : qualified(base, scope, name, seen)
    if (found !== undefined) return below(member, found)
  }
  return undefined
}

const isEnd = (part: readonly string[], whole: readonly string[]): boolean =>
  part.length <= whole.length && part.every((each, i) => each === whole[whole.length - part.length + i])

function* bases(type: StructType): Generator<{ member: Member; base: StructType }> {
  for (const member of type.members) {
    const base = member.isBase ? strip(member.type) : undefined
    if (base?.kind === 'struct') yield { member, base }
  }
}

/** The way to a base class, of a class that has it; none if it is the class itself, undefined where it is no base class. */
export function basePath(type: StructType, base: StructType, seen = new Set<StructType>()): Member[] | undefined {
  if (isSame(type, base)) return []
  if (!type.isCxx || seen.size > mostLooked) return undefined
  seen.add(type)
  for (const { member, base: next } of bases(type)) {
    const rest = seen.has(next) ? undefined : basePath(next, base, seen)
    if (rest !== undefined) return [member, ...rest]
  }
  return undefined
}

/** Each unit may describe a class again. */
const isSame = (a: StructType, b: StructType): boolean =>
  a === b || (a.isCxx && b.isCxx && a.name !== undefined && a.name === b.name)

/** The member at the end of a path as one of the outermost structure. */
export const joined = ([first, ...rest]: readonly Member[]): Member => rest.reduce(within, first)

/** A member of a member as one of the outer structure. */
function within(outer: Member, inner: Member): Member {
  if (outer.locate === undefined && inner.locate === undefined) {
    const bits = inner.bits && { offset: inner.bits.offset + outer.offset * 8, size: inner.bits.size }
    return { ...inner, offset: inner.offset + outer.offset, ...(bits && { bits }) }
  }
  return {
    ...inner,
    offset: 0,
    ...(inner.bits && { bits: { ...inner.bits, offset: inner.bits.offset & 7 } }),
    locate(object, memory) {
      const middle = addressIn(object, outer, memory)
      return middle === undefined ? undefined : addressIn(middle, inner, memory)
    },
  }
}
