// Directives that choose the section.

import type { Assembler } from '../assembler.ts'
import { AsmError } from '../problem.ts'
import { type AsmSection, SECTION_FLAG, SECTION_TYPE } from '../section.ts'
import type { AsmStatement } from '../statement.ts'
import { countIn, type Directive, nameIn, operandsOf } from './directive.ts'

const { WRITE, ALLOC, EXECINSTR, MERGE, STRINGS } = SECTION_FLAG

const FLAG_LETTERS: Readonly<Record<string, number>> = { w: WRITE, a: ALLOC, x: EXECINSTR, M: MERGE, S: STRINGS }
const TYPE_WORDS: Readonly<Record<string, number>> = {
  progbits: SECTION_TYPE.PROGBITS,
  nobits: SECTION_TYPE.NOBITS,
  note: SECTION_TYPE.NOTE,
}

/** What a section is that is named without its flags, by the beginning of its name (gABI, "Special Sections"). */
const KNOWN: readonly (readonly [pattern: RegExp, type: number, flags: number])[] = [
  [/^\.(text|init|fini)(\.|$)/, SECTION_TYPE.PROGBITS, ALLOC | EXECINSTR],
  [/^\.(data|sdata)(\.|$)/, SECTION_TYPE.PROGBITS, ALLOC | WRITE],
  [/^\.(bss|sbss)(\.|$)/, SECTION_TYPE.NOBITS, ALLOC | WRITE],
  [/^\.(rodata|sdata2|sbss2)(\.|$)/, SECTION_TYPE.PROGBITS, ALLOC],
  [/^\.note(\.|$)/, SECTION_TYPE.NOTE, 0],
]

/** `.section name, "flags", @type, entsize`. */
function named(assembler: Assembler, statement: AsmStatement): AsmSection {
  const [nameWord, flagsWord, typeWord, sizeWord] = operandsOf(statement, 1, 4)
  const name = nameIn({ ...nameWord!, text: nameWord!.text.replace(/^([^"].*)$/, '"$1"') })
  const [, type, flags] = KNOWN.find(([pattern]) => pattern.test(name)) ?? [undefined, SECTION_TYPE.PROGBITS, 0]
  const before = assembler.hasSection(name)
  if (flagsWord === undefined) return before ?? assembler.sectionNamed(name, type, flags)
  const given = flagsOf(flagsWord.text, flagsWord.column)
  const givenType = typeWord === undefined ? type : TYPE_WORDS[typeWord.text.replace(/^[@%#]/, '')]
  if (givenType === undefined)
    throw new AsmError(
      `${typeWord!.text} is no type of section: @progbits, @nobits and @note are`,
      typeWord!.column,
      typeWord!.text.length,
    )
  if (before !== undefined && before.flags !== given)
    throw new AsmError(`${name} had other flags before`, flagsWord.column, flagsWord.text.length)
  return assembler.sectionNamed(name, givenType, given, sizeWord === undefined ? 0 : countIn(assembler, sizeWord))
}

function flagsOf(text: string, column: number): number {
  const [, letters] = /^"([a-zA-Z]*)"$/.exec(text) ?? []
  if (letters === undefined) throw new AsmError('flags are letters in quotes: "ax"', column, text.length)
  return [...letters].reduce((flags, letter) => {
    const flag = FLAG_LETTERS[letter]
    if (flag === undefined)
      throw new AsmError(`${letter} is no flag of a section: a, w, x, M and S are`, column, text.length)
    return flags | flag
  }, 0)
}

const standing =
  (name: string, type: number, flags: number): Directive =>
  assembler =>
    assembler.enter(assembler.sectionNamed(name, type, flags))

export const SECTIONS: Readonly<Record<string, Directive>> = {
  '.section': (assembler, statement) => assembler.enter(named(assembler, statement)),
  '.pushsection': (assembler, statement) => assembler.push(named(assembler, statement)),
  '.popsection': assembler => assembler.pop(),
  '.previous': assembler => assembler.previous(),
  '.text': standing('.text', SECTION_TYPE.PROGBITS, ALLOC | EXECINSTR),
  '.data': standing('.data', SECTION_TYPE.PROGBITS, ALLOC | WRITE),
  '.bss': standing('.bss', SECTION_TYPE.NOBITS, ALLOC | WRITE),
  '.rdata': standing('.rodata', SECTION_TYPE.PROGBITS, ALLOC),
}
