// A value in one line, for the row of a tree, a hover or the console.

import type { Context } from '../../expr/context.ts'
import { lengthOf, pairOf } from '../../expr/elements.ts'
import type { Numeric } from '../../expr/exact.ts'
import type { Format, Radix } from '../../expr/format.ts'
import { dereference, follow } from '../../expr/names.ts'
import { characterSize, isText, prefixOf, readText, textAt, textPrefix } from '../../expr/text.ts'
import {
  complexPart,
  elementOf,
  load,
  memberOf,
  read,
  temporary,
  toBytes,
  toInteger,
  type Value,
} from '../../expr/value.ts'
import type { ObjectView, TextView } from '../../expr/view.ts'
import { typeName } from '../../symbols/typeName.ts'
import {
  type ArrayType,
  arrayOf,
  type ComplexType,
  type CType,
  type PointerType,
  pointerTo,
  type StructType,
  sizeOf,
  strip,
} from '../../symbols/types.ts'
import { hex32 } from '../../util/hex.ts'
import { memberPointerText } from './memberPointers.ts'
import { baseText, enumText, integerText } from './numbers.ts'
import { stringText } from './strings.ts'

/** What values are shown with: the frame they are seen from, and how this one is written. */
export interface Presentation {
  readonly context: Context
  readonly format?: Format | undefined
}

interface LengthLimits {
  /** Characters of a text, and of the line that sums up a structure, that are shown before an ellipsis. */
  readonly text: number
  readonly line: number
  readonly depth: number
}
const shortLimits: LengthLimits = { text: 200, line: 100, depth: 2 }
const wholeLimits: LengthLimits = { text: 1 << 16, line: 1 << 20, depth: 16 }
const limitsOf = (context: Context): LengthLimits => (context.style?.().isWhole ? wholeLimits : shortLimits)

/** Of a longer array of characters only the beginning is looked at. */
const arrayLimit = 1 << 16

export const radixOf = ({ format }: Presentation): Radix | undefined => format?.radix

/** What has a name instead of a number, or a point in it, is not written in the style's radix. */
const styledRadix = ({ style }: Context, type: CType, value: Numeric): Radix | undefined =>
  type.kind === 'base' && type.encoding !== 'boolean' && typeof value === 'bigint' ? style?.().radix : undefined

export function valueText(value: Value, presentation: Presentation, depth = 0): string {
  const { context, format } = presentation
  const type = strip(value.type)
  switch (type.kind) {
    case 'void':
      return 'void'
    case 'function':
      return functionText(value, presentation)
    case 'struct': {
      const view = format?.isRaw ? undefined : context.formatters?.viewOf(value, context)
      return view === undefined
        ? structText(value, type, presentation, depth)
        : formattedText(view, value, presentation, depth)
    }
    case 'array':
      return arrayText(value, type, presentation, depth)
    case 'complex':
      return complexText(value, type, presentation)
    case 'memberPointer': {
      const bytes = read(value, context)
      return typeof bytes === 'string' ? missingText(bytes, value) : memberPointerText(bytes, type, context)
    }
    case 'pointer':
      if (type.symbol !== '*') return referenceText(value, presentation, depth)
      return pointerText(value, type, presentation)
    default: {
      const scalar = load(value, context)
      if (typeof scalar === 'string') return missingText(scalar, value)
      const bits = value.bits?.size ?? 8 * type.size
      const radix =
        radixOf(presentation) ??
        (value.place.kind === 'named' ? registerRadix(value) : undefined) ??
        styledRadix(context, type, scalar.value)
      if (type.kind === 'base') return baseText(type, scalar.value, bits, radix, prefixOf(value.type))
      const integer = toInteger(scalar.value)
      return radix === undefined ? enumText(type, integer) : integerText(integer, bits, radix)
    }
  }
}

/** What it refers to; C++ has no references to references, damage has. */
function referenceText(value: Value, presentation: Presentation, depth: number): string {
  const target = follow(value, presentation.context)
  const type = strip(target.type)
  const isReference = type.kind === 'pointer' && type.symbol !== '*'
  return isReference ? '<a reference to a reference>' : valueText(target, presentation, depth)
}

/** Registers are bits before they are numbers; their fields are small numbers. */
const registerRadix = (value: Value): Radix | undefined => (value.bits === undefined ? 'hexadecimal' : undefined)

