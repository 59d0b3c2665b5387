// The memory view as data: moving, typing, going and coming back over the whole of the address space, and what has changed.

import { describe, expect, test } from 'vitest'
import type { MemoryContents } from '../../src/protocol/messages.ts'
import { toBase64 } from '../../src/util/base64.ts'
import {
  describeSelection,
  inUnits,
  type MemoryMove,
  type MemoryView,
  memoryRows,
  moved,
  pointerAt,
  resized,
  scrolled,
  selectedAt,
  startView,
  stretchOf,
  typedBackspace,
  typedDigit,
  typedEnter,
  typedEscape,
  wentBack,
  wentForward,
  wentTo,
} from '../../src/views/models/memory.ts'
import { MemoryBytes } from '../../src/views/models/memoryBytes.ts'
import { Random } from '../support/random.ts'

const SPACE = 2 ** 32

const contents = (address: number, bytes: readonly number[], more: Partial<MemoryContents> = {}): MemoryContents => ({
  ...{ stop: 1, address, count: bytes.length, gaps: [], symbols: [] },
  pieces: [{ address, base64: toBase64(Uint8Array.from(bytes)) }],
  ...more,
})
const counting = Array.from({ length: 256 }, (_, n) => n)

function bytesOf(...all: readonly MemoryContents[]): MemoryBytes {
  const bytes = new MemoryBytes()
  for (const each of all) bytes.take(each)
  return bytes
}

describe('moving', () => {
  const MOVES: readonly MemoryMove[] = [
    ...(['left', 'right', 'up', 'down', 'pageUp', 'pageDown', 'rowStart', 'rowEnd', 'first', 'last'] as const),
  ]

  test('whatever is pressed, the selection is a whole number of the address space and can be seen', () => {
    const random = new Random(7)
    let view = startView(0x1000)
    for (let i = 0; i < 5000; i++) {
      const what = random.below(6)
      if (what === 0) view = wentTo(view, random.below(2) === 0 ? random.below(64) : SPACE - 1 - random.below(64))
      else if (what === 1) view = inUnits(view, random.pick([1, 2, 4, 8]))
      else if (what === 2) view = selectedAt(resized(view, 1 + random.below(40), random.pick([8, 16])), view.selected)
      else if (what === 3) view = wentBack(view)
      else view = moved(view, random.pick(MOVES))
      const { top, rows, perRow, selected, unit } = view
      expect([selected % unit, top % perRow, selected >= 0, selected + unit <= SPACE]).toEqual([0, 0, true, true])
      expect(selected >= top && selected < top + rows * perRow).toBe(true)
      const { address, count } = stretchOf(view)
      expect([address <= top, address + count <= SPACE, address >= 0]).toEqual([true, true, true])
    }
  })

  test('arrows go by numbers and rows, Home and End in the row, pages keep the place on the screen', () => {
    const view = { ...startView(0x1000), rows: 10 }
    expect(moved(view, 'right').selected).toBe(0x1004)
    expect(moved(view, 'down').selected).toBe(0x1010)
    expect(moved(moved(view, 'rowEnd'), 'rowStart').selected).toBe(0x1000)
    expect(moved(view, 'rowEnd').selected).toBe(0x100c)
    const page = moved(moved(view, 'down'), 'pageDown')
    expect([page.top, page.selected]).toEqual([0x10a0, 0x10b0])
  })

  test('at the ends nothing moves further', () => {
    const last = moved(startView(), 'last')
    expect(last.selected).toBe(0xfffffffc)
    expect(memoryRows(last, new MemoryBytes()).at(-1)!.address).toBe(0xfffffff0)
    expect(moved(last, 'right').selected).toBe(0xfffffffc)
    expect(moved(last, 'pageDown').selected).toBe(0xfffffffc)
    expect(moved(startView(), 'left').selected).toBe(0)
    expect(scrolled(last, 5).top).toBe(last.top)
  })
})

describe('going and coming back', () => {
  test('back and forward are the ways that were gone', () => {
    const ways = [0x100, 0x20000, 0xfff00000]
    const gone = ways.reduce<MemoryView>((view, to) => wentTo(view, to), startView(0x40))
    const backwards = [gone, wentBack(gone), wentBack(wentBack(gone)), wentBack(wentBack(wentBack(gone)))]
    expect(backwards.map(({ selected }) => selected)).toEqual([0xfff00000, 0x20000, 0x100, 0x40])
    expect(wentBack(backwards[3]!)).toBe(backwards[3])
    const forwards = wentForward(wentForward(backwards[3]!))
    expect([forwards.selected, wentBack(forwards).selected]).toEqual([0x20000, 0x100])
    expect(wentForward(wentTo(backwards[2]!, 0x800)).selected).toBe(0x800)
  })

  test('a word that is followed is big-endian, whatever it is shown as', () => {
    const bytes = bytesOf(contents(0x1000, [0, 0x10, 0x0f, 0xfc, 1]))
    const view = inUnits(startView(0x1000), 1)
    expect(pointerAt(selectedAt(view, 0x1002), bytes)).toBe(0x100ffc)
    expect(pointerAt(selectedAt(view, 0x1004), bytes)).toBeUndefined()
  })

  test('an address that is shown already is selected where it is', () => {
    const view = startView(0x1000)
    expect(wentTo(view, 0x1024)).toMatchObject({ top: 0x1000, selected: 0x1024 })
    expect(wentTo(view, 0x1_0007)).toMatchObject({ top: 0x10000, selected: 0x10004 })
  })
})

