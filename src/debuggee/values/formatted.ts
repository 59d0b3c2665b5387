// The rows inside an object that a formatter shows as so many elements.

import type { Context } from '../../expr/context.ts'
import { characterAt, lengthOf, pairOf, textOf } from '../../expr/elements.ts'
import { readText } from '../../expr/text.ts'
import { load, type Value } from '../../expr/value.ts'
import type { ElementsView, TextView } from '../../expr/view.ts'
import { typeName } from '../../symbols/typeName.ts'
import { strip } from '../../symbols/types.ts'
import { hex32 } from '../../util/hex.ts'
import { type Child, type Container, type Inside, numberIn, numbersOf } from '../tree.ts'
import { floatText } from './numbers.ts'
import { stringText } from './strings.ts'
import { type Presentation, valueText } from './summary.ts'

/** More elements than that are fetched in parts. */
const MOST_AT_ONCE = 100
/** A longer text is no name for what is found by it. */
const MOST_IN_KEY = 100

/** How rows are made: of a value, with the expression that gives it again. */
export interface Rows {
  row(name: string, value: Value, expression: string | undefined): Child
  /** The object as what it is made of. */
  raw(): Child
  /** An expression for the object, as an operand. */
  readonly operand: string | undefined
  readonly presentation: Presentation
}

export function elementRows(view: ElementsView | TextView, rows: Rows): Inside {
  const count = view.kind === 'text' ? lengthOf(view) : view.count
  const children = (start?: number, wanted?: number): Child[] => {
    const found: Child[] = []
    for (const i of numbersOf(count, start, wanted)) {
      const element = view.kind === 'text' ? characterAt(view, i) : view.at(i)
      if (typeof element === 'string') return [...found, { name: `[${i}]`, value: `<${element}>` }]
      found.push(elementRow(view, element, i, rows))
    }
    return found
  }
  if (count <= MOST_AT_ONCE) return { container: { children: () => [...children(), rows.raw()] } }
  const byNumber: Pick<Container, 'child'> = {
    child(name) {
      const index = numberIn(name)
      return index === undefined ? undefined : children(index, 1)[0]
    },
  }
  const isMap = view.kind === 'elements' && view.isMap
  const container: Container = { children, named: () => [rows.raw()], ...(!isMap && byNumber) }
  return { indexedVariables: count, namedVariables: 1, container }
}

function elementRow(view: ElementsView | TextView, element: Value, index: number, rows: Rows): Child {
  const { operand, presentation } = rows
  if (view.kind === 'text' || !view.isMap) return rows.row(`[${index}]`, element, operand && `${operand}[${index}]`)
  const pair = pairOf(element, presentation.context)
  const key = pair && keyText(pair.first, presentation.context)
  if (pair === undefined || key === undefined) return rows.row(`[${index}]`, element, placeText(element))
  const name = `[${valueText(pair.first, presentation)}]`
  return rows.row(name, pair.second, operand && `${operand}[${key}]`)
}

/** A key as it is written in an expression; undefined for what is neither a number nor a short text. */
function keyText(key: Value, context: Context): string | undefined {
  const array = textOf(key, context)
  if (array !== undefined) {
    const text = readText(array, context, MOST_IN_KEY)
    const isWhole = typeof text !== 'string' && (text.isComplete || isLength(array, text.bytes.length))
    return isWhole && text.prefix === '' ? stringText(text.bytes) : undefined
  }
  const number = load(key, context)
  if (typeof number === 'string') return undefined
  if (typeof number.value === 'bigint') return `${number.value}`
  const type = strip(key.type)
  if (typeof number.value !== 'number') return undefined
  return Number.isFinite(number.value) && type.kind === 'base' ? floatText(number.value, type.size) : undefined
}

/** An array ends where its last character is, without a NUL. */
function isLength({ type }: Value, length: number): boolean {
  const array = strip(type)
  return array.kind === 'array' && array.count === length
}

/** Where nothing else leads to it: what lies at its address. */
const placeText = ({ type, place }: Value): string | undefined =>
  place.kind === 'memory' ? `*(${typeName(type)} *)${hex32(place.address)}` : undefined
