// The view of the trace as data: one row for each event, the newest first.

import { expect, test } from 'vitest'
import type { TracedRow } from '../../src/protocol/messages.ts'
import { traceRows, withNews } from '../../src/views/models/trace.ts'

const event = (instruction: number, what: string, more: Partial<TracedRow> = {}): TracedRow => ({
  ...{ instruction, address: 0x1000, owner: 'debugger', what, change: 'DBSR 0x00000000 -> 0x00800000' },
  ...{ place: '0x00001000 <main+0x10> main.c:12', path: '/home/me/main.c', line: 12 },
  ...more,
})

test('a row says what, where, when and for whom', () => {
  const [row] = traceRows([event(12345, 'IAC1 latched')])
  expect(row).toMatchObject({
    name: 'IAC1 latched',
    text: 'main.c:12 · at 12,345 · debugger',
    look: 'event',
    spoken: 'IAC1 latched, main.c:12 · at 12,345 · debugger, DBSR 0x00000000 -> 0x00800000',
  })
  expect(row!.tooltip).toContain('`DBSR 0x00000000 -> 0x00800000`')
})

test('the newest is first; rows of one instruction can be told apart', () => {
  const rows = traceRows([event(1, 'IAC1 latched'), event(7, 'IAC1 latched'), event(7, 'IAC1 acknowledged')])
  expect(rows.map(({ name }) => name)).toEqual(['IAC1 acknowledged', 'IAC1 latched', 'IAC1 latched'])
  expect(new Set(rows.map(({ id }) => id)).size).toBe(3)
})

test('each kind has its look; a change of owner names the owner', () => {
  const looks = ['IAC1, DAC1W latched', 'IAC1 acknowledged', 'Debug interrupt', 'has the facility now']
  const rows = [...traceRows(looks.map((what, n) => event(n, what, { owner: 'guest' })))].reverse()
  expect(rows.map(({ look }) => look)).toEqual(['event', 'acknowledged', 'interrupt', 'owner'])
  expect(rows[3]).toMatchObject({ name: 'The guest has the facility now', text: 'main.c:12 · at 3' })
})

test('a place without a name is its address; names are text, whatever they contain', () => {
  const { path: _, line: __, ...unknown } = event(1, 'BRT latched', { place: '0x00001000' })
  expect(traceRows([unknown])[0]!.text).toMatch(/^0x00001000 · /)
  const [row] = traceRows([event(1, 'BRT latched', { place: '0x00001000 <[x](command:y)>' })])
  expect(row!.tooltip).toContain('\\[x\\]\\(command\\:y\\)')
})

test('the last thousand are kept', () => {
  const many = Array.from({ length: 900 }, (_, n) => event(n, 'IAC1 latched'))
  const kept = withNews(withNews([], many), many)
  expect(kept).toHaveLength(1000)
  expect(kept.at(-1)!.instruction).toBe(899)
})
