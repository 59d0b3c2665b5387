// A program that lies further on than it is linked: whatever symbols say of it is what they say of the same program, linked
// there by GNU ld; and what gdb says that is told to move it.

import { describe, expect, test } from 'vitest'
import { Die } from '../../src/dwarf/die.ts'
import { movedElf } from '../../src/elf/moved.ts'
import { type ElfFile, SHF, STB, STT } from '../../src/elf/types.ts'
import type { FrameReaders } from '../../src/symbols/scopes.ts'
import { Symbols } from '../../src/symbols/symbols.ts'
import { have } from '../support/tools.ts'
import { gdb } from './gdb.ts'
import { build, haveClang, haveGcc, loadElf, packaged, programs } from './guest.ts'

/** A frame in which every register and all memory is the same: enough for any location to be computed. */
const frame = (pc: number): FrameReaders => ({
  pc,
  register: () => 0x20_0000,
  memory: (_, length) => (length <= 1 << 16 ? new Uint8Array(length).fill(0x10) : undefined),
  cfa: () => 0x20_0000,
  entryValue: () => ({ type: { size: 4, encoding: 'generic' }, value: 7n }),
})

/** As text that can be compared: entries by their places, types by nothing, since they have no addresses. */
const text = (what: unknown): string =>
  JSON.stringify(what, (key, value: unknown) => {
    if (value instanceof Die) return value.place
    if (value instanceof Map) return [...value]
    if (value instanceof Uint8Array) return [...value].join(' ')
    if (typeof value === 'bigint') return String(value)
    return key === 'type' || key === 'unit' ? undefined : value
  })

/** Each question's answer, by the question. */
function* said(symbols: Symbols, elf: ElfFile): Generator<[question: string, answer: string]> {
  const code = elf.sections.filter(({ flags }) => (flags & SHF.EXECINSTR) !== 0)
  for (const { name, addr, size } of code)
    for (let pc = addr; pc < addr + size; pc += 4)
      for (const [question, answer] of saidAt(symbols, pc)) yield [`${question} ${name}+${pc - addr}`, text(answer)]
  const names = new Set(elf.symbols.filter(({ type }) => type !== STT.FILE).map(({ name }) => name))
  for (const name of names) {
    yield [`addresses of ${name}`, text(symbols.functionAddresses(name))]
    yield [`function ${name}`, text(symbols.functionNamed(name))]
    yield [`symbol ${name}`, text(symbols.symbolNamed(name))]
    const variable = symbols.globalNamed(name)
    yield [`variable ${name}`, text([variable?.locate(undefined), variable?.locate(frame(code[0]!.addr))])]
  }
  for (const { addr, size, name, flags } of elf.sections)
    if ((flags & SHF.ALLOC) !== 0)
      for (let at = addr; at < addr + size; at += 4) yield [`at ${name}+${at - addr}`, text(symbols.symbolAt(at))]
  for (const { path } of symbols.files())
    for (const line of symbols.breakpointLines(path, 1, 10_000))
      yield [`${path}:${line}`, text(symbols.locationsFor(path, line))]
  yield ['problems', text(symbols.problems)]
}

function* saidAt(symbols: Symbols, pc: number): Generator<[question: string, answer: unknown]> {
  const readers = frame(pc)
  yield ['line', symbols.lineAt(pc)]
  yield ['step', symbols.stepRange(pc)]
  yield ['statements', symbols.statementsOf(pc)]
  yield ['function', symbols.functionAt(pc)]
  yield ['inlined', symbols.inlineChainAt(pc)]
  yield ['frame', symbols.cfiAt(pc)]
  yield ['caller', symbols.callerOf(readers)]
  yield ['calls', symbols.callsTo(pc, pc + 4, readers)]
  for (let depth = 0; depth <= symbols.inlineChainAt(pc).length; depth++)
    for (const { kind, name, ranges, variables } of symbols.scopesAt(pc, depth)) {
      yield [`scope ${kind} ${name}`, ranges]
      for (const each of variables) yield [each.name, [each.locate(readers), each.placeAt(pc)]]
    }
}

const linkedAt = (address: string): string => `-Wl,-Ttext-segment=${address}`

/** Where it is linked and where it lies; and across the end of the address space. */
const MOVES: readonly (readonly [from: string, to: string])[] = [
  ['0x100000', '0x7fa0000'],
  ['0xfff00000', '0x100000'],
  ['0', '0x100000'],
]

