// From tree to closures: each node becomes a function of the context that gives its value.

import { type Register, sizeOfField } from '../isa/register.ts'
import { joined, memberPath } from '../symbols/memberPath.ts'
import { alignOf, builtin, objectSize, pointerTo, sizeOf, strip } from '../symbols/types.ts'
import { arithmetic, compare, negate, promote } from './arithmetic.ts'
import { assign, isWhole } from './assign.ts'
import { type CastRefusal, cast } from './cast.ts'
import { type Context, describeRegister } from './context.ts'
import { compileDirectly, type DirectTruth } from './direct.ts'
import { dynamicCast } from './dynamicCast.ts'
import { elementAt, textOf } from './elements.ts'
import { ExpressionError } from './error.ts'
import type { Format } from './format.ts'
import { expanded, mostReplacements } from './macros.ts'
import { isSameMember, memberMeant, memberPointer } from './memberOf.ts'
import { ambiguous, dereference, follow, type Meaning, meaningOf, registerNamed, valueMeant } from './names.ts'
import { parse } from './parser.ts'
import type { BinaryOperator, NameScope, Node } from './syntax.ts'
import { compareText } from './text.ts'
import { remembered, type TypeNames } from './typeNames.ts'
import { complexPart, elementOf, isZero, load, memberOf, type Scalar, temporary, toBytes, type Value } from './value.ts'

/** An expression, understood once, to be evaluated as often as needed. */
export interface Expression {
  readonly text: string
  /** How its value is to be shown, where the text said so: `count,x`. */
  readonly format: Format | undefined
  /** @throws ExpressionError where it has no value here. */
  evaluate(context: Context): Value
  /** Whether its value counts as true, for conditions. @throws ExpressionError */
  truth(context: Context): boolean
}

export interface CompileOptions {
  /** Where type names are looked up. Without it only those of the language are known. */
  readonly types?: TypeNames
  /** Allow `=`, `+=`, `++` and their like. */
  readonly assignment?: boolean
  /** Names that stand before all others. @throws ExpressionError where a name must not mean anything else. */
  readonly named?: NameScope['named']
}

const noTypes: TypeNames = { typeNamed: () => undefined }

/** @throws ExpressionError where the text is not an expression. */
export function compile(text: string, { types = noTypes, assignment = false, named }: CompileOptions = {}): Expression {
  const inside: NameScope = { macros: [], replacements: { left: 0 }, known: new Map(), named }
  const { node, format } = parse(text, remembered(types), assignment, inside)
  const compiled = compileNode(node)
  const evaluate = (context: Context): Value => {
    inside.replacements.left = mostReplacements
    return compiled(context)
  }
  const direct = new WeakMap<Context, DirectTruth>()
  const directTruth = (context: Context): boolean | undefined => {
    const { live } = context
    if (live === undefined) return undefined
    let ask = direct.get(context)
    if (ask === undefined) {
      inside.replacements.left = mostReplacements
      direct.set(context, (ask = compileDirectly(node, context, live)))
    }
    return ask()
  }
  const truth = (context: Context): boolean =>
    directTruth(context) ?? isTrue(scalarOf(evaluate(context), context, node))
  return { text, format, evaluate, truth }
}

type Evaluate = (context: Context) => Value

/** A number from a value, or the error that says why it is none. */
function scalarOf(value: Value, context: Context, node: Node): Scalar {
  const scalar = load(value, context)
  if (typeof scalar === 'string')
    throw new ExpressionError(node.position, `${describe(node)} has no value`, `${sentence(scalar)}.`)
  return scalar
}

const describe = (node: Node): string => (node.kind === 'name' || node.kind === 'member' ? node.name : 'this')
const sentence = (text: string): string => text[0].toUpperCase() + text.slice(1)

const isTrue = ({ value }: Scalar): boolean => !isZero(value)

const number = ({ type, value }: Scalar): Value => temporary(type, toBytes(value, type))
const truthValue = (value: boolean): Value => number({ type: builtin.int, value: value ? 1n : 0n })

