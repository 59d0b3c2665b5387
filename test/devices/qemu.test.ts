// Our devices beside QEMU's, in a board that has both: random accesses, and what is read.

import { describe, expect, test } from 'vitest'
import { buildBoard } from '../../src/boards/build.ts'
import { BUILT_IN_BOARDS } from '../../src/boards/builtIn.ts'
import type { BoardDescription } from '../../src/boards/description.ts'
import { readBoard } from '../../src/boards/read.ts'
import { type BusAccess, QEMU, qtest } from '../support/qtest.ts'
import { Random } from '../support/random.ts'
import { have } from '../support/tools.ts'

const ACCESSES = 4000

function oursOf(description: BoardDescription, accesses: readonly BusAccess[]): number[] {
  const options = { ramSize: 1 << 20, core: description.core, cached: false, engine: 'interpreter' } as const
  const { bus } = buildBoard({ ...description, memories: [] }, options).cpu
  const values: number[] = []
  for (const { address, size, value } of accesses)
    if (value === undefined) values.push((bus.read(address, size) ?? 0) >>> 0)
    else bus.write(address, size, value)
  return values
}

const bits = (size: number): number => 2 ** (8 * size)

const builtIn = (board: string): BoardDescription => BUILT_IN_BOARDS.find(({ name }) => name === board)!

/** @param description absent: the board of the same name */
async function compare(board: string, accesses: readonly BusAccess[], description = builtIn(board)): Promise<void> {
  const reads = accesses.filter(({ value }) => value === undefined)
  const [theirs, ours] = [await qtest(board, accesses), oursOf(description, accesses)]
  const wrong = reads.findIndex((_, n) => ours[n] !== theirs[n])
  expect(wrong < 0 ? undefined : { ...reads[wrong], ours: ours[wrong], theirs: theirs[wrong] }).toBeUndefined()
}

