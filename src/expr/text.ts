// Text in the program's memory: arrays of char, and what pointers to char lead to.

import { type CType, strip } from '../symbols/types.ts'
import type { Context } from './context.ts'
import { load, read, type Value } from './value.ts'

/** What a literal of some kind of characters begins with: nothing for `char`, else its size differs. */
export type Prefix = '' | 'u' | 'U' | 'L'

export interface Text {
  /** Without the NUL. */
  readonly bytes: Uint8Array
  readonly prefix: Prefix
  /** Whether a NUL ended it, rather than the limit, the array or the memory. */
  readonly isComplete: boolean
}

/** In C they are typedefs of integers, in C++ types of their own. */
const wide: Readonly<Record<string, Prefix>> = { char16_t: 'u', char32_t: 'U', wchar_t: 'L' }

/** How literals of this type of character begin (C17, §6.4.5); undefined for what is none. */
export function prefixOf(type: CType): Prefix | undefined {
  let inner = type
  for (let depth = 0; (inner.kind === 'typedef' || inner.kind === 'qualified') && depth < 100; depth++) {
    if (inner.kind === 'typedef' && wide[inner.name] !== undefined) return wide[inner.name]
    inner = inner.target
  }
  if (inner.kind !== 'base') return undefined
  if (wide[inner.name] !== undefined) return wide[inner.name]
  return inner.size === 1 && inner.encoding !== 'boolean' ? '' : undefined
}

/** The bytes of one character. */
export const characterSize = (prefix: Prefix): number => ({ '': 1, u: 2, U: 4, L: 4 })[prefix]

/** What its value is as text, if it can be that: an array of characters, or a pointer to some. */
export function textPrefix({ type }: Value): Prefix | undefined {
  const stripped = strip(type)
  if (stripped.kind === 'array') return stripped.isVector ? undefined : prefixOf(stripped.element)
  return stripped.kind === 'pointer' ? prefixOf(stripped.target) : undefined
}

export const isText = (value: Value): boolean => textPrefix(value) !== undefined

/** At most `limit` characters of the text, or why it cannot be read. What is no text is taken for `char`. */
export function readText(value: Value, context: Context, limit: number): Text | string {
  const type = strip(value.type)
  const prefix = textPrefix(value) ?? ''
  if (type.kind === 'array' && type.count !== undefined) {
    const whole = read(value, context)
    return typeof whole === 'string' ? whole : upToNul(whole.subarray(0, limit * characterSize(prefix)), prefix)
  }
  const pointer = load(value, context)
  if (typeof pointer === 'string') return pointer
  return textAt(Number(pointer.value), context, limit, prefix)
}

/** Read in small steps: the text may end just before memory does. */
export function textAt(address: number, context: Context, limit: number, prefix: Prefix = ''): Text | string {
  const bytes: number[] = []
  const size = characterSize(prefix)
  const most = limit * size
  while (bytes.length < most) {
    const at = address + bytes.length
    // Up to the next multiple of 32, which no page boundary divides, unless a character lies across it; one by one before an end elsewhere.
    const length = Math.min(Math.max((32 - (at & 31)) & -size, size), most - bytes.length)
    const part = context.readMemory(at >>> 0, length) ?? context.readMemory(at >>> 0, size)
    if (part === undefined)
      return bytes.length === 0
        ? 'the memory cannot be read'
        : { bytes: Uint8Array.from(bytes), prefix, isComplete: false }
    const text = upToNul(part, prefix)
    bytes.push(...text.bytes)
    if (text.isComplete) return { bytes: Uint8Array.from(bytes), prefix, isComplete: true }
  }
  return { bytes: Uint8Array.from(bytes), prefix, isComplete: false }
}

function upToNul(bytes: Uint8Array, prefix: Prefix): Text {
  const size = characterSize(prefix)
  for (let at = 0; at + size <= bytes.length; at += size) {
    if (bytes.subarray(at, at + size).every(byte => byte === 0))
      return { bytes: bytes.subarray(0, at), prefix, isComplete: true }
  }
  return { bytes, prefix, isComplete: false }
}

/** The codes of wide characters: of UTF-16, surrogates are joined; a lone one stays as it is. */
export function codePoints(bytes: Uint8Array, prefix: Exclude<Prefix, ''>): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const codes: number[] = []
  const size = characterSize(prefix)
  for (let at = 0; at + size <= bytes.length; at += size) {
    const code = size === 2 ? view.getUint16(at) : view.getUint32(at)
    const before = codes.at(-1) ?? 0
    const isPair = size === 2 && code >> 10 === 0x37 && before >> 10 === 0x36
    if (isPair) codes[codes.length - 1] = 0x10000 + ((before & 0x3ff) << 10) + (code & 0x3ff)
    else codes.push(code)
  }
  return codes
}

/** Longer texts are not compared: a condition has the text it looks for written out. */
const compareLimit = 4096

/** Whether two texts are equal, up to their NUL, whatever their characters' sizes; or why that cannot be said. */
export function compareText(a: Value, b: Value, context: Context): boolean | string {
  const [left, right] = [readText(a, context, compareLimit), readText(b, context, compareLimit)]
  if (typeof left === 'string') return left
  if (typeof right === 'string') return right
  if (left.prefix === right.prefix) return same(left.bytes, right.bytes)
  return same(charactersOf(left), charactersOf(right))
}

const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.prototype.every.call(a, (code, i) => code === b[i])

/** What is in the program's bytes is UTF-8. */
const charactersOf = ({ bytes, prefix }: Text): number[] =>
  prefix === ''
    ? Array.from(new TextDecoder().decode(bytes), character => character.codePointAt(0)!)
    : codePoints(bytes, prefix)
