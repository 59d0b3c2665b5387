// The general purpose timers of the 4xx parts (GPT): a counter that never stops, and seven values that it is compared with.
// While the bits that count are equal, the status bit of that value is set. IBM's CPC700 user's manual describes them
// (9.2.3, p.228); U-Boot's asm/ppc4xx.h has the offsets of the 440 parts, and QEMU's ppc4xx_gpt the bits of the status.

import type { Device, Size, Stateful } from '../bus/device.ts'
import { registerTable } from '../bus/registerTable.ts'
import { bit } from '../isa/register.ts'
import type { Alarm } from './alarm.ts'
import { nextEqual } from './nextEqual.ts'
import { partOfWord } from './words.ts'

export const COMPARES = 7
const NUMBERS = Array.from({ length: COMPARES }, (_, n) => n)
const TWO_32 = 2 ** 32

const TBC = 0x00
const IM = 0x18
const ISS = 0x1c
const ISC = 0x20
const IE = 0x24
const COMP = 0x80
const MASK = 0xc0

/** The bit of value `n` in the four registers of interrupts, counted from the most significant. */
const BIT_OF_FIRST = 16
const bitOf = (n: number): number => 1 << (31 - BIT_OF_FIRST - n)
const BITS = NUMBERS.reduce((all, n) => all | bitOf(n), 0)

const each = (text: string) =>
  Object.fromEntries(NUMBERS.map(n => [`C${n}`, bit(BIT_OF_FIRST + n, `compare ${n} ${text}`)]))

const rows = (name: string, at: number, text: string) =>
  Object.fromEntries(NUMBERS.map(n => [`${name}${n}`, { offset: at + 4 * n, text: text.replace('#', String(n)) }]))

const REGISTERS = registerTable(
  { width: 32, numbering: 'msb0', page: 'CPC700 user’s manual, general purpose timers' },
  {
    TBC: { offset: TBC, text: 'time base counter: where it is' },
    IM: { offset: IM, text: 'interrupt mask', fields: each('sets no status') },
    ISS: { offset: ISS, text: 'interrupt status: a 1 sets', fields: each('has been equal'), write: 'oneToSet' },
    ISC: { offset: ISC, text: 'interrupt status: a 1 clears', fields: each('has been equal'), write: 'oneToClear' },
    IE: { offset: IE, text: 'interrupt enable', fields: each('interrupts') },
    ...rows('COMP', COMP, 'what compare # waits for'),
    ...rows('MASK', MASK, 'bits that compare # does not look at'),
  },
)

export interface GptState {
  /** The counter at a cycle. */
  readonly count: number
  readonly since: number
  readonly masked: number
  readonly status: number
  readonly enabled: number
  readonly comp: readonly number[]
  readonly mask: readonly number[]
}

export class Gpt implements Device, Stateful<GptState> {
  readonly name: string
  readonly text = 'general purpose timers'
  readonly registers = Object.values(REGISTERS)
  readonly size = 0x100
  onInterrupt: (n: number, level: boolean) => void = () => {}
  readonly #alarm: Alarm
  readonly #cyclesOfCount: number
  #count = 0
  /** The cycle of `#count`. */
  #since = 0
  #masked = 0
  #status = 0
  #enabled = 0
  readonly #comp = new Int32Array(COMPARES)
  readonly #mask = new Int32Array(COMPARES)

  /** @param cyclesOfCount cycles of the core for each count */
  constructor(name: string, cyclesOfCount: number, alarm: Alarm) {
    this.name = name
    this.#cyclesOfCount = cyclesOfCount
    this.#alarm = alarm
    this.#plan()
  }

  /** Value `n` will interrupt. */
  couldRise(n: number): boolean {
    return (bitOf(n) & this.#enabled & ~this.#masked) !== 0
  }

  read(offset: number, size: Size): number {
    return this.peek(offset, size)
  }

  peek(offset: number, size: Size): number {
    return partOfWord(this.#word(offset & ~3), offset, size)
  }

  #word(offset: number): number {
    const compared = comparedAt(offset)
    if (compared !== undefined) return (compared.isMask ? this.#mask : this.#comp)[compared.n]
    if (offset === TBC) return this.#counted() | 0
    if (offset === IM) return this.#masked
    if (offset === ISS || offset === ISC) return this.#status
    return offset === IE ? this.#enabled : 0
  }

  #counted(): number {
    return (this.#count + Math.floor((this.#alarm.now() - this.#since) / this.#cyclesOfCount)) % TWO_32
  }

  write(offset: number, size: Size, value: number): void {
    if (size !== 4) return
    this.#advance(this.#alarm.now())
    const compared = comparedAt(offset)
    if (compared !== undefined) (compared.isMask ? this.#mask : this.#comp)[compared.n] = value
    if (offset === TBC) {
      this.#count = value >>> 0
      this.#since = this.#alarm.now()
    }
    if (offset === IM) this.#masked = value & BITS
    if (offset === ISS) this.#status |= value & BITS
    if (offset === ISC) this.#status &= ~value
    if (offset === IE) this.#enabled = value & BITS
    this.#compare()
  }

  /** The counter is what it is at that cycle. */
  #advance(cycle: number): void {
    const passed = Math.floor((cycle - this.#since) / this.#cyclesOfCount)
    this.#count = (this.#count + passed) % TWO_32
    this.#since += passed * this.#cyclesOfCount
  }

  /** What is equal sets its status. */
  #compare(): void {
    for (const n of NUMBERS)
      if (this.#awaits(n) && nextEqual(this.#count, this.#comp[n], this.#mask[n]) === 0) this.#status |= bitOf(n)
    this.#plan()
  }

  #awaits(n: number): boolean {
    return (bitOf(n) & (this.#masked | this.#status)) === 0
  }

  /** What is equal after this count is waited for; interrupts are as the status says. */
  #plan(): void {
    let counts = Number.POSITIVE_INFINITY
    for (const n of NUMBERS)
      if (this.#awaits(n)) counts = Math.min(counts, 1 + nextEqual(this.#count + 1, this.#comp[n], this.#mask[n]))
    this.#alarm.plan(this, this.#since + counts * this.#cyclesOfCount, cycle => {
      this.#advance(cycle)
      this.#compare()
    })
    for (const n of NUMBERS) this.onInterrupt(n, (bitOf(n) & this.#status & this.#enabled) !== 0)
  }

  save(): GptState {
    return {
      ...{ count: this.#count, since: this.#since, masked: this.#masked, status: this.#status },
      ...{ enabled: this.#enabled, comp: [...this.#comp], mask: [...this.#mask] },
    }
  }

  restore({ count, since, masked, status, enabled, comp, mask }: GptState): void {
    this.#count = count
    this.#since = since
    this.#masked = masked
    this.#status = status
    this.#enabled = enabled
    this.#comp.set(comp)
    this.#mask.set(mask)
    this.#plan()
  }
}

function comparedAt(offset: number): { readonly n: number; readonly isMask: boolean } | undefined {
  const n = (offset & 0x3f) >>> 2
  const isMask = (offset & ~0x3f) === MASK
  return n < COMPARES && (isMask || (offset & ~0x3f) === COMP) ? { n, isMask } : undefined
}
