// What an instruction is stopped by can be chosen: a comparator, a trap word, or whatever the launch configuration allows.

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Snapshot } from '../../src/protocol/messages.ts'
import { DapClient, SMALL } from '../support/dap.ts'

/** Instructions of examples/asm/primes.elf. */
const at = (n: number): { instructionReference: string } => ({
  instructionReference: `0x${(0x100100 + 4 * n).toString(16)}`,
})
const FIVE = [0, 1, 2, 3, 4].map(at)

let dap: DapClient
beforeEach(() => (dap = new DapClient()))
afterEach(() => dap.session.dispose())

const launch = async (more: object = {}): Promise<void> => {
  await dap.launch(SMALL, { memory: '2M', stopOnEntry: true, ...more })
  await dap.stopped()
}
const set = async (breakpoints: readonly object[]): Promise<string[]> => {
  await dap.ask('setInstructionBreakpoints', { breakpoints: breakpoints as never })
  return states()
}
const rows = async (): Promise<Snapshot['breakpoints']> => (await dap.ask('ppc440/snapshot')).breakpoints
const states = async (): Promise<string[]> => (await rows()).map(({ state }) => state)
/** Far from each other: no two share a comparator or a pair. */
const spread = (...modes: readonly (string | undefined)[]): object[] =>
  modes.map((mode, n) => ({ ...at(2 * n), offset: 0x2000 * n, ...(mode && { mode }) }))

test('the modes are offered, and the first is what a breakpoint without one has', async () => {
  const { breakpointModes } = await dap.ask('initialize', { adapterID: 'ppc440' })
  expect(breakpointModes!.map(({ mode, appliesTo }) => [mode, appliesTo])).toEqual(
    ['any', 'comparator', 'trapWord'].map(mode => [mode, ['source', 'instruction']]),
  )
})

test('a trap word is what was asked for, though comparators are free', async () => {
  await launch()
  expect(await set([{ ...at(0), mode: 'trapWord' }, at(1), { ...at(2), mode: 'any' }])).toEqual([
    ...['trapWord', 'comparator', 'comparator'],
  ])
})

test('a comparator, or nothing, where trap words are allowed to the others', async () => {
  await launch({ softBreakpoints: true })
  const four = ['comparator', 'comparator', 'comparator', 'comparator']
  expect(await set(spread(...four, undefined))).toEqual([...four, 'trapWord'])
  expect(await set(spread(...four, 'comparator'))).toEqual([...four, 'refused'])
})

test('one that was refused gets a trap word when somebody asks for that, and keeps it', async () => {
  await launch()
  const five = spread(...new Array<undefined>(5).fill(undefined))
  expect(await set(five)).toEqual(['comparator', 'comparator', 'comparator', 'comparator', 'refused'])
  const refused = (await rows()).at(-1)!
  expect(refused.message).toContain('No IAC slot free')
  await dap.ask('ppc440/trapWord', { id: refused.id })
  expect(await states()).toEqual(['comparator', 'comparator', 'comparator', 'comparator', 'trapWord'])
  // The editor sends its list again whenever one of it changes.
  expect((await set(five)).at(-1)).toBe('trapWord')
  // Four comparators remain for the four others, whoever goes.
  expect(await set(five.slice(1))).toEqual(['comparator', 'comparator', 'comparator', 'trapWord'])
})

test('what is no instruction gets none', async () => {
  await launch()
  const { dataId } = await dap.ask('dataBreakpointInfo', { name: '0x100200', asAddress: true, bytes: 4 })
  await dap.ask('setDataBreakpoints', { breakpoints: [{ dataId: dataId!, accessType: 'write' }] })
  const [{ id, kind }] = (await rows()) as [Snapshot['breakpoints'][0]]
  expect(kind).toBe('data')
  await expect(dap.ask('ppc440/trapWord', { id })).rejects.toThrow('on an instruction')
  await expect(dap.ask('ppc440/trapWord', { id: 77 })).rejects.toThrow('there is no breakpoint 77 on an instruction')
})

test('the snapshot tells of each where it is, who set it, and what it waits for', async () => {
  await launch()
  await set([{ ...FIVE[1], condition: '$r3 == 1', hitCondition: '% 2' }])
  expect(await rows()).toMatchObject([
    {
      ...{ kind: 'instruction', label: '0x00100104', owner: 'the editor', state: 'comparator', hits: 0 },
      ...{ addresses: [0x100104], condition: '$r3 == 1', hitCondition: '% 2' },
    },
  ])
  const { slots } = await dap.ask('ppc440/snapshot')
  expect(slots[0]).toMatchObject({ name: 'IAC1', address: 0x100104, mode: 'exact', holders: [(await rows())[0]!.id] })
})

test('a bit and a register are set as the register view sets them, and the snapshot has them at once', async () => {
  await launch()
  const register = async (name: string): Promise<number> => (await dap.ask('ppc440/snapshot')).registers[name]!
  const before = await register('MSR')
  await dap.ask('setExpression', { expression: '$MSR.EE', value: '1' })
  expect(await register('MSR')).toBe((before | 0x8000) >>> 0)
  await dap.ask('setExpression', { expression: '$r3', value: '0x1234' })
  expect(await register('r3')).toBe(0x1234)
})