function compileNode(node: Node): Evaluate {
  switch (node.kind) {
    case 'integer':
    case 'float': {
      const constant = number(node)
      return () => constant
    }
    case 'string': {
      const { bytes, element } = node
      const constant = temporary({ kind: 'array', element, count: bytes.length / (sizeOf(element) ?? 1) }, bytes)
      return () => constant
    }
    case 'name':
      return compileName(node)
    case 'register':
      return compileRegister(node)
    case 'unary':
      return compileUnary(node)
    case 'binary':
      return compileBinary(node)
    case 'logical':
      return compileLogical(node)
    case 'conditional': {
      const condition = compileNumber(node.condition)
      const [yes, no] = [compileNode(node.yes), compileNode(node.no)]
      return context => (isTrue(condition(context)) ? yes(context) : no(context))
    }
    case 'cast':
      return compileCast(node)
    case 'castLike':
      return compileCastLike(node)
    case 'dynamicCast': {
      const operand = compileNode(node.operand)
      return context => accepted(dynamicCast(operand(context), node.type, context), node)
    }
    case 'memberOf':
      return compileMemberOf(node)
    case 'sizeof':
    case 'alignof':
      return compileMeasure(node)
    case 'index':
      return compileIndex(node)
    case 'member':
      return compileMember(node)
    case 'assign':
      return compileAssign(node)
  }
}

/** For operands that must be numbers. */
function compileNumber(node: Node): (context: Context) => Scalar {
  const evaluate = compileNode(node)
  return context => scalarOf(evaluate(context), context, node)
}

/** A promoted number, as operators take them. */
function compileOperand(node: Node): (context: Context) => Scalar {
  const evaluate = compileNode(node)
  return context => operandOf(evaluate(context), context, node)
}

const operandOf = (value: Value, context: Context, node: Node): Scalar =>
  promote(scalarOf(value, context, node), value.bits)

function compileName(node: Node & { kind: 'name' }): Evaluate {
  const { known } = node.inside
  const key = `${node.file ?? ''} ${node.isGlobal ? '::' : ''}${node.name}`
  let evaluate = known.get(key)
  if (evaluate === undefined) known.set(key, (evaluate = node.inside.named?.(node) ?? lookUp(node)))
  return evaluate
}

/** What a name means is looked up once for each place it is evaluated at, not each time. */
function lookUp(node: Node & { kind: 'name' }): Evaluate {
  let at: { symbols: unknown; pc: number; inlineDepth: number; evaluate: Evaluate } | undefined
  return context => {
    const { symbols, pc, inlineDepth } = context
    if (at?.pc !== pc || at.inlineDepth !== inlineDepth || at.symbols !== symbols) {
      const meaning = meaningOf(node, context)
      const evaluate = meaning ? evaluation(meaning) : expanded(node, context, compileNode)
      if (evaluate === undefined) {
        const advice = "Check its spelling; a variable of another file is 'file.c'::name, a register $name."
        throw new ExpressionError(node.position, `nothing here is called ${node.name}`, advice)
      }
      at = { symbols, pc, inlineDepth, evaluate }
    }
    return at.evaluate(context)
  }
}

const evaluation =
  (meaning: Meaning): Evaluate =>
  context =>
    valueMeant(meaning, context)

function compileRegister({ name, position }: Node & { kind: 'register' }): Evaluate {
  const meaning = registerNamed(name, {})
  if (meaning !== undefined) return evaluation(meaning)
  const advice = "Registers have the manual's names, e.g. $r3, $msr, $dbsr, $uic0_sr."
  const unknown = new ExpressionError(position, `the 440 has no register ${name}`, advice)
  // Which devices there are is known where the program stands.
  if (!name.includes('_')) throw unknown
  return context => {
    const ofDevice = registerNamed(name, context)
    if (ofDevice === undefined) throw unknown
    return valueMeant(ofDevice, context)
  }
}

function compileUnary(node: Node & { kind: 'unary' }): Evaluate {
  const { operator, position } = node
  switch (operator) {
    case '*':
      return compileDereference(node)
    case '&':
      return compileAddress(node)
    case '__real__':
    case '__imag__':
      return compilePart(node)
    case '!': {
      const operand = compileNumber(node.operand)
      return context => truthValue(!isTrue(operand(context)))
    }
    default: {
      const operand = compileOperand(node.operand)
      return context => number(accept(position, negate(operator, operand(context))))
    }
  }
}

