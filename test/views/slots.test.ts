// The view of the debug slots, made of snapshots as the adapter sends them.

import { describe, expect, test } from 'vitest'
import type { BreakpointRow, SlotRow, Snapshot } from '../../src/protocol/messages.ts'
import { type DebugSlotRow, debugSlotRows, holdersFor, slotCounts } from '../../src/views/models/slots.ts'
import { EMPTY_SNAPSHOT } from '../support/snapshot.ts'

const NAMES = ['IAC1', 'IAC2', 'IAC3', 'IAC4', 'DAC1', 'DAC2'] as const

function breakpoint(id: number, more: Partial<BreakpointRow> = {}): BreakpointRow {
  return {
    ...{
      id,
      kind: 'source',
      label: `main.c:${id}`,
      owner: 'the editor',
      state: 'comparator',
      message: 'IAC1',
      hits: 0,
    },
    ...{ addresses: [0x1000 + 4 * id], path: '/main.c', askedLine: id, line: id },
    ...more,
  } as BreakpointRow
}

function snapshot(slots: Partial<Record<SlotRow['name'], Partial<SlotRow>>>, breakpoints: BreakpointRow[]): Snapshot {
  const rows = NAMES.map((name): SlotRow => ({ name, holders: [], ...slots[name] }))
  return { ...EMPTY_SNAPSHOT, slots: rows, breakpoints }
}

const held = (address: number, ...holders: number[]): Partial<SlotRow> => ({
  ...{ address, mode: 'exact', heldBy: '', holders },
})
const shown = (rows: readonly DebugSlotRow[]): string[] => rows.map(({ name, text }) => `${name}: ${text}`)

describe('a comparator', () => {
  test('says who has it, for which address, on which condition, and how often that came', () => {
    const all = [breakpoint(7, { condition: 'x > 3', hitCondition: '% 2', hits: 2 }), breakpoint(8, { hits: 1 })]
    const rows = debugSlotRows(snapshot({ IAC1: held(0x101c, 7), IAC2: held(0x1020, 8) }, all))
    expect(shown(rows).slice(0, 3)).toEqual([
      'IAC1: main.c:7 · 0x0000101c · if x > 3 · hits % 2 · hit 2 times',
      'IAC2: main.c:8 · 0x00001020 · hit once',
      'IAC3: free',
    ])
    expect(rows[0]).toMatchObject({ look: 'held', breakpoint: { id: 7 }, acts: ['disable', 'remove'] })
  })

  test('left to the program is not free', () => {
    const rows = debugSlotRows(snapshot({ IAC4: { isReserved: true } }, []))
    expect(shown(rows)[3]).toBe('IAC4: left to the program')
    expect(rows[3]!.look).toBe('reserved')
  })

  test('of a pair says the whole range, on both', () => {
    const range = (address: number): Partial<SlotRow> => ({ ...held(address, 3), mode: 'range' })
    const all = [breakpoint(3), breakpoint(4, { kind: 'data', label: 'table' })]
    const rows = debugSlotRows(
      snapshot(
        {
          ...{ IAC3: range(0x2000), IAC4: range(0x2010) },
          ...{ DAC1: { ...range(0x8000), holders: [4] }, DAC2: { ...range(0x8020), holders: [4] } },
        },
        all,
      ),
    )
    expect(shown(rows).slice(2)).toEqual([
      'IAC3: main.c:3 · range 0x00002000 to 0x0000200f',
      'IAC4: main.c:3 · range 0x00002000 to 0x0000200f',
      'DAC1: table · range 0x00008000 to 0x0000801f',
      'DAC2: table · range 0x00008000 to 0x0000801f',
    ])
  })

  test('that several share has each of them below it', () => {
    const all = [breakpoint(1), breakpoint(2, { owner: 'gdb', kind: 'instruction', label: '0x00001004' })]
    const [row] = debugSlotRows(snapshot({ IAC1: held(0x1004, 1, 2) }, all))
    expect(row).toMatchObject({ text: '2 breakpoints · 0x00001004', acts: [] })
    expect(shown(row!.children)).toEqual(['main.c:1: 0x00001004', '0x00001004: 0x00001008 · gdb'])
    // What gdb has set only gdb can take away.
    expect(row!.children.map(({ acts }) => acts)).toEqual([['disable', 'remove'], []])
  })
})