const compilers = haveClang ? ['gcc', 'clang'] : ['gcc']
const rows: [string, string[]][] = Object.keys(programs)
  .filter(name => ['shapes', 'calls', 'kinds', 'objects', 'threads'].includes(name))
  .flatMap((name, n) =>
    compilers.flatMap(compiler =>
      [2, 3, 4, 5].flatMap(version =>
        [version % 2 === n % 2 ? '-O0' : '-O2'].map((level): [string, string[]] => [
          name,
          [...(compiler === 'clang' ? ['clang'] : []), level, `-gdwarf-${version}`],
        ]),
      ),
    ),
  )
const split: [string, string[]][] = [4, 5].map(version => [
  'shapes',
  ['-O2', `-gdwarf-${version}`, '-gsplit-dwarf', packaged],
])

function compare(linked: ElfFile, there: ElfFile, by: number): void {
  const moved = movedElf(linked, by)
  const expected = [...said(Symbols.load(there), there)]
  const ours = [...said(Symbols.load(moved), moved)]
  const other = ours.findIndex(([question, answer], n) => question !== expected[n]?.[0] || answer !== expected[n]?.[1])
  expect(ours[other]).toEqual(expected[other])
  expect(ours.length).toBe(expected.length)
  expect(ours.length).toBeGreaterThan(500)
  expect(moved.header.entry).toBe(there.header.entry)
}

describe.skipIf(!haveGcc)('a moved program', () => {
  const cases = [...rows, ...split].map(([name, options], n) => [name, options, MOVES[n % MOVES.length]!] as const)

  test.each(cases)('%s, %s, from and to %s', (name, options, [from, to]) => {
    const [linked, there] = [from, to].map(at => loadElf(build(programs[name]!, ...options, linkedAt(at))))
    const by = Number(to) - Number(from)
    compare(linked!, there!, by)
    const segments = (elf: ElfFile) => elf.segments.map(({ vaddr }) => vaddr)
    expect(segments(movedElf(linked!, by))).toEqual(segments(there!))
  })

  // What the linker has thrown away is said to be at 0, where the program has other code.
  test.each([...compilers.map(compiler => [compiler, '-O0']), ...compilers.map(compiler => [compiler, '-O2'])])(
    'that was linked at 0, without what was thrown away, %s %s',
    (compiler, level) => {
      const options = [level!, '-g', '-fno-inline', '-ffunction-sections', '-Wl,--gc-sections', '-Wl,-e,_start']
      const [linked, there] = ['0', '0x100000'].map(at =>
        loadElf(
          build(['start.S', 'discarded.c'], ...(compiler === 'clang' ? ['clang'] : []), ...options, `-Wl,-Ttext=${at}`),
        ),
      )
      compare(linked!, there!, 0x100000)
      const moved = Symbols.load(movedElf(linked!, 0x100000))
      expect(moved.functionAddresses('thrown_away')).toEqual([])
      expect(moved.functionAddresses('kept')).toHaveLength(1)
    },
  )

  test.skipIf(!have('gdb-multiarch'))('is what gdb says that moves it', () => {
    for (const [name, options] of rows.filter(([, options]) => !options.includes('-gdwarf-3'))) {
      const path = build(programs[name]!, ...options, linkedAt('0x100000'))
      const symbols = Symbols.load(movedElf(loadElf(path), 0x7ea0000))
      const pcs = symbols.functionAddresses('main').concat(symbols.statementsOf(symbols.functionNamed('main')!.low))
      const globals = loadElf(path).symbols.filter(
        each => each.type === STT.OBJECT && each.bind === STB.GLOBAL && /^[a-z_]+$/.test(each.name),
      )
      const answers = gdb('', [
        `symbol-file -o 0x7ea0000 ${path}`,
        'info address main',
        ...pcs.map(pc => `info line *${pc}`),
        ...globals.map(each => `print &'${each.name}'`),
      ]).slice(1)
      expect(Number(/0x[0-9a-f]+/.exec(answers[0]!)![0])).toBe(symbols.symbolNamed('main')!.value)
      for (const [n, pc] of pcs.entries()) {
        const line = Number(/^Line (\d+)/.exec(answers[1 + n]!)?.[1])
        expect([name, options, pc, symbols.lineAt(pc)?.line]).toEqual([name, options, pc, line])
      }
      for (const [n, each] of globals.entries()) {
        const address = /0x[0-9a-f]+/.exec(answers[1 + pcs.length + n]!)?.[0]
        // Of a thread's variable gdb asks for a thread.
        if (address === undefined) continue
        expect([each.name, symbols.symbolNamed(each.name)!.value]).toEqual([each.name, Number(address)])
      }
    }
  })
})
