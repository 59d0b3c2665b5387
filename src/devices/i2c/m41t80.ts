// The clock M41T80 (ST's data sheet, clock registers). Alarm and square wave are held, and nothing comes of them.

import type { Stateful } from '../../bus/device.ts'
import { registerTable } from '../../bus/registerTable.ts'
import { bit, span } from '../../isa/register.ts'
import { type Calendar, type CalendarState, fromDigits, toDigits } from '../calendar.ts'
import type { I2cPart } from './bus.ts'

const REGISTERS = 20
/** The registers of the time: hundredths, seconds, minutes, hours, weekday, date, month, year. */
const TIME = 8
const [HUNDREDTHS, SECONDS, MINUTES, HOURS, WEEKDAY, DATE, MONTH, YEAR] = [0, 1, 2, 3, 4, 5, 6, 7] as const
/** Bit of the seconds: the oscillator is stopped. */
const STOPPED = 0x80
const CENTURY = 2000

const TABLE = registerTable(
  { width: 8, numbering: 'lsb0', page: 'M41T80, register map' },
  {
    SSEC: { offset: HUNDREDTHS, text: 'hundredths of a second, as two decimal digits' },
    SEC: { offset: SECONDS, text: 'seconds', fields: { ST: bit(7, 'the oscillator is stopped') } },
    MIN: { offset: MINUTES, text: 'minutes' },
    HOUR: { offset: HOURS, text: 'hours and century' },
    WDAY: { offset: WEEKDAY, text: 'day of the week' },
    DAY: { offset: DATE, text: 'day of the month' },
    MON: { offset: MONTH, text: 'month' },
    YEAR: { offset: YEAR, text: 'year' },
    ALARM_MON: {
      offset: 0x0a,
      text: 'alarm: month',
      fields: { AFE: bit(7, 'the alarm has a pin'), SQWE: bit(6, 'the square wave has a pin') },
    },
    ALARM_DAY: { offset: 0x0b, text: 'alarm: day of the month' },
    ALARM_HOUR: { offset: 0x0c, text: 'alarm: hours' },
    ALARM_MIN: { offset: 0x0d, text: 'alarm: minutes' },
    ALARM_SEC: { offset: 0x0e, text: 'alarm: seconds' },
    FLAGS: {
      offset: 0x0f,
      text: 'flags',
      fields: { AF: bit(6, 'the alarm has come') },
    },
    SQW: { offset: 0x13, text: 'square wave', fields: { RS: span(7, 4, 'frequency') } },
  },
)

export interface M41t80State {
  readonly calendar: CalendarState
  readonly registers: readonly number[]
  readonly pointer: number
  readonly isAddressed: boolean
  readonly isChanged: boolean
}

export class M41t80 implements I2cPart, Stateful<M41t80State> {
  readonly outlastsReset = true
  readonly registers = Object.values(TABLE)
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
    this.#takeTime(this.#registers)
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

  /** What the next read would find. */
  peek(offset: number): number {
    const registers = this.#registers.slice()
    this.#takeTime(registers)
    return registers[offset]!
  }

  /** One register is written, and nothing else is said to it. */
  poke(offset: number, value: number): void {
    this.#takeTime(this.#registers)
    this.#registers[offset] = value
    if (offset < TIME) {
      this.#isChanged = true
      this.stop()
    }
  }

  #takeTime(registers: Uint8Array): void {
    if (this.#isStopped || this.#isChanged) return
    const date = this.#calendar.date()
    const set = (register: number, value: number, kept = 0): void => {
      registers[register] = (registers[register]! & kept) | toDigits(value)
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
