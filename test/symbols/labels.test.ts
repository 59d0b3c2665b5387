import { expect, it } from 'vitest'
import { Symbols } from '../../src/symbols/symbols.ts'
import { have } from '../support/tools.ts'
import { gdb, gdbBreakpoints } from './gdb.ts'
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

it('a line of code whose functions have no entries has the one address that gdb gives it', {
  skip: !haveGcc || !have('gdb-multiarch'),
}, () => {
  const path = build(['rows.S'])
  const symbols = Symbols.load(loadElf(path))
  const theirs = gdbBreakpoints(path, ['rows.c:5', 'rows.c:6', 'rows.c:7'])
  const [file] = symbols.files()
  for (const [spec, addresses] of theirs) {
    expect(addresses).toHaveLength(1)
    expect(symbols.locationsFor(file!.path, Number(spec.slice(-1)))?.addresses).toEqual(addresses)
  }
})
