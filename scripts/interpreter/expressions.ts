// From an expression of a meaning to TypeScript. The instruction word is `w`, the general registers are `g`, the fields of
// CR `cr`, the words of the state `words`, the special purpose registers `spr`.
//
// A value of type `i32` is an int32 or only congruent to one: a sum stays a double until it is stored or asked for by
// something that cuts to 32 bits itself. An `i64` is a double: what meanings compute stays far below 2^53.

import type { Pattern } from '../../src/isa/pattern.ts'
import {
  FIELDS,
  type FieldName,
  type FieldReading,
  FUNCTIONS,
  type FunctionName,
  type PlaceName,
} from '../../src/isa/rtl/language.ts'
import { PRECEDENCE } from '../../src/isa/rtl/parse.ts'
import type { RtlCall, RtlExpression } from '../../src/isa/rtl/tree.ts'

/** Where a place is. */
export const PLACES: Readonly<Record<PlaceName, string>> = {
  ...{ LR: 'spr[8]', CTR: 'spr[9]', MSR: 'words[MSR]', FPSCR: 'words[FPSCR]', TBC: 'words[TBC]' },
  ...{ CA: 'words[CA]', OV: 'words[OV]', SO: 'words[SO]', CIA: 'pc' },
}

/** Whether a call of it may end the instruction with a fault, or looks at place and time. */
export const reachesOut = (name: FunctionName): boolean => !['nothing', 'condition'].includes(FUNCTIONS[name].effect)

/** A piece of TypeScript, and how tightly its outermost operator binds: an index in PRECEDENCE, or one of these. */
interface Piece {
  readonly text: string
  readonly level: number
}
const CHOICE = -1
const UNARY = PRECEDENCE.length
const PRIMARY = UNARY + 1
const levelOf = (operator: string): number =>
  PRECEDENCE.findIndex(each => (each as readonly string[]).includes(operator))
const AND = levelOf('&')
const OR = levelOf('|')
const EQUALITY = levelOf('===')
const RELATION = levelOf('<')
const SHIFT = levelOf('<<')

const primary = (text: string): Piece => ({ text, level: PRIMARY })
const at = (level: number, { text, level: own }: Piece): string => (own < level ? `(${text})` : text)

const number = (value: number): string => (value > 31 ? `0x${value.toString(16)}` : `${value}`)

/** What an expression needs of the statement around it. */
export interface Surroundings {
  /** The name of a value that is needed more than once, or has to be computed first. */
  once(name: string, value: string): string
  /** The name of what a call returned that may have faulted, with the care that such a call takes. */
  reachOut(call: RtlCall): string
}

export class ExpressionWriter {
  readonly #pattern: Pattern
  readonly #around: Surroundings
  readonly #called: Set<string>

  /** @param called takes the names of the functions that the code calls */
  constructor(pattern: Pattern, around: Surroundings, called: Set<string>) {
    this.#pattern = pattern
    this.#around = around
    this.#called = called
  }

  /** For a typed array, which cuts to 32 bits by itself and holds a bool as 0 or 1. */
  stored(expression: RtlExpression): string {
    const piece = this.#loose(expression)
    return expression.type === 'bool' && expression.op !== 'constant' ? `${at(0, piece)} ? 1 : 0` : piece.text
  }

  /** A bool, the double of an `i64`, or an int32. */
  exact(expression: RtlExpression): string {
    return this.#exact(expression).text
  }

  /** The call of a function of the core. */
  call({ name, args }: RtlCall): string {
    this.#called.add(name)
    const { effect } = FUNCTIONS[name]
    const written = args.map(each => this.exact(each))
    return `${name}(${(effect === 'nothing' ? written : ['cpu', ...written]).join(', ')})`
  }

