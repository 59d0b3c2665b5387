// The tasks of an operating system that is the program, in the Call Stack: a small guest has a Linux kernel's structures
// and switches as it does. systemsKernel.test.ts asks the real one.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { DapClient } from '../support/dap.ts'
import { buildSystem, GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'

const source = resolve('test/guest/systems/tasks.c')
const lineOf = (text: string): number =>
  readFileSync(source, 'utf8')
    .split('\n')
    .findIndex(line => line.includes(text)) + 1

/** By its number: the core is 1, a task its PID and two. */
const [SHELL, DAEMON, NEW, GONE, USER] = [59, 14, 62, 63, 72]

describe.skipIf(!have(GCC))('the tasks of a kernel', () => {
  const directory = mkdtempSync(join(tmpdir(), 'system-tasks-'))
  const program = have(GCC) ? buildSystem('tasks', join(directory, 'tasks.elf')) : ''
  let dap: DapClient
  afterAll(() => rmSync(directory, { recursive: true }))
  afterEach(() => dap.session.dispose())

  const start = async (launch = {}, file = program) => {
    dap = new DapClient()
    await dap.launch(file, { stopOnEntry: true, ...launch })
    await dap.stopped()
  }
  const goTo = async (name: string, times = 1) => {
    await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name }] })
    for (let n = 0; n < times; n++) await dap.step('continue')
  }
  const names = async () => (await dap.ask('threads', undefined)).threads.map(({ id, name }) => `${id} ${name}`)
  const stackOf = async (threadId: number) =>
    (await dap.ask('stackTrace', { threadId, startFrame: 0, levels: 20 })).stackFrames
  const valueIn = async (expression: string, frameId: number) =>
    (await dap.ask('evaluate', { expression, frameId, context: 'watch' })).result
  const set = (text: string) => dap.evaluate(text, 'repl')

  test('are in the list, the one on the core first; before there is one, only the core', async () => {
    await start()
    expect(await names()).toEqual(['1 PowerPC 440'])
    await goTo('stopped')
    expect(await names()).toEqual([
      '1 swapper (0): running',
      '59 sh (57): ready',
      '60 sh: worker (58, thread of 57): ready',
      '14 kworker/0:1 (12): ready',
      '62 new (60): ready',
      '63 gone (61): zombie',
      '72 user (70): ready',
    ])
    await dap.step('continue')
    expect(await names()).toEqual([
      '1 sh: worker (58, thread of 57): running',
      '2 swapper (0): ready',
      '59 sh (57): sleeping',
      '14 kworker/0:1 (12): idle',
      '62 new (60): ready',
      '63 gone (61): zombie',
      '72 user (70): ready',
    ])
    // As /proc/PID/status has them (fs/proc/array.c): TASK_KILLABLE sleeps, what is being woken is ready.
    const states = {
      2: 'disk sleep',
      4: 'stopped',
      8: 'tracing stop',
      64: 'parked',
      128: 'dead',
      258: 'disk sleep',
      512: 'ready',
    }
    for (const [state, said] of Object.entries(states)) {
      await set(`others[0].__state = ${state}`)
      expect(await names()).toContain(`${SHELL} sh (57): ${said}`)
    }
  })

  test('that do not run have stacks with variables, which can be set, and the core goes on', async () => {
    await start()
    await goTo('stopped', 2)
    const [core, shell, daemon] = [await stackOf(1), await stackOf(SHELL), await stackOf(DAEMON)]
    expect(core.map(({ name }) => name)).toEqual(['stopped', 'works', 'ret_from_fork'])
    expect(shell.map(({ name }) => name)).toEqual(['run', 'asks', 'asks', 'asks', 'sleeper', 'ret_from_fork'])
    expect(daemon.map(({ name }) => name)).toEqual(shell.map(({ name }) => name))
    // Each its own, in any order.
    const of = async (frames: typeof shell) => Promise.all(frames.slice(1, 4).map(({ id }) => valueIn('asked', id)))
    expect(await of(daemon)).toEqual(['12000', '12001', '12002'])
    expect(await of(shell)).toEqual(['57000', '57001', '57002'])
    expect(await valueIn('turns', core[1]!.id)).toBe('1')
    const { scopes } = await dap.ask('scopes', { frameId: shell[2]!.id })
    expect(scopes[0]!.name).toBe('Locals')
    const { variables } = await dap.ask('variables', { variablesReference: scopes[0]!.variablesReference })
    expect(variables.find(({ name }) => name === 'asked')?.value).toBe('57001')
    // A step of a task that does not run is one of the core.
    await dap.ask('setFunctionBreakpoints', { breakpoints: [] })
    await dap.ask('next', { threadId: SHELL })
    expect((await dap.stopped()).threadId).toBe(1)
    const anew = await stackOf(SHELL)
    await dap.ask('setExpression', { expression: 'asked', value: '1', frameId: anew[3]!.id })
    expect(await valueIn('asked', anew[3]!.id)).toBe('1')
    await dap.ask('setBreakpoints', { source: { path: source }, breakpoints: [{ line: lineOf('/* asked */') }] })
    await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'stopped' }] })
    await dap.step('continue')
    expect((await stackOf(1))[0]!.name).toBe('stopped')
    const asked: string[] = []
    for (let n = 0; n < 3; n++) {
      await dap.step('continue')
      asked.push(await valueIn('asked', (await stackOf(1))[0]!.id))
    }
    // 1 instead of 57002 in the outermost.
    expect(asked).toEqual(['57000', '114001', '114002'])
  })

  test('one that has never run stands at its beginning; one that is gone says why it has no stack', async () => {
    await start()
    await goTo('stopped', 2)
    expect((await stackOf(NEW)).map(({ name }) => name)).toEqual(['ret_from_fork'])
    expect((await stackOf(GONE)).map(({ name }) => name)).toEqual([
      'the stack cannot be followed further: it has given its stack back',
    ])
    // Its program is in another address space, at whose addresses are others here.
    expect((await stackOf(USER)).map(({ name }) => name)).toEqual(['run', 'handler', 'entry'])
    await set('others[0].thread.ksp = 0x10')
    expect((await stackOf(SHELL)).map(({ name }) => name)).toEqual([
      'the stack cannot be followed further: its stack pointer, 0x00000010, does not lie in its stack',
    ])
    await expect(stackOf(4711)).rejects.toThrow('4711')
  })

  test('are followed through what an interrupt has struck, on whichever stack; not into an unknown program', async () => {
    await start()
    const struck = async () => {
      await goTo('handler')
      const frames = await stackOf(1)
      const kept = frames[2] === undefined ? undefined : await valueIn('kept', frames[2].id)
      return [...frames.map(({ name }) => name), kept]
    }
    expect(await struck()).toEqual(['handler', 'entry', 'struck', 'main', '_start', '700'])
    expect(await struck()).toEqual(['handler', 'entry', 'struck', 'main', '_start', '801'])
    // The mark alone is no proof: the chain has to lead to the stack that was kept.
    await set('*(unsigned *)(entry_stack + 256 - 48 + 5) = 4')
    expect((await stackOf(1)).map(({ name }) => name)).not.toContain('struck')
    await set('*(unsigned *)(entry_stack + 256 - 48 + 5) = entry_stack[256 - 48]')
    // A program of a process is followed where its symbols are known.
    expect(await struck()).toEqual(['handler', 'entry', 'struck', 'main', '_start', '901'])
    await set('*(unsigned *)(entry_stack + 256 - 48 + 36) = 0x300000')
    expect((await stackOf(1)).map(({ name }) => name)).toEqual(['handler', 'entry'])
  })

  test('in damaged lists end with a message, and soon', async () => {
    await start()
    await goTo('stopped', 2)
    const last = async () => (await names()).at(-1)
    const damaged = async (place: string, value: string) => {
      const before = await dap.evaluate(`(unsigned)${place},d`)
      await set(`${place} = ${value}`)
      const said = await last()
      await set(`${place} = ${before}`)
      return said
    }
    const remark = (why: string) => `4294967298 No more tasks are shown: ${why}`
    const at = async (place: string) => (await dap.evaluate(`&${place},x`)).slice(0, 10)
    const tasks = 'others[0].tasks'
    for (const wild of ['0', '0xf0000000', '3', `&${tasks}`, '&stacks', '&others[3].tasks'])
      expect(await damaged(`${tasks}.next`, wild)).toBe(
        remark(`the list of tasks is damaged at ${await at(tasks)}, or just being changed`),
      )
    const threads = 'others[0].thread_node'
    for (const wild of ['0', '0xf0000000', `&${threads}`])
      expect(await damaged(`${threads}.next`, wild)).toBe(
        remark(`the list of threads is damaged at ${await at(threads)}, or just being changed`),
      )
    expect(await damaged('others[0].signal', '0xf0000000')).toMatch(/^42.* the list of threads is damaged at 0x/)
    // The lists of two processes are one.
    expect(await damaged('others[2].signal', '&signals[0]')).toBe(
      remark(`the list of threads of ${await at('others[2]')} leads back to ${await at('others[0]')}`),
    )
    // What stands for those that are not shown has no stack, but says the same.
    await set(`${tasks}.next = 0`)
    expect((await stackOf(4_294_967_298))[0]!.name).toContain('the list of tasks is damaged at')
    expect(await names()).toContain('59 sh (57): sleeping')
  })

  test('are not known without debug information', async () => {
    await start({}, buildSystem('tasks', join(directory, 'stripped.elf'), '-g0'))
    await goTo('stopped')
    expect(await names()).toEqual(['1 PowerPC 440'])
  })
})
