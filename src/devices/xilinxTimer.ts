// The timer of Xilinx's embedded systems, XPS Timer/Counter (product guide DS573): two counters with a load register each,
// up or down, once or again and again, and one interrupt. Capture and PWM have no pins here.

import type { Device, Size, Stateful } from '../bus/device.ts'
import { registerTable } from '../bus/registerTable.ts'
import { bit } from '../isa/register.ts'
import type { Alarm } from './alarm.ts'
import { partOfWord } from './words.ts'

const TCSR = 0x00
const TLR = 0x04
const TCR = 0x08
/** Bytes from one counter to the next. */
const STEP = 0x10
const COUNTERS = 2
const TWO_32 = 2 ** 32

const CONTROL = {
  MDT: bit(0, 'capture, and not generate'),
  UDT: bit(1, 'counts down'),
  GENT: bit(2, 'drives its pin'),
  CAPT: bit(3, 'captures by its pin'),
  ARHT: bit(4, 'loads again at the end, and not holds'),
  LOAD: bit(5, 'stands at its load register'),
  ENIT: bit(6, 'interrupts'),
  ENT: bit(7, 'counts'),
  TINT: bit(8, 'has come to its end: a 1 clears it'),
  PWMA: bit(9, 'pulse width modulation'),
  ENALL: bit(10, 'both count'),
} as const

const counter = (n: number, at: number) =>
  ({
    [`TCSR${n}`]: { offset: at + TCSR, text: `counter ${n}: control and status`, fields: CONTROL },
    [`TLR${n}`]: { offset: at + TLR, text: `counter ${n}: what it is loaded with` },
    [`TCR${n}`]: { offset: at + TCR, text: `counter ${n}: where it is`, access: 'r' },
  }) as const

const REGISTERS = registerTable(
  { width: 32, numbering: 'lsb0', page: 'DS573, register descriptions' },
  { ...counter(0, 0), ...counter(1, STEP) },
)

const MASK = (name: keyof typeof CONTROL): number => 1 << CONTROL[name].bits[0]
const [DOWN, RELOAD, LOAD, INTERRUPTS, COUNTS, ENDED, BOTH] = [
  ...[MASK('UDT'), MASK('ARHT'), MASK('LOAD'), MASK('ENIT'), MASK('ENT'), MASK('TINT'), MASK('ENALL')],
] as const
const STORED = 0x7ff & ~MASK('TINT')

/** A counter as it was at a cycle. */
export interface CounterState {
  readonly control: number
  readonly load: number
  readonly value: number
  readonly since: number
  /** It has come to its end, and holds until it is loaded. */
  readonly isHeld: boolean
}

class Counter {
  control = 0
  load = 0
  value = 0
  /** The cycle of `value`. */
  since = 0
  isHeld = false

  get counts(): boolean {
    return (this.control & COUNTS) !== 0 && (this.control & LOAD) === 0 && !this.isHeld
  }

  at(cycle: number, cyclesOfCount: number): number {
    if (!this.counts) return this.value
    const passed = Math.floor((cycle - this.since) / cyclesOfCount)
    const moved = (this.control & DOWN) !== 0 ? this.value - passed : this.value + passed
    return ((moved % TWO_32) + TWO_32) % TWO_32
  }

  /** Counts until it passes its end. */
  get left(): number {
    return (this.control & DOWN) !== 0 ? this.value + 1 : TWO_32 - this.value
  }
}

export class XilinxTimer implements Device, Stateful<readonly CounterState[]> {
  readonly name: string
  readonly text = 'XPS timer'
  readonly registers = Object.values(REGISTERS)
  readonly size = 0x20
  onInterrupt: (level: boolean) => void = () => {}
  readonly #alarm: Alarm
  readonly #cyclesOfCount: number
  readonly #counters = Array.from({ length: COUNTERS }, () => new Counter())

  /** @param cyclesOfCount cycles of the core for one of the bus, whose cycles are counted */
  constructor(name: string, cyclesOfCount: number, alarm: Alarm) {
    this.name = name
    this.#cyclesOfCount = cyclesOfCount
    this.#alarm = alarm
  }

  /** A counter runs that will interrupt. */
  get couldRise(): boolean {
    return this.#counters.some(each => each.counts && (each.control & INTERRUPTS) !== 0)
  }

  read(offset: number, size: Size): number {
    return this.peek(offset, size)
  }

  peek(offset: number, size: Size): number {
    return partOfWord(this.#word(offset & ~3), offset, size)
  }

  #word(offset: number): number {
    const counter = this.#counters[offset >>> 4]
    if (counter === undefined) return 0
    const register = offset & (STEP - 1)
    if (register === TCSR) return counter.control
    if (register === TLR) return counter.load
    return register === TCR ? counter.at(this.#alarm.now(), this.#cyclesOfCount) : 0
  }

  write(offset: number, size: Size, value: number): void {
    const counter = this.#counters[offset >>> 4]
    if (size !== 4 || counter === undefined) return
    const register = offset & (STEP - 1)
    if (register === TLR) counter.load = value >>> 0
    if (register === TCSR) this.#control(counter, value)
    if ((counter.control & LOAD) !== 0) {
      counter.value = counter.load
      counter.isHeld = false
    }
    this.#plan()
  }

  #control(counter: Counter, value: number): void {
    const now = this.#alarm.now()
    for (const each of this.#counters) {
      each.value = each.at(now, this.#cyclesOfCount)
      each.since = now
    }
    const stays = counter.control & ENDED & ~value
    counter.control = (value & STORED) | stays
    if ((value & BOTH) !== 0) for (const each of this.#counters) each.control |= COUNTS | BOTH
    else for (const each of this.#counters) each.control &= ~BOTH
  }

  #plan(): void {
    const running = this.#counters.filter(({ counts }) => counts)
    const ends = running.map(each => each.since + each.left * this.#cyclesOfCount)
    this.#alarm.plan(this, Math.min(...ends, Number.POSITIVE_INFINITY), cycle => this.#ended(cycle))
    this.onInterrupt(this.#counters.some(({ control }) => (control & ENDED) !== 0 && (control & INTERRUPTS) !== 0))
  }

  #ended(cycle: number): void {
    for (const each of this.#counters) {
      if (!each.counts || each.since + each.left * this.#cyclesOfCount > cycle) continue
      const again = (each.control & RELOAD) !== 0
      each.control |= ENDED
      each.isHeld = !again
      each.value = again ? each.load : (each.control & DOWN) !== 0 ? TWO_32 - 1 : 0
      each.since = cycle
    }
    this.#plan()
  }

  save(): readonly CounterState[] {
    return this.#counters.map(({ control, load, value, since, isHeld }) => ({ control, load, value, since, isHeld }))
  }

  restore(state: readonly CounterState[]): void {
    for (const [n, each] of state.entries()) Object.assign(this.#counters[n]!, each)
    this.#plan()
  }
}
