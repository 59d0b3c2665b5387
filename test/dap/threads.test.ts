// Threads and signals of a Linux program as the editor has them.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { DapClient } from '../support/dap.ts'
import { buildDebugged, GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'

const sourceOf = (name: string): string => resolve(`test/guest/linux/${name}.c`)
const lineOf = (name: string, text: string): number =>
  readFileSync(sourceOf(name), 'utf8')
    .split('\n')
    .findIndex(line => line.includes(text)) + 1

describe.skipIf(!have(GCC))('a Linux program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ppc440-threads-'))
  let dap: DapClient
  afterAll(() => rmSync(folder, { recursive: true }))
  afterEach(() => dap.session.dispose())

  const start = (name: string, ...lines: readonly string[]) => {
    dap = new DapClient()
    const breakpoints = { [sourceOf(name)]: lines.map(line => lineOf(name, line)) }
    return dap.launch(buildDebugged(name, join(folder, name)), { machine: 'linux-user', breakpoints })
  }
  const stackOf = async (threadId: number) =>
    (await dap.ask('stackTrace', { threadId, startFrame: 0, levels: 20 })).stackFrames
  const valueIn = async (expression: string, frameId: number) =>
    (await dap.ask('evaluate', { expression, frameId, context: 'watch' })).result

  test('has its threads in the Call Stack, each with its own stack and variables', async () => {
    await start('workers', '/* done */')
    const stop = await dap.stopped()
    expect(stop.threadId).toBe(2)
    const { threads } = await dap.ask('threads', undefined)
    expect(threads.map(({ id }) => id)).toEqual([1, 2, 3])
    expect(threads[1]!.name).toBe('thread 1001 of process 1000 "workers"'.replace(' "workers"', ''))
    const [main, first, second] = await Promise.all([1, 2, 3].map(stackOf))
    expect(main!.map(({ name }) => name)).toContain('main')
    expect([first![0]!.name, second![0]!.name]).toEqual(['work', 'work'])
    // Asked in another order than the stacks.
    expect(await valueIn('number', second![0]!.id)).toBe('2')
    expect(await valueIn('number', first![0]!.id)).toBe('1')
    expect(await valueIn('argument', second![0]!.id)).toMatch(/2$/)
    const { scopes } = await dap.ask('scopes', { frameId: second![0]!.id })
    const { variables } = await dap.ask('variables', { variablesReference: scopes[0]!.variablesReference })
    expect(variables.find(({ name }) => name === 'number')?.value).toBe('2')
    // Of a thread that does not run a variable is set, and it goes on with it.
    await dap.ask('setExpression', { expression: 'number', value: '40', frameId: second![0]!.id })
    await dap.ask('setBreakpoints', {
      source: { path: sourceOf('workers') },
      breakpoints: [{ line: lineOf('workers', '/* joined */') }],
    })
    await dap.ask('continue', { threadId: 1 })
    expect((await dap.stopped()).threadId).toBe(1)
    expect(await dap.evaluate('done')).toBe('41')
    const told = dap.events
      .filter(({ event }) => event === 'thread')
      .map(({ body }) => `${body.reason} ${body.threadId}`)
    expect(told).toEqual(['started 2', 'started 3', 'exited 2', 'exited 3'])
  })

  test('a step stays in its thread while the others run', async () => {
    await start('workers', '/* join */')
    expect((await dap.stopped()).threadId).toBe(1)
    await dap.ask('next', { threadId: 1 })
    // Over pthread_join, for which the others have to run.
    expect(await dap.stopped()).toMatchObject({ reason: 'step', threadId: 1 })
    const [top] = await stackOf(1)
    expect([top!.name, top!.line]).toEqual(['main', lineOf('workers', '/* join */') + 1])
  })

  test('a breakpoint stops in the child of fork, too', async () => {
    await start('workers', '/* child */', '/* waited */')
    const stop = await dap.stopped()
    const [top] = await stackOf(stop.threadId!)
    expect([top!.name, await valueIn('status', top!.id)]).toEqual(['child', '6'])
    const { threads } = await dap.ask('threads', undefined)
    expect(threads.find(({ id }) => id === stop.threadId)?.name).toBe('process 1003')
    await dap.ask('continue', { threadId: 1 })
    expect((await dap.stopped()).threadId).toBe(1)
    await dap.ask('continue', { threadId: 1 })
    expect(await dap.next('exited')).toEqual({ exitCode: 7 })
  })

  test('watches an address in the process in which that was asked for', async () => {
    await start('twins', '/* begins */')
    await dap.stopped()
    const { dataId } = await dap.ask('dataBreakpointInfo', { name: 'watched' })
    await dap.ask('setDataBreakpoints', { breakpoints: [{ dataId: dataId!, accessType: 'write' }] })
    await dap.ask('continue', { threadId: 1 })
    const stop = await dap.stopped()
    expect(stop).toMatchObject({ reason: 'data breakpoint', threadId: 1 })
    expect(await dap.evaluate('watched')).toBe('4')
    await dap.ask('continue', { threadId: 1 })
    expect(await dap.next('exited')).toEqual({ exitCode: 0 })
  })

  test('stops at trap words when a process executes the program once more', async () => {
    dap = new DapClient()
    const breakpoints = { [sourceOf('twins')]: [lineOf('twins', '/* again */'), lineOf('twins', '/* ends */')] }
    const program = buildDebugged('twins', join(folder, 'twins'))
    const reserved = { reserveSlots: ['IAC1', 'IAC2', 'IAC3', 'IAC4'], softBreakpoints: true }
    await dap.launch(program, { machine: 'linux-user', breakpoints, ...reserved })
    const stop = await dap.stopped()
    const [top] = await stackOf(stop.threadId!)
    expect([top!.name, await valueIn('argc', top!.id)]).toEqual(['again', '2'])
    await dap.ask('continue', { threadId: stop.threadId! })
    expect((await dap.stopped()).threadId).toBe(1)
  })

  test('stops before a signal comes where that is checked', async () => {
    await start('handlers', 'raise(SIGUSR1)')
    await dap.stopped()
    const { breakpoints } = (await dap.ask('setExceptionBreakpoints', { filters: ['signals', 'program'] }))!
    expect(breakpoints!.map(({ verified }) => verified)).toEqual([true, false])
    await dap.ask('continue', { threadId: 1 })
    expect(await dap.stopped()).toMatchObject({ reason: 'exception', description: 'Signal SIGUSR1' })
    await dap.ask('continue', { threadId: 1 })
    expect(await dap.stopped()).toMatchObject({ reason: 'exception', description: 'Signal SIGUSR2' })
    expect((await dap.stack()).map(({ name }) => name)).toContain('outer')
  })

  test('a step of a line runs over the handler of a signal, one of an instruction ends at its first', async () => {
    const top = async () => (await stackOf(1))[0]!
    await start('handlers', '/* skipped */')
    await dap.stopped()
    await dap.ask('next', { threadId: 1 })
    expect(await dap.stopped()).toMatchObject({ reason: 'step' })
    expect(await top()).toMatchObject({ name: 'main', line: lineOf('handlers', '/* beyond */') })
    await dap.ask('stepBack', { threadId: 1 })
    await dap.stopped()
    expect(await top()).toMatchObject({ name: 'main', line: lineOf('handlers', '/* skipped */') })
    let stop = { description: '' }
    for (let steps = 0; steps < 10 && !stop.description.includes('handler'); steps++) {
      await dap.ask('stepIn', { threadId: 1, granularity: 'instruction' })
      stop = { description: '', ...(await dap.stopped()) }
    }
    expect(stop).toMatchObject({ reason: 'step', description: 'In the past: Step: in the handler of SIGSEGV' })
    const entry = await dap.evaluate('(unsigned)&skip')
    expect(Number((await top()).instructionPointerReference)).toBe(Number(entry))
    await dap.ask('stepBack', { threadId: 1, granularity: 'instruction' })
    await dap.stopped()
    expect(await top()).toMatchObject({ name: 'main', line: lineOf('handlers', '/* skipped */') })
  })
})