describe.skipIf(!have(QEMU))('random accesses, as QEMU answers them', () => {
  test('to the PCI host bridge: windows, and configuration space of what is there and what is not', async () => {
    const random = new Random(440)
    const accesses = Array.from({ length: ACCESSES }, (): BusAccess => {
      const size = random.pick([1, 2, 4] as const)
      const value = random.below(2) === 0 ? undefined : random.below(bits(size))
      const inWindows = random.below(2) === 0
      if (inWindows)
        return {
          address: 0xef400000 + random.below(0x40 / 4) * 4,
          size: 4,
          ...(value !== undefined && { value: random.word() >>> 0 }),
        }
      if (random.below(3) > 0)
        return { address: 0xeec00004 + size * random.below(4 / size), size, ...(value !== undefined && { value }) }
      // Mostly the bridge itself, or the next device; bytes the other way round. QEMU's latency timer (0x0c) is fixed,
      // and its subsystem (0x2c) is its own.
      const word = random.pick([0x00, 0x04, 0x08, 0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x28, 0x30, 0x34, 0x38, 0x3c])
      const named = 0x80000000 + random.pick([0, 0, 0, 0x800]) + word
      const swapped = ((named & 0xff) << 24) | ((named & 0xff00) << 8) | (named >>> 24)
      return { address: 0xeec00000, size: 4, value: swapped >>> 0 }
    })
    await compare('bamboo', accesses)
  })

  test('to a serial port: line and modem control, scratch, divisor', async () => {
    const random = new Random(16550)
    const accesses = Array.from({ length: ACCESSES }, (): readonly BusAccess[] => {
      const base = 0xef600300
      const touch = (register: number, mask = 0xff): BusAccess => {
        const value = random.below(2) === 0 ? {} : { value: random.below(256) & mask }
        return { address: base + register, size: 1, ...value }
      }
      // The divisor only while LCR selects it: the same places are the line otherwise.
      const latch = { address: base + 3, size: 1, value: 0x80 | random.below(0x20) } as const
      const unlatch = { address: base + 3, size: 1, value: random.below(0x80) } as const
      return random.below(3) === 0 ? [latch, touch(0), touch(1), unlatch] : [touch(3, 0x7f), touch(4, 0x0f), touch(7)]
    }).flat()
    // A PC's BIOS leaves OUT2 on, and so does QEMU; the chip does not.
    await compare('bamboo', [{ address: 0xef600304, size: 1, value: 0 }, ...accesses])
  })

  test('to the general purpose timers: status, and what masks and enables it, of the five that QEMU has', async () => {
    const random = new Random(405)
    const [base, bits] = [0xef600000, 0xf800]
    const [mask, set, clear, enable] = [0x18, 0x1c, 0x20, 0x24]
    const write = (offset: number, value: number): BusAccess => ({
      address: base + offset,
      size: 4,
      value: value >>> 0,
    })
    // None is equal by itself: QEMU compares nothing.
    const far = Array.from({ length: 7 }, (_, n) => write(0x80 + 4 * n, 0x8000_0000))
    const accesses = Array.from({ length: ACCESSES }, (): BusAccess => {
      const register = random.pick([mask, set, clear, enable])
      if (random.below(2) === 0) return { address: base + register, size: 4 }
      return write(register, random.word() & bits)
    })
    // It keeps the upper five bits of values and masks.
    const values = Array.from({ length: 200 }, (): readonly BusAccess[] => {
      const address = base + random.pick([0x80, 0xc0]) + 4 * random.below(5)
      return [
        { address, size: 4, value: (random.word() & 0xf800_0000) >>> 0 },
        { address, size: 4 },
      ]
    })
    const all = [...far, write(clear, -1), ...accesses, write(mask, bits), ...values.flat()]
    await compare('ref405ep', all, { ...builtIn('bamboo'), name: 'as far as it is one' })
  })

  test('to Xilinx’s interrupt controller, raised by software', async () => {
    const random = new Random(507)
    const [status, enable, acknowledge, set, clear, master] = [0x00, 0x08, 0x0c, 0x10, 0x14, 0x1c]
    const accesses = Array.from({ length: ACCESSES }, (_, n): BusAccess => {
      const read = { address: 0x81800000 + random.pick([status, 0x04, enable, 0x18, master]), size: 4 } as const
      if (random.below(2) === 0) return read
      const register = random.pick([status, enable, acknowledge, set, clear, master])
      // HIE, with which software raises nothing any more, comes at last, and stays.
      const value =
        register === master
          ? random.below(n < ACCESSES - 200 ? 2 : 1) + (n < ACCESSES - 200 ? 0 : 3)
          : random.word() >>> 0
      return { address: 0x81800000 + register, size: 4, value }
    })
    await compare('virtex-ml507', accesses)
  })

  test('to a 16550 in Xilinx’s order: every fourth byte, from 0x1003 on', async () => {
    const random = new Random(83)
    const accesses = Array.from({ length: ACCESSES }, (): BusAccess => {
      const register = random.pick([3, 4, 7])
      const address = 0x83e01003 + 4 * register
      const mask = register === 4 ? 0x0f : 0x7f
      return { address, size: 1, ...(random.below(2) === 0 && { value: random.below(256) & mask }) }
    })
    await compare('virtex-ml507', [{ address: 0x83e01013, size: 1, value: 0 }, ...accesses])
  })

  test('to an IIC controller: its registers, and bytes of a memory module and of nobody', async () => {
    const random = new Random(2)
    const base = 0x4ef600700
    const board = readBoard(
      `{ "name": "x", "ram": "512M", "devices": [
         { "name": "IIC0", "type": "iic", "base": "0x4ef600700" },
         { "name": "MODULE", "type": "eeprom", "i2c": "IIC0:0x50", "base64": "${await moduleOfQemu(base)}" }] }`,
      'x.json',
    )
    const accesses = Array.from({ length: ACCESSES / 4 }, (): readonly BusAccess[] => {
      const touch = (offset: number, mask = 0xff): BusAccess => {
        const value = random.below(2) === 0 ? {} : { value: random.below(256) & mask }
        return { address: base + offset, size: 1, ...value }
      }
      // QEMU has no 10-bit addresses and no slave; a 1 in bit 1 of the mode leaves an unknown state, which neither has.
      if (random.below(2) === 0)
        return [touch(5), touch(7, 0xb7), touch(10), touch(11), touch(12), touch(13), touch(14, 0x77)]
      const part = random.pick([0x50, 0x50, 0x11])
      return part === 0x50 ? byteAt(base, part, random.below(256)) : transfer(base, part, 1)
    }).flat()
    await compare('sam460ex', accesses, board)
  })

  test('to the PCI-X host bridge: windows, and configuration space of what is there and what is not', async () => {
    const random = new Random(460)
    const base = 0xc0ec00000
    const own = [0x68, 0x6c, 0x70, 0x74, 0x78, 0x7c, 0x80, 0x84, 0x88, 0x8c, 0x90]
    const inbound = [0x98, 0x9c, 0xa0, 0xa4, 0xa8, 0xac, 0xb0, 0xb4, 0xb8, 0xe0, 0xf8]
    const accesses = Array.from({ length: ACCESSES }, (): BusAccess => {
      const value = random.word() >>> 0
      const isRead = random.below(2) === 0
      const what = random.below(4)
      if (what === 0) {
        // A window that is in force leads elsewhere: bit 0 of its size, the other way round, stays off.
        const address = base + 0x80000 + random.pick([...own, ...inbound])
        return { address, size: 4, ...(!isRead && { value: (value & ~0x01000000) >>> 0 }) }
      }
      if (what === 1)
        return { address: base, size: 4, ...(!isRead && { value: random.pick([0, 0x00100000, 0x04000000]) }) }
      const size = random.pick([1, 2, 4] as const)
      return { address: base + 4 + size * random.below(4 / size), size }
    })
    await compare('sam460ex', accesses)
  })

  test('to USB host controllers that are new, and are reset again', async () => {
    const [ehci, ohci] = [0x4bffd0400, 0x4bffd0000]
    const read = (base: number, offsets: readonly number[]): BusAccess[] =>
      offsets.map(offset => ({ address: base + offset, size: 4 }))
    const put = (address: number, value: number): BusAccess => ({ address, size: 4, value })
    const all = (first: number, last: number): number[] =>
      Array.from({ length: (last - first) / 4 + 1 }, (_, n) => first + 4 * n)
    // A keyboard and a mouse are in QEMU’s first two ports, and it has told of them already.
    const ohciReads = read(ohci, [0x00, 0x04, 0x08, ...all(0x10, 0x50), ...all(0x5c, 0x68)])
    await compare('sam460ex', [
      ...[...read(ehci, all(0x00, 0x68)), put(ehci + 0x18, 0xffffffff), put(ehci + 0x24, 0x00f0ffff)],
      ...[put(ehci + 0x28, 0xe0ffffff), ...read(ehci, [0x18, 0x24, 0x28]), put(ehci + 0x50, 0x01000000)],
      ...[
        ...read(ehci, [0x4c, 0x50, ...all(0x5c, 0x68)]),
        put(ehci + 0x10, 0x02000000),
        ...read(ehci, [...all(0x10, 0x50), ...all(0x5c, 0x68)]),
      ],
      ...[...ohciReads, put(ohci + 0x34, 0x5566ff7f), put(ohci + 0x44, 0xff0f0000), put(ohci + 0x18, 0xffffffff)],
      ...[...read(ohci, [0x18, 0x34, 0x44]), put(ohci + 0x08, 0x01000000), ...ohciReads],
    ])
  })
})

