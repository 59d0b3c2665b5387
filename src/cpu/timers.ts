// Time base, decrementer, fixed interval timer and watchdog (user's manual chapter 7). All of them are functions of
// the cycle count: nothing ticks. The run loop only has to stop at `deadline` and call `advance`.

import { fieldOf, inField } from '../isa/register.ts'
import {
  DBSR_MRR,
  Spr,
  TCR_ARE,
  TCR_FP,
  TCR_WP,
  TCR_WRC,
  TSR_DIS,
  TSR_ENW,
  TSR_FIS,
  TSR_WIS,
  TSR_WRS,
} from '../isa/registers.ts'
import { Clock, type CpuState, Hw } from './state.ts'

/** Bit of the time base (0 = least significant) whose rise is the FIT event, by TCR[FP] (p.212). */
const FIT_BIT = [12, 16, 20, 24]
/** The same for the watchdog, by TCR[WP] (p.213). */
const WATCHDOG_BIT = [20, 24, 28, 32]

/** Cycles of the core, and of its timers, in a second of the machines modelled here. */
export const CLOCK_HZ = 400_000_000

const TWO_32 = 2 ** 32
const NEVER = Number.POSITIVE_INFINITY

export class Timers {
  readonly #state: CpuState
  /** Cycle of the next timer event, or Infinity. Never later than the true one. */
  deadline = NEVER
  /** Timer time up to which FIT and watchdog events have been seen. */
  #seen = 0

  constructor(state: CpuState) {
    this.#state = state
    state.clock[Clock.FROZEN_SINCE] = -1
    state.clock[Clock.DEC_EXPIRY] = Number.NEGATIVE_INFINITY
  }

