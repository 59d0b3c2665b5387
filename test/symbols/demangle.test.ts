import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { demangle } from '../../src/symbols/demangle.ts'
import { have } from '../support/tools.ts'
import { build, haveClang, haveGcc, output, programs } from './guest.ts'

const GXX = 'powerpc-linux-gnu-g++'
const FILT = 'powerpc-linux-gnu-c++filt'
const skip = !haveGcc || !have(GXX) || !have(FILT)

/** The C++ names among a file's symbols. */
const mangledNames = (path: string): string[] => [
  ...new Set(
    output('powerpc-linux-gnu-nm', '-j', path)
      .split('\n')
      .filter(name => name.startsWith('_Z')),
  ),
]

/** c++filt's readings; -i: `std::string` as such, as gdb has it. */
const filtered = (names: readonly string[]): string[] =>
  execFileSync(FILT, ['-i'], { input: names.join('\n'), encoding: 'utf8', maxBuffer: 2 ** 26 }).split('\n')

/** How many names we read; every one of them must be as c++filt reads it. */
function compare(names: readonly string[]): number {
  const theirs = filtered(names)
  const read = names.map((name, i) => [name, demangle(name), theirs[i]]).filter(([name, ours]) => ours !== name)
  expect(read.filter(([, ours, other]) => ours !== other)).toEqual([])
  return read.length
}

describe('mangled names', () => {
  it("of GCC's C++ library are read as c++filt reads them", { skip }, () => {
    const library = output(GXX, '-print-file-name=libstdc++.a').trim()
    expect(existsSync(library)).toBe(true)
    const names = mangledNames(library)
    expect(names.length).toBeGreaterThan(5000)
    // What is left are expressions in types, and decimal floating-point.
    expect(compare(names)).toBeGreaterThan(0.99 * names.length)
  })

  const compilers = ['-O0 -g', ...(haveClang ? ['clang -O0 -g'] : [])]
  it.each(compilers)('of the C++ guests built with %s are, all of them', { skip }, options => {
    for (const program of ['classes', 'generic', 'objects']) {
      // c++filt calls a lambda's constructors by the function around it.
      const names = mangledNames(build(programs[program], ...options.split(' '))).filter(
        name => !/UlE?.*E_C[12]/.test(name),
      )
      expect(names.length).toBeGreaterThan(5)
      expect(compare(names)).toBe(names.length)
    }
  })

  it('that are none stay as they are', () => {
    for (const name of ['main', '_Z', '_Zx', '_ZN3net', '_start', '_ZN', '_ZS_', '_Z1fIEv_'])
      expect(demangle(name)).toBe(name)
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'NSTIELPRKFvicj0123_tCDZ1f') }), text => {
        expect(typeof demangle(`_Z${text}`)).toBe('string')
      }),
      { numRuns: 2000 },
    )
  })
  it('that double with each reference stay as they are, at once', () => {
    // Each type is a pointer to a function that takes the one before it twice.
    const reference = (n: number) => (n === 0 ? 'S_' : `S${(n - 1).toString(36).toUpperCase()}_`)
    const types = Array.from({ length: 60 }, (_, n) => `PFv${reference(2 * n)}${reference(2 * n)}E`)
    const name = `_Z1fPc${types.join('')}`
    expect(demangle(name)).toBe(name)
  })
})
