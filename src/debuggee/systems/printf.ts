// A message as printf would write it, from the format and the registers that hold what belongs into it.

import type { Context } from '../../expr/context.ts'
import { argument, stringAt } from './read.ts'

const CONVERSION = /%(-?0?\d*)(?:\.\d+)?(?:hh|h|(ll)|l|z)?([a-zA-Z%])/g

/** r3 to r10: more arguments are on the stack. */
const REGISTERS = 8

/**
 * The format is the function's argument `n`, what belongs into it follows. What a kernel's %p writes has rules of its
 * own, and what is on the stack is not looked for: from the first of these on the format stays as it is.
 */
export function printed(n: number, context: Context): string {
  const format = stringAt(argument(n, context), context) ?? ''
  let next = n + 1
  const take = (isLong: boolean): bigint | undefined => {
    // 64 bits take two registers, of which the first is odd.
    if (isLong) next += next % 2
    const words = Array.from({ length: isLong ? 2 : 1 }, (_, i) => next + i)
    next += words.length
    if (next > REGISTERS) return undefined
    return words.reduce((value, word) => (value << 32n) | BigInt(argument(word, context)), 0n)
  }
  let isOver = false
  const text = format.replace(CONVERSION, (all, width: string, long: string | undefined, letter: string) => {
    if (isOver) return all
    if (letter === '%') return '%'
    const value = 'sdiuxXc'.includes(letter) ? take(long !== undefined) : undefined
    isOver = value === undefined
    return value === undefined ? all : padded(converted(letter, value, long === undefined ? 32 : 64, context), width)
  })
  return text.trimEnd()
}

function converted(letter: string, value: bigint, bits: number, context: Context): string {
  switch (letter) {
    case 's':
      return stringAt(Number(value), context) ?? '(null)'
    case 'c':
      return String.fromCharCode(Number(value & 0xffn))
    case 'd':
    case 'i':
      return BigInt.asIntN(bits, value).toString()
    case 'u':
      return value.toString()
    default: {
      const digits = value.toString(16)
      return letter === 'X' ? digits.toUpperCase() : digits
    }
  }
}

function padded(text: string, width: string): string {
  const count = Math.min(Math.abs(Number(width)) || 0, 80)
  if (width.startsWith('-')) return text.padEnd(count)
  return text.padStart(count, width.startsWith('0') ? '0' : ' ')
}
