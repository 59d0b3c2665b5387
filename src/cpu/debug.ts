// The debug facility: which events an instruction gives, and what becomes of an event (user's manual chapter 8;
// page numbers below are its pages). Everything here reads the *hardware* registers in `state.hw`; whose values they
// are, the guest's or KVM's, is none of this file's business.

import { ANY_DAC_READ, ANY_DAC_WRITE, DAC_BITS, IAC_BITS } from '../isa/comparators.ts'
import { fieldOf } from '../isa/register.ts'
import {
  DBCR0_BRT,
  DBCR0_EDM,
  DBCR0_FT,
  DBCR0_ICMP,
  DBCR0_IDM,
  DBCR0_IRPT,
  DBCR0_RET,
  DBCR0_TRAP,
  DBCR1,
  DBCR1_IAC12AT,
  DBCR1_IAC34AT,
  DBCR2,
  DBSR,
  DBSR_BRT,
  DBSR_IAC12ATS,
  DBSR_IAC34ATS,
  DBSR_ICMP,
  DBSR_IDE,
  DBSR_IRPT,
  DBSR_MRR,
  DBSR_RET,
  DBSR_TRAP,
  DBSR_UDE,
  MSR_DE,
  MSR_DS,
  MSR_DWE,
  MSR_IS,
  MSR_PR,
} from '../isa/registers.ts'
import type { DebugTrace } from './debugTrace.ts'
import { type CpuState, Hw, Word } from './state.ts'

/** The event bits of DBSR: all but IDE, MRR and the toggle status (p.244). */
export const DBSR_EVENTS = DBSR.defined & ~(DBSR_IDE | DBSR_MRR | DBSR_IAC12ATS | DBSR_IAC34ATS)

/** What an event does to the instruction that gave it (p.221, the table of combined modes). */
export type EventOutcome =
  /** Nothing: recorded or not, the instruction goes on. */
  | 'continue'
  /** A Debug interrupt is due before (or, for ICMP, after) this instruction. */
  | 'interrupt'
  /** The core enters the stop state (external debug mode, debug wait). */
  | 'stop'

/** 00 any, 10 supervisor only, 11 user only; 01 is reserved and taken as never (p.241). */
const privilegeMatches = (us: number, msr: number): boolean =>
  us === 0 || (us === 2 && (msr & MSR_PR) === 0) || (us === 3 && (msr & MSR_PR) !== 0)

/** 00 any space, 10 space 0, 11 space 1; 01 (real address) does not exist on the 440. */
const spaceMatches = (er: number, space: boolean): boolean => er === 0 || (er === 2 && !space) || (er === 3 && space)

const inRange = (ea: number, low: number, high: number): boolean => ea >>> 0 >= low >>> 0 && ea >>> 0 < high >>> 0

/** A storage access; a cache operation moves nothing, and has no size. */
export interface StorageAccess {
  /** Effective address of its first byte, unsigned. */
  readonly ea: number
  /** Bytes. */
  readonly size: number
  readonly write: boolean
}

const IAC_MODES = [DBCR1.mask.IAC12M, DBCR1.mask.IAC34M]
const IAC_FIELDS = [
  { US: DBCR1.mask.IAC1US, ER: DBCR1.mask.IAC1ER },
  { US: DBCR1.mask.IAC2US, ER: DBCR1.mask.IAC2ER },
  { US: DBCR1.mask.IAC3US, ER: DBCR1.mask.IAC3ER },
  { US: DBCR1.mask.IAC4US, ER: DBCR1.mask.IAC4ER },
]
const DAC_FIELDS = [
  { US: DBCR2.mask.DAC1US, ER: DBCR2.mask.DAC1ER },
  { US: DBCR2.mask.DAC2US, ER: DBCR2.mask.DAC2ER },
]
const DVC_FIELDS = [
  { M: DBCR2.mask.DVC1M, BE: DBCR2.mask.DVC1BE },
  { M: DBCR2.mask.DVC2M, BE: DBCR2.mask.DVC2BE },
]
const AUTO_TOGGLE = [DBCR1_IAC12AT, DBCR1_IAC34AT]
const ATS = [DBSR_IAC12ATS, DBSR_IAC34ATS]

export class DebugFacility {
  readonly #state: CpuState
  readonly #hw: Int32Array

