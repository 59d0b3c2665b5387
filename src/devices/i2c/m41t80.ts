// The clock M41T80 (ST's data sheet, clock registers). Alarm and square wave are held, and nothing comes of them.

import type { Stateful } from '../../bus/device.ts'
import { type Calendar, type CalendarState, fromDigits, toDigits } from '../calendar.ts'
import type { I2cPart } from './bus.ts'

const REGISTERS = 20
/** The registers of the time: hundredths, seconds, minutes, hours, weekday, date, month, year. */
const TIME = 8
const [HUNDREDTHS, SECONDS, MINUTES, HOURS, WEEKDAY, DATE, MONTH, YEAR] = [0, 1, 2, 3, 4, 5, 6, 7] as const
/** Bit of the seconds: the oscillator is stopped. */
const STOPPED = 0x80
const CENTURY = 2000

export interface M41t80State {
  readonly calendar: CalendarState
  readonly registers: readonly number[]
  readonly pointer: number
  readonly isAddressed: boolean
  readonly isChanged: boolean
}

export class M41t80 implements I2cPart, Stateful<M41t80State> {
  readonly outlastsReset = true
  readonly #calendar: Calendar
  readonly #registers = new Uint8Array(REGISTERS)
  #pointer = 0
  #isAddressed = false
  /** The time was written since the start. */
  #isChanged = false

  constructor(calendar: Calendar) {
    this.#calendar = calendar
  }

  /** What is read stays the same until the stop, however long that takes. */
  start(isRead: boolean): boolean {
    this.#takeTime()
    if (!isRead) this.#isAddressed = false
    return true
  }

  read(): number {
    const byte = this.#registers[this.#pointer]!
    this.#next()
    return byte
  }

  write(byte: number): boolean {
    if (!this.#isAddressed) {
      this.#pointer = byte % REGISTERS
      this.#isAddressed = true
      return true
    }
    this.#registers[this.#pointer] = byte
    if (this.#pointer < TIME) this.#isChanged = true
    this.#next()
    return true
  }

  stop(): void {
    if (!this.#isChanged) return
    this.#isChanged = false
    const [seconds, minutes, hours, date, month, year] = [
      this.#number(SECONDS, 0x7f),
      this.#number(MINUTES, 0x7f),
      this.#number(HOURS, 0x3f),
      this.#number(DATE, 0x3f),
      this.#number(MONTH, 0x1f),
      this.#number(YEAR, 0xff),
    ]
    const milliseconds = 10 * this.#number(HUNDREDTHS, 0xff)
    this.#calendar.set(Date.UTC(CENTURY + year, month - 1, date, hours, minutes, seconds, milliseconds))
  }

  #next(): void {
    this.#pointer = (this.#pointer + 1) % REGISTERS
  }

  #number(register: number, mask: number): number {
    return fromDigits(this.#registers[register]! & mask)
  }

  get #isStopped(): boolean {
    return (this.#registers[SECONDS]! & STOPPED) !== 0
  }

  #takeTime(): void {
    if (this.#isStopped || this.#isChanged) return
    const date = this.#calendar.date()
    const set = (register: number, value: number, kept = 0): void => {
      this.#registers[register] = (this.#registers[register]! & kept) | toDigits(value)
    }
    set(HUNDREDTHS, Math.floor(date.getUTCMilliseconds() / 10))
    set(SECONDS, date.getUTCSeconds())
    set(MINUTES, date.getUTCMinutes(), 0x80)
    set(HOURS, date.getUTCHours(), 0xc0)
    set(WEEKDAY, date.getUTCDay(), 0xf8)
    set(DATE, date.getUTCDate())
    set(MONTH, date.getUTCMonth() + 1)
    set(YEAR, date.getUTCFullYear() % 100)
  }

  save(): M41t80State {
    return {
      ...{ calendar: this.#calendar.save(), registers: [...this.#registers], pointer: this.#pointer },
      ...{ isAddressed: this.#isAddressed, isChanged: this.#isChanged },
    }
  }

  restore({ calendar, registers, pointer, isAddressed, isChanged }: M41t80State): void {
    this.#calendar.restore(calendar)
    this.#registers.set(registers)
    this.#pointer = pointer
    this.#isAddressed = isAddressed
    this.#isChanged = isChanged
  }
}
