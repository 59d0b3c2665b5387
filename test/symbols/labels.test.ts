import { expect, it } from 'vitest'
import { Symbols } from '../../src/symbols/symbols.ts'
import { have } from '../support/tools.ts'
import { gdb } from './gdb.ts'
import { build, haveGcc, loadElf } from './guest.ts'

it('places are named after the symbol whose size reaches them, as gdb does, not after a label in it', {
  skip: !haveGcc || !have('gdb-multiarch'),
}, () => {
  const path = build(['labels.S'])
  const elf = loadElf(path)
  const symbols = Symbols.load(elf)
  const sections = elf.sections.filter(({ name }) => name === '.text' || name === '.data')
  const addresses = sections.flatMap(({ addr, size }) => Array.from({ length: size / 4 }, (_, i) => addr + 4 * i))
  const theirs = gdb(
    path,
    addresses.map(address => `info symbol ${address}`),
  )
  expect(addresses.length).toBeGreaterThan(10)
  for (const [i, address] of addresses.entries()) {
    const { name, offset } = symbols.symbolAt(address)!
    expect(`${name}${offset === 0 ? '' : ` + ${offset}`}`).toBe(theirs[i]!.replace(/ in section .*/s, ''))
  }
})
