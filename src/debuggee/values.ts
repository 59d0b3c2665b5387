// Values as rows of a tree: a name, a text, a type, and what is inside, read when someone looks.

import type { Context } from '../expr/context.ts'
import { dereference, follow } from '../expr/names.ts'
import { complexPart, elementOf, load, memberOf, type Value } from '../expr/value.ts'
import type { NamedPart, ObjectView } from '../expr/view.ts'
import type { Scope, Variable } from '../symbols/scopes.ts'
import { typeName } from '../symbols/typeName.ts'
import { arrayOf, type ComplexType, type CType, type Member, type StructType, sizeOf, strip } from '../symbols/types.ts'
import { type Child, type Container, type Inside, numberIn, numbersOf } from './tree.ts'
import { elementRows } from './values/formatted.ts'
import { baseName, formatted, type MemberOwner, memberName, operand, variableName } from './values/names.ts'
import { setValue } from './values/set.ts'
import { asText, type Presentation, typeText, valueText } from './values/summary.ts'

export type { Presentation } from './values/summary.ts'

/** An array without a length, or one that damage made endless, shows so many elements at once. */
const pageLimit = 10_000

/** A value under a name. `expression` gives it again, and from it those inside; its format is that of `presentation`. */
export function row(name: string, value: Value, presentation: Presentation, expression?: string): Child {
  const { context, format } = presentation
  if (format?.count !== undefined) return counted(name, value, format.count, presentation, expression)
  const seen = follow(value, context)
  const view = viewOf(seen, presentation)
  const inside = contents(seen, view, presentation, expression)
  const address = addressOf(seen, context)
  const isSettable = canSet(seen) && !format?.isRaw && view === undefined
  return {
    name,
    value: format?.isString ? asText(seen, context) : valueText(seen, presentation),
    type: typeText(seen.declared ?? seen.type, seen.bits),
    ...inside,
    ...(address !== undefined && { address }),
    ...(isCodePointer(seen) && { code: address }),
    ...(seen.place.kind === 'memory' &&
      seen.bits === undefined && { place: seen.place.address, size: sizeOf(seen.type) }),
    ...(expression !== undefined && { evaluateName: formatted(expression, format) }),
    ...(isSettable && {
      set(text: string) {
        setValue(seen, text, context)
        return valueText(seen, presentation)
      },
    }),
  }
}

/** `list,[10]`: what a pointer leads to, or an array, as so many elements. */
function counted(name: string, value: Value, count: number, presentation: Presentation, expression?: string): Child {
  const { context, format } = presentation
  const type = strip(value.type)
  const target = type.kind === 'pointer' ? type.target : type.kind === 'array' ? type.element : value.type
  const first = type.kind === 'pointer' ? dereference(value, target, context) : value
  const array: Value = { type: arrayOf(target, Math.min(count, pageLimit)), place: first.place }
  const rest = format?.radix === undefined ? undefined : { radix: format.radix }
  const shown = row(name, array, { context, format: rest }, expression)
  return { ...shown, ...(expression !== undefined && { evaluateName: formatted(expression, format) }) }
}

/** The rows of a scope: its variables, each by its own name. */
export const scopeRows = (scope: Scope, presentation: Presentation): Child[] =>
  scope.variables.map(variable => variableRow(variable, presentation))

/** A row for those that are not shown. */
const moreRow = (count: number): Child => ({ name: '…', value: `<${count} more are left out>` })

export function variableRow(variable: Variable, presentation: Presentation): Child {
  const { context } = presentation
  const value: Value = { type: variable.typeIn(context.frame), place: variable.locate(context.frame) }
  return row(variable.name, value, presentation, variableName(variable, context))
}

function contents(
  value: Value,
  view: ObjectView | undefined,
  presentation: Presentation,
  expression: string | undefined,
): Inside {
  const type = strip(value.type)
  switch (type.kind) {
    case 'struct': {
      if (type.members.length + type.staticMembers.length === 0 || isMissing(value)) return {}
      if (view !== undefined) return viewContents(view, value, type, presentation, expression)
      const inner = presentation.format?.isRaw ? plain(presentation) : presentation
      return { container: { children: () => members(value, type, inner, ownerOf(expression, '.', type)) } }
    }
    case 'array':
      return arrayContents(value, type.element, type.count ?? 0, presentation, expression)
    case 'complex':
      return isMissing(value) ? {} : complexContents(value, type, presentation, expression)
    case 'pointer':
      return pointerContents(value, type.target, presentation, expression)
    default:
      return {}
  }
}

const isMissing = ({ place }: Value): boolean => place.kind === 'optimizedOut' || place.kind === 'unavailable'

const viewOf = (value: Value, { context, format }: Presentation): ObjectView | undefined =>
  format?.isRaw ? undefined : context.formatters?.viewOf(value, context)

/** What is inside is formatted again. */
const plain = ({ context }: Presentation): Presentation => ({ context })

function viewContents(
  view: ObjectView,
  value: Value,
  type: StructType,
  presentation: Presentation,
  expression: string | undefined,
): Inside {
  if (view.kind === 'damaged' || view.kind === 'unfit')
    return { container: { children: () => members(value, type, presentation, ownerOf(expression, '.', type)) } }
  const raw = () => row('[raw]', value, { ...plain(presentation), format: { isRaw: true } }, expression)
  if (view.kind === 'target') {
    const inside = view.object === undefined ? [] : behind(view.object, presentation, expression)
    return { container: { children: () => [...inside, raw()] } }
  }
  const object = expression && operand(expression)
  if (view.kind === 'parts') {
    const part = ({ name, value: inner, path }: NamedPart) =>
      row(name, inner, presentation, object && path && `${object}.${path}`)
    return { container: { children: () => [...view.parts.map(part), raw()] } }
  }
  return elementRows(view, {
    row: (name, element, expression) => row(name, element, presentation, expression),
    raw,
    operand: object,
    presentation,
  })
}

