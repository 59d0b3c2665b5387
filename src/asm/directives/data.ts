// Directives that put values into the section: .long, .asciz, .fill and their like.

import type { Assembler } from '../assembler.ts'
import { ESCAPES } from '../expression.ts'
import { splitOperands } from '../operandText.ts'
import { AsmError } from '../problem.ts'
import { SECTION_FLAG, SECTION_TYPE } from '../section.ts'
import type { SourceWord } from '../statement.ts'
import { countIn, type Directive, operandsOf } from './directive.ts'

const integers =
  (width: number): Directive =>
  (assembler, { operands }) =>
    assembler.data(operands, width)

const strings =
  (end: readonly number[]): Directive =>
  (assembler, { operands }) => {
    for (const word of splitOperands(operands)) put(assembler, [...stringBytes(word), ...end])
  }

/** The bytes of a string as written: UTF-8, with the escapes of C. @throws AsmError */
function stringBytes({ text, column }: SourceWord): number[] {
  if (!/^"(?:[^"\\]|\\.)*"$/.test(text)) throw new AsmError('a string in quotes is wanted', column, text.length || 1)
  const bytes: number[] = []
  for (const [part, octal, hex, char] of text.slice(1, -1).matchAll(/\\([0-7]{1,3})|\\x([\da-fA-F]+)|\\(.)|[^\\]/gu)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 255)
    else if (hex !== undefined) bytes.push(Number(BigInt.asUintN(8, BigInt(`0x${hex}`))))
    else if (char !== undefined) bytes.push(ESCAPES[char] ?? char.charCodeAt(0) & 255)
    else bytes.push(...new TextEncoder().encode(part))
  }
  return bytes
}

/** Floating-point numbers in the formats of IEEE 754, as JavaScript reads their text. */
const floats =
  (width: 4 | 8): Directive =>
  (assembler, { operands }) => {
    for (const { text, column } of splitOperands(operands)) {
      const value = Number(text.replace(/^0[fdFD]/, '').replace(/^([-+]?)inf(inity)?$/i, '$1Infinity'))
      if (Number.isNaN(value) && !/^[-+]?nan$/i.test(text))
        throw new AsmError(`${text} is no floating-point number`, column, text.length)
      const view = new DataView(new ArrayBuffer(8))
      if (width === 4) view.setFloat32(0, value)
      else view.setFloat64(0, value)
      put(assembler, new Uint8Array(view.buffer, 0, width))
    }
  }

/** DWARF's numbers of variable length, whose value must be known where they stand. */
const leb128 =
  (isSigned: boolean): Directive =>
  (assembler, { operands }) => {
    for (const word of splitOperands(operands)) put(assembler, leb128Bytes(assembler.number(word), isSigned))
  }

function leb128Bytes(number: bigint, isSigned: boolean): number[] {
  const bytes: number[] = []
  let rest = isSigned ? number : BigInt.asUintN(64, number)
  for (;;) {
    const low = Number(rest & 127n)
    rest >>= 7n
    const isLast = isSigned ? rest === ((low & 64) === 0 ? 0n : -1n) : rest === 0n
    bytes.push(isLast ? low : low | 128)
    if (isLast) return bytes
  }
}

function put(assembler: Assembler, bytes: Iterable<number>): void {
  const all = [...bytes]
  const offset = assembler.reserve(all.length)
  if (assembler.section.isEmpty && all.some(byte => byte !== 0))
    throw new AsmError(`${assembler.section.name} has no contents: only 0 can be there`)
  if (!assembler.section.isEmpty)
    for (const [i, byte] of all.entries()) assembler.section.put(offset + i, 1, BigInt(byte))
}

/** `.ident "GCC 12"`: who made the source. */
const ident: Directive = (assembler, statement) => {
  const { MERGE, STRINGS } = SECTION_FLAG
  assembler.push(assembler.sectionNamed('.comment', SECTION_TYPE.PROGBITS, MERGE | STRINGS, 1))
  if (assembler.section.size === 0) put(assembler, [0])
  put(assembler, [...stringBytes(statement.operands), 0])
  assembler.pop()
}

const space: Directive = (assembler, statement) => {
  const [count, fill] = operandsOf(statement, 1, 2)
  assembler.reserve(
    countIn(assembler, count!),
    fill === undefined ? 0 : Number(BigInt.asUintN(8, assembler.number(fill))),
  )
}

/** `.fill repeat, size, value`: at most 8 bytes each, of which the first 4 hold the value, as GNU as has it. */
const fill: Directive = (assembler, statement) => {
  const [repeat, size, value] = operandsOf(statement, 1, 3)
  const times = countIn(assembler, repeat!)
  const width = Math.min(8, size === undefined ? 1 : countIn(assembler, size))
  const number = value === undefined ? 0n : BigInt.asUintN(32, assembler.number(value))
  const offset = assembler.reserve(times * width)
  if (number !== 0n)
    for (let i = 0; i < times; i++) assembler.section.put(offset + i * width, Math.min(4, width), number)
}

export const DATA: Readonly<Record<string, Directive>> = {
  ...{ '.byte': integers(1), '.short': integers(2), '.half': integers(2), '.hword': integers(2), '.word': integers(2) },
  ...{ '.2byte': integers(2), '.long': integers(4), '.int': integers(4), '.4byte': integers(4) },
  ...{ '.quad': integers(8), '.llong': integers(8), '.8byte': integers(8), '.octa': integers(16) },
  ...{ '.ascii': strings([]), '.asciz': strings([0]), '.string': strings([0]) },
  ...{ '.float': floats(4), '.single': floats(4), '.double': floats(8) },
  ...{ '.uleb128': leb128(false), '.sleb128': leb128(true) },
  ...{ '.space': space, '.skip': space, '.zero': space, '.fill': fill, '.ident': ident },
}
