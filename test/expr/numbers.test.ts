// Numbers of more digits than a double has. Their bytes are GCC's, which also computes with decimal constants as C says;
// gdb 13 reads the two doubles of `long double` alike, and takes decimal numbers for the other encoding, which x86 has.

import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/debuggee/evaluation.ts'
import { have } from '../support/tools.ts'
import { staticContext } from '../symbols/context.ts'
import { gdb } from '../symbols/gdb.ts'
import { build, haveGcc } from '../symbols/guest.ts'

const path = haveGcc ? build(['start.S', 'numbers.c'], '-O0', '-g') : ''
const context = () => staticContext(path)
const value = (text: string) => evaluate(context(), text).value

/** The bytes of a variable after an assignment, and of the one that GCC gave this value. */
function bytesAfter(
  assignment: string,
  target: string,
  like: string,
): [Uint8Array | undefined, Uint8Array | undefined] {
  const here = context()
  evaluate(here, assignment, { assignment: true })
  const read = (name: string) => here.readMemory(evaluate(here, name).place!, evaluate(here, name).size!)
  return [read(target), read(like)]
}

describe('long double', { skip: !haveGcc }, () => {
  it.each([
    ['third', '0.333333333333333333333333333333335'],
    ['tenth', '0.1'],
    ['minus_tenth', '-0.1'],
    ['large', '1.000000000000000000000000000001e+30'],
    ['plain', '2.5'],
    ['minus_zero', '-0'],
    ['third,x', '0x3fd55555555555553c75555555555556'],
    // What the fractions themselves come to, rounded to the 106 bits of LDBL_MANT_DIG.
    ['0.1L + 0.2L == 0.3L', '1'],
    ['1.0L / 3.0L', '0.333333333333333333333333333333335'],
    ['2.0L / 3.0L == 2 * third', '1'],
    ['1.0L - 0.1L', '0.9'],
    ['9007199254740993LL + 0.0L', '9007199254740993'],
    ['tenth == 0.1L', '1'],
    ['tenth == 0.1', '0'],
    ['tenth < third', '1'],
    ['(int)large', String(Number(BigInt.asIntN(32, 10n ** 30n + 1n)))],
    ['1 / minus_zero', '-inf'],
  ])('%s is %s', (text, expected) => expect(value(text)).toBe(expected))

  it('as gdb reads it', { skip: !have('gdb-multiarch') }, () => {
    const names = ['third', 'tenth', 'minus_tenth', 'large', 'huge', 'tiny', 'plain']
    const theirs = gdb(
      path,
      names.map(name => `print ${name}`),
    ).map(answer => answer.trim().replace(/^\$\d+ = /, ''))
    for (const [i, name] of names.entries())
      if (value(name) !== theirs[i])
        expect(value(`${name} - ${theirs[i]}${/[.e]/.test(theirs[i]!) ? '' : '.0'}L`)).toBe('0')
  })

  it('takes all its digits in an assignment', () => {
    const [set, like] = bytesAfter('target = 0.333333333333333333333333333333333L', 'target', 'third')
    expect(set).toEqual(like)
  })
})

describe('decimal floating point', { skip: !haveGcc }, () => {
  it.each([
    ['d32', '1.25'],
    ['d32_most', '9.999999E+96'],
    ['d32_least', '1E-101'],
    ['d64', '-123456789.123'],
    ['d64_zero', '0.00'],
    ['d64_trailing', '1.500'],
    ['d64_large', '9E+300'],
    ['d128', '1.234567890123456789012345678901234'],
    ['d128_million', '1E+6'],
    ['d64_infinite', 'inf'],
    ['all', '{888.999, 809.908, -987654321098765.4}'],
    ['d64 == -123456789.123dd && d64 < 0', '1'],
    ['d32_least != 0', '1'],
    ['!d32_least', '0'],
    ['(int)d64', '-123456789'],
    ['(double)d64', '-123456789.123'],
    ['(_Decimal64)1.5', '1.5'],
    ['d32,x', '0x223000a5'],
    ['1.dd / 0.dd', 'inf'],
    // Below the least exponent digits are lost, to the nearest (IEEE 754-2008, §3.5.2 and §4.3.1).
    ['(_Decimal32)12.5E-102dd', '1E-101'],
    ['(_Decimal32)0.5E-103dd', '0E-101'],
  ])('%s is %s', (text, expected) => expect(value(text)).toBe(expected))

  it.each([
    ['1.50dd + 2.5dd', 'sum'],
    ['1.50dd * 2.5dd', 'product'],
    ['1.dd / 3.dd', 'quotient'],
    ['1.dd / 8.dd', 'even'],
    ['(_Decimal32)1234567.5dl', 'rounded'],
    ['(_Decimal32)1234568.5dl', 'rounded_up'],
    ['(_Decimal128)12345678', 'from_int'],
  ])('%s is what GCC computes', (text, name) => {
    expect([value(text), value(`sizeof(${text})`)]).toEqual([value(name), value(`sizeof ${name}`)])
  })

  it.each([
    ['d64_target', '-123456789.123dd', 'd64'],
    ['d64_target', '0.00dd', 'd64_zero'],
    ['d64_target', '1.500dd', 'd64_trailing'],
    ['d64_target', '9e300dd', 'd64_large'],
    ['d64_target', '-987654321098765.4dd', 'all[2]'],
    ['d128_target', '1.234567890123456789012345678901234dl', 'd128'],
    ['d128_target', '1E+6dl', 'd128_million'],
    ['d32_cut', '9.999999E96df', 'd32_most'],
    ['d32_cut', '1E-101df', 'd32_least'],
    ['d32_cut', '1234567.5dd', 'rounded'],
  ])('%s = %s has the bytes of %s', (target, text, like) => {
    const [set, wanted] = bytesAfter(`${target} = ${text}`, target, like)
    expect(set).toEqual(wanted)
  })

  it('a value may be typed', () => {
    const here = context()
    expect(evaluate(here, 'd64_target').set!('12.5')).toBe('12.5')
    expect(evaluate(here, 'd128_target').set!('-3')).toBe('-3')
  })
})
