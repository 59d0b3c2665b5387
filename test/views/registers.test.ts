import { expect, test } from 'vitest'
import type { SlotRow, Snapshot } from '../../src/protocol/messages.ts'
import type { RegisterRow } from '../../src/views/models/registerRow.ts'
import { registerRows } from '../../src/views/models/registers.ts'
import { EMPTY_SNAPSHOT } from '../support/snapshot.ts'

const freeSlots: SlotRow[] = (['IAC1', 'IAC2', 'IAC3', 'IAC4', 'DAC1', 'DAC2'] as const).map(name => ({
  name,
  holders: [],
}))

function snapshot(registers: Record<string, number>, slots: Partial<Record<SlotRow['name'], string>> = {}): Snapshot {
  const held = freeSlots.map(slot => {
    const heldBy = slots[slot.name]
    return heldBy === undefined ? slot : { ...slot, heldBy, address: registers[slot.name]! }
  })
  return { ...EMPTY_SNAPSHOT, registers, slots: held }
}

function find(rows: readonly RegisterRow[], ...path: string[]): RegisterRow {
  const [name, ...rest] = path
  const row = rows.find(candidate => candidate.name === name)
  if (!row) throw new Error(`no row ${name}`)
  return rest.length ? find(row.children, ...rest) : row
}

test('the debug facility comes first, in the order of the manual; the rest is grouped', () => {
  const rows = registerRows(snapshot({ r1: 0, SRR0: 0, MSR: 0, IAC2: 0, IAC1: 0, DBSR: 0, DBCR1: 0, DBCR0: 0, TCR: 0 }))
  expect(rows.map(({ name }) => name)).toEqual([
    'DBCR0',
    'DBCR1',
    'DBSR',
    'IAC1',
    'IAC2',
    'MSR',
    'General purpose',
    'Interrupts',
    'Timers',
  ])
})

test('a register shows its value and the flags that are on, and under it every field with its meaning', () => {
  const rows = registerRows(snapshot({ DBCR0: 0x41800000 }))
  expect(find(rows, 'DBCR0').text).toBe('0x41800000 · IDM TRAP IAC1')
  expect(find(rows, 'DBCR0', 'IAC1').text).toMatch(/^1 · /)
  expect(find(rows, 'DBCR0', 'IAC2').text).toMatch(/^0 · /)
  expect(find(rows, 'DBCR0', 'RST').text).toMatch(/^0 = .+ · /)
})

test('a comparator names the breakpoint that holds it, or says that it is free', () => {
  const rows = registerRows(snapshot({ IAC1: 0x100404, IAC2: 0 }, { IAC1: 'main.c:47' }))
  expect(find(rows, 'IAC1')).toMatchObject({ text: '0x00100404 · main.c:47', slot: 'held' })
  expect(find(rows, 'IAC2')).toMatchObject({ text: '0x00000000 · free', slot: 'free' })
})

test('what changed since the stop before is marked with a word, on the register, the field and the group', () => {
  const before = snapshot({ DBSR: 0, MSR: 0x1000, r3: 1, r4: 2 })
  const rows = registerRows(snapshot({ DBSR: 0x00800000, MSR: 0x1000, r3: 7, r4: 2 }), before)
  expect(find(rows, 'DBSR')).toMatchObject({ changed: true, text: '0x00800000 · IAC1 · was 0x00000000' })
  expect(find(rows, 'DBSR', 'IAC1')).toMatchObject({
    changed: true,
    spoken: expect.stringMatching(/^IAC1, 1, .*changed, was 0$/),
  })
  expect(find(rows, 'DBSR', 'IAC2').changed).toBe(false)
  expect(find(rows, 'MSR').changed).toBe(false)
  expect(find(rows, 'General purpose')).toMatchObject({ changed: true, text: '1 changed' })
})

test('at the first stop nothing has changed yet', () => {
  const rows = registerRows(snapshot({ DBCR0: 1, r1: 2 }))
  expect(rows.some(({ changed }) => changed)).toBe(false)
})