/** GNU C's way to the parts of a complex number. */
function compilePart({ operator, operand, position }: Node & { kind: 'unary' }): Evaluate {
  const evaluate = compileNode(operand)
  return context => {
    const value = evaluate(context)
    const type = strip(value.type)
    if (type.kind === 'complex') return complexPart(value, type, operator === '__real__' ? 'real' : 'imaginary')
    throw new ExpressionError(position, `${describe(operand)} is no complex number`, `Remove the ${operator}.`)
  }
}

function accept(position: number, result: Scalar | string): Scalar {
  if (typeof result === 'string') throw new ExpressionError(position, result, 'Change one of the operands.')
  return result
}

function compileDereference({ operand, position }: Node & { kind: 'unary' }): Evaluate {
  const pointer = compileNode(operand)
  return context => {
    const value = pointer(context)
    return follow(behind(value, position, context), context)
  }
}

/** What `*value` is: behind a pointer, the first element of an array; behind a plain number the word at that address. */
function behind(value: Value, position: number, context: Context): Value {
  const type = strip(value.type)
  switch (type.kind) {
    case 'pointer':
      if (strip(type.target).kind === 'void')
        throw new ExpressionError(position, 'a void * says not what it points to', 'Cast it, e.g. *(int *)pointer.')
      return dereference(value, type.target, context)
    case 'array':
      return elementOf(value, type.element, 0)
    case 'function':
      return value
    case 'base':
    case 'enum':
      if (type.kind !== 'base' || type.encoding !== 'float') return dereference(value, builtin.int, context)
      break
    case 'struct': {
      const view = context.formatters?.viewOf(value, context)
      if (view?.kind !== 'target') break
      if (view.object !== undefined) return view.object
      if (view.pointer !== undefined) return behind(view.pointer, position, context)
      throw new ExpressionError(position, 'there is no object in it', 'Look at it without the * or ->.')
    }
    case 'complex':
    case 'memberPointer':
    case 'void':
  }
  throw new ExpressionError(position, 'only pointers can be followed', 'Remove the *.')
}

function compileAddress({ operand, position }: Node & { kind: 'unary' }): Evaluate {
  const object = compileNode(operand)
  const qualified = operand.kind === 'name' && operand.file === undefined && operand.name.includes('::')
  return context => {
    const member = qualified ? memberPointer(operand.name, context) : undefined
    if (typeof member === 'string')
      throw new ExpressionError(position, `there is no pointer to ${describe(operand)}`, `${sentence(member)}.`)
    if (member !== undefined) return member
    const { type, place, bits } = object(context)
    if (place.kind === 'memory' && bits === undefined)
      return number({ type: pointerTo(type), value: BigInt(place.address) })
    const where = bits
      ? 'is a bit-field'
      : place.kind === 'register' || place.kind === 'named'
        ? 'is in a register'
        : 'does not lie in memory'
    throw new ExpressionError(position, `${describe(operand)} ${where} and has no address`, 'Remove the &.')
  }
}

/**
 * `a + b - c` nests to the left, and programs write thousands of terms: the nodes on that way down, the innermost first,
 * are gone through one after the other, not within each other.
 */
function chainOf<Kind extends 'binary' | 'logical'>(node: Node & { kind: Kind }) {
  const links: (Node & { kind: Kind })[] = []
  let first: Node = node
  for (; first.kind === node.kind; first = links[links.length - 1].left) links.push(first as Node & { kind: Kind })
  return { first, links: links.reverse() }
}

function compileLogical(node: Node & { kind: 'logical' }): Evaluate {
  const { first, links } = chainOf(node)
  const begin = compileNumber(first)
  const steps = links.map(({ operator, right }) => ({ isAnd: operator === '&&', right: compileNumber(right) }))
  return context => {
    let value = isTrue(begin(context))
    for (const { isAnd, right } of steps) if (value === isAnd) value = isTrue(right(context))
    return truthValue(value)
  }
}

function compileBinary(node: Node & { kind: 'binary' }): Evaluate {
  const { first, links } = chainOf(node)
  const begin = compileNode(first)
  const steps = links.map(compileStep)
  return context => {
    let value = begin(context)
    for (const step of steps) value = step(value, context)
    return value
  }
}

const isStruct = ({ type }: Value): boolean => strip(type).kind === 'struct'
const isMemberPointer = ({ type }: Value): boolean => strip(type).kind === 'memberPointer'

