// Debug information that was split off the program, as distributions and build systems do with GNU's objcopy.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { lineOf } from '../e2e/support/examples.ts'
import { DapClient } from '../support/dap.ts'
import { have } from '../support/tools.ts'

const ELF = resolve('examples/coffee/coffee.elf')
const ORDERS = resolve('examples/coffee/orders.c')
const LINE = lineOf('coffee/orders.c', 'order->guest = guest;')
const OBJCOPY = 'powerpc-linux-gnu-objcopy'

describe.skipIf(!have(OBJCOPY))('debug information in a file of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ppc440-debug-'))
  const at = (name: string) => join(folder, name)
  let dap: DapClient

  beforeAll(() => {
    for (const directory of ['a', 'b/.debug', 'c']) mkdirSync(at(directory), { recursive: true })
    execFileSync(OBJCOPY, ['--only-keep-debug', ELF, at('a/coffee.debug')])
    execFileSync(OBJCOPY, ['--strip-debug', `--add-gnu-debuglink=${at('a/coffee.debug')}`, ELF, at('a/coffee.elf')])
    execFileSync('cp', [at('a/coffee.debug'), at('b/.debug')])
    for (const directory of ['b', 'c']) execFileSync('cp', [at('a/coffee.elf'), at(directory)])
    execFileSync(OBJCOPY, ['--only-keep-debug', resolve('examples/asm/primes.elf'), at('c/primes.debug')])
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  afterEach(() => dap.session.dispose())

  const start = async (program: string, symbolFiles: string[] = []) => {
    dap = new DapClient()
    const verdicts = await dap.launch(program, { symbolFiles, breakpoints: { [ORDERS]: [LINE] }, stopOnEntry: true })
    await dap.stopped()
    return verdicts[ORDERS]![0]!
  }
  const said = () =>
    dap.events
      .filter(({ event }) => event === 'output')
      .map(({ body }) => body.output as string)
      .join('')

  test.each([
    ['beside the program', 'a'],
    ['in .debug beside it', 'b'],
  ])('is found %s by the name the program has for it', async (_, directory) => {
    expect(await start(at(`${directory}/coffee.elf`))).toMatchObject({ verified: true, line: LINE })
    await dap.step('continue')
    expect(await dap.evaluate('guest,s')).toBe('"Grace"')
  })

  test('is taken where launch.json says it is', async () => {
    expect(await start(at('c/coffee.elf'), [at('a/coffee.debug')])).toMatchObject({ verified: true, line: LINE })
  })

  test('of another program is not used, and that is said', async () => {
    expect(await start(at('c/coffee.elf'), [at('c/primes.debug')])).toMatchObject({ verified: false })
    expect(said()).toMatch(/primes\.debug has the debug information of another program/)
  })

  test('under a name that leads out of the folder, or to what is no file, is not looked for', async () => {
    const bytes = readFileSync(at('a/coffee.elf'))
    const name = bytes.lastIndexOf('coffee.debug')
    for (const other of ['../a/coffee\0', '/dev/zero\0\0\0', 'pipe\0.debug\0', '..\0ffee.debug']) {
      mkdirSync(at('d'), { recursive: true })
      if (!existsSync(at('d/pipe'))) execFileSync('mkfifo', [at('d/pipe')])
      const changed = Buffer.from(bytes)
      changed.write(other, name, 'latin1')
      writeFileSync(at('d/coffee.elf'), changed)
      expect(await start(at('d/coffee.elf')), other).toMatchObject({ verified: false })
      dap.session.dispose()
    }
  })

  test('that is not there is an error with its path', async () => {
    dap = new DapClient()
    await dap.ask('initialize', { adapterID: 'ppc440' })
    const launch = dap.ask('launch', { program: ELF, symbolFiles: [at('nowhere.debug')] })
    await expect(launch).rejects.toThrow(/nowhere\.debug/)
  })
})