  /** Timer clocks since reset at cycle `now`: cycles, less those the timers were frozen for. */
  #time(now: number): number {
    const { clock } = this.#state
    return (clock[Clock.FROZEN_SINCE] >= 0 ? clock[Clock.FROZEN_SINCE] : now) - clock[Clock.FROZEN]
  }

  /** TBL, which programs read again and again. */
  timeBaseLower(now: number): number {
    return (this.#time(now) + this.#state.timeBaseOffsetWords[0]!) | 0
  }

  /** TBU, which programs read as often to know whether TBL has wrapped. */
  timeBaseUpper(now: number): number {
    const [low, high] = this.#state.timeBaseOffsetWords
    return (Math.floor((this.#time(now) + low!) / TWO_32) + high!) | 0
  }

  timeBase(now: number): bigint {
    return BigInt.asUintN(64, BigInt(this.#time(now)) + this.#state.timeBaseOffset[0])
  }

  /**
   * mtspr TBL or TBU: that half changes, the other stays. A 0 to 1 of a selected bit counts as an event (p.212).
   * @returns the type of the watchdog's reset, or 0
   */
  setTimeBase(now: number, half: 'upper' | 'lower', value: number): number {
    const before = this.timeBase(now)
    const word = BigInt(value >>> 0)
    const after = half === 'upper' ? (word << 32n) | (before & 0xffffffffn) : ((before >> 32n) << 32n) | word
    this.#state.timeBaseOffset[0] = BigInt.asIntN(64, after - BigInt(this.#time(now)))
    const rose = (bit: number): boolean => ((~before & after) >> BigInt(bit)) % 2n === 1n
    if (rose(this.#fitBit)) this.#fitEvent()
    const reset = rose(this.#watchdogBit) ? this.#watchdogEvent() : 0
    this.schedule(now)
    return reset
  }

  /** DEC counts down to 0 and rests there (p.211). */
  decrementer(now: number): number {
    return Math.max(0, this.#state.clock[Clock.DEC_EXPIRY] - this.#time(now)) | 0
  }

  /** DEC is on its way to an exception. */
  get decrementerRuns(): boolean {
    return this.#state.clock[Clock.DEC_EXPIRY] >= 0
  }

  /** Writing 0 halts DEC without the exception of a 1 to 0 (p.212). */
  setDecrementer(now: number, value: number): void {
    this.#state.clock[Clock.DEC_EXPIRY] = value === 0 ? Number.NEGATIVE_INFINITY : this.#time(now) + (value >>> 0)
    this.schedule(now)
  }

  /** Timer clocks from cycle `now` to the next event of each; none of the decrementer where it stands still. */
  upcoming(now: number): { readonly decrementer?: number; readonly fixedInterval: number; readonly watchdog: number } {
    const time = this.#time(now)
    return {
      ...(this.decrementerRuns && { decrementer: Math.max(0, this.#state.clock[Clock.DEC_EXPIRY] - time) }),
      fixedInterval: this.#nextRise(this.#fitBit, time) - time,
      watchdog: this.#nextRise(this.#watchdogBit, time) - time,
    }
  }

  /** DBCR0[FT] and DBSR decide whether the timers stand still; call when either may have changed. */
  setFrozen(now: number, frozen: boolean): void {
    const { clock } = this.#state
    const since = clock[Clock.FROZEN_SINCE]
    if (frozen === since >= 0) return
    if (!frozen) clock[Clock.FROZEN] += now - since
    clock[Clock.FROZEN_SINCE] = frozen ? now : -1
    this.schedule(now)
  }

  /** Takes note of everything that has happened up to `now`. @returns the type of the watchdog's reset, or 0. */
  advance(now: number): number {
    const { clock, spr } = this.#state
    const time = this.#time(now)
    if (clock[Clock.DEC_EXPIRY] <= time && clock[Clock.DEC_EXPIRY] >= 0) {
      spr[Spr.TSR] |= TSR_DIS
      const reload = spr[Spr.DECAR] >>> 0
      const again = (spr[Spr.TCR] & TCR_ARE) !== 0 && reload !== 0
      clock[Clock.DEC_EXPIRY] = again ? clock[Clock.DEC_EXPIRY] + reload : Number.NEGATIVE_INFINITY
    }
    let reset = 0
    if (this.#nextRise(this.#fitBit, this.#seen) <= time) this.#fitEvent()
    if (this.#nextRise(this.#watchdogBit, this.#seen) <= time) reset = this.#watchdogEvent()
    this.#seen = time
    this.schedule(now)
    return reset
  }

  /** Recomputes `deadline`: call after any change of a timer register. */
  schedule(now: number): void {
    const { clock, spr } = this.#state
    if (clock[Clock.FROZEN_SINCE] >= 0) {
      this.deadline = NEVER
      return
    }
    const time = this.#time(now)
    this.#seen = time
    const dec = clock[Clock.DEC_EXPIRY] >= 0 ? clock[Clock.DEC_EXPIRY] : NEVER
    // A status bit that is set already stays so until software clears it, which schedules anew.
    const fit = (spr[Spr.TSR] & TSR_FIS) !== 0 ? NEVER : this.#nextRise(this.#fitBit, time)
    const watchdog = this.#watchdogIsDone ? NEVER : this.#nextRise(this.#watchdogBit, time)
    this.deadline = Math.max(now, Math.min(dec, fit, watchdog) + clock[Clock.FROZEN])
  }

  /** Both status bits are set, and no reset follows. */
  get #watchdogIsDone(): boolean {
    const { spr } = this.#state
    return (spr[Spr.TSR] & (TSR_ENW | TSR_WIS)) === (TSR_ENW | TSR_WIS) && (spr[Spr.TCR] & TCR_WRC) === 0
  }

  get #fitBit(): number {
    return FIT_BIT[fieldOf(TCR_FP, this.#state.spr[Spr.TCR])]
  }

  get #watchdogBit(): number {
    return WATCHDOG_BIT[fieldOf(TCR_WP, this.#state.spr[Spr.TCR])]
  }

  /** Timer time of the first rise of a time base bit after `time`. */
  #nextRise(bit: number, time: number): number {
    const [low, high] = this.#state.timeBaseOffsetWords
    const half = 2 ** bit
    const period = 2 * half
    const sum = time + low! + (high! & 1) * TWO_32
    // The remainder of doubles is slow, and this is asked at every timer event.
    const phase = period < TWO_32 ? (sum & (period - 1)) >>> 0 : sum % period
    return time + (phase < half ? half : 3 * half) - phase
  }

  #fitEvent(): void {
    this.#state.spr[Spr.TSR] |= TSR_FIS
  }

  /** The state machine of p.215. @returns the type of reset, or 0. */
  #watchdogEvent(): number {
    const { spr } = this.#state
    if ((spr[Spr.TSR] & TSR_ENW) === 0) {
      spr[Spr.TSR] |= TSR_ENW
      return 0
    }
    if ((spr[Spr.TSR] & TSR_WIS) === 0) {
      spr[Spr.TSR] |= TSR_WIS
      return 0
    }
    const type = fieldOf(TCR_WRC, spr[Spr.TCR])
    if (type === 0) return 0
    spr[Spr.TSR] = (spr[Spr.TSR] & ~TSR_WRS) | inField(TSR_WRS, type)
    // The DBSR that the guest reads: the hardware's only while the guest owns the debug facility.
    const { hw } = this.#state
    const [bank, dbsr] = hw[Hw.OWNED] === 0 ? [hw, Hw.DBSR] : [spr, Spr.DBSR]
    bank[dbsr] = (bank[dbsr] & ~DBSR_MRR) | inField(DBSR_MRR, type)
    spr[Spr.TCR] &= ~TCR_WRC
    return type
  }
}
