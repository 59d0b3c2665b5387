// The general purpose timers, by what IBM's CPC700 user's manual says of them.

import { expect, test } from 'vitest'
import { Gpt } from '../../src/devices/gpt.ts'

const [TBC, IM, ISS, ISC, IE, COMP, MASK] = [0x00, 0x18, 0x1c, 0x20, 0x24, 0x80, 0xc0] as const
const C = (n: number): number => 0x8000 >>> n

function gptAt(cyclesOfCount: number) {
  let cycle = 0
  const alarms = new Map<object, { cycle: number; happen: (cycle: number) => void }>()
  const gpt = new Gpt('GPT0', cyclesOfCount, {
    now: () => cycle,
    plan: (device, at, happen) => alarms.set(device, { cycle: at, happen }),
  })
  const levels = Array.from({ length: 7 }, () => false)
  gpt.onInterrupt = (n, level) => {
    levels[n] = level
  }
  const go = (to: number): void => {
    for (let due = alarms.get(gpt); due !== undefined && due.cycle <= to; due = alarms.get(gpt)) {
      alarms.delete(gpt)
      cycle = due.cycle
      due.happen(due.cycle)
    }
    cycle = to
  }
  const write = (offset: number, value: number): void => gpt.write(offset, 4, value)
  const read = (offset: number): number => gpt.read(offset, 4) >>> 0
  const away = (): void => {
    for (let n = 0; n < 7; n++) write(COMP + 4 * n, 0xffff_0000)
    write(ISC, 0xffff_ffff)
  }
  return { gpt, levels, go, write, read, away }
}

test('the counter counts, is set, and wraps', () => {
  const { go, write, read } = gptAt(6)
  go(5)
  expect(read(TBC)).toBe(0)
  go(60)
  expect(read(TBC)).toBe(10)
  write(TBC, 0xffff_fffe)
  go(77)
  expect(read(TBC)).toBe(0)
  go(78)
  expect(read(TBC)).toBe(1)
})

test('what is equal sets its status at that count, and interrupts where it is enabled', () => {
  const { gpt, levels, go, write, read, away } = gptAt(6)
  away()
  write(COMP, 100)
  write(COMP + 4, 200)
  write(COMP + 24, 100)
  write(IE, C(0) | C(1))
  expect(Array.from({ length: 7 }, (_, n) => gpt.couldRise(n))).toEqual([
    ...[true, true],
    ...[false, false, false, false, false],
  ])
  go(599)
  expect([read(ISS), levels[0]]).toEqual([0, false])
  go(600)
  expect([read(ISS), read(ISC), levels[0], levels[6]]).toEqual([C(0) | C(6), C(0) | C(6), true, false])
  go(606)
  write(ISC, C(0))
  expect([read(ISS), levels[0]]).toEqual([C(6), false])
  write(IE, C(6))
  expect(levels[6]).toBe(true)
  write(ISS, C(3))
  expect(read(ISS)).toBe(C(3) | C(6))
  go(1200)
  expect([read(ISS), levels[1]]).toEqual([C(1) | C(3) | C(6), false])
})

test('while it is equal its status is set again at once', () => {
  const { go, write, read, away } = gptAt(6)
  away()
  write(COMP, 10)
  go(62)
  write(ISC, C(0))
  expect(read(ISS)).toBe(C(0))
  go(66)
  write(ISC, C(0))
  expect(read(ISS)).toBe(0)
})

test('a masked one sets nothing, and bits of MASK are not looked at: so it comes again and again', () => {
  const { gpt, go, write, read, away } = gptAt(1)
  away()
  write(IM, C(2))
  write(COMP + 8, 0x40)
  write(MASK + 8, ~0xff)
  write(IE, C(2))
  go(0x140)
  expect([read(ISS), gpt.couldRise(2)]).toEqual([0, false])
  write(IM, 0)
  // It is equal at this very count.
  expect([read(ISS), gpt.couldRise(2)]).toEqual([C(2), true])
  const times: number[] = []
  for (let cycle = 0x142; cycle < 0x400; cycle++) {
    write(ISC, C(2))
    go(cycle)
    if (read(ISS) !== 0) times.push(cycle)
  }
  // It is cleared at 0x240 while it is equal.
  expect(times).toEqual([0x142, 0x240, 0x241, 0x340, 0x341])
})

test('after a reset nothing has been equal, and is not by a snapshot', () => {
  const { gpt, go, read } = gptAt(1)
  const saved = structuredClone(gpt.save())
  go(10)
  expect(read(ISS)).toBe(0)
  go(0)
  gpt.restore(saved)
  expect(gpt.save()).toEqual(saved)
  go(2 ** 32 - 1)
  expect(read(ISS)).toBe(0)
  go(2 ** 32)
  expect(read(ISS)).toBe(0xfe00)
})

test('a snapshot has what is to come, and parts of a word are read, and not written', () => {
  const { gpt, go, write, read, away } = gptAt(6)
  away()
  write(COMP, 100)
  go(303)
  const saved = structuredClone(gpt.save())
  go(6000)
  expect(read(ISS)).toBe(C(0))
  write(COMP, 0x1234_5678)
  expect([gpt.read(COMP + 1, 1), gpt.read(COMP + 2, 2)]).toEqual([0x34, 0x5678])
  gpt.write(COMP, 2, 0)
  expect(read(COMP)).toBe(0x1234_5678)
  go(300)
  gpt.restore(saved)
  expect([read(TBC), read(ISS), read(COMP)]).toEqual([50, 0, 100])
  go(600)
  expect(read(ISS)).toBe(C(0))
})
