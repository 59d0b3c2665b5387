// The interrupt controller of Xilinx's embedded systems, XPS INTC (product guide DS572): up to 32 sources, source 0
// first, one output.

import type { Device, Size, Stateful } from '../bus/device.ts'
import { type DeviceRegister, registerTable } from '../bus/registerTable.ts'
import { bit, type FieldTable } from '../isa/register.ts'
import { partOfWord } from './words.ts'

const ISR = 0x00
const IPR = 0x04
const IER = 0x08
const IAR = 0x0c
const SIE = 0x10
const CIE = 0x14
const IVR = 0x18
const MER = 0x1c

const MER_ME = 1
const MER_HIE = 2
const NOBODY = -1

function registersOf(sources: Readonly<Record<number, string>>): readonly DeviceRegister[] {
  const fields: FieldTable = Object.fromEntries(
    Object.entries(sources).map(([n, name]) => [name, bit(+n, `source ${n}`)]),
  )
  const part = { width: 32, numbering: 'lsb0', page: 'DS572, register data' } as const
  return Object.values(
    registerTable(part, {
      ISR: { offset: ISR, text: 'status: what has come', fields, defined: -1 },
      IPR: { offset: IPR, text: 'pending: come and enabled', fields, access: 'r', defined: -1 },
      IER: { offset: IER, text: 'enable', fields, defined: -1 },
      IAR: { offset: IAR, text: 'acknowledge: clears the status', fields, access: 'w', defined: -1 },
      SIE: { offset: SIE, text: 'sets bits of the enable', fields, access: 'w', defined: -1 },
      CIE: { offset: CIE, text: 'clears bits of the enable', fields, access: 'w', defined: -1 },
      IVR: { offset: IVR, text: 'vector: the first pending source, or ones', access: 'r', reset: 0xffffffff },
      MER: {
        offset: MER,
        text: 'master enable',
        fields: { ME: bit(0, 'the output is enabled'), HIE: bit(1, 'sources interrupt, and not software') },
      },
    }),
  )
}

export interface XilinxIntcState {
  readonly status: number
  readonly enable: number
  readonly master: number
  readonly inputs: number
}

export class XilinxIntc implements Device, Stateful<XilinxIntcState> {
  readonly name: string
  readonly text = 'XPS interrupt controller'
  readonly registers: readonly DeviceRegister[]
  readonly size = 0x20
  /** Called with the output whenever it may have changed. */
  onOutput: (level: boolean) => void = () => {}
  /** Sources that count by their rising edge, C_KIND_OF_INTR. */
  readonly #edges: number
  #status = 0
  #enable = 0
  #master = 0
  #inputs = 0

  constructor(name: string, edges: number, sources: Readonly<Record<number, string>> = {}) {
    this.name = name
    this.#edges = edges
    this.registers = registersOf(sources)
  }

  /** To which output source `n` leads: the only one, or undefined while it is not enabled. */
  outputOf(n: number): number | undefined {
    return ((this.#enable >>> n) & 1) !== 0 && this.#master === (MER_ME | MER_HIE) ? 0 : undefined
  }

  setInput(n: number, level: boolean): void {
    const mask = 1 << n
    const rises = level && (this.#inputs & mask) === 0
    this.#inputs = level ? this.#inputs | mask : this.#inputs & ~mask
    if (rises && (this.#edges & mask) !== 0 && this.#hearsSources) this.#status |= mask
    this.#update()
  }

  get #hearsSources(): boolean {
    return (this.#master & MER_HIE) !== 0
  }

  get #pending(): number {
    return this.#status & this.#enable
  }

  read(offset: number, size: Size): number {
    return this.peek(offset, size)
  }

  peek(offset: number, size: Size): number {
    return partOfWord(this.#word(offset & ~3), offset, size)
  }

  #word(offset: number): number {
    switch (offset) {
      case ISR:
        return this.#status
      case IPR:
        return this.#pending
      case IER:
        return this.#enable
      case IVR:
        return this.#pending === 0 ? NOBODY : 31 - Math.clz32(this.#pending & -this.#pending)
      case MER:
        return this.#master
      default:
        return 0
    }
  }

  /** The registers are words: what is narrower changes nothing. */
  write(offset: number, size: Size, value: number): void {
    if (size !== 4) return
    switch (offset) {
      case ISR:
        if (!this.#hearsSources) this.#status = value
        break
      case IER:
        this.#enable = value
        break
      case IAR:
        this.#status &= ~value
        break
      case SIE:
        this.#enable |= value
        break
      case CIE:
        this.#enable &= ~value
        break
      case MER:
        // HIE, once set, stays until reset.
        this.#master = (value & (MER_ME | MER_HIE)) | (this.#master & MER_HIE)
    }
    this.#update()
  }

  #update(): void {
    // Levels that stand come again as soon as they have been acknowledged.
    if (this.#hearsSources) this.#status |= this.#inputs & ~this.#edges
    this.onOutput((this.#master & MER_ME) !== 0 && this.#pending !== 0)
  }

  save(): XilinxIntcState {
    return { status: this.#status, enable: this.#enable, master: this.#master, inputs: this.#inputs }
  }

  restore({ status, enable, master, inputs }: XilinxIntcState): void {
    this.#status = status
    this.#enable = enable
    this.#master = master
    this.#inputs = inputs
    this.#update()
  }
}
