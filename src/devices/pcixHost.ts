// The PCI-X host bridge of the 440GX, 440SPe and 460EX (names as in Linux's pci.h of the 4xx): windows to and from the bus,
// and the two registers through which configuration space is reached. No card is plugged in: a read of what is not there
// gives ones, as a master abort does. The bridge itself is device 0 of bus 0, and its configuration space is among its
// own registers, where all of it can be written.

import type { Device, Stateful } from '../bus/device.ts'
import { registerTable } from '../bus/registerTable.ts'
import { bit } from '../isa/register.ts'
import { LittleEndian } from './littleEndian.ts'

const PART = { width: 32, numbering: 'lsb0', isLittleEndian: true, page: '460EX, PCI-X (Linux 4xx pci.h)' } as const

/** From the windows of CFGADDR to the bridge's own registers. */
const OWN = 0x80000
const EN = bit(0, 'in force')

const outbound = (n: number, at: number) =>
  ({
    [`POM${n}LAL`]: { offset: at, text: `window ${n} to PCI: local address, low` },
    [`POM${n}LAH`]: { offset: at + 4, text: `window ${n} to PCI: local address, high` },
    [`POM${n}SA`]: { offset: at + 8, text: `window ${n} to PCI: size`, fields: { EN } },
    [`POM${n}PCIAL`]: { offset: at + 12, text: `window ${n} to PCI: PCI address, low` },
    [`POM${n}PCIAH`]: { offset: at + 16, text: `window ${n} to PCI: PCI address, high` },
  }) as const

const inbound = (n: number, at: number) =>
  ({
    [`PIM${n}SA`]: { offset: at, text: `window ${n} from PCI: size, low`, fields: { EN } },
    [`PIM${n}LAL`]: { offset: at + 4, text: `window ${n} from PCI: local address, low` },
    [`PIM${n}LAH`]: { offset: at + 8, text: `window ${n} from PCI: local address, high` },
  }) as const

const REGISTERS = Object.values(
  registerTable(PART, {
    ...outbound(0, 0x68),
    ...outbound(1, 0x7c),
    POM2SA: { offset: 0x90, text: 'window 2 to PCI: size', fields: { EN } },
    ...inbound(0, 0x98),
    ...inbound(1, 0xa4),
    ...inbound(2, 0xb0),
    STS: { offset: 0xe0, text: 'status' },
    PIM0SAH: { offset: 0xf8, text: 'window 0 from PCI: size, high', reset: 0xffffffff },
    PIM2SAH: { offset: 0xfc, text: 'window 2 from PCI: size, high', reset: 0xffffffff },
  }),
)

const CONFIGURATION = Object.values(
  registerTable(PART, {
    CFGADDR: { offset: 0, text: 'configuration address: bus, device, function, register' },
    CFGDATA: { offset: 4, text: 'configuration data of what CFGADDR names; ones where nothing is', reset: 0xffffffff },
  }),
)

/** Set always: what stores an address without it is understood all the same. */
const CFGADDR_ENABLE = 0x80000000 | 0
/** What of CFGADDR names a device: bus, device and function. */
const DEVICE = 0x00ffff00
/** Configuration space as far as the bridge's own registers have it (PCI 2.2, 6.1). */
const HEADER = 0x40
const SPACE = 256
const VENDOR_DEVICE = 0x027f1014
const CLASS_REVISION = 0x06800000
/** The bits that keep what is written through CFGDATA: of command, cache line size, latency timer and interrupt line (PCI 2.2, 6.2). */
const KEPT: Readonly<Record<number, number>> = { 4: 0x07, 5: 0x05, 12: 0xff, 13: 0xff, 60: 0xff }

export interface PcixHostState {
  readonly own: readonly number[]
  readonly address: number
}

export class PcixHost implements Stateful<PcixHostState> {
  readonly configuration: Device
  readonly own: Device
  readonly #bytes = new Uint8Array(SPACE)
  /** CFGADDR. */
  address = 0

  constructor(name: string) {
    const view = new DataView(this.#bytes.buffer)
    view.setUint32(0, VENDOR_DEVICE, true)
    view.setUint32(8, CLASS_REVISION, true)
    for (const { offset, reset } of REGISTERS) view.setUint32(offset, reset, true)
    this.own = new PcixRegisters(name, this.#bytes)
    this.configuration = new PcixConfiguration(name, this)
  }

  /** Where the bridge's own registers are behind CFGADDR. */
  static readonly ownOffset = OWN

  /** Byte `lane` of the word of configuration space that CFGADDR names. */
  configurationByte(lane: number): number {
    const at = (this.address & 0xfc) + lane
    if (!this.#isSelected) return 0xff
    return at < HEADER ? this.#bytes[at] : 0
  }

  setConfigurationByte(lane: number, value: number): void {
    const at = (this.address & 0xfc) + lane
    const kept = KEPT[at] ?? 0
    if (this.#isSelected) this.#bytes[at] = (this.#bytes[at] & ~kept) | (value & kept)
  }

  get #isSelected(): boolean {
    return (this.address & CFGADDR_ENABLE) !== 0 && (this.address & DEVICE) === 0
  }

  save(): PcixHostState {
    return { own: [...this.#bytes], address: this.address }
  }

  restore({ own, address }: PcixHostState): void {
    this.#bytes.set(own)
    this.address = address
  }
}

const KNOWN = new Set(REGISTERS.map(({ offset }) => offset))

class PcixRegisters extends LittleEndian {
  readonly name: string
  readonly text = 'PCI-X host bridge: windows'
  readonly registers = REGISTERS
  readonly size = SPACE
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
    if (offset < HEADER || KNOWN.has(offset & ~3)) this.#bytes[offset] = value
  }
}

class PcixConfiguration extends LittleEndian {
  readonly name: string
  readonly text = 'PCI-X host bridge: configuration space'
  readonly registers = CONFIGURATION
  readonly size = 8
  readonly #host: PcixHost

  constructor(name: string, host: PcixHost) {
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
    else {
      const address = (host.address & ~(0xff << (8 * offset))) | (value << (8 * offset))
      host.address = (address & ~3) | CFGADDR_ENABLE
    }
  }
}
