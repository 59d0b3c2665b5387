// Where WebAssembly cannot be compiled: it is said once, and the program runs to the same end.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { readElf } from '../../src/elf/elf.ts'
import { Spr } from '../../src/isa/registers.ts'
import { Machine } from '../../src/machine/machine.ts'
import { encode as e } from '../support/core.ts'
import { DapClient, SMALL } from '../support/dap.ts'
import { bytesOf, writeElf } from '../support/elf.ts'
import { runCommand } from '../support/runCommand.ts'

const ENTRY = 0x1000
const ROUNDS = 20_000
const addis = (t: number, value: number): number => (15 << 26) | (t << 21) | value
const bdnz = (offset: number): number => (16 << 26) | (16 << 21) | (offset & 0xfffc)
/** A loop, and a reset with 7. */
const WORDS = [
  ...[e.addi(4, 0, ROUNDS), e.mtspr(Spr.CTR, 4), e.addi(5, 5, 3), bdnz(-4)],
  ...[e.addi(3, 0, 7), addis(4, 0x3000), e.mtspr(Spr.DBCR0, 4)],
]
const ELF = writeElf(ENTRY, [{ address: ENTRY, bytes: bytesOf(WORDS) }])
const INSTRUCTIONS = 2 * ROUNDS + 5

const directory = mkdtempSync(join(tmpdir(), 'refused-'))
const program = join(directory, 'program.elf')
writeFileSync(program, ELF)
afterAll(() => rmSync(directory, { recursive: true }))
afterEach(() => vi.unstubAllGlobals())

const machineOf = (engine: 'auto' | 'compiler' | 'interpreter' | undefined): Machine =>
  new Machine({ ramSize: 1 << 20, core: '440ep', reset: 'boot', ...(engine && { engine }) }, readElf(ELF))

function refuse(part: Partial<Record<'Module' | 'Instance', unknown>>): void {
  const { Memory, Table, Module, Instance } = WebAssembly
  vi.stubGlobal('WebAssembly', { Memory, Table, Module, Instance, ...part })
}

class Refused {
  constructor() {
    throw new EvalError('call to WebAssembly.Module() blocked by CSP')
  }
}

test.each(['auto', 'compiler', 'interpreter'] as const)('the engine asked for is the one that runs: %s', engine => {
  const { cpu, vcpu } = machineOf(engine)
  expect([cpu.engine.name, vcpu.log]).toEqual([engine, []])
})

test('and without a word it is auto', () => {
  expect(machineOf(undefined).cpu.engine.name).toBe('auto')
})

test('a policy that forbids compiling: one sentence, and the interpreter', async () => {
  refuse({ Module: Refused })
  const { status, error } = await runCommand(['--engine', 'compiler', '--stats', program])
  const [said, stats] = error.trim().split('\n')
  expect(said).toBe(
    'ppc440: WebAssembly cannot be compiled here (call to WebAssembly.Module() blocked by CSP): the program is interpreted',
  )
  expect([status, JSON.parse(stats!)]).toEqual([
    7,
    expect.objectContaining({ engine: 'interpreter', instructions: INSTRUCTIONS }),
  ])
})

test('whoever asked for the interpreter hears nothing of it', async () => {
  refuse({ Module: Refused })
  expect(await runCommand(['--engine', 'interpreter', program])).toMatchObject({ status: 7, error: '' })
})

test('a module that the host does not take is interpreted, and the run goes on', async () => {
  let modules = 0
  class TakesItsOwn extends WebAssembly.Module {
    constructor(bytes: Uint8Array<ArrayBuffer>) {
      if (modules++ > 1) throw new Error('function body too large')
      super(bytes)
    }
  }
  refuse({ Module: TakesItsOwn })
  const { status, error } = await runCommand(['--stats', program])
  const [said, stats] = error.trim().split('\n')
  expect(said).toMatch(
    /^ppc440: 0x0000100[08].*: the code here could not be compiled and is interpreted: function body too large$/,
  )
  expect([status, JSON.parse(stats!)]).toEqual([7, expect.objectContaining({ instructions: INSTRUCTIONS })])
  expect(modules).toBe(3)
})

test.each([
  [{}, 1],
  [{ engine: 'compiler' }, 1],
  [{ engine: 'interpreter' }, 0],
])('the debug console says so, where launch.json has %j', async (launch, times) => {
  refuse({ Module: Refused })
  const dap = new DapClient()
  await dap.launch(SMALL, launch)
  await dap.next('stopped')
  const said = dap.events.filter(({ body }) => String(body?.output).includes('the program is interpreted'))
  expect(said).toHaveLength(times)
  dap.session.dispose()
})

test('Node without a compiler of its own', () => {
  const cli = join(directory, 'cli.cjs')
  buildSync({ entryPoints: ['src/cli.ts'], outfile: cli, bundle: true, platform: 'node', format: 'cjs' })
  const script = `"$0" --jitless "$1" run --stats "$2" 2>&1; echo $?`
  const lines = execFileSync('sh', ['-c', script, process.execPath, cli, program], { encoding: 'utf8' })
    .trim()
    .split('\n')
  expect(lines.slice(-3)).toEqual([
    'ppc440: WebAssembly cannot be compiled here (WebAssembly is not defined): the program is interpreted',
    expect.stringContaining(`"instructions":${INSTRUCTIONS}`),
    '7',
  ])
})
