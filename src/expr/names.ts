// What a name in an expression stands for. Variables come first, from the innermost block outwards, then what the file
// and the program define, and last the registers: a program may well have a variable called r3 or lr.

import { registerByName } from '../isa/registers.ts'
import { partOf } from '../symbols/location.ts'
import type { Variable } from '../symbols/scopes.ts'
import { builtin, type CType, findMember, pointerTo, type StructType, sizeOf, strip } from '../symbols/types.ts'
import type { Context } from './context.ts'
import { load, memberOf, type Scalar, temporary, toBytes, toInteger, type Value } from './value.ts'

/** Makes the value a name stands for in a context; which variable it is has been found out. */
export type Binding = (context: Context) => Value

/** What `name` means at the context's place; undefined if nothing. */
export function bind(name: string, file: string | undefined, context: Context): Binding | undefined {
  if (file !== undefined) {
    const variable = context.symbols.globalNamed(name, { file })
    return variable && variableBinding(variable)
  }
  return local(name, context) ?? global(name, context) ?? registerBinding(name)
}

export const variableBinding =
  (variable: Variable): Binding =>
  context =>
    follow({ type: variable.typeIn(context.frame), place: variable.locate(context.frame) }, context)

/** Namespaces and classes around a function, for each of which a name is looked up. */
const mostScopes = 16

function local(name: string, context: Context): Binding | undefined {
  const scopes = context.symbols.scopesAt(context.pc, context.inlineDepth)
  for (const scope of scopes) {
    if (scope.kind === 'file') continue
    const variable = scope.variables.find(each => each.name === name)
    if (variable !== undefined) return variableBinding(variable)
  }
  const self = scopes
    .filter(({ kind }) => kind !== 'file')
    .flatMap(scope => scope.variables)
    .find(each => each.name === 'this')
  const member = self && throughThis(name, self, context)
  if (member !== undefined) return member
  // In C++ a name may be one of the classes and namespaces around the function.
  const around = scopes.find(scope => scope.kind === 'function' || scope.kind === 'inlined')?.name?.split('::') ?? []
  for (let depth = Math.min(around.length - 1, mostScopes); depth > 0; depth--) {
    const found = global([...around.slice(0, depth), name].join('::'), context)
    if (found !== undefined) return found
  }
  return undefined
}

/** In a member function of C++, a member of the object it is called on. */
function throughThis(name: string, self: Variable, context: Context): Binding | undefined {
  const object = structBehind(self.typeIn(context.frame))
  const member = object && findMember(object, name)
  if (object === undefined || member === undefined) return undefined
  return context => {
    const pointer = load(variableBinding(self)(context), context)
    if (typeof pointer === 'string')
      return { type: member.type, place: { kind: 'unavailable', reason: `this: ${pointer}` } }
    const place = { kind: 'memory', address: addressOf(pointer) } as const
    return follow(memberOf({ type: object, place }, member, context), context)
  }
}

function structBehind(type: CType): StructType | undefined {
  const stripped = strip(type)
  const target = stripped.kind === 'pointer' ? strip(stripped.target) : stripped
  return target.kind === 'struct' ? target : undefined
}

function global(name: string, { symbols, pc }: Context): Binding | undefined {
  const variable = symbols.globalNamed(name, { pc })
  if (variable !== undefined) return variableBinding(variable)
  const enumerator = symbols.enumeratorNamed(name, pc)
  if (enumerator !== undefined) {
    const value = temporary(enumerator.type, toBytes(enumerator.value, enumerator.type))
    return () => value
  }
  const found = symbols.functionNamed(name)
  if (found !== undefined) {
    const value: Value = { type: symbols.functionType(found), place: { kind: 'memory', address: found.low } }
    return () => value
  }
  const inner = /^(.+)::([^:]+)$/.exec(name)
  const inFunction = inner ? symbols.variableOfFunction(inner[1], inner[2]) : undefined
  if (inFunction !== undefined) return variableBinding(inFunction)
  return symbolBinding(name, symbols)
}

/** A symbol that no debug information describes: of assembly language, or of a library built without -g. */
function symbolBinding(name: string, symbols: Context['symbols']): Binding | undefined {
  const symbol = symbols.symbolNamed(name)
  if (symbol === undefined) return undefined
  const isCode = symbols.isCodeSymbol(symbol)
  const sized: CType | undefined = { 1: builtin.uchar, 2: builtin.ushort, 8: builtin.ulonglong }[symbol.size]
  const type: CType = isCode
    ? { kind: 'function', returns: builtin.int, parameters: [], isVariadic: false, isPrototyped: false }
    : (sized ?? builtin.uint)
  return () => ({ type, place: { kind: 'memory', address: symbol.value } })
}

/** A register by the manual's name, in any case. The frame's own value where registers are saved by calls. */
export function registerBinding(name: string): Binding | undefined {
  const upper = name.toUpperCase()
  const general = /^R(\d+)$/.exec(upper === 'SP' ? 'R1' : upper)
  if (general !== null && Number(general[1]) < 32) {
    const number = Number(general[1])
    return context =>
      context.frame === undefined
        ? { type: builtin.uint, place: { kind: 'named', name: `r${number}` } }
        : { type: builtin.uint, place: { kind: 'register', register: number } }
  }
  const float = /^F(\d+)$/.exec(upper)
  if (float !== null && Number(float[1]) < 32)
    return () => ({ type: builtin.double, place: { kind: 'register', register: 32 + Number(float[1]) } })
  if (upper === 'PC' || upper === 'NIP') return programCounter
  if (registerByName(upper) === undefined && !/^CR[0-7]$/.test(upper)) return undefined
  return () => ({ type: builtin.uint, place: { kind: 'named', name: upper } })
}

const code = pointerTo({
  kind: 'function',
  returns: { kind: 'void' },
  parameters: [],
  isVariadic: false,
  isPrototyped: false,
})

/** In a caller's frame the address its callee returns to is not in the register. */
const programCounter: Binding = context =>
  context.readRegister('PC') === context.pc
    ? { type: code, place: { kind: 'named', name: 'PC' } }
    : temporary(code, toBytes(BigInt(context.pc), code))

/** C++ references are followed wherever they are met. */
export function follow(value: Value, context: Context): Value {
  const type = strip(value.type)
  return type.kind === 'pointer' && type.symbol !== '*' ? dereference(value, type.target, context) : value
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
