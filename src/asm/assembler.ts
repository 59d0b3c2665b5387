// One assembly: sections that fill, symbols that get defined, and what must wait until all of them are.

import { fileName } from '../util/fileName.ts'
import { moveTo } from './directives/alignment.ts'
import { isCallFrame } from './directives/ignored.ts'
import { DIRECTIVES } from './directives/index.ts'
import {
  type AddressPart,
  type AsmExpression,
  ExpressionReader,
  evaluate,
  isAbsolute,
  type Names,
  number,
} from './expression.ts'
import { AsmInput, type InputHost } from './input.ts'
import { finishInstruction, isMnemonic, type PendingInstruction, readInstruction } from './instruction.ts'
import type { RawStatement } from './lines.ts'
import { splitOperands } from './operandText.ts'
import { AsmError, type AsmProblem, type SourcePlace, within } from './problem.ts'
import { dataRelocation, isHalf, partOf } from './relocations.ts'
import { AsmSection, SECTION_FLAG, SECTION_TYPE } from './section.ts'
import { type AsmStatement, placeOf, type SourceWord } from './statement.ts'
import { AsmSymbol, isLocation, NUMBERED, type SectionPlace } from './symbol.ts'

/** What an assembly made: contents with holes that a linker fills. */
export interface AsmObject {
  readonly sections: readonly AsmSection[]
  readonly symbols: readonly AsmSymbol[]
}

export interface Assembly {
  readonly object: AsmObject
  /** In the order of the source. An object with errors among them is of no use. */
  readonly problems: readonly AsmProblem[]
}

/** Thrown for a file that the source includes and `read` does not have. */
export class MissingInclude extends Error {
  readonly path: string

  constructor(path: string) {
    super(`${path} is included`)
    this.path = path
  }
}

interface PendingData {
  readonly section: AsmSection
  readonly offset: number
  readonly width: number
  readonly expression: AsmExpression
  readonly part: AddressPart | undefined
  readonly place: SourcePlace
}

/** Those beyond are not worth reading. */
const MOST_PROBLEMS = 100

class TooManyProblems extends Error {}

/** Assembles `text`. `include` gives the texts of other files; it may throw `MissingInclude`. */
export function assembleText(text: string, file: string, include: (path: string) => string): Assembly {
  return new Assembler(text, file, include).run()
}

export class Assembler implements Names {
  readonly #input: AsmInput
  readonly #sections = new Map<string, AsmSection>()
  readonly #symbols = new Map<string, AsmSymbol>()
  readonly #numbered = new Map<string, number>()
  readonly #instructions: PendingInstruction[] = []
  readonly #data: PendingData[] = []
  readonly #problems: AsmProblem[] = []
  #section: AsmSection
  #previous: AsmSection
  readonly #pushed: [AsmSection, AsmSection][] = []
  #statement: AsmStatement | undefined
  #order = 0

