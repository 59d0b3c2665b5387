// Instructions of a source: read when they are met, encoded when every symbol is known.

import { encode, placesFor, type Spelling, spellingsOf, type WrittenOperand } from '../isa/encode.ts'
import { isTarget, type OperandKind, type OperandPlace } from '../isa/operands.ts'
import {
  type AddressPart,
  type AsmExpression,
  type AsmValue,
  ExpressionReader,
  evaluate,
  isAbsolute,
  type Names,
  number,
} from './expression.ts'
import { splitOperands } from './operandText.ts'
import { AsmError, type SourcePlace, within } from './problem.ts'
import { registerNumber } from './registerNames.ts'
import { branchRelocation, halfRelocation, isHalf, partOf } from './relocations.ts'
import type { AsmSection, Patch } from './section.ts'
import type { SourceWord } from './statement.ts'
import { AsmSymbol } from './symbol.ts'

interface ReadOperand {
  readonly expression: AsmExpression
  readonly part: AddressPart | undefined
  readonly base: AsmExpression | undefined
  readonly word: SourceWord
}

/** An instruction whose place is known and whose word is not yet. */
export interface PendingInstruction {
  readonly section: AsmSection
  readonly offset: number
  readonly spellings: readonly { readonly spelling: Spelling; readonly operands: readonly ReadOperand[] }[]
  readonly place: SourcePlace
}

export const isMnemonic = (op: string): boolean => spellingsOf(op).length > 0

/** Reads the operands of `mnemonic` for each way in which so many of them can be understood. */
export function readInstruction(mnemonic: string, operands: SourceWord, names: Names): PendingInstruction['spellings'] {
  const words = splitOperands(operands)
  const fitting = spellingsOf(mnemonic).flatMap(spelling => {
    const places = placesFor(spelling, words.length)
    return places === undefined ? [] : [{ spelling, places }]
  })
  if (fitting.length === 0) throw new AsmError(`${mnemonic} takes ${countsOf(spellingsOf(mnemonic))}`, operands.column)
  return fitting.map(({ spelling, places }) => ({
    spelling,
    operands: places.map((place, i) => readOperand(place, words[i]!, names)),
  }))
}

/** `2 or 3 operands`. */
function countsOf(spellings: readonly Spelling[]): string {
  const counts = new Set<number>()
  for (const { places } of spellings) {
    const optional = places.filter(place => place.optional).length
    for (let left = 0; left <= optional; left++) counts.add(places.length - left)
  }
  const sorted = [...counts].sort((a, b) => a - b)
  if (sorted.length === 1 && sorted[0] === 0) return 'no operands'
  return `${sorted.join(' or ')} operand${sorted.at(-1) === 1 ? '' : 's'}`
}

function readOperand({ operand, base }: OperandPlace, word: SourceWord, names: Names): ReadOperand {
  try {
    const reader = new ExpressionReader(word.text, withRegisters(names, operand.kind))
    const expression = reader.read()
    const { part } = reader
    if (base === undefined) {
      reader.end()
      return { expression, part, base: undefined, word }
    }
    if (!reader.take('(')) reader.fail('a register in parentheses is missing: 8(r1)')
    // The register has names of its own, and its reader begins behind the parenthesis.
    const inner = new ExpressionReader(word.text, withRegisters(names, base.kind), reader.at)
    const register = inner.read()
    if (!inner.take(')')) inner.fail('a ) is missing')
    inner.end()
    return { expression, part, base: register, word }
  } catch (error) {
    throw within(word, error)
  }
}

/** Where an operand is a register, the names of registers come before those of symbols. */
function withRegisters(names: Names, kind: OperandKind): Names {
  return {
    named(name) {
      const register = registerNumber(kind, name)
      return register === undefined ? names.named(name) : number(register)
    },
    numbered: (digits, direction) => names.numbered(digits, direction),
    here: () => names.here(),
  }
}

/** Puts the word of an instruction into its section, with what is left to the linker. @throws AsmError */
export function finishInstruction({ section, offset, spellings, place }: PendingInstruction): void {
  let first: AsmError | undefined
  for (const { spelling, operands } of spellings) {
    try {
      const patches: Patch[] = []
      const written = operands.map((operand, i) =>
        writtenValue(operand, placesFor(spelling, operands.length)![i]!, spelling, section, offset, patches),
      )
      const result = encode(spelling, written, offset)
      if ('word' in result) {
        section.put(offset, 4, BigInt(result.word))
        section.relocations.push(...patches.map(patch => ({ ...patch, place })))
        return
      }
      const word = result.operand === undefined ? undefined : operands[result.operand]?.word
      throw new AsmError(result.problem, word?.column, word?.text.length)
    } catch (error) {
      if (!(error instanceof AsmError)) throw error
      first ??= error
    }
  }
  throw first
}

/** The number of an operand; where that is the linker's, a number that leaves the field 0, and a relocation. */
function writtenValue(
  operand: ReadOperand,
  { operand: codec }: OperandPlace,
  spelling: Spelling,
  section: AsmSection,
  offset: number,
  patches: Patch[],
): WrittenOperand {
  const { word, part } = operand
  try {
    const base = operand.base === undefined ? {} : { base: registerValue(operand.base) }
    const value = evaluate(operand.expression)
    if (isAbsolute(value) && part === undefined) return { value: Number(value.number), ...base }
    if (isAbsolute(value) && isHalf(part)) {
      const half = partOf(part, value.number)
      // Half an address may stand where a number with a sign is wanted.
      return { value: codec.write(half, offset) === undefined ? (half << 16) >> 16 : half, ...base }
    }
    if (isTarget(codec.kind)) {
      const isRelative = codec.kind === 'branch'
      return { value: branchValue(operand, value, isRelative, spelling, section, offset, patches) }
    }
    if (codec.kind !== 'number') throw noRegister(value)
    if (codec.isHalf !== true) throw new AsmError('a number is wanted that is known here, and this is an address')
    patches.push(halfRelocation(operand.expression, value, part, section, offset))
    return { value: 0, ...base }
  } catch (error) {
    if (error instanceof AsmError && error.column === undefined)
      throw new AsmError(error.message, word.column, word.text.length)
    throw error
  }
}

const noRegister = ({ base }: AsmValue): AsmError =>
  new AsmError(base instanceof AsmSymbol ? `${base.name} is no register` : 'an address where a register is wanted')

function registerValue(expression: AsmExpression): number {
  const value = evaluate(expression)
  if (!isAbsolute(value)) throw noRegister(value)
  return Number(value.number)
}

/** A branch within the section is known here; any other is the linker's. */
function branchValue(
  { expression, part }: ReadOperand,
  value: AsmValue,
  isRelative: boolean,
  spelling: Spelling,
  section: AsmSection,
  offset: number,
  patches: Patch[],
): number {
  const relocation = branchRelocation(expression, value, part, isRelative, spelling, section, offset)
  if (relocation === undefined) return Number(value.number)
  patches.push(relocation)
  return isRelative ? offset : 0
}
