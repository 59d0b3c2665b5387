// Conditions where they are judged a million times: an expression of integers and pointers at one place of the program, as
// a function of general registers and RAM. What it has no answer for, or cannot be said so, is left to the evaluator: an
// error to be told, a device, more than 32 bits, a variable that is nowhere in particular.

import { joined, memberPath } from '../symbols/memberPath.ts'
import type { FixedPlace, Variable } from '../symbols/scopes.ts'
import { builtin, type CType, type Member, pointerTo, sizeOf, strip } from '../symbols/types.ts'
import { commonType, promote } from './arithmetic.ts'
import { relation } from './cast.ts'
import type { Context, Live } from './context.ts'
import { ExpressionError } from './error.ts'
import { expanded } from './macros.ts'
import { code, type Meaning, meaningOf, registerNamed } from './names.ts'
import type { ArithmeticOperator, BinaryOperator, ComparisonOperator, Node } from './syntax.ts'
import { type Bits, load, type Value } from './value.ts'

/** Whether the condition holds; undefined where the evaluator has to say. */
export type DirectTruth = () => boolean | undefined

/** A number of at most 32 bits, as its type has it, signed or not. */
type Read = () => number

/** What a node stands for: an object in memory, or a number. */
type Thing = { readonly type: CType } & (
  | { readonly address: Read; readonly bits?: Bits | undefined }
  | { readonly number: Read }
)

interface Operand {
  readonly type: CType
  readonly read: Read
}

const notDirect = new Error('not direct')

/** Nested deeper than this, functions of functions are no shorter way. */
const deepest = 50

/** The condition `node` in a context that holds for its place. */
export function compileDirectly(node: Node, context: Context, live: Live): DirectTruth {
  try {
    const { read } = numberOf(new Compiler(context, live).compile(node), live)
    return () => answerOf(read)
  } catch (error) {
    if (error !== notDirect && !(error instanceof ExpressionError)) throw error
    return () => undefined
  }
}

function answerOf(read: Read): boolean | undefined {
  try {
    return read() !== 0
  } catch (error) {
    if (error !== notDirect) throw error
    return undefined
  }
}

function fail(): never {
  throw notDirect
}

class Compiler {
  readonly #context: Context
  readonly #live: Live
  #depth = 0

  constructor(context: Context, live: Live) {
    this.#context = context
    this.#live = live
  }