/** What one operator makes of the value to its left. */
function compileStep(node: Node & { kind: 'binary' }): (left: Value, context: Context) => Value {
  const { operator, position } = node
  const calculate = calculation(operator, position)
  const right = compileNode(node.right)
  const isComparison = operator === '==' || operator === '!='
  const mayBeText = isComparison && (node.left.kind === 'string' || node.right.kind === 'string')
  return (a, context) => {
    const b = right(context)
    const asTexts = mayBeText || (isComparison && (isStruct(a) || isStruct(b)))
    const [text, other] = asTexts ? [textOf(a, context), textOf(b, context)] : []
    if (text !== undefined && other !== undefined) {
      const equal = compareText(text, other, context)
      if (typeof equal === 'string')
        throw new ExpressionError(position, 'these texts cannot be compared', `${sentence(equal)}.`)
      return truthValue(equal === (operator === '=='))
    }
    if (isComparison && (isMemberPointer(a) || isMemberPointer(b))) {
      const same = isSameMember(a, b, context)
      if (typeof same === 'boolean') return truthValue(same === (operator === '=='))
      throw new ExpressionError(position, 'these pointers to members cannot be compared', `${sentence(same)}.`)
    }
    return calculate(
      promote(scalarOf(a, context, node.left), a.bits),
      promote(scalarOf(b, context, node.right), b.bits),
    )
  }
}

function calculation(operator: BinaryOperator, position: number): (a: Scalar, b: Scalar) => Value {
  switch (operator) {
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return (a, b) => truthValue(compare(operator, a, b))
    default:
      return (a, b) => number(accept(position, arithmetic(operator, a, b)))
  }
}

function compileCast({ type, operand, position, isReinterpreted = false }: Node & { kind: 'cast' }): Evaluate {
  const evaluate = compileNode(operand)
  return context => accepted(cast(evaluate(context), type, isReinterpreted, context), { operand, position })
}

/** What a cast gives, or the error that says why nothing. */
function accepted(
  result: Value | CastRefusal | string,
  { operand, position }: { operand: Node; position: number },
): Value {
  if (typeof result === 'string')
    throw new ExpressionError(operand.position, `${describe(operand)} has no value`, `${sentence(result)}.`)
  if ('what' in result) throw new ExpressionError(position, result.what, result.advice)
  return result
}

function compileCastLike(node: Node & { kind: 'castLike' }): Evaluate {
  const [like, operand] = [compileNode(node.like), compileNode(node.operand)]
  return context => {
    let { type } = like(readOnly(context))
    for (let i = 0; i < node.stars; i++) type = pointerTo(type)
    return accepted(cast(operand(context), type, false, context), node)
  }
}

function compileMemberOf({ object, pointer, arrow, position }: Node & { kind: 'memberOf' }): Evaluate {
  const [holder, member] = [compileNode(object), compileNode(pointer)]
  return context => {
    const value = holder(context)
    const found = memberMeant(arrow ? behind(value, position, context) : value, member(context), context)
    if (typeof found !== 'string') return follow(found, context)
    throw new ExpressionError(position, found, 'Look at the object, or at the pointer alone.')
  }
}

const written = (): boolean => true

/** For what is not evaluated (C17, §6.5.3.4): nothing in it is written. */
const readOnly = (context: Context): Context => ({
  ...context,
  writeMemory: written,
  writeRegister: written,
  writeFrameRegister: written,
})

/** The operand is not evaluated (C17, §6.5.3.4): nothing in it is written. */
function compileMeasure({ kind, operand, position }: Node & { kind: 'sizeof' | 'alignof' }): Evaluate {
  const evaluate = compileNode(operand)
  const measure = kind === 'sizeof' ? objectSize : alignOf
  return context => {
    const { type, bits } = evaluate(readOnly(context))
    if (bits !== undefined)
      throw new ExpressionError(position, 'a bit-field has no size in bytes', 'Take that of its type.')
    const size = measure(type)
    if (size === undefined) throw new ExpressionError(position, 'its type has no size', 'Take that of something else.')
    return number({ type: builtin.uint, value: BigInt(size) })
  }
}

