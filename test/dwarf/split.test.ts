import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openDwarf, splitIds } from '../../src/dwarf/dwarf.ts'
import { dwarfSections } from '../../src/dwarf/sections.ts'
import { readElf } from '../../src/elf/elf.ts'
import { readObjectFile } from '../../src/elf/objectFile.ts'
import { bytesOf, withSections, writeElf } from '../support/elf.ts'
import { have } from '../support/tools.ts'
import { build, haveDwp, haveGcc, loadElf, packaged } from '../symbols/guest.ts'

const skip = !haveGcc || !haveDwp
const llvm = 'llvm-dwarfdump-14'

/** The program alone, and the package beside it. */
function opened(...options: string[]) {
  const path = build(['start.S', 'main.c', 'shapes.c'], ...options)
  const elf = readElf(readFileSync(path), path)
  return { path, sections: dwarfSections(elf), splitFiles: loadElf(path).splitFiles! }
}

describe('what is split off', () => {
  it.each([['-gdwarf-4'], ['-gdwarf-5']])(
    'takes the place of its skeleton, with the types that have units of their own: %s',
    { skip },
    version => {
      const { sections, splitFiles } = opened('-O1', version, '-gsplit-dwarf', '-fdebug-types-section')
      const alone = openDwarf(sections)
      const { units, typeUnits, missing, problems } = openDwarf(sections, splitFiles)
      expect(problems).toEqual([])
      expect(missing).toEqual([])
      expect(alone.missing.map(({ name }) => name.replace(/.*\./, ''))).toEqual(['dwo', 'dwo'])
      expect(units.filter(({ isSplit }) => isSplit).map(({ splitId }) => splitId)).toEqual(
        alone.missing.map(({ id }) => id),
      )
      expect(typeUnits.length).toBeGreaterThan(1)
      // A place leads back to its entry, in whichever file that is.
      for (const unit of units) for (const die of unit.root.children) expect(openUnit(units, die.place)).toBe(unit)
      function openUnit(all: typeof units, place: number) {
        return all.find(({ base, offset, end }) => place >= base + offset && place < base + end)
      }
    },
  )

  it.each([
    ['-gdwarf-4', 2],
    ['-gdwarf-5', 5],
  ])('is known by the index of a package: %s', { skip: skip || !have(llvm) }, (option, version) => {
    const { path, sections, splitFiles } = opened('-O1', option, '-gsplit-dwarf', packaged)
    expect(existsSync(`${path}.dwp`)).toBe(true)
    const listing = execFileSync(llvm, ['--debug-cu-index', `${path}.dwp`], { encoding: 'utf8' })
    expect(listing).toContain(`version = ${version}, units = 2`)
    const ids = [...listing.matchAll(/^ +\d+ 0x([0-9a-f]{16}) /gm)].map(match => match[1]).sort()
    expect([...splitIds(splitFiles[0]!, sections)].sort()).toEqual(ids)
  })

  it('whose package has a longer index than there is room for is left out, and that is said', { skip }, () => {
    const { path, sections } = opened('-O1', '-gdwarf-5', '-gsplit-dwarf', packaged)
    const bytes = Uint8Array.from(readFileSync(`${path}.dwp`))
    const [index] = readObjectFile(bytes, 'a.dwp').allContents('.debug_cu_index')
    const view = new DataView(index!.buffer, index!.byteOffset, index!.byteLength)
    // Far more rows than there are, in as many slots.
    view.setUint32(8, 0x1000_0000)
    const { missing, problems } = openDwarf(sections, [readObjectFile(bytes, 'a.dwp')])
    expect(missing).toHaveLength(2)
    expect(problems[0]).toMatch(/^a\.dwp \.debug_cu_index\+.*an offset points outside/)
  })

  it('whose parts in a package lie over each other is not read again and again', () => {
    const rows = 500
    const size = 1 << 20
    const words = [0x5_0000, 1, rows, rows]
    for (let i = 0; i < rows; i++) words.push(0, i)
    for (let i = 0; i < rows; i++) words.push(i + 1)
    words.push(1, ...Array.from({ length: rows }, () => 0), ...Array.from({ length: rows }, () => size))
    const file = withSections(writeElf(0, []), [
      { name: '.debug_info.dwo', bytes: new Uint8Array(size) },
      { name: '.debug_cu_index', bytes: bytesOf(words) },
    ])
    const program = dwarfSections(readElf(writeElf(0, [{ address: 0, bytes: new Uint8Array(4) }])))
    const { problems } = openDwarf(program, [readObjectFile(file, 'a.dwp')])
    expect(problems.at(-1)).toMatch(/a\.dwp \.debug_cu_index.* lie over each other/)
  })
})