/** `<optimized out>`, or what else keeps a value from being shown. */
export function missingText(reason: string, { place }: Value): string {
  const isMemory = place.kind === 'memory' && reason === 'the memory cannot be read'
  return isMemory ? `<cannot read memory at ${hex32(place.address)}>` : `<${reason}>`
}

/** `<main+0x10>`: the symbol an address belongs to. */
export function symbolText(address: number, { symbols }: Context): string | undefined {
  const hit = symbols.symbolAt(address)
  return hit && `<${hit.name}${hit.offset === 0 ? '' : `+0x${hit.offset.toString(16)}`}>`
}

/** `1.5 + -2.25i`, as gdb writes it. */
function complexText(value: Value, type: ComplexType, presentation: Presentation): string {
  const reason = whole(value, presentation.context)
  if (reason !== undefined) return missingText(reason, value)
  const [real, imaginary] = (['real', 'imaginary'] as const).map(which =>
    valueText(complexPart(value, type, which), presentation),
  )
  return `${real} + ${imaginary}i`
}

export const addressText = (address: number, radix: Radix | undefined): string =>
  radix === undefined || radix === 'hexadecimal' ? hex32(address) : integerText(BigInt(address), 32, radix)

function functionText(value: Value, { context }: Presentation): string {
  if (value.place.kind !== 'memory') return missingText('it has no address', value)
  const symbol = symbolText(value.place.address, context)
  return `{${typeName(value.type)}} ${hex32(value.place.address)}${symbol ? ` ${symbol}` : ''}`
}

function pointerText(value: Value, type: PointerType, presentation: Presentation): string {
  const { context, format } = presentation
  const pointer = load(value, context)
  if (typeof pointer === 'string') return implicitText(value, type, presentation) ?? missingText(pointer, value)
  const address = Number(pointer.value)
  const parts = [addressText(address, radixOf(presentation))]
  const prefix = textPrefix(value)
  const isString = prefix !== undefined || format?.isString
  // What lies on the stack or in no symbol at all has nothing to say; text speaks for itself.
  const symbol = symbolText(address, context)
  if (symbol !== undefined && !isString) parts.push(symbol)
  if (isString && address !== 0) {
    const text = textAt(address, context, limitsOf(context).text, prefix)
    if (typeof text !== 'string') parts.push(stringText(text.bytes, !text.isComplete, prefix))
  }
  return parts.join(' ')
}

/** The pointer itself was optimized away; what it would point to may be known all the same. */
function implicitText(value: Value, type: PointerType, presentation: Presentation): string | undefined {
  if (value.place.kind !== 'implicitPointer') return undefined
  const target = dereference(value, type.target, presentation.context)
  // One of these behind another is as far as anyone looks.
  if (target.place.kind === 'implicitPointer') return '<optimized out>'
  return `<optimized out> → ${valueText(target, presentation, limitsOf(presentation.context).depth)}`
}

function arrayText(value: Value, type: ArrayType, presentation: Presentation, depth: number): string {
  const { context, format } = presentation
  const isCharacters = isText(value) && (format?.radix === undefined || format.isString)
  if ((isCharacters || format?.isString) && type.count !== undefined) {
    const text = characterArrayText(value, context)
    return typeof text === 'string' ? text : missingText(text.reason, value)
  }
  const { count } = type
  // Without a length an array is where it begins: text speaks for itself.
  if (count === undefined) {
    if (value.place.kind !== 'memory') return '[]'
    const first: PointerType = pointerTo(type.element)
    return pointerText(temporary(first, toBytes(BigInt(value.place.address), first)), first, presentation)
  }
  if (depth >= limitsOf(context).depth) return '{…}'
  return listText(count, i => valueText(elementOf(value, type.element, i), presentation, depth + 1), value, context)
}

/** All of the array up to the NULs that fill its end. */
function characterArrayText(value: Value, context: Context): string | { reason: string } {
  const type = strip(value.type)
  const count = Math.min(type.kind === 'array' ? (type.count ?? 0) : 0, arrayLimit)
  const bytes = read({ ...value, type: type.kind === 'array' ? arrayOf(type.element, count) : type }, context)
  if (typeof bytes === 'string') return { reason: bytes }
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  const prefix = textPrefix(value) ?? ''
  const size = characterSize(prefix)
  end = Math.ceil(end / size) * size
  const { text } = limitsOf(context)
  return stringText(bytes.subarray(0, Math.min(end, text * size)), end > text * size, prefix)
}