function compileIndex(node: Node & { kind: 'index' }): Evaluate {
  const [array, index] = [compileNode(node.array), compileNode(node.index)]
  return context => {
    let object = array(context)
    const view = context.formatters?.viewOf(object, context)
    if (view?.kind === 'elements' || view?.kind === 'text') {
      const found = elementAt(view, index(context), context)
      if (typeof found !== 'string') return follow(found, context)
      throw new ExpressionError(node.position, found, 'Change the index.')
    }
    if (view?.kind === 'target' && view.pointer !== undefined) object = view.pointer
    const at = operandOf(index(context), context, node.index)
    const type = strip(object.type)
    // An array need not lie in memory.
    if (type.kind === 'array' && typeof at.value === 'bigint')
      return follow(elementOf(object, type.element, Number(at.value)), context)
    const sum = accept(node.position, arithmetic('+', promote(scalarOf(object, context, node.array)), at))
    if (strip(sum.type).kind !== 'pointer')
      throw new ExpressionError(node.position, 'only arrays and pointers can be indexed', 'Remove the index.')
    return follow(behind(number(sum), node.position, context), context)
  }
}

function compileMember(node: Node & { kind: 'member' }): Evaluate {
  const object = compileNode(node.object)
  return context => {
    const value = object(context)
    const type = strip(value.type)
    const isPointer = type.kind === 'pointer' || (type.kind === 'array' && node.arrow)
    // `.` on a pointer can only mean `->`, and the other way round; but an object may have an `->` of its own.
    const isSmart = node.arrow && context.formatters?.viewOf(value, context)?.kind === 'target'
    const aggregate = isPointer || isSmart ? behind(value, node.position, context) : value
    return follow(member(aggregate, node, context), context)
  }
}

function member(aggregate: Value, { name, position, object }: Node & { kind: 'member' }, context: Context): Value {
  const type = strip(aggregate.type)
  if (aggregate.place.kind === 'named')
    return registerField(aggregate, describeRegister(aggregate.place.name, context), name, position)
  if (type.kind !== 'struct')
    throw new ExpressionError(position, `${describe(object)} is no structure and has no members`, `Remove ".${name}".`)
  const found = memberPath(type, name)
  const variable =
    found && 'variable' in found ? context.symbols.globalNamed(found.variable, { pc: context.pc }) : undefined
  if (variable !== undefined) return valueMeant({ kind: 'variable', variable }, context)
  if (found !== undefined && 'ambiguous' in found) throw ambiguous(found.ambiguous, name, position)
  if (found === undefined || 'variable' in found) {
    const known = type.members.flatMap(each => each.name ?? []).slice(0, 12)
    const advice = known.length > 0 ? `It has ${known.join(', ')}.` : 'Its definition is not in the debug information.'
    throw new ExpressionError(position, `${type.keyword} ${type.name ?? ''} has no member ${name}`, advice)
  }
  return memberOf(aggregate, joined(found.path), context)
}

/** `dbsr.IAC1`: a field by the manual's name. */
function registerField(value: Value, register: Register | undefined, name: string, position: number): Value {
  const known = Object.keys(register?.fields ?? {})
  const key = known.find(each => each.toUpperCase() === name.toUpperCase())
  if (register === undefined || key === undefined) {
    const advice = known.length > 0 ? `It has ${known.join(', ')}.` : `Remove ".${name}".`
    throw new ExpressionError(position, `${register?.name ?? 'this register'} has no field ${name}`, advice)
  }
  const mask = register.mask[key]!
  return { ...value, type: builtin.uint, bits: { offset: Math.clz32(mask), size: sizeOfField(mask) } }
}

function compileAssign(node: Node & { kind: 'assign' }): Evaluate {
  const [target, value] = [compileNode(node.target), compileNode(node.value)]
  return context => {
    const object = target(context)
    const before = node.operator || node.after ? scalarOf(object, context, node.target) : undefined
    const right = value(context)
    const isNumber = !isWhole(strip(object.type))
    const operand = isNumber ? scalarOf(right, context, node.value) : undefined
    const result =
      before === undefined || node.operator === undefined || operand === undefined
        ? operand
        : accept(node.position, arithmetic(node.operator, promote(before, object.bits), promote(operand, right.bits)))
    const refusal = assign(object, right, result, context)
    if (refusal !== undefined)
      throw new ExpressionError(node.position, `${describe(node.target)} cannot be set`, `${sentence(refusal)}.`)
    return node.after ? number(before!) : object
  }
}
