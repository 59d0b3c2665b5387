// Formatters at work: the row of the table for a type, its expressions compiled for it, and the view they give of an object.

import { partOf } from '../../symbols/location.ts'
import { joined, memberPath } from '../../symbols/memberPath.ts'
import { typeName } from '../../symbols/typeName.ts'
import {
  arrayOf,
  builtin,
  type CType,
  findNestedType,
  type Member,
  type StructType,
  sizeOf,
  strip,
} from '../../symbols/types.ts'
import { LazyList } from '../../util/lazyList.ts'
import { compile, type Expression } from '../compile.ts'
import { type Context, typesHere } from '../context.ts'
import { ExpressionError } from '../error.ts'
import { dereference, follow } from '../names.ts'
import { elementOf, load, memberOf, temporary, toBytes, toInteger, type Value } from '../value.ts'
import type { ElementsView, Formatters, ObjectView, TargetView } from '../view.ts'
import type { Formatter } from './formatter.ts'
import { listNodes, treeNodes } from './walks.ts'

/** Views by these rows; of several for a type, the first whose members are there. */
export function createFormatters(rows: readonly Formatter[]): Formatters {
  const known = new WeakMap<StructType, Viewer | undefined>()
  const wanted = rows.map(row => ({ row, isMeant: matcher(row.type) }))
  let depth = 0

  function formatterOf(type: StructType, context: Context): Viewer | undefined {
    if (known.has(type)) return known.get(type)
    const name = type.name?.replace(INLINE_NAMESPACE, 'std::')
    let found: Viewer | undefined
    let misfit: Viewer | undefined
    for (const { row, isMeant } of wanted) {
      if (name === undefined || !isMeant(name)) continue
      const made = compiledFor(row, type, context)
      if (typeof made !== 'string') found = made
      else if (row.origin !== undefined) misfit ??= unfit(row.origin, made)
      if (found !== undefined) break
    }
    found ??= misfit
    known.set(type, found)
    return found
  }

  return {
    viewOf(value, context) {
      const type = strip(value.type)
      if (type.kind !== 'struct' || type.size === undefined) return undefined
      if (value.place.kind === 'optimizedOut' || value.place.kind === 'unavailable') return undefined
      const formatter = formatterOf(type, context)
      if (formatter === undefined) return undefined
      // Formatters may use others: such that use each other come to no end.
      if (depth >= DEEPEST) return { kind: 'damaged', why: 'its formatters lead to each other' }
      depth++
      try {
        return formatter.view(value, context)
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error
        return { kind: 'damaged', why: error.message }
      } finally {
        depth--
      }
    },
  }
}

/** libstdc++ has containers in namespaces that programs do not name: `std::__cxx11::list`. */
const INLINE_NAMESPACE = /^std::__\w+::(?!_)/
const DEEPEST = 16
/** A list that does not say how long it is, is followed no further. */
const MOST_NODES = 100_000
/** Elements of a tuple. */
const MOST_BASES = 1000

/** `a::b` means the class and, whatever its arguments, the template; `*` stands for any text. */
function matcher(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  const name = new RegExp(`^${parts.join('.*')}$`)
  const hasArguments = pattern.includes('<')
  return each => name.test(hasArguments ? each : each.replace(/<.*$/, ''))
}

interface Viewer {
  view(object: Value, context: Context): ObjectView | undefined
}

/** Why not, where the type lacks a member that the row speaks of. */
function compiledFor(row: Formatter, type: StructType, context: Context): Viewer | string {
  try {
    return new FormatterOf(row, type, context)
  } catch (error) {
    if (error instanceof ExpressionError) return error.message
    throw error
  }
}

/** A row of the user's that is for a type and does not fit it: who wrote it has to know. */
const unfit = (origin: string, why: string): Viewer => ({ view: () => ({ kind: 'unfit', why: `${origin}: ${why}` }) })

type Evaluate = (context: Context) => Value

/** What the names in a formatter's expressions are worth now. */
interface Bound {
  readonly object: Value
  readonly node?: Value
  readonly index?: Value
}

class FormatterOf implements Viewer {
  readonly #type: StructType
  readonly #origin: string | undefined
  readonly #context: Context
  readonly #names = new Map<string, Evaluate>()
  readonly #checks: readonly { readonly why: string; readonly holds: (context: Context) => boolean }[]
  readonly #notes: readonly { readonly label: string; readonly evaluate: Evaluate }[]
  readonly #show: (context: Context, object: Value) => ObjectView | undefined
  #bound: Bound | undefined

