// C's arithmetic (C17, §6.3.1 and §6.5) on numbers of the program, with the sizes of the PowerPC ABI: int and long have
// 32 bits, long long 64. As GNU C does, void and functions count as one byte in pointer arithmetic.

import { type BaseType, builtin, type CType, type PointerType, pointerTo, sizeOf, strip } from '../symbols/types.ts'
import { toDecimal } from './decimalFloat.ts'
import { exactOf, type Numeric, negated, order, over, plus, type Rational, times, toDoubleDouble } from './exact.ts'
import type { ArithmeticOperator, ComparisonOperator } from './syntax.ts'
import { type Bits, isSigned, isZero, type Scalar, toInteger } from './value.ts'

/** A sentence in place of a result. */
export type Refusal = string

const pointerType = (type: CType): PointerType | undefined => {
  const stripped = strip(type)
  return stripped.kind === 'pointer' ? stripped : undefined
}

const isFloat = (type: CType): boolean => {
  const stripped = strip(type)
  return stripped.kind === 'base' && (stripped.encoding === 'float' || stripped.encoding === 'decimal')
}

const decimals = [builtin.decimal32, builtin.decimal64, builtin.decimal128]

/** The bytes of a decimal type; 0 for others. */
const decimalSize = (type: CType): number => {
  const stripped = strip(type)
  return stripped.kind === 'base' && stripped.encoding === 'decimal' ? stripped.size : 0
}

/** The integer promotions (§6.3.1.1): what is smaller than int becomes int. A bit-field counts by its width. */
export function promote({ type, value }: Scalar, bits?: Bits): Scalar {
  const stripped = strip(type)
  if (stripped.kind === 'pointer' || isFloat(type)) return { type, value }
  const size = 'size' in stripped ? (stripped.size ?? 4) : 4
  const isNarrow = bits === undefined ? size < 4 : bits.size < 32 || (bits.size === 32 && isSignedType(type))
  const integer = toInteger(value)
  if (isNarrow) return { type: builtin.int, value: integer }
  return { type: integerType(size, isSignedType(type), isLong(type)), value: integer }
}

const isSignedType = (type: CType): boolean => {
  const stripped = strip(type)
  return (stripped.kind === 'base' || stripped.kind === 'enum') && isSigned(stripped)
}

const isLong = (type: CType): boolean => {
  const stripped = strip(type)
  return stripped.kind === 'base' && /^long( unsigned)? int$|^(unsigned )?long$/.test(stripped.name)
}

function integerType(size: number, signed: boolean, long: boolean): BaseType {
  if (size > 4) return signed ? builtin.longlong : builtin.ulonglong
  if (long) return signed ? builtin.long : builtin.ulong
  return signed ? builtin.int : builtin.uint
}

/** The usual arithmetic conversions (§6.3.1.8) of two promoted numbers: their common type. */
export function commonType(a: CType, b: CType): BaseType {
  const decimal = Math.max(decimalSize(a), decimalSize(b))
  if (decimal > 0) return decimals.find(({ size }) => size >= decimal) ?? builtin.decimal128
  if (isFloat(a) || isFloat(b)) {
    const size = Math.max(isFloat(a) ? sizeOf(a)! : 4, isFloat(b) ? sizeOf(b)! : 4)
    if (size > 8) return { ...builtin.longdouble, size }
    return size === 8 ? builtin.double : builtin.float
  }
  const [sizeA, sizeB] = [sizeOf(a) ?? 4, sizeOf(b) ?? 4]
  if (sizeA !== sizeB) return integerType(Math.max(sizeA, sizeB), isSignedType(sizeA > sizeB ? a : b), false)
  return integerType(sizeA, isSignedType(a) && isSignedType(b), isLong(a) || isLong(b))
}

/** A number as one of another type: cut to its size, rounded to its precision. */
export function convert({ value }: Scalar, type: CType): Scalar {
  const stripped = strip(type)
  if (stripped.kind !== 'base' && stripped.kind !== 'enum' && stripped.kind !== 'pointer') return { type, value }
  if (stripped.kind === 'base' && stripped.encoding === 'float')
    return {
      type,
      value: stripped.size === 16 ? widest(value) : stripped.size === 4 ? Math.fround(Number(value)) : Number(value),
    }
  if (stripped.kind === 'base' && stripped.encoding === 'decimal')
    return { type, value: toDecimal(value, stripped.size) }
  if (stripped.kind === 'base' && stripped.encoding === 'boolean') return { type, value: isZero(value) ? 0n : 1n }
  const width = 8 * (sizeOf(type) ?? 4)
  const integer = toInteger(value)
  return { type, value: isSigned(stripped) ? BigInt.asIntN(width, integer) : BigInt.asUintN(width, integer) }
}

const widest = (value: Numeric): number | Rational => {
  const exact = typeof value === 'number' ? undefined : exactOf(value)
  return exact === undefined ? Number(value) : toDoubleDouble(exact)
}

