// Text in the program's memory: arrays of char, and what pointers to char lead to.

import { type CType, strip } from '../symbols/types.ts'
import type { Context } from './context.ts'
import { load, read, type Value } from './value.ts'

export interface Text {
  /** Without the NUL. */
  readonly bytes: Uint8Array
  /** Whether a NUL ended it, rather than the limit, the array or the memory. */
  readonly isComplete: boolean
}

const isCharacter = (type: CType): boolean => {
  const stripped = strip(type)
  return stripped.kind === 'base' && stripped.size === 1 && stripped.encoding !== 'boolean'
}

/** Whether its value can be text: an array of char, or a pointer to char. */
export function isText({ type }: Value): boolean {
  const stripped = strip(type)
  if (stripped.kind === 'array') return isCharacter(stripped.element)
  return stripped.kind === 'pointer' && isCharacter(stripped.target)
}

/** At most `limit` bytes of the text, or why it cannot be read. */
export function readText(value: Value, context: Context, limit: number): Text | string {
  const type = strip(value.type)
  if (type.kind === 'array' && type.count !== undefined) {
    const whole = read(value, context)
    return typeof whole === 'string' ? whole : upToNul(whole.subarray(0, limit))
  }
  const pointer = load(value, context)
  if (typeof pointer === 'string') return pointer
  return textAt(Number(pointer.value), context, limit)
}

/** Read in small steps: the text may end just before memory does. */
export function textAt(address: number, context: Context, limit: number): Text | string {
  const bytes: number[] = []
  while (bytes.length < limit) {
    const at = address + bytes.length
    // Up to the next multiple of 32, which no page boundary divides.
    const length = Math.min(32 - (at & 31), limit - bytes.length)
    const part = context.readMemory(at >>> 0, length)
    if (part === undefined)
      return bytes.length === 0 ? 'the memory cannot be read' : { bytes: Uint8Array.from(bytes), isComplete: false }
    const text = upToNul(part)
    bytes.push(...text.bytes)
    if (text.isComplete) return { bytes: Uint8Array.from(bytes), isComplete: true }
  }
  return { bytes: Uint8Array.from(bytes), isComplete: false }
}

function upToNul(bytes: Uint8Array): Text {
  const nul = bytes.indexOf(0)
  return { bytes: nul < 0 ? bytes : bytes.subarray(0, nul), isComplete: nul >= 0 }
}

/** Longer texts are not compared: a condition has the text it looks for written out. */
const compareLimit = 4096

/** Whether two texts are equal, up to their NUL; or why that cannot be said. */
export function compareText(a: Value, b: Value, context: Context): boolean | string {
  const [left, right] = [readText(a, context, compareLimit), readText(b, context, compareLimit)]
  if (typeof left === 'string') return left
  if (typeof right === 'string') return right
  return left.bytes.length === right.bytes.length && left.bytes.every((byte, i) => byte === right.bytes[i])
}
