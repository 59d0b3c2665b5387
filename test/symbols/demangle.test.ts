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
    // What is left are decltypes of calls.
    expect(compare(names)).toBeGreaterThan(0.9995 * names.length)
  })

  // Of LLVM's library, each for what it has that libstdc++ lacks.
  it.each([
    [
      'a name of a dependent type',
      '_ZN4llvm4yaml7yamlizeINS_12VersionTupleEEENSt9enable_ifIXsr16has_ScalarTraitsIT_EE5valueEvE4typeERNS0_2IOERS4_bRNS0_12EmptyContextE',
    ],
    [
      'that in a namespace',
      '_ZN4llvmlsINS_30DiagnosticInfoOptimizationBaseEEERT_S3_NSt9enable_ifIXsr3std10is_base_ofIS1_S2_EE5valueENS1_8ArgumentEE4typeE',
    ],
    [
      'an empty pack of references',
      '_ZNSt6vectorISt3setImSt4lessImESaImEESaIS4_EE17_M_realloc_insertIJEEEvN9__gnu_cxx17__normal_iteratorIPS4_S6_EEDpOT_',
    ],
    [
      'a variable template',
      '_ZNSt10filesystem4pathaSIA2_cEERNSt9enable_ifIX13__is_path_srcIT_EES0_E4typeERKS4_.isra.0',
    ],
    [
      'an array as long as an argument',
      '_ZN12_GLOBAL__N_115print_type_infoILj15EEEvRNS_12PrintContextEPKSt9type_infoRAT__Kc.constprop.0',
    ],
    [
      'const twice',
      '_ZN4llvm22containsIrreducibleCFGIPKNS_10BasicBlockEKNS_25ReversePostOrderTraversalIPKNS_8FunctionENS_11GraphTraitsIS7_EEEEKNS_8LoopInfoENS8_IS3_EEEEbRT0_RKT1_',
    ],
    [
      'a parameter of another template',
      '_ZSt16__insertion_sortIPN4llvm3cfg6UpdateIPNS0_10BasicBlockEEEN9__gnu_cxx5__ops15_Iter_comp_iterIZNS1_15LegalizeUpdatesIS4_EEvNS0_8ArrayRefINS2_IT_EEEERNS0_15SmallVectorImplISD_EEbbEUlRKS5_SJ_E_EEEvSC_SC_T0_',
    ],
    ['decimal floating point', '_ZTIPKDe'],
    ['a constructor of a lambda', '_ZZ4mainENUliE_C2ERKS_'],
    ['a destructor of one with an object as parameter', '_ZZ4mainENUlN1N1CEE_D1Ev'],
    ['that of one in a template', '_ZZ4callI3SetEvT_ENUlvE_D2Ev'],
    ['a lambda with parameters of any type', '_ZZ4mainENKUlT_E1_clIiEEDaS_'],
    ['several of them', '_ZZ4mainENKUlT_RKT0_E_clIidEEDaS_S2_'],
    ['such a lambda as an argument', '_Z4callIZ4mainEUlT_E1_EiS0_'],
    ["a vendor's type", '_ZTSPKu13__vector_pair'],
  ])('with %s are read as c++filt reads them', { skip }, (_, name) => {
    expect(compare([name])).toBe(1)
  })

  const compilers = ['-O0 -g', ...(haveClang ? ['clang -O0 -g'] : [])]
  it.each(compilers)('of the C++ guests built with %s are, all of them', { skip }, options => {
    for (const program of ['classes', 'generic', 'objects']) {
      const names = mangledNames(build(programs[program], ...options.split(' ')))
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
