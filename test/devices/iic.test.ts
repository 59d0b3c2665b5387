// The IIC controller as its drivers use it, and the parts behind it: Linux's i2c-ibm_iic and U-Boot's ppc4xx_i2c are what
// the sequences are after.

import { expect, test } from 'vitest'
import { Calendar } from '../../src/devices/calendar.ts'
import { Eeprom, eepromShape } from '../../src/devices/i2c/eeprom.ts'
import { M41t80 } from '../../src/devices/i2c/m41t80.ts'
import { type ModuleKind, moduleSizes, modulesOf, spdOf } from '../../src/devices/i2c/spd.ts'
import { Iic } from '../../src/devices/iic.ts'

const [MDBUF, LMADR, CNTL, MDCNTL, STS, EXTSTS, INTRMSK, XFRCNT, XTCNTLSS, DIRECT] = [0, 4, 6, 7, 8, 9, 13, 14, 15, 16]
const [PT, READ, MORE, AGAIN] = [1, 2, 4, 8]

/** A controller with `parts`, and its driver. */
function bus(parts: Readonly<Record<number, Eeprom | M41t80>>) {
  const iic = new Iic('IIC0')
  for (const [address, part] of Object.entries(parts))
    for (const [n, each] of (part instanceof Eeprom ? part.parts() : [part]).entries())
      iic.bus.attach(Number(address) + n, each)
  const put = (offset: number, value: number): void => iic.write(offset, 1, value)
  const get = (offset: number): number => iic.read(offset, 1)
  /** Four bytes at a time. @returns the status of the last */
  const move = (address: number, bytes: number[] | number, last = 0): number[] | string => {
    put(MDCNTL, 0x41)
    put(LMADR, address << 1)
    const isRead = typeof bytes === 'number'
    const count = isRead ? bytes : bytes.length
    const read: number[] = []
    for (let done = 0; done < count; done += 4) {
      const now = Math.min(4, count - done)
      if (!isRead) for (const byte of bytes.slice(done, done + now)) put(MDBUF, byte)
      put(CNTL, ((now - 1) << 4) | (isRead ? READ : 0) | (done + now < count ? MORE : last) | PT)
      if ((get(STS) & 4) !== 0) return `error ${get(EXTSTS) & 0x8f} after ${done + get(XFRCNT)}`
      if (isRead) for (let i = 0; i < now; i++) read.push(get(MDBUF))
    }
    return read
  }
  const readAt = (address: number, at: number[], count: number): number[] | string => {
    move(address, at, AGAIN)
    return move(address, count)
  }
  return { iic, put, get, move, readAt }
}

const counting = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, at) => at ^ (at >>> 8))

test('an EEPROM is read from an address on, in pieces of four; nobody answers elsewhere', () => {
  const { iic, move, readAt, get } = bus({ 80: new Eeprom(eepromShape(256), counting(256)) })
  expect(readAt(0x50, [0x10], 10)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25])
  expect(move(0x50, 2)).toEqual([26, 27])
  expect(readAt(0x50, [0xff], 2)).toEqual([0xff, 0])
  expect(get(EXTSTS)).toBe(0x40)
  expect(move(0x51, 1)).toBe('error 1 after 0')
  expect(move(0x51, [1, 2])).toBe('error 1 after 0')
  // What was not moved does not stay.
  expect(move(0x50, 1)).toEqual([1])
  expect([iic.bus.isBusy, get(STS)]).toEqual([false, 8])
})

test('the bus is held between a piece and the next, and a halt gives it back', () => {
  const { iic, put, get } = bus({ 80: new Eeprom(eepromShape(256), counting(256)) })
  put(LMADR, 0xa0)
  put(MDBUF, 3)
  put(CNTL, PT | MORE)
  expect([iic.bus.isBusy, get(EXTSTS), get(STS)]).toEqual([true, 0x30, 0])
  put(CNTL, 0x80)
  expect([iic.bus.isBusy, get(EXTSTS), get(STS)]).toEqual([false, 0x40, 8])
  put(STS, 8)
  put(MDBUF, 1)
  for (let i = 0; i < 5; i++) put(MDBUF, i)
  expect(get(STS)).toBe(0x30)
  expect([get(MDBUF), get(MDBUF), get(STS)]).toEqual([1, 0, 0x20])
  put(MDCNTL, 0x40)
  expect([get(STS), get(MDBUF)]).toEqual([0, 0xff])
})

test('an EEPROM writes within a page, and a greater one answers at several addresses or has two bytes of address', () => {
  const small = bus({ 80: new Eeprom(eepromShape(512)) })
  small.move(0x51, [0x0e, 1, 2, 3])
  expect(small.readAt(0x51, [0], 3)).toEqual([3, 0xff, 0xff])
  expect(small.readAt(0x51, [0x0e], 3)).toEqual([1, 2, 0xff])
  expect(small.readAt(0x50, [0x0e], 2)).toEqual([0xff, 0xff])
  expect(small.readAt(0x50, [0xff], 2)).toEqual([0xff, 3])
  const great = bus({ 84: new Eeprom(eepromShape(32768), counting(32768)) })
  expect(great.readAt(0x54, [0x12, 0x34], 2)).toEqual([0x12 ^ 0x34, 0x12 ^ 0x35])
  expect(great.move(0x55, 1)).toBe('error 1 after 0')
})

