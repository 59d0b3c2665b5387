// Flash with Intel's commands: what its data sheet says of locks and errors, and, step by step, what QEMU's chip answers.

import { describe, expect, test } from 'vitest'
import type { Size } from '../../src/bus/device.ts'
import { Flash } from '../../src/devices/flash.ts'
import { FLASH_CHIPS, type FlashChip } from '../../src/devices/flashChips.ts'
import { type BusAccess, QEMU, qtest } from '../support/qtest.ts'
import { Random } from '../support/random.ts'
import { have } from '../support/tools.ts'

function flashOf(chip: FlashChip) {
  const bytes = new Uint8Array(chip.size).fill(0xff)
  const readable: boolean[] = []
  const flash = new Flash('FLASH', chip.size, chip, {
    get: offset => bytes[offset]!,
    set: (offset, given) => bytes.set(given, offset),
    setReadable: isReadable => readable.push(isReadable),
  })
  return { flash, bytes, readable }
}

/** The chip of the ML507, of 16 bits. */
function p30() {
  const { flash, bytes, readable } = flashOf(FLASH_CHIPS.js28f256p30t!)
  const write = (word: number, ...values: readonly number[]): void => {
    for (const value of values) flash.write(2 * word, 2, value)
  }
  const read = (word: number): number => flash.read(2 * word, 2)
  return { flash, bytes, readable, write, read }
}

const BLOCK = 0x10000

test('it says what it is, also in its query table, until it gives its array again', () => {
  const { readable, write, read } = p30()
  expect(read(0)).toBe(0xffff)
  write(0, 0x90)
  expect([read(0), read(1), read(2), read(BLOCK + 2), readable]).toEqual([0x89, 0x8919, 1, 1, [false]])
  write(0, 0x98)
  expect([0x10, 0x11, 0x12, 0x13, 0x15, 0x16].map(read)).toEqual([0x51, 0x52, 0x59, 1, 0x0a, 1])
  // 32 MB, 16 bits, a buffer of 64 bytes; 255 blocks of 128 KB and 4 of 32 KB.
  expect([0x27, 0x28, 0x2a, 0x2c].map(read)).toEqual([25, 1, 6, 2])
  expect(Array.from({ length: 8 }, (_, n) => read(0x2d + n))).toEqual([254, 0, 0, 2, 3, 0, 128, 0])
  expect([0x10a, 0x10b, 0x10c].map(read)).toEqual([0x50, 0x52, 0x49])
  write(0, 0xff)
  expect([read(0x10), readable]).toEqual([0xffff, [false, true]])
})

test('a block is locked after a reset: programming and erasing fail, and say so until the status is cleared', () => {
  const { bytes, write, read } = p30()
  write(5, 0x40, 0x1234)
  expect(read(5)).toBe(0x92)
  write(5, 0x20, 0xd0)
  expect(read(5)).toBe(0xb2)
  write(5, 0xe8, 0)
  write(5, 0x1234)
  write(5, 0xd0)
  expect(read(5)).toBe(0xb2)
  write(0, 0x50)
  expect([read(5), bytes.every(byte => byte === 0xff)]).toEqual([0x80, true])
  write(0, 0x60, 0xd0)
  write(5, 0x10, 0x1234)
  expect([read(5), bytes[10], bytes[11]]).toEqual([0x80, 0x12, 0x34])
  write(5, 0x40, 0xff0f)
  expect([bytes[10], bytes[11]]).toEqual([0x12, 0x04])
  write(5, 0x60, 0x01)
  write(BLOCK, 0x60, 0xd0)
  write(0, 0x90)
  expect([read(2), read(BLOCK + 2)]).toEqual([1, 0])
})

test('a block that is locked down is not unlocked; one of the small ones at the top is erased alone', () => {
  const { bytes, write, read } = p30()
  write(0, 0x60, 0x2f)
  // To lock it again, or to set how bursts are read, changes nothing of that.
  for (const command of [0xd0, 0x01, 0x03]) write(0, 0x60, command)
  expect(read(0)).toBe(0x80)
  write(0, 0x90)
  expect(read(2)).toBe(3)
  const [last, before] = [0xffc000, 0xff8000]
  bytes.fill(0, 2 * before)
  write(last, 0x60, 0xd0)
  write(last + 7, 0x20, 0xd0)
  expect([bytes[2 * last - 1], bytes[2 * last], bytes.at(-1), read(0)]).toEqual([0, 0xff, 0xff, 0x80])
})

