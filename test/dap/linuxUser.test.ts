// A static Linux executable as the debugger's user meets it: printf, a file, a line typed, an exit status.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { nodeFiles } from '../../src/host/nodeFiles.ts'
import { until } from '../e2e/support/until.ts'
import { DapClient } from '../support/dap.ts'
import { have } from '../support/tools.ts'

const SOURCE = resolve('test/guest/hello.c')
const lineOf = (text: string): number =>
  readFileSync(SOURCE, 'utf8')
    .split('\n')
    .findIndex(line => line.includes(text)) + 1

describe.skipIf(!have('powerpc-linux-gnu-gcc'))('machine linux-user', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ppc440-process-'))
  const program = join(folder, 'hello')
  let dap: DapClient

  beforeAll(() => {
    const flags = ['-O0', '-g', '-mcpu=440fp', '-static', '-fno-pie', '-no-pie']
    execFileSync('powerpc-linux-gnu-gcc', [...flags, SOURCE, '-o', program])
    writeFileSync(join(folder, 'words.txt'), 'from a file\n')
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  afterEach(() => dap.session.dispose())

  const start = (launch: Record<string, unknown>) => {
    dap = new DapClient()
    return dap.launch(program, { machine: 'linux-user', ...launch })
  }
  const said = (category: string) =>
    dap.events
      .filter(({ event, body }) => event === 'output' && body.category === category)
      .map(({ body }) => body.output)
      .join('')

  test('stops at a line, shows its variables, and ends with the status of main', async () => {
    await start({ args: ['words.txt'], breakpoints: { [SOURCE]: [lineOf('/* read */')] } })
    await dap.stopped()
    expect(await dap.evaluate('line,s')).toBe('"from a file\\n"')
    expect(await dap.evaluate('argc')).toBe('2')
    expect((await dap.stack())[0]!.name).toBe('main')
    await dap.ask('continue', { threadId: 1 })
    expect(await dap.next('exited')).toEqual({ exitCode: 3 })
    expect(said('stdout')).toBe('file: from a file\nno input\n')
  })

  test('what goes to standard error is told apart, and the status is the program’s', async () => {
    await start({})
    expect(await dap.next('exited')).toEqual({ exitCode: 2 })
    expect(said('stderr')).toBe('no file\n')
  })

  test('with a terminal it waits for a line, and can be paused while it waits', async () => {
    await start({ args: ['words.txt'], console: 'terminal' })
    const bytes = () =>
      dap.events.filter(({ event }) => event === 'ppc440/uart').flatMap(({ body }) => body.data as number[])
    await until('the prompt', () => Buffer.from(bytes()).toString().includes('from a file'))
    await dap.ask('pause', { threadId: 1 })
    await dap.stopped()
    await dap.ask('continue', { threadId: 1 })
    await dap.ask('ppc440/uartInput', { uart: 0, data: [...Buffer.from('three small words\n')] })
    expect(await dap.next('exited')).toEqual({ exitCode: 7 })
    expect(Buffer.from(bytes()).toString()).toMatch(/3 words\n$/)
  })

  test('a program for a board is told that it is none', async () => {
    dap = new DapClient()
    await dap.ask('initialize', { adapterID: 'ppc440' })
    const coffee = resolve('examples/coffee/coffee.elf')
    await dap.launch(coffee, { machine: 'linux-user', memory: '128M' })
    // It runs in user state, and the first privileged instruction ends it with a signal that says where.
    const stop = await dap.stopped()
    expect(stop.reason).toBe('exception')
    expect(stop.text ?? stop.description).toMatch(/SIGILL|SIGSEGV/)
  })

  test('a host that never answers about a file keeps nobody from pausing, looking, and leaving', async () => {
    const asked: string[] = []
    dap = new DapClient({
      ...nodeFiles,
      stat: place => {
        const name = typeof place === 'string' ? place : place.names.join('/')
        asked.push(name)
        return name === 'words.txt' ? new Promise(() => {}) : nodeFiles.stat(place)
      },
    })
    await dap.launch(program, { machine: 'linux-user', args: ['words.txt'] })
    await until('the question', () => asked.includes('words.txt'))
    await dap.ask('pause', { threadId: 1 })
    expect(await dap.stopped()).toMatchObject({ reason: 'pause' })
    expect((await dap.stack()).map(({ name }) => name)).toContain('main')
    await dap.ask('disconnect', {})
    expect(dap.events.map(({ event }) => event)).not.toContain('exited')
  })
})
