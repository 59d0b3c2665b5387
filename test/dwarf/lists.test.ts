import { describe, expect, it } from 'vitest'
import { DW_AT } from '../../src/dwarf/constants.ts'
import type { Die } from '../../src/dwarf/die.ts'
import { openDwarf } from '../../src/dwarf/dwarf.ts'
import { expressionAt } from '../../src/dwarf/locationList.ts'
import { rangesOf } from '../../src/dwarf/ranges.ts'
import { dwarfSections } from '../../src/dwarf/sections.ts'
import { have } from '../support/tools.ts'
import { build, haveClang, haveGcc, loadElf, programs } from '../symbols/guest.ts'
import { LLVM, llvmLists, llvmText, type Row } from './llvm.ts'

function entriesOf(path: string): Die[] {
  const { units, problems } = openDwarf(dwarfSections(loadElf(path)))
  const entries = units.flatMap(unit => [unit.root, ...unit.root.descendants()])
  expect(problems).toEqual([])
  return entries
}

/** Each boundary of the rows, and what we have in force there; the first row that covers an address counts. */
function expectSameLocations(die: Die, attribute: number, rows: readonly Row[]): void {
  const value = die.attribute(attribute)!
  for (const pc of rows.flatMap(({ low, high }) => [low - 1, low, high - 1, high])) {
    const ours = expressionAt(die.unit, value, pc)
    const theirs = rows.find(({ low, high }) => pc >= low && pc < high)
    expect([die.offset, pc, ours && llvmText(ours, die.unit.offset)]).toEqual([die.offset, pc, theirs?.expression])
  }
}

/** How many rows of each kind of list were the same. */
function compareLists(path: string): { ranges: number; locations: number } {
  const lists = llvmLists(path)
  let [ranges, locations] = [0, 0]
  for (const die of entriesOf(path)) {
    const own = lists.get(`${die.offset} ranges`)
    if (own !== undefined || die.has(DW_AT.ranges)) {
      expect([die.offset, rangesOf(die)]).toEqual([die.offset, own?.map(({ low, high }) => ({ low, high }))])
      ranges += own!.length
    }
    for (const attribute of ['location', 'frame_base'] as const) {
      const rows = lists.get(`${die.offset} ${attribute}`)
      if (die.has(DW_AT[attribute]) && die.expression(DW_AT[attribute]) === undefined)
        expect([die.offset, rows]).toEqual([die.offset, expect.any(Array)])
      if (rows === undefined) continue
      expectSameLocations(die, DW_AT[attribute], rows)
      locations += rows.length
    }
  }
  return { ranges, locations }
}

const versions = ['-gdwarf-2', '-gdwarf-3', '-gdwarf-4', '-gdwarf-5', '-gdwarf-5 -gdwarf64']

describe('range lists and location lists', () => {
  const skip = !haveGcc || !have('powerpc-linux-gnu-g++') || !have(LLVM)

  describe.each(['calls', 'arrays', 'generic'])('of %s', program => {
    const check = (...options: string[]) => {
      const { ranges, locations } = compareLists(build(programs[program], ...options))
      expect(ranges).toBeGreaterThan(5)
      expect(locations).toBeGreaterThan(20)
    }
    it.each(versions)('built with -O2 %s are those LLVM reads', { skip }, version =>
      check('-O2', ...version.split(' ')),
    )
    it.each(versions.slice(0, 4))('by clang with -O2 %s are those LLVM reads', { skip: skip || !haveClang }, version =>
      check('clang', '-O2', version),
    )
  })
})