  /** @throws ExpressionError */
  constructor(row: Formatter, type: StructType, context: Context) {
    this.#type = type
    this.#origin = row.origin
    this.#context = context
    for (const [name, text] of Object.entries(row.names ?? {})) this.#names.set(name, this.#compile(text).evaluate)
    this.#checks = Object.entries(row.valid ?? {}).map(([why, text]) => ({ why, holds: this.#compile(text).truth }))
    this.#notes = Object.entries(row.notes ?? {}).map(([label, text]) => ({ label, ...this.#compile(text) }))
    const show = this.#shown(row)
    this.#show = !row.isMap
      ? show
      : (where, object) => {
          const view = show(where, object)
          return view?.kind === 'elements' ? { ...view, isMap: true } : view
        }
  }

  /** @throws ExpressionError */
  view(object: Value, context: Context): ObjectView | undefined {
    for (const { why, holds } of this.#checks) {
      if (!this.#holds(holds, object, context)) return { kind: 'damaged', why }
    }
    const view = this.#with({ object }, () => this.#show(context, object))
    const missing = view?.kind === 'elements' ? missingOf(view, context) : undefined
    if (view?.kind !== 'elements' || missing === undefined) return view
    // What its author may have got wrong is told with the place where it stands.
    return missing.why !== undefined && this.#origin !== undefined
      ? { kind: 'unfit', why: `${this.#origin}: ${missing.why}` }
      : { kind: 'damaged', why: `its ${view.count} elements are not all in memory` }
  }

  #holds(holds: (context: Context) => boolean, object: Value, context: Context): boolean {
    try {
      return this.#with({ object }, () => holds(context))
    } catch (error) {
      if (error instanceof ExpressionError) return false
      throw error
    }
  }

