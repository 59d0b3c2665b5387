import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { HEADER_BYTES, isPowerPcProgram } from '../../src/host/elfHeader.ts'

const coffee = readFileSync('examples/coffee/coffee.elf').subarray(0, HEADER_BYTES)
const changed = (at: number, byte: number) => Uint8Array.from(coffee, (old, i) => (i === at ? byte : old))

test('a program of the examples is one', () => expect(isPowerPcProgram(coffee)).toBe(true))

test.each([
  ['a shorter file', coffee.subarray(0, 10)],
  ['no magic', changed(0, 0)],
  ['64 bits', changed(4, 2)],
  ['little-endian', changed(5, 1)],
  ['an object file', changed(17, 1)],
  ['another processor', changed(19, 62)],
])('%s is none', (_what, start) => expect(isPowerPcProgram(start)).toBe(false))
