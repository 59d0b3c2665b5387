// Sections of code that take turns at the same addresses: what is shown is of the one in memory.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { disasm } from '../../src/cli/disasm.ts'
import { symbols } from '../../src/cli/symbols.ts'
import { sleep } from '../e2e/support/until.ts'
import { DapClient } from '../support/dap.ts'
import { have } from '../support/tools.ts'
import { gdb, gdbBreakpoints } from '../symbols/gdb.ts'

const GCC = 'powerpc-linux-gnu-gcc'
const SOURCES = resolve('test/guest/overlays')
const FLAGS = ['-mcpu=440', '-ffreestanding', '-fno-pic', '-mno-sdata', '-fno-stack-protector', '-fno-common']
const LINK = [
  '-nostdlib',
  '-static',
  '-no-pie',
  '-Wl,--build-id=none',
  '-Wl,--no-warn-rwx-segments',
  '-Wl,-z,noexecstack',
]
const FILES = ['start.S', 'manager.c', 'a.c', 'b.c', 'mixed.c']
const source = (name: string) => join(SOURCES, name)

/** Where `in_b` begins, and a line each of `in_c` and `in_d`. */
const LINES = { b: 13, c: 6, d: 12 }

async function printed(command: typeof disasm, ...argv: string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  expect(await command(argv)).toBe(0)
  const text = write.mock.calls.map(([each]) => String(each)).join('')
  write.mockRestore()
  return text
}

describe
  .skipIf(!have(GCC) || !have('gdb-multiarch'))
  .each([
    '-O0 -gdwarf-4',
    '-O2 -gdwarf-5',
    '-O1 -gdwarf-5 -gsplit-dwarf',
    '-O2 -gdwarf-4 -fno-asynchronous-unwind-tables',
  ])('overlays, built with %s,', options => {
  let folder = ''
  let program = ''
  let dap: DapClient

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ppc440-overlays-'))
    for (const file of FILES) {
      const object = file.replace(/\..$/, '.o')
      execFileSync(GCC, [...FLAGS, ...options.split(' '), '-c', source(file), '-o', object], { cwd: folder })
    }
    const objects = FILES.map(file => file.replace(/\..$/, '.o'))
    program = join(folder, 'overlays.elf')
    execFileSync(GCC, [...LINK, '-T', source('overlays.ld'), '-o', program, ...objects], { cwd: folder })
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  afterEach(() => dap?.session.dispose())

  async function launch(breakpoints: Record<string, number[]>, functions: string[] = []): Promise<P.Breakpoint[]> {
    dap = new DapClient()
    await dap.launch(program, { breakpoints, stopOnEntry: true })
    await dap.stopped()
    return (await dap.ask('setFunctionBreakpoints', { breakpoints: functions.map(name => ({ name })) })).breakpoints
  }

  /** The call stack: `in_a a.c, main manager.c`. */
  const stack = async () =>
    (await dap.stack())
      .filter(({ source }) => source?.name !== 'start.S')
      .map(({ name, source }) => `${name} ${source?.name}`)
      .join(', ')
  const locals = async () =>
    Object.fromEntries((await dap.scope(/Local/)).map(({ name, value }) => [name, value] as const))

  test('a function in memory is the one that is shown, with its file and its parameters', async () => {
    await launch({}, ['in_a', 'in_b', 'in_c', 'in_d'])
    const seen: string[] = []
    for (const name of ['first', 'second', 'first', 'third', 'fourth']) {
      await dap.step('continue')
      seen.push(`${await stack()}: ${name} = ${(await locals())[name]}`)
    }
    expect(seen).toEqual([
      'in_a a.c, main manager.c: first = 3',
      'in_b b.c, main manager.c: second = 4',
      'in_a a.c, main manager.c: first = 5',
      'in_c mixed.c, main manager.c: third = 6',
      'in_d mixed.c, main manager.c: fourth = 7',
    ])
  })

  test('every instruction has its own function, lines and caller, also in what is called', async () => {
    await launch({}, ['in_a', 'in_b', 'in_d'])
    for (const [name, file, lines] of [
      ['in_a', 'a.c', [4, 14]],
      ['in_b', 'b.c', [7, 19]],
      ['in_a', 'a.c', [4, 14]],
      ['in_d', 'mixed.c', [10, 14]],
    ] as const) {
      await dap.step('continue')
      let steps = 0
      for (; steps < 60; steps++) {
        const frames = await dap.stack()
        const shown = await stack()
        if (shown === 'main manager.c') break
        expect([`${name} ${file}, main manager.c`, `start ${file}, ${name} ${file}, main manager.c`]).toContain(shown)
        expect(frames[0]!.line).toBeGreaterThanOrEqual(lines[0])
        expect(frames[0]!.line).toBeLessThanOrEqual(lines[1])
        await dap.ask('stepIn', { threadId: 1, granularity: 'instruction' })
        await sleep(3)
        await dap.stopped()
      }
      expect(steps).toBeGreaterThan(3)
    }
  })

  test('a breakpoint on a line of one that is not loaded has its address, and does not stop in another', async () => {
    dap = new DapClient()
    const keys = [`b.c:${LINES.b}`, `mixed.c:${LINES.c}`, `mixed.c:${LINES.d}`]
    const theirs = gdbBreakpoints(program, keys)
    const verdicts = await dap.launch(program, {
      breakpoints: { [source('b.c')]: [LINES.b], [source('mixed.c')]: [LINES.c, LINES.d] },
    })
    const ours = Object.values(verdicts).flat()
    expect(ours.map(({ verified }) => verified)).toEqual([true, true, true])
    for (const [i, key] of keys.entries()) expect(theirs.get(key)).toContain(Number(ours[i]!.instructionReference))
    await dap.stopped()
    expect(await stack()).toBe('in_b b.c, main manager.c')
    expect((await locals()).second).toBe('4')
    await dap.ask('setBreakpoints', { source: { path: source('b.c') }, breakpoints: [] })
    for (const line of [LINES.c, LINES.d]) {
      await dap.step('continue')
      expect(await dap.where()).toBe(`mixed.c:${line}`)
    }
    await dap.ask('continue', { threadId: 1 })
    await dap.idle()
  })

  test('the disassembly names the function whose code is in memory', async () => {
    await launch({}, ['in_a', 'in_b'])
    for (const name of ['in_a', 'in_b']) {
      await dap.step('continue')
      const memoryReference = (await dap.stack())[0]!.instructionPointerReference!
      const { instructions } = (await dap.ask('disassemble', { memoryReference, instructionCount: 1 }))!
      expect(instructions[0]!.symbol).toMatch(new RegExp(`^${name}\\b`))
    }
  })

  test('the listings have each section’s own names and lines', async () => {
    const lineOf = (name: string) => /^Line (\d+) of/.exec(gdb(program, [`info line ${name}`])[0]!)?.[1]
    for (const [name, file] of [
      ['in_a', 'a.c'],
      ['in_b', 'b.c'],
      ['in_c', 'mixed.c'],
    ] as const) {
      const listed = await printed(symbols, program, name)
      expect(listed).toMatch(new RegExp(`${name} .*/${file}:\\d+\n`))
      if (name === 'in_a') expect(listed).toContain(`:${lineOf(name)}\n`)
      expect(await printed(disasm, program, name)).toContain(`<${name}>:`)
    }
  })
})
