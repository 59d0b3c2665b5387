// `ppc440 disasm` and `ppc440 symbols` beside objdump and nm.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { disasm } from '../../src/cli/disasm.ts'
import { symbols } from '../../src/cli/symbols.ts'
import { evaluate } from '../../src/debuggee/evaluation.ts'
import { have } from '../support/tools.ts'
import { staticContext } from '../symbols/context.ts'
import { build, haveGcc, namePrograms, programs } from '../symbols/guest.ts'

const COFFEE = fileURLToPath(new URL('../../examples/coffee/coffee.elf', import.meta.url))
const OBJDUMP = 'powerpc-linux-gnu-objdump'
const NM = 'powerpc-linux-gnu-nm'

async function printed(command: typeof disasm, ...argv: string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  expect(await command(argv)).toBe(0)
  const text = write.mock.calls.map(([each]) => String(each)).join('')
  write.mockRestore()
  return text
}

const tool = (name: string, ...args: string[]): string => execFileSync(name, args, { encoding: 'utf8' })

describe('ppc440 disasm', { skip: !have(OBJDUMP) }, () => {
  /** Address, word and mnemonic of every row, of either. */
  const rows = (text: string): string[] =>
    [...text.matchAll(/^ *([0-9a-f]+):\s+((?:[0-9a-f]{2} ?){4})\s+(\S+)/gm)].map(
      ([, address, word, mnemonic]) => `${Number.parseInt(address!, 16)} ${word!.replaceAll(' ', '')} ${mnemonic}`,
    )

  test('has the rows of objdump', async () => {
    const theirs = rows(tool(OBJDUMP, '-d', '-M440', COFFEE))
    expect(theirs.length).toBeGreaterThan(100)
    expect(rows(await printed(disasm, COFFEE))).toEqual(theirs)
  })

  test('of one function, by name and by an address in it', async () => {
    const theirs = rows(tool(OBJDUMP, '-d', '-M440', '--disassemble=main', COFFEE))
    const [first] = theirs
    expect(rows(await printed(disasm, COFFEE, 'main'))).toEqual(theirs)
    expect(rows(await printed(disasm, COFFEE, String(Number(first!.split(' ')[0]) + 8)))).toEqual(theirs)
  })

  test('of a range, with what is called and the line', async () => {
    const text = await printed(disasm, COFFEE, 'main')
    expect(text).toMatch(/^[0-9a-f]{8} <main>:$/m)
    expect(text).toMatch(/main\.c:\d+$/m)
    expect(text).toMatch(/\bbl +0x[0-9a-f]+ <\w+>$/m)
  })

  test('a name it does not have is an error that says what to do', async () => {
    await expect(disasm([COFFEE, 'tea'])).rejects.toThrow('no function named tea')
    await expect(disasm([])).rejects.toThrow('no program is given')
  })
})

describe('ppc440 symbols', { skip: !have(NM) }, () => {
  const named = (text: string, row: RegExp): string[] =>
    [...text.matchAll(row)].map(([, address, name]) => `${address} ${name}`).sort()

  test('are those of nm', async () => {
    const theirs = named(tool(NM, COFFEE), /^([0-9a-f]{8}) [^aA] (\S+)$/gm)
    expect(theirs.length).toBeGreaterThan(20)
    expect(named(await printed(symbols, COFFEE), /^([0-9a-f]{8}) {2}[0-9a-f]+ {2}\w+ +(\S+)/gm)).toEqual(theirs)
  })

  test('by part of a name', async () => {
    expect(await printed(symbols, COFFEE, 'main')).toMatch(
      /^[0-9a-f]{8} {2}[0-9a-f]{6} {2}function {2}main {2}\S*main\.c:\d+\n$/,
    )
  })
})

describe.skipIf(!haveGcc || !have(NM))('names of C++', () => {
  const path = build(programs.objects!, '-O0', '-g')
  const theirs = tool(NM, '-C', '--defined-only', path)
    .split('\n')
    .flatMap(row => (/^([0-9a-f]{8}) [TtW] (.*)$/.exec(row)?.slice(1) as [string, string] | undefined) ?? [])
  const functions = Array.from({ length: theirs.length / 2 }, (_, n) => [theirs[2 * n]!, theirs[2 * n + 1]!] as const)

  test('are listed as nm -C has them, and are names that disasm takes', async () => {
    const members = functions.filter(([, name]) => /::/.test(name) && name.endsWith(')') && !name.includes('{'))
    expect(members.length).toBeGreaterThan(3)
    const listed = await printed(symbols, path)
    for (const [address, name] of members) {
      expect(listed).toContain(name)
      expect(await printed(disasm, path, name)).toMatch(new RegExp(`^${address}:`, 'm'))
      if (/<|operator|^\(/.test(name)) continue
      const alone = name.replace(/\(.*/, '')
      expect(await printed(disasm, path, alone)).toMatch(new RegExp(`^${address}:`, 'm'))
    }
  })
})

describe('what ppc440 symbols calls a symbol of C++', { skip: !haveGcc || !have('powerpc-linux-gnu-g++') }, () => {
  test('is, in quotes, its address in an expression', async () => {
    const path = build(namePrograms.names, '-O0', '-g')
    const rows = [...(await printed(symbols, path)).matchAll(/^([0-9a-f]{8}) +[0-9a-f]+ +\w+ +(.+?)( {2}.*)?$/gm)]
    const context = staticContext(path)
    const addresses = new Map<string, string[]>()
    for (const [, address, name] of rows) addresses.set(name!, [...(addresses.get(name!) ?? []), `0x${address}`])
    expect([...addresses.keys()]).toEqual(expect.arrayContaining(['sum(int)::calls', 'vtable for Joined']))
    for (const [name, places] of addresses)
      expect(places).toContain(evaluate(context, `&'${name}'`).value.split(' ')[0])
  })
})
