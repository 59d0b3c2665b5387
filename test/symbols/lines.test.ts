import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Symbols } from '../../src/symbols/symbols.ts'
import { have } from '../support/tools.ts'
import { gdb, gdbBreakpoints } from './gdb.ts'
import { build, cSources, guestFolder, haveClang, haveGcc, loadElf, objdumpRows, programs, variants } from './guest.ts'

const skip = !haveGcc || !have('gdb-multiarch')
const haveGxx = have('powerpc-linux-gnu-g++')
const load = (path: string) => Symbols.load(loadElf(path))
const hexes = (addresses: readonly number[]) => addresses.map(address => address.toString(16))

/** The number of the first line of a guest's source that contains `text`. */
function lineOf(source: string, text: string): number {
  const lines = readFileSync(join(guestFolder, source), 'utf8').split('\n')
  return lines.findIndex(line => line.includes(text)) + 1
}

/**
 * Lines that have a row at an address at which another file has one too: code inlined from a header begins there. gdb
 * keeps a table for each file and drops the rows before it, and with them the breakpoint's place; we keep both.
 */
function sharedLines(path: string): Set<string> {
  const rows = objdumpRows(path).map(row => row.split(' '))
  const files = new Map<string, Set<string>>()
  for (const [file, , address] of rows) files.set(address, (files.get(address) ?? new Set()).add(file))
  return new Set(rows.filter(([, , address]) => files.get(address)!.size > 1).map(([file, line]) => `${file}:${line}`))
}

/** Each line of a program's files that has code: where breakpoints go, by us and by gdb. */
function expectSameBreakpoints(path: string, files: readonly string[]): void {
  const symbols = load(path)
  const shared = sharedLines(path)
  const ours = new Map<string, string[]>()
  for (const file of files) {
    for (const line of symbols.breakpointLines(file, 1, 1000)) {
      if (!shared.has(`${file}:${line}`))
        ours.set(`${file}:${line}`, hexes(symbols.locationsFor(file, line)!.addresses))
    }
  }
  expect(ours.size).toBeGreaterThan(10)
  const theirs = gdbBreakpoints(path, [...ours.keys()])
  expect(ours).toEqual(new Map([...theirs].map(([spec, addresses]) => [spec, hexes(addresses)])))
  expect(symbols.problems).toEqual([])
}

describe('breakpoints on lines', () => {
  it.each(variants)('go where gdb puts them with %s %s', { skip }, (...options) => {
    expectSameBreakpoints(build(cSources, ...options), ['main.c', 'shapes.c', 'shapes.h', 'start.S'])
  })

  const others = [
    ['calls', 'calls.c'],
    ['arrays', 'arrays.c'],
    ['classes', 'classes.cc'],
    ['generic', 'generic.cc'],
    ['kinds', 'kinds.c'],
    ['objects', 'objects.cc'],
  ] as const
  for (const [program, file] of others) {
    it.each(['-O0', '-O2', '-Og'])(
      `of ${program} go where gdb puts them with %s`,
      { skip: skip || !haveGxx },
      level => {
        expectSameBreakpoints(build(programs[program], level, '-g'), [file])
      },
    )
    it.each(['-O0', '-O2'])(
      `of ${program} go where gdb puts them by clang with %s`,
      { skip: skip || !haveClang },
      level => {
        expectSameBreakpoints(build(programs[program], 'clang', level, '-g'), [file])
      },
    )
  }

  it.each(variants)('on functions go where gdb puts them with %s %s', { skip }, (...options) => {
    const path = build(cSources, ...options)
    const symbols = load(path)
    const names = ['main', 'recurse', 'total', 'area', 'square', 'compare', 'many']
    const theirs = gdbBreakpoints(path, names)
    expect(names.map(name => [name, hexes(symbols.functionAddresses(name))])).toEqual(
      names.map(name => [name, hexes(theirs.get(name)!)]),
    )
  })

  it('take the next line that has code', { skip }, () => {
    const symbols = load(build(cSources, '-O0', '-g'))
    const comment = lineOf('shapes.c', 'calls++') - 1
    expect(symbols.locationsFor('shapes.c', comment)).toEqual(symbols.locationsFor('shapes.c', comment + 1))
    expect(symbols.locationsFor('shapes.c', comment)!.line).toBe(comment + 1)
    expect(symbols.locationsFor('shapes.c', 1000)).toBeUndefined()
    expect(symbols.locationsFor('nothing.c', 1)).toBeUndefined()
  })
})

