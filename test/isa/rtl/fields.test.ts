// The fields that meanings name, beside what GNU objdump reads in the same words.

import { describe, expect, test } from 'vitest'
import { variants } from '../../../src/isa/decode.ts'
import { fieldValue, rotateMask } from '../../../src/isa/rtl/fields.ts'
import { FIELDS, type FieldName } from '../../../src/isa/rtl/language.ts'
import { AS, assemble } from '../../support/gnuAs.ts'
import { randomWords } from '../../support/random.ts'
import { have } from '../../support/tools.ts'
import { wordOf } from '../compare.ts'
import { OBJDUMP, objdump } from '../objdump.ts'

/** Where objdump shows a field: the instruction, and the index of the operand; what a branch shows is its target. */
const SHOWN: Readonly<Record<Exclude<FieldName, 'MASK' | 'RC'>, readonly (readonly [string, number])[]>> = {
  SI: [
    ['addi', 2],
    ['cmpi', 3],
    ['twi', 2],
  ],
  D: [
    ['lwz', 1],
    ['stfd', 1],
  ],
  UI: [
    ['ori', 2],
    ['cmpli', 3],
  ],
  LI: [
    ['b', 0],
    ['bla', 0],
  ],
  BD: [
    ['bc', 2],
    ['bcla', 2],
  ],
  SH: [
    ['rlwinm', 2],
    ['srawi', 2],
  ],
  NB: [
    ['lswi', 2],
    ['stswi', 2],
  ],
  BO: [['bc', 0]],
  BI: [['bc', 1]],
  TO: [
    ['tw', 0],
    ['twi', 0],
  ],
  BT: [
    ['crand', 0],
    ['mtfsb1', 0],
  ],
  BA: [['crand', 1]],
  BB: [['crand', 2]],
  BC: [['isel', 3]],
  BF: [
    ['cmp', 0],
    ['fcmpu', 0],
    ['mtfsfi', 0],
  ],
  BFA: [
    ['mcrf', 1],
    ['mcrfs', 1],
  ],
  FXM: [['mtcrf', 0]],
  WS: [['tlbre', 2]],
  E: [['wrteei', 0]],
  U: [['mtfsfi', 1]],
  FLM: [['mtfsf', 0]],
  SPRN: [
    ['mfspr', 1],
    ['mtspr', 0],
    ['mfdcr', 1],
    ['mtdcr', 0],
  ],
  RTN: [
    ['add', 0],
    ['stmw', 0],
  ],
  RAN: [
    ['add', 1],
    ['rlwinm', 0],
  ],
  RBN: [['add', 2]],
  FRT: [['fmadd', 0]],
  FRS: [['stfdx', 0]],
  FRA: [['fmadd', 1]],
  FRC: [['fmadd', 2]],
  FRB: [['fmadd', 3]],
}

const ADDRESS = 0x04000000
const BITS = ['lt', 'gt', 'eq', 'so']

/** The number that an operand is or numbers. */
function numberIn(operand: string): number {
  const bit = /^(?:4\*cr(\d)\+)?(lt|gt|eq|so)$/.exec(operand)
  if (bit !== null) return 4 * Number(bit[1] ?? 0) + BITS.indexOf(bit[2]!)
  return Number(/^(?:r|f|cr)?(-?\w+)$/.exec(operand)![1])
}

describe.skipIf(!have(OBJDUMP))(`against ${OBJDUMP} -Mraw`, () => {
  const random = randomWords(12)
  const samples = Object.entries(SHOWN).flatMap(([name, places]) =>
    places.flatMap(([mnemonic, operand]) => {
      const variant = variants().find(each => each.name === mnemonic)!
      return Array.from({ length: 64 }, () => ({ name, mnemonic, operand, variant, word: wordOf(variant, 0, random) }))
    }),
  )
  const rows = objdump(
    samples.map(({ word }) => word),
    ADDRESS,
    'raw',
  )

  test.each(Object.keys(SHOWN))('%s', field => {
    const read: unknown[] = []
    const shown: unknown[] = []
    samples.forEach(({ name, mnemonic, operand, variant, word }, i) => {
      // In some words objdump sees a form that Book E does not allow.
      if (name !== field || rows[i]!.mnemonic !== mnemonic) return
      const value = fieldValue(variant.pattern, field as FieldName, word)
      const isTarget = name === 'LI' || name === 'BD'
      const from = mnemonic === 'b' || mnemonic === 'bc' ? ADDRESS + 4 * i : 0
      read.push([mnemonic, isTarget ? (from + value) >>> 0 : value])
      shown.push([mnemonic, numberIn(rows[i]!.operands.split(/[,()]/)[operand]!)])
    })
    expect(shown.length).toBeGreaterThan(8)
    expect(read).toEqual(shown)
  })

  test('RC is the dot', () => {
    const words = variants().filter(({ pattern }) => 'rc' in pattern.fields)
    const dots = objdump(
      words.map(variant => wordOf(variant, 0, random)),
      ADDRESS,
    ).map(({ mnemonic }) => (mnemonic.endsWith('.') ? 1 : 0))
    expect(words.map(variant => fieldValue(variant.pattern, 'RC', wordOf(variant, 0, random)))).toEqual(dots)
  })
})

describe.skipIf(!have(AS))(`against ${AS}`, () => {
  const { pattern } = variants().find(({ name }) => name === 'rlwinm')!
  const pairs = Array.from({ length: 1024 }, (_, i) => [i >>> 5, i & 31] as const)

  test('the mask that MASK gives is the one for which GNU as writes these MB and ME', () => {
    const word = (mb: number, me: number): number => 0x54830000 | (mb << 6) | (me << 1)
    const masks = pairs.map(([mb, me]) => fieldValue(pattern, 'MASK', word(mb, me)))
    const { words, errors } = assemble(masks.map(mask => `rlwinm 3,4,0,0x${(mask >>> 0).toString(16)}`))
    expect(errors).toBe('')
    // All ones have many names, of which GNU as takes the first.
    const named = pairs.map(([mb, me]) => (me === ((mb - 1) & 31) ? word(0, 31) : word(mb, me)))
    expect(words).toEqual(named.map(each => each >>> 0))
    expect(pairs.filter(([mb, me]) => rotateMask(mb, me) === -1).length).toBe(32)
  })
})

test('every field is compared', () => {
  expect([...Object.keys(SHOWN), 'MASK', 'RC'].sort()).toEqual(Object.keys(FIELDS).sort())
})
