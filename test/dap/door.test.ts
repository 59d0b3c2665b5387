// Every argument of every request is held against the protocol before anything sees it.

import { resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { LEGAL } from '../../src/dap/lifecycle.ts'
import { PROTOCOL_SHAPES } from '../../src/dap/protocolShapes.generated.ts'
import type { Shape } from '../../src/dap/shapes.ts'
import type { DapRequests } from '../../src/dap/types.ts'
import { UserError } from '../../src/util/userError.ts'
import { DapClient, SMALL } from '../support/dap.ts'

/** A value of the right kind. */
function good(shape: Shape): unknown {
  if (shape === 'anything') return null
  if (shape === 'text') return 'main'
  if (shape === 'flag') return false
  if (shape === 'integer') return 1
  if ('from' in shape) return shape.from
  if ('oneOf' in shape) return shape.oneOf[0]
  if ('listOf' in shape) return [good(shape.listOf)]
  if ('mapOf' in shape) return { some: good(shape.mapOf) }
  const members = { ...shape.required, ...shape.optional }
  return Object.fromEntries(Object.entries(members).map(([name, each]) => [name, good(each)]))
}

const KINDS: readonly unknown[] = [
  ...['abc', '', true, {}, { a: 1 }, [], [[]], ['x']],
  ...[0.5, -1, 1e300, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, -(2 ** 31) - 0.25],
]

/** What the protocol does not allow there. Said of the kinds alone: `conform` is not asked. */
function isWrong(value: unknown, shape: Shape): boolean {
  if (shape === 'anything') return false
  if (shape === 'text') return typeof value !== 'string'
  if (shape === 'flag') return typeof value !== 'boolean'
  if (shape === 'integer') return !Number.isSafeInteger(value)
  if ('from' in shape)
    return !Number.isSafeInteger(value) || (value as number) < shape.from || (value as number) > shape.to
  if ('oneOf' in shape) return typeof value !== 'string' || !shape.oneOf.includes(value)
  if ('listOf' in shape) return !Array.isArray(value) || value.some(each => isWrong(each, shape.listOf))
  return typeof value !== 'object' || Array.isArray(value)
}

type Change = readonly [path: string, wrong: unknown, args: unknown]

/** The arguments with one member made wrong, for each member and each wrong kind. */
function* wrongArguments(shape: Shape, path: string): Generator<Change> {
  for (const value of KINDS) if (isWrong(value, shape)) yield [path, value, value]
  if (typeof shape === 'string') return
  if ('listOf' in shape) {
    for (const [inner, value, item] of wrongArguments(shape.listOf, `${path}[0]`)) yield [inner, value, [item]]
  } else if ('required' in shape) {
    const whole = good(shape) as object
    for (const [name, member] of Object.entries({ ...shape.required, ...shape.optional }))
      for (const [inner, value, changed] of wrongArguments(member, path === '' ? name : `${path}.${name}`))
        yield [inner, value, { ...whole, [name]: changed }]
    for (const name of Object.keys(shape.required)) yield [path, undefined, { ...whole, [name]: undefined }]
  }
}

describe('an argument of a wrong kind', () => {
  let dap: DapClient
  beforeAll(async () => {
    dap = new DapClient()
    await dap.launch(SMALL, { stopOnEntry: true, memory: '2M' })
    await dap.stopped()
  })

  test.each(Object.entries(PROTOCOL_SHAPES))('%s', async (command, shape) => {
    for (const [path, , args] of wrongArguments(shape, '')) {
      const said = await dap.session.request(command, args).then(
        () => 'accepted',
        (error: unknown) => error,
      )
      expect(said, `${command} ${JSON.stringify(args)}`).toBeInstanceOf(UserError)
      const { message } = said as UserError
      expect(message).toMatch(/^[\w/]+: "[^"]+.*" is .+: it must be (one of|a |an |true or false|1$)/)
      expect(message.startsWith(`${command}: "${path === '' ? '' : path.split(/\[0\]$/)[0]}`)).toBe(true)
      expect(message).not.toMatch(/undefined|NaN.*must be NaN|Internal/)
    }
    expect(await dap.ask('threads')).toMatchObject({ threads: [{ id: 1 }] })
  })

  test('names request, place and what is wanted', async () => {
    const source = { path: 'a.c' }
    const refused = (args: unknown) => expect(dap.session.request('setBreakpoints', args)).rejects
    await refused({ source, breakpoints: [{ line: 'abc' }] }).toThrow(
      'setBreakpoints: "breakpoints[0].line" is "abc": it must be a whole number',
    )
    await refused({ breakpoints: [] }).toThrow('setBreakpoints: "source" is missing: it must be an object')
    await refused('x').toThrow('setBreakpoints: "arguments" is "x": it must be an object')
    await refused({ source, breakpoints: new Array(2049).fill({ line: 1 }) }).toThrow(
      '"breakpoints" is a list of 2049: it must be a list of at most 2048 items',
    )
    await expect(dap.session.request('stackTrace', { threadId: 1, levels: -1 })).rejects.toThrow(
      'stackTrace: "levels" is -1: it must be a whole number, 0 or more',
    )
    await expect(dap.session.request('ppc440/uartInput', { uart: 0, data: [1, 256] })).rejects.toThrow(
      '"data[1]" is 256: it must be a whole number from 0 to 255',
    )
  })

  test('what an object has by birth is no argument', async () => {
    const inherited: unknown = Object.create({ threadId: 1 })
    await expect(dap.session.request('stackTrace', inherited)).rejects.toThrow('"threadId" is missing')
  })

  test('a member that nobody declared, and an optional one that is null, count as absent', async () => {
    const args = { threadId: 1, startFrame: null, levels: null, colour: 'red', __proto__: { threadId: 'x' } }
    expect(await dap.session.request('stackTrace', args)).toMatchObject({ stackFrames: [{ id: 1 }] })
  })
})

test('every request has a shape and a place in the life of a session', () => {
  expect(Object.keys(PROTOCOL_SHAPES).sort()).toEqual(Object.keys(LEGAL).sort())
})

test.each<[keyof DapRequests, unknown, RegExp | undefined]>([
  ['readMemory', { memoryReference: '0xffffffff', offset: Number.MAX_SAFE_INTEGER, count: 16 }, undefined],
  ['readMemory', { memoryReference: '0x0', offset: -5, count: 16 }, undefined],
  ['readMemory', { memoryReference: '99999999999', count: 16 }, /is not an address/],
  ['writeMemory', { memoryReference: '0x0', offset: -1, data: 'AAAA' }, /no memory/],
  ['writeMemory', { memoryReference: '0xffffffff', offset: 2, data: 'AAAA' }, /no memory/],
  ['writeMemory', { memoryReference: '0x0', data: 'A'.repeat((1 << 21) - 8) }, /at most/],
  [
    'disassemble',
    { memoryReference: '0x0', instructionOffset: -Number.MAX_SAFE_INTEGER, instructionCount: 3 },
    undefined,
  ],
  ['disassemble', { memoryReference: '0x0', offset: Number.MAX_SAFE_INTEGER, instructionCount: 3 }, undefined],
  ['source', { sourceReference: -7 }, /no source -7/],
  ['source', { sourceReference: 2 ** 40 }, /no source/],
  ['variables', { variablesReference: -1 }, /earlier stop/],
  ['scopes', { frameId: 2 ** 50 }, /earlier stop/],
  ['ppc440/uartInput', { uart: 99, data: [1] }, /UART/],
  ['setBreakpoints', { source: {}, breakpoints: [{ line: -5 }] }, /"breakpoints\[0\]\.line" is -5: .*0 or more/],
  ['setBreakpoints', { source: {}, breakpoints: [{ line: 0 }] }, /there is no line 0: the first is 1/],
  ['setBreakpoints', { source: {}, breakpoints: [{ line: 2 ** 50 }] }, undefined],
  ['breakpointLocations', { source: { path: 'a.c' }, line: 1, endLine: 2 ** 50 }, undefined],
  ['breakpointLocations', { source: { path: 'a.c' }, line: 0 }, /there is no line 0/],
  ['stackTrace', { threadId: 77 }, /there is no thread 77: ask for 1$/],
  ['setInstructionBreakpoints', { breakpoints: [{ instructionReference: '0x0', offset: 2 ** 50 }] }, /no memory/],
  ['setDataBreakpoints', { breakpoints: [{ dataId: '' }] }, /is not/],
])('%s at the ends of what is possible: %j', async (command, args, refused) => {
  const dap = new DapClient()
  await dap.launch(SMALL, { stopOnEntry: true, memory: '2M' })
  await dap.stopped()
  const answer = dap.session.request(command, args)
  if (refused === undefined) expect(await answer).toBeDefined()
  else await expect(answer).rejects.toThrow(refused)
  dap.session.dispose()
})

test('1,000 breakpoints on 60 lines are planned at once, and what is said of each stays short', async () => {
  const dap = new DapClient()
  await dap.launch(resolve('examples/coffee/coffee.elf'), { stopOnEntry: true })
  await dap.stopped()
  const wanted = Array.from({ length: 1000 }, (_, i) => ({ line: 1 + (i % 60) }))
  const source = { path: resolve('examples/coffee/orders.c') }
  const { breakpoints } = await dap.ask('setBreakpoints', { source, breakpoints: wanted })
  expect(breakpoints).toHaveLength(1000)
  for (const { message } of breakpoints) expect(message!.length).toBeLessThan(500)
  const { slots } = await dap.ask('ppc440/snapshot')
  for (const { heldBy = '' } of slots) expect(heldBy.length).toBeLessThan(200)
  dap.session.dispose()
})
