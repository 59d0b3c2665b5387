// Universal interrupt controller of the 440's parts (440EP user's manual, UIC chapter): 32 sources, bit 0 first, on
// device control registers. Sources are level-sensitive or edge-triggered by UICTR.

import type { DcrBlock } from '../bus/bus.ts'
import type { Stateful } from '../bus/device.ts'
import { type DeviceRegister, registerTable } from '../bus/registerTable.ts'
import { type FieldTable, span } from '../isa/register.ts'

// UICPR, the polarity of each source, is stored only: our sources say whether they are active. UICSRS sets
// bits of UICSR, so that software can raise what a source would.
const SR = 0
const SRS = 1
const ER = 2
const CR = 3
const PR = 4
const TR = 5
const MSR = 6
const VR = 7
const VCR = 8

/** Names of the sources that something is wired to, by their number. */
export type SourceNames = Readonly<Record<number, string>>

/** In most of them each source has a bit. */
function uicRegisters(sources: SourceNames): readonly DeviceRegister[] {
  const bits = (off: string, on: string): FieldTable =>
    Object.fromEntries(
      Object.entries(sources).map(([n, name]) => [name, span(+n, +n, `source ${n}`, { 0: off, 1: on })]),
    )
  const status = bits('quiet', 'pending')
  const table = registerTable(
    { width: 32, numbering: 'msb0', page: '440EP user’s manual, universal interrupt controller' },
    {
      SR: { offset: SR, text: 'status', fields: status, write: 'oneToClear', defined: -1 },
      SRS: {
        offset: SRS,
        text: 'status set: raises what a source would',
        fields: status,
        write: 'oneToSet',
        defined: -1,
      },
      ER: { offset: ER, text: 'enable', fields: bits('disabled', 'enabled'), defined: -1 },
      CR: { offset: CR, text: 'critical', fields: bits('non-critical', 'critical'), defined: -1 },
      PR: { offset: PR, text: 'polarity', fields: bits('low or falling', 'high or rising'), defined: -1 },
      TR: { offset: TR, text: 'trigger', fields: bits('level', 'edge'), defined: -1 },
      MSR: { offset: MSR, text: 'masked status: pending and enabled', fields: status, access: 'r', defined: -1 },
      VR: { offset: VR, text: 'vector of the first pending critical source', access: 'r' },
      VCR: {
        offset: VCR,
        text: 'vector configuration',
        fields: {
          VBA: span(0, 29, 'vector base address'),
          PRO: span(31, 31, 'order of priority', { 0: 'source 0 first', 1: 'source 31 first' }),
        },
      },
    },
  )
  return Object.values(table)
}

export interface UicState {
  readonly registers: readonly number[]
  readonly inputs: number
}

export class Uic implements DcrBlock, Stateful<UicState> {
  readonly name: string
  readonly text = 'universal interrupt controller'
  readonly registers: readonly DeviceRegister[]
  readonly first: number
  readonly last: number
  /** Called with the two outputs whenever they may have changed. */
  onOutput: (external: boolean, critical: boolean) => void = () => {}

  readonly #registers = new Int32Array(9)
  #inputs = 0

  constructor(name: string, firstDcr: number, sources: SourceNames = {}) {
    this.name = name
    this.registers = uicRegisters(sources)
    this.first = firstDcr
    this.last = firstDcr + 8
  }

  /** To which output source `n` leads: 0, external, or 1, critical; undefined while it is not enabled. */
  outputOf(n: number): number | undefined {
    const bit = 0x80000000 >>> n
    if ((this.#registers[ER] & bit) === 0) return undefined
    return (this.#registers[CR] & bit) === 0 ? 0 : 1
  }

  /** The level of source `n` (0 is the most significant bit). */
  setInput(n: number, level: boolean): void {
    const bit = (0x80000000 >>> n) | 0
    const rising = level && (this.#inputs & bit) === 0
    this.#inputs = level ? this.#inputs | bit : this.#inputs & ~bit
    const edge = (this.#registers[TR] & bit) !== 0
    if (edge ? rising : level) this.#registers[SR] |= bit
    this.#update()
  }

  save(): UicState {
    return { registers: [...this.#registers], inputs: this.#inputs }
  }

  restore({ registers, inputs }: UicState): void {
    this.#registers.set(registers)
    this.#inputs = inputs
    this.#update()
  }

  read(dcr: number): number {
    return this.peek(dcr)
  }

  peek(dcr: number): number {
    switch (dcr - this.first) {
      case SRS:
        return this.#registers[SR]
      case MSR:
        return this.#registers[SR] & this.#registers[ER]
      case VR:
        return this.#vector()
      default:
        return this.#registers[dcr - this.first]
    }
  }

  write(dcr: number, value: number): void {
    const register = dcr - this.first
    if (register === SR) {
      // Level-sensitive sources that are still active set their bit again at once.
      this.#registers[SR] = (this.#registers[SR] & ~value) | (this.#inputs & ~this.#registers[TR])
    } else if (register === SRS) {
      this.#registers[SR] |= value
    } else if (register !== MSR && register !== VR) {
      this.#registers[register] = register === VCR ? value & ~2 : value
    }
    this.#update()
  }

  /**
   * UICVR: base plus 512 bytes per source of priority, the highest pending critical source first. Which end is the highest is
   * as the 405GP's manual says (p.10-19, with an example on p.10-20); QEMU 7.2 has it the other way round.
   */
  #vector(): number {
    const pending = this.#registers[SR] & this.#registers[ER] & this.#registers[CR]
    if (pending === 0) return 0
    const base = this.#registers[VCR] & ~3
    const lastFirst = (this.#registers[VCR] & 1) !== 0
    const n = lastFirst ? 31 - Math.clz32(pending & -pending) : Math.clz32(pending)
    return base + 512 * n
  }

  #update(): void {
    const pending = this.#registers[SR] & this.#registers[ER]
    this.onOutput((pending & ~this.#registers[CR]) !== 0, (pending & this.#registers[CR]) !== 0)
  }
}
