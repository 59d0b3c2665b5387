// The tasks of FreeRTOS in the Call Stack: a small guest has its structures and lists, and the frames of its port for the
// 440. What a state is called, eTaskGetState() of FreeRTOS's tasks.c says.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { DapClient } from '../support/dap.ts'
import { buildSystem, GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'

describe.skipIf(!have(GCC))('the tasks of FreeRTOS', () => {
  const directory = mkdtempSync(join(tmpdir(), 'freertos-'))
  const program = have(GCC) ? buildSystem('freertos', join(directory, 'freertos.elf')) : ''
  let dap: DapClient
  afterAll(() => rmSync(directory, { recursive: true }))
  afterEach(() => dap.session.dispose())

  const start = async () => {
    dap = new DapClient()
    await dap.launch(program, { stopOnEntry: true })
    await dap.stopped()
    await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'stopped' }] })
  }
  const goOn = async (times: number) => {
    for (let n = 0; n < times; n++) await dap.step('continue')
  }
  const threads = async () => (await dap.ask('threads', undefined)).threads
  const names = async () => (await threads()).map(({ name }) => name)
  const stackOf = async (name: string) => {
    const threadId = (await threads()).find(each => each.name.includes(name))!.id
    return (await dap.ask('stackTrace', { threadId, startFrame: 0, levels: 20 })).stackFrames
  }
  const valueIn = async (expression: string, frameId: number) =>
    (await dap.ask('evaluate', { expression, frameId, context: 'watch' })).result

  test('are there from their creation on, and none is on the core before the scheduler starts', async () => {
    await start()
    expect(await names()).toEqual(['PowerPC 440'])
    await goOn(1)
    expect(await names()).toEqual(['PowerPC 440'])
    await goOn(1)
    expect(await names()).toEqual([
      'PowerPC 440',
      'high (priority 2): ready',
      'timed (priority 1): ready',
      'waiting (priority 1): ready',
      'aside (priority 1): ready',
      'low (priority 0): ready',
    ])
  })

  test('stand in a list, in which a stop leaves their names room', async () => {
    await start()
    const [alone, , beside] = [await dap.step('continue'), await dap.step('continue'), await dap.step('continue')]
    expect(alone.description).toMatch(/^IAC1 matched 0x[0-9a-f]{8}/)
    expect(beside.description).toBe('IAC1 matched …')
    expect(beside.text).toMatch(/^IAC1 matched 0x[0-9a-f]{8}|^DBSR/)
  })

  test('say what they do; who waits for an event without end is blocked, though it stands among the suspended', async () => {
    await start()
    await goOn(3)
    expect(await names()).toEqual([
      'low (priority 0): running',
      'high (priority 2): ready',
      'timed (priority 1): blocked',
      'waiting (priority 1): blocked',
      'aside (priority 1): suspended',
      'gone (priority 0): deleted',
    ])
  })

  test('that do not run have stacks with variables, down to where they begin', async () => {
    await start()
    await goOn(3)
    const high = await stackOf('high')
    const functions = ['yields', 'waits', 'waits', 'waits', 'waiter', 'vPortEndScheduler']
    expect(high.map(({ name }) => name)).toEqual(functions)
    expect(await Promise.all(high.slice(1, 4).map(({ id }) => valueIn('waited', id)))).toEqual(['10', '11', '12'])
    const aside = await stackOf('aside')
    expect(aside.map(({ name }) => name)).toEqual(['waiter', 'vPortEndScheduler'])
    expect(await valueIn('n', aside[0]!.id)).toBe('4')
    // The core has gone on to the other waiter and come back.
    await goOn(2)
    expect((await stackOf('timed')).map(({ name }) => name)).toEqual(functions)
    expect((await stackOf('low'))[1]).toMatchObject({ name: 'worker' })
  })

  test('of a damaged list are shown as far as it can be followed', async () => {
    await start()
    await goOn(3)
    const set = (text: string) => dap.evaluate(text, 'repl')
    await set('tasks[1].xStateListItem.pxPrevious = 0')
    expect((await names()).at(-1)).toMatch(/^No more tasks are shown: the list of tasks is damaged at 0x[0-9a-f]{8}/)
    await set('tasks[1].pxTopOfStack = 0x7fff0000')
    await set('tasks[1].xStateListItem.pxPrevious = &pxReadyTasksLists[2].xListEnd')
    expect((await stackOf('high')).map(({ name }) => name)).toEqual([
      'the stack cannot be followed further: there is no memory at its stack pointer, 0x7fff0000',
    ])
  })
})
