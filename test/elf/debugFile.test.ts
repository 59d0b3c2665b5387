import { copyFileSync, mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { belongs, buildId, crc32, debugLink, withDebugFile } from '../../src/elf/debugFile.ts'
import { Symbols } from '../../src/symbols/symbols.ts'
import { have } from '../support/tools.ts'
import { build, cSources, haveGcc, loadElf, output } from '../symbols/guest.ts'

const objcopy = 'powerpc-linux-gnu-objcopy'
const skip = !haveGcc || !have(objcopy)

/** A program split in two, as distributions do. */
function split(path: string, ...strip: string[]): { program: string; debug: string } {
  const folder = join(dirname(path), `${basename(path)}.split`)
  mkdirSync(folder, { recursive: true })
  const [program, debug] = [join(folder, `program${strip.join('')}`), join(folder, 'program.debug')]
  output(objcopy, '--only-keep-debug', path, debug)
  copyFileSync(path, program)
  output(objcopy, ...strip, `--add-gnu-debuglink=${debug}`, program)
  return { program, debug }
}

describe('a separate debug file', () => {
  it.each(['--strip-debug', '--strip-all'])('gives a program after %s back all its symbols', { skip }, strip => {
    const whole = build(cSources, '-O2', '-g')
    const { program, debug } = split(whole, strip)
    const stripped = loadElf(program)
    expect(Symbols.load(stripped).files()).toEqual([])
    expect(debugLink(stripped)!.name).toBe('program.debug')
    expect(belongs(stripped, loadElf(debug))).toBe(true)
    const [expected, symbols] = [loadElf(whole), withDebugFile(stripped, loadElf(debug))].map(elf => Symbols.load(elf))
    expect(symbols.files()).toEqual(expected.files())
    const { low, high } = expected.functionNamed('total')!
    for (let pc = low; pc < high; pc += 4) {
      expect(symbols.lineAt(pc)).toEqual(expected.lineAt(pc))
      expect(symbols.symbolAt(pc)).toEqual(expected.symbolAt(pc))
      expect(symbols.cfiAt(pc)).toEqual(expected.cfiAt(pc))
    }
    expect(symbols.problems).toEqual([])
  })

  it('of another program is told from the right one by checksum and build ID', { skip }, () => {
    const { program } = split(build(cSources, '-O2', '-g'), '--strip-debug')
    const other = split(build(cSources, '-O1', '-g'), '--strip-debug')
    expect(belongs(loadElf(program), loadElf(other.debug))).toBe(false)
    const identified = build(cSources, '-O2', '-g', '-Wl,--build-id')
    const { debug } = split(identified, '--strip-debug')
    const note = output('powerpc-linux-gnu-readelf', '-n', identified)
    expect(buildId(loadElf(debug))).toBe(/Build ID: ([0-9a-f]+)/.exec(note)![1])
    expect(belongs(loadElf(identified), loadElf(debug))).toBe(true)
  })
})

describe('crc32', () => {
  it('has the check value of its catalogue', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
    expect(crc32(new Uint8Array())).toBe(0)
  })
})
