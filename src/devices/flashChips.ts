// Flash chips with AMD's or Intel's commands, by what they say of themselves (their data sheets; JEDEC JESD68.01 for the
// query table).

export interface FlashChip {
  readonly name: string
  readonly text: string
  /** Whose commands it hears: command set 2 of JEDEC's, or 1. */
  readonly commands: 'amd' | 'intel'
  /** Bytes. */
  readonly size: number
  /** Bytes of its data wires. */
  readonly width: 1 | 2
  readonly manufacturer: number
  readonly device: number
  /** Sizes of its sectors in their order: so many of so many bytes. */
  readonly sectors: readonly (readonly [count: number, bytes: number])[]
  /** Whether it knows the common flash interface. */
  readonly hasQuery: boolean
  /** Bytes of its write buffer. */
  readonly bufferBytes?: number
  /** Whether each of its blocks has a lock, which is closed after a reset. */
  readonly hasLocks?: true
}

const KB = 1024
const [AMD, INTEL] = [0x01, 0x89]
const row = (chip: FlashChip): readonly [string, FlashChip] => [chip.name, chip]

export const FLASH_CHIPS: Readonly<Record<string, FlashChip>> = Object.fromEntries([
  row({
    ...{ name: 'am29lv040b', text: 'Am29LV040B, 512 KB, 8 bits', commands: 'amd', size: 512 * KB, width: 1 },
    ...{ manufacturer: AMD, device: 0x4f, sectors: [[8, 64 * KB]], hasQuery: false },
  }),
  row({
    ...{ name: 'am29lv320b', text: 'Am29LV320B, 4 MB, 16 bits', commands: 'amd', size: 4096 * KB, width: 2 },
    ...{ manufacturer: AMD, device: 0x22f9, hasQuery: true },
    sectors: [
      [8, 8 * KB],
      [63, 64 * KB],
    ],
  }),
  row({
    ...{ name: 's29gl512', text: 'S29GL512, 64 MB, 16 bits', commands: 'amd', size: 65536 * KB, width: 2 },
    ...{ manufacturer: AMD, device: 0x227e, sectors: [[512, 128 * KB]], hasQuery: true },
  }),
  row({
    ...{ name: 'js28f256p30t', text: 'JS28F256P30T, 32 MB, 16 bits', commands: 'intel', size: 32768 * KB, width: 2 },
    ...{ manufacturer: INTEL, device: 0x8919, hasQuery: true, bufferBytes: 64, hasLocks: true },
    sectors: [
      [255, 128 * KB],
      [4, 32 * KB],
    ],
  }),
])

/** What the query table says by whose commands a chip hears. */
const QUERIES = {
  amd: {
    ...{ commandSet: 2, primaryTable: 0x40, interface8: 0, interface16: 2 },
    /** 2.7 V to 3.6 V. */
    supply: [0x27, 0x36, 0, 0],
    /** A word 16 µs, a sector 1 s; at most 32 and 16 times that. */
    times: [4, 0, 10, 0, 5, 0, 4, 0],
    /** "PRI", version 1.0, and what AMD's has behind it. */
    primary: [0x50, 0x52, 0x49, 0x31, 0x30, 0, 2, 4, 1, 4, 0, 0, 0],
  },
  intel: {
    ...{ commandSet: 1, primaryTable: 0x10a, interface8: 0, interface16: 1 },
    /** 1.7 V to 2.0 V, and for programming 8.5 V to 9.5 V. */
    supply: [0x17, 0x20, 0x85, 0x95],
    /** A word 256 µs, a buffer 512 µs, a block 1 s; at most 2, 2 and 4 times that. */
    times: [8, 9, 10, 0, 1, 1, 2, 0],
    /** "PRI", version 1.0: suspending and locks of blocks; 1.8 V and 9.0 V. Of burst and page reads it says nothing. */
    primary: [0x50, 0x52, 0x49, 0x31, 0x30, 0x26, 0, 0, 0, 1, 3, 0, 0x18, 0x90, 0],
  },
} as const

/** The query table from word 0x10 on (JESD68.01, 3.5): one byte for each word. */
export function queryTable({ commands, size, width, sectors, bufferBytes }: FlashChip): ReadonlyMap<number, number> {
  const { commandSet, primaryTable, interface8, interface16, supply, times, primary } = QUERIES[commands]
  const table = new Map<number, number>()
  const put = (at: number, ...bytes: readonly number[]): void => {
    for (const [n, byte] of bytes.entries()) table.set(at + n, byte)
  }
  put(0x10, 0x51, 0x52, 0x59) // "QRY"
  put(0x13, commandSet, 0, primaryTable & 0xff, primaryTable >>> 8)
  put(0x17, 0, 0, 0, 0)
  put(0x1b, ...supply)
  put(0x1f, ...times)
  put(0x27, Math.log2(size), width === 1 ? interface8 : interface16, 0)
  put(0x2a, bufferBytes === undefined ? 0 : Math.log2(bufferBytes), 0)
  put(0x2c, sectors.length)
  for (const [n, [count, bytes]] of sectors.entries()) {
    const [last, blocks] = [count - 1, bytes / 256]
    put(0x2d + 4 * n, last & 0xff, last >>> 8, blocks & 0xff, blocks >>> 8)
  }
  put(primaryTable, ...primary)
  return table
}
