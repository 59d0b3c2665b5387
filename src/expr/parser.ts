// From text to tree, by operator precedence (Pratt's method): C17, §6.5, without calls and comma operators.

import { alignOf, builtin, type CType, objectSize, pointerTo, voidType } from '../symbols/types.ts'
import { callRefused } from './calls.ts'
import { Cursor } from './cursor.ts'
import { ExpressionError } from './error.ts'
import { type Format, parseFormat } from './format.ts'
import { characterConstant, floatConstant, textConstant } from './literals.ts'
import { excerpt, replaceMacroCalls } from './macroCalls.ts'
import type { ArithmeticOperator, BinaryOperator, NameScope, Node, UnaryOperator } from './syntax.ts'
import type { Token } from './tokens.ts'
import { parseTypeName, scopedName, simpleType, type TypeNames } from './typeNames.ts'

/** How tightly binary operators bind; all of them group from left to right. */
const precedence: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  ...{ '==': 6, '!=': 6 },
  ...{ '<': 7, '>': 7, '<=': 7, '>=': 7 },
  ...{ '<<': 8, '>>': 8 },
  ...{ '+': 9, '-': 9 },
  ...{ '*': 10, '/': 10, '%': 10 },
}

const unaryOperators: readonly string[] = ['+', '-', '!', '~', '*', '&']
const assignments: readonly string[] = ['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '|=', '^=']

/** Parentheses nested deeper than this, or as many members of members, are not typed by anyone. */
const depthLimit = 200

const mostStars = 50

/** Tokens between the parentheses behind a function's name. */
const MOST_PARAMETERS = 200

export interface Parsed {
  readonly node: Node
  readonly format: Format | undefined
}

export function parse(text: string, names: TypeNames, allowAssignment: boolean, inside: NameScope): Parsed {
  const macroNamed = (name: string) => names.macroHere?.(name)
  const replaced = replaceMacroCalls(text, macroNamed, inside.macros)
  try {
    return new Parser(replaced, names, allowAssignment, inside).whole()
  } catch (error) {
    if (replaced === text || !(error instanceof ExpressionError)) throw error
    const what = `its macros make ${excerpt(replaced.trim())} of it, which is no expression`
    throw new ExpressionError(0, what, 'Write the part of it that is one.')
  }
}

class Parser {
  readonly #cursor: Cursor
  readonly #names: TypeNames
  readonly #allowAssignment: boolean
  readonly #inside: NameScope
  #depth = 0

  constructor(text: string, names: TypeNames, allowAssignment: boolean, inside: NameScope) {
    this.#cursor = new Cursor(text)
    this.#names = names
    this.#allowAssignment = allowAssignment
    this.#inside = inside
  }

  whole(): Parsed {
    const cursor = this.#cursor
    if (cursor.peek().kind === 'end')
      throw new ExpressionError(0, 'there is no expression', 'Write one, e.g. count > 3.')
    const node = this.#expression()
    const format = parseFormat(cursor)
    if (cursor.peek().kind !== 'end') throw cursor.unexpected('Write an operator before it, or remove it.')
    return { node, format }
  }

  /** An assignment, which groups from right to left, or anything that binds tighter. */
  #expression(): Node {
    if (++this.#depth > depthLimit) throw this.#tooDeep()
    const target = this.#conditional()
    const { position } = this.#cursor.peek()
    const operator = this.#assignment()
    const node = operator === undefined ? target : this.#assign(position, operator, target)
    this.#depth--
    return node
  }

  #tooDeep(): ExpressionError {
    const what = 'the expression is nested too deep'
    return new ExpressionError(this.#cursor.peek().position, what, 'Make it simpler.')
  }

  #assign(position: number, operator: string, target: Node): Node {
    const value = this.#expression()
    const compound = operator === '=' ? {} : { operator: operator.slice(0, -1) as ArithmeticOperator }
    return { kind: 'assign', position, target, value, ...compound }
  }

  #assignment(): string | undefined {
    const token = this.#cursor.peek()
    if (token.kind !== 'punctuator' || !assignments.includes(token.text)) return undefined
    this.#refuseAssignment(token)
    this.#cursor.next()
    return token.text
  }

  #refuseAssignment(token: Token & { kind: 'punctuator' }): void {
    if (this.#allowAssignment) return
    const advice =
      token.text === '='
        ? 'Did you mean ==? Values are changed in the Variables view or the Debug Console.'
        : 'Values are changed in the Variables view or the Debug Console.'
    throw new ExpressionError(token.position, `"${token.text}" would change the program's data`, advice)
  }

  #conditional(): Node {
    const condition = this.#binary(1)
    const { position } = this.#cursor.peek()
    if (!this.#cursor.accept('?')) return condition
    const yes = this.#expression()
    this.#cursor.expect(':', 'and what else the value is')
    const no = this.#expression()
    return { kind: 'conditional', position, condition, yes, no }
  }

  /** Binary operators that bind at least as tightly as `minimum`. */
  #binary(minimum: number): Node {
    let left = this.#pointed()
    for (;;) {
      const token = this.#cursor.peek()
      const binds = token.kind === 'punctuator' ? (precedence[token.text] ?? 0) : 0
      if (token.kind !== 'punctuator' || binds < minimum) return left
      this.#cursor.next()
      const right = this.#binary(binds + 1)
      const { position, text } = token
      left =
        text === '&&' || text === '||'
          ? { kind: 'logical', position, operator: text, left, right }
          : { kind: 'binary', position, operator: text as BinaryOperator, left, right }
    }
  }

  /** `object.*pointer` binds tighter than other operators (C++17, §8.5). */
  #pointed(): Node {
    const cursor = this.#cursor
    let object = this.#unary()
    for (let depth = 0; ; depth++) {
      const { position } = cursor.peek()
      const arrow = cursor.sees('->*')
      if (!arrow && !(cursor.sees('.') && cursor.sees('*', 1))) return object
      if (depth > depthLimit) throw this.#tooDeep()
      cursor.next()
      if (!arrow) cursor.next()
      object = { kind: 'memberOf', position, object, pointer: this.#unary(), arrow }
    }
  }

  #unary(): Node {
    if (++this.#depth > depthLimit) throw this.#tooDeep()
    const node = this.#prefix() ?? this.#postfix(this.#primary())
    this.#depth--
    return node
  }

  #prefix(): Node | undefined {
    const cursor = this.#cursor
    const token = cursor.peek()
    const { position } = token
    if (cursor.acceptName('sizeof') !== undefined) return this.#measure(position, 'sizeof', objectSize)
    if (cursor.acceptName('alignof', '_Alignof', '__alignof__') !== undefined)
      return this.#measure(position, 'alignof', alignOf)
    const part = cursor.acceptName('__real__', '__imag__') as UnaryOperator | undefined
    if (part !== undefined) return { kind: 'unary', position, operator: part, operand: this.#unary() }
    if (token.kind !== 'punctuator') return undefined
    if (token.text === '++' || token.text === '--') {
      this.#refuseAssignment(token)
      cursor.next()
      return step(position, token.text, this.#unary())
    }
    if (unaryOperators.includes(token.text)) {
      cursor.next()
      return { kind: 'unary', position, operator: token.text as UnaryOperator, operand: this.#unary() }
    }
    return token.text === '(' ? this.#cast(position) : undefined
  }

  /** `(type) operand`, unless the parenthesis holds an expression. */
  #cast(position: number): Node | undefined {
    const like = this.#typeOf()
    if (like !== undefined) return { kind: 'castLike', position, ...like, operand: this.#unary() }
    const type = this.#parenthesizedType()
    return type && { kind: 'cast', position, type, operand: this.#unary() }
  }

  /** `(typeof(x) *)`: a type that an expression has; GNU C's name for it and C++'s (C++17, §10.1.7.2). */
  #typeOf(): { readonly like: Node; readonly stars: number } | undefined {
    const cursor = this.#cursor
    const saved = cursor.save()
    const isIt = cursor.accept('(') && cursor.acceptName('typeof', '__typeof__', '__typeof', 'decltype') !== undefined
    // What stands in it may be a type by itself.
    if (!isIt || this.#parenthesizedType() !== undefined) {
      cursor.restore(saved)
      return undefined
    }
    const like = this.#parenthesized()
    let stars = 0
    while (cursor.accept('*')) stars++
    if (stars > mostStars) throw this.#tooDeep()
    cursor.expect(')', 'after the type')
    return { like, stars }
  }

  #parenthesizedType(): CType | undefined {
    const cursor = this.#cursor
    const saved = cursor.save()
    if (cursor.accept('(')) {
      const type = parseTypeName(cursor, this.#names)
      if (type !== undefined && cursor.accept(')')) return type
      if (type !== undefined && !cursor.sees('::')) throw cursor.unexpected('Write ")" after the type.')
    }
    cursor.restore(saved)
    return undefined
  }

  #measure(position: number, kind: 'sizeof' | 'alignof', of: (type: CType) => number | undefined): Node {
    const like = this.#typeOf()
    if (like !== undefined)
      return like.stars === 0
        ? { kind, position, operand: like.like }
        : { kind: 'integer', position, value: 4n, type: builtin.uint }
    const type = this.#parenthesizedType()
    if (type === undefined) return { kind, position, operand: this.#unary() }
    const size = of(type)
    if (size === undefined) throw new ExpressionError(position, 'the type has no size', 'Take that of another type.')
    return { kind: 'integer', position, value: BigInt(size), type: builtin.uint }
  }

  /** `static_cast<T>(x)` and its like (C++17, §8.2.9 to §8.2.11). What is const here may be changed all the same. */
  #namedCast(position: number): Node | undefined {
    const cursor = this.#cursor
    if (cursor.peek(1).kind !== 'punctuator' || !cursor.sees('<', 1)) return undefined
    const name = cursor.acceptName('static_cast', 'reinterpret_cast', 'const_cast', 'dynamic_cast')
    if (name === undefined) return undefined
    cursor.next()
    const type = parseTypeName(cursor, this.#names)
    if (type === undefined) throw cursor.unexpected(`Write the type behind "${name}<".`)
    cursor.splitAngles()
    cursor.expect('>', 'after the type')
    const operand = this.#parenthesized()
    if (name === 'dynamic_cast') return { kind: 'dynamicCast', position, type, operand }
    return { kind: 'cast', position, type, operand, isReinterpreted: name === 'reinterpret_cast' }
  }

  /** `int(x)`, `Color(2)` (C++17, §8.2.3). */
  #functionalCast(position: number): Node | undefined {
    const cursor = this.#cursor
    const token = cursor.peek()
    const saved = cursor.save()
    if (token.kind !== 'name' && token.kind !== 'quoted' && !cursor.sees('::')) return undefined
    const type = simpleType(cursor, this.#names)
    if (type !== undefined && cursor.sees('(')) return { kind: 'cast', position, type, operand: this.#parenthesized() }
    cursor.restore(saved)
    return undefined
  }

  #parenthesized(): Node {
    const cursor = this.#cursor
    cursor.expect('(', 'before the value')
    const node = this.#expression()
    cursor.expect(')', 'after the value')
    return node
  }

  #postfix(primary: Node): Node {
    const cursor = this.#cursor
    let node = primary
    for (let depth = 0; ; depth++) {
      const token = cursor.peek()
      const { position } = token
      if (depth > depthLimit) throw this.#tooDeep()
      if (cursor.accept('[')) {
        const index = this.#expression()
        cursor.expect(']', 'after the index')
        node = { kind: 'index', position, array: node, index }
      } else if ((cursor.sees('.') && !cursor.sees('*', 1)) || cursor.sees('->')) {
        const arrow = cursor.textOf(cursor.next()) === '->'
        node = { kind: 'member', position: cursor.peek().position, object: node, name: this.#memberName(), arrow }
      } else if (token.kind === 'punctuator' && (token.text === '++' || token.text === '--')) {
        this.#refuseAssignment(token)
        cursor.next()
        node = { ...step(position, token.text, node), after: true }
      } else if (cursor.sees('(')) throw callRefused(node, position)
      else return node
    }
  }

  #memberName(): string {
    const name = scopedName(this.#cursor, text => this.#names.typeNamed(text) !== undefined)
    if (name === undefined) throw this.#cursor.unexpected('Write the name of a member.')
    return name
  }

  #primary(): Node {
    const cursor = this.#cursor
    const token = cursor.peek()
    const { position } = token
    switch (token.kind) {
      case 'integer':
        cursor.next()
        return { kind: 'integer', position, value: token.value, type: integerType(token) }
      case 'float':
        cursor.next()
        return { kind: 'float', position, ...floatConstant(token) }
      case 'character':
        cursor.next()
        return { kind: 'integer', position, ...characterConstant(token) }
      case 'string':
        return { kind: 'string', position, ...textConstant(this.#strings()) }
      case 'register':
        cursor.next()
        return { kind: 'register', position, name: token.text }
      case 'name':
      case 'quoted':
        return this.#namedCast(position) ?? this.#functionalCast(position) ?? this.#name(position)
      case 'punctuator':
        if (token.text === '::') return this.#functionalCast(position) ?? this.#name(position)
        if (cursor.accept('(')) {
          const node = this.#expression()
          cursor.expect(')', 'to close the parenthesis')
          return node
        }
        break
      case 'end':
    }
    throw cursor.unexpected('Write a name, a number or a parenthesis.')
  }

  #strings(): (Token & { kind: 'string' })[] {
    const parts: (Token & { kind: 'string' })[] = []
    for (;;) {
      const token = this.#cursor.peek()
      if (token.kind !== 'string') return parts
      parts.push(token)
      this.#cursor.next()
    }
  }

  #name(position: number): Node {
    const cursor = this.#cursor
    const file = cursor.peek()
    if (file.kind === 'quoted' && cursor.sees('::', 1) && file.text.includes('.')) {
      cursor.next()
      cursor.next()
      const name = scopedName(cursor)
      if (name === undefined) throw cursor.unexpected(`Write the name of a variable of ${file.text}.`)
      return { kind: 'name', position, name, file: file.text, inside: this.#inside }
    }
    const isGlobal = file.kind === 'punctuator'
    let name = scopedName(cursor, text => this.#names.typeNamed(text) !== undefined)
    if (name === undefined) throw cursor.unexpected('Write a name.')
    if (name === 'true' || name === 'false')
      return { kind: 'integer', position, value: name === 'true' ? 1n : 0n, type: builtin.bool }
    if (name === 'nullptr') return { kind: 'integer', position, value: 0n, type: pointerTo(voidType) }
    name += this.#ofFunction() ?? ''
    return { kind: 'name', position, name, ...(isGlobal && { isGlobal }), inside: this.#inside }
  }

  /** `(int)::calls` behind the name of a function, which gdb takes with its parameters. */
  #ofFunction(): string | undefined {
    const cursor = this.#cursor
    if (!cursor.sees('(')) return undefined
    const from = cursor.peek().position
    const saved = cursor.save()
    for (let depth = 0, count = 0; count < MOST_PARAMETERS; count++) {
      const token = cursor.next()
      if (token.kind === 'end') break
      if (token.kind !== 'punctuator') continue
      if (token.text === '(') depth++
      else if (token.text === ')' && --depth === 0) {
        const parameters = cursor.text.slice(from, token.end)
        const name = cursor.accept('::') ? scopedName(cursor) : undefined
        if (name !== undefined) return `${parameters}::${name}`
        break
      }
    }
    cursor.restore(saved)
    return undefined
  }
}

const one = (position: number): Node => ({ kind: 'integer', position, value: 1n, type: builtin.int })

function step(position: number, operator: string, target: Node): Node & { kind: 'assign' } {
  return { kind: 'assign', position, operator: operator[0] as '+' | '-', target, value: one(position) }
}

/** The first type of §6.4.4.1's list that can hold the value. */
function integerType({ value, suffix, isDecimal }: Token & { kind: 'integer' }): CType {
  const isLong = suffix.includes('l')
  const isUnsigned = suffix.includes('u')
  const candidates = suffix.includes('ll')
    ? [builtin.longlong, builtin.ulonglong]
    : [...(isLong ? [builtin.long, builtin.ulong] : [builtin.int, builtin.uint]), builtin.longlong, builtin.ulonglong]
  const fits = candidates.find(({ size, isSigned }) => {
    if (isUnsigned ? isSigned : isDecimal && !isSigned && size === 4) return false
    return value < 2n ** BigInt(8 * size - (isSigned ? 1 : 0))
  })
  return fits ?? builtin.ulonglong
}