  /** DBSR bits of the comparators that have reported the instruction at hand already: they are off while it executes. */
  reported = 0
  /** Where what a debugger's range of DACs is about begins; the range begins lower. */
  watchedFrom: number | undefined
  /** The storage access that gave the last DAC event. */
  access: StorageAccess | undefined
  /** The program, or a debugger on its behalf, has ever set DBCR0: who owns the facility matters to it. */
  usedByGuest = false
  /** Filled while somebody wants to know what the facility does. */
  trace: DebugTrace | undefined
  /** Called when an event has set `bits` of DBSR, or has found them set. */
  onEvent: ((bits: number) => void) | undefined

  constructor(state: CpuState) {
    this.#state = state
    this.#hw = state.hw
  }

  /** The MSR as the comparators and the DE gate see it. */
  get msr(): number {
    return this.#state.words[Word.MSR] | this.#hw[Hw.SHADOW]
  }

  /** A Debug interrupt is due at the next boundary: level-sensitive on DBSR (p.195). */
  get pending(): boolean {
    const hw = this.#hw
    return (hw[Hw.DBSR] & DBSR_EVENTS) !== 0 && (hw[Hw.DBCR0] & DBCR0_IDM) !== 0 && (this.msr & MSR_DE) !== 0
  }

  /** DBCR0[FT] with an event in DBSR: time base, DEC, FIT and watchdog stand still (p.238). */
  get timersFrozen(): boolean {
    return (this.#hw[Hw.DBCR0] & DBCR0_FT) !== 0 && (this.#hw[Hw.DBSR] & DBSR_EVENTS) !== 0
  }

  /** Every instruction has to be asked about its events: anything but exact IACs is enabled. */
  get wantsEveryInstruction(): boolean {
    const dbcr0 = this.#hw[Hw.DBCR0]
    if ((dbcr0 & (DBCR0_ICMP | DBCR0_BRT | DBCR0_TRAP | DBCR0_RET)) !== 0) return true
    return this.#rangeArmed(0) || this.#rangeArmed(1)
  }

  /** Events of what an instruction is about to do are enabled: BRT, TRAP, RET. */
  get asksBefore(): boolean {
    return (this.#hw[Hw.DBCR0] & (DBCR0_BRT | DBCR0_TRAP | DBCR0_RET)) !== 0
  }

  /** Addresses of enabled IACs in exact mode: what the code pages mark. */
  get exactIacs(): number[] {
    const addresses: number[] = []
    for (let n = 0; n < 4; n++)
      if ((this.#hw[Hw.DBCR0] & IAC_BITS[n]) !== 0 && this.#pairMode(n >> 1) === 0)
        addresses.push(this.#hw[Hw.IAC1 + n] & ~3)
    return addresses
  }

  /** Some DAC is enabled, so data accesses to `page` must not bypass the comparators. */
  watches(page: number, pageMask: number): boolean {
    const hw = this.#hw
    const first = (hw[Hw.DBCR0] & DAC_BITS[0]) !== 0
    const second = (hw[Hw.DBCR0] & DAC_BITS[1]) !== 0
    if (!first && !second) return false
    const mode = fieldOf(DBCR2.mask.DAC12M, hw[Hw.DBCR2])
    if (mode === 1) return ((page ^ hw[Hw.DAC1]) & hw[Hw.DAC2] & pageMask) === 0
    if (mode === 2) return page >>> 0 < hw[Hw.DAC2] >>> 0 && (page | ~pageMask) >>> 0 >= hw[Hw.DAC1] >>> 0
    if (mode === 3) return true
    return (first && (hw[Hw.DAC1] & pageMask) === page) || (second && (hw[Hw.DAC2] & pageMask) === page)
  }

  /** Where what the range is about begins, if it is a debugger's. */
  get #meantFrom(): number | undefined {
    const isRange = fieldOf(DBCR2.mask.DAC12M, this.#hw[Hw.DBCR2]) === 2
    return isRange && this.#hw[Hw.OWNED] !== 0 ? this.watchedFrom : undefined
  }

  /**
   * Where in `size` bytes at `page` an access of this kind begins, at the least, that some DAC is about. None: beside the
   * page, which no access in it reaches. @returns undefined where that is no one piece
   */
  watchedIn(page: number, size: number, write: boolean): { readonly from: number; readonly bytes: number } | undefined {
    const hw = this.#hw
    const enables = hw[Hw.DBCR0] & (write ? ANY_DAC_WRITE : ANY_DAC_READ)
    const mode = fieldOf(DBCR2.mask.DAC12M, hw[Hw.DBCR2])
    const places = [hw[Hw.DAC1] >>> 0, hw[Hw.DAC2] >>> 0]
    if ((mode === 1 || mode === 3) && enables !== 0) return undefined
    const found =
      mode === 2 && enables !== 0
        ? [Math.max(page, this.#meantFrom ?? places[0]!), Math.min(page + size, places[1]!) - 1]
        : places.filter((at, n) => (enables & DAC_BITS[n]!) !== 0 && at >= page && at < page + size)
    const [from, to] = [Math.min(...found), Math.max(...found)]
    return from <= to ? { from, bytes: to + 1 - from } : { from: (page ^ 0x8000_0000) >>> 0, bytes: 0 }
  }

  /**
   * IAC events of fetching at `ea` (p.222-226): all comparators are looked at, each sets its own bit. Returns what
   * the instruction has to do; DBSR is updated.
   */
  instructionAddress(ea: number): EventOutcome {
    let outcome: EventOutcome = 'continue'
    for (let pair = 0; pair < 2; pair++) {
      const hits = this.#isRange(pair) ? this.#rangeHits(ea, pair) : this.#exactHits(ea, pair)
      if (hits !== 0) outcome = worse(outcome, this.#iacEvent(hits, pair))
    }
    return outcome
  }

  #exactHits(ea: number, pair: number): number {
    const hw = this.#hw
    if (this.#pairMode(pair) !== 0) return 0
    const enables = hw[Hw.DBCR0] & ~this.reported
    let hits = 0
    for (let n = 2 * pair; n < 2 * pair + 2; n++) {
      const enable = IAC_BITS[n]
      if ((enables & enable) !== 0 && ((hw[Hw.IAC1 + n] ^ ea) & ~3) === 0 && this.#iacQualifies(n)) hits |= enable
    }
    return hits
  }

  #rangeHits(ea: number, pair: number): number {
    const hw = this.#hw
    const enabled = hw[Hw.DBCR0] & ~this.reported & (IAC_BITS[2 * pair] | IAC_BITS[2 * pair + 1])
    if (enabled === 0 || !this.#iacQualifies(2 * pair)) return 0
    const inclusive = (this.#pairMode(pair) === 2) !== ((hw[Hw.DBSR] & ATS[pair]) !== 0)
    const low = hw[Hw.IAC1 + 2 * pair] & ~3
    const high = hw[Hw.IAC1 + 2 * pair + 1] & ~3
    return inRange(ea, low, high) === inclusive ? enabled : 0
  }

  /** Exact hits can be late; range events cannot occur with IDM alone and DE = 0. A recorded range event toggles. */
  #iacEvent(hits: number, pair: number): EventOutcome {
    const range = this.#isRange(pair)
    if (range && this.#late()) return 'continue'
    const toggles = range && (this.#hw[Hw.DBCR1] & AUTO_TOGGLE[pair]) !== 0
    return this.#record(hits, toggles ? ATS[pair] : 0)
  }

  /** IACnUS and IACnER of comparator n (0-3), p.241. PID takes no part (p.224). */
  #iacQualifies(n: number): boolean {
    const dbcr1 = this.#hw[Hw.DBCR1]
    const msr = this.msr
    const { US, ER } = IAC_FIELDS[n]
    return privilegeMatches(fieldOf(US, dbcr1), msr) && spaceMatches(fieldOf(ER, dbcr1), (msr & MSR_IS) !== 0)
  }

  /** IAC12M or IAC34M: 0 exact, 2 range inclusive, 3 range exclusive; reserved 1 matches nothing. */
  #pairMode(pair: number): number {
    return fieldOf(IAC_MODES[pair], this.#hw[Hw.DBCR1])
  }

  #isRange(pair: number): boolean {
    return this.#pairMode(pair) >= 2
  }

  #rangeArmed(pair: number): boolean {
    const enables = IAC_BITS[2 * pair] | IAC_BITS[2 * pair + 1]
    return this.#isRange(pair) && (this.#hw[Hw.DBCR0] & enables) !== 0
  }

  /** Some DAC is enabled: loads and stores that are not in the soft TLB have to be asked about. */
  get watchesData(): boolean {
    return (this.#hw[Hw.DBCR0] & (ANY_DAC_READ | ANY_DAC_WRITE)) !== 0
  }

  /**
   * DAC and DVC events of one storage access that starts at `ea` (p.226-234). `moved` is undefined for cache
   * operations, which move nothing.
   */
  dataAddress(ea: number, write: boolean, moved: Moved | undefined): EventOutcome {
    const hw = this.#hw
    const enables = hw[Hw.DBCR0] & ~this.reported & (write ? ANY_DAC_WRITE : ANY_DAC_READ)
    if (enables === 0) return 'continue'
    const first = this.#dacHits(ea, enables)
    let hits = 0
    for (let n = 0; n < 2; n++) {
      const bits = DAC_BITS[n]
      if ((first & bits) !== 0 && this.#dataValueMatches(n, ea, moved)) hits |= first & bits
    }
    if (hits === 0 || (moved !== undefined && (ea >>> 0) + moved.size <= (this.#meantFrom ?? 0))) return 'continue'
    this.access = { ea: ea >>> 0, size: moved?.size ?? 0, write }
    return this.#record(hits)
  }

  /** Enable bits of the DACs whose address part matches. Only the starting EA is compared (p.226). */
  #dacHits(ea: number, enables: number): number {
    const hw = this.#hw
    const one = enables & DAC_BITS[0]
    const two = enables & DAC_BITS[1]
    const mode = fieldOf(DBCR2.mask.DAC12M, hw[Hw.DBCR2])
    if (mode === 0)
      return (
        (hw[Hw.DAC1] === ea && this.#dacQualifies(0) ? one : 0) |
        (hw[Hw.DAC2] === ea && this.#dacQualifies(1) ? two : 0)
      )
    if (!this.#dacQualifies(0)) return 0
    if (mode === 1) return ((ea ^ hw[Hw.DAC1]) & hw[Hw.DAC2]) === 0 ? one | two : 0
    return inRange(ea, hw[Hw.DAC1], hw[Hw.DAC2]) === (mode === 2) ? one | two : 0
  }

  #dacQualifies(n: number): boolean {
    const dbcr2 = this.#hw[Hw.DBCR2]
    const msr = this.msr
    const { US, ER } = DAC_FIELDS[n]
    return privilegeMatches(fieldOf(US, dbcr2), msr) && spaceMatches(fieldOf(ER, dbcr2), (msr & MSR_DS) !== 0)
  }

  /** DVCn (p.231-234). An access that leaves its word is compared word by word, each with its own bytes (D10). */
  #dataValueMatches(n: number, ea: number, moved: Moved | undefined): boolean {
    const dbcr2 = this.#hw[Hw.DBCR2]
    const enabled = fieldOf(DVC_FIELDS[n].BE, dbcr2)
    if (enabled === 0) return true
    if (moved === undefined) return false
    const mode = fieldOf(DVC_FIELDS[n].M, dbcr2)
    const wanted = this.#hw[Hw.DVC1 + n]
    for (let word = ea & ~3; ((word - ea) | 0) < moved.size; word += 4)
      if (lanesMatch(mode, enabled, wanted, lane => byteAt(moved, word + lane - ea))) return true
    return false
  }

  /** BRT: the branch at hand will be taken (p.234). */
  branchTaken(): EventOutcome {
    return (this.#hw[Hw.DBCR0] & DBCR0_BRT) === 0 || this.#late() ? 'continue' : this.#record(DBSR_BRT)
  }

  /** TRAP: the trap condition is true (p.234). */
  trap(): EventOutcome {
    return (this.#hw[Hw.DBCR0] & DBCR0_TRAP) === 0 ? 'continue' : this.#record(DBSR_TRAP)
  }

  /** RET: a return is attempted; late only for `rfi` (p.235). */
  returning(rfi: boolean): EventOutcome {
    if ((this.#hw[Hw.DBCR0] & DBCR0_RET) === 0 || (!rfi && this.#late())) return 'continue'
    return this.#record(DBSR_RET)
  }

  /** Whether an instruction that starts now would give ICMP on completion: DE is sampled before it runs (p.236, D3). */
  get completionArmed(): boolean {
    const dbcr0 = this.#hw[Hw.DBCR0]
    const trace = (dbcr0 & (DBCR0_EDM | DBCR0_IDM)) === 0 && !this.#waitMode
    return (dbcr0 & DBCR0_ICMP) !== 0 && !trace && !this.#late()
  }

  /** ICMP of an instruction that was armed when it started and has completed. Never sets IDE. */
  completed(): EventOutcome {
    this.#latch(DBSR_ICMP)
    return this.#stopState ? 'stop' : 'continue'
  }

  /** IRPT: an interrupt was taken; with IDM alone only a non-critical one counts (p.236). */
  interruptTaken(critical: boolean): EventOutcome {
    const dbcr0 = this.#hw[Hw.DBCR0]
    const internalOnly = (dbcr0 & DBCR0_IDM) !== 0 && (dbcr0 & DBCR0_EDM) === 0 && !this.#waitMode
    if ((dbcr0 & DBCR0_IRPT) === 0 || (critical && internalOnly)) return 'continue'
    return this.#record(DBSR_IRPT)
  }

  /** UDE: the unconditional event, requested from outside; it has no enable bit (p.237). */
  unconditional(): EventOutcome {
    return this.#record(DBSR_UDE)
  }

  get #waitMode(): boolean {
    return this.#hw[Hw.JTAG_WAIT] !== 0 && (this.msr & MSR_DWE) !== 0
  }

  /** Rows 1 and 3 of the table of modes: the core stops instead of interrupting. */
  get #stopState(): boolean {
    const dbcr0 = this.#hw[Hw.DBCR0]
    if ((dbcr0 & DBCR0_EDM) !== 0) return true
    return this.#waitMode && !((dbcr0 & DBCR0_IDM) !== 0 && (this.msr & MSR_DE) !== 0)
  }

  /** Row 4: internal mode alone with DE = 0, where an event, if it can occur at all, is recorded late. */
  #late(): boolean {
    return !this.#stopState && (this.#hw[Hw.DBCR0] & DBCR0_IDM) !== 0 && (this.msr & MSR_DE) === 0
  }

  /** Latches `bits` and says what follows: the five rows of the combined modes (p.221). */
  #record(bits: number, toggled = 0): EventOutcome {
    const idm = (this.#hw[Hw.DBCR0] & DBCR0_IDM) !== 0
    const de = (this.msr & MSR_DE) !== 0
    this.#latch(idm && !de ? bits | DBSR_IDE : bits, toggled)
    if (this.#stopState) return 'stop'
    return idm && de ? 'interrupt' : 'continue'
  }

  /** Event bits are sticky; the toggle status of a pair turns over with each of its events (p.224). */
  #latch(bits: number, toggled = 0): void {
    const before = this.#hw[Hw.DBSR]
    this.#hw[Hw.DBSR] = (before | bits) ^ toggled
    this.trace?.note('event', before, this.#hw[Hw.DBSR])
    this.onEvent?.(bits)
  }

  /** mtspr DBSR: the bits written as 1 are cleared (p.244). */
  acknowledge(bits: number): void {
    const before = this.#hw[Hw.DBSR]
    this.#hw[Hw.DBSR] = before & ~bits
    if ((before & bits) !== 0) this.trace?.note('acknowledged', before, this.#hw[Hw.DBSR])
  }
}

/** The bytes of a storage access in the order of memory. */
export interface Moved {
  readonly size: number
  readonly byte: (i: number) => number
}

const byteAt = ({ size, byte }: Moved, i: number): number | undefined => (i < 0 || i >= size ? undefined : byte(i))

/**
 * DVCnM: 01 every enabled lane matches, 10 at least one, 11 all of one half; 00 is reserved and matches nothing. Lane 0
 * is the byte at the lowest address; a lane whose byte is not transferred does not match.
 */
function lanesMatch(
  mode: number,
  enabled: number,
  wanted: number,
  byte: (lane: number) => number | undefined,
): boolean {
  const matches = (lane: number): boolean => byte(lane) === ((wanted >>> (24 - 8 * lane)) & 0xff)
  const lanes = (...all: number[]): number[] => all.filter(lane => (enabled & (8 >> lane)) !== 0)
  const every = (some: readonly number[]): boolean => some.length > 0 && some.every(matches)
  switch (mode) {
    case 1:
      return every(lanes(0, 1, 2, 3))
    case 2:
      return lanes(0, 1, 2, 3).some(matches)
    case 3:
      return every(lanes(0, 1)) || every(lanes(2, 3))
    default:
      return false
  }
}

/** Of two outcomes of one instruction the one that holds it back more. */
const worse = (a: EventOutcome, b: EventOutcome): EventOutcome => {
  if (a === 'stop' || b === 'stop') return 'stop'
  return a === 'interrupt' || b === 'interrupt' ? 'interrupt' : 'continue'
}
