// How values, frames and places are written for a client that says how it wants them. Expectations are the source's, gdb's
// and addr2line's.

import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lineOf } from '../e2e/support/examples.ts'
import { DapClient } from '../support/dap.ts'
import { have } from '../support/tools.ts'

const COFFEE = resolve('examples/coffee/coffee.elf')
const ORDERS = resolve('examples/coffee/orders.c')
const ADDR2LINE = 'powerpc-linux-gnu-addr2line'

const ESC = '\u001b'

let dap: DapClient
let frames: P.StackFrame[]
beforeAll(async () => {
  dap = new DapClient()
  await dap.launch(COFFEE, { breakpoints: { [ORDERS]: [lineOf('coffee/orders.c', 'struct order **link')] } })
  await dap.stopped()
  frames = await dap.stack()
})
afterAll(() => dap.session.dispose())

const evaluate = (expression: string, more: Partial<P.EvaluateArguments> = {}) =>
  dap.ask('evaluate', { expression, frameId: frames[0]!.id, ...more })

const HEX: P.ValueFormat = { hex: true }

describe('a format of "hex"', () => {
  test('writes integers so, here and in what is inside, and nothing else', async () => {
    expect((await evaluate('order->number')).result).toBe('1')
    expect((await evaluate('order->number', { format: HEX })).result).toBe('0x1')
    const { variablesReference } = await evaluate('recipes[1]')
    const rows = async (format?: P.ValueFormat) => {
      const { variables } = await dap.ask('variables', { variablesReference, ...(format && { format }) })
      return Object.fromEntries(variables.map(({ name, value }) => [name, value.replace(/^0x\w+ /, '')]))
    }
    // The initializer of DOPPIO in orders.c.
    expect(await rows()).toEqual({ name: '"doppio"', beans_g: '16', water_ml: '60', milk_ml: '0', degrees: '92' })
    expect(await rows(HEX)).toEqual({
      name: '"doppio"',
      beans_g: '0x10',
      water_ml: '0x3c',
      milk_ml: '0x0',
      degrees: '0x5c',
    })
    // The next question is answered as before.
    expect((await rows()).beans_g).toBe('16')
  })

  test('leaves names, truth values and what has a suffix of its own', async () => {
    for (const expression of ['order->drink', 'order->in_a_hurry', 'order->number,d'])
      expect((await evaluate(expression, { format: HEX })).result).toBe((await evaluate(expression)).result)
  })

  test('is that of the answer to a new value, too', async () => {
    const frameId = frames[0]!.id
    const { value } = await dap.ask('setExpression', { expression: 'order->number', value: '18', frameId, format: HEX })
    expect(value).toBe('0x12')
    const { variablesReference } = await evaluate('*order')
    const set = { variablesReference, name: 'number', value: '1' }
    expect((await dap.ask('setVariable', { ...set, format: HEX })).value).toBe('0x1')
    expect((await evaluate('order->number')).result).toBe('1')
  })
})

test('what goes to the clipboard is whole', async () => {
  const short = (await evaluate('recipes')).result
  const whole = (await evaluate('recipes', { context: 'clipboard' })).result
  expect(short).toContain('…')
  expect(whole).not.toContain('…')
  for (const name of ['espresso', 'doppio', 'lungo', 'cappuccino', 'hot water']) expect(whole).toContain(`"${name}"`)
})

describe('a frame is called', () => {
  const called = async (format: P.StackFrameFormat) =>
    (await dap.ask('stackTrace', { threadId: 1, levels: 1, format })).stackFrames[0]!.name

  test('by its function', async () => {
    expect(await called({})).toBe('order_place')
  })
  test('with line and file of the program, where they are wanted', async () => {
    expect(await called({ line: true, module: true })).toBe(`coffee.elf!order_place orders.c:${frames[0]!.line}`)
  })
  test('with types, names and values of its parameters', async () => {
    expect(await called({ parameters: true, parameterTypes: true, parameterNames: true })).toBe(
      'order_place(struct queue *queue, const char *guest, enum drink drink, _Bool in_a_hurry)',
    )
    expect(await called({ parameters: true })).toMatch(
      /^order_place\(queue = 0x\w{8} <[\w+]+>, guest = 0x\w{8} ".*", drink = [A-Z_]+, in_a_hurry = (true|false)\)$/,
    )
  })
})

describe('the place of code', () => {
  test.skipIf(!have(ADDR2LINE)).each(['$pc', '$lr', '&order_take'])(
    'that %s holds can be gone to',
    async expression => {
      const { valueLocationReference, memoryReference } = await evaluate(expression)
      const place = await dap.ask('locations', { locationReference: valueLocationReference! })
      const theirs = execFileSync(ADDR2LINE, ['-e', COFFEE, memoryReference!], { encoding: 'utf8' }).trim()
      expect(`${place?.source.path}:${place?.line}`).toBe(`${resolve('examples/coffee', theirs.split('/').at(-1)!)}`)
    },
  )

  test('is none where there is no source', async () => {
    expect((await evaluate('$r1')).valueLocationReference).toBeUndefined()
    await expect(dap.ask('locations', { locationReference: 5 })).rejects.toThrow(/no location 5/)
  })
})

test('only a client that draws them gets control sequences, and none in what it edits', async () => {
  expect((await evaluate('x/2i $pc', { context: 'repl' })).result).not.toContain(ESC)
  const other = new DapClient()
  const { supportsANSIStyling } = await other.ask('initialize', { adapterID: 'ppc440', supportsANSIStyling: true })
  expect(supportsANSIStyling).toBe(true)
  await other.ask('launch', { program: COFFEE, stopOnEntry: true })
  await other.ask('configurationDone')
  await other.stopped()
  const said = async (expression: string, context: 'repl' | 'watch' | 'clipboard') =>
    (await other.ask('evaluate', { expression, context })).result
  expect(await said('x/2i $pc', 'repl')).toMatch(new RegExp(`^${ESC}\\[1m=> 0x\\w+ .*${ESC}\\[22m$`, 'm'))
  expect(await said('*(int *)0xdead0000', 'watch')).not.toContain(ESC)
  expect(await said('(int)sizeof(void) + recipes[0].beans_g', 'watch')).not.toContain(ESC)
  other.session.dispose()
})
