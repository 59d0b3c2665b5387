// Position-independent programs of an operating system's processes, and libraries: known where each process has them mapped.
// kernelPrograms.test.ts asks the real one.

import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { DapClient } from '../support/dap.ts'
import { buildMapped, GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'

const sources = { movable: resolve('test/guest/systems/movable.c'), library: resolve('test/guest/systems/library.c') }
const lineOf = (file: keyof typeof sources, text: string): number =>
  readFileSync(sources[file], 'utf8')
    .split('\n')
    .findIndex(line => line.includes(`/* ${text} */`)) + 1

describe.skipIf(!have(GCC)).each([
  ['a maple tree', false],
  ['a list', true],
])('what processes have mapped, by %s', (_, list) => {
  const directory = mkdtempSync(join(tmpdir(), 'system-mapped-'))
  const { program, movable, library } = have(GCC)
    ? buildMapped(directory, list)
    : { program: '', movable: '', library: '' }
  let dap: DapClient
  afterAll(() => rmSync(directory, { recursive: true }))
  afterEach(() => dap.session.dispose())

  const both = { '/bin/movable': movable, '/lib/lib.so': library }
  const start = async (programs: Record<string, string> = both, launch = {}) => {
    dap = new DapClient()
    await dap.launch(program, { stopOnEntry: true, programs, ...launch })
    await dap.stopped()
  }
  const setLine = async (file: keyof typeof sources, text: string) =>
    (
      await dap.ask('setBreakpoints', {
        source: { path: sources[file] },
        breakpoints: [{ line: lineOf(file, text) }],
      })
    ).breakpoints[0]!
  const stack = async () => (await dap.stack()).map(({ name }) => name)
  const told = (id: number | undefined) =>
    dap.events.filter(({ event, body }) => event === 'breakpoint' && body.breakpoint.id === id).at(-1)!.body.breakpoint

  test('has breakpoints that wait, and stop in each process where it has the program', async () => {
    await start()
    const set = await setLine('movable', 'called')
    expect(set).toMatchObject({ verified: false, reason: 'pending' })
    const stops: unknown[] = []
    for (let n = 0; n < 5; n++) {
      await dap.step('continue')
      expect((await stack()).slice(0, 3)).toEqual(['called', 'start', 'run'])
      const { instructionPointerReference: at } = (await dap.stack())[0]!
      stops.push([await dap.evaluate('number'), at!.slice(0, 7), told(set.id).message.match(/IAC\d/g).length])
    }
    // 1 is another program at the same address; after 4 the first process is gone, and its comparator is free.
    expect(stops).toEqual([
      ['2', '0x00341', 1],
      ['3', '0x00381', 2],
      ['4', '0x00341', 2],
      ['5', '0x00381', 1],
      ['6', '0x00381', 1],
    ])
    await dap.ask('continue', { threadId: 1 })
    await dap.next('terminated')
  })

  test('has stacks that go through the library, with variables of both', async () => {
    await start()
    await setLine('library', 'kernel')
    // Of another program only the library is known.
    await dap.step('continue')
    expect(await stack()).toEqual([
      'library',
      expect.stringMatching(/^0x003410/),
      expect.any(String),
      'run',
      'main',
      '_start',
    ])
    for (const number of ['2', '3']) {
      await dap.step('continue')
      expect((await stack()).slice(0, 4)).toEqual(['library', 'called', 'start', 'run'])
      expect(await dap.evaluate('more')).toBe(String(3 * Number(number) + 100))
      const { id } = (await dap.stack())[1]!
      const value = async (expression: string) =>
        (await dap.ask('evaluate', { expression, frameId: id, context: 'watch' })).result
      expect([await value('mine'), await value('sizeof(struct counted)')]).toEqual([String(3 * Number(number)), '28'])
    }
    await dap.step('stepOut')
    expect((await dap.stack())[0]).toMatchObject({ name: 'called', line: lineOf('movable', 'returned') })
    await dap.ask('setBreakpoints', { source: { path: sources.library }, breakpoints: [] })
    await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'kernel_call' }] })
    await dap.step('continue')
    expect((await stack()).slice(0, 4)).toEqual(['kernel_call', 'library', 'called', 'start'])
    await dap.ask('restart', {})
    await dap.stopped()
    expect((await setLine('library', 'kernel')).verified).toBe(false)
  })

  test('is nothing where the files are not said', async () => {
    await start({ '/lib/lib.so': library })
    expect(await setLine('movable', 'called')).toMatchObject({ verified: false, reason: 'failed' })
    await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'library' }] })
    await dap.step('continue')
    expect((await stack())[0]).toBe('library')
  })

  test('has its libraries from the folder that is / in the system', async () => {
    mkdirSync(join(directory, 'root/lib'), { recursive: true })
    copyFileSync(library, join(directory, 'root/lib/lib.so'))
    writeFileSync(join(directory, 'root/lib/broken.so.1'), 'no library')
    symlinkSync('lib.so', join(directory, 'root/lib/link.so'))
    await start({ '/bin/movable': movable }, { systemRoot: join(directory, 'root') })
    await setLine('library', 'kernel')
    await dap.step('continue')
    await dap.step('continue')
    expect((await stack()).slice(0, 3)).toEqual(['library', 'called', 'start'])
    const said = dap.events.filter(({ event }) => event === 'output').map(({ body }) => body.output)
    expect(said).toEqual([])
    dap.session.dispose()
    // What is named is that, whatever lies there.
    copyFileSync(movable, join(directory, 'root/lib/lib.so'))
    await start(both, { systemRoot: join(directory, 'root') })
    expect(await setLine('library', 'kernel')).toMatchObject({ reason: 'pending' })
  })
})
