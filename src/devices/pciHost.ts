// The PCI host bridge of the 440EP and 440GP (440EP user's manual, PCI interface): windows to and from the bus, and its
// configuration space (pciConfiguration.ts).

import type { Device, Stateful } from '../bus/device.ts'
import { registerTable } from '../bus/registerTable.ts'
import { bit } from '../isa/register.ts'
import { LittleEndian } from './littleEndian.ts'
import { PciConfiguration } from './pciConfiguration.ts'

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

export interface PciHostState {
  readonly registers: readonly number[]
  readonly address: number
  readonly space: readonly number[]
}

/** The bridge: `windows` and `configuration` are at addresses of their own. */
export class PciHost implements Stateful<PciHostState> {
  readonly windows: Device
  readonly configuration: PciConfiguration
  readonly #registers = new Uint8Array(0x40)

  constructor(name: string) {
    this.windows = new PciWindows(name, this.#registers)
    this.configuration = new PciConfiguration({ name, text: 'PCI host bridge: configuration space', page: PART.page })
  }

  save(): PciHostState {
    const { address, space } = this.configuration
    return { registers: [...this.#registers], address, space: [...space] }
  }

  restore({ registers, address, space }: PciHostState): void {
    this.#registers.set(registers)
    this.configuration.address = address
    this.configuration.space.set(space)
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
