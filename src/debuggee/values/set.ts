// Changing a value: what was typed is an expression of C, and must fit.

import { assign, isWhole, store } from '../../expr/assign.ts'
import { compile } from '../../expr/compile.ts'
import { type Context, typesHere } from '../../expr/context.ts'
import { ExpressionError } from '../../expr/error.ts'
import type { Numeric } from '../../expr/exact.ts'
import { load, mostBytes, toInteger, type Value } from '../../expr/value.ts'
import { typeName } from '../../symbols/typeName.ts'
import { type BaseType, type Encoding, type EnumType, strip } from '../../symbols/types.ts'
import { UserError } from '../../util/userError.ts'

/** @throws UserError where the text is no such value, or the place takes none. */
export function setValue(target: Value, text: string, context: Context): void {
  const type = strip(target.type)
  const enumerator = type.kind === 'enum' ? enumerators(type, text) : undefined
  if (enumerator !== undefined) return done(assign(target, target, { type: target.type, value: enumerator }, context))
  const value = compile(text, { types: typesHere(context) }).evaluate(context)
  if (type.kind === 'array') return setText(target, type.count, value)
  if (isWhole(type)) return done(assign(target, value, undefined, context))
  const number = load(value, context)
  if (typeof number === 'string') throw new ExpressionError(0, `${text} has no value`, `${number}.`)
  if (type.kind === 'base' || type.kind === 'enum') checkRange(number.value, type, target.bits?.size ?? 8 * type.size)
  done(assign(target, value, number, context))

  function setText(target: Value, count: number | undefined, value: Value): void {
    const literal = value.place.kind === 'value' ? value.place.bytes : undefined
    if (literal === undefined || count === undefined)
      throw new UserError('value', 'an array cannot be set as a whole', 'Set its elements, or type a text in "quotes".')
    if (count > mostBytes)
      throw new UserError('value', `an array of ${count} bytes cannot be set as a whole`, 'Set its elements.')
    // As in `char name[4] = "four"`, the NUL may be left out.
    if (literal.length - 1 > count)
      throw new UserError('value', `the text has ${literal.length - 1} bytes`, `There is room for ${count}.`)
    const bytes = new Uint8Array(count)
    bytes.set(literal.subarray(0, count))
    done(store(target, bytes, context))
  }
}

function done(refusal: string | undefined): void {
  if (refusal !== undefined) throw new UserError('value', 'the value cannot be changed', `${refusal}.`)
}

/** `GREEN`, `F_READ | F_EXEC`: names of this very type, which in C++ need not be visible as such. */
function enumerators(type: EnumType, text: string): bigint | undefined {
  const values = new Map(type.enumerators.map(({ name, value }) => [name, value]))
  let sum = 0n
  for (const part of text.split('|')) {
    const value = values.get(part.split('::').at(-1)!.trim())
    if (value === undefined) return undefined
    sum |= value
  }
  return sum
}

/** Signed or unsigned, as it was typed: `0xff` is a good value for a signed char, and -1 for an unsigned one. */
function checkRange(value: Numeric, type: BaseType | EnumType, bits: number): void {
  if (type.kind === 'base' && (['float', 'decimal', 'boolean'] as Encoding[]).includes(type.encoding)) return
  const name = type.kind === 'base' ? type.name : typeName(type)
  if (
    typeof value === 'object'
      ? value.numerator % value.denominator !== 0n
      : typeof value === 'number' && !Number.isInteger(value)
  )
    throw new UserError('value', `${value} is not an integer`, `Type a value for ${name}.`)
  const limit = 2n ** BigInt(bits)
  const integer = toInteger(value)
  if (integer < limit && integer >= -limit / 2n) return
  const range = type.isSigned ? `${-limit / 2n} to ${limit / 2n - 1n}` : `0 to ${limit - 1n}`
  throw new UserError('value', `${integer} does not fit in ${bits} bits`, `${name} holds ${range}.`)
}
