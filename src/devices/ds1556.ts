// Memory that keeps what it holds without power, with a clock in its last bytes: DS1556 and its smaller relations (their
// data sheets, clock registers). Alarm and watchdog are held, and nothing comes of them.

import type { Device, Size, Stateful } from '../bus/device.ts'
import { registerTable } from '../bus/registerTable.ts'
import { bit, span } from '../isa/register.ts'
import { type Calendar, type CalendarState, fromDigits, toDigits } from './calendar.ts'

export interface Ds1556State {
  readonly calendar: CalendarState
  readonly bytes: readonly number[]
}

/** From the first of the last 16 bytes. */
const [CENTURY, SECONDS, MINUTES, HOURS, DAY, DATE, MONTH, YEAR] = [8, 9, 10, 11, 12, 13, 14, 15] as const
const CLOCK = 16
const WRITE = 0x80
const READ = 0x40

const tableAt = (at: number) =>
  registerTable(
    { width: 8, numbering: 'lsb0', page: 'DS1556, clock registers' },
    {
      FLAGS: { offset: at, text: 'flags', access: 'r' },
      CENTURY: {
        offset: at + CENTURY,
        text: 'century and control',
        fields: { W: bit(7, 'the clock is set'), R: bit(6, 'the clock is read'), CENTURY: span(5, 0, 'century') },
      },
      SECONDS: { offset: at + SECONDS, text: 'seconds' },
      MINUTES: { offset: at + MINUTES, text: 'minutes' },
      HOURS: { offset: at + HOURS, text: 'hours' },
      DAY: { offset: at + DAY, text: 'day of the week' },
      DATE: { offset: at + DATE, text: 'day of the month' },
      MONTH: { offset: at + MONTH, text: 'month' },
      YEAR: { offset: at + YEAR, text: 'year' },
    },
  )

export class Ds1556 implements Device, Stateful<Ds1556State> {
  readonly outlastsReset = true
  readonly name: string
  readonly text = 'memory with a clock'
  readonly registers
  readonly size: number
  readonly #calendar: Calendar
  readonly #bytes: Uint8Array
  /** Where the clock is. */
  readonly #clock: number

  /** @param size bytes, the clock's with them */
  constructor(name: string, size: number, calendar: Calendar) {
    this.name = name
    this.size = size
    this.#calendar = calendar
    this.#bytes = new Uint8Array(size)
    this.#clock = size - CLOCK
    this.registers = Object.values(tableAt(this.#clock)).map(register => ({
      ...register,
      reset: this.peek(register.offset, 1),
    }))
  }

  read(offset: number, size: Size): number {
    return this.peek(offset, size)
  }

  peek(offset: number, size: Size): number {
    let value = 0
    for (let i = 0; i < size; i++) value = (value << 8) | this.#byte(offset + i)
    return value
  }

  write(offset: number, size: Size, value: number): void {
    for (let i = 0; i < size; i++) this.#store(offset + i, (value >>> (8 * (size - 1 - i))) & 0xff)
  }

  /** While R or W is set the clock registers stand still. */
  get #isHeld(): boolean {
    return (this.#bytes[this.#clock + CENTURY]! & (READ | WRITE)) !== 0
  }

  #byte(offset: number): number {
    const register = offset - this.#clock
    return register < CENTURY || this.#isHeld ? this.#bytes[offset]! : (this.#digits()[register - CENTURY] ?? 0)
  }

  #digits(): readonly number[] {
    const date = this.#calendar.date()
    const year = date.getUTCFullYear()
    return [
      ...[Math.floor(year / 100), date.getUTCSeconds(), date.getUTCMinutes(), date.getUTCHours()],
      ...[date.getUTCDay() + 1, date.getUTCDate(), date.getUTCMonth() + 1, year % 100],
    ].map(toDigits)
  }

  #store(offset: number, value: number): void {
    const register = offset - this.#clock
    if (register === CENTURY) this.#control(value)
    // The clock is set while W is set only.
    else if (register < CENTURY || (this.#bytes[this.#clock + CENTURY]! & WRITE) !== 0) this.#bytes[offset] = value
  }

  #control(value: number): void {
    const wasSet = (this.#bytes[this.#clock + CENTURY]! & WRITE) !== 0
    if (!this.#isHeld) this.#bytes.set(this.#digits(), this.#clock + CENTURY)
    const century = wasSet || (value & WRITE) !== 0 ? value & 0x3f : this.#bytes[this.#clock + CENTURY]! & 0x3f
    this.#bytes[this.#clock + CENTURY] = (value & (WRITE | READ)) | century
    if (wasSet && (value & WRITE) === 0) this.#set()
  }

  #set(): void {
    const number = (register: number, mask: number): number => fromDigits(this.#bytes[this.#clock + register]! & mask)
    const year = 100 * number(CENTURY, 0x3f) + number(YEAR, 0xff)
    const [month, date, hours] = [number(MONTH, 0x1f), number(DATE, 0x3f), number(HOURS, 0x3f)]
    this.#calendar.set(Date.UTC(year, month - 1, date, hours, number(MINUTES, 0x7f), number(SECONDS, 0x7f)))
  }

  save(): Ds1556State {
    return { calendar: this.#calendar.save(), bytes: [...this.#bytes] }
  }

  restore({ calendar, bytes }: Ds1556State): void {
    this.#calendar.restore(calendar)
    this.#bytes.set(bytes)
  }
}
