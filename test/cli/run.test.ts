// `ppc440 run`: how programs end, what goes in and out. The programs are a few instructions each.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ReaderGone, run as runWith } from '../../src/cli/run.ts'
import { Spr } from '../../src/isa/registers.ts'
import { encode as e } from '../support/core.ts'
import { bytesOf, writeElf } from '../support/elf.ts'
import { runCommand } from '../support/runCommand.ts'

const ENTRY = 0x1000
const lis = (t: number, value: number): number => (15 << 26) | (t << 21) | (value & 0xffff)
const ori = (a: number, s: number, value: number): number => (24 << 26) | (s << 21) | (a << 16) | value
const andi = (a: number, s: number, value: number): number => (28 << 26) | (s << 21) | (a << 16) | value
const mtctr = (s: number): number => e.mtspr(Spr.CTR, s)
const bdnz = (offset: number): number => (16 << 26) | (16 << 21) | (offset & 0xfffc)
const beq = (offset: number): number => (16 << 26) | (12 << 21) | (2 << 16) | (offset & 0xfffc)

/** r9 points to UART0. */
const UART = [lis(9, 0xef60), ori(9, 9, 0x300)]
const send = (character: string): number[] => [e.addi(4, 0, character.charCodeAt(0)), e.stb(4, 0, 9)]
const reset = (r3: number): number[] => [e.addi(3, 0, r3), lis(4, 0x3000), e.mtspr(Spr.DBCR0, 4)]

