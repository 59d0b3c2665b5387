// Names of C++ as people write them, from the mangled ones of the symbol table (Itanium C++ ABI, §5.1).

import { builtinTypes, inFull, literalSuffixes, operators, special, standard } from './mangling.ts'

/** Something mangled, that this reads no further: the name is then shown as it is. */
class Unreadable extends Error {}

/** A type around whatever it declares: `int (*` and `)(char)`. */
interface Type {
  readonly left: string
  readonly right: string
  /** A function's or array's, which a pointer to it needs brackets for. */
  readonly binds: boolean
  /** A pack, one type for each of its elements. */
  readonly pack?: readonly Type[]
  /** It is the template's argument with this number, and nothing more. */
  readonly parameter?: number
}

/** A name, and what its form says about the function it is of. */
interface DemangledName {
  readonly text: string
  /** A template's instance has its return type in front of its parameters; constructors and conversions have none. */
  readonly hasReturnType: boolean
  /** ` const`, ` &`: of member functions. */
  readonly qualifiers: string
}

/** A name of the C++ ABI (Itanium C++ ABI, §5.1) as C++ writes it, parameters included; other names as they are. */
export function demangle(symbol: string): string {
  const match = /^_Z([\w$]+)((?:\.[\w.]+)?)$/.exec(symbol)
  if (match === null || symbol.length > 2000) return symbol
  const [, mangled, clone] = match
  try {
    const text = new Demangler(mangled).whole()
    // `.constprop.0.isra.0`: what GCC has made of it, step by step.
    return text + [...clone.matchAll(/\.[a-z_]\w*(\.\d+)*|(\.\d+)+/g)].map(([step]) => ` [clone ${step}]`).join('')
  } catch (error) {
    if (error instanceof Unreadable) return symbol
    throw error
  }
}

const plainType = (text: string): Type => ({ left: text, right: '', binds: false })
const textOf = ({ left, right, pack }: Type): string =>
  pack === undefined ? (left + right).trimEnd() : pack.map(textOf).join(', ')

/** Names are nested as deeply as templates are; what goes beyond has no end. */
const depthLimit = 100
/** What is referred to twice, and that again, doubles with each step: a type that nobody wrote. */
const longestType = 20_000
/** Types read, those of packs once for each element. */
const mostTypes = 10_000

class Demangler {
  readonly #text: string
  #at = 0
  #depth = 0
  #types = 0
  /** §5.1.10: everything that may be referred to again. */
  readonly #substitutions: Type[] = []
  /** What `T_` is: the arguments of the template whose parameters are being read. */
  #arguments: readonly Type[] = []
  /** The parameters of a lambda are being read, of which those that are `auto` are its own template's. */
  #inLambda = false
  /** The last name of the source that has come up, arguments of templates aside. */
  #lastSource = ''

  constructor(text: string) {
    this.#text = text
  }

  whole(): string {
    const text = this.#encoding()
    if (this.#at < this.#text.length || text.length > longestType) throw new Unreadable()
    return text
  }

  #sees(text: string): boolean {
    return this.#text.startsWith(text, this.#at)
  }