test('rows keep their identity from stop to stop, so that opened ones stay open', () => {
  const ids = (rows: readonly RegisterRow[]): string[] => rows.flatMap(({ id, children }) => [id, ...ids(children)])
  const first = ids(registerRows(snapshot({ DBCR0: 0, MSR: 0, r1: 1 })))
  expect(ids(registerRows(snapshot({ DBCR0: 9, MSR: 8, r1: 7 })))).toEqual(first)
  expect(new Set(first).size).toBe(first.length)
})

test('the tooltip tells the number, the bits and where to read on', () => {
  const { tooltip } = find(registerRows(snapshot({ DBCR0: 0x40000000 })), 'DBCR0')
  expect(tooltip).toMatch(/SPR 308/)
  expect(tooltip).toMatch(/0100 0000 0000 0000 0000 0000 0000 0000/)
  expect(tooltip).toMatch(/user's manual, page 239/)
})

test('while a debugger has the facility, the tooltip tells what each party sees', () => {
  const parties = [{ name: 'DBCR1', guest: 1, debugger: 0, running: 0xff00ff00, host: 2 }]
  const { tooltip } = find(registerRows({ ...snapshot({ DBCR1: 0xff00ff00 }), parties }), 'DBCR1')
  expect(tooltip).toMatch(/the program reads \| `0x00000001`[\s\S]*while the program runs \| `0xff00ff00`/)
  expect(find(registerRows(snapshot({ DBCR1: 0 })), 'DBCR1').tooltip).not.toMatch(/the program reads/)
})

test('a register that holds an address of the program says which; an IVOR whose vector it is', () => {
  const now = { ...snapshot({ LR: 0x1010, IVOR6: 0x700 }), places: { LR: '<main+0x10> main.c:12' } }
  expect(find(registerRows(now), 'General purpose', 'LR').text).toBe('0x00001010 · <main+0x10> main.c:12')
  expect(find(registerRows(now), 'Interrupts', 'IVOR6').text).toBe('0x00000700 · Program')
})

test('values are shown in the way that was chosen, and set as expressions', () => {
  const now = snapshot({ r3: 0xffff_fffe })
  const shown = (format?: 'decimal' | 'binary') => find(registerRows(now, undefined, format), 'General purpose', 'r3')
  expect([shown(), shown('decimal'), shown('binary')].map(({ text }) => text)).toEqual([
    ...['0xfffffffe', '-2', '1111 1111 1111 1111 1111 1111 1111 1110'],
  ])
  expect(shown('binary')).toMatchObject({ expression: '$r3', literal: '0xfffffffe' })
})

test('what can be set says how it is called; a bit is toggled; what a write clears is said', () => {
  const rows = registerRows(snapshot({ DBCR0: 0x40000000, DBSR: 0x00800000, PVR: 1 }))
  expect(find(rows, 'DBCR0', 'IDM')).toMatchObject({ expression: '$DBCR0.IDM', toggled: '0', value: '1' })
  expect(find(rows, 'DBCR0', 'RST').toggled).toBeUndefined()
  expect([find(rows, 'DBSR', 'IAC1').toggled, find(rows, 'DBSR', 'IAC2').toggled]).toEqual(['1', undefined])
  expect(find(rows, 'DBSR').onWrite).toContain('written as 1 are cleared')
  expect(find(rows, 'DBCR0').onWrite).toBeUndefined()
  // The manual lets nobody write PVR.
  expect(find(rows, 'Others', 'PVR').expression).toBeUndefined()
})

test('what is pinned stands at the top, in the order in which it was pinned, and in its group as well', () => {
  const now = snapshot({ r1: 0, r3: 5, MSR: 0x1000, DBSR: 0, DBCR0: 0 })
  const rows = registerRows(now, undefined, 'hexadecimal', ['r3', 'MSR', 'SRR0'])
  expect(rows.map(({ name, pin }) => [name, pin?.isPinned])).toEqual([
    ['r3', true],
    ['MSR', true],
    ['DBCR0', false],
    ['DBSR', false],
    ['General purpose', undefined],
  ])
  expect(find(rows, 'General purpose', 'r3').pin).toEqual({ name: 'r3', isPinned: false })
  const ids = (all: readonly RegisterRow[]): string[] => all.flatMap(({ id, children }) => [id, ...ids(children)])
  expect(new Set(ids(rows)).size).toBe(ids(rows).length)
  expect(rows[0]!.spoken).toMatch(/^pinned, /)
})
