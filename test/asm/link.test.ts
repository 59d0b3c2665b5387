// Programs beside those of GNU ld, given the same addresses; and what readelf makes of their line information.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { assembleText } from '../../src/asm/assembler.ts'
import { link } from '../../src/asm/link.ts'
import { problemText } from '../../src/asm/problem.ts'
import { readElf } from '../../src/elf/elf.ts'
import { have } from '../support/tools.ts'
import { contentsOf, GNU, gnuAs, LD, OBJDUMP, ours, READELF } from './gnu.ts'

const linked = (text: string, base?: number) => link(assembleText(text, 'x.s', () => '').object, 'x.s', base)

describe.skipIf(!GNU.every(have))('beside GNU ld', () => {
  const folder = mkdtempSync(join(tmpdir(), 'asm-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each(['linked', 'branches'])('the bytes of %s', name => {
    const source = name === 'linked' ? 'test/asm/sources/linked.s' : join(folder, 'branches.s')
    if (name !== 'linked') writeFileSync(source, BRANCHES)
    const [object, theirs, own] = ['x.o', 'theirs.elf', 'own.elf'].map(file => join(folder, file)) as [
      string,
      string,
      string,
    ]
    const { file, problems } = link(ours(source).object, source)
    expect(problems).toEqual([])
    writeFileSync(own, file)
    gnuAs(source, object)
    // A script that gives every section the address it has here, and common symbols theirs.
    const places = readElf(file, own).sections.filter(({ addr }) => addr !== 0)
    const rows = places.map(({ name: section, addr }) => {
      const input = section === '.common' ? 'COMMON' : section
      return `${section} 0x${addr.toString(16)} : { *(${input}) }`
    })
    expect(rows.length).toBeGreaterThan(2)
    const script = join(folder, 'script.ld')
    writeFileSync(script, `SECTIONS { ${rows.join('\n')} }`)
    const options = ['--no-warn-rwx-segments', '-e', '0x100000', '-T', script]
    const { stderr, status } = spawnSync(LD, [...options, object, '-o', theirs], { encoding: 'utf8' })
    expect([stderr, status]).toEqual(['', 0])
    expect(contentsOf(own)).toEqual(contentsOf(theirs))
  })

  test('the lines are those of the source, by address', () => {
    const own = join(folder, 'lines.elf')
    writeFileSync(own, linked(LINES, 0x20000).file)
    const { stdout } = spawnSync(OBJDUMP, ['--dwarf=decodedline', own], { encoding: 'utf8' })
    const rows = [...stdout.matchAll(/^\S+ +(\d+) +0x([\da-f]+)/gm)].map(([, line, address]) => `${address} ${line}`)
    expect(rows).toEqual(['20000 2', '20004 3', '20008 7', '2000c 7', '20014 10', '20018 11'])
    const warnings = spawnSync(READELF, ['-a', '-w', own], { encoding: 'utf8' }).stderr
    expect(warnings).toBe('')
  })
})

/** Branches and halves of addresses, within a section and between two. */
const BRANCHES = `
	.globl _start, other
_start:	bl other
	beq other
	lis r3, table@ha
	lwz r4, table@l(r3)
	lis r5, table@h
	addis r6, r6, (table - 1f)@ha
1:	addi r6, r6, (table - 1b)@l
	ba _start
	bla other
	.section .text.other, "ax"
other:	b _start
	.data
	.balign 16
table:	.long _start, other + 4, table - ., 7
	.short 1
`

const LINES = `
	li r3, 1
	li r4, 2
	.macro both
	nop
	.endm
	both; nop
	.section .text.cold, "ax"
	.long 5
	trap
	blr
`

describe('by itself', () => {
  test('an undefined name is refused where it is used, and a distance too far', () => {
    const { problems } = linked(
      '\tb nowhere\n\tlwz r3, away@l(r3)\n\t.skip 0x9000\n\tbeq first\n\t.globl first\nfirst:\n',
    )
    expect(problems.map(problemText)).toEqual([
      'x.s:1:2: error: nothing defines nowhere',
      'x.s:2:2: error: nothing defines away',
    ])
    const far = linked('\t.globl there\n\tbeq there\n\t.section .text.there, "ax"\n\t.skip 0x9000\nthere:\tblr\n')
    expect(far.problems.map(problemText)).toEqual([
      'x.s:2:2: error: the distance 0x9004 is out of reach: -0x8000 to 0x7ffc',
    ])
  })

  test.each([
    ['_start', '\tnop\n_start:\tblr\n', 0x100004],
    ['start', '\tnop\nstart:\tblr\n', 0x100004],
    ['the first instruction', '\tnop\nmain:\tblr\n', 0x100000],
  ])('it begins at %s', (_, text, entry) => {
    expect(readElf(linked(text).file, 'x').header.entry).toBe(entry)
  })

  test('sections that are written are in a segment of their own, on a page of its own', () => {
    const { file } = linked('\tnop\n\t.data\n\t.long 1\n\t.bss\n\t.skip 8\n\t.section .rodata\n\t.long 2\n')
    const segments = readElf(file, 'x').segments.map(({ vaddr, filesz, memsz, flags }) => [vaddr, filesz, memsz, flags])
    expect(segments).toEqual([
      [0x100000, 8, 8, 5],
      [0x101000, 4, 12, 6],
    ])
  })
})