describe('lineAt', () => {
  // The lines of a split program are in it, the rest is elsewhere.
  const split = [
    ['-O2', '-gdwarf-4', '-gsplit-dwarf'],
    ['-O2', '-gdwarf-5', '-gsplit-dwarf'],
    ...(haveClang ? [['clang', '-O1', '-gdwarf-5', '-gsplit-dwarf']] : []),
  ]
  it.each([...variants, ...split])(
    'gives the line gdb gives for every instruction with %s %s %s',
    { skip },
    (...parts) => {
      const options = parts.filter(part => part !== undefined)
      const path = build(cSources, ...options)
      const symbols = load(path)
      expect(symbols.problems).toEqual([])
      const elf = loadElf(path)
      const text = elf.sections.find(section => section.name === '.text')!
      const pcs: number[] = []
      for (let pc = text.addr; pc < text.addr + text.size; pc += 4) if (symbols.lineAt(pc)) pcs.push(pc)
      const answers = gdb(
        path,
        pcs.map(pc => `info line *${pc}`),
      )
      const theirs = answers.map(answer => /^Line (\d+) of "(?:\.\/)?(.*?)"/.exec(answer)?.slice(1, 3))
      const ours = pcs.map(pc => symbols.lineAt(pc)!).map(({ path, line }) => [String(line), path.split('/').at(-1)])
      expect(ours).toEqual(theirs)
    },
  )
})

describe('functions', () => {
  it('are found by any address in them', { skip }, () => {
    const symbols = load(build(cSources, '-O0', '-g'))
    const { value, size } = symbols.symbolNamed('total')!
    const info = symbols.functionAt(value + 40)!
    expect(info).toMatchObject({ name: 'total', low: value, high: value + size, line: lineOf('shapes.c', 'int total') })
    expect(info.path).toBe(join(guestFolder, 'shapes.c'))
    expect(symbols.symbolAt(value + 40)).toMatchObject({ name: 'total', offset: 40, address: value, size })
    expect(symbols.symbolAt(0x20)).toBeUndefined()
  })

  it("a thread's variable is at no address: its value in the symbol table is an offset", { skip }, () => {
    const symbols = load(build(programs.threads, '-O0', '-g'))
    expect(symbols.symbolAt(0)).toBeUndefined()
    expect(symbols.symbolNamed('zeroed')).toBeUndefined()
  })

  it('in C++ have their namespace and class', { skip: skip || !have('powerpc-linux-gnu-g++') }, () => {
    const path = build(['start.S', 'classes.cc'], '-O0', '-g')
    const symbols = load(path)
    const addresses = symbols.functionAddresses('net::Ethernet::open')
    expect(hexes(addresses)).toEqual(hexes([...gdbBreakpoints(path, ['net::Ethernet::open']).values()][0]))
    expect(symbols.functionAt(addresses[0])).toMatchObject({
      name: 'net::Ethernet::open',
      linkageName: '_ZN3net8Ethernet4openEi',
    })
  })

  it('inlined into each other are told apart', { skip }, () => {
    const symbols = load(build(cSources, '-O2', '-g'))
    const chains = symbols.functionAddresses('square').map(pc => symbols.inlineChainAt(pc))
    expect(chains.every(chain => chain[0].name === 'square')).toBe(true)
    const nested = chains.find(chain => chain.length === 2)!
    expect(nested.map(({ name, callLine }) => [name, callLine])).toEqual([
      ['square', lineOf('shapes.c', 'return square')],
      ['area', lineOf('shapes.c', 'int part = area')],
    ])
  })
})

describe('stepRange', () => {
  it.each(['-O0', '-O2'])(
    'covers the code of the line in this function, and nothing else, with %s',
    { skip },
    level => {
      const symbols = load(build(cSources, level, '-g'))
      for (const name of ['main', 'total']) {
        const info = symbols.functionAt(symbols.symbolNamed(name)!.value)!
        for (let pc = info.low; pc < info.high; pc += 4) {
          const here = symbols.lineAt(pc)!
          const ranges = symbols.stepRange(pc)
          for (let other = info.low; other < info.high; other += 4) {
            const there = symbols.lineAt(other)!
            const inside = ranges.some(({ low, high }) => other >= low && other < high)
            expect(inside).toBe(there.line === here.line && there.path === here.path)
          }
        }
      }
    },
  )
})
