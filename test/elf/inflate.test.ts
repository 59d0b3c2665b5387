import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decompress } from '../../src/elf/compressed.ts'
import { ElfError } from '../../src/elf/error.ts'
import { inflate } from '../../src/elf/inflate.ts'
import { SHF } from '../../src/elf/types.ts'
import { have } from '../support/tools.ts'
import { build, cSources, haveGcc, loadElf, output } from '../symbols/guest.ts'

/** Bytes with something to compress: pieces that repeat, at any distance. */
const bytes = fc
  .array(fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.nat(40)), { maxLength: 30 })
  .map(parts =>
    Uint8Array.from(parts.flatMap(([part, times]) => Array.from({ length: times }, () => [...part]).flat())),
  )

describe('inflate', () => {
  it.each([0, 1, 6, 9])('gives back what zlib compressed at level %i', level => {
    fc.assert(
      fc.property(bytes, whole => {
        expect(Buffer.compare(inflate(deflateSync(whole, { level }), whole.length), whole)).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  it('knows the blocks that zlib writes only when it is told to', () => {
    const whole = new TextEncoder().encode('abcabcabc'.repeat(1000))
    // Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE
    for (const strategy of [4, 2, 3]) expect(inflate(deflateSync(whole, { strategy }), whole.length)).toEqual(whole)
  })

  it('throws nothing but ElfError for anything else', () => {
    const stream = deflateSync(new TextEncoder().encode('one two three '.repeat(400)))
    fc.assert(
      fc.property(fc.nat(stream.length - 1), fc.nat(255), fc.nat(stream.length), (at, value, length) => {
        const damaged = Uint8Array.from(stream.subarray(0, length))
        damaged[at] ^= value
        try {
          inflate(damaged, 5600)
        } catch (error) {
          expect(error).toBeInstanceOf(ElfError)
        }
      }),
    )
  })
})

describe('compressed debug sections', () => {
  const objcopy = 'powerpc-linux-gnu-objcopy'

  /** The program with its debug sections compressed. */
  function compressed(path: string, how: string): string {
    const made = `${path}.${how}`
    output(objcopy, `--compress-debug-sections=${how}`, path, made)
    return made
  }

  it('are what they were before objcopy compressed them', { skip: !haveGcc || !have(objcopy) }, () => {
    const path = build(cSources, '-O2', '-g')
    const plain = loadElf(path)
    const elf = loadElf(compressed(path, 'zlib'))
    expect(elf.sections.find(({ name }) => name === '.debug_info')!.flags & SHF.COMPRESSED).not.toBe(0)
    const names = plain.sections.map(({ name }) => name).filter(name => name.startsWith('.debug_'))
    expect(names.length).toBeGreaterThan(6)
    for (const name of names) expect(Buffer.compare(elf.contents(name)!, plain.contents(name)!), name).toBe(0)
    expect(elf.problems).toEqual([])
  })

  it('are found under the names of GNU tools before the standard', { skip: !haveGcc || !have(objcopy) }, () => {
    const path = build(cSources, '-O2', '-g')
    const plain = loadElf(path)
    const elf = loadElf(compressed(path, 'zlib-gnu'))
    expect(elf.sections.map(({ name }) => name)).toContain('.zdebug_info')
    const names = plain.sections.map(({ name }) => name).filter(name => name.startsWith('.debug_'))
    for (const name of names) expect(Buffer.compare(elf.contents(name)!, plain.contents(name)!), name).toBe(0)
    expect(elf.problems).toEqual([])
  })

  it('of those names that are cut off or would be huge are left out, and it is said', () => {
    const room = { left: 1000 }
    const problems: string[] = []
    const made = (...bytes: number[]) => decompress('.zdebug_info', Uint8Array.from(bytes), room, problems)
    expect(made(0x5a, 0x4c)).toBeUndefined()
    expect(made(0x5a, 0x4c, 0x49, 0x42, 0, 0, 0, 1, 0, 0, 0, 0, 0x78, 0x9c)).toBeUndefined()
    expect(problems).toEqual([
      expect.stringContaining('.zdebug_info was left out: it does not begin with "ZLIB" and its size'),
      expect.stringContaining('it would have 4294967296 bytes'),
    ])
  })

  it('in a way nobody here knows are left out, with what to do', { skip: !haveGcc || !have(objcopy) }, () => {
    const elf = loadElf(compressed(build(cSources, '-O2', '-g'), 'zstd'))
    expect(elf.contents('.debug_info')).toBeUndefined()
    expect(elf.problems.join()).toMatch(/\.debug_info was left out: it is compressed with zstd\. Link with -gz=zlib/)
  })
})