  #exact(expression: RtlExpression): Piece {
    if (expression.op === 'choose') return this.#choice(expression, each => this.#exact(each))
    const piece = this.#loose(expression)
    return isExact(expression) ? piece : { text: `${at(UNARY, piece)} | 0`, level: OR }
  }

  #loose(expression: RtlExpression): Piece {
    switch (expression.op) {
      case 'constant':
        return { text: number(expression.value), level: expression.value < 0 ? UNARY : PRIMARY }
      case 'field':
        return this.#field(expression.name)
      case 'register': {
        const { shift } = this.#pattern.fields[expression.field]!
        const register = `g[${this.#bits(shift, 5).text}]`
        if (!expression.orZero) return primary(register)
        return { text: `(w & ${number(31 * 2 ** shift)}) === 0 ? 0 : ${register}`, level: CHOICE }
      }
      case 'place':
        return primary(PLACES[expression.name])
      case 'conditionField':
        return primary(`cr[${this.exact(expression.number)}]`)
      case 'temporary':
        return primary(expression.name)
      case 'unary': {
        const { operator, value } = expression
        const operand = operator === '!' ? this.#exact(value) : this.#loose(value)
        return { text: `${operator}${at(operator === '-' ? PRIMARY : UNARY, operand)}`, level: UNARY }
      }
      case 'binary':
        return this.#binary(expression)
      case 'choose':
        return this.#choice(expression, each => this.#loose(each))
      case 'extend':
        return this.#exact(expression.value)
      case 'cut':
        return this.#loose(expression.value)
      case 'call':
        return this.#value(expression)
    }
  }

  #binary({ type, operator, left, right }: RtlExpression & { op: 'binary' }): Piece {
    // An int32 product does not fit in a double.
    if (operator === '*' && type === 'i32') return primary(`Math.imul(${this.stored(left)}, ${this.stored(right)})`)
    const level = levelOf(operator)
    const cuts = level === EQUALITY || level === RELATION ? this.#exact.bind(this) : this.#loose.bind(this)
    // Nobody has to know in which order the operators on bits bind.
    const onBits = (level >= OR && level <= AND) || level === SHIFT
    const [first, second] = onBits ? [UNARY, UNARY] : [level, level + 1]
    return { text: `${at(first, cuts(left))} ${operator} ${at(second, cuts(right))}`, level }
  }

  #choice({ condition, then, otherwise }: RtlExpression & { op: 'choose' }, side: (of: RtlExpression) => Piece): Piece {
    const [yes, no] = [at(0, side(then)), at(0, side(otherwise))]
    return { text: `${at(0, this.#exact(condition))} ? ${yes} : ${no}`, level: CHOICE }
  }

  // ---- fields ------------------------------------------------------------------------------------------------------

  #field(name: FieldName): Piece {
    const reading: FieldReading = FIELDS[name]
    const { fields } = this.#pattern
    if (reading.as === 'mask') {
      // Masks are numbered by MB and ME, which lie side by side.
      const [mb, me] = [fields.mb!, fields.me!]
      if (mb.shift !== me.shift + me.width) throw new Error('MB and ME do not lie side by side')
      return primary(`MASKS[${this.#bits(me.shift, mb.width + me.width).text}]`)
    }
    const { shift, width } = fields[reading.fields.find(each => each in fields)!]!
    if (reading.as === 'halves') {
      const low = at(OR, this.#bits(shift + 5, 5))
      return { text: `(${low}) | ((w >>> ${shift - 5}) & 0x3e0)`, level: OR }
    }
    const bits = this.#bits(shift, width)
    if (reading.as === 'count') return { text: `(${bits.text}) || 32`, level: 0 }
    if (reading.signed !== true) return bits
    const signed = `(w << ${32 - shift - width}) >> ${32 - width}`
    return { text: reading.shift === undefined ? signed : `(${signed}) << ${reading.shift}`, level: SHIFT }
  }

  #bits(shift: number, width: number): Piece {
    if (shift + width === 32) return { text: `w >>> ${shift}`, level: SHIFT }
    return { text: `${shift === 0 ? 'w' : `(w >>> ${shift})`} & ${number(2 ** width - 1)}`, level: AND }
  }

  // ---- calls -------------------------------------------------------------------------------------------------------

  #value(call: RtlCall): Piece {
    const inline = INLINE[call.name]
    if (inline !== undefined) return inline(new Arguments(this, this.#around, call.args))
    return primary(reachesOut(call.name) ? this.#around.reachOut(call) : this.call(call))
  }

  /** The operand of an operator that binds as tightly as `level`. */
  operand(level: number, expression: RtlExpression): string {
    return at(level, this.#loose(expression))
  }
}

/** Whether what is written for it is an int32 already (or of another type). */
function isExact(expression: RtlExpression): boolean {
  if (expression.type !== 'i32') return true
  if (expression.op === 'cut') return false
  if (expression.op === 'unary') return expression.operator !== '-'
  if (expression.op === 'binary') return !['+', '-', '>>>'].includes(expression.operator)
  return expression.op !== 'choose' || (isExact(expression.then) && isExact(expression.otherwise))
}

/** The arguments of a helper that is written out in place. */
class Arguments {
  readonly #writer: ExpressionWriter
  readonly #around: Surroundings
  readonly #args: readonly RtlExpression[]

  constructor(writer: ExpressionWriter, around: Surroundings, args: readonly RtlExpression[]) {
    this.#writer = writer
    this.#around = around
    this.#args = args
  }

  /** An argument that is used once, by an operator that cuts to 32 bits. */
  loose(i: number, level = PRIMARY): string {
    return this.#writer.operand(level, this.#args[i]!)
  }

  /** An argument that is used several times. */
  named(i: number, name: string): string {
    const arg = this.#args[i]!
    const value = this.#writer.exact(arg)
    return arg.op === 'temporary' || arg.op === 'constant' ? value : this.#around.once(name, value)
  }
}

/** Helpers whose calls would cost more than their work. */
const INLINE: Readonly<Record<string, ((args: Arguments) => Piece) | undefined>> = {
  ltu: args => ({ text: `${args.loose(0, SHIFT)} >>> 0 < ${args.loose(1, SHIFT)} >>> 0`, level: RELATION }),
  rotl(args) {
    const [x, n] = [args.named(0, 'x'), args.named(1, 'n')]
    return { text: `(${x} << ${n}) | (${x} >>> (32 - ${n}))`, level: OR }
  },
  low: args => ({ text: `(${args.loose(0, SHIFT)} << 16) >> 16`, level: SHIFT }),
  high: args => ({ text: `${args.loose(0, SHIFT)} >> 16`, level: SHIFT }),
  clz: args => primary(`Math.clz32(${args.loose(0, CHOICE)})`),
  unsigned: args => ({ text: `${args.loose(0, SHIFT)} >>> 0`, level: SHIFT }),
  fits(args) {
    const s = args.named(0, 's')
    return { text: `${s} === (${s} | 0)`, level: EQUALITY }
  },
  fitsUnsigned(args) {
    const s = args.named(0, 's')
    return { text: `${s} === ${s} >>> 0`, level: EQUALITY }
  },
  compare(args) {
    const [a, b] = [args.named(0, 'a'), args.named(1, 'b')]
    return { text: `(${a} < ${b} ? 8 : ${a} > ${b} ? 4 : 2) | words[SO]`, level: OR }
  },
  compareUnsigned(args) {
    const [a, b] = [args.named(0, 'a'), args.named(1, 'b')]
    return { text: `(${a} >>> 0 < ${b} >>> 0 ? 8 : ${a} === ${b} ? 2 : 4) | words[SO]`, level: OR }
  },
  CRBIT(args) {
    const bit = args.named(0, 'bit')
    return { text: `(cr[${bit} >>> 2] >>> (3 - (${bit} & 3))) & 1`, level: AND }
  },
}
