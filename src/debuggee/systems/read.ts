// What a row of the table reads from the stopped program: numbers by expressions of C, texts by their addresses.

import { compile } from '../../expr/compile.ts'
import { type Context, typesHere } from '../../expr/context.ts'
import { ExpressionError } from '../../expr/error.ts'
import { textAt } from '../../expr/text.ts'
import { load, toInteger, type Value } from '../../expr/value.ts'
import { withoutControls } from '../../util/plainText.ts'

/** No message of a kernel is longer: 1024 bytes are its own limit for a line. */
const MOST_CHARACTERS = 1024

/** The object that an expression means. @throws ExpressionError */
export const objectOf = (context: Context, text: string): Value =>
  compile(text, { types: typesHere(context) }).evaluate(context)

/** The number that an object holds. @throws ExpressionError */
export function numberIn(value: Value, context: Context, name: string): bigint {
  const scalar = load(value, context)
  if (typeof scalar === 'string') throw new ExpressionError(0, `${name} has no value`, scalar)
  return toInteger(scalar.value)
}

/** The number that an expression gives. @throws ExpressionError */
export const numberOf = (context: Context, text: string): bigint => numberIn(objectOf(context, text), context, text)

/** Up to its NUL; undefined where there is no memory. */
export function stringAt(address: number, context: Context): string | undefined {
  const text = textAt(address >>> 0, context, MOST_CHARACTERS)
  return typeof text === 'string' ? undefined : plain(text.bytes)
}

/** What stands in the program's memory is shown as text and nothing else. */
export const plain = (bytes: Uint8Array): string => withoutControls(new TextDecoder().decode(bytes))

/** A general register at a function's first instruction: r3 is its first argument (System V ABI for PowerPC, 3-18). */
export const argument = (n: number, { readRegister }: Context): number => (readRegister(`r${3 + n}`) ?? 0) >>> 0
