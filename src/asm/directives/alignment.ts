// Directives that move on: .align, .balign, .p2align and .org.

import type { Assembler } from '../assembler.ts'
import { evaluate, isAbsolute } from '../expression.ts'
import { AsmError } from '../problem.ts'
import type { SourceWord } from '../statement.ts'
import { countIn, type Directive, operandsOf } from './directive.ts'

const NOP = 0x60000000n
const BRANCH = 0x48000000n
const MOST_NOPS = 4
const MOST_POWER = 26

/** `.balign bytes, fill, most`: up to the next multiple, unless more than `most` bytes would be skipped. */
function align(assembler: Assembler, bytes: number, fill: SourceWord | undefined, most: SourceWord | undefined): void {
  const { section } = assembler
  const count = (bytes - (section.size % bytes)) % bytes
  if (most !== undefined && most.text !== '' && count > countIn(assembler, most)) return
  section.align = Math.max(section.align, bytes)
  if (fill !== undefined && fill.text !== '') {
    assembler.reserve(count, Number(BigInt.asUintN(8, assembler.number(fill))))
    return
  }
  const offset = assembler.reserve(count)
  if (!section.isCode || count % 4 !== 0) return
  // Between instructions stand instructions that do nothing; many of them are jumped over.
  for (let at = 0; at < count; at += 4) section.put(offset + at, 4, NOP)
  if (count > MOST_NOPS * 4) section.put(offset, 4, BRANCH | BigInt(count))
}

/** `.align 4` and `.p2align 4`: 16 bytes. On the PowerPC both give the power of 2. */
const byPower: Directive = (assembler, statement) => {
  const [power, fill, most] = operandsOf(statement, 0, 3)
  const exponent = power === undefined || power.text === '' ? 0 : countIn(assembler, power)
  if (exponent > MOST_POWER)
    throw new AsmError(`an alignment of 2 to the power of ${exponent}: did you mean .balign ${exponent}?`)
  align(assembler, 2 ** exponent, fill, most)
}

const byBytes: Directive = (assembler, statement) => {
  const [size, fill, most] = operandsOf(statement, 1, 3)
  const bytes = countIn(assembler, size!)
  if (bytes > 2 ** MOST_POWER || (bytes & (bytes - 1)) !== 0)
    throw new AsmError(`${bytes} is no power of 2`, size!.column, size!.text.length)
  if (bytes > 1) align(assembler, bytes, fill, most)
}

/** `.org 0x100` and `. = 0x100`: an offset in the section, or a place in it. */
const org: Directive = (assembler, statement) => {
  const [to, fill] = operandsOf(statement, 1, 2)
  moveTo(assembler, to!, fill === undefined ? 0 : Number(BigInt.asUintN(8, assembler.number(fill))))
}

export function moveTo(assembler: Assembler, to: SourceWord, fill: number): void {
  const value = evaluate(assembler.expression(to).expression)
  const isHere = value.minus === undefined && (isAbsolute(value) || value.base === assembler.section)
  if (!isHere) throw new AsmError('an offset in this section is wanted, known here', to.column, to.text.length)
  const { size } = assembler.section
  const count = Number(value.number) - size
  if (count < 0)
    throw new AsmError(`back to ${value.number}: the section has ${size} bytes already`, to.column, to.text.length)
  assembler.reserve(count, fill)
}

export const ALIGNMENT: Readonly<Record<string, Directive>> = {
  ...{ '.align': byPower, '.p2align': byPower, '.balign': byBytes, '.org': org },
}
