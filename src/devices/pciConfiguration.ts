// The two registers through which the bridges of the 4xx reach the configuration space of their PCI bus, and the bridge's
// own part of it: device 0 of bus 0 (PCI 2.2, 6.1). No card is plugged in: a read of what is not there gives ones, as a
// master abort does.

import { registerTable } from '../bus/registerTable.ts'
import { LittleEndian } from './littleEndian.ts'

export const CFGADDR_ENABLE = 0x80000000 | 0
/** What of CFGADDR names a device: bus, device and function. */
const DEVICE = 0x00ffff00
/** Configuration space of the bridge, of which its header has the first bytes. */
export const SPACE = 256
export const HEADER = 0x40
const VENDOR_DEVICE = 0x027f1014
const CLASS_REVISION = 0x06800000
/** The bits that keep what is written: of the command, cache line size, latency timer and interrupt line (PCI 2.2, 6.2). */
const KEPT: Readonly<Record<number, number>> = { 4: 0x07, 5: 0x05, 12: 0xff, 13: 0xff, 60: 0xff }

export interface ConfigurationOptions {
  /** Of the bridge. */
  readonly name: string
  readonly text: string
  readonly page: string
  /** What CFGADDR holds when this has been stored. */
  readonly stored?: (address: number) => number
}

export class PciConfiguration extends LittleEndian {
  readonly name: string
  readonly text: string
  readonly registers
  readonly size = 8
  /** Little-endian. */
  readonly space = new Uint8Array(SPACE)
  /** CFGADDR. */
  address = 0
  readonly #stored: (address: number) => number

  constructor({ name, text, page, stored = address => address }: ConfigurationOptions) {
    super()
    this.name = `${name}C`
    this.text = text
    this.registers = Object.values(
      registerTable({ width: 32, numbering: 'lsb0', isLittleEndian: true, page } as const, {
        CFGADDR: { offset: 0, text: 'configuration address: bus, device, function, register' },
        CFGDATA: {
          ...{ offset: 4, text: 'configuration data of what CFGADDR names; ones where nothing is' },
          reset: 0xffffffff,
        },
      }),
    )
    this.#stored = stored
    const view = new DataView(this.space.buffer)
    view.setUint32(0, VENDOR_DEVICE, true)
    view.setUint32(8, CLASS_REVISION, true)
  }

  getByte(offset: number): number {
    if (offset < 4) return (this.address >>> (8 * offset)) & 0xff
    if (!this.#isSelected) return 0xff
    const at = this.#placeOf(offset)
    return at < HEADER ? this.space[at]! : 0
  }

  setByte(offset: number, value: number): void {
    if (offset < 4) this.address = this.#stored((this.address & ~(0xff << (8 * offset))) | (value << (8 * offset)))
    else if (this.#isSelected) {
      const at = this.#placeOf(offset)
      const kept = KEPT[at] ?? 0
      this.space[at] = (this.space[at]! & ~kept) | (value & kept)
    }
  }

  /** In the word of configuration space that CFGADDR names. */
  #placeOf(offset: number): number {
    return (this.address & 0xfc) + (offset - 4)
  }

  get #isSelected(): boolean {
    return (this.address & CFGADDR_ENABLE) !== 0 && (this.address & DEVICE) === 0
  }
}
