// Code the linker threw away is nowhere, also where the program has other code at the address that it was moved to.

import { describe, expect, test } from 'vitest'
import { Symbols } from '../../src/symbols/symbols.ts'
import { build, haveClang, haveGcc, loadElf } from './guest.ts'

const SOURCES = ['start.S', 'discarded.c']
const GC = ['-Wl,--gc-sections', '-Wl,-e,_start']
const LINES = { thrown: [3, 4, 5, 9, 10], kept: [13, 15, 18, 20] }

describe.skipIf(!haveGcc)('functions that the linker threw away', () => {
  const programs: [string, string[], string[]][] = []
  for (const at of ['0', '0x100000'])
    for (const sources of at === '0' ? [SOURCES, [...SOURCES].reverse()] : [SOURCES])
      for (const compiler of haveClang ? ['gcc', 'clang'] : ['gcc'])
        for (const version of [2, 4, 5])
          for (const level of ['-O0', '-O2'])
            for (const frames of version === 4 ? [[], ['-fno-asynchronous-unwind-tables']] : [[]])
              programs.push([
                `${compiler}, DWARF ${version}, ${[level, ...frames].join(' ')}, ${sources[0]} at ${at}`,
                sources,
                [
                  ...(compiler === 'clang' ? ['clang'] : []),
                  ...[level, `-gdwarf-${version}`, '-fno-inline', '-ffunction-sections', ...frames, ...GC],
                  ...[`-Wl,-Ttext=${at}`],
                ],
              ])

  test.each(programs)('%s', (_, sources, options) => {
    const elf = loadElf(build(sources, ...options))
    const symbols = Symbols.load(elf)
    const symbol = (name: string) => elf.symbols.find(each => each.name === name)
    expect([symbol('thrown_away'), symbol('thrown_away_too')]).toEqual([undefined, undefined])
    const ends = ['kept', 'main'].map(name => ({
      low: symbol(name)!.value,
      high: symbol(name)!.value + symbol(name)!.size,
    }))
    const isKept = (address: number): boolean => ends.some(({ low, high }) => address >= low && address < high)
    expect(symbols.functionAddresses('thrown_away')).toEqual([])
    const lines = symbols.breakpointLines('discarded.c', 1, 100)
    for (const line of LINES.thrown) expect(lines).not.toContain(line)
    expect(lines.filter(line => LINES.kept.includes(line)).length).toBeGreaterThan(1)
    for (const line of lines)
      for (const at of symbols.locationsFor('discarded.c', line)!.addresses) expect(isKept(at)).toBe(true)
    for (const { low, high } of ends)
      for (let at = low; at < high; at += 4) expect([at, symbols.cfiAt(at) !== undefined]).toEqual([at, true])
    // What is there instead is of another file.
    const start = symbol('_start')!.value
    for (let at = start; at < Math.min(...ends.map(({ low }) => low)); at += 4) {
      expect(symbols.lineAt(at)?.path ?? 'start.S').toMatch(/start\.S$/)
      expect(symbols.functionAt(at)?.name ?? '').not.toMatch(/thrown/)
      // Written in assembly, it has no frame description.
      expect(symbols.cfiAt(at)).toBeUndefined()
    }
  })
})