  /** A formatter may look at other objects of its own type while it looks at one. */
  #with<T>(bound: Bound, work: () => T): T {
    const before = this.#bound
    this.#bound = bound
    try {
      return work()
    } finally {
      this.#bound = before
    }
  }

  #compile(text: string): Expression {
    const types = typesHere(this.#context)
    return compile(text, {
      types: {
        typeNamed: (name, keyword) => {
          const argument = /^T(\d)$/.exec(name)
          if (argument !== null) return this.#type.templateArguments[Number(argument[1]) - 1]
          return findNestedType(this.#type, name) ?? types.typeNamed(name, keyword)
        },
      },
      named: ({ name, position }) => this.#meaning(name, position),
    })
  }

  #meaning(name: string, position: number): Evaluate | undefined {
    if (name === 'node') return () => this.#bound!.node!
    if (name === 'i') return () => this.#bound!.index!
    const number = /^N(\d)$/.exec(name)
    if (number !== null) return numbered(this.#type, Number(number[1]), position)
    const found = memberPath(this.#type, name)
    const member = found !== undefined && 'path' in found ? joined(found.path) : undefined
    if (member !== undefined) return context => follow(memberOf(this.#bound!.object, member, context), context)
    const named = this.#names.get(name)
    // What is written with its scope is the program's; a local variable of that name is not meant.
    if (named !== undefined || name.includes('::')) return named
    throw new ExpressionError(position, `${typeName(this.#type)} has no ${name}`, 'Name a member of it.')
  }

  #shown(row: Formatter): (context: Context, object: Value) => ObjectView | undefined {
    switch (row.show) {
      case 'as':
        return this.#as(row.value)
      case 'parts':
        return this.#parts(row.parts)
      case 'array':
      case 'text':
        return this.#range(row)
      case 'items':
        return this.#items(row)
      case 'list':
      case 'tree':
        return this.#nodes(row)
      case 'bases':
        return (context, object) => elementsOfBases(object, row.member, context)
      case 'pointer':
        return this.#pointer(row.pointer)
      case 'optional':
        return this.#optional(row)
      case 'variant':
        return this.#variant(row)
    }
  }

  #as(text: string): (context: Context) => ObjectView | undefined {
    const { evaluate } = this.#compile(text)
    return context => {
      const value = evaluate(context)
      const type = strip(value.type)
      if (type.kind === 'array') return elementsOfArray(value, type.element, type.count ?? 0, true)
      // In place of an array without elements.
      if (type.kind === 'struct' && type.members.length === 0) return elementsOfArray(value, type, 0, true)
      return context.formatters?.viewOf(value, context)
    }
  }

  #parts(parts: Readonly<Record<string, string>>): (context: Context) => ObjectView {
    const compiled = Object.entries(parts).map(([name, text]) => {
      const path = /^\w+(\.\w+)*$/.test(text) && !this.#names.has(text.replace(/\..*/, '')) ? text : undefined
      return { name, path, evaluate: this.#compile(text).evaluate }
    })
    return context => ({
      kind: 'parts',
      parts: compiled.map(({ name, path, evaluate }) => ({ name, path, value: evaluate(context) })),
    })
  }

  #range({ show, first, size }: Formatter & { show: 'array' | 'text' }): (context: Context) => ObjectView {
    const [begin, length] = [this.#compile(first), this.#compile(size)]
    return context => {
      const count = countOf(length.evaluate(context), context)
      const pointer = begin.evaluate(context)
      const type = strip(pointer.type)
      if (type.kind !== 'pointer') return { kind: 'damaged', why: `${first} is no pointer` }
      if (typeof count === 'string') return { kind: 'damaged', why: count }
      const { place } = dereference(pointer, type.target, context)
      const array: Value = { type: arrayOf(type.target, count), place }
      if (show === 'array') return elementsOfArray(array, type.target, count, false)
      const isSound = count === 0 || [0, count - 1].every(at => isReadable(elementOf(array, type.target, at), context))
      return isSound
        ? { kind: 'text', array }
        : { kind: 'damaged', why: `its ${count} characters are not all in memory` }
    }
  }

  #items({ size, item }: Formatter & { show: 'items' }): (context: Context, object: Value) => ObjectView {
    const [length, element] = [this.#compile(size), this.#compile(item)]
    return (context, object) => {
      const count = countOf(length.evaluate(context), context)
      if (typeof count === 'string') return { kind: 'damaged', why: count }
      const at = (i: number) => {
        const index = temporary(builtin.int, toBytes(BigInt(i), builtin.int))
        return this.#with({ object, index }, () => evaluated(element, context))
      }
      return { kind: 'elements', count, isFixed: false, isLinked: false, isMap: false, at }
    }
  }

  #nodes(row: Formatter & { show: 'list' | 'tree' }): (context: Context, object: Value) => ObjectView {
    const compiled = (text: string) => this.#compile(text)
    const size = row.size === undefined ? undefined : compiled(row.size)
    const value = compiled(row.value)
    const first = compiled(row.show === 'list' ? row.first : row.root)
    const [end, next] = row.show === 'list' ? [compiled(row.end), compiled(row.next)] : []
    const sides = row.show === 'tree' ? { left: compiled(row.left), right: compiled(row.right) } : undefined
    return (context, object) => {
      const begin = first.evaluate(context)
      const bound = (address: number): Bound => ({
        object,
        node: temporary(begin.type, toBytes(BigInt(address), begin.type)),
      })
      const link = (of: Expression) => (node: number) =>
        this.#with(bound(node), () => {
          const found = evaluated(of, context)
          return typeof found === 'string' ? found : addressOf(found, context)
        })
      const start = addressOf(begin, context)
      const nodes =
        sides === undefined
          ? listNodes(start, link(next!), Number(addressOf(end!.evaluate(context), context)))
          : treeNodes(start, { left: link(sides.left), right: link(sides.right) })
      const found = new LazyList(nodes)
      const count = size === undefined ? found.slice(0, MOST_NODES).length : countOf(size.evaluate(context), context)
      if (typeof count === 'string') return { kind: 'damaged', why: count }
      const at = (i: number) => {
        const [node] = found.slice(i, i + 1)
        if (node === undefined) return `it has ${count} elements by its own account, but no more are linked`
        return typeof node === 'string' ? node : this.#with(bound(node), () => evaluated(value, context))
      }
      return { kind: 'elements', count, isFixed: false, isLinked: true, isMap: false, at }
    }
  }

  #pointer(text: string): (context: Context) => ObjectView {
    const { evaluate } = this.#compile(text)
    return context => {
      const pointer = evaluate(context)
      const type = strip(pointer.type)
      if (type.kind !== 'pointer') return { kind: 'damaged', why: `${text} is no pointer` }
      const address = load(pointer, context)
      const leads = typeof address !== 'string' && address.value !== 0n && sizeOf(type.target) !== undefined
      const object = leads ? dereference(pointer, type.target, context) : undefined
      return { kind: 'target', pointer, object, notes: this.#noted(context) }
    }
  }

  #noted(context: Context): string[] {
    const numbers = this.#notes.map(({ label, evaluate }) => ({ label, number: load(evaluate(context), context) }))
    const isEmpty = numbers.every(({ number }) => typeof number === 'string' || Number(number.value) === 0)
    if (isEmpty) return []
    return numbers.map(({ label, number }) => `${label} ${typeof number === 'string' ? `<${number}>` : number.value}`)
  }

  #optional({ has, value }: Formatter & { show: 'optional' }): (context: Context) => TargetView {
    const [there, object] = [this.#compile(has), this.#compile(value)]
    return context => ({
      kind: 'target',
      object: there.truth(context) ? object.evaluate(context) : undefined,
      notes: this.#noted(context),
    })
  }

  #variant({ index, storage }: Formatter & { show: 'variant' }): (context: Context) => ObjectView {
    const [number, place] = [this.#compile(index), this.#compile(storage)]
    const types = this.#type.templateArguments
    return context => {
      const which = load(number.evaluate(context), context)
      if (typeof which === 'string') return { kind: 'damaged', why: `which of its types it has is not known: ${which}` }
      const i = Number(which.value)
      // What it was going to hold could not be made (C++17, §23.7.3.5).
      if (i < 0) return { kind: 'target', object: undefined, notes: [] }
      const type = types[i]
      if (type === undefined) return { kind: 'damaged', why: `it has ${types.length} types, and none with number ${i}` }
      const whole = place.evaluate(context)
      if (whole.place.kind === 'named') return { kind: 'damaged', why: `${storage} has no place` }
      const object = { type, place: partOf(whole.place, sizeOf(whole.type) ?? 0, 0, sizeOf(type) ?? 0) }
      return { kind: 'target', object, notes: [] }
    }
  }
}