function structText(value: Value, type: StructType, presentation: Presentation, depth: number): string {
  const { context } = presentation
  if (type.size === undefined)
    return value.place.kind === 'unavailable' ? missingText(value.place.reason, value) : '<incomplete type>'
  if (depth >= limitsOf(context).depth) return '{…}'
  const { members } = type
  const item = (i: number) => {
    const member = members[i]
    const text = valueText(memberOf(value, member, context), presentation, depth + 1)
    return member.name === undefined || member.isBase ? text : `${member.name} = ${text}`
  }
  return listText(members.length, item, value, context)
}

/** What a formatter makes of an object, in one line. */
function formattedText(view: ObjectView, value: Value, presentation: Presentation, depth: number): string {
  const { context } = presentation
  switch (view.kind) {
    case 'damaged':
      return `<not initialized, or damaged: ${view.why}>`
    case 'unfit':
      return `<${view.why}>`
    case 'text':
      return countedText(view, context)
    case 'parts': {
      if (depth >= limitsOf(context).depth) return '{…}'
      const item = (i: number) => `${view.parts[i].name} = ${valueText(view.parts[i].value, presentation, depth + 1)}`
      return listText(view.parts.length, item, value, context)
    }
    case 'target': {
      if (view.pointer === undefined)
        return view.object === undefined ? '<no value>' : valueText(view.object, presentation, depth)
      const notes = view.notes.length === 0 ? '' : ` (${view.notes.join(', ')})`
      return valueText(view.pointer, presentation, depth) + notes
    }
    case 'elements': {
      const count = view.isFixed ? '' : `size=${view.count} `
      if (depth >= limitsOf(context).depth) return `${count}{…}`
      let isOver = false
      const item = (i: number) => {
        if (isOver) return undefined
        const element = view.at(i)
        // What follows cannot be reached either.
        if (typeof element === 'string') {
          isOver = true
          return missingText(element, value)
        }
        const pair = view.isMap ? pairOf(element, context) : undefined
        if (pair === undefined) return valueText(element, presentation, depth + 1)
        return `[${valueText(pair.first, presentation, depth + 1)}] = ${valueText(pair.second, presentation, depth + 1)}`
      }
      return count + listText(view.count, item, value, context)
    }
  }
}

/** All characters count, the NULs too. */
function countedText(view: TextView, context: Context): string {
  const count = lengthOf(view)
  const shown = Math.min(count, limitsOf(context).text)
  const type = strip(view.array.type)
  const element = type.kind === 'array' ? type.element : type
  const bytes = count === 0 ? new Uint8Array() : read({ ...view.array, type: arrayOf(element, shown) }, context)
  if (typeof bytes === 'string') return missingText(bytes, view.array)
  return stringText(bytes, shown < count, textPrefix(view.array))
}

/** `{1, 2, 3, …}`: as many as fit the line, or until `item` gives none. Says once, not for every part, that nothing of it can be read. */
function listText(count: number, item: (i: number) => string | undefined, value: Value, context: Context): string {
  const reason = whole(value, context)
  if (reason !== undefined) return missingText(reason, value)
  const limit = limitsOf(context).line
  let line = ''
  for (let i = 0; i < count; i++) {
    if (line.length > limit) return `{${line}, …}`
    const text = item(i)
    if (text === undefined) break
    line += `${i === 0 ? '' : ', '}${text}`
  }
  return `{${line}}`
}

function whole({ place, type }: Value, context: Context): string | undefined {
  if (place.kind === 'optimizedOut') return 'optimized out'
  if (place.kind === 'unavailable') return place.reason
  if (place.kind !== 'memory' || (sizeOf(type) ?? 0) === 0) return undefined
  return context.readMemory(place.address, 1) === undefined ? 'the memory cannot be read' : undefined
}

/** The text a string suffix asks for: `buffer,s`. */
export function asText(value: Value, context: Context): string {
  const text = readText(value, context, limitsOf(context).text)
  return typeof text === 'string' ? missingText(text, value) : stringText(text.bytes, !text.isComplete, text.prefix)
}

/** The type as a row shows it; a bit-field with its width. */
export const typeText = (type: CType, bits?: { readonly size: number }): string =>
  bits === undefined ? typeName(type) : `${typeName(type)} : ${bits.size}`