describe('typing', () => {
  const type = (view: MemoryView, digits: string) =>
    [...digits].reduce<ReturnType<typeof typedDigit>>(({ view }, digit) => typedDigit(view, digit), { view })

  test('with the last digit a number is written, and the next is selected', () => {
    const view = startView(0x1000)
    expect(type(view, 'dead').write).toBeUndefined()
    const { write, view: after } = type(view, 'deadBEEF')
    expect(write).toEqual({ address: 0x1000, bytes: Uint8Array.of(0xde, 0xad, 0xbe, 0xef) })
    expect([after.selected, after.typed]).toEqual([0x1004, undefined])
  })

  test('Enter writes fewer digits as a number, Escape writes none, Backspace takes one away', () => {
    const { view } = type(startView(0x1000), '1f')
    expect(typedEnter(view).write!.bytes).toEqual(Uint8Array.of(0, 0, 0, 0x1f))
    expect(typedEscape(view)).toEqual(startView(0x1000))
    expect(typedEnter(typedBackspace(view)).write!.bytes).toEqual(Uint8Array.of(0, 0, 0, 1))
    expect(typedBackspace(typedBackspace(view)).typed).toBeUndefined()
  })

  test('what is typed is shown over what was there, and is lost by going elsewhere', () => {
    const bytes = bytesOf(contents(0x1000, counting))
    const { view } = type(startView(0x1004), 'ff')
    expect(memoryRows(view, bytes)[0]!.cells[1]).toMatchObject({ text: 'ff050607', isSelected: true })
    expect(moved(view, 'right').typed).toBeUndefined()
    expect(wentTo(view, 0).typed).toBeUndefined()
    expect(wentBack(wentTo(view, 0)).typed).toBeUndefined()
  })
})

describe('what is shown', () => {
  test('numbers of each size in the order of memory, and characters', () => {
    const bytes = bytesOf(contents(0x1000, [0x48, 0x69, 0x21, 0, ...counting]))
    const cells = (unit: 1 | 2 | 4 | 8) =>
      memoryRows(inUnits(startView(0x1000), unit), bytes)[0]!.cells.map(({ text }) => text)
    expect(cells(1).slice(0, 4)).toEqual(['48', '69', '21', '00'])
    expect(cells(2).slice(0, 2)).toEqual(['4869', '2100'])
    expect(cells(4)).toEqual(['48692100', '00010203', '04050607', '08090a0b'])
    expect(cells(8)).toEqual(['4869210000010203', '0405060708090a0b'])
    const [row] = memoryRows(startView(0x1000), bytes)
    expect(row!.characters.map(({ text }) => text).join('')).toBe('Hi!.............')
  })

  test('what cannot be read is ??, and says why', () => {
    const gaps = [{ address: 0x1006, count: 10, why: 'no TLB entry maps it' }]
    const bytes = bytesOf(contents(0x1000, [1, 2, 3, 4, 5, 6], { gaps }))
    const [row] = memoryRows(startView(0x1000), bytes)
    expect(row!.cells.map(({ text }) => text)).toEqual(['01020304', '0506????', '????????', '????????'])
    expect(row!.cells.map(({ isReadable }) => isReadable)).toEqual([true, false, false, false])
    expect(describeSelection(selectedAt(startView(0x1000), 0x1008), bytes)).toBe(
      '0x00001008 · cannot be read: no TLB entry maps it',
    )
  })

  test('a row says which symbols begin in it, the first row what it belongs to', () => {
    const symbols = [
      { address: 0xff0, name: 'before' },
      { address: 0x1014, name: 'main' },
      { address: 0x1020, name: 'a' },
      { address: 0x1024, name: 'b' },
    ]
    const rows = memoryRows(startView(0x1000), bytesOf(contents(0x1000, counting, { symbols })))
    expect(rows.slice(0, 4).map(({ label }) => label)).toEqual(['before+0x10', 'main', 'a, b', ''])
  })

  test('what is another than at the stop before is marked, where that was seen', () => {
    const at = (stop: number, address: number, value: number) =>
      contents(address, [...counting.slice(0, 8), value], { stop })
    const changed = (...all: readonly MemoryContents[]) =>
      memoryRows(startView(0x1000), bytesOf(...all))[0]!.cells.map(({ isChanged }) => isChanged)
    expect(changed(at(1, 0x1000, 8))).toEqual([false, false, false, false])
    expect(changed(at(1, 0x1000, 8), at(2, 0x1000, 9))).toEqual([false, false, true, false])
    // Written at the same stop: since the one before.
    expect(changed(at(1, 0x1000, 8), at(2, 0x1000, 8), at(2, 0x1000, 9))).toEqual([false, false, true, false])
    expect(changed(at(1, 0x1000, 8), at(2, 0x1000, 9), at(3, 0x1000, 9))).toEqual([false, false, false, false])
    expect(changed(at(1, 0x2000, 8), at(2, 0x1000, 9))).toEqual([false, false, false, false])
    // What is scrolled to and back is still known.
    expect(changed(at(1, 0x1000, 8), at(2, 0x1000, 9), at(2, 0x2000, 9))).toEqual([false, false, true, false])
  })

  test('after a write, what has not been read again is not compared with', () => {
    const bytes = bytesOf(contents(0x1000, [1, 2, 3, 4]))
    bytes.take(contents(0x2000, [5]), true)
    bytes.take(contents(0x1000, [9, 9, 9, 9], { stop: 2 }))
    expect(bytes.hasChanged(0x1000)).toBe(false)
  })

  test('a number is said in decimal, with its sign where that differs', () => {
    const bytes = bytesOf(contents(0x1000, [0xff, 0xff, 0xff, 0xfe, 0, 0, 0, 7]))
    expect(describeSelection(startView(0x1000), bytes)).toBe('0x00001000 · 4294967294 · -2')
    expect(describeSelection(startView(0x1004), bytes)).toBe('0x00001004 · 7')
  })
})