test('commands in a wrong order are said, and change nothing', () => {
  const { flash, bytes, write, read } = p30()
  const wrong: readonly (readonly number[])[] = [
    [0x20, 0xff],
    [0x60, 0x20],
    // More words than the buffer has; one of another block; no confirmation.
    [0xe8, 32],
    [0xe8, 0, 0x1234, 0x70],
  ]
  write(0, 0x60, 0xd0)
  for (const cycles of wrong) {
    write(0, ...cycles)
    expect(read(0)).toBe(0xb0)
    write(0, 0x50)
    expect(read(0)).toBe(0x80)
  }
  write(0, 0xe8, 1, 0x1234)
  write(BLOCK, 0x1234)
  expect(read(0)).toBe(0xb0)
  write(0, 0xff, 0xf0, 0xb0, 0x00)
  expect([read(0), bytes.every(byte => byte === 0xff)]).toEqual([0xffff, true])
  // In the middle of a buffer another flash goes on.
  write(0, 0x50, 0xe8, 1, 0x1234)
  const other = p30()
  other.flash.restore(structuredClone(flash.save()))
  other.write(1, 0x5678, 0xd0)
  expect([...other.bytes.subarray(0, 4), other.read(0)]).toEqual([0x12, 0x34, 0x56, 0x78, 0x80])
  expect(other.readable).toEqual([false])
})

/** The chip of QEMU's ML507: of 8 bits, without locks, and with blocks that no chip of Intel's has. */
const QEMUS: FlashChip = {
  ...{ name: 'x', text: 'x', commands: 'intel', size: 16 << 20, width: 1, manufacturer: 0x89, device: 0x18 },
  ...{ sectors: [[256, 64 << 10]], hasQuery: true, bufferBytes: 256 },
}
const BASE = 0xfc000000

describe.skipIf(!have(QEMU))('beside QEMU', () => {
  test('random commands are answered as by its chip, which has neither locks nor errors', async () => {
    const random = new Random(28)
    const accesses: BusAccess[] = []
    const holds = new Uint8Array(QEMUS.size).fill(0)
    const write = (at: number, ...values: readonly number[]): void => {
      for (const value of values) accesses.push({ address: BASE + at, size: 1, value })
    }
    const read = (at: number, size: Size = 1): void => void accesses.push({ address: BASE + at, size })
    const place = (): number => random.below(4) * 0x10000 + random.below(0x800)
    const program = (at: number): number => (holds[at] = holds[at]! & random.below(256))
    const steps: readonly (() => void)[] = [
      () => {
        write(place(), 0xff)
        for (let n = 0; n < 4; n++) read(place() & ~3, random.pick([1, 2, 4] as const))
      },
      () => {
        write(place(), 0x90)
        for (const at of [0, 1, 3, 0x10000, 0x10001]) read(at)
      },
      () => {
        write(0, 0x98)
        for (const at of [0x10, 0x11, 0x12, 0x13, 0x27, 0x2a, 0x2c, 0x2d, 0x2e, 0x2f, 0x30]) read(at)
        write(0, 0xff)
      },
      () => {
        const at = place()
        write(at, random.pick([0x40, 0x10]), program(at))
        read(at, random.pick([1, 2, 4] as const))
      },
      () => {
        const at = place()
        write(at, 0x20, 0xd0)
        read(at)
        holds.fill(0xff, at & -0x10000, (at & -0x10000) + 0x10000)
      },
      () => {
        const at = place() & ~0xff
        const count = 1 + random.below(256)
        write(at, 0xe8)
        read(at)
        write(at, count - 1)
        for (let n = 0; n < count; n++) write(at + n, program(at + n))
        write(at, 0xd0)
        read(at)
      },
      () => {
        write(place(), 0x60, random.pick([0x01, 0xd0]))
        read(place())
      },
      () => {
        write(place(), 0x70)
        read(place(), 2)
      },
    ]
    // Erased first: QEMU's is full of zeros.
    for (let block = 0; block < 4; block++) {
      write(block * 0x10000, 0x20, 0xd0)
      holds.fill(0xff, block * 0x10000, (block + 1) * 0x10000)
    }
    for (let n = 0; n < 1500; n++) random.pick(steps)()
    const theirs = await qtest('virtex-ml507', accesses, [
      '-global',
      'driver=cfi.pflash01,property=device-width,value=1',
    ])
    const { flash } = flashOf(QEMUS)
    const ours = accesses.flatMap(({ address, size, value }) => {
      if (value === undefined) return [flash.read(address - BASE, size) >>> 0]
      flash.write(address - BASE, size, value)
      return []
    })
    const reads = accesses.filter(({ value }) => value === undefined)
    const wrong = reads.findIndex((_, n) => ours[n] !== theirs[n])
    expect(wrong < 0 ? undefined : { ...reads[wrong], ours: ours[wrong], theirs: theirs[wrong] }).toBeUndefined()
  })
})
