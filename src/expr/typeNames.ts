// Type names as they stand in casts and sizeof (C17, §6.7.7): `const struct node *`, `u32 (*)(void)`, `int [3][4]`.

import type { Macro } from '../symbols/macros.ts'
import {
  arrayOf,
  builtin,
  type CType,
  type FunctionType,
  pointerTo,
  type Qualifier,
  strip,
  voidType,
} from '../symbols/types.ts'
import type { Cursor } from './cursor.ts'
import { ExpressionError } from './error.ts'

export type Keyword = 'struct' | 'union' | 'class' | 'enum'

/** Where the types of the program are looked up, and its macros, if it has any. */
export interface TypeNames {
  typeNamed(name: string, keyword?: Keyword): CType | undefined
  macroHere?(name: string): Macro | undefined
}

/** Each name is looked up once, however often the text has it. */
export function remembered(types: TypeNames): TypeNames {
  const known = new Map<string, CType | undefined>()
  return {
    ...types,
    typeNamed(name, keyword) {
      const key = `${keyword ?? ''} ${name}`
      if (!known.has(key)) known.set(key, types.typeNamed(name, keyword))
      return known.get(key)
    },
  }
}

const qualifiers = ['const', 'volatile', 'restrict', '_Atomic'] as const satisfies readonly Qualifier[]
const keywords = ['struct', 'union', 'class', 'enum'] as const
const basic = [
  'void',
  'char',
  'short',
  'int',
  'long',
  'signed',
  'unsigned',
  'float',
  'double',
  '_Bool',
  'bool',
  '_Decimal32',
  '_Decimal64',
  '_Decimal128',
]

/** The basic types by their specifiers, sorted (C17, §6.7.2). */
const builtins: Readonly<Record<string, CType>> = {
  void: voidType,
  bool: builtin.bool,
  _Bool: builtin.bool,
  char: builtin.char,
  'char signed': builtin.schar,
  'char unsigned': builtin.uchar,
  short: builtin.short,
  'short unsigned': builtin.ushort,
  int: builtin.int,
  signed: builtin.int,
  unsigned: builtin.uint,
  long: builtin.long,
  'long unsigned': builtin.ulong,
  'long long': builtin.longlong,
  'long long unsigned': builtin.ulonglong,
  float: builtin.float,
  double: builtin.double,
  'double long': builtin.longdouble,
  _Decimal32: builtin.decimal32,
  _Decimal64: builtin.decimal64,
  _Decimal128: builtin.decimal128,
}

/** The type that begins here; undefined, and the cursor where it was, if what comes is none. */
export function parseTypeName(cursor: Cursor, names: TypeNames, depth = 0): CType | undefined {
  const saved = cursor.save()
  if (depth < MOST_DECLARATORS && cursor.acceptName('typeof', '__typeof__', '__typeof', 'decltype') !== undefined) {
    const inner = cursor.accept('(') ? parseTypeName(cursor, names, depth + 1) : undefined
    if (inner !== undefined && cursor.accept(')')) return declarator(cursor, names, depth)(inner)
    cursor.restore(saved)
    return undefined
  }
  const specified = specifiers(cursor, names)
  if (specified === undefined) {
    cursor.restore(saved)
    return undefined
  }
  return declarator(cursor, names, depth)(specified)
}

function specifiers(cursor: Cursor, names: TypeNames): CType | undefined {
  const { position } = cursor.peek()
  const qualified: Qualifier[] = []
  const words: string[] = []
  let type: CType | undefined
  for (;;) {
    const qualifier = cursor.acceptName(...qualifiers)
    if (qualifier !== undefined) {
      qualified.push(qualifier as Qualifier)
      continue
    }
    const word = type === undefined ? cursor.acceptName(...basic) : undefined
    if (word !== undefined) words.push(word)
    else if (type === undefined && words.length === 0) {
      type = tagged(cursor, names) ?? named(cursor, names)
      if (type === undefined) return undefined
    } else break
  }
  if (type === undefined) {
    // `unsigned long int` and `signed long` say no more than `unsigned long` and `long`.
    const plain = words.filter(word => word !== 'int' && word !== 'signed').sort()
    const key = words.join(' ') === 'signed char' || words.join(' ') === 'char signed' ? 'char signed' : plain.join(' ')
    type = builtins[key || 'int']
    if (type === undefined) {
      const what = `"${words.join(' ')}" is not a type`
      throw new ExpressionError(position, what, 'Write a type as in C, e.g. unsigned long long.')
    }
  }
  for (const qualifier of qualified) type = { kind: 'qualified', qualifier, target: type }
  return type
}

/** A type that is one word, or a name: what may stand before a parenthesis. */
export function simpleType(cursor: Cursor, names: TypeNames): CType | undefined {
  const word = cursor.acceptName(...basic)
  if (word !== undefined) return builtins[word]
  const name = scopedName(cursor, text => names.typeNamed(text) !== undefined)
  // Most names are followed by something else: they are looked up elsewhere.
  return name === undefined || !cursor.sees('(') ? undefined : namedType(name, names)
}

/** `struct node`, `enum color`. */
function tagged(cursor: Cursor, names: TypeNames): CType | undefined {
  const keyword = cursor.acceptName(...keywords) as Keyword | undefined
  if (keyword === undefined) return undefined
  const { position } = cursor.peek()
  const name = scopedName(cursor)
  if (name === undefined) throw cursor.unexpected(`Write the name of the ${keyword}.`)
  const type = names.typeNamed(name, keyword)
  if (type === undefined) {
    const advice = 'Check its spelling; what no code uses is left out of the debug information.'
    throw new ExpressionError(position, `the program has no ${keyword} ${name}`, advice)
  }
  return type
}