test('it interrupts when a transfer is complete or fails, if it is to', () => {
  const { iic, put, get, move } = bus({ 80: new Eeprom(eepromShape(256)) })
  const levels: boolean[] = []
  iic.onInterrupt = level => {
    if (level !== (levels.at(-1) ?? false)) levels.push(level)
  }
  move(0x50, 1)
  put(INTRMSK, 1)
  move(0x50, 1)
  expect(levels).toEqual([])
  put(LMADR, 0xa0)
  put(MDCNTL, 4)
  put(CNTL, PT | READ)
  expect([get(STS) & 2, levels]).toEqual([2, [true]])
  put(STS, 0x0a)
  put(LMADR, 0x22)
  put(CNTL, PT | READ)
  expect([get(STS) & 6, get(XFRCNT), levels]).toEqual([6, 0, [true, false, true]])
  put(EXTSTS, 0x8f)
  expect(get(STS) & 4).toBe(0)
})

test('a program moves the wires itself: a part acknowledges its address, and sends a byte', () => {
  const { put, get, iic } = bus({ 80: new Eeprom(eepromShape(256), Uint8Array.of(0xa5, 0x3c)) })
  const [data, clock] = [8, 4]
  const wires = (value: number): void => put(DIRECT, value)
  const byte = (value: number): boolean => {
    for (let mask = 0x80; mask > 0; mask >>= 1) {
      const bit = (value & mask) !== 0 ? data : 0
      wires(bit)
      wires(bit | clock)
      wires(bit)
    }
    wires(data)
    wires(data | clock)
    const isLow = (get(DIRECT) & 2) === 0
    wires(data)
    return isLow
  }
  const receive = (isLast: boolean): number => {
    let value = 0
    for (let i = 0; i < 8; i++) {
      wires(data | clock)
      value = (value << 1) | ((get(DIRECT) >>> 1) & 1)
      wires(data)
    }
    const answer = isLast ? data : 0
    wires(answer)
    wires(answer | clock)
    wires(answer)
    return value
  }
  const start = (): void => {
    wires(data)
    wires(data | clock)
    wires(clock)
    wires(0)
  }
  const stop = (): void => {
    wires(0)
    wires(clock)
    wires(data | clock)
  }
  put(XTCNTLSS, 1)
  expect(get(DIRECT)).toBe(0x0f)
  start()
  expect([byte(0x22), iic.bus.isBusy]).toEqual([false, true])
  stop()
  expect([get(DIRECT), iic.bus.isBusy]).toEqual([0x0f, false])
  start()
  expect([byte(0xa0), byte(0)]).toEqual([true, true])
  start()
  expect(byte(0xa1)).toBe(true)
  const saved = structuredClone(iic.save())
  expect([receive(false), receive(true)]).toEqual([0xa5, 0x3c])
  stop()
  expect(get(DIRECT)).toBe(0x0f)
  put(XTCNTLSS, 0)
  iic.restore(saved)
  expect([iic.bus.isBusy, get(XTCNTLSS)]).toEqual([true, 1])
})

test('the clock goes with the machine, is set, and stands still when it is stopped', () => {
  let cycle = 0
  const clock = new M41t80(new Calendar(Date.UTC(2026, 1, 28, 23, 59, 58), () => cycle, 100))
  const { readAt, move } = bus({ 104: clock })
  expect(readAt(0x68, [0], 8)).toEqual([0, 0x58, 0x59, 0x23, 6, 0x28, 0x02, 0x26])
  cycle = 325
  expect(readAt(0x68, [0], 8)).toEqual([0x25, 0x01, 0, 0, 0, 0x01, 0x03, 0x26])
  move(0x68, [1, 0x30, 0x45, 0x12, 4, 0x31, 0x12, 0x99])
  const saved = structuredClone(clock.save())
  cycle += 100 * 3600
  expect(readAt(0x68, [1], 7)).toEqual([0x30, 0x45, 0x13, 4, 0x31, 0x12, 0x99])
  clock.restore(saved)
  expect(readAt(0x68, [3], 1)).toEqual([0x13])
  move(0x68, [1, 0x85])
  cycle += 1000
  expect(readAt(0x68, [1], 1)).toEqual([0x85])
  move(0x68, [1, 0x05])
  cycle += 200
  expect(readAt(0x68, [1], 1)).toEqual([0x07])
  move(0x68, [0x0c, 0x40])
  expect(readAt(0x68, [0x0c], 1)).toEqual([0x40])
})

test.each<ModuleKind>(['ddr', 'ddr2'])(
  'a %s module says its size in rows, columns and banks, and by its density',
  kind => {
    for (const size of moduleSizes(kind)) {
      const spd = spdOf(kind, size)
      const ranks = kind === 'ddr' ? spd[5]! : (spd[5]! & 7) + 1
      expect(2 ** (spd[3]! + spd[4]!) * spd[17]! * (spd[6]! / 8) * ranks).toBe(size)
      expect(spd[63]).toBe(spd.subarray(0, 63).reduce((sum, byte) => sum + byte, 0) & 0xff)
    }
    expect(modulesOf(kind, 448 << 20, 3).map(size => size >>> 20)).toEqual([256, 128, kind === 'ddr' ? 64 : 0])
  },
)