function arrayContents(
  value: Value,
  element: CType,
  count: number,
  presentation: Presentation,
  expression: string | undefined,
): Inside {
  if (count === 0 || isMissing(value)) return {}
  const child = (i: number): Child => {
    const name = expression && `${operand(expression)}[${i}]`
    return row(`[${i}]`, elementOf(value, element, i), presentation, name)
  }
  const container: Container = {
    children: (start, wanted) => numbersOf(count, start, wanted).map(child),
    child(name) {
      const index = numberIn(name)
      return index !== undefined && index < count ? child(index) : undefined
    },
  }
  return { indexedVariables: count, container }
}

function complexContents(
  value: Value,
  type: ComplexType,
  presentation: Presentation,
  expression: string | undefined,
): Inside {
  const part = (which: 'real' | 'imaginary', operator: string) =>
    row(which, complexPart(value, type, which), presentation, expression && `${operator} ${operand(expression)}`)
  return { container: { children: () => [part('real', '__real__'), part('imaginary', '__imag__')] } }
}

/** Behind a pointer to a structure are its members; behind another, what it points to. */
function pointerContents(
  value: Value,
  target: CType,
  presentation: Presentation,
  expression: string | undefined,
): Inside {
  const { context } = presentation
  const type = strip(target)
  const pointer = load(value, context)
  const isNowhere = typeof pointer === 'string' ? value.place.kind !== 'implicitPointer' : pointer.value === 0n
  if (isNowhere || type.kind === 'void' || type.kind === 'function' || sizeOf(target) === undefined) return {}
  const object = dereference(value, target, context)
  const view = viewOf(object, presentation)
  // Elements are what one looks for behind a pointer to a container.
  if (view !== undefined && type.kind === 'struct')
    return viewContents(view, object, type, presentation, expression && `*${operand(expression)}`)
  return { container: { children: () => behind(object, presentation, expression) } }
}

/** What `*` and `->` of the expression reach. */
function behind(object: Value, presentation: Presentation, expression: string | undefined): readonly Child[] {
  const type = strip(object.type)
  if (type.kind === 'struct' && viewOf(object, presentation) === undefined)
    return members(object, type, presentation, ownerOf(expression, '->', type))
  return [row(`*${expression ?? ''}`, object, presentation, expression && `*${operand(expression)}`)]
}

const ownerOf = (
  expression: string | undefined,
  access: MemberOwner['access'],
  type: StructType,
): MemberOwner | undefined => (expression === undefined ? undefined : { expression, access, type, path: [] })

/** Base classes and members in the order of their declaration, then static members. */
function members(object: Value, type: StructType, presentation: Presentation, owner: MemberOwner | undefined): Child[] {
  const { context } = presentation
  const rows = type.members.slice(0, pageLimit).map(member => {
    const value = memberOf(object, member, context)
    if (member.name === undefined || member.isBase) return unnamed(member, value, presentation, owner)
    return row(member.name, value, presentation, owner && memberName(owner, member, context))
  })
  if (type.members.length > pageLimit) return [...rows, moreRow(type.members.length - pageLimit)]
  return [...rows, ...staticMembers(type, presentation)]
}

/** A base class, or a structure without a name: what is in it is reached as if it were the outer one's. */
function unnamed(member: Member, value: Value, presentation: Presentation, owner: MemberOwner | undefined): Child {
  const type = strip(member.type)
  const base = owner && member.isBase ? baseName(owner, member, presentation.context) : undefined
  const shown = row(typeName(member.type), value, presentation, base)
  if (type.kind !== 'struct' || shown.container === undefined || viewOf(value, presentation) !== undefined) return shown
  const inner = owner && { ...owner, path: [...owner.path, member], base: member.isBase ? base : owner.base }
  return { ...shown, container: { children: () => members(value, type, presentation, inner) } }
}

function staticMembers(type: StructType, presentation: Presentation): Child[] {
  const { symbols } = presentation.context
  return type.staticMembers.slice(0, pageLimit).flatMap(name => {
    const qualified = `${type.name}::${name}`
    const variable = symbols.globalNamed(qualified)
    return variable === undefined ? [] : [{ ...variableRow(variable, presentation), name }]
  })
}

const isCodePointer = ({ type }: Value): boolean => {
  const pointer = strip(type)
  return pointer.kind === 'pointer' && strip(pointer.target).kind === 'function'
}

function addressOf(value: Value, context: Context): number | undefined {
  if (strip(value.type).kind === 'pointer') {
    const pointer = load(value, context)
    if (typeof pointer !== 'string') return Number(pointer.value)
  }
  return value.place.kind === 'memory' ? value.place.address : undefined
}

/** Whether it has a place that can be written, and a kind of value that can be typed. */
function canSet({ type, place }: Value): boolean {
  const stripped = strip(type)
  if (stripped.kind === 'function' || stripped.kind === 'void') return false
  if (stripped.kind === 'array' && strip(stripped.element).kind !== 'base') return false
  return (
    place.kind !== 'optimizedOut' &&
    place.kind !== 'unavailable' &&
    place.kind !== 'value' &&
    place.kind !== 'implicitPointer'
  )
}
