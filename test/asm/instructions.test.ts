// Every form of every instruction, written as the disassembler shows it: assembled as GNU as does, or refused where it
// refuses.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { relocatable } from '../../src/asm/relocatable.ts'
import { have } from '../support/tools.ts'
import { compareLines } from './compareLines.ts'
import { contentsOf, GNU, gnuAs, ours } from './gnu.ts'
import { randomLines } from './randomLines.ts'

describe.skipIf(!GNU.every(have))('instructions beside GNU as', () => {
  const folder = mkdtempSync(join(tmpdir(), 'asm-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('at random: the same words, and the same ones refused', () => {
    const { assembled, differences } = compareLines(randomLines(440, 48, 12_000), folder)
    expect(differences).toEqual([])
    expect(assembled).toBeGreaterThan(25_000)
  })

  // One line each that GNU as refuses, beside one of the same kind that it takes.
  test.each([
    ['addi r3, r4, 32768', 'addi r3, r4, 32767'],
    ['addi r3, r4, -32769', 'addi r3, r4, -32768'],
    ['addis r3, r4, 65536', 'addis r3, r4, 65535'],
    ['ori r3, r4, -1', 'ori r3, r4, 65535'],
    ['ori r3, r4, 65536', 'ori r3, r4, 0'],
    ['subi r3, r4, 32769', 'subi r3, r4, 32768'],
    ['lwz r3, 32768(r4)', 'lwz r3, 32767(r4)'],
    ['lwz r3, r4', 'lwz r3, 0(r4)'],
    ['lwz r3, 0(r32)', 'lwz r3, 0(r31)'],
    ['add r3, r4', 'add r3, r4, r5'],
    ['add r3, r4, r5, r6', 'add. r3, r4, r5'],
    ['slwi r3, r4, 32', 'slwi r3, r4, 31'],
    ['rlwinm r3, r4, 5, 0xf0f0', 'rlwinm r3, r4, 5, 0xf00'],
    ['lwzu r3, 4(r3)', 'lwzu r3, 4(r4)'],
    ['lwzu r3, 4(0)', 'stwu r3, 4(r3)'],
    ['lmw r3, 0(r4)', 'lmw r5, 0(r4)'],
    ['lswi r3, r4, 8', 'lswi r5, r4, 8'],
    ['bc 32, 0, .', 'bc 12, 0, .'],
    ['b . + 2', 'b . + 4'],
    ['beq . + 32768', 'beq . + 32764'],
    ['b . + 0x2000000', 'b . - 0x2000000'],
    ['mtcrf 256, r3', 'mtcrf 255, r3'],
    ['mtocrf 3, r3', 'mtocrf 2, r3'],
    ['mfspr r3, 1024', 'mfspr r3, 1023'],
    ['mftb r3, 270', 'mftb r3, 269'],
    ['cmpw cr8, r3, r4', 'cmpw cr7, r3, r4'],
    ['ld r3, 0(r4)', 'lwz r3, 0(r4)'],
    ['tlbwe r3, r4, 1, 2', 'tlbwe r3, r4'],
    ['wrteei 2', 'wrteei 1'],
  ])('%s is refused, %s is not', (refused, taken) => {
    const source = join(folder, 'one.s')
    const words = [refused, taken].map(line => {
      writeFileSync(source, `\t${line}\n`)
      const theirs = gnuAs(source, join(folder, 'theirs.o'))
      const { object, problems } = ours(source)
      writeFileSync(join(folder, 'own.o'), relocatable(object))
      const own = problems.length > 0 ? undefined : contentsOf(join(folder, 'own.o'))
      return { own, theirs: theirs.status === 0 ? contentsOf(join(folder, 'theirs.o')) : undefined }
    })
    expect(words[0]).toEqual({ own: undefined, theirs: undefined })
    expect(words[1]!.theirs).toBeDefined()
    expect(words[1]!.own).toEqual(words[1]!.theirs)
  })
})
