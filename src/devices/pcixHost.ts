// The PCI-X host bridge of the 440GX, 440SPe and 460EX (names as in Linux's pci.h of the 4xx): windows to and from the bus,
// and its configuration space (pciConfiguration.ts), all of which is among its own registers, where it can be written.

import type { Device, Stateful } from '../bus/device.ts'
import { registerTable } from '../bus/registerTable.ts'
import { bit } from '../isa/register.ts'
import { LittleEndian } from './littleEndian.ts'
import { CFGADDR_ENABLE, HEADER, PciConfiguration, SPACE } from './pciConfiguration.ts'

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

export interface PcixHostState {
  readonly own: readonly number[]
  readonly address: number
}

export class PcixHost implements Stateful<PcixHostState> {
  readonly configuration: PciConfiguration
  readonly own: Device

  constructor(name: string) {
    this.configuration = new PciConfiguration({
      ...{ name, text: 'PCI-X host bridge: configuration space', page: PART.page },
      // Its enable is always set: what stores an address without it is understood all the same.
      stored: address => (address & ~3) | CFGADDR_ENABLE,
    })
    const { space } = this.configuration
    const view = new DataView(space.buffer)
    for (const { offset, reset } of REGISTERS) view.setUint32(offset, reset, true)
    this.own = new PcixRegisters(name, space)
  }

  /** Where the bridge's own registers are behind CFGADDR. */
  static readonly ownOffset = OWN

  save(): PcixHostState {
    return { own: [...this.configuration.space], address: this.configuration.address }
  }

  restore({ own, address }: PcixHostState): void {
    this.configuration.space.set(own)
    this.configuration.address = address
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
