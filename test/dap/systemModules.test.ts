// Code that an operating system has loaded while it runs: the modules of a Linux kernel, with lines, variables and breakpoints
// that wait for them; and what its page tables map. systemsKernel.test.ts asks the real one.

import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { DapClient } from '../support/dap.ts'
import { buildModules, GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'

const source = resolve('test/guest/systems/module.c')
const COUNTED = 7
const BEGINS = 14

describe.skipIf(!have(GCC))('the modules of a kernel', () => {
  const directory = mkdtempSync(join(tmpdir(), 'system-modules-'))
  const { program, module } = have(GCC) ? buildModules(directory) : { program: '', module: '' }
  // Somewhere below the folder that is named.
  const systemRoot = join(directory, 'root')
  if (module !== '') {
    mkdirSync(join(systemRoot, 'lib/modules/6.1.0'), { recursive: true })
    renameSync(module, join(systemRoot, 'lib/modules/6.1.0/the-module.ko'))
    writeFileSync(join(systemRoot, 'broken.ko'), 'no object file')
  }
  let dap: DapClient
  afterAll(() => rmSync(directory, { recursive: true }))
  afterEach(() => dap.session.dispose())

  const start = async (launch = {}) => {
    dap = new DapClient()
    await dap.launch(program, { stopOnEntry: true, systemRoot, ...launch })
    await dap.stopped()
  }
  const setLines = async (...lines: number[]) =>
    (await dap.ask('setBreakpoints', { source: { path: source }, breakpoints: lines.map(line => ({ line })) }))
      .breakpoints
  const setFunctions = async (...names: string[]) =>
    (await dap.ask('setFunctionBreakpoints', { breakpoints: names.map(name => ({ name })) })).breakpoints
  const top = async () => (await dap.ask('stackTrace', { threadId: 1, startFrame: 0, levels: 5 })).stackFrames

  test('have breakpoints that wait, are hit in their first instruction, and wait again when they are gone', async () => {
    await start()
    const waiting = {
      verified: false,
      reason: 'pending',
      message: 'The code of module.c is not loaded yet: the breakpoint waits for it.',
    }
    expect(await setLines(COUNTED, BEGINS)).toMatchObject([waiting, waiting])
    const [named, unknown] = await setFunctions('count_once', 'nowhere')
    expect(named).toMatchObject({ verified: false, reason: 'pending' })
    expect(unknown).toMatchObject({ verified: false, reason: 'failed' })
    expect((await dap.step('continue')).description).toMatch(/IAC\d matched 0x00190/)
    expect((await top()).map(({ name, line }) => `${name} ${line}`).slice(0, 2)).toEqual([
      `begin ${BEGINS}`,
      expect.stringMatching(/^do_init_module \d+$/),
    ])
    const told = dap.events.filter(({ event, body }) => event === 'breakpoint' && body.breakpoint.verified)
    expect(new Set(told.map(({ body }) => body.breakpoint.id)).size).toBe(3)
    const stop = await dap.step('continue')
    expect(stop.hitBreakpointIds).toHaveLength(2)
    expect((await top()).map(({ name }) => name).slice(0, 3)).toEqual(['count_once', 'begin', 'do_init_module'])
    expect(await dap.evaluate('times')).toBe('40')
    expect(await dap.evaluate('by')).toBe('1')
    expect(await dap.evaluate('count_once')).toContain('count_once')
    await dap.step('next')
    expect((await top())[0]).toMatchObject({ name: 'count_once', line: COUNTED + 1 })
    await dap.step('continue')
    expect(await dap.evaluate('by')).toBe('2')
    await setLines()
    const [counting] = await setFunctions('count_once', 'placed')
    await dap.step('continue')
    expect((await top())[0]!.name).toBe('placed')
    const last = dap.events
      .filter(({ event, body }) => event === 'breakpoint' && body.breakpoint.id === counting!.id)
      .at(-1)
    expect(last!.body.breakpoint).toMatchObject({ verified: false, reason: 'pending' })
    expect(await dap.evaluate('*(int *)0x1a0000')).toBe('52')
    await expect(dap.evaluate('times')).rejects.toThrow('nothing here is called times')
  })

  test('are known at every stop, and at the one that is gone back to', async () => {
    await start()
    await setFunctions('placed')
    const isKnown = () => dap.evaluate('times').catch(() => 'unknown')
    await dap.step('continue')
    // Its sections are being set up.
    expect(await isKnown()).toBe('unknown')
    await dap.step('continue')
    expect(await isKnown()).toBe('41')
    // Where it begins it is gone: its memory may be another one's.
    await setFunctions('begin')
    expect(
      (await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'begin' }] })).breakpoints[0]!.verified,
    ).toBe(false)
    await setFunctions('placed')
    await dap.step('continue')
    expect(await isKnown()).toBe('unknown')
    await dap.step('reverseContinue')
    expect(await isKnown()).toBe('41')
    await dap.ask('restart', {})
    await dap.stopped()
    expect(await isKnown()).toBe('unknown')
  })

  test('are not looked for without the folder; and where it is empty, that is said', async () => {
    await start({ systemRoot: undefined })
    expect((await setLines(COUNTED))[0]!.message).toContain('No code of the program comes from module.c')
    dap.session.dispose()
    await start({ systemRoot: join(directory, 'nothing') })
    const said = dap.events.filter(({ event }) => event === 'output').map(({ body }) => body.output)
    expect(said.join('')).toContain(`"systemRoot": there is no folder ${join(directory, 'nothing')}, or it is empty`)
  })

  test('lie where the tables of pages say, as does what no TLB entry maps', async () => {
    await start()
    const text = (address: string) => dap.evaluate(`(char *)${address},s`).catch((error: Error) => error.message)
    const unmapped = await text('0xd0001000')
    expect(unmapped).not.toContain('0123')
    await setFunctions('placed')
    await dap.step('continue')
    expect(await text('0xd0001004')).toContain('"456789"')
    // Not there; of upper real addresses, where nothing is; of no table.
    for (const address of ['0xd0002000', '0xd0003000', '0xd0200000']) expect(await text(address)).not.toContain('0123')
    expect(await text('0x40007000')).toContain('"0123456789"')
    await dap.evaluate('*(char *)0xd0001001 = 0x2e', 'repl')
    expect(await dap.evaluate('(char *)paged,s')).toContain('"0.23456789"')
    await dap.evaluate('$sprg3 = 0xf0000000', 'repl')
    expect(await text('0x40007000')).not.toContain('0123')
    await dap.evaluate('swapper_pg_dir[0xd0000000u >> 21] = 0xd0001000', 'repl')
    expect(await text('0xd0001000')).not.toContain('0123')
  })
})
