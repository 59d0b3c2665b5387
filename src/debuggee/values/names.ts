// Expressions that give what a row shows again. Each is tried before it is offered: the plain name may mean something else
// here, for names hide each other.

import type { Context } from '../../expr/context.ts'
import { type Format, formatText } from '../../expr/format.ts'
import { meansMember, meansVariable, nodeOf } from '../../expr/meant.ts'
import { basePath } from '../../symbols/memberPath.ts'
import type { Variable } from '../../symbols/scopes.ts'
import { typeName } from '../../symbols/typeName.ts'
import { type CType, type Member, type StructType, strip } from '../../symbols/types.ts'

/** A name as it stands in an expression: in quotes where it has other characters than names of the source, as gdb takes it. */
const written = (name: string): string => (/^[\w:$]+$/.test(name) || /['\\]/.test(name) ? name : `'${name}'`)

/** The name of a variable seen at the context's place; undefined where others hide it. */
export function variableName(variable: Variable, context: Context): string | undefined {
  const { name, entry } = variable
  if (entry === undefined) return undefined
  const candidates = [written(name), `::${written(name)}`, ...inFunctions(name, context)]
  return candidates.find(text => meansVariable(text, variable, context))
}

/** `f::calls` and `f(int)::calls`, as gdb writes the variables of a function's blocks. */
function* inFunctions(name: string, { symbols, pc }: Context): Generator<string> {
  const info = symbols.functionAt(pc)
  if (info === undefined) return
  yield written(`${info.name}::${name}`)
  const symbol = symbols.symbolAt(info.low)
  if (symbol?.offset === 0) yield written(`${symbol.name}::${name}`)
}

/** Where members are reached from: an object, or by `->` what a pointer points to. */
export interface MemberOwner {
  readonly expression: string
  readonly access: '.' | '->'
  readonly type: StructType
  /** The anonymous structures and base classes between the object and the members. */
  readonly path: readonly Member[]
  /** The expression of the base class that the members are in, where there is one. */
  readonly base?: string | undefined
}

/** The expression of a member with a name. */
export function memberName(owner: MemberOwner, member: Member, context: Context): string | undefined {
  const { expression, access, type, path, base } = owner
  const name = written(member.name!)
  const whole = [...path, member]
  const candidates = [name, ...path.map((_, i) => qualified(path.slice(-1 - i), name))]
  const found = candidates.find(text => meansMember(text, type, whole, context))
  if (found !== undefined) return `${operand(expression)}${access}${found}`
  return base && `${operand(base)}.${name}`
}

/** `A::B::x` of what is in these base classes. */
function qualified(path: readonly Member[], name: string): string {
  const bases = path.filter(({ isBase }) => isBase).map(({ type }) => typeName(type))
  return bases.length === 0 ? name : written([...bases, name].join('::'))
}

/** The expression of a base class, a cast; undefined where its name leads to another class, or to none. */
export function baseName(owner: MemberOwner, member: Member, context: Context): string | undefined {
  const { expression, access, type, path, base } = owner
  const object = access === '.' ? operand(expression) : `*${operand(expression)}`
  const isOf = (from: StructType, way: readonly Member[]) => {
    const target = strip(member.type)
    const found = target.kind === 'struct' ? basePath(from, target) : undefined
    return found?.length === way.length && found.every((each, i) => each === way[i])
  }
  const name = writtenType(typeName(member.type))
  const direct = isOf(type, [...path, member]) ? object : base
  const text = direct && `(${name} &)${direct}`
  const node = text === undefined ? undefined : nodeOf(text, context)
  return node?.kind === 'cast' && isReferenceTo(node.type, member.type) ? text : undefined
}

function isReferenceTo(type: CType, target: CType): boolean {
  const [to, wanted] = [type.kind === 'pointer' && type.symbol === '&' ? strip(type.target) : undefined, strip(target)]
  return to === wanted || (to?.kind === 'struct' && wanted.kind === 'struct' && to.name === wanted.name)
}

const writtenType = (name: string): string => (/^[\w:$<>, *&]+$/.test(name) ? name : written(name))

/** An expression as an operand of `.`, `->`, `[]` and unary `*`. */
export const operand = (expression: string): string =>
  /^(\$?[\w:$]+|'[^']*')(->[\w:]+|\.[\w:]+|\[\d+\])*$/.test(expression) ? expression : `(${expression})`

/** What to type to see an expression's value with this format. */
export const formatted = (expression: string, format: Format | undefined): string =>
  format === undefined ? expression : expression + formatText(format)