  #accept(text: string): boolean {
    const found = this.#sees(text)
    if (found) this.#at += text.length
    return found
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw new Unreadable()
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    this.#at += found?.length ?? 0
    return found
  }

  #remember<T extends Type>(type: T): T {
    if (type.left.length + type.right.length > longestType) throw new Unreadable()
    this.#substitutions.push(type)
    return type
  }

  /** A function with its parameters, data, or what the compiler made of either. */
  #encoding(isAround = false): string {
    const made = Object.keys(special).find(code => this.#accept(code))
    if (made === 'GV') return special.GV + this.#name().text
    if (made === 'GTt') return special.GTt + this.#encoding()
    if (made !== undefined) return special[made] + textOf(this.#type())
    if (this.#accept('TC')) return this.#construction()
    if (this.#accept('Th')) return this.#thunk('non-virtual thunk to ', 1)
    if (this.#accept('Tv')) return this.#thunk('virtual thunk to ', 2)
    if (this.#sees('T') || this.#sees('G')) throw new Unreadable()
    const { text, hasReturnType, qualifiers } = this.#name()
    if (this.#at >= this.#text.length || this.#sees('E')) return text
    const result = hasReturnType ? this.#type() : undefined
    const declared = `${text}(${this.#parameters()})${qualifiers}`
    // What is inside a function is called by its name alone.
    if (result === undefined || isAround) return declared
    return `${result.left}${result.left.endsWith(' ') || result.right !== '' ? '' : ' '}${declared}${result.right}`
  }

  /** The virtual table of a base while an object is being made. */
  #construction(): string {
    const whole = textOf(this.#type())
    this.#take(/\d+_/y)
    return `construction vtable for ${textOf(this.#type())}-in-${whole}`
  }

  #thunk(what: string, offsets: number): string {
    for (let i = 0; i < offsets; i++) if (this.#take(/n?\d+_/y) === undefined) throw new Unreadable()
    return what + this.#encoding()
  }

  /** `void` alone is no parameter. */
  #parameters(): string {
    const types: Type[] = []
    while (this.#at < this.#text.length && !this.#sees('E')) types.push(this.#type())
    const texts = types.flatMap(type => (type.pack ?? [type]).map(textOf))
    return texts.length === 1 && texts[0] === 'void' ? '' : texts.join(', ')
  }

  #name(): DemangledName {
    if (this.#accept('N')) return this.#nested()
    if (this.#accept('Z')) return this.#local()
    const isSubstitution = this.#sees('S') && !this.#sees('St')
    const start = isSubstitution
      ? this.#substitution()
      : plainType((this.#accept('St') ? 'std::' : '') + this.#unqualified(''))
    if (!this.#sees('I')) return { text: textOf(start), hasReturnType: false, qualifiers: '' }
    if (!isSubstitution) this.#remember(start)
    return { text: this.#instance(textOf(start)), hasReturnType: true, qualifiers: '' }
  }

  /** `N [qualifiers] prefix… E`. Each prefix may be referred to again, the whole may not. */
  #nested(): DemangledName {
    const qualifiers = this.#qualifiers() + (this.#accept('R') ? ' &' : this.#accept('O') ? ' &&' : '')
    let text = ''
    let last = ''
    let hasReturnType = false
    while (!this.#accept('E')) {
      if (this.#sees('S') && text === '') {
        const isStd = this.#accept('St')
        text = isStd ? 'std' : textOf(this.#substitution())
        last = text
        if (!isStd) continue
        last = 'std'
        continue
      }
      if (this.#sees('T') && text === '') text = textOf(this.#parameter())
      else if (this.#sees('I')) {
        text = this.#instance(text)
        hasReturnType = !/^C\d|^D\d|^cv/.test(last)
        if (!this.#sees('E')) this.#remember(plainType(text))
        continue
      } else {
        const from = this.#at
        const own = this.#unqualified(text)
        last = this.#text.slice(from, from + 2)
        text = text === '' ? own : `${text}::${own}`
      }
      hasReturnType = false
      if (!this.#sees('E')) this.#remember(plainType(text))
    }
    return { text, hasReturnType, qualifiers }
  }

  /** `Z function E entity`: something inside a function. */
  #local(): DemangledName {
    const outer = this.#arguments
    const inside = this.#encoding(true)
    this.#arguments = outer
    this.#expect('E')
    if (this.#accept('s')) {
      this.#take(/_\d|__\d+_/y)
      return { text: `${inside}::string literal`, hasReturnType: false, qualifiers: '' }
    }
    if (this.#sees('d')) throw new Unreadable()
    const name = this.#name()
    this.#take(/_\d|__\d+_/y)
    return { ...name, text: `${inside}::${name.text}` }
  }

  /** A name's last part, and the tags behind it; `of` is what it stands in, for constructors. */
  #unqualified(of: string): string {
    let text = this.#simple(of)
    const last = this.#lastSource
    while (this.#accept('B')) text += `[abi:${this.#source()}]`
    this.#lastSource = last
    return text
  }

  #simple(of: string): string {
    this.#accept('L')
    if (/\d/.test(this.#text[this.#at] ?? '')) return this.#source()
    // One that is inherited says of which base.
    if (this.#take(/CI[1-5]/y)) return lastPart(textOf(this.#type()))
    if (this.#take(/C[1-5]/y)) return this.#constructorOf(of)
    if (this.#take(/D[0-5]/y)) return `~${this.#constructorOf(of)}`
    if (this.#accept('Ul')) {
      const outer = this.#inLambda
      this.#inLambda = true
      const parameters = this.#parameters()
      this.#inLambda = outer
      this.#expect('E')
      return `{lambda(${parameters})#${this.#ordinal()}}`
    }
    if (this.#accept('Ut')) return `{unnamed type#${this.#ordinal()}}`
    if (this.#accept('cv')) return `operator ${textOf(this.#type())}`
    if (this.#accept('li')) return `operator"" ${this.#source()}`
    const code = this.#text.slice(this.#at, this.#at + 2)
    if (operators[code] === undefined) throw new Unreadable()
    this.#at += 2
    return `operator${operators[code]}`
  }

  /** A lambda has no name: GNU's tools call its constructors by the last one that stands before them. */
  #constructorOf(of: string): string {
    return of.endsWith('}') ? this.#lastSource : lastPart(of)
  }

  /** `_` is the first, `0_` the second. */
  #ordinal(): number {
    const digits = this.#take(/\d*/y) ?? ''
    this.#expect('_')
    return digits === '' ? 1 : Number(digits) + 2
  }

  #source(): string {
    const length = Number(this.#take(/\d+/y) ?? Number.NaN)
    const text = this.#text.slice(this.#at, this.#at + length)
    if (!(length > 0) || text.length < length) throw new Unreadable()
    this.#at += length
    this.#lastSource = text.startsWith('_GLOBAL__N') ? '(anonymous namespace)' : text
    return this.#lastSource
  }

  /** `Sa`, `S_`, `S0_` and on, in base 36. */
  #substitution(): Type {
    this.#expect('S')
    const letter = this.#take(/[a-z]/y)
    if (letter !== undefined) {
      if (standard[letter] === undefined) throw new Unreadable()
      const isOpen = inFull[letter] !== undefined && /[CDI]/.test(this.#text[this.#at] ?? '')
      return plainType(isOpen ? inFull[letter] : standard[letter])
    }
    const number = this.#take(/[0-9A-Z]*/y) ?? ''
    this.#expect('_')
    const found = this.#known(this.#substitutions, number === '' ? 0 : Number.parseInt(number, 36) + 1)
    // A parameter of another template that has come up in between is meant as one of this.
    if (this.#inLambda) return found
    if (found.parameter !== undefined) return this.#arguments[found.parameter] ?? found
    return /auto:\d/.test(found.left) && !found.left.includes('{') ? this.#ofLambda(found) : found
  }

  /** What is made of a parameter of any type is, behind the lambda, made of what it was called with. */
  #ofLambda(type: Type): Type {
    const left = type.left.replace(/auto:(\d+)/g, (auto, number: string) => {
      const argument = this.#arguments[Number(number) - 1]
      return argument === undefined ? auto : textOf(argument)
    })
    return { ...type, left }
  }

  #parameter(): Type {
    this.#expect('T')
    const digits = this.#take(/\d*/y) ?? ''
    this.#expect('_')
    const index = digits === '' ? 0 : Number(digits) + 1
    if (this.#inLambda) return { ...plainType(`auto:${index + 1}`), parameter: index }
    return { ...this.#known(this.#arguments, index), parameter: index }
  }

  #known(types: readonly Type[], index: number): Type {
    const found = types[index]
    if (found === undefined) throw new Unreadable()
    return found
  }

  /** A template's name with its arguments. */
  #instance(name: string): string {
    const types = this.#templateArguments()
    const list = types
      .map(textOf)
      .filter((text, i) => text !== '' || types[i].pack === undefined)
      .join(', ')
    const text = `${name}${name.endsWith('<') ? ' ' : ''}<${list}${list.endsWith('>') ? ' ' : ''}>`
    this.#arguments = types
    return text
  }

  #templateArguments(): Type[] {
    this.#expect('I')
    const types: Type[] = []
    const before = this.#lastSource
    while (!this.#accept('E')) types.push(this.#templateArgument())
    this.#lastSource = before
    return types
  }

  #templateArgument(): Type {
    if (this.#sees('L')) return this.#literal()
    if (this.#accept('X')) {
      const argument = this.#expression()
      this.#expect('E')
      return argument
    }
    // GCC's older releases wrote I.
    if (!this.#accept('J') && !this.#accept('I')) return this.#type()
    const pack: Type[] = []
    while (!this.#accept('E')) pack.push(this.#templateArgument())
    return { ...plainType(''), pack }
  }

  /** Of expressions another template's argument, the address of something, and a name that a type will have. */
  #expression(): Type {
    if (this.#accept('sr')) return plainType(this.#unresolved())
    if (this.#sees('T')) return this.#parameter()
    if (/\d/.test(this.#text[this.#at] ?? '')) return plainType(this.#simpleId())
    if (!this.#sees('adL')) throw new Unreadable()
    this.#expect('ad')
    return plainType(`&${textOf(this.#literal())}`)
  }

  /** Behind `sr`: `N::A<T>::value`, of a dependent type or of names in each other, which an `E` ends. */
  #unresolved(): string {
    const scope: string[] = []
    if (/\d/.test(this.#text[this.#at] ?? '')) {
      do scope.push(this.#simpleId())
      while (!this.#accept('E'))
    } else scope.push(textOf(this.#type()))
    return [...scope, this.#simpleId()].join('::')
  }

  #simpleId(): string {
    const name = this.#source()
    return this.#sees('I') ? this.#inType(() => this.#instance(name)) : name
  }

  /** `L type value E`, or the name of a variable or function. */
  #literal(): Type {
    this.#expect('L')
    if (this.#accept('_Z')) {
      const text = this.#encoding()
      this.#expect('E')
      return plainType(text.includes('(') ? `(${text})` : text)
    }
    const code = this.#text[this.#at]
    const type = textOf(this.#type())
    const value = (this.#take(/n?\d+/y) ?? '').replace('n', '-')
    this.#expect('E')
    if (value === '') throw new Unreadable()
    if (code === 'b') return plainType(value === '1' ? 'true' : 'false')
    const suffix = literalSuffixes[code]
    return plainType(suffix === undefined ? `(${type})${value}` : value + suffix)
  }

  #qualifiers(): string {
    const letters = this.#take(/r?V?K?/y) ?? ''
    // The innermost comes last in the name and first in the text.
    const words: Readonly<Record<string, string>> = { r: ' restrict', V: ' volatile', K: ' const' }
    return [...letters]
      .reverse()
      .map(letter => words[letter])
      .join('')
  }

  #type(): Type {
    if (++this.#depth > depthLimit || ++this.#types > mostTypes) throw new Unreadable()
    const type = this.#typeItself()
    this.#depth--
    return type
  }

  #typeItself(): Type {
    const code = this.#text.slice(this.#at, this.#at + 2)
    const name = builtinTypes[code] ?? builtinTypes[code[0]]
    if (name !== undefined) {
      this.#at += builtinTypes[code] === undefined ? 1 : 2
      return plainType(name)
    }
    const qualifiers = this.#qualifiers()
    if (qualifiers !== '') return this.#qualified(qualifiers)
    if (this.#accept('P')) return this.#remember(pointer(this.#type(), '*'))
    if (this.#accept('R')) return this.#remember(pointer(this.#type(), '&'))
    if (this.#accept('O')) return this.#remember(pointer(this.#type(), '&&'))
    if (this.#accept('F')) return this.#remember(this.#function(''))
    if (this.#accept('A')) return this.#remember(this.#array())
    if (this.#accept('M')) return this.#memberPointer()
    if (this.#accept('Dp')) return this.#expansion()
    if (this.#sees('T')) return this.#templateType()
    if (this.#sees('S') && !this.#sees('St')) {
      const found = this.#substitution()
      if (!this.#sees('I')) return found
      return this.#remember(plainType(this.#inType(() => this.#instance(textOf(found)))))
    }
    if (this.#accept('u')) return this.#remember(plainType(this.#source()))
    if (/[DUC]/.test(this.#text[this.#at] ?? 'D')) throw new Unreadable()
    return this.#remember(plainType(this.#inType(() => this.#name().text)))
  }

  /** The arguments of a template in a type are none of those that its parameters are called by. */
  #inType(read: () => string): string {
    const outer = this.#arguments
    const text = read()
    this.#arguments = outer
    return text
  }

  #qualified(qualifiers: string): Type {
    if (this.#accept('F')) return this.#remember(this.#function(qualifiers))
    const type = this.#type()
    if (type.pack !== undefined) throw new Unreadable()
    const { parameter: _, ...plain } = type
    // What an argument is already, it is once.
    const added = type.left.trimEnd().endsWith(qualifiers) ? '' : qualifiers
    return this.#remember({ ...plain, left: type.left.replace(/ ?$/, space => added + space) })
  }

  #function(qualifiers: string): Type {
    this.#accept('Y')
    const result = this.#type()
    const parameters = this.#parameters()
    this.#expect('E')
    return { left: `${result.left} `, right: `(${parameters})${qualifiers}${result.right}`, binds: true }
  }

  #array(): Type {
    const length = this.#sees('T') ? textOf(this.#parameter()) : (this.#take(/\d*/y) ?? '')
    this.#expect('_')
    const element = this.#type()
    const left = element.binds ? element.left : `${element.left} `
    return { left, right: `[${length}]${element.right}`, binds: true }
  }

  #memberPointer(): Type {
    const of = textOf(this.#type())
    return this.#remember(pointer(this.#type(), `${of}::*`))
  }

  /** `Dp` of a pack: its pattern once for each element. */
  #expansion(): Type {
    const mark = this.#at
    const remembered = this.#substitutions.length
    const whole = this.#arguments
    const packs = whole.flatMap(({ pack }) => (pack === undefined ? [] : [pack]))
    if (packs.length !== 1) throw new Unreadable()
    const elements: Type[] = []
    let pattern: Type | undefined
    for (const element of packs[0]) {
      this.#at = mark
      this.#substitutions.length = remembered
      this.#arguments = whole.map(each => (each.pack === undefined ? each : element))
      elements.push((pattern = this.#type()))
    }
    if (pattern === undefined) {
      // Of no elements, it is read all the same.
      this.#arguments = whole.map(each => (each.pack === undefined ? each : plainType('')))
      this.#type()
    }
    this.#arguments = whole
    return this.#remember({ ...plainType(''), pack: elements })
  }

  #templateType(): Type {
    const parameter = this.#remember(this.#parameter())
    if (!this.#sees('I')) return parameter
    return this.#remember(plainType(this.#inType(() => this.#instance(textOf(parameter)))))
  }
}

/** A pointer or reference to a type; a reference to a reference is one (C++17, §11.3.2). */
function pointer(target: Type, symbol: string): Type {
  if (target.pack !== undefined) throw new Unreadable()
  // Nothing more than an argument it is no longer.
  const { parameter: _, ...plain } = target
  if (!target.binds && symbol.startsWith('&') && /&&?$/.test(target.left)) {
    const isLvalue = symbol === '&' || /[^&]&$/.test(target.left)
    return { ...plain, left: target.left.replace(/&+$/, isLvalue ? '&' : '&&') }
  }
  const gap = symbol.includes(':') && !target.binds ? ' ' : ''
  if (!target.binds) return { ...plain, left: target.left + gap + symbol }
  const isArray = target.right.startsWith('[')
  return { left: `${target.left}(${symbol}`, right: `)${isArray ? ' ' : ''}${target.right}`, binds: false }
}

/** What a class is called in its own scope: the last part of its name, without arguments. */
function lastPart(name: string): string {
  let depth = 0
  let from = 0
  let end = name.length
  for (let i = 0; i < name.length; i++) {
    if (name[i] === '<' && depth++ === 0) end = i
    else if (name[i] === '>') depth--
    else if (depth === 0 && name.startsWith('::', i)) {
      from = i + 2
      end = name.length
    }
  }
  return name.slice(from, end).replace(/\[abi:.*/, '')
}
