import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { readElf } from '../../src/elf/elf.ts'
import { Symbols } from '../../src/symbols/symbols.ts'
import { have } from '../support/tools.ts'
import { gdb, gdbBreakpoints } from './gdb.ts'
import { build, gcc, guestFolder, haveGcc, loadElf } from './guest.ts'

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

it('of a library that is stripped only what it exports has names, as far as its sizes reach, as for gdb', {
  skip: !haveGcc || !have('gdb-multiarch'),
}, () => {
  const path = join(mkdtempSync(join(tmpdir(), 'exported-')), 'exported.so')
  execFileSync(gcc, ['-shared', '-nostdlib', '-fPIC', '-O1', '-s', join(guestFolder, 'exported.c'), '-o', path])
  const elf = readElf(new Uint8Array(readFileSync(path)), path, true)
  const symbols = Symbols.load(elf)
  const { addr, size } = elf.sections.find(({ name }) => name === '.text')!
  const addresses = Array.from({ length: size / 4 }, (_, i) => addr + 4 * i)
  const theirs = gdb(
    path,
    addresses.map(address => `info symbol ${address}`),
  ).map(line => (line.startsWith('No symbol') ? undefined : line.replace(/ in section .*/s, '')))
  rmSync(dirname(path), { recursive: true })
  const ours = addresses.map(address => {
    const hit = symbols.symbolAt(address)
    return hit && `${hit.name}${hit.offset === 0 ? '' : ` + ${hit.offset}`}`
  })
  expect(ours).toEqual(theirs)
  expect(new Set(ours.map(name => name?.split(' ')[0]))).toEqual(new Set(['first', undefined, 'second']))
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