  constructor(text: string, file: string, include: (path: string) => string) {
    const host: InputHost = {
      number: source => this.number({ text: source, column: this.#statement?.operands.column ?? 1 }),
      isDefined: name => this.#symbols.get(name)?.isDefined === true,
      include: path => ({ text: include(path), file: beside(file, path) }),
      report: (raw, error) => this.#report(raw, error),
    }
    this.#input = new AsmInput(host, text, file)
    this.#section = this.sectionNamed('.text', SECTION_TYPE.PROGBITS, SECTION_FLAG.ALLOC | SECTION_FLAG.EXECINSTR)
    this.#previous = this.#section
    this.sectionNamed('.data', SECTION_TYPE.PROGBITS, SECTION_FLAG.ALLOC | SECTION_FLAG.WRITE)
    this.sectionNamed('.bss', SECTION_TYPE.NOBITS, SECTION_FLAG.ALLOC | SECTION_FLAG.WRITE)
  }

  run(): Assembly {
    try {
      for (let statement = this.#input.next(); statement !== undefined; statement = this.#input.next()) {
        this.#statement = statement
        this.#try(statement.raw, () => this.#assemble(statement))
      }
      this.#finish()
    } catch (error) {
      if (!(error instanceof TooManyProblems)) throw error
    }
    this.#problems.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
    return {
      object: { sections: [...this.#sections.values()], symbols: [...this.#symbols.values()] },
      problems: this.#problems,
    }
  }

  #assemble(statement: AsmStatement): void {
    for (const label of statement.labels) this.#label(label, statement.raw)
    const { op, operands, assigned } = statement
    if (op === '') {
      if (operands.text !== '') throw new AsmError(`neither an instruction nor a directive: ${operands.text}`)
      return
    }
    if (assigned !== undefined) return this.assign(assigned, operands, statement)
    const directive = DIRECTIVES[op]
    if (directive !== undefined) return directive(this, statement)
    if (isCallFrame(op)) return
    if (op.startsWith('.')) throw new AsmError(`there is no directive ${op}`, statement.opWord!.column, op.length)
    if (!isMnemonic(op)) throw new AsmError(`${op} is no instruction of the 440`, statement.opWord!.column, op.length)
    this.#instruction(statement)
  }

  #instruction({ op, operands, raw }: AsmStatement): void {
    const spellings = readInstruction(op, operands, this)
    const section = this.#section
    if (section.isEmpty) throw new AsmError(`${section.name} has no contents: an instruction cannot be there`)
    if (section.size % 4 !== 0)
      throw new AsmError('an instruction must be at an address that is a multiple of 4: .balign 4 before it')
    const offset = this.reserve(4)
    section.rows.push({ offset, file: raw.file, line: raw.line })
    this.#instructions.push({ section, offset, spellings, place: placeOf(raw) })
  }

  // What directives work with.

  get section(): AsmSection {
    return this.#section
  }

  /** The section of that name, made at its first mention. */
  sectionNamed(name: string, type: number, flags: number, entrySize = 0): AsmSection {
    let section = this.#sections.get(name)
    if (section === undefined) {
      section = new AsmSection(name, type, flags, entrySize)
      this.#sections.set(name, section)
    }
    return section
  }

  hasSection(name: string): AsmSection | undefined {
    return this.#sections.get(name)
  }

  enter(section: AsmSection): void {
    this.#previous = this.#section
    this.#section = section
  }

  push(section: AsmSection): void {
    this.#pushed.push([this.#section, this.#previous])
    this.enter(section)
  }

  pop(): void {
    const saved = this.#pushed.pop()
    if (saved === undefined) throw new AsmError('.popsection without .pushsection')
    ;[this.#section, this.#previous] = saved
  }

  previous(): void {
    this.enter(this.#previous)
  }

  /** Room for `count` bytes in the section. @returns their offset. @throws AsmError beyond what a section may have */
  reserve(count: number, fill = 0): number {
    if (this.#section.size === 0) this.#section.order = this.#order++
    const offset = this.#section.reserve(count, fill)
    if (offset === undefined) throw new AsmError(`${this.#section.name} would be larger than 64 MB`)
    return offset
  }

  /** `width` bytes with the value of each operand, known now or later. */
  data(operands: SourceWord, width: number): void {
    for (const word of splitOperands(operands)) this.datum(word, width)
  }

  datum(word: SourceWord, width: number): void {
    const { expression, part } = this.expression(word)
    const offset = this.reserve(width)
    if (this.#section.isEmpty) return this.#wantsZero(expression)
    const place = { ...placeOf(this.#statement!.raw), column: word.column, length: word.text.length }
    this.#data.push({ section: this.#section, offset, width, expression, part, place })
  }

  #wantsZero(expression: AsmExpression): void {
    const value = evaluate(expression)
    if (!isAbsolute(value) || value.number !== 0n)
      throw new AsmError(`${this.#section.name} has no contents: only 0 can be there`)
  }

  /** Reads one expression that fills `word`. */
  expression(word: SourceWord): { expression: AsmExpression; part: AddressPart | undefined } {
    try {
      const reader = new ExpressionReader(word.text, this)
      const expression = reader.read()
      reader.end()
      return { expression, part: reader.part }
    } catch (error) {
      throw within(word, error)
    }
  }

  /** An expression whose number is known now. @throws AsmError */
  number(word: SourceWord): bigint {
    const value = evaluate(this.expression(word).expression)
    if (!isAbsolute(value))
      throw new AsmError(`${word.text} must be known here, and is not a number yet`, word.column, word.text.length)
    return value.number
  }

  symbol(name: string): AsmSymbol {
    let symbol = this.#symbols.get(name)
    if (symbol === undefined) {
      symbol = new AsmSymbol(name)
      this.#symbols.set(name, symbol)
    }
    return symbol
  }

  /** `name = expression`; `==` and .equiv define once. */
  assign(name: SourceWord, text: SourceWord, { raw }: AsmStatement, once = false): void {
    if (name.text === '.') return moveTo(this, text, 0)
    const { expression } = this.expression(text)
    const symbol = this.symbol(name.text)
    if (symbol.value !== undefined && (once || isLocation(symbol.value)))
      throw new AsmError(`${name.text} is defined already${whereText(symbol)}`, name.column, name.text.length)
    symbol.value = numberNow(expression) ?? expression
    symbol.definedAt ??= { ...placeOf(raw), column: name.column, length: name.text.length }
  }

  /** Makes `symbol` the name of `bytes` in .bss. @throws AsmError */
  allocate(symbol: AsmSymbol, bytes: number, align: number): void {
    const bss = this.#sections.get('.bss')!
    bss.align = Math.max(bss.align, align)
    const offset = bss.reserve((align - (bss.size % align)) % align)
    if (offset === undefined || bss.reserve(bytes) === undefined) throw new AsmError('.bss would be larger than 64 MB')
    symbol.value = { section: bss, offset: bss.size - bytes }
    symbol.size ??= number(bytes)
  }

  warn(message: string): void {
    this.#note(placeOf(this.#statement!.raw), message, 'warning')
  }

  // Names in expressions.

  named(name: string): AsmExpression {
    const symbol = this.symbol(name)
    symbol.usedAt ??= this.#statement === undefined ? undefined : placeOf(this.#statement.raw)
    // A name that .set gave a value means the one it has now, whatever it is set to later.
    if (symbol.value !== undefined && !isLocation(symbol.value) && isAbsolute(evaluate(symbol.value)))
      return symbol.value
    return { kind: 'symbol', symbol }
  }

  numbered(digits: string, direction: 'b' | 'f'): AsmExpression {
    const count = this.#numbered.get(digits) ?? 0
    if (direction === 'b' && count === 0) throw new AsmError(`there is no label ${digits}: before this`)
    const symbol = this.symbol(numberedName(digits, direction === 'b' ? count : count + 1))
    symbol.usedAt ??= placeOf(this.#statement!.raw)
    return { kind: 'symbol', symbol }
  }

  here(): SectionPlace {
    return { section: this.#section, offset: this.#section.size }
  }

  #label({ text, column }: SourceWord, raw: RawStatement): void {
    let name = text
    if (/^\d+$/.test(text)) {
      const count = (this.#numbered.get(text) ?? 0) + 1
      this.#numbered.set(text, count)
      name = numberedName(text, count)
    }
    const symbol = this.symbol(name)
    if (symbol.value !== undefined)
      throw new AsmError(`${text} is defined already${whereText(symbol)}`, column, text.length)
    symbol.value = this.here()
    symbol.definedAt = { ...placeOf(raw), column, length: text.length }
  }

  // The end: everything is known that ever will be.

  #finish(): void {
    for (const symbol of this.#symbols.values()) this.#allocateLocal(symbol)
    for (const instruction of this.#instructions) this.#tryAt(instruction.place, () => finishInstruction(instruction))
    for (const data of this.#data) this.#tryAt(data.place, () => this.#finishData(data))
    for (const symbol of this.#symbols.values()) {
      const { usedAt, definedAt, value, size } = symbol
      for (const worth of [value, size])
        if (worth !== undefined && !isLocation(worth))
          this.#tryAt(definedAt ?? usedAt ?? UNKNOWN, () => void evaluate(worth))
      if (usedAt !== undefined && !symbol.isDefined && symbol.isTemporary)
        this.#note(usedAt, `nothing defines ${shownName(symbol)}`)
    }
    this.#problems.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
  }

  #finishData({ section, offset, width, expression, part, place }: PendingData): void {
    const value = evaluate(expression)
    if (isAbsolute(value) && (part === undefined || isHalf(part))) {
      const worth = part === undefined ? value.number : BigInt(partOf(part, value.number))
      if (!fits(worth, 8 * width)) {
        const message = `${worth} does not fit into ${width} byte${width === 1 ? '' : 's'}`
        this.#note(place, message, 'warning')
      }
      return section.put(offset, width, worth)
    }
    section.relocations.push({ ...dataRelocation(expression, value, part, section, offset, width), place })
  }

  /** `.local` and `.comm` together: the size of the symbol is that of the room. */
  #allocateLocal(symbol: AsmSymbol): void {
    const { common } = symbol
    if (common === undefined || !symbol.isDeclaredLocal) return
    symbol.common = undefined
    this.allocate(symbol, common.size, common.align)
  }

  #try(raw: RawStatement, work: () => void): void {
    this.#tryAt(placeOf(raw), work)
  }

  /** Does what may be wrong; if it is, that is noted at `place` or the columns that the error knows. */
  #tryAt(place: SourcePlace, work: () => void): void {
    try {
      work()
    } catch (error) {
      if (!(error instanceof AsmError)) throw error
      this.#noteError(place, error)
    }
  }

  #report(raw: RawStatement, error: AsmError): void {
    this.#noteError(placeOf(raw), error)
  }

  #noteError(place: SourcePlace, { message, column, length }: AsmError): void {
    this.#note(column === undefined ? place : { ...place, column, length }, message)
  }

  #note(place: SourcePlace, message: string, severity: AsmProblem['severity'] = 'error'): void {
    this.#problems.push({ place, message, severity })
    if (this.#problems.length >= MOST_PROBLEMS) throw new TooManyProblems()
  }
}

/** A path as the source `file` means it: from its own folder on. */
const beside = (file: string, path: string): string =>
  /^([\\/]|\w+:)/.test(path) ? path : file.slice(0, file.length - fileName(file).length) + path

/** Of a symbol that is only described, and nowhere defined or used. */
const UNKNOWN: SourcePlace = { file: '', line: 1, column: 1, length: 1 }

/** What an expression is worth if that is a number already; one that must wait is no mistake yet. */
function numberNow(expression: AsmExpression): AsmExpression | undefined {
  try {
    const value = evaluate(expression)
    return isAbsolute(value) ? number(value.number) : undefined
  } catch (error) {
    if (error instanceof AsmError) return undefined
    throw error
  }
}

const numberedName = (digits: string, count: number): string => `${digits}${NUMBERED}${count}`

/** `1:` for a numbered label, the name for any other. */
export const shownName = ({ name }: AsmSymbol): string => name.replace(new RegExp(`${NUMBERED}.*`), ':')

const whereText = ({ definedAt }: AsmSymbol): string => (definedAt === undefined ? '' : `, in line ${definedAt.line}`)

/** With or without a sign. */
const fits = (value: bigint, bits: number): boolean => value >= -(1n << BigInt(bits - 1)) && value < 1n << BigInt(bits)