/** Of the arguments of a template that are numbers, the nth. */
function numbered(type: StructType, n: number, position: number): Evaluate {
  const number = type.templateNumbers[n - 1]
  if (number === undefined)
    throw new ExpressionError(position, `${typeName(type)} has no ${n}. argument that is a number`, 'Count from 1.')
  const value = temporary(builtin.ulonglong, toBytes(number, builtin.ulonglong))
  return () => value
}

function evaluated({ evaluate }: Expression, context: Context): Value | string {
  try {
    return evaluate(context)
  } catch (error) {
    if (error instanceof ExpressionError) return error.message
    throw error
  }
}

function addressOf(value: Value, context: Context): number | string {
  const number = load(value, context)
  return typeof number === 'string' ? number : Number(BigInt.asUintN(32, toInteger(number.value)))
}

/** A number of elements, or why it is none. */
function countOf(value: Value, context: Context): number | string {
  const number = load(value, context)
  if (typeof number === 'string') return `how many elements it has is not known: ${number}`
  const count = Number(number.value)
  return count >= 0 ? count : `it has ${count} elements`
}

const elementsOfArray = (array: Value, element: CType, count: number, isFixed: boolean): ElementsView => ({
  kind: 'elements',
  count,
  isFixed,
  isLinked: false,
  isMap: false,
  at: index => elementOf(array, element, index),
})

/** In a class without a chain there are none. */
function elementsOfBases(object: Value, name: string, context: Context): ElementsView {
  const elements: Value[] = []
  const basesOf = ({ type }: Value) => {
    const stripped = strip(type)
    return stripped.kind === 'struct' ? stripped.members.filter(({ isBase }) => isBase) : []
  }
  const within = (value: Value, member: Member) => memberOf(value, member, context)
  const [chain] = basesOf(object)
  let link: Value | undefined = chain && within(object, chain)
  while (link !== undefined && elements.length < MOST_BASES) {
    const bases = basesOf(link)
    const own = bases.at(-1)
    if (own === undefined) break
    const holder = within(link, own)
    const type = strip(holder.type)
    const member = type.kind === 'struct' ? type.members.find(each => each.name === name) : undefined
    elements.push(member === undefined ? holder : within(holder, member))
    link = bases.length > 1 ? within(link, bases[0]) : undefined
  }
  const at = (index: number) => elements[index] ?? 'there is none'
  return { kind: 'elements', count: elements.length, isFixed: true, isLinked: false, isMap: false, at }
}

/**
 * Of what says that it has elements, some must be there, or it has none but says so by accident. `why`: an expression for
 * one has no value.
 */
function missingOf(
  { count, isFixed, isLinked, at }: ElementsView,
  context: Context,
): { readonly why?: string } | undefined {
  if (count === 0 || isFixed) return undefined
  for (const index of isLinked ? [0] : [0, count - 1]) {
    const element = at(index)
    if (typeof element === 'string') return { why: element }
    if (!isReadable(element, context)) return {}
  }
  return undefined
}

const isReadable = ({ place }: Value, context: Context): boolean =>
  place.kind !== 'memory' || context.readMemory(place.address, 1) !== undefined
