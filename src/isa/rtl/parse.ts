// From the text of a meaning to its tree. Whatever is no word of the language, names a field that the pattern of the
// instruction does not have, or mixes types, is an error: found when code is generated, long before it runs.

import type { Variant } from '../decode.ts'
import type { Insn } from '../insn.ts'
import { parsePattern } from '../pattern.ts'
import {
  FIELDS,
  type FieldName,
  FUNCTIONS,
  type FunctionName,
  GENERAL_REGISTERS,
  NUMBERS,
  PLACES,
  type PlaceName,
} from './language.ts'
import type { RtlExpression, RtlOperator, RtlTarget, RtlType, Statement } from './tree.ts'
import { assignedRegisters, setsField0 } from './walk.ts'

/** The operators by how tightly they bind, the loosest first. `?:` binds looser than all of them. */
export const PRECEDENCE: readonly (readonly RtlOperator[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['===', '!=='],
  ['<', '<=', '>', '>='],
  ['<<', '>>', '>>>'],
  ['+', '-'],
  ['*'],
]
const COMPARISONS: ReadonlySet<string> = new Set<RtlOperator>(['===', '!==', '<', '<=', '>', '>='])
const LOGICAL: ReadonlySet<string> = new Set<RtlOperator>(['||', '&&'])
/** Those that an `i64` has: sums and products. */
const WIDE: ReadonlySet<string> = new Set<RtlOperator>(['+', '-', '*'])

const FLAGS: ReadonlySet<string> = new Set<PlaceName>(['CA', 'OV', 'SO'])
const READABLE: ReadonlySet<string> = new Set<PlaceName>(['CIA', 'MSR', 'FPSCR'])

const TOKEN = /\s*(0x[0-9a-f]+|\d+|[A-Za-z]\w*|===|!==|>>>|<<|>>|<=|>=|&&|\|\||[-+*&|^~!<>?:()[\],=;])/y

/** The statements of a row. @throws with the name of the row, for text that is none */
export function parseMeaning(insn: Pick<Insn, 'name' | 'pattern' | 'meaning'>): readonly Statement[] {
  return new Parser(insn, insn.meaning).statements()
}

/** The statements of a variant of a row: `o` adds OV and SO, which stays; `.` then records the result. */
export function parseVariant({ insn, oe, rc }: Pick<Variant, 'insn' | 'oe' | 'rc'>): readonly Statement[] {
  const parser = new Parser(insn, oe ? `${insn.meaning}; OV = ${insn.overflow}; if (OV !== 0) SO = 1` : insn.meaning)
  const statements = parser.statements()
  return rc ? [...statements, ...recording(insn, statements)] : statements
}

/** CR1 for the floating-point unit; CR0 for the register assigned, unless the meaning itself says what CR0 gets. */
function recording(insn: Insn, statements: readonly Statement[]): readonly Statement[] {
  if (insn.unit === 'float') return new Parser(insn, 'CR[1] = FPSCR >>> 28').statements()
  if (setsField0(statements)) return []
  return assignedRegisters(statements).map(value => ({ kind: 'assign', target: { op: 'record' }, value }))
}

class Parser {
  readonly #insn: Pick<Insn, 'name' | 'pattern'>
  readonly #fields: Readonly<Record<string, unknown>>
  readonly #tokens: readonly string[]
  #at = 0
  readonly #temporaries = new Map<string, RtlType>()

  constructor(insn: Pick<Insn, 'name' | 'pattern'>, text: string) {
    this.#insn = insn
    this.#fields = parsePattern(insn).fields
    this.#tokens = this.#tokensOf(text)
  }

  fail(what: string): never {
    throw new Error(`the meaning of ${this.#insn.name}: ${what}`)
  }

  #tokensOf(text: string): string[] {
    const tokens: string[] = []
    TOKEN.lastIndex = 0
    for (let end = 0; end < text.length; end = TOKEN.lastIndex) {
      const token = TOKEN.exec(text)
      if (token === null) return this.fail(`${JSON.stringify(text.slice(end).trim())} is no word of the language`)
      tokens.push(token[1]!)
    }
    return tokens
  }

  // ---- statements --------------------------------------------------------------------------------------------------

  statements(): readonly Statement[] {
    const statements: Statement[] = []
    while (this.#at < this.#tokens.length) {
      if (statements.length > 0) this.#expect(';')
      statements.push(this.#statement())
    }
    return statements
  }

  #statement(): Statement {
    if (this.#take('if')) return this.#conditional()
    if (this.#take('wide')) return this.#temporary(this.#next(), 'i64')
    const name = this.#next()
    if (this.#peek() === '(') {
      const call = this.#call(name)
      return call.op === 'call' ? { kind: 'call', call } : this.fail(`${name} is not called for what it does`)
    }
    if (/^[a-z]/.test(name)) return this.#temporary(name, undefined)
    const target = this.#target(name)
    this.#expect('=')
    const value = this.#expression()
    const isFlag = target.op === 'place' && FLAGS.has(target.name)
    return { kind: 'assign', target, value: isFlag ? this.#flag(value) : this.#as('i32', value) }
  }

  /** What a flag is set to. */
  #flag(value: RtlExpression): RtlExpression {
    if (value.op === 'constant' && (value.value === 0 || value.value === 1)) return { ...value, type: 'bool' }
    return this.#as('bool', value)
  }

  #conditional(): Statement {
    this.#expect('(')
    if (this.#take('TAKEN')) {
      this.#expect(')')
      return { kind: 'ifTaken', body: this.#body() }
    }
    const condition = this.#as('bool', this.#expression())
    this.#expect(')')
    return { kind: 'if', condition, body: this.#body() }
  }

  #body(): Statement {
    const body = this.#statement()
    return body.kind === 'let' ? this.fail(`${body.name} has a value only sometimes`) : body
  }

  /** @param type undefined: that of the value */
  #temporary(name: string, type: RtlType | undefined): Statement {
    this.#expect('=')
    const value = type === 'i64' ? this.#wide(this.#expression()) : this.#expression()
    if (value.type === 'void') return this.fail(`${name} has no value`)
    if (this.#temporaries.has(name)) return this.fail(`${name} is given a value twice`)
    this.#temporaries.set(name, value.type)
    return { kind: 'let', name, value }
  }

  #target(name: string): RtlTarget {
    if (name === 'CR0') return { op: 'record' }
    if (name === 'NIA') return { op: 'nextInstruction' }
    if (READABLE.has(name)) return this.fail(`${name} cannot be assigned`)
    const place = this.#named(name)
    if (place.op === 'register' && !place.orZero) return place
    if (place.op === 'conditionField' || place.op === 'place') return place
    return this.fail(`${name} cannot be assigned`)
  }

  // ---- expressions -------------------------------------------------------------------------------------------------

  #expression(): RtlExpression {
    const condition = this.#binary(0)
    if (!this.#take('?')) return condition
    const then = this.#expression()
    this.#expect(':')
    const otherwise = this.#expression()
    if (then.type !== otherwise.type || then.type === 'void') return this.fail('the two sides of ?: differ in type')
    return { op: 'choose', type: then.type, condition: this.#as('bool', condition), then, otherwise }
  }

  #binary(level: number): RtlExpression {
    const operators = PRECEDENCE[level]
    if (operators === undefined) return this.#unary()
    let left = this.#binary(level + 1)
    for (;;) {
      const operator = operators.find(each => each === this.#peek())
      if (operator === undefined) return left
      this.#at++
      left = this.#combined(operator, left, this.#binary(level + 1))
    }
  }

  #combined(operator: RtlOperator, left: RtlExpression, right: RtlExpression): RtlExpression {
    if (LOGICAL.has(operator))
      return { op: 'binary', type: 'bool', operator, left: this.#as('bool', left), right: this.#as('bool', right) }
    const type = left.type === 'i64' || right.type === 'i64' ? 'i64' : 'i32'
    if (type === 'i64' && !WIDE.has(operator) && !COMPARISONS.has(operator))
      return this.fail(`${operator} is for 32 bits`)
    return {
      op: 'binary',
      type: COMPARISONS.has(operator) ? 'bool' : type,
      operator,
      left: this.#as(type, left),
      right: this.#as(type, right),
    }
  }

  #unary(): RtlExpression {
    if (this.#take('-')) {
      const value = this.#as('i32', this.#unary())
      if (value.op === 'constant') return { ...value, value: -value.value }
      return { op: 'unary', type: 'i32', operator: '-', value }
    }
    if (this.#take('~')) return { op: 'unary', type: 'i32', operator: '~', value: this.#as('i32', this.#unary()) }
    if (this.#take('!')) return { op: 'unary', type: 'bool', operator: '!', value: this.#as('bool', this.#unary()) }
    if (this.#take('(')) {
      const inside = this.#expression()
      this.#expect(')')
      return inside
    }
    const word = this.#next()
    if (/^\d/.test(word)) return { op: 'constant', type: 'i32', value: Number(word) }
    return this.#peek() === '(' ? this.#call(word) : this.#named(word)
  }

  #call(name: string): RtlExpression {
    if (!Object.hasOwn(FUNCTIONS, name)) return this.fail(`${name} is not a function of the language`)
    const { args: types, returns } = FUNCTIONS[name as FunctionName]
    const args: RtlExpression[] = []
    this.#expect('(')
    while (!this.#take(')')) {
      if (args.length > 0) this.#expect(',')
      const type = types[args.length] ?? this.fail(`${name} takes ${types.length} arguments`)
      args.push(this.#as(type, this.#expression()))
    }
    if (args.length !== types.length) return this.fail(`${name} takes ${types.length} arguments`)
    return { op: 'call', type: returns, name: name as FunctionName, args }
  }

  #named(name: string): RtlExpression {
    const temporary = this.#temporaries.get(name)
    if (temporary !== undefined) return { op: 'temporary', type: temporary, name }
    if (Object.hasOwn(NUMBERS, name)) return { op: 'constant', type: 'i32', value: NUMBERS[name]! }
    if (name === 'CRF') return { op: 'conditionField', type: 'i32', number: this.#field('BF') }
    if (name === 'CR') {
      this.#expect('[')
      const number = this.#as('i32', this.#expression())
      this.#expect(']')
      return { op: 'conditionField', type: 'i32', number }
    }
    if ((PLACES as readonly string[]).includes(name)) return { op: 'place', type: 'i32', name: name as PlaceName }
    if (Object.hasOwn(FIELDS, name)) return this.#field(name as FieldName)
    const register = name === 'RA0' ? 'RA' : name
    if (!Object.hasOwn(GENERAL_REGISTERS, register)) return this.fail(`${name} is no word of the language`)
    const field = GENERAL_REGISTERS[register as keyof typeof GENERAL_REGISTERS]
    if (!(field in this.#fields)) return this.fail(`the pattern has no field ${field}`)
    return { op: 'register', type: 'i32', field, orZero: name === 'RA0' }
  }

  #field(name: FieldName): RtlExpression {
    const { fields, as } = FIELDS[name] as { fields: readonly string[]; as?: string }
    const has = (field: string): boolean => field in this.#fields
    if (as === 'mask' ? !fields.every(has) : !fields.some(has)) return this.fail(`the pattern has no field for ${name}`)
    return { op: 'field', type: 'i32', name }
  }

  // ---- types -------------------------------------------------------------------------------------------------------

  #as(type: RtlType, value: RtlExpression): RtlExpression {
    if (value.type === type) return value
    if (type === 'i64' && value.type === 'i32') return { op: 'extend', type: 'i64', value }
    if (type === 'i32' && value.type === 'i64') return { op: 'cut', type: 'i32', value }
    return this.fail(`a ${value.type} where a ${type} is wanted`)
  }

  /** The same computed exactly: sums and products of what are registers and halfwords. */
  #wide(value: RtlExpression): RtlExpression {
    if (value.op === 'extend') return this.#wide(value.value)
    if (value.op !== 'binary' || !WIDE.has(value.operator)) return this.#as('i64', value)
    return { ...value, type: 'i64', left: this.#wide(value.left), right: this.#wide(value.right) }
  }

  // ---- tokens ------------------------------------------------------------------------------------------------------

  #peek(): string | undefined {
    return this.#tokens[this.#at]
  }

  #next(): string {
    return this.#tokens[this.#at++] ?? this.fail('it ends too early')
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false
    this.#at++
    return true
  }

  #expect(token: string): void {
    if (!this.#take(token)) this.fail(`${token} is wanted before ${this.#peek() ?? 'its end'}`)
  }
}
