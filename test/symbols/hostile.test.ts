import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readElf } from '../../src/elf/elf.ts'
import { ElfError } from '../../src/elf/error.ts'
import { have } from '../support/tools.ts'
import { askEverything } from './askEverything.ts'
import { build, haveClang, haveGcc, programs } from './guest.ts'

/** More of them by hand: PPC440_HOSTILE_RUNS=1000. */
const RUNS = Number(process.env.PPC440_HOSTILE_RUNS ?? 60)

const names = [
  'main',
  'total',
  'square',
  'flags',
  'point',
  'GREEN',
  'nodes',
  'net::Device',
  'net::Device::count',
  'u32',
  'turn',
  'method',
  'valued',
  'shorter::aliased',
  'outer::hidden',
  "Valued<2, 'x', true, short, &shared_number>::counter",
  'zeroed',
  'LIMIT',
]

const sources: typeof programs = { ...programs, macros: ['start.S', 'macros.c'] }

/** A program, and where in its file what a debugger reads lies. */
function opened(program: string, options: readonly string[]) {
  const bytes = readFileSync(build(sources[program], ...options))
  const { sections } = readElf(bytes)
  const read = sections.filter(({ name, size }) => /debug|eh_frame|symtab|strtab/.test(name) && size > 0)
  const text = sections.find(({ name }) => name === '.text')!
  const pcs = Array.from({ length: 8 }, (_, i) => text.addr + 4 * Math.floor((i * text.size) / 32))
  return { bytes, sections: read, pcs }
}

/** Bytes to write, and where: a section by number, a place in it from 0 to 1. */
const damage = fc.record({
  section: fc.nat(50),
  changes: fc.array(
    fc.record({
      place: fc.double({ min: 0, max: 1, noNaN: true }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 5 }),
    }),
    {
      minLength: 1,
      maxLength: 6,
    },
  ),
})

describe('a damaged program', () => {
  const cases: [string, string[]][] = [
    ['shapes', ['-O2', '-gdwarf-5']],
    ['generic', ['-O2', '-gdwarf-4', '-fdebug-types-section']],
    ['arrays', ['-Os', '-gdwarf-2']],
    ['calls', ['clang', '-O2', '-gdwarf-5']],
    ['kinds', ['-O2', '-gdwarf-5']],
    ['objects', ['-O1', '-gdwarf-5']],
    ['objects', ['clang', '-O2', '-gdwarf-5']],
    ['macros', ['-O2', '-g3', '-gdwarf-5']],
    ['macros', ['-O0', '-g3', '-gdwarf-4', '-gstrict-dwarf']],
    ['shapes', ['-O2', '-gdwarf-5', '-gsplit-dwarf']],
    ['threads', ['clang', '-O2', '-gdwarf-4', '-gsplit-dwarf']],
  ]
  for (const [program, options] of cases) {
    const skip = !haveGcc || !have('powerpc-linux-gnu-g++') || (options[0] === 'clang' && !haveClang)
    it(`answers every question, throwing only ElfError: ${program} ${options.join(' ')}`, { skip }, () => {
      const { bytes, sections, pcs } = opened(program, options)
      fc.assert(
        fc.property(damage, ({ section, changes }) => {
          const damaged = Uint8Array.from(bytes)
          const { offset, size } = sections[section % sections.length]
          for (const { place, bytes } of changes) {
            const at = Math.floor(place * (size - 1))
            damaged.set(bytes.subarray(0, size - at), offset + at)
          }
          try {
            askEverything(readElf(damaged), pcs, names)
          } catch (error) {
            expect(error).toBeInstanceOf(ElfError)
          }
        }),
        { numRuns: RUNS },
      )
    })
  }
  const skipClang = !haveGcc || !haveClang
  it('has its breakpoints where the name of its compiler cannot be read', { skip: skipClang }, () => {
    const { bytes, sections, pcs } = opened('calls', ['clang', '-O2', '-gdwarf-5'])
    const { offset } = sections.find(({ name }) => name === '.debug_str_offsets')!
    // Behind the header, the first: beyond every string.
    bytes.fill(0x7f, offset + 8, offset + 12)
    const symbols = askEverything(readElf(bytes), pcs, names)
    const lines = symbols
      .files()
      .flatMap(({ path }) => symbols.breakpointLines(path, 1, 200).map(line => [path, line] as const))
    expect(lines.length).toBeGreaterThan(10)
    for (const [path, line] of lines) expect(symbols.locationsFor(path, line)!.addresses).not.toEqual([])
  })
})