describe('below the comparators', () => {
  const full = { IAC1: held(4, 1), IAC2: held(8, 2), IAC3: held(12, 3), IAC4: held(16, 4) }
  const holders = [
    breakpoint(1),
    breakpoint(2),
    breakpoint(3, { owner: 'gdb' }),
    breakpoint(4, { kind: 'instruction' }),
  ]
  const message = 'No IAC slot free:\nIAC1 main.c:1, IAC2 main.c:2.\nRemove one and this one takes its place.'

  test('stands what was refused, why in a few words, and what can be done', () => {
    const now = snapshot(full, [...holders, breakpoint(5, { state: 'refused', message })])
    const refused = debugSlotRows(now).at(-1)!
    expect(shown([refused, ...refused.children])).toEqual(['Refused: 1', 'main.c:5: No IAC slot free'])
    expect(refused.children[0]).toMatchObject({ look: 'refused', acts: ['takeSlot', 'trapWord', 'remove'] })
    expect(refused.children[0]!.spoken).toBe('main.c:5, refused, No IAC slot free')
    expect(slotCounts(now)).toEqual({ text: 'IAC 4/4 · DAC 0/2', refused: 1 })
    // Those that an extension can take it from.
    expect(holdersFor(breakpoint(5), now.slots, now.breakpoints).map(({ id }) => id)).toEqual([1, 2])
  })

  test('a watched variable gets no trap word, and no slot of an instruction', () => {
    const data = breakpoint(6, { kind: 'data', label: 'count', state: 'refused', message })
    const now = snapshot(full, [...holders, data])
    expect(debugSlotRows(now).at(-1)!.children[0]!.acts).toEqual([])
  })

  test('stands what has a trap word; what is nowhere in the program stands in the Breakpoints view alone', () => {
    const now = snapshot({}, [breakpoint(1, { state: 'trapWord' }), breakpoint(2, { state: 'nowhere' })])
    const rows = debugSlotRows(now).slice(6)
    expect(shown(rows)).toEqual(['Trap words: 1'])
    expect(shown(rows[0]!.children)).toEqual(['main.c:1: 0x00001004'])
    expect(slotCounts(now)).toEqual({ text: 'IAC 0/4 · DAC 0/2', refused: 0 })
  })
})

test('before a session there are no trap words to be had, and what has no place in the program is told', () => {
  const full = { IAC1: held(4, 1), IAC2: held(8, 2), IAC3: held(12, 3), IAC4: held(16, 4) }
  const message = 'No IAC slot free:\nIAC1 main.c:1.'
  const all = [
    ...[1, 2, 3, 4].map(id => breakpoint(id)),
    breakpoint(5, { state: 'refused', message }),
    breakpoint(6, { state: 'nowhere', message: 'notes.c is not in this program.' }),
  ]
  const rows = debugSlotRows(snapshot(full, all), 'forecast').slice(6)
  expect(shown(rows)).toEqual(['Refused: 1', 'Not in the program: 1'])
  expect(rows[0]!.children[0]!.acts).toEqual(['takeSlot', 'remove'])
  expect(rows[1]!.children[0]).toMatchObject({
    text: 'notes.c is not in this program.',
    acts: ['disable', 'remove'],
    spoken: 'main.c:6, not in the program, notes.c is not in this program.',
  })
})

test('names of a program are text, whatever they contain', () => {
  const all = [breakpoint(1, { label: '[x](command:y)', condition: '[a](b)' })]
  const [row] = debugSlotRows(snapshot({ IAC1: held(4, 1) }, all))
  expect(row!.text).toBe('[x] (command:y) · 0x00000004 · if [a] (b)')
  expect(row!.tooltip).toContain('\\[x\\]\\(command\\:y\\)')
})
