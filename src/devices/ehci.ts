// A USB 2.0 host controller (EHCI 1.0, chapter 2) with nothing plugged in: programs find it, start it, and see empty ports.

import type { Stateful } from '../bus/device.ts'
import { registerTable } from '../bus/registerTable.ts'
import { bit, span } from '../isa/register.ts'
import { LittleEndianWords } from './littleEndian.ts'

const PORTS = 6
const [CAPLENGTH, HCSPARAMS, HCCPARAMS] = [0x00, 0x04, 0x08]
const [USBCMD, USBSTS, USBINTR, FRINDEX] = [0x10, 0x14, 0x18, 0x1c]
const [PERIODICLISTBASE, ASYNCLISTADDR, CONFIGFLAG, PORTSC] = [0x24, 0x28, 0x50, 0x54]
const ENABLES = ['off', 'on'] as const
const onOff = (n: number, text: string) => span(n, n, text, { 0: ENABLES[0], 1: ENABLES[1] })

const ports = Object.fromEntries(
  Array.from({ length: PORTS }, (_, n) => [
    `PORTSC${n + 1}`,
    {
      offset: PORTSC + 4 * n,
      text: `port ${n + 1}`,
      reset: 0x3000,
      fields: {
        CCS: bit(0, 'something is plugged in'),
        PED: bit(2, 'enabled'),
        PR: bit(8, 'reset'),
        PP: bit(12, 'power'),
        PO: bit(13, 'of the companion controller'),
      },
    },
  ]),
)

const REGISTERS = registerTable(
  { width: 32, numbering: 'lsb0', isLittleEndian: true, page: 'EHCI 1.0, chapter 2' },
  {
    CAPLENGTH: {
      ...{ offset: CAPLENGTH, text: 'offset of USBCMD, and version', access: 'r', reset: 0x01000010 },
      fields: { CAPLENGTH: span(7, 0, 'offset of USBCMD'), HCIVERSION: span(31, 16, 'version') },
    },
    HCSPARAMS: {
      ...{ offset: HCSPARAMS, text: 'structure', access: 'r', reset: 0x1600 | PORTS },
      fields: {
        N_PORTS: span(3, 0, 'ports'),
        N_PCC: span(11, 8, 'ports of a companion'),
        N_CC: span(15, 12, 'companions'),
      },
    },
    HCCPARAMS: { offset: HCCPARAMS, text: 'capabilities', access: 'r', reset: 0x80 },
    USBCMD: {
      offset: USBCMD,
      text: 'command',
      reset: 0x00080000,
      fields: {
        RS: span(0, 0, 'state', { 0: 'stops', 1: 'runs' }),
        HCRESET: bit(1, 'resets'),
        PSE: onOff(4, 'periodic schedule'),
        ASE: onOff(5, 'asynchronous schedule'),
        IAAD: bit(6, 'rings the doorbell of the asynchronous schedule'),
      },
    },
    USBSTS: {
      offset: USBSTS,
      text: 'status',
      reset: 0x1000,
      write: 'oneToClear',
      fields: {
        PCD: bit(2, 'a port has changed'),
        IAA: bit(5, 'the doorbell is answered'),
        HCH: bit(12, 'halted'),
        PSS: onOff(14, 'periodic schedule'),
        ASS: onOff(15, 'asynchronous schedule'),
      },
    },
    USBINTR: {
      offset: USBINTR,
      text: 'interrupts',
      fields: { PCIE: bit(2, 'of ports'), IAAE: bit(5, 'of the doorbell') },
    },
    FRINDEX: { offset: FRINDEX, text: 'frame; stands still' },
    PERIODICLISTBASE: { offset: PERIODICLISTBASE, text: 'periodic schedule' },
    ASYNCLISTADDR: { offset: ASYNCLISTADDR, text: 'asynchronous schedule' },
    CONFIGFLAG: {
      offset: CONFIGFLAG,
      text: 'who has the ports',
      fields: { CF: span(0, 0, 'they are', { 0: 'companion’s', 1: 'ours' }) },
    },
    ...ports,
  },
)

const { RS, HCRESET, PSE, ASE, IAAD } = REGISTERS.USBCMD.mask
const { IAA, HCH, PSS, ASS } = REGISTERS.USBSTS.mask
const [PR, PP, PO] = [0x100, 0x1000, 0x2000]
/** What of USBSTS is told by interrupts. */
const CAUSES = 0x3f

export class Ehci extends LittleEndianWords implements Stateful<readonly number[]> {
  readonly name: string
  readonly text = 'USB 2.0 host controller, nothing plugged in'
  readonly registers = Object.values(REGISTERS)
  readonly size = 0xc0
  onInterrupt: (level: boolean) => void = () => {}
  readonly #words = new Int32Array(this.size / 4)

  constructor(name: string) {
    super()
    this.name = name
    this.#reset()
  }

  getWord(offset: number): number {
    return this.#words[offset >> 2]
  }

  setWord(offset: number, value: number): void {
    const set = (at: number, word: number): number => (this.#words[at >> 2] = word)
    if (offset === USBCMD) this.#command(value)
    else if (offset === USBSTS) set(USBSTS, this.getWord(USBSTS) & ~(value & CAUSES))
    else if (offset === USBINTR) set(USBINTR, value & CAUSES)
    else if (offset === CONFIGFLAG) {
      set(CONFIGFLAG, value & 1)
      for (let n = 0; n < PORTS; n++) set(PORTSC + 4 * n, (value & 1) === 0 ? PP | PO : PP)
    } else if (offset >= PORTSC && offset < PORTSC + 4 * PORTS) set(offset, PP | (value & (PR | PO)))
    else if (offset === FRINDEX) set(FRINDEX, value & 0x3fff)
    else if (offset === PERIODICLISTBASE) set(PERIODICLISTBASE, value & ~0xfff)
    else if (offset === ASYNCLISTADDR) set(ASYNCLISTADDR, value & ~0x1f)
    this.#update()
  }

  #command(value: number): void {
    if ((value & HCRESET) !== 0) return this.#reset()
    const runs = (value & RS) !== 0
    const follows = (enable: number, status: number): number => (runs && (value & enable) !== 0 ? status : 0)
    const answered = runs && (value & IAAD) !== 0 ? IAA : this.getWord(USBSTS) & CAUSES
    this.#words[USBCMD >> 2] = value & ~(HCRESET | IAAD)
    this.#words[USBSTS >> 2] = answered | (runs ? 0 : HCH) | follows(PSE, PSS) | follows(ASE, ASS)
  }

  #reset(): void {
    for (const { offset, reset } of this.registers) this.#words[offset >> 2] = reset
  }

  #update(): void {
    this.onInterrupt((this.getWord(USBSTS) & this.getWord(USBINTR) & CAUSES) !== 0)
  }

  save(): readonly number[] {
    return [...this.#words]
  }

  restore(words: readonly number[]): void {
    this.#words.set(words)
    this.#update()
  }
}
