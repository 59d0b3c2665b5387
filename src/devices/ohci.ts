// A USB 1.1 host controller (OpenHCI 1.0a, chapter 7) with nothing plugged in: programs find it, start it, and see empty
// ports. Its frame counter stands still.

import type { Stateful } from '../bus/device.ts'
import { registerTable } from '../bus/registerTable.ts'
import { bit, span } from '../isa/register.ts'
import { LittleEndianWords } from './littleEndian.ts'

const PORTS = 6
const [REVISION, CONTROL, COMMAND_STATUS] = [0x00, 0x04, 0x08]
const [INTERRUPT_STATUS, INTERRUPT_ENABLE, INTERRUPT_DISABLE] = [0x0c, 0x10, 0x14]
const [FM_INTERVAL, RH_STATUS, RH_PORT_STATUS] = [0x34, 0x50, 0x54]
const RH_DESCRIPTOR_A = 0x48
const PPS = bit(8, 'power')

const ports = Object.fromEntries(
  Array.from({ length: PORTS }, (_, n) => [
    `RHPORTSTATUS${n + 1}`,
    {
      ...({ offset: RH_PORT_STATUS + 4 * n, text: `port ${n + 1}`, access: 'r', reset: 0x100 } as const),
      fields: { CCS: bit(0, 'something is plugged in'), PES: bit(1, 'enabled'), PPS },
    },
  ]),
)

const held = (offset: number, text: string, defined: number) => ({ offset, text, defined }) as const

const REGISTERS = registerTable(
  { width: 32, numbering: 'lsb0', isLittleEndian: true, page: 'OpenHCI 1.0a, chapter 7' },
  {
    REVISION: { offset: REVISION, text: 'revision', access: 'r', reset: 0x10, fields: { REV: span(7, 0, 'revision') } },
    CONTROL: {
      ...{ offset: CONTROL, text: 'control', defined: 0x7ff },
      fields: { HCFS: span(7, 6, 'state', { 0: 'reset', 1: 'resume', 2: 'operational', 3: 'suspend' }) },
    },
    COMMANDSTATUS: {
      offset: COMMAND_STATUS,
      text: 'command',
      write: 'oneToSet',
      fields: { HCR: bit(0, 'resets'), CLF: bit(1, 'control list'), BLF: bit(2, 'bulk list') },
    },
    INTERRUPTSTATUS: { ...held(INTERRUPT_STATUS, 'what has happened', 0x4000007f), write: 'oneToClear' },
    INTERRUPTENABLE: {
      ...held(INTERRUPT_ENABLE, 'what interrupts', 0xc000007f | 0),
      ...{ write: 'oneToSet', reset: 0x80000000 | 0 },
      fields: { MIE: bit(31, 'any of it') },
    },
    INTERRUPTDISABLE: {
      ...held(INTERRUPT_DISABLE, 'what does not interrupt any more', 0xc000007f | 0),
      reset: 0x80000000 | 0,
    },
    HCCA: held(0x18, 'communications area', ~0xff),
    PERIODCURRENTED: { offset: 0x1c, text: 'periodic list, at', access: 'r' },
    CONTROLHEADED: held(0x20, 'control list', ~0xf),
    CONTROLCURRENTED: held(0x24, 'control list, at', ~0xf),
    BULKHEADED: held(0x28, 'bulk list', ~0xf),
    BULKCURRENTED: held(0x2c, 'bulk list, at', ~0xf),
    DONEHEAD: { offset: 0x30, text: 'what is done', access: 'r' },
    FMINTERVAL: {
      ...{ offset: FM_INTERVAL, text: 'length of a frame', reset: 0x27782edf, defined: 0xffff3fff | 0 },
      fields: { FI: span(13, 0, 'bits, less one'), FSMPS: span(30, 16, 'largest packet') },
    },
    FMREMAINING: { offset: 0x38, text: 'rest of the frame', access: 'r' },
    FMNUMBER: { offset: 0x3c, text: 'frame', access: 'r' },
    PERIODICSTART: held(0x40, 'when the periodic list begins', 0x3fff),
    LSTHRESHOLD: { ...held(0x44, 'when slow packets end', 0xfff), reset: 0x628 },
    RHDESCRIPTORA: {
      ...{ offset: RH_DESCRIPTOR_A, text: 'root hub', access: 'r', reset: 0x200 | PORTS },
      fields: { NDP: span(7, 0, 'ports'), NPS: bit(9, 'always powered') },
    },
    RHDESCRIPTORB: held(0x4c, 'root hub, ports', -1),
    RHSTATUS: { offset: RH_STATUS, text: 'status of the root hub', access: 'r' },
    ...ports,
  },
)

const HCR = REGISTERS.COMMANDSTATUS.mask.HCR
const MIE = 0x80000000 | 0
const SUSPEND = 0xc0

export class Ohci extends LittleEndianWords implements Stateful<readonly number[]> {
  readonly name: string
  readonly text = 'USB 1.1 host controller, nothing plugged in'
  readonly registers = Object.values(REGISTERS)
  readonly size = 0x100
  onInterrupt: (level: boolean) => void = () => {}
  readonly #words = new Int32Array(this.size / 4)
  readonly #table = new Map(this.registers.map(register => [register.offset, register]))

  constructor(name: string) {
    super()
    this.name = name
    this.#reset()
  }

  getWord(offset: number): number {
    return this.#words[(offset === INTERRUPT_DISABLE ? INTERRUPT_ENABLE : offset) >> 2]
  }

  setWord(offset: number, value: number): void {
    const register = this.#table.get(offset)
    if (!register?.writable) return
    const now = this.getWord(offset)
    if (offset === INTERRUPT_DISABLE) this.#words[INTERRUPT_ENABLE >> 2] = now & ~value
    else if (offset === COMMAND_STATUS && (value & HCR) !== 0) this.#resetByCommand()
    else if (register.write === 'oneToClear') this.#words[offset >> 2] = now & ~value
    else if (register.write === 'oneToSet') this.#words[offset >> 2] = now | (value & register.defined)
    else this.#words[offset >> 2] = value & register.defined
    this.#update()
  }

  /** The root hub stays, and the controller is in suspend afterwards (7.1.3). */
  #resetByCommand(): void {
    this.#reset()
    this.#words[CONTROL >> 2] = SUSPEND
  }

  #reset(): void {
    for (const { offset, reset } of this.registers) this.#words[offset >> 2] = reset
  }

  #update(): void {
    const enabled = this.getWord(INTERRUPT_ENABLE)
    this.onInterrupt((enabled & MIE) !== 0 && (this.getWord(INTERRUPT_STATUS) & enabled & ~MIE) !== 0)
  }

  save(): readonly number[] {
    return [...this.#words]
  }

  restore(words: readonly number[]): void {
    this.#words.set(words)
    this.#update()
  }
}
