// Flash chips with AMD's commands, by what they say of themselves (their data sheets; JEDEC JESD68.01 for the query table).

export interface FlashChip {
  readonly name: string
  readonly text: string
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
}

const KB = 1024
const AMD = 0x01
const row = (chip: FlashChip): readonly [string, FlashChip] => [chip.name, chip]

export const FLASH_CHIPS: Readonly<Record<string, FlashChip>> = Object.fromEntries([
  row({
    ...{ name: 'am29lv040b', text: 'Am29LV040B, 512 KB, 8 bits', size: 512 * KB, width: 1 },
    ...{ manufacturer: AMD, device: 0x4f, sectors: [[8, 64 * KB]], hasQuery: false },
  }),
  row({
    ...{ name: 'am29lv320b', text: 'Am29LV320B, 4 MB, 16 bits', size: 4096 * KB, width: 2 },
    ...{ manufacturer: AMD, device: 0x22f9, hasQuery: true },
    sectors: [
      [8, 8 * KB],
      [63, 64 * KB],
    ],
  }),
  row({
    ...{ name: 's29gl512', text: 'S29GL512, 64 MB, 16 bits', size: 65536 * KB, width: 2 },
    ...{ manufacturer: AMD, device: 0x227e, sectors: [[512, 128 * KB]], hasQuery: true },
  }),
])

/** The query table from word 0x10 on (JESD68.01, 3.5): one byte for each word. */
export function queryTable({ size, width, sectors }: FlashChip): ReadonlyMap<number, number> {
  const table = new Map<number, number>()
  const put = (at: number, ...bytes: readonly number[]): void => {
    for (const [n, byte] of bytes.entries()) table.set(at + n, byte)
  }
  put(0x10, 0x51, 0x52, 0x59) // "QRY"
  put(0x13, 0x02, 0x00, 0x40, 0x00) // AMD's commands, their table
  put(0x17, 0, 0, 0, 0)
  put(0x1b, 0x27, 0x36, 0, 0) // 2.7 V to 3.6 V
  put(0x1f, 4, 0, 10, 0, 5, 0, 4, 0) // a word 16 µs, a sector 1 s; at most 32 and 16 times that
  put(0x27, Math.log2(size), width === 1 ? 0 : 2, 0, 0, 0)
  put(0x2c, sectors.length)
  for (const [n, [count, bytes]] of sectors.entries()) {
    const [last, blocks] = [count - 1, bytes / 256]
    put(0x2d + 4 * n, last & 0xff, last >>> 8, blocks & 0xff, blocks >>> 8)
  }
  put(0x40, 0x50, 0x52, 0x49, 0x31, 0x30) // "PRI", version 1.0
  put(0x45, 0, 2, 4, 1, 4, 0, 0, 0)
  return table
}
