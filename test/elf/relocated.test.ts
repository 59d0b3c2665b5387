// An object file as it lies in memory: what debug information and symbols say then is compared with what GNU ld makes of it.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readElf } from '../../src/elf/elf.ts'
import { ElfError } from '../../src/elf/error.ts'
import { relocatedElf } from '../../src/elf/relocated.ts'
import { Symbols } from '../../src/symbols/symbols.ts'
import { buildModules, GCC } from '../support/guest.ts'
import { randomWords } from '../support/random.ts'
import { have } from '../support/tools.ts'

const PLACES: Readonly<Record<string, number>> = { '.text': 0x180000, '.init.text': 0x190000, '.data': 0x1a0000 }

describe.skipIf(!have(GCC))('a relocatable file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'relocated-'))
  afterAll(() => rmSync(directory, { recursive: true }))
  const { module } = have(GCC) ? buildModules(directory) : { module: '' }
  const bytes = module === '' ? new Uint8Array() : new Uint8Array(readFileSync(module))

  test('has lines, functions, frames and symbols where ld puts them', () => {
    const linked = readElf(new Uint8Array(readFileSync(join(directory, 'linked'))))
    const ours = relocatedElf(bytes, 'module', name => PLACES[name])
    const [a, b] = [Symbols.load(linked), Symbols.load(ours)]
    for (let address = 0x180000; address < 0x190040; address += 4) {
      if (address === 0x180100) address = 0x18ff00
      expect(b.lineAt(address)).toEqual(a.lineAt(address))
      expect(b.functionAt(address)?.name).toBe(a.functionAt(address)?.name)
      expect(b.cfiAt(address)).toEqual(a.cfiAt(address))
      expect(b.symbolAt(address)?.name).toBe(a.symbolAt(address)?.name)
    }
    expect(b.functionAt(0x190000)?.name).toBe('begin')
    expect(b.globalNamed('times')!.locate(undefined)).toEqual(a.globalNamed('times')!.locate(undefined))
    const named = (elf: typeof ours) => new Map(elf.symbols.map(({ name, value }) => [name, value]))
    for (const name of ['count_once', 'begin', 'times']) expect(named(ours).get(name)).toBe(named(linked).get(name))
    for (const section of ['.debug_line', '.debug_aranges', '.debug_rnglists', '.debug_frame'])
      expect(ours.contents(section)).toEqual(linked.contents(section))
  })

  test('has nothing of a section that is not in memory', () => {
    const symbols = Symbols.load(
      relocatedElf(bytes, 'module', name => (name === '.init.text' ? undefined : PLACES[name])),
    )
    expect(symbols.functionAddresses('begin')).toEqual([])
    expect(symbols.functionAddresses('count_once')).toHaveLength(1)
    expect(symbols.lineAt(0x190000)).toBeUndefined()
    expect(symbols.lineAt(0)).toBeUndefined()
  })

  test('that is damaged is read as far as it goes, or refused', () => {
    const words = randomWords(4711)
    const random = () => words() / 2 ** 32
    for (let n = 0; n < 400; n++) {
      const damaged = bytes.slice(0, n % 3 === 0 ? Math.floor(random() * bytes.length) : undefined)
      for (let k = 0; k < 20 && damaged.length > 0; k++)
        damaged[Math.floor(random() ** 3 * damaged.length)] = Math.floor(random() * 256)
      try {
        const symbols = Symbols.load(relocatedElf(damaged, 'module', name => PLACES[name]))
        symbols.lineAt(0x180004)
        symbols.functionAddresses('begin')
        symbols.cfiAt(0x180004)
      } catch (error) {
        expect(error).toBeInstanceOf(ElfError)
      }
    }
  })
})