const IIC = { buffer: 0, address: 4, control: 6, mode: 7, status: 8 } as const

/** One byte moved. @param value absent: from the part; QEMU says that a stop is complete by nothing */
function transfer(base: number, part: number, count: number, value?: number): readonly BusAccess[] {
  const write = (offset: number, value: number): BusAccess => ({ address: base + offset, size: 1, value })
  const control = ((count - 1) << 4) | (value === undefined ? 2 : 0) | 1
  return [
    write(IIC.status, 0x0a),
    write(IIC.mode, 0x40),
    write(IIC.address, part << 1),
    ...(value === undefined ? [] : [write(IIC.buffer, value)]),
    write(IIC.control, control),
    write(IIC.status, 0x0a),
    // QEMU leaves what was sent in the buffer.
    ...(value === undefined ? [{ address: base + IIC.status, size: 1 } as const] : [write(IIC.mode, 0x40)]),
    { address: base + IIC.control, size: 1 },
  ]
}

const byteAt = (base: number, part: number, at: number): readonly BusAccess[] => [
  ...transfer(base, part, 1, at),
  ...transfer(base, part, 1),
  { address: base + IIC.buffer, size: 1 },
  { address: base + IIC.status, size: 1 },
  { address: base + IIC.buffer, size: 1 },
]

/** What QEMU's module says of itself. */
async function moduleOfQemu(base: number): Promise<string> {
  const accesses = Array.from({ length: 256 }, (_, at) => byteAt(base, 0x50, at)).flat()
  const values = await qtest('sam460ex', accesses)
  const reads = accesses.filter(({ value }) => value === undefined)
  const perByte = reads.length / 256
  return Buffer.from(Array.from({ length: 256 }, (_, at) => values[at * perByte + 3]!)).toString('base64')
}
