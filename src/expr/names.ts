// What a name in an expression stands for. Variables come first, from the innermost block outwards, then what the file
// and the program define, and last the registers: a program may well have a variable called r3 or lr.

import { components } from '../symbols/functionSpec.ts'
import type { FunctionInfo } from '../symbols/functions.ts'
import { partOf } from '../symbols/location.ts'
import { joined, memberPath } from '../symbols/memberPath.ts'
import type { Scope, Variable } from '../symbols/scopes.ts'
import { builtin, type CType, type Member, pointerTo, type StructType, sizeOf, strip } from '../symbols/types.ts'
import { type Context, describeRegister } from './context.ts'
import { ExpressionError } from './error.ts'
import type { Name } from './syntax.ts'
import { load, memberOf, type Scalar, temporary, toBytes, toInteger, type Value } from './value.ts'

/** What a name stands for; what it is worth depends on the frame. */
export type Meaning =
  | { readonly kind: 'variable'; readonly variable: Variable }
  /** In a member function of C++, a member of the object it is called on. */
  | { readonly kind: 'member'; readonly self: Variable; readonly object: StructType; readonly member: Member }
  | { readonly kind: 'value'; readonly value: Value }
  /** A general register, which calls save. */
  | { readonly kind: 'general'; readonly number: number }
  | { readonly kind: 'pc' }

/** What a name means at the context's place; undefined if nothing. */
export function meaningOf({ name, file, isGlobal }: Name, context: Context): Meaning | undefined {
  if (file !== undefined) return variableMeaning(context.symbols.globalNamed(name, { file }))
  if (isGlobal) return global(name, context)
  return local(name, context) ?? global(name, context) ?? registerNamed(name, context)
}

const variableMeaning = (variable: Variable | undefined): Meaning | undefined =>
  variable && { kind: 'variable', variable }

export function valueMeant(meaning: Meaning, context: Context): Value {
  switch (meaning.kind) {
    case 'variable':
      return valueOfVariable(meaning.variable, context)
    case 'member': {
      const { self, object, member } = meaning
      const pointer = load(valueOfVariable(self, context), context)
      if (typeof pointer === 'string')
        return { type: member.type, place: { kind: 'unavailable', reason: `this: ${pointer}` } }
      const place = { kind: 'memory', address: addressOf(pointer) } as const
      return follow(memberOf({ type: object, place }, member, context), context)
    }
    case 'value':
      return meaning.value
    case 'general':
      return {
        type: builtin.uint,
        place:
          context.frame === undefined
            ? { kind: 'named', name: `r${meaning.number}` }
            : { kind: 'register', register: meaning.number },
      }
    case 'pc':
      return { type: code, place: { kind: 'named', name: 'PC' } }
  }
}

const valueOfVariable = (variable: Variable, context: Context): Value =>
  follow({ type: variable.typeIn(context.frame), place: variable.locate(context.frame) }, context)

/** Namespaces and classes around a function, for each of which a name is looked up. */
const mostScopes = 16

/** The scopes at a context's place, which has many names looked up. */
const scopesByContext = new WeakMap<Context, readonly Scope[]>()

function scopesOf(context: Context): readonly Scope[] {
  let scopes = scopesByContext.get(context)
  if (scopes === undefined) {
    const all = context.symbols.scopesAt(context.pc, context.inlineDepth)
    scopesByContext.set(context, (scopes = all.filter(({ kind }) => kind !== 'file')))
  }
  return scopes
}

function local(name: string, context: Context): Meaning | undefined {
  const scopes = scopesOf(context)
  for (const scope of scopes) {
    const variable = scope.variables.find(each => each.name === name)
    if (variable !== undefined) return { kind: 'variable', variable }
  }
  const self = scopes.flatMap(scope => scope.variables).find(each => each.name === 'this')
  const member = self && throughThis(name, self, context)
  if (member !== undefined) return member
  // In C++ a name may be one of the classes and namespaces around the function.
  const around = components(scopes.find(scope => scope.kind === 'function' || scope.kind === 'inlined')?.name ?? '')
  for (let depth = Math.min(around.length - 1, mostScopes); depth > 0; depth--) {
    const found = global([...around.slice(0, depth), name].join('::'), context)
    if (found !== undefined) return found
  }
  return undefined
}

function throughThis(name: string, self: Variable, context: Context): Meaning | undefined {
  const object = structBehind(self.typeIn(context.frame))
  const found = object && memberPath(object, name)
  if (object === undefined || found === undefined) return undefined
  if ('variable' in found) return variableMeaning(context.symbols.globalNamed(found.variable, { pc: context.pc }))
  if ('ambiguous' in found) throw ambiguous(found.ambiguous, name)
  return { kind: 'member', self, object, member: joined(found.path) }
}

/** What a compiler says, too, where several base classes have a member of that name. */
export const ambiguous = (written: readonly string[], name: string, position = 0): ExpressionError =>
  new ExpressionError(position, `${name} is a member of several base classes`, `Write ${listed(written)}.`)