function named(cursor: Cursor, names: TypeNames): CType | undefined {
  const name = scopedName(cursor, text => names.typeNamed(text) !== undefined)
  return name === undefined ? undefined : namedType(name, names)
}

/** A typedef or, in C++, a class. In C a structure's name is none without its keyword, and may be a variable's as well. */
function namedType(name: string, names: TypeNames): CType | undefined {
  const type = names.typeNamed(name)
  return (type?.kind === 'struct' || type?.kind === 'enum') && !type.isCxx ? undefined : type
}

/** `a`, `a::b`, `'any text'`, and `Ring<int>` where `isKnown` says there is one. */
export function scopedName(cursor: Cursor, isKnown: (name: string) => boolean = () => false): string | undefined {
  let name = ''
  if (cursor.sees('::') && cursor.peek(1).kind === 'name') cursor.next()
  for (;;) {
    const part = cursor.acceptKind('name') ?? cursor.acceptKind('quoted')
    if (part === undefined) return undefined
    name += part.text
    const list = templateArguments(cursor, name, isKnown)
    if (list !== undefined) name += list
    if (name.length > MOST_NAME) throw cursor.unexpected('Write a shorter name.')
    if (!cursor.sees('::')) return name
    cursor.next()
    name += '::'
  }
}

/** Tokens between the brackets of a template; `<` mostly is a comparison, and each would look to the end otherwise. */
const MOST_ARGUMENTS = 500
/** Names have fewer characters, with all that is around them. */
const MOST_NAME = 4096

/** `<int, 4>` behind the name of a template, spelled as compilers do: with one space behind each comma. */
function templateArguments(cursor: Cursor, name: string, isKnown: (name: string) => boolean): string | undefined {
  if (!cursor.sees('<')) return undefined
  const saved = cursor.save()
  const from = cursor.peek().position
  for (let depth = 0, count = 0; count < MOST_ARGUMENTS; count++) {
    if (depth === 1) cursor.splitAngles()
    const token = cursor.next()
    if (token.kind === 'end') break
    if (token.kind !== 'punctuator') continue
    if (token.text === '<') depth++
    else if (token.text === '>') depth--
    else if (token.text === '>>') depth -= 2
    if (depth > 0) continue
    const list = cursor.text
      .slice(from, token.end)
      .split(',')
      .map(part => part.trim())
      .join(', ')
      .replace(/>\s*(?=>)/g, '> ')
    if (depth === 0 && isKnown(name + list)) return list
    break
  }
  cursor.restore(saved)
  return undefined
}

/** Stars, brackets and functions of functions: what a person still understands, and some more. */
const MOST_DECLARATORS = 50

/** What is made of the type before an abstract declarator: pointers to it, arrays of it, functions that return it. */
function declarator(cursor: Cursor, names: TypeNames, depth = 0): (type: CType) => CType {
  if (depth > MOST_DECLARATORS) throw cursor.unexpected('Write a simpler type.')
  if (cursor.sees('*') || cursor.sees('&') || cursor.sees('&&')) {
    const token = cursor.next()
    const symbol = cursor.textOf(token) as '*' | '&' | '&&'
    const qualified: Qualifier[] = []
    for (;;) {
      const qualifier = cursor.acceptName(...qualifiers)
      if (qualifier === undefined) break
      qualified.push(qualifier as Qualifier)
    }
    const outer = declarator(cursor, names, depth + 1)
    return type => {
      let pointer: CType = symbol === '*' ? pointerTo(type) : { kind: 'pointer', symbol, target: type }
      for (const qualifier of qualified) pointer = { kind: 'qualified', qualifier, target: pointer }
      return outer(pointer)
    }
  }
  let inner = (type: CType): CType => type
  if (cursor.sees('(') && (cursor.sees('*', 1) || cursor.sees('(', 1) || cursor.sees('[', 1))) {
    cursor.next()
    inner = declarator(cursor, names, depth + 1)
    cursor.expect(')', 'to close the declarator')
  }
  const suffix = suffixes(cursor, names, depth)
  return type => inner(suffix(type))
}

function suffixes(cursor: Cursor, names: TypeNames, depth: number): (type: CType) => CType {
  if (depth > MOST_DECLARATORS) throw cursor.unexpected('Write a simpler type.')
  if (cursor.accept('[')) {
    const count = cursor.acceptKind('integer')
    cursor.expect(']', 'after the number of elements')
    const rest = suffixes(cursor, names, depth + 1)
    return type => arrayOf(rest(type), count === undefined ? undefined : Number(count.value))
  }
  if (cursor.accept('(')) {
    const parameters = parameterTypes(cursor, names, depth + 1)
    const rest = suffixes(cursor, names, depth + 1)
    return type => ({ ...parameters, kind: 'function', returns: rest(type) })
  }
  return type => type
}

function parameterTypes(cursor: Cursor, names: TypeNames, depth: number): Omit<FunctionType, 'kind' | 'returns'> {
  const parameters: CType[] = []
  let isVariadic = false
  const isPrototyped = !cursor.sees(')')
  while (!cursor.sees(')')) {
    if (cursor.accept('...')) isVariadic = true
    else {
      const type = parseTypeName(cursor, names, depth)
      if (type === undefined) throw cursor.unexpected('Write the type of a parameter.')
      parameters.push(type)
    }
    if (!cursor.accept(',')) break
  }
  cursor.expect(')', 'after the parameters')
  const isVoid = parameters.length === 1 && strip(parameters[0]).kind === 'void'
  return { parameters: isVoid ? [] : parameters, isVariadic, isPrototyped }
}
