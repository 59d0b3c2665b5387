// An element of what a formatter shows: by its number, in a map by its key.

import { strip } from '../symbols/types.ts'
import { compare, promote } from './arithmetic.ts'
import type { Context } from './context.ts'
import { compareText, isText } from './text.ts'
import { elementOf, load, memberOf, type Value } from './value.ts'
import type { ElementsView, TextView } from './view.ts'

/** So many elements are looked through for a key. */
const MOST_SEARCHED = 100_000

/** @returns why there is none */
export function elementAt(view: ElementsView | TextView, index: Value, context: Context): Value | string {
  if (view.kind === 'elements' && view.isMap) return mapped(view, index, context)
  const number = load(index, context)
  if (typeof number === 'string') return number
  if (typeof number.value !== 'bigint') return 'an index is an integer'
  const count = view.kind === 'text' ? lengthOf(view) : view.count
  if (number.value < 0n || number.value >= BigInt(count))
    return count === 0
      ? 'it has no elements'
      : `it has the elements 0 to ${count - 1}, and none with number ${number.value}`
  const at = Number(number.value)
  return view.kind === 'elements' ? view.at(at) : characterAt(view, at)
}

export function lengthOf({ array }: TextView): number {
  const type = strip(array.type)
  return type.kind === 'array' ? (type.count ?? 0) : 0
}

export function characterAt({ array }: TextView, index: number): Value {
  const type = strip(array.type)
  return elementOf(array, type.kind === 'array' ? type.element : type, index)
}

/** The two members of a map's element; undefined where it is none. */
export function pairOf(pair: Value, context: Context): { readonly first: Value; readonly second: Value } | undefined {
  const type = strip(pair.type)
  const named = (name: string) => (type.kind === 'struct' ? type.members.find(each => each.name === name) : undefined)
  const [first, second] = [named('first'), named('second')]
  return first && second && { first: memberOf(pair, first, context), second: memberOf(pair, second, context) }
}

function mapped(view: ElementsView, key: Value, context: Context): Value | string {
  for (let i = 0; i < Math.min(view.count, MOST_SEARCHED); i++) {
    const element = view.at(i)
    if (typeof element === 'string') return element
    const pair = pairOf(element, context)
    if (pair === undefined) return 'its elements are no pairs'
    const isWanted = equals(pair.first, key, context)
    if (typeof isWanted === 'string') return isWanted
    if (isWanted) return pair.second
  }
  return view.count > MOST_SEARCHED ? `none of its first ${MOST_SEARCHED} keys is equal to that` : 'it has no such key'
}

/** Texts are equal by their characters, numbers by their values; or why they cannot be compared. */
function equals(a: Value, b: Value, context: Context): boolean | string {
  const [left, right] = [textOf(a, context), textOf(b, context)]
  if (left !== undefined && right !== undefined) return compareText(left, right, context)
  const [x, y] = [load(a, context), load(b, context)]
  if (typeof x === 'string') return `its keys cannot be compared with that: ${x}`
  if (typeof y === 'string') return `its keys cannot be compared with that: ${y}`
  return compare('==', promote(x, a.bits), promote(y, b.bits))
}

/** A value that is text, or is shown as text, as an array of characters or a pointer to some. */
export function textOf(value: Value, context: Context): Value | undefined {
  if (isText(value)) return value
  const view = context.formatters?.viewOf(value, context)
  return view?.kind === 'text' ? view.array : undefined
}
