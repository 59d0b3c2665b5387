// USB host controllers with nothing plugged in, as drivers start them: Linux’s ehci-hcd and ohci-hcd are what the sequences
// are after. What they read when they are new stands beside QEMU’s in qemu.test.ts.

import { describe, expect, test } from 'vitest'
import { Ehci } from '../../src/devices/ehci.ts'
import type { LittleEndianWords } from '../../src/devices/littleEndian.ts'
import { Ohci } from '../../src/devices/ohci.ts'

const swapped = (value: number): number =>
  ((value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0

const words = (device: LittleEndianWords) => ({
  get: (offset: number): number => swapped(device.read(offset, 4)),
  put: (offset: number, value: number): void => device.write(offset, 4, swapped(value) | 0),
})

describe('EHCI', () => {
  const [CMD, STS, INTR, CONFIGFLAG, PORT] = [0x10, 0x14, 0x18, 0x50, 0x54]

  test('runs and stops, says which schedules are on, and answers the doorbell', () => {
    const { get, put } = words(new Ehci('X'))
    expect(get(STS)).toBe(0x1000)
    put(CMD, 0x00080031)
    expect([get(CMD), get(STS)]).toEqual([0x00080031, 0xc000])
    put(CMD, 0x00080061)
    expect([get(CMD), get(STS)]).toEqual([0x00080021, 0x8020])
    put(STS, 0x20)
    expect(get(STS)).toBe(0x8000)
    put(CMD, 0x00080020)
    expect(get(STS)).toBe(0x1000)
    put(INTR, 0x3f)
    put(CMD, 2)
    expect([get(CMD), get(STS), get(INTR)]).toEqual([0x00080000, 0x1000, 0])
  })

  test('interrupts for what is asked for, until it is cleared', () => {
    const ehci = new Ehci('X')
    const { put } = words(ehci)
    const levels: boolean[] = []
    ehci.onInterrupt = level => levels.push(level)
    put(CMD, 0x41)
    put(INTR, 0x20)
    put(STS, 0x04)
    put(STS, 0x20)
    expect(levels).toEqual([false, true, true, false])
    put(CMD, 0x41)
    const other = new Ehci('Y')
    other.onInterrupt = level => levels.push(level)
    other.restore(ehci.save())
    expect(levels.at(-1)).toBe(true)
  })

  test('a port is the companion’s until it is claimed, and its reset ends when it is told to', () => {
    const { get, put } = words(new Ehci('X'))
    put(CONFIGFLAG, 1)
    expect([get(PORT), get(PORT + 20), get(PORT + 24)]).toEqual([0x1000, 0x1000, 0])
    put(PORT, 0x1100)
    expect(get(PORT)).toBe(0x1100)
    put(PORT, 0x1000)
    expect(get(PORT)).toBe(0x1000)
    put(CONFIGFLAG, 0)
    expect(get(PORT)).toBe(0x3000)
  })

  test('a store of a byte leaves the rest of its word', () => {
    const ehci = new Ehci('X')
    words(ehci).put(0x24, 0x12345000)
    ehci.write(0x27, 1, 0xff)
    expect(words(ehci).get(0x24)).toBe(0xff345000)
    expect([ehci.read(0x25, 1), ehci.read(0x26, 2)]).toEqual([0x50, 0x34ff])
  })
})

describe('OHCI', () => {
  const [CONTROL, COMMAND, STATUS, ENABLE, DISABLE, FMINTERVAL, DESCRIPTOR, PORT] = [
    ...[0x04, 0x08, 0x0c, 0x10, 0x14, 0x34, 0x48, 0x54],
  ]

  test('is in suspend after a reset by command, which is done at once', () => {
    const { get, put } = words(new Ohci('X'))
    put(CONTROL, 0x80)
    put(FMINTERVAL, 0x12340000)
    expect([get(CONTROL), get(FMINTERVAL)]).toEqual([0x80, 0x12340000])
    put(COMMAND, 1)
    expect([get(COMMAND), get(CONTROL), get(FMINTERVAL)]).toEqual([0, 0xc0, 0x27782edf])
    put(COMMAND, 2)
    put(COMMAND, 4)
    expect(get(COMMAND)).toBe(6)
  })

  test('what interrupts is set and reset by registers of its own', () => {
    const { get, put } = words(new Ohci('X'))
    put(ENABLE, 0x80000042)
    put(DISABLE, 0x40)
    expect([get(ENABLE), get(DISABLE)]).toEqual([0x80000002, 0x80000002])
    put(STATUS, 0xffffffff)
    expect(get(STATUS)).toBe(0)
  })

  test('has six powered ports with nothing in them', () => {
    const { get, put } = words(new Ohci('X'))
    expect(get(DESCRIPTOR) & 0xff).toBe(6)
    put(PORT, 0x10)
    expect([get(PORT), get(PORT + 20), get(PORT + 24)]).toEqual([0x100, 0x100, 0])
  })
})