/** One of `+ - * / % << >> & | ^` on two promoted numbers, one of which may be a pointer for `+` and `-`. */
export function arithmetic(operator: ArithmeticOperator, a: Scalar, b: Scalar): Scalar | Refusal {
  if (pointerType(a.type) !== undefined || pointerType(b.type) !== undefined) return pointers(operator, a, b)
  if (operator === '<<' || operator === '>>') return shift(operator, a, b)
  const type = commonType(a.type, b.type)
  const [x, y] = [convert(a, type).value, convert(b, type).value]
  if (typeof x !== 'bigint' || typeof y !== 'bigint') return floats(operator, x, y, type)
  switch (operator) {
    case '+':
      return convert({ type, value: x + y }, type)
    case '-':
      return convert({ type, value: x - y }, type)
    case '*':
      return convert({ type, value: x * y }, type)
    case '&':
      return { type, value: x & y }
    case '|':
      return { type, value: x | y }
    case '^':
      return { type, value: x ^ y }
    default:
      if (y === 0n) return 'this divides by zero'
      return convert({ type, value: operator === '/' ? x / y : x % y }, type)
  }
}

function floats(operator: ArithmeticOperator, a: Numeric, b: Numeric, type: BaseType): Scalar | Refusal {
  const [x, y] = [Number(a), Number(b)]
  const results: Partial<Record<ArithmeticOperator, number>> = { '+': x + y, '-': x - y, '*': x * y, '/': x / y }
  const isWide = type.size > 8 || type.encoding === 'decimal'
  const value = (isWide ? wide(operator, exactOf(a), exactOf(b)) : undefined) ?? results[operator]
  return value === undefined ? `${operator} needs integers` : convert({ type, value }, type)
}

/** Exactly, to be rounded once; undefined where what is infinite, or no number, comes in or out. */
function wide(operator: ArithmeticOperator, x: Rational | undefined, y: Rational | undefined): Rational | undefined {
  if (x === undefined || y === undefined) return undefined
  switch (operator) {
    case '+':
      return plus(x, y)
    case '-':
      return plus(x, negated(y))
    case '*':
      return times(x, y)
    case '/':
      return isZero(y) ? undefined : over(x, y)
    default:
      return undefined
  }
}

/** §6.5.7: the type is that of the left operand alone. Bits shifted by more than there are, are all gone. */
function shift(operator: '<<' | '>>', a: Scalar, b: Scalar): Scalar | Refusal {
  if (typeof a.value !== 'bigint' || typeof b.value !== 'bigint') return `${operator} needs integers`
  if (b.value < 0n) return 'this shifts by a negative number'
  const by = b.value > 128n ? 128n : b.value
  return convert({ type: a.type, value: operator === '<<' ? a.value << by : a.value >> by }, a.type)
}

/** §6.5.6, paragraphs 8 and 9. */
function pointers(operator: ArithmeticOperator, a: Scalar, b: Scalar): Scalar | Refusal {
  const [left, right] = [pointerType(a.type), pointerType(b.type)]
  if (typeof a.value !== 'bigint' || typeof b.value !== 'bigint')
    return 'a pointer and a floating-point number do not mix'
  const size = BigInt(sizeOf((left ?? right)!.target) ?? 1)
  if (operator === '-' && left !== undefined && right !== undefined)
    return convert({ type: builtin.int, value: size === 0n ? 0n : (a.value - b.value) / size }, builtin.int)
  if (operator === '-' && left !== undefined) return convert({ type: a.type, value: a.value - b.value * size }, a.type)
  if (operator === '+' && left !== undefined && right === undefined)
    return convert({ type: a.type, value: a.value + b.value * size }, a.type)
  if (operator === '+' && left === undefined) return convert({ type: b.type, value: b.value + a.value * size }, b.type)
  return `${operator} cannot be applied to pointers`
}

/** One of `== != < <= > >=` on two promoted numbers. Pointers are compared as addresses, with integers too. */
export function compare(operator: ComparisonOperator, a: Scalar, b: Scalar): boolean {
  const isPointer = pointerType(a.type) !== undefined || pointerType(b.type) !== undefined
  const type = isPointer ? pointerTo(builtin.char) : commonType(a.type, b.type)
  const [left, right] = [convert(a, type).value, convert(b, type).value]
  const isExact = typeof left === 'object' || typeof right === 'object'
  const [p, q] = isExact ? [exactOf(left), exactOf(right)] : []
  const [x, y] = p && q ? [order(p, q), 0n] : [left.valueOf(), right.valueOf()]
  switch (operator) {
    case '==':
      return x === y
    case '!=':
      return x !== y
    case '<':
      return x < y
    case '<=':
      return x <= y
    case '>':
      return x > y
    case '>=':
      return x >= y
  }
}

export function negate(operator: '+' | '-' | '~', a: Scalar): Scalar | Refusal {
  if (pointerType(a.type) !== undefined) return `${operator} cannot be applied to a pointer`
  if (operator === '+') return a
  if (operator === '-')
    return convert({ type: a.type, value: typeof a.value === 'object' ? negated(a.value) : -a.value }, a.type)
  return typeof a.value !== 'bigint' ? '~ needs an integer' : convert({ type: a.type, value: ~a.value }, a.type)
}
