// The language of meanings: what it takes, and what it refuses with the name of the row.

import { describe, expect, test } from 'vitest'
import { variants } from '../../../src/isa/decode.ts'
import type { Insn } from '../../../src/isa/insn.ts'
import { parseMeaning, parseVariant } from '../../../src/isa/rtl/parse.ts'
import type { Statement } from '../../../src/isa/rtl/tree.ts'

const row = (meaning: string): Insn => ({
  name: 'invented',
  pattern: '011111 rt:5 ra:5 rb:5 0000000000 rc:1',
  operands: 'rt, ra, rb',
  text: 'invented',
  meaning,
})

describe('is refused', () => {
  test.each([
    ['a name that is no word', 'RT = RX', 'RX is no word of the language'],
    ['a name of every object', 'RT = constructor', 'constructor is no word of the language'],
    ['a temporary without a value', 'RT = a; a = RA', 'a is no word of the language'],
    ['a sign that is no word', 'RT = RA / RB', '"/ RB" is no word of the language'],
    ['a function that is none', 'RT = divide(RA, RB)', 'divide is not a function of the language'],
    ['a function of every object', 'RT = toString(RA)', 'toString is not a function of the language'],
    ['a register that the pattern does not have', 'RT = RS', 'the pattern has no field rs'],
    ['a field that the pattern does not have', 'RT = SI', 'the pattern has no field for SI'],
    ['a mask without MB and ME', 'RT = RA & MASK', 'the pattern has no field for MASK'],
    ['CRF without BF', 'CRF = 2', 'the pattern has no field for BF'],
    ['too few arguments', 'RT = mulhs(RA)', 'mulhs takes 2 arguments'],
    ['too many arguments', 'RT = mulhs(RA, RB, RA)', 'mulhs takes 2 arguments'],
    ['arguments where there are none', 'isync(RA)', 'isync takes 0 arguments'],
    ['a condition in a register', 'RT = RA < RB', 'a bool where a i32 is wanted'],
    ['a number as a condition', 'if (RA) RT = RB', 'a i32 where a bool is wanted'],
    ['a number in a flag', 'CA = RA', 'a i32 where a bool is wanted'],
    ['a 2 in a flag', 'CA = 2', 'a i32 where a bool is wanted'],
    ['a sum of conditions', 'RT = (RA < RB) + 1', 'a bool where a i32 is wanted'],
    ['bits of a wide sum', 'wide s = RA + RB; RT = s & 1', '& is for 32 bits'],
    ['two sides of different types', 'RT = RA < RB ? RA : RA < 0', 'the two sides of ?: differ in type'],
    ['the value of what has none', 'a = isync()', 'a has no value'],
    ['what has no value in a register', 'RT = isync()', 'a void where a i32 is wanted'],
    ['a call for nothing', 'rotl(RA, RB) + 1', '; is wanted before +'],
    ['a parenthesis left open', 'RT = (RA + RB', ') is wanted before its end'],
    ['a parenthesis closed twice', 'RT = RA + RB)', '; is wanted before )'],
    ['a call left open', 'RT = rotl(RA, RB', ', is wanted before its end'],
    ['a choice without the other side', 'RT = RA < RB ? RA', ': is wanted before its end'],
    ['an end in the middle', 'RT = RA +', 'it ends too early'],
    ['two statements in one', 'RT = RA RB = RA', '; is wanted before RB'],
    ['nothing between semicolons', 'RT = RA; ; RB = RA', '; is no word of the language'],
    ['a temporary given twice', 'a = RA; a = RB', 'a is given a value twice'],
    ['a temporary given sometimes', 'if (RA < RB) a = RB', 'a has a value only sometimes'],
    ['an address to store in', 'CIA = RA', 'CIA cannot be assigned'],
    ['MSR to store in', 'MSR = RA', 'MSR cannot be assigned'],
    ['a number to store in', 'LT = RA', 'LT cannot be assigned'],
    ['RA0 to store in', 'RA0 = RB', 'RA0 cannot be assigned'],
  ])('%s', (_, meaning, why) => {
    expect(() => parseMeaning(row(meaning))).toThrow(`the meaning of invented: ${why}`)
  })
})

/** The tree in a short form: operators in front. */
const short = (statements: readonly Statement[]): string =>
  JSON.stringify(statements, (key, value) => (key === 'type' ? undefined : value))

describe('is read', () => {
  /** The tree, or why there is none: JavaScript compares bools with numbers, meanings do not. */
  const value = (text: string): unknown => {
    try {
      return parseMeaning(row(`a = ${text}`))
    } catch (error) {
      return String(error)
    }
  }

  test.each([
    ['RA + RB * 2', 'RA + (RB * 2)'],
    ['RA - RB - 1', '(RA - RB) - 1'],
    ['RA | RB & 1', 'RA | (RB & 1)'],
    ['RA ^ RB & 1', 'RA ^ (RB & 1)'],
    ['RA | RB ^ 1', 'RA | (RB ^ 1)'],
    ['RA << 1 + RB', 'RA << (1 + RB)'],
    ['RA & 1 << RB', 'RA & (1 << RB)'],
    ['RA < RB === RA', '(RA < RB) === RA'],
    ['RA & 1 === RB', 'RA & (1 === RB)'],
    ['RA < 1 && RB < 1 || RA > 2', '((RA < 1) && (RB < 1)) || (RA > 2)'],
    ['~RA & RB', '(~RA) & RB'],
    ['-RA + RB', '(-RA) + RB'],
    ['RA < 0 ? 1 : RB < 0 ? 2 : 3', '(RA < 0) ? 1 : ((RB < 0) ? 2 : 3)'],
  ])('%s as JavaScript groups it', (text, grouped) => {
    const javascript = (source: string): unknown =>
      [-3, 0, 1, 2, 77].flatMap(RA => [-2, 0, 1, 31].map(RB => new Function('RA', 'RB', `return ${source}`)(RA, RB)))
    expect(javascript(text)).toEqual(javascript(grouped))
    expect(value(text)).toEqual(value(grouped))
  })

  test('a wide sum is exact in all its parts', () => {
    const [statement] = parseMeaning(row('wide s = unsigned(RT) + lowU(RA) * lowU(RB)'))
    expect(statement).toMatchObject({
      value: { type: 'i64', operator: '+', right: { type: 'i64', operator: '*', left: { op: 'extend' } } },
    })
  })
})

describe('the forms of a row', () => {
  test.each(variants().map(variant => [variant.name, variant] as const))('%s', (_, variant) => {
    const { insn, oe, rc } = variant
    const plain = parseMeaning(insn)
    const added = parseVariant(variant).slice(plain.length)
    expect(short(parseVariant(variant).slice(0, plain.length))).toBe(short(plain))
    const assigned = added.map(each => (each.kind === 'assign' && 'name' in each.target ? each.target.name : each.kind))
    expect(assigned.slice(0, 2)).toEqual(oe ? ['OV', 'if'] : assigned.slice(0, 2))
    const last = added.at(-1)
    if (!rc || ['dlmzb', 'tlbsx'].includes(insn.name)) expect(added.length).toBe(oe ? 2 : 0)
    else if (insn.unit === 'float')
      expect(last).toMatchObject({ target: { op: 'conditionField', number: { value: 1 } } })
    else {
      // The result is what GNU as writes first.
      expect(added.length).toBe(oe ? 3 : 1)
      expect(last).toMatchObject({
        target: { op: 'record' },
        value: { op: 'register', field: insn.operands.slice(0, 2) },
      })
    }
  })
})
