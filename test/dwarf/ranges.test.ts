import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { DW_AT } from '../../src/dwarf/constants.ts'
import { openDwarf } from '../../src/dwarf/dwarf.ts'
import { rangesOf } from '../../src/dwarf/ranges.ts'
import { dwarfSections } from '../../src/dwarf/sections.ts'
import { have } from '../support/tools.ts'
import { build, cSources, haveGcc, loadElf, variants } from '../symbols/guest.ts'

const OBJDUMP = 'powerpc-linux-gnu-objdump'
const hex = (address: number): string => address.toString(16).padStart(8, '0')

/** The ranges of every list that some entry refers to. */
function ourRanges(path: string): string[] {
  const { units } = openDwarf(dwarfSections(loadElf(path)))
  const dies = units.flatMap(unit => [unit.root, ...unit.root.descendants()])
  const lists = dies.filter(die => die.attribute(DW_AT.ranges) !== undefined).map(rangesOf)
  return lists.flat().map(({ low, high }) => `${hex(low)} ${hex(high)}`)
}

/** What objdump prints of `.debug_ranges`: addresses, the base already added. */
function theirRanges(path: string): string[] {
  const text = execFileSync(OBJDUMP, ['--dwarf=Ranges', path], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return [...text.matchAll(/^ +[0-9a-f]{8} ([0-9a-f]{8}) ([0-9a-f]{8}) *$/gm)].map(([, low, high]) => `${low} ${high}`)
}

/** Of DWARF 5 objdump 2.40 leaves lists out, and the base of others: it is no measure there; lists.test.ts asks LLVM. */
const upTo4 = variants.filter(options => !options.includes('-gdwarf-5'))

describe('range lists', () => {
  const skip = !haveGcc || !have(OBJDUMP)

  it.each(upTo4)('of the C guest with %s %s are those objdump prints', { skip }, (...options) => {
    const path = build(cSources, ...options)
    const unique = (rows: readonly string[]) => [...new Set(rows)].sort()
    expect(unique(ourRanges(path))).toEqual(unique(theirRanges(path)))
  })

  it('are there to be compared', { skip }, () => {
    expect(theirRanges(build(cSources, '-O2', '-gdwarf-4')).length).toBeGreaterThan(10)
  })
})
