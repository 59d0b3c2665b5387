// The PCI host bridge of the 440EP and 440GP (440EP user's manual, PCI interface): windows to and from the bus, and the
// two registers through which configuration space is reached. No card is plugged in: a read of what is not there gives
// ones, as a master abort does. The bridge itself is device 0 of bus 0.

import type { Device, Stateful } from '../bus/device.ts'
import { registerTable } from '../bus/registerTable.ts'
import { bit } from '../isa/register.ts'
import { LittleEndian } from './littleEndian.ts'

const PART = { width: 32, numbering: 'lsb0', isLittleEndian: true, page: '440EP user’s manual, PCI interface' } as const

const window = (n: number, at: number) =>
  ({
    [`PMM${n}LA`]: { offset: at, text: `window ${n} to PCI: local address` },
    [`PMM${n}MA`]: { offset: at + 4, text: `window ${n} to PCI: mask`, fields: { EN: bit(0, 'in force') } },
    [`PMM${n}PCILA`]: { offset: at + 8, text: `window ${n} to PCI: PCI address, low` },
    [`PMM${n}PCIHA`]: { offset: at + 12, text: `window ${n} to PCI: PCI address, high` },
  }) as const

const target = (n: number, at: number) =>
  ({
    [`PTM${n}MS`]: { offset: at, text: `window ${n} from PCI: size`, fields: { EN: bit(0, 'in force') } },
    [`PTM${n}LA`]: { offset: at + 4, text: `window ${n} from PCI: local address` },
  }) as const

const REGISTERS = registerTable(PART, {
  ...window(0, 0x00),
  ...window(1, 0x10),
  ...window(2, 0x20),
  ...target(1, 0x30),
  ...target(2, 0x38),
})

const CONFIGURATION = registerTable(PART, {
  CFGADDR: { offset: 0, text: 'configuration address: bus, device, function, register' },
  CFGDATA: { offset: 4, text: 'configuration data of what CFGADDR names; ones where nothing is', reset: 0xffffffff },
})

const CFGADDR_ENABLE = 0x80000000
/** What of CFGADDR names a device: bus, device and function. */
const DEVICE = 0x00ffff00
/** PciConfiguration space of the bridge: 256 bytes, little-endian (PCI 2.2, 6.2). */
const SPACE = 256
const VENDOR_DEVICE = 0x027f1014
const CLASS_REVISION = 0x06800000
/** The bits that keep what is written: of the command, cache line size, latency timer and interrupt line (PCI 2.2, 6.2). */
const KEPT: Readonly<Record<number, number>> = { 4: 0x07, 5: 0x05, 12: 0xff, 13: 0xff, 60: 0xff }

export interface PciHostState {
  readonly registers: readonly number[]
  readonly address: number
  readonly space: readonly number[]
}

/** The bridge: `windows` and `configuration` are at addresses of their own. */
export class PciHost implements Stateful<PciHostState> {
  readonly windows: Device
  readonly configuration: Device
  readonly #registers = new Uint8Array(0x40)
  readonly #space = new Uint8Array(SPACE)
  /** CFGADDR. */
  address = 0

  constructor(name: string) {
    const view = new DataView(this.#space.buffer)
    view.setUint32(0, VENDOR_DEVICE, true)
    view.setUint32(8, CLASS_REVISION, true)
    this.windows = new PciWindows(name, this.#registers)
    this.configuration = new PciConfiguration(name, this)
  }

  /** Byte `lane` of the word of configuration space that CFGADDR names. */
  configurationByte(lane: number): number {
    return this.#isSelected ? this.#space[(this.address & 0xfc) + lane] : 0xff
  }

  setConfigurationByte(lane: number, value: number): void {
    const at = (this.address & 0xfc) + lane
    const kept = KEPT[at] ?? 0
    if (this.#isSelected) this.#space[at] = (this.#space[at] & ~kept) | (value & kept)
  }

  get #isSelected(): boolean {
    return (this.address & CFGADDR_ENABLE) !== 0 && (this.address & DEVICE) === 0
  }

  save(): PciHostState {
    return { registers: [...this.#registers], address: this.address, space: [...this.#space] }
  }

  restore({ registers, address, space }: PciHostState): void {
    this.#registers.set(registers)
    this.address = address
    this.#space.set(space)
  }
}

class PciWindows extends LittleEndian {
  readonly name: string
  readonly text = 'PCI host bridge: windows'
  readonly registers = Object.values(REGISTERS)
  readonly size = 0x40
  readonly #bytes: Uint8Array

  constructor(name: string, bytes: Uint8Array) {
    super()
    this.name = name
    this.#bytes = bytes
  }

  getByte(offset: number): number {
    return this.#bytes[offset]
  }

  setByte(offset: number, value: number): void {
    this.#bytes[offset] = value
  }
}

class PciConfiguration extends LittleEndian {
  readonly name: string
  readonly text = 'PCI host bridge: configuration space'
  readonly registers = Object.values(CONFIGURATION)
  readonly size = 8
  readonly #host: PciHost

  constructor(name: string, host: PciHost) {
    super()
    this.name = `${name}C`
    this.#host = host
  }

  getByte(offset: number): number {
    if (offset >= 4) return this.#host.configurationByte(offset - 4)
    return (this.#host.address >>> (8 * offset)) & 0xff
  }

  setByte(offset: number, value: number): void {
    const host = this.#host
    if (offset >= 4) host.setConfigurationByte(offset - 4, value)
    else host.address = (host.address & ~(0xff << (8 * offset))) | (value << (8 * offset))
  }
}
