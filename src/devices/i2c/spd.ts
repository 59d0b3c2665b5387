// What the EEPROM of a memory module says of it: serial presence detect, by which firmware finds out how much memory there
// is and how fast it may be (JEDEC standard 21-C, 4.1.2.4 for DDR and 4.1.2.10 for DDR2).

import { registerTable } from '../../bus/registerTable.ts'

export type ModuleKind = 'ddr' | 'ddr2'

const MB = 1 << 20
const BYTES = 256
/** Bytes that the sum in byte 63 is of. */
const SUMMED = 63

interface ModuleRow {
  /** Byte 2. */
  readonly type: number
  /** Byte 31 for one rank of each size. */
  readonly densities: Readonly<Record<number, number>>
  /** Bytes by number: voltage, timing and what else the size says nothing of. */
  readonly bytes: Readonly<Record<number, number>>
}

const COMMON = { 0: 128, 1: 8, 6: 64, 12: 0x82, 13: 8, 16: 0x0c, 17: 4 } as const

const MODULES: Readonly<Record<ModuleKind, ModuleRow>> = {
  // DDR266: 7.5 ns with a CAS latency of 2.5, 10 ns with 2; rows 20 ns, active 45 ns.
  ddr: {
    type: 7,
    densities: { 16: 0x04, 32: 0x08, 64: 0x10, 128: 0x20, 256: 0x40, 512: 0x80 },
    bytes: {
      ...{ 5: 1, 8: 4, 9: 0x75, 10: 0x75, 15: 1, 18: 0x0c, 19: 1, 20: 2, 21: 0x20, 23: 0xa0, 24: 0x75 },
      ...{ 27: 0x50, 28: 0x3c, 29: 0x50, 30: 45, 32: 0x90, 33: 0x90, 34: 0x50, 35: 0x50, 41: 65, 42: 75 },
    },
  },
  // DDR2-667: 3 ns with a CAS latency of 5, 3.75 ns with 4, 5 ns with 3; rows 15 ns, active 45 ns.
  ddr2: {
    type: 8,
    densities: { 128: 0x20, 256: 0x40, 512: 0x80, 1024: 0x01 },
    bytes: {
      ...{ 5: 0x60, 8: 5, 9: 0x30, 10: 0x45, 18: 0x38, 20: 2, 22: 1, 23: 0x3d, 24: 0x50, 25: 0x50, 26: 0x60, 27: 0x3c },
      ...{ 28: 0x1e, 29: 0x3c, 30: 45, 32: 0x20, 33: 0x27, 34: 0x10, 35: 0x17, 36: 0x3c, 37: 0x1e, 38: 0x1e, 41: 60 },
      ...{ 42: 105, 43: 0x80 },
    },
  },
}

const TABLE = registerTable(
  { width: 8, numbering: 'lsb0', page: 'JEDEC 21-C, 4.1.2.4 and 4.1.2.10' },
  {
    TYPE: { offset: 2, text: 'kind of memory: 7 is DDR, 8 is DDR2' },
    ROWS: { offset: 3, text: 'bits of a row address' },
    COLUMNS: { offset: 4, text: 'bits of a column address' },
    RANKS: { offset: 5, text: 'ranks; of DDR2 one less, and the height of the module' },
    WIDTH: { offset: 6, text: 'bits of data' },
    TCK: { offset: 9, text: 'cycle at the highest CAS latency: ns, and tenths' },
    TAC: { offset: 10, text: 'access from the clock at that' },
    CONFIG: { offset: 11, text: 'parity or ECC' },
    REFRESH: { offset: 12, text: 'how often it is refreshed' },
    BURST: { offset: 16, text: 'lengths of bursts, a bit for each' },
    BANKS: { offset: 17, text: 'banks of each chip' },
    CAS: { offset: 18, text: 'CAS latencies, a bit for each' },
    TRP: { offset: 27, text: 'row precharge: quarters of ns' },
    TRRD: { offset: 28, text: 'from row to row: quarters of ns' },
    TRCD: { offset: 29, text: 'from row to column: quarters of ns' },
    TRAS: { offset: 30, text: 'how long a row is active at least: ns' },
    DENSITY: { offset: 31, text: 'memory of a rank, a bit for each size' },
    SUM: { offset: SUMMED, text: 'sum of the bytes before it' },
  },
)

/** The bytes of it that firmware goes by. */
export const spdRegisters = (spd: Uint8Array) =>
  Object.values(TABLE).map(each => ({ ...each, reset: spd[each.offset]! }))

/** What a module may hold, in bytes, the greatest first. */
export const moduleSizes = (kind: ModuleKind): readonly number[] =>
  Object.keys(MODULES[kind].densities)
    .map(size => Number(size) * MB)
    .reverse()

/** A module of one rank, without ECC. @param size one of `moduleSizes` */
export function spdOf(kind: ModuleKind, size: number): Uint8Array {
  const { type, densities, bytes } = MODULES[kind]
  const spd = new Uint8Array(BYTES)
  for (const [at, value] of Object.entries({ ...COMMON, ...bytes })) spd[Number(at)] = value
  // Four banks of words of 64 bits: what is left are rows and columns.
  const addresses = Math.log2(size) - 5
  const rows = Math.min(13, addresses - 8)
  spd[2] = type
  spd[3] = Math.max(rows, addresses - 11)
  spd[4] = addresses - spd[3]!
  spd[31] = densities[size / MB]!
  spd[SUMMED] = spd.subarray(0, SUMMED).reduce((sum, byte) => sum + byte, 0)
  return spd
}

/** Of RAM that is made of modules the size of each: always the greatest that fits. */
export function modulesOf(kind: ModuleKind, ramSize: number, count: number): readonly number[] {
  let left = ramSize
  return Array.from({ length: count }, () => {
    const size = moduleSizes(kind).find(each => each <= left) ?? 0
    left -= size
    return size
  })
}