describe('ppc440 run', () => {
  const directory = mkdtempSync(join(tmpdir(), 'run-'))
  afterAll(() => rmSync(directory, { recursive: true }))
  const program = (...words: number[]): string => {
    const file = join(directory, 'program.elf')
    writeFileSync(file, writeElf(ENTRY, [{ address: ENTRY, bytes: bytesOf(words) }]))
    return file
  }
  const run = (words: readonly number[], options: readonly string[] = [], input = '') =>
    runCommand([...options, program(...words)], { input })

  test('what is sent to UART0 is on standard output; a reset ends the run with the low byte of r3', async () => {
    const { status, out, error } = await run([...UART, ...send('o'), ...send('k'), ...reset(0x1234)])
    expect([status, out, error]).toEqual([0x34, 'ok', ''])
  })

  test('a branch to itself with nothing to interrupt it: idle, status 0, with a message', async () => {
    const { status, error } = await run([e.b(0)])
    expect(status).toBe(0)
    expect(error).toContain('idle forever at 0x00001000')
  })

  test('--reset cold: the image of a ROM begins at 0xfffffffc; it is for no kernel and no Linux program', async () => {
    const file = join(directory, 'rom.bin')
    writeFileSync(file, bytesOf([e.b(0), e.b(-4)]))
    const { status, error } = await runCommand(['--reset', 'cold', file])
    expect([status, error]).toEqual([0, expect.stringContaining('idle forever at 0xfffffff8')])
    for (const wrong of [
      ['--dtb', file],
      ['--machine', 'linux-user'],
    ])
      expect((await runCommand(['--reset', 'cold', ...wrong, file])).error).toContain('--reset cold is for a ROM')
    expect((await runCommand(['--reset', 'warm', file])).error).toContain('it must be boot or cold')
  })

  test('the wait state with nothing to end it', async () => {
    const { status, error } = await run([lis(3, 4), e.mtmsr(3)])
    expect([status, error.includes('MSR[WE]')]).toEqual([0, true])
  })

  test('--max-insns', async () => {
    const { status, error } = await run([e.nop, e.b(-4)], ['--max-insns', '1000'])
    expect([status, error]).toEqual([124, 'ppc440: stopped after 1000 instructions\n'])
  })

  test('a handler that cannot run: status 126, with the interrupt', async () => {
    const { status, error } = await run([lis(3, 0x7000), e.mtspr(Spr.IVPR, 3), e.sc])
    expect(status).toBe(126)
    expect(error).toContain('IVPR')
  })

  test('typed bytes are read from UART0, also after the program has polled for a while', async () => {
    // Echoes until it has read a full stop.
    const loop = [e.lbz(4, 5, 9), andi(4, 4, 1), beq(-8), e.lbz(4, 0, 9), e.stb(4, 0, 9), e.addi(5, 4, -0x2e)]
    const compare = (11 << 26) | (5 << 16)
    const { status, out } = await run([...UART, ...loop, compare, e.bne(-28), ...reset(0)], [], 'typed.')
    expect([status, out]).toEqual([0, 'typed.'])
  })

  test('an interrupt by UART0 ends the wait state when something is typed', async () => {
    const handler = [e.lbz(4, 0, 9), e.stb(4, 0, 9), ...reset(7)]
    const enableUart = [e.addi(4, 0, 1), e.stb(4, 1, 9), lis(4, 0x8000), e.mtdcr(0xc2, 4)]
    const wait = [lis(3, 4), ori(3, 3, 0x8000), e.mtmsr(3)]
    const start = [...UART, ...enableUart, e.addi(4, 0, 0x1100), e.mtspr(Spr.IVOR0 + 4, 4), ...wait]
    const words = [...start, ...new Array<number>(64 - start.length).fill(e.nop), ...handler]
    const { status, out } = await run(words, [], 'x')
    expect([status, out]).toEqual([7, 'x'])
  })

  test('where nothing answers: a diagnostic with address and instruction', async () => {
    const { error } = await run([lis(3, 0x7000), e.lwz(4, 8, 3), e.b(0)], ['--max-insns', '100'])
    expect(error).toContain('0x00001004: load from 0x70000008')
  })

  test('--stats prints one line of JSON', async () => {
    const { error } = await run([e.nop, ...reset(0)], ['--stats'])
    expect(JSON.parse(error)).toMatchObject({
      instructions: 4,
      engine: 'auto',
      state: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
  })

  test('--core 440-nofpu has no floating point', async () => {
    // The Program interrupt's handler is at 0, where nothing is: an endless row of them.
    const { status } = await run(
      [e.addi(3, 0, 0x2000), e.mtmsr(3), e.fadd(1, 2, 3), ...reset(0)],
      ['--core', '440-nofpu', '--max-insns', '1000'],
    )
    expect(status).not.toBe(0)
    expect((await run([e.addi(3, 0, 0x2000), e.mtmsr(3), e.fadd(1, 2, 3), ...reset(0)])).status).toBe(0)
  })

  test.each([
    [['--machine', 'pdp11'], '--machine is pdp11'],
    [['--core', '68000'], '--core is 68000'],
    [['--engine', 'steam'], '--engine is steam'],
    [['--memory', 'plenty'], 'memory'],
    [['--max-insns', 'many'], '--max-insns is many'],
    [['--append', 'x'], '--dtb'],
    [['--unknown'], '--unknown'],
  ])('%j is our own failure, 125, and says what to do', async (options, text) => {
    const { status, error } = await run([e.nop], options)
    expect(status).toBe(125)
    expect(error).toContain(text)
  })

  test('200,000 bytes sent one by one all come out', async () => {
    const loop = [lis(5, 3), ori(5, 5, 0xd40), mtctr(5), ...send('x'), bdnz(-8)]
    const chunks: number[] = []
    const surroundings = { directory, read: async () => undefined, error: () => undefined }
    const out = (bytes: Uint8Array) => void chunks.push(bytes.length)
    const status = await runWith([program(...UART, ...loop, ...reset(0))], { ...surroundings, out: out as never })
    expect([status, chunks.reduce((sum, length) => sum + length, 0)]).toEqual([0, 0x30d40])
  })

  test('a reader that is slow is waited for, and one that has gone ends the run without a word', async () => {
    // A byte in 55 instructions.
    const chatty = [...UART, e.addi(5, 0, 50), mtctr(5), bdnz(0), ...send('x'), e.b(-20)]
    let waiting = 0
    let most = 0
    let taken = 0
    const said: string[] = []
    const status = await runWith([program(...chatty)], {
      directory,
      read: async () => undefined,
      error: text => void said.push(String(text)) as undefined,
      out: bytes => {
        waiting += bytes.length
        most = Math.max(most, waiting)
        taken += 1
        if (taken === 4) throw new ReaderGone()
        return new Promise(resume => setTimeout(() => resume(void (waiting = 0)), 5))
      },
    })
    expect([status, said, taken]).toEqual([141, [], 4])
    // What one slice of five million instructions can send.
    expect(most).toBeLessThanOrEqual(5_000_000 / 55 + 1)
  })

  test('a file that is no program', async () => {
    const file = join(directory, 'text.elf')
    writeFileSync(file, 'not an ELF file')
    expect((await runCommand([file])).status).toBe(125)
    expect((await runCommand([join(directory, 'nowhere')])).status).toBe(125)
    expect((await runCommand([])).status).toBe(125)
  })

  test('--help', async () => {
    const { status, out } = await runCommand(['--help'])
    expect([status, out.startsWith('usage: ppc440 run')]).toEqual([0, true])
  })
})
