// Ways to write addresses that no compiler at hand makes use of: each is moved with the program (test/symbols/moved.test.ts has
// all others).

import { expect, test } from 'vitest'
import { cfiRowAt } from '../../src/dwarf/cfi.ts'
import { DW_CFA, DW_FORM, DW_LLE, DW_OP, DW_RLE } from '../../src/dwarf/constants.ts'
import type { Die, DieUnit } from '../../src/dwarf/die.ts'
import { evaluateEntry } from '../../src/dwarf/expression.ts'
import { fixedLocation } from '../../src/dwarf/fixedLocation.ts'
import { readFrames } from '../../src/dwarf/frames.ts'
import { expressionAt } from '../../src/dwarf/locationList.ts'
import { type Range, rangesOf } from '../../src/dwarf/ranges.ts'
import { sectionsOf } from '../../src/dwarf/sections.ts'

const MOVED = 0x0800_0000
const LINKED = 0xfffa_0000
const HERE = 0x07fa_0000

const word = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]

/** A unit that has these bytes in every section, no address of its own, and addresses in `.debug_addr`. */
function unitWith(version: number, bytes: readonly number[], isSplit = false): DieUnit {
  const contents = Uint8Array.from(bytes)
  const sections = sectionsOf(() => contents, { address: () => HERE, movedBy: MOVED })
  const none = { address: () => undefined, number: () => undefined } as unknown as Die
  return {
    ...{ version, sections, isSplit, addressSize: 4, offsetSize: 4, root: none, about: () => none },
    indexedAddress: (index: number) => HERE + index,
  } as unknown as DieUnit
}

function ranges(version: number, bytes: readonly number[]): Range[] {
  const attribute = () => ({ form: DW_FORM.sec_offset, value: 0 })
  return rangesOf({ unit: unitWith(version, bytes), attribute } as unknown as Die)
}

/** The addresses among these at which a list has a place. */
const places = (version: number, bytes: readonly number[], pcs: readonly number[], isSplit = false): number[] =>
  pcs.filter(
    pc => expressionAt(unitWith(version, bytes, isSplit), { form: DW_FORM.sec_offset, value: 0 }, pc) !== undefined,
  )

const AROUND = [HERE - 1, HERE, HERE + 7, HERE + 8, LINKED, LINKED + 7]
const INSIDE = [HERE, HERE + 7]
const RANGE = [{ low: HERE, high: HERE + 8 }]
const NO_EXPRESSION = [0, 0]

test('in ranges', () => {
  const end = [...word(0), ...word(0)]
  expect(ranges(4, [...word(LINKED), ...word(LINKED + 8), ...end])).toEqual(RANGE)
  expect(ranges(4, [...word(0xffff_ffff), ...word(LINKED), ...word(0), ...word(8), ...end])).toEqual(RANGE)
  expect(ranges(5, [DW_RLE.base_address, ...word(LINKED), DW_RLE.offset_pair, 0, 8, 0])).toEqual(RANGE)
  expect(ranges(5, [DW_RLE.start_end, ...word(LINKED), ...word(LINKED + 8), 0])).toEqual(RANGE)
  expect(ranges(5, [DW_RLE.start_length, ...word(LINKED), 8, 0])).toEqual(RANGE)
  expect(ranges(5, [DW_RLE.startx_length, 0, 8, 0])).toEqual(RANGE)
})

test('in lists of places', () => {
  const end = [...word(0), ...word(0)]
  expect(places(4, [...word(LINKED), ...word(LINKED + 8), ...NO_EXPRESSION, ...end], AROUND)).toEqual(INSIDE)
  const based = [...word(0xffff_ffff), ...word(LINKED), ...word(0), ...word(8), ...NO_EXPRESSION, ...end]
  expect(places(4, based, AROUND)).toEqual(INSIDE)
  const five = (...bytes: number[]): number[] => places(5, [...bytes, 0, 0], AROUND)
  expect(five(DW_LLE.base_address, ...word(LINKED), DW_LLE.offset_pair, 0, 8)).toEqual(INSIDE)
  expect(five(DW_LLE.start_end, ...word(LINKED), ...word(LINKED + 8))).toEqual(INSIDE)
  expect(five(DW_LLE.start_length, ...word(LINKED), 8)).toEqual(INSIDE)
  expect(five(DW_LLE.startx_length, 0, 8)).toEqual(INSIDE)
  const split = [DW_LLE.offset_pair, ...word(LINKED), ...word(LINKED + 8), ...NO_EXPRESSION, 0]
  expect(places(4, split, AROUND, true)).toEqual(INSIDE)
})

test('in expressions', () => {
  const unit = unitWith(5, [])
  const expression = Uint8Array.of(DW_OP.addr, ...word(LINKED))
  expect(fixedLocation(expression, unit)).toEqual({ kind: 'memory', base: undefined, offset: HERE })
  const nothing = {
    register: () => undefined,
    frameBase: () => undefined,
    cfa: () => undefined,
    memory: () => undefined,
  }
  const plus = Uint8Array.of(...expression, DW_OP.plus_uconst, 4)
  expect(evaluateEntry(plus, unit, nothing)?.value).toBe(BigInt(HERE + 4))
})

test('in frames', () => {
  const cie = [1, 0, 1, 0x7c, 65, DW_CFA.def_cfa, 1, 0]
  const fde = [
    ...word(0),
    ...word(LINKED),
    ...word(8),
    DW_CFA.set_loc,
    ...word(LINKED + 4),
    DW_CFA.def_cfa_offset,
    16,
    0,
  ]
  const bytes = [...word(4 + cie.length), ...word(0xffff_ffff), ...cie, ...word(fde.length), ...fde]
  const contents = Uint8Array.from(bytes)
  const sections = sectionsOf(name => (name === '.debug_frame' ? contents : undefined), {
    address: () => 0,
    movedBy: MOVED,
  })
  const problems: string[] = []
  const [frame] = readFrames(sections, problems)
  expect(problems).toEqual([])
  expect(frame).toMatchObject({ low: HERE, high: HERE + 8 })
  const offsets = [HERE, HERE + 4].map(pc => cfiRowAt(frame!, pc).cfa)
  expect(offsets).toEqual([0, 16].map(offset => ({ kind: 'register', register: 1, offset })))
})
