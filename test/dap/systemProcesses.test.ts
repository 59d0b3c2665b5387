// The programs of an operating system's processes: functions, lines and variables where the process on the core executes
// them, and breakpoints that stop in no other process at the same address.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { DapClient } from '../support/dap.ts'
import { buildProcesses, GCC, strip } from '../support/guest.ts'
import { have } from '../support/tools.ts'

const source = resolve('test/guest/systems/process.c')
const CALLED = 11

describe.skipIf(!have(GCC))('the processes of a kernel', () => {
  const directory = mkdtempSync(join(tmpdir(), 'system-processes-'))
  const { program, process } = have(GCC) ? buildProcesses(directory) : { program: '', process: '' }
  let dap: DapClient
  afterAll(() => rmSync(directory, { recursive: true }))
  afterEach(() => dap.session.dispose())

  const start = async (programs: Record<string, string>) => {
    dap = new DapClient()
    await dap.launch(program, { stopOnEntry: true, programs })
    await dap.stopped()
  }
  const stack = async () =>
    (await dap.ask('stackTrace', { threadId: 1, startFrame: 0, levels: 9 })).stackFrames.map(({ name }) => name)
  const isOver = async () => {
    await dap.ask('continue', { threadId: 1 })
    await dap.next('terminated')
  }

  test('have breakpoints that stop in them alone, with conditions over what they have', async () => {
    await start({ '/bin/counter': process })
    const breakpoints = [{ line: CALLED, condition: 'number > 0' }]
    const { breakpoints: verdicts } = await dap.ask('setBreakpoints', { source: { path: source }, breakpoints })
    expect(verdicts).toMatchObject([{ verified: true, line: CALLED }])
    for (const number of ['2', '4']) {
      expect((await dap.step('continue')).reason).toBe('breakpoint')
      expect((await stack()).slice(0, 3)).toEqual(['called', 'start', 'run'])
      expect(await dap.evaluate('number')).toBe(number)
    }
    await isOver()
  })

  test('have log points that know their types and symbols, whatever runs when they are set', async () => {
    await start({ '/bin/counter': process })
    const breakpoints = [{ line: CALLED, logMessage: 'in {called} of {sizeof(struct counted)} bytes' }]
    await dap.ask('setBreakpoints', { source: { path: source }, breakpoints })
    await isOver()
    const said = dap.events.filter(({ event }) => event === 'output').map(({ body }) => body.output)
    expect(said.join('').match(/in .* <called>.* of 20 bytes/g)).toHaveLength(2)
  })

  test('are by function, too; an address means every process', async () => {
    await start({ '/bin/counter': process })
    await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'called' }] })
    await dap.step('continue')
    expect(await dap.evaluate('$r3')).toContain('2')
    const address = await dap.evaluate('&called,x')
    await dap.ask('setFunctionBreakpoints', { breakpoints: [] })
    await dap.ask('setInstructionBreakpoints', { breakpoints: [{ instructionReference: address.slice(0, 10) }] })
    await dap.step('continue')
    expect(await dap.evaluate('$r3')).toContain('3')
    // It is another program's.
    expect(await stack()).not.toContain('called')
    await dap.step('continue')
    expect((await stack())[0]).toBe('called')
    await dap.step('continue')
    expect(await dap.evaluate('$r3')).toContain('5')
    expect(await stack()).not.toContain('called')
    await isOver()
  })

  test('are below the stack of the kernel that they have called', async () => {
    await start({ '/usr/bin/counter': process })
    await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'kernel_call' }] })
    const stacks: string[][] = []
    for (let n = 0; n < 2; n++) {
      await dap.step('continue')
      stacks.push(await stack())
    }
    expect(stacks).toEqual([
      ['kernel_call', 'enter'],
      ['kernel_call', 'enter', 'called', 'start', 'run', 'main', '_start'],
    ])
    const frames = (await dap.ask('stackTrace', { threadId: 1, startFrame: 0, levels: 9 })).stackFrames
    const { result } = await dap.ask('evaluate', { expression: 'mine', frameId: frames[2]!.id, context: 'watch' })
    expect(result).toBe('6')
  })

  test('are there by what frames say alone where their file is stripped', async () => {
    const stripped = join(directory, 'stripped')
    strip(process, stripped)
    await start({ '/bin/counter': stripped })
    await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'kernel_call' }] })
    await dap.step('continue')
    await dap.step('continue')
    const nameless = expect.stringMatching(/^counter\+0x3000[0-9a-f]{2}$/)
    expect(await stack()).toEqual(['kernel_call', 'enter', nameless, nameless, 'run', 'main', '_start'])
  })

  test('whose file is no program are told, and shown without symbols', async () => {
    const file = join(directory, 'broken')
    writeFileSync(file, 'no program')
    await start({ '/bin/counter': file })
    const said = dap.events.filter(({ event }) => event === 'output').map(({ body }) => body.output)
    expect(said.join('')).toMatch(/"programs": .*broken.* Its processes are shown without symbols/)
  })
})