  compile(node: Node): Thing {
    if (++this.#depth > deepest) fail()
    const thing = this.#node(node)
    this.#depth--
    return thing
  }

  #node(node: Node): Thing {
    switch (node.kind) {
      case 'integer':
        return constant(node.type, Number(node.value))
      case 'name': {
        const meaning = meaningOf(node, this.#context)
        if (meaning !== undefined) return this.#meaning(meaning)
        return expanded(node, this.#context, inner => this.compile(inner)) ?? fail()
      }
      case 'register':
        return this.#meaning(registerNamed(node.name, this.#context) ?? fail())
      case 'unary':
        return this.#unary(node)
      case 'binary':
        return this.#binary(node)
      case 'logical': {
        const [a, b] = [this.#number(node.left).read, this.#number(node.right).read]
        const isAnd = node.operator === '&&'
        return truth(isAnd ? () => a() !== 0 && b() !== 0 : () => a() !== 0 || b() !== 0)
      }
      case 'cast':
        return this.#cast(node)
      case 'index': {
        const [array, index] = [this.compile(node.array), this.#operand(node.index)]
        const type = strip(array.type)
        if (type.kind === 'array') return this.#follow(element(array, type.element, index.read))
        const sum = arithmetic('+', promoted(numberOf(array, this.#live)), index)
        return this.#follow(this.#behind(asThing(sum)))
      }
      case 'member': {
        const object = this.compile(node.object)
        const { kind } = strip(object.type)
        const isPointer = kind === 'pointer' || (kind === 'array' && node.arrow)
        const aggregate = isPointer ? this.#behind(object) : object
        const type = strip(aggregate.type)
        const found = type.kind === 'struct' ? memberPath(type, node.name) : undefined
        if (found === undefined || !('path' in found)) return fail()
        return this.#follow(memberOf(aggregate, joined(found.path)))
      }
      // What a conditional's type is, and whether what sizeof has can be evaluated, is seen at run time.
      case 'conditional':
      case 'sizeof':
      case 'alignof':
      case 'float':
      case 'string':
      case 'assign':
      case 'castLike':
      case 'dynamicCast':
      case 'memberOf':
        return fail()
    }
  }

  #number(node: Node): Operand {
    return numberOf(this.compile(node), this.#live)
  }

  /** A promoted number, as operators take them. */
  #operand(node: Node): Operand {
    const thing = this.compile(node)
    return promoted(numberOf(thing, this.#live), 'bits' in thing ? thing.bits : undefined)
  }

  #meaning(meaning: Meaning): Thing {
    const { gpr } = this.#live
    switch (meaning.kind) {
      case 'variable':
        return this.#variable(meaning.variable)
      case 'member': {
        const self = numberOf(this.#variable(meaning.self), this.#live)
        return this.#follow(memberOf({ type: meaning.object, address: unsigned(self.read) }, meaning.member))
      }
      case 'value':
        return this.#value(meaning.value)
      case 'general': {
        const { number } = meaning
        return { type: builtin.uint, number: () => gpr[number] >>> 0 }
      }
      case 'pc':
        return constant(code, this.#context.pc)
    }
  }

  #variable(variable: Variable): Thing {
    const { type } = variable
    // The length of some arrays is found in the frame.
    if (variable.typeIn(this.#context.frame) !== type) return fail()
    const place = variable.placeAt(this.#context.pc) ?? fail()
    const read = this.#sum(place.kind === 'register' ? { base: place.register, offset: 0 } : place)
    return this.#follow(place.kind === 'memory' ? { type, address: read } : { type, number: cut(scalar(type), read) })
  }

  #sum({ base, offset }: Pick<FixedPlace & { kind: 'memory' }, 'base' | 'offset'>): Read {
    const { cfa, gpr } = this.#live
    if (base === undefined) return () => offset >>> 0
    const from = base === 'cfa' ? (cfa ?? fail()) : { register: base, offset: 0 }
    if (from.register >= gpr.length) return fail()
    const { register } = from
    const sum = from.offset + offset
    return () => (gpr[register] + sum) >>> 0
  }

  #value(value: Value): Thing {
    const { type, place } = value
    if (place.kind === 'memory') return this.#follow({ type, address: () => place.address })
    if (place.kind === 'named') return { type, number: () => this.#context.readRegister(place.name) ?? fail() }
    const loaded = place.kind === 'value' ? load(value, this.#context) : fail()
    return typeof loaded === 'string' ? fail() : constant(type, Number(loaded.value))
  }

  /** C++ references are followed wherever they are met. */
  #follow(thing: Thing): Thing {
    const type = strip(thing.type)
    return type.kind === 'pointer' && type.symbol !== '*' ? this.#at(type.target, thing) : thing
  }

  #at(type: CType, pointer: Thing): Thing {
    return { type, address: unsigned(numberOf(pointer, this.#live).read) }
  }

  /** What `*thing` is. */
  #behind(thing: Thing): Thing {
    const type = strip(thing.type)
    switch (type.kind) {
      case 'pointer':
        return strip(type.target).kind === 'void' ? fail() : this.#at(type.target, thing)
      case 'array':
        return element(thing, type.element, () => 0)
      case 'function':
        return thing
      case 'base':
      case 'enum':
        return this.#at(builtin.int, thing)
      default:
        return fail()
    }
  }

  #unary(node: Node & { kind: 'unary' }): Thing {
    switch (node.operator) {
      case '*':
        return this.#follow(this.#behind(this.compile(node.operand)))
      case '&': {
        const thing = this.compile(node.operand)
        if (!('address' in thing) || thing.bits !== undefined) return fail()
        return { type: pointerTo(thing.type), number: thing.address }
      }
      case '!': {
        const { read } = this.#number(node.operand)
        return truth(() => read() === 0)
      }
      case '+':
      case '-':
      case '~':
        return negated(node.operator, this.#operand(node.operand))
      default:
        return fail()
    }
  }

  #binary({ operator, left, right }: Node & { kind: 'binary' }): Thing {
    const [a, b] = [this.#operand(left), this.#operand(right)]
    return isComparison(operator) ? truth(comparison(operator, a, b)) : asThing(arithmetic(operator, a, b))
  }

  #cast({ type, operand }: Node & { kind: 'cast' }): Thing {
    const target = strip(type)
    const thing = this.compile(operand)
    switch (target.kind) {
      case 'struct':
      case 'array':
        if (relation(thing.type, type) !== undefined) return fail()
        return 'address' in thing ? { type, address: thing.address } : fail()
      case 'pointer':
        if (target.symbol !== '*' || isMoved(thing.type, target.target)) return fail()
        break
      default:
    }
    const { read } = numberOf(thing, this.#live)
    if (target.kind === 'base' && target.encoding === 'boolean') return { type, number: () => (read() === 0 ? 0 : 1) }
    return { type, number: cut(scalar(type), read) }
  }
}

/** Whether a pointer to one class is another number as one to the other. */
function isMoved(from: CType, to: CType): boolean {
  const pointer = strip(from)
  return pointer.kind === 'pointer' && relation(pointer.target, to) !== undefined
}

interface DirectScalar {
  readonly size: number
  readonly isSigned: boolean
}

/** How a number of this type is kept. */
function scalar(type: CType): DirectScalar {
  const stripped = strip(type)
  if (stripped.kind === 'pointer') return { size: 4, isSigned: false }
  if (
    stripped.kind !== 'enum' &&
    (stripped.kind !== 'base' || stripped.encoding === 'float' || stripped.isLittleEndian)
  )
    return fail()
  const { size, isSigned } = stripped
  return size === 1 || size === 2 || size === 4 ? { size, isSigned } : fail()
}

const unsigned =
  (read: Read): Read =>
  () =>
    read() >>> 0

/** The least significant bytes of a word, as a number of their own. */
function cut({ size, isSigned }: DirectScalar, read: Read): Read {
  const unused = 32 - 8 * size
  return isSigned ? () => (read() << unused) >> unused : () => (read() << unused) >>> unused
}

function constant(type: CType, value: number): Thing {
  const number = cut(scalar(type), () => value)()
  return { type, number: () => number }
}

const truth = (holds: () => boolean): Thing => ({ type: builtin.int, number: () => (holds() ? 1 : 0) })
const asThing = ({ type, read }: Operand): Thing => ({ type, number: read })

/** The number that a thing holds. Arrays and functions are their addresses, as in C. */
function numberOf(thing: Thing, live: Live): Operand {
  const { type } = thing
  const stripped = strip(type)
  if ('number' in thing) return { type, read: thing.number }
  if (stripped.kind === 'array') return { type: pointerTo(stripped.element), read: thing.address }
  if (stripped.kind === 'function') return { type: pointerTo(stripped), read: thing.address }
  return { type, read: loaded(thing.address, scalar(type), thing.bits, live) }
}

function loaded(address: Read, { size, isSigned }: DirectScalar, bits: Bits | undefined, live: Live): Read {
  const { offset, size: width } = bits ?? { offset: 0, size: 8 * size }
  const bytes = (offset + width + 7) >> 3
  if (bytes !== 1 && bytes !== 2 && bytes !== 4) return fail()
  const left = 32 - 8 * bytes + offset
  const right = 32 - width
  const word = (): number => live.peek(address(), bytes) ?? fail()
  return isSigned ? () => (word() << left) >> right : () => (word() << left) >>> right
}

const promoted = ({ type, read }: Operand, bits?: Bits): Operand => ({
  type: promote({ type, value: 0n }, bits).type,
  read,
})

function element(array: Thing, type: CType, index: Read): Thing {
  if (!('address' in array)) return fail()
  const { address } = array
  const size = sizeOf(type) ?? 1
  return { type, address: () => (address() + index() * size) >>> 0 }
}

function memberOf(object: Thing, { type, offset, bits, locate }: Member): Thing {
  if (!('address' in object) || locate !== undefined) return fail()
  const { address } = object
  const bytes = bits === undefined ? offset : bits.offset >> 3
  return {
    type,
    address: () => (address() + bytes) >>> 0,
    bits: bits && { offset: bits.offset & 7, size: bits.size },
  }
}

const isPointer = ({ type }: Operand): boolean => strip(type).kind === 'pointer'

/** The signedness in which the operands of an operator meet. */
function meet(a: Operand, b: Operand): { readonly type: CType; readonly isSigned: boolean } {
  const type = commonType(a.type, b.type)
  return { type, isSigned: scalar(type).isSigned }
}

const as = (isSigned: boolean, read: Read): Read => (isSigned ? () => read() | 0 : unsigned(read))

function negated(operator: '+' | '-' | '~', { type, read }: Operand): Thing {
  const { isSigned } = scalar(type)
  if (isPointer({ type, read })) return fail()
  if (operator === '+') return { type, number: read }
  return { type, number: as(isSigned, operator === '-' ? () => -read() : () => ~read()) }
}

const comparisons: readonly string[] = ['==', '!=', '<', '<=', '>', '>=']
const isComparison = (operator: BinaryOperator): operator is ComparisonOperator => comparisons.includes(operator)

function comparison(operator: ComparisonOperator, a: Operand, b: Operand): () => boolean {
  const isSigned = isPointer(a) || isPointer(b) ? false : meet(a, b).isSigned
  const [x, y] = [as(isSigned, a.read), as(isSigned, b.read)]
  switch (operator) {
    case '==':
      return () => x() === y()
    case '!=':
      return () => x() !== y()
    case '<':
      return () => x() < y()
    case '<=':
      return () => x() <= y()
    case '>':
      return () => x() > y()
    case '>=':
      return () => x() >= y()
  }
}

function arithmetic(operator: ArithmeticOperator, a: Operand, b: Operand): Operand {
  if (isPointer(a) || isPointer(b)) return pointers(operator, a, b)
  if (operator === '<<' || operator === '>>') return shift(operator, a, b)
  const { type, isSigned } = meet(a, b)
  const [x, y] = [as(isSigned, a.read), as(isSigned, b.read)]
  return { type, read: as(isSigned, calculation(operator, x, y)) }
}

function calculation(operator: Exclude<ArithmeticOperator, '<<' | '>>'>, x: Read, y: Read): Read {
  switch (operator) {
    case '+':
      return () => x() + y()
    case '-':
      return () => x() - y()
    case '*':
      return () => Math.imul(x(), y())
    case '/':
      return () => x() / (y() || fail())
    case '%':
      return () => x() % (y() || fail())
    case '&':
      return () => x() & y()
    case '|':
      return () => x() | y()
    case '^':
      return () => x() ^ y()
  }
}

/** Bits shifted by more than there are, are all gone. */
function shift(operator: '<<' | '>>', { type, read: x }: Operand, { read }: Operand): Operand {
  const { isSigned } = scalar(type)
  const by = (): number => {
    const count = read()
    return count < 0 ? fail() : Math.min(count, 32)
  }
  if (operator === '<<') return { type, read: as(isSigned, () => shiftedLeft(x(), by())) }
  return { type, read: isSigned ? () => x() >> Math.min(by(), 31) : () => shiftedRight(x(), by()) }
}

const shiftedLeft = (x: number, by: number): number => (by === 32 ? 0 : x << by)
const shiftedRight = (x: number, by: number): number => (by === 32 ? 0 : x >>> by)

/** A pointer and an integer, or two pointers. */
function pointers(operator: ArithmeticOperator, a: Operand, b: Operand): Operand {
  const [left, right] = [strip(a.type), strip(b.type)]
  const size = (type: typeof left): number => (type.kind === 'pointer' ? (sizeOf(type.target) ?? 1) : fail())
  const [x, y] = [a.read, b.read]
  if (operator === '-' && isPointer(a) && isPointer(b)) {
    const by = size(left)
    return { type: builtin.int, read: () => (by === 0 ? 0 : (((x() >>> 0) - (y() >>> 0)) / by) | 0) }
  }
  if (operator === '-' && isPointer(a)) return { type: a.type, read: offset(x, y, -size(left)) }
  if (operator === '+' && !isPointer(b)) return { type: a.type, read: offset(x, y, size(left)) }
  if (operator === '+' && !isPointer(a)) return { type: b.type, read: offset(y, x, size(right)) }
  return fail()
}

const offset =
  (base: Read, index: Read, size: number): Read =>
  () =>
    (base() + Math.imul(index(), size)) >>> 0
