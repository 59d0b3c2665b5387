// What the editor is told of a source. Which rows and registers there are is the table's; here are places and sentences.

import { expect, test } from 'vitest'
import { completionsAt, definitionAt, hoverAt, outlineOf, problemsOf, referencesAt } from '../../../src/assembly.ts'

const SOURCE = `	.set LIMIT, 0x64        # how far
	.macro load reg, value
	lis \\reg, \\value@h
	.endm
_start:	load r3, LIMIT
	addi r3, r1, LIMIT
	lwz r0, LIMIT@l(r4)
	stw r3, 8(0)
	mfspr r5, 308
	mtspr DBSR, r5
1:	cmpwi cr7, r3, 0
	crset 4*cr7+eq
	bne cr7, 1b
	b 1f
1:	b _start
`

/** The place of `word` in its line, counted from 1. */
function at(word: string, line: number): { line: number; column: number } {
  const column = SOURCE.split('\n')[line - 1]!.indexOf(word) + 1
  if (column === 0) throw new Error(`no ${word} in line ${line}`)
  return { line, column }
}
const hover = (word: string, line: number): string | undefined => hoverAt(SOURCE, at(word, line))?.markdown

test('a mnemonic: its ways to be written, its meaning, what it changes', () => {
  expect(hover('addi', 6)).toBe('**addi**: add immediate\n\n```\naddi RT, RA|0, SI\n\nRT = RA0 + SI\n```')
  const bne = hover('bne', 13)!
  expect(bne).toContain('a form of `bc`')
  expect(bne).toContain('bne BF, BD')
  expect(hover('mfspr', 9)).toContain('RT, SPR')
  expect(hover('cmpwi', 11)).toContain('Changes a field of CR.')
  expect(hoverAt('\tadde. r3, r4, r5', { line: 1, column: 3 })!.markdown).toContain('Changes CR0, XER[CA].')
  expect(hoverAt('\tmtmsr r3', { line: 1, column: 3 })!.markdown).toContain('Privileged')
})

test('a register by its name or its number, and a base of 0, which is no register', () => {
  expect(hover('r1', 6)).toBe('**r1**: stack pointer')
  expect(hover('r4', 7)).toContain('argument 2')
  expect(hover('0)', 8)).toContain('the number 0, not the contents of r0')
  expect(hoverAt('\tadd 3, 4, 13', { line: 1, column: 12 })!.markdown).toContain('small data')
  expect(hover('cr7', 11)).toContain('bits 28 to 31')
})

test('a special purpose register by number or name, with its fields', () => {
  expect(hover('308', 9)).toMatch(/^\*\*DBCR0\*\* \(SPR 308, 0x134\): .*UM p\.\d+\n- `EDM` 0 /)
  expect(hover('DBSR', 10)).toMatch(/^\*\*DBSR\*\* \(SPR 304/)
})

test('a constant, a macro, a part of an address, a directive', () => {
  expect(hover('LIMIT', 6)).toContain('.set LIMIT, 0x64')
  expect(hover('load', 5)).toContain('.macro load reg, value')
  expect(hover('@l', 7)).toContain('lower 16 bits')
  expect(hover('.set', 1)).toContain('gives a name a value')
  expect(hover('# how', 1)).toBeUndefined()
})

test('names lead to where they are defined; 1b and 1f to the nearest of their kind', () => {
  expect(definitionAt(SOURCE, at('LIMIT', 7))).toEqual({ line: 1, column: 7, length: 5 })
  expect(definitionAt(SOURCE, at('load', 5))).toEqual({ line: 2, column: 9, length: 4 })
  expect(definitionAt(SOURCE, at('_start', 15))).toEqual({ line: 5, column: 1, length: 6 })
  expect(definitionAt(SOURCE, at('1b', 13))!.line).toBe(11)
  expect(definitionAt(SOURCE, at('1f', 14))!.line).toBe(15)
  expect(definitionAt(SOURCE, at('r3', 6))).toBeUndefined()
  expect(referencesAt(SOURCE, at('LIMIT', 1)).map(({ line }) => line)).toEqual([1, 5, 6, 7])
})

test('the outline has what has a name of its own', () => {
  expect(outlineOf(`${SOURCE}.Lhidden:\n`).map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'LIMIT constant',
    'load macro',
    '_start label',
  ])
})

test('offered: mnemonics and macros first in a statement, registers for mfspr, names elsewhere', () => {
  const offered = (text: string) => completionsAt(`${SOURCE}\t${text}`, { line: 16, column: text.length + 2 })
  const labels = (text: string) => offered(text).map(({ label }) => label)
  expect(labels('mf')).toEqual(expect.arrayContaining(['mfdbcr0', 'mfspr', 'load', '.section']))
  expect(offered('mf').find(({ label }) => label === 'mfdbcr0')!.detail).toBe('move from special purpose register')
  expect(labels('mfspr r3, d')).toEqual(expect.arrayContaining(['dbcr0', 'dbsr', 'iac1']))
  expect(labels('b _')).toEqual(['LIMIT', '_start'])
  expect(labels('add r')).toEqual([])
})

test('problems are those of the text, and of a language that is ours', async () => {
  const none = async (): Promise<string> => '\tfoo\n'
  const messages = async (text: string) => (await problemsOf(text, '/x.s', none)).map(({ message }) => message)
  expect(await messages('\tnop\n\tfoo\n')).toEqual(['foo is no instruction of the 440'])
  expect(await messages('\tmovl %eax, %ebx\n\tpushl %ebp\n\tret\n')).toEqual([])
  expect(await messages('#include <regs.h>\n\tfoo\n')).toEqual([])
  expect(await messages('\t.include "inner.inc"\n\tnop\n')).toEqual([])
})
