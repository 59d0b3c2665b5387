// The instruction rows against a list of encodings that was checked variant by variant against GNU as.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decode, type Variant, variants } from '../../src/isa/decode.ts'
import { disassemble } from '../../src/isa/disasm.ts'
import { INSNS } from '../../src/isa/insns/index.ts'
import { parsePattern } from '../../src/isa/pattern.ts'

const COLUMNS = ['mnemonic', 'operands', 'rc', 'oe', 'privileged', 'mask', 'match', 'example', 'word'] as const
type Opcode = Record<(typeof COLUMNS)[number], string>

const opcodes: readonly Opcode[] = readFileSync(new URL('./opcodes.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map(line => {
    const cells = [...line.matchAll(/"([^"]*)"|([^,]+|(?<=,)(?=,))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
    return Object.fromEntries(COLUMNS.map((column, i) => [column, cells[i] ?? ''])) as Opcode
  })

/** Operands of our rows in the notation of the list. */
const NOTATION: Readonly<Record<string, string>> = {
  ...{ li_abs: 'LIa', bd_abs: 'BDa', bff: 'BFf', spr: 'SPRN', tbr: 'TBRN', dcr: 'DCRN', sih: 'SI' },
}
const notation = (operands: string): string =>
  operands
    .split(', ')
    .map(operand => operand.replace('?', ''))
    .map(operand => NOTATION[operand] ?? operand.toUpperCase())
    .join(' ')

/** What objdump calls the examples that it prints by a simpler name. */
const SIMPLER: Readonly<Record<string, string>> = {
  ...{ bc: 'beq-', bca: 'beqa-', bcl: 'beql-', bcla: 'beqla-', bclr: 'beqlr-', bclrl: 'beqlrl-' },
  ...{ bcctr: 'beqctr-', bcctrl: 'beqctrl-', cmp: 'cmpw', cmpi: 'cmpwi', cmpl: 'cmplw', cmpli: 'cmplwi' },
  ...{ twi: 'twlgei', tw: 'twlge', mtspr: 'mtdbcr0', mfspr: 'mfdbcr0' },
}

/** The EA of these is ignored, so it does not matter that register 0 reads as itself. */
const EA_IGNORED = ['dccci', 'iccci']

describe.each(opcodes)('$mnemonic', ({ mnemonic, operands, rc, oe, privileged, mask, match, example, word }) => {
  const insn = INSNS.find(row => row.name === mnemonic)!

  test('is a row with the same encoding', () => {
    const pattern = parsePattern(insn)
    expect([pattern.mask, pattern.match]).toEqual([Number(mask), Number(match)])
    expect(['rc' in pattern.fields, 'oe' in pattern.fields]).toEqual([rc === 'opt', oe === 'opt'])
  })

  test('takes the same operands and privilege', () => {
    expect(notation(insn.operands)).toBe(EA_IGNORED.includes(mnemonic) ? operands.replace('RA0', 'RA') : operands)
    expect(insn.privileged ?? false).toBe(privileged === 'y')
  })

  test(`${example} is ${word}`, () => {
    expect(decode(Number(word))?.name).toBe(mnemonic)
    expect(disassemble(Number(word), 0).mnemonic).toBe(SIMPLER[mnemonic] ?? mnemonic)
  })
})

test('there is no row beside those of the list, the eight reserved no-ops (manual p.558) and two of the 460EX', () => {
  const listed = new Set(opcodes.map(({ mnemonic }) => mnemonic))
  const others = INSNS.map(({ name }) => name).filter(name => !listed.has(name))
  expect(others).toEqual([
    'mfdcrx',
    'mtdcrx',
    ...[530, 562, 594, 626, 658, 690, 722, 754].map(extended => `nop${extended}`),
  ])
})

test('no two encodings overlap', () => {
  const bits = ({ pattern: { mask, match, fields }, oe, rc }: Variant) => ({
    mask: mask | ('oe' in fields ? 0x400 : 0) | ('rc' in fields ? 1 : 0),
    match: match | (oe ? 0x400 : 0) | (rc ? 1 : 0),
  })
  const all = variants().map(variant => ({ name: variant.name, ...bits(variant) }))
  const overlaps = all.flatMap((a, i) =>
    all.slice(i + 1).flatMap(b => (((a.match ^ b.match) & a.mask & b.mask) === 0 ? [`${a.name} and ${b.name}`] : [])),
  )
  expect(overlaps).toEqual([])
})

test('every variant decodes to itself', () => {
  for (const { name, pattern, oe, rc } of variants())
    expect(decode(pattern.match | (oe ? 0x400 : 0) | (rc ? 1 : 0))?.name).toBe(name)
})
