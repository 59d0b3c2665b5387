import { describe, expect, it } from 'vitest'
import { type CfiRow, cfiRowAt, type RegisterRule } from '../../src/dwarf/cfi.ts'
import { type Fde, readFrames } from '../../src/dwarf/frames.ts'
import { dwarfSections } from '../../src/dwarf/sections.ts'
import { have } from '../support/tools.ts'
import { build, haveClang, haveGcc, loadElf, output, programs } from '../symbols/guest.ts'

/** The return address column: LR. */
const RA = 65

/** `objdump --dwarf=frames-interp` as rows: address, CFA, and the rules that say something, by register. */
function objdumpFrames(path: string): string[] {
  const rows: string[] = []
  let columns: string[] = []
  let end = 0
  for (const line of output('powerpc-linux-gnu-objdump', '--dwarf=frames-interp', path).split('\n')) {
    const words = line.trim().split(/ +/)
    if (/ (CIE|FDE) /.test(line)) end = Number.parseInt(/ FDE .*\.\.([0-9a-f]+)$/.exec(line)?.[1] ?? '0', 16)
    else if (words[0] === 'LOC') columns = words.slice(2)
    else if (/^[0-9a-f]{8}$/.test(words[0]) && Number.parseInt(words[0], 16) < end) {
      const rules = columns.map((column, i) => [column, words[i + 2]]).filter(([, rule]) => rule !== 'u')
      rows.push(rowText(Number.parseInt(words[0], 16), words[1], rules))
    }
  }
  return rows
}

/** objdump calls the fields of CR by name in some programs, by number in others. */
const rowText = (address: number, cfa: string, rules: string[][]): string =>
  `${address.toString(16)} ${cfa} ${rules
    .map(rule => rule.join('=').replace('r70=', 'cr2='))
    .sort()
    .join(' ')}`.trim()

function ourFrames(path: string): string[] {
  const problems: string[] = []
  const fdes = readFrames(dwarfSections(loadElf(path)), problems)
  expect(problems).toEqual([])
  return fdes.flatMap(rowsOf)
}

function rowsOf(fde: Fde): string[] {
  const rows: string[] = []
  for (let pc = fde.low; pc < fde.high; ) {
    const row = cfiRowAt(fde, pc)
    rows.push(text(row))
    pc = row.high
  }
  // What changes nothing anywhere objdump prints no rows of.
  return rows.length === 1 && / r1\+0$/.test(rows[0]) ? [] : rows
}

function text({ low, cfa, rules }: CfiRow): string {
  const cfaText = cfa.kind === 'expression' ? 'exp' : `r${cfa.register}${signed(cfa.offset)}`
  const texts = [...rules].flatMap(([register, rule]) => {
    const shown = ruleText(rule)
    return shown === undefined ? [] : [[register === RA ? 'ra' : nameOf(register), shown]]
  })
  return rowText(low, cfaText, texts)
}

const names: Readonly<Record<number, string>> = { 64: 'cr', 66: 'ctr', 70: 'cr2', 109: 'vrsave' }
const nameOf = (register: number): string => names[register] ?? `r${register}`
const signed = (offset: number): string => (offset < 0 ? `${offset}` : `+${offset}`)

function ruleText(rule: RegisterRule): string | undefined {
  switch (rule.kind) {
    case 'undefined':
      return undefined
    case 'sameValue':
      return 's'
    case 'offset':
      return `c${signed(rule.offset)}`
    case 'valOffset':
      return `v${signed(rule.offset)}`
    case 'register':
      return nameOf(rule.register)
    case 'expression':
      return 'exp'
    case 'valExpression':
      return 'vexp'
  }
}

describe('call frame information', () => {
  const skip = !haveGcc || !have('powerpc-linux-gnu-g++') || !have('powerpc-linux-gnu-objdump')
  const variants = ['-O0 -g', '-O1 -g', '-O2 -gdwarf-2', '-Os -g', '-O2 -fno-asynchronous-unwind-tables -g']

  // Of classes, optimized, no frame is left.
  describe.each(Object.keys(programs).filter(name => name !== 'classes'))('of %s', program => {
    const check = (...options: string[]) => {
      const path = build(programs[program], ...options)
      const expected = objdumpFrames(path).filter(row => !/ r1\+0$/.test(row))
      expect(expected.length).toBeGreaterThan(0)
      expect(
        ourFrames(path)
          .filter(row => !/ r1\+0$/.test(row))
          .sort(),
      ).toEqual(expected.sort())
    }
    it.each(variants)('built with %s is what objdump interprets', { skip }, variant => check(...variant.split(' ')))
    it.each(['-O0 -g', '-O2 -g'])(
      'built by clang with %s is what objdump interprets',
      { skip: skip || !haveClang },
      variant => check('clang', ...variant.split(' ')),
    )
  })
})