/** No class has more, or a person reads no more of them. */
const MOST_LISTED = 4
const listed = (names: readonly string[]): string =>
  [...names.slice(0, MOST_LISTED), ...(names.length > MOST_LISTED ? ['…'] : [])].join(' or ')

function structBehind(type: CType): StructType | undefined {
  const stripped = strip(type)
  const target = stripped.kind === 'pointer' ? strip(stripped.target) : stripped
  return target.kind === 'struct' ? target : undefined
}

function global(name: string, { symbols, pc }: Context): Meaning | undefined {
  const variable = symbols.globalNamed(name, { pc })
  if (variable !== undefined) return { kind: 'variable', variable }
  const enumerator = symbols.enumeratorNamed(name, pc)
  if (enumerator !== undefined) {
    const { type, value } = enumerator
    return { kind: 'value', value: temporary(type, toBytes(value, type)) }
  }
  const found = symbols.functionNamed(name) ?? functionAt(symbols.symbolNamed(name)?.value, symbols)
  if (found !== undefined)
    return {
      kind: 'value',
      value: { type: symbols.functionType(found), place: { kind: 'memory', address: found.low } },
    }
  const inner = /^(.+)::([^:]+)$/.exec(name)
  const inFunction = inner ? symbols.variableOfFunction(inner[1], inner[2], pc) : undefined
  return variableMeaning(inFunction) ?? symbolMeaning(name, symbols)
}

/** The function that begins at an address. */
function functionAt(address: number | undefined, symbols: Context['symbols']): FunctionInfo | undefined {
  const info = address === undefined ? undefined : symbols.functionAt(address)
  return info?.low === address ? info : undefined
}

/** A symbol that no debug information describes: of assembly language, or of a library built without -g. */
function symbolMeaning(name: string, symbols: Context['symbols']): Meaning | undefined {
  const symbol = symbols.symbolNamed(name)
  if (symbol === undefined) return undefined
  const isCode = symbols.isCodeSymbol(symbol)
  const sized: CType | undefined = { 1: builtin.uchar, 2: builtin.ushort, 8: builtin.ulonglong }[symbol.size]
  const type: CType = isCode
    ? { kind: 'function', returns: builtin.int, parameters: [], isVariadic: false, isPrototyped: false }
    : (sized ?? builtin.uint)
  return { kind: 'value', value: { type, place: { kind: 'memory', address: symbol.value } } }
}

/** A register by the manual's name, in any case. The frame's own value where registers are saved by calls. */
export function registerNamed(name: string, context: Pick<Context, 'deviceRegister'>): Meaning | undefined {
  const upper = name.toUpperCase()
  const general = /^R(\d+)$/.exec(upper === 'SP' ? 'R1' : upper)
  if (general !== null && Number(general[1]) < 32) return { kind: 'general', number: Number(general[1]) }
  const float = /^F(\d+)$/.exec(upper)
  if (float !== null && Number(float[1]) < 32) {
    const place = { kind: 'register', register: 32 + Number(float[1]) } as const
    return { kind: 'value', value: { type: builtin.double, place } }
  }
  if (upper === 'PC' || upper === 'NIP') return { kind: 'pc' }
  if (describeRegister(upper, context) === undefined && !/^CR[0-7]$/.test(upper)) return undefined
  return { kind: 'value', value: { type: builtin.uint, place: { kind: 'named', name: upper } } }
}

/** The type of the program counter. */
export const code = pointerTo({
  kind: 'function',
  returns: { kind: 'void' },
  parameters: [],
  isVariadic: false,
  isPrototyped: false,
})

/** C++ references are followed wherever they are met. */
export function follow(value: Value, context: Context): Value {
  const type = strip(value.type)
  if (type.kind !== 'pointer' || type.symbol === '*') return value
  return { ...dereference(value, type.target, context), declared: value.type }
}

/** What a pointer points to. One that was optimized away may still point to a variable that was not (DWARF 5, §2.6.1.1.4). */
export function dereference(pointer: Value, target: CType, context: Context): Value {
  const { place } = pointer
  if (place.kind === 'implicitPointer') {
    const variable = context.symbols.variableAt(place.die)
    if (variable === undefined) return { type: target, place: { kind: 'optimizedOut' } }
    const type = variable.typeIn(context.frame)
    const whole = variable.locate(context.frame)
    return { type: target, place: partOf(whole, sizeOf(type) ?? 0, place.offset, sizeOf(target) ?? 0) }
  }
  const address = load(pointer, context)
  if (typeof address === 'string') return { type: target, place: { kind: 'unavailable', reason: address } }
  return { type: target, place: { kind: 'memory', address: addressOf(address) } }
}

const addressOf = ({ value }: Scalar): number => Number(BigInt.asUintN(32, toInteger(value)))
