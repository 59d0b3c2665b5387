// The whole architected state of the core lives in one linear memory, in front of the guest's RAM, so that the
// interpreter (typed-array views), a compiler to WebAssembly (plain loads and stores) and a snapshot (one copy)
// share it without conversion.
//
//   0x0000  GPR0-31         32 x int32
//   0x0080  FPR0-31         32 x float64 (native byte order)
//   0x0180  CR0-7            8 x int32, one nibble each: LT 8, GT 4, EQ 2, SO 1
//   0x01a0  words           see Word below
//   0x0200  hardware debug  the physical debug registers, see Hw below
//   0x0240  clock            8 x float64: cycle numbers, see Clock below
//   0x1000  SPR0-1023     1024 x int32; LR, CTR, SRR0 ... are found at their SPR number
//   0x2000  TLB             64 x 4 int32: words 0, 1, 2 as tlbwe writes them, and TID; the shadow entry of reset
//   0x3000  little code     the one little-endian instruction that is being executed (codePages.ts)
//   0x4000  compiled code   its form of CR, windows and jumps (compiler/layout.ts)
//   0x10000 soft TLB      4 x 1024 x 4 int32: read tag, write tag, addend, write tag of compiled code too (mmu.ts)
//   0x20000 RAM             true big-endian order, physical address 0 first
//
// and in the strict form, which has an instruction cache, behind RAM:
//
//           image           what the cache holds of each byte of RAM, whole lines at a time
//           little code     1 KB, instead of that at 0x3000
//           lines           a byte for each line of 32: 1 where the image is valid
//
// and in both forms at the end `codeLines`, `links`, `heat`, `fetchEntries`, `decoded`, `clearable` and `touched`.

import { HEAT_COUNTERS } from './heat.ts'
import { type LinearMemory, linearMemory } from './linearMemory.ts'
import type { RealMemory } from './realMemory.ts'

/** Byte offset of guest RAM (physical address 0) in the linear memory. */
export const RAM_BASE = 0x20000

export const FPR_OFFSET = 0x0080
export const CR_OFFSET = 0x0180
export const WORDS_OFFSET = 0x01a0
export const HW_OFFSET = 0x0200
export const CLOCK_OFFSET = 0x0240
export const SPR_OFFSET = 0x1000
export const TLB_OFFSET = 0x2000
export const LITTLE_CODE_OFFSET = 0x3000
const LITTLE_CODE_BYTES = 1024
/** What compiled code needs besides the state (compiler/layout.ts), among it the windows (windows.ts). */
export const CODE_TABLES_OFFSET = 0x4000
export const WINDOWS_OFFSET = CODE_TABLES_OFFSET + 0x100
export const WINDOW_BYTES = 0x80
export const CODE_LINE_SHIFT = 8
/** Bytes of memory that `CpuState.touched` has a byte for, as a shift. */
export const TOUCHED_SHIFT = 8
/** Bytes of what a history keeps as a whole. */
export const KEPT_PAGE = 0x1000
/** Places of compiled code that can be known at once. */
const LINKS = 0x8000

/** What is known of where code is fetched from, in `CpuState.fetchEntries`: for each context as many entries of four words. */
export const FETCH_ENTRIES = 4096
/** Words of an entry: the address of its granule, where it lies and where what is decoded of it is, from the memory's beginning. */
export const FetchWord = { ADDRESS: 0, CODE: 1, DECODED: 2 } as const
/** Bytes of what is decoded of a granule of 256 instructions: their words, then their opcodes. */
export const DECODED_WORDS = 0x400
export const DECODED_BYTES = 0x600
/** Granules for whose code there is room in the memory; that of more is kept elsewhere, and is slower. */
const MOST_DECODED = 8192
export const SOFT_TLB_OFFSET = 0x10000
const SOFT_TLB_WORDS = 4 * 1024
/** The bits of an address that say its page, and those of where in a soft TLB the entry of a page is, in words. */
export const SOFT_PAGE = ~0xfff
export const SOFT_TLB_SLOTS = SOFT_TLB_WORDS - 4

/**
 * How far an address is shifted right, twice, so that the slot of its page is the exclusive or of both. The upper bits
 * take part: a program goes to and fro between regions, a stack in SRAM and RAM say, whose lower bits are the same. By
 * the second shift the uppermost bit of a slot comes from the lower bits alone, so that two pages beside each other
 * never have the same: one look with the page of the last byte finds an access that crosses a page.
 */
export const SOFT_TLB_SHIFTS = [10, 21] as const

/** Where in a soft TLB the entry of a page is, in words. */
export const softTlbSlot = (ea: number): number =>
  ((ea >>> SOFT_TLB_SHIFTS[0]) ^ (ea >>> SOFT_TLB_SHIFTS[1])) & SOFT_TLB_SLOTS

/** In `Word.RESET`: the watchdog has asked, and not DBCR0. */
export const BY_WATCHDOG = 4

/** Words of a TLB entry in `CpuState.tlb`: 0 to 2 as tlbwe writes them, and the TID. */
export const TlbWord = { EPN: 0, RPN: 1, ATTRIBUTES: 2, TID: 3 } as const

/** The index in `CpuState.tlb` of a word of entry 0 to 63, or of 64, the shadow entry of reset. */
export const tlbIndex = (entry: number, word: number = TlbWord.EPN): number => 4 * entry + word

/** Bytes of a line of both caches. */
export const CACHE_LINE = 32

/** Indices into `CpuState.words`: what has neither a register number nor an SPR number. */
export const Word = {
  /** Address of the instruction to execute next. */
  PC: 0,
  /** The guest's machine state register. */
  MSR: 1,
  /** XER split, because carry and overflow are written far more often than read. 0 or 1. */
  SO: 2,
  OV: 3,
  CA: 4,
  /** XER[TBC], 0-127. */
  TBC: 5,
  FPSCR: 6,
  /** 1 while a reservation is held, and the real address of its 32-byte line (low 32 bits). */
  RESERVED: 7,
  RESERVATION: 8,
  /** Attention bits: anything but 0 makes the interpreter leave its loop before the next instruction. See `Attention`. */
  ATTENTION: 9,
  /** Instructions left of the current `interpret` call when it last called out; `cycles` is exact through it. */
  LEFT: 10,
  /** With Attention.RESET: 1 core, 2 chip, 3 system; 4 more when the watchdog asked and not DBCR0. */
  RESET: 11,
  /** Interrupts taken since an instruction last completed. */
  INTERRUPTS_IN_A_ROW: 12,
} as const

/** Bits of `Word.ATTENTION`. */
export const Attention = {
  /** The instruction at PC raised `cpu.fault`: it has not completed and must not be retired. */
  FAULT: 1,
  /** MSR, DBSR, a timer or an input changed: interrupts have to be looked at again. */
  INTERRUPT: 2,
  /** Debug events are enabled that every instruction must be asked about (ICMP, BRT, TRAP, RET, IAC ranges). */
  DEBUG: 4,
  /** Somebody outside wants `run` to return after the current instruction. */
  STOP: 8,
  /** MSR[FE0] or MSR[FE1] became 1 while FPSCR[FEX] was: a late Program interrupt follows. */
  FLOAT: 16,
  /** A reset was requested by DBCR0[RST] or the watchdog. */
  RESET: 32,
  /** An armed exact IAC matches the instruction at PC; it has not been executed. */
  IAC: 64,
  /** The instruction just retired was `sc`: a System Call interrupt follows. */
  SYSCALL: 128,
  /** A debug event asked for the stop state (external debug mode, debug wait). */
  STOPPED: 256,
} as const

/**
 * Indices into `CpuState.hw`: the physical debug facility, which the comparators look at. What the guest reads and
 * writes by mfspr and mtspr is the same thing while the guest owns the facility, and lies in `spr` while user space
 * does (`Hw.OWNED`), so that neither sees the other's values.
 */
export const Hw = {
  DBCR0: 0,
  DBCR1: 1,
  DBCR2: 2,
  DBSR: 3,
  IAC1: 4,
  IAC2: 5,
  IAC3: 6,
  IAC4: 7,
  DAC1: 8,
  DAC2: 9,
  DVC1: 10,
  DVC2: 11,
  /** MSR bits that are forced to 1 for the debug facility while KVM runs a guest: KVMPPC_MSR_MASK, or 0. */
  SHADOW: 12,
  /**
   * 1 while the hardware registers are not the guest's: between runs under KVM, and in a run while user space owns the
   * facility. A Debug interrupt then leaves `run` instead of vectoring in the guest.
   */
  OWNED: 13,
  /** Bits the guest additionally reads as 1 in DBCR0 while user space owns the facility: EDM as a hint, or none. */
  DBCR0_HINT: 14,
  /** The enable bit of debug wait mode in the JTAG controller: the other half of MSR[DWE] (p.221). */
  JTAG_WAIT: 15,
} as const

/** Indices into `CpuState.clock`, all in cycles. Infinity: never. */
export const Clock = {
  /** Instructions retired, plus cycles skipped while waiting. */
  CYCLES: 0,
  /** Instructions retired. */
  RETIRED: 1,
  /** Cycles the timers stood still so far (DBCR0[FT]). */
  FROZEN: 2,
  /** Cycle at which the timers froze, or -1. */
  FROZEN_SINCE: 3,
  /** Timer time at which DEC reaches 0; below the present when it rests at 0. */
  DEC_EXPIRY: 4,
} as const

/** Typed-array views of one linear memory that holds the core's state and the guest's RAM. */
export class CpuState {
  readonly memory: LinearMemory
  /** What of it is state. The rest is made of that: translations, windows, and what compiled code knows. */
  readonly saved: readonly Uint8Array[]
  readonly gpr: Int32Array
  /** FPRs as doubles, and the same bits as pairs of int32 (index 2n: low word on a little-endian host). */
  readonly fpr: Float64Array
  readonly fprWords: Int32Array
  readonly cr: Int32Array
  readonly words: Int32Array
  readonly hw: Int32Array
  readonly clock: Float64Array
  /** What mtspr to TBU/TBL added to the cycle count to give the 64-bit time base, and the same as two words. */
  readonly timeBaseOffset: BigInt64Array
  readonly timeBaseOffsetWords: Uint32Array
  readonly spr: Int32Array
  /** Entries 0 to 63, and as the 65th the shadow entry that reset leaves (launchState.ts), which no instruction reaches. */
  readonly tlb: Int32Array
  /** The soft TLB of each context (mmu.ts), and that of the present one. */
  readonly softTlbs: readonly Int32Array[]
  /** For each entry of the soft TLBs whether dcbz may clear lines there: the page is cached for writing. */
  readonly clearable: Uint8Array
  /** WINDOW_BYTES for each context: see windows.ts. */
  readonly windows: Int32Array
  softTlb: Int32Array
  /** Code is fetched through this, RAM from RAM_BASE on: RAM itself, or the image of the instruction cache. */
  readonly code: DataView
  /** Where the little-endian instruction is put, an offset in `code`. */
  readonly littleCode: number
  /** Lines of the instruction cache; empty where there is none. */
  readonly lines: Uint8Array
  /** Where memory is among the real addresses. */
  readonly real: RealMemory
  /** Guest RAM from real address 0, and the ROMs behind it; big-endian through the DataView. */
  readonly ram: DataView
  readonly ramBytes: Uint8Array
  /** 1 for each 4 KB of RAM in which there is or was compiled code that a store could change. */
  readonly compiledPages: Uint8Array
  /** The same by lines of 256 bytes, where compiled code can see it: not 0 where there is some. */
  readonly codeLines: Uint8Array
  /**
   * By lines of 256 bytes from RAM_BASE on: not 0 where something of `saved` may have been written since whoever keeps a
   * history looked last. Whoever writes there sets it.
   */
  readonly touched: Uint8Array
  /** Where compiled regions are found by others: for each known place its place in the table of functions, or 0. */
  readonly links: Int32Array
  /** How often branches have led where (heat.ts). */
  readonly heat: Uint8Array
  /** The granules of code that fetch knows, by context and address, where compiled code can see them: see FetchWord. */
  readonly fetchEntries: Int32Array
  /** Room for what is decoded of granules, DECODED_BYTES for each. */
  readonly decoded: Uint8Array

  /**
   * @param real where memory is: together at most 2 GB
   * @param cached code is fetched from an image that changes line by line only when it is told to
   */
  constructor(real: RealMemory, cached = false) {
    this.real = real
    const ramSize = real.size
    const lines = ramSize / CACHE_LINE
    const state = RAM_BASE + ramSize + (cached ? ramSize + LITTLE_CODE_BYTES + lines : 0)
    // Whole pages, which a history keeps.
    const end = Math.ceil(state / KEPT_PAGE) * KEPT_PAGE
    const linksOffset = end + Math.ceil((ramSize >>> CODE_LINE_SHIFT) / 4) * 4
    const heatOffset = linksOffset + 4 * LINKS
    const fetchOffset = heatOffset + HEAT_COUNTERS
    const fetchWords = 4 * 4 * FETCH_ENTRIES
    const decodedOffset = fetchOffset + 4 * fetchWords
    const decodedBytes = DECODED_BYTES * Math.min(MOST_DECODED, ramSize / 1024)
    const clearableOffset = decodedOffset + decodedBytes
    const touchedOffset = clearableOffset + 4 * 1024
    // Compiled code marks two lines at once; a history asks for all of a page.
    const touchedLines = ((end - RAM_BASE) >>> TOUCHED_SHIFT) + 2
    const pages = Math.ceil((touchedOffset + touchedLines) / 65536)
    this.memory = linearMemory(pages)
    const buffer = this.memory.buffer
    this.saved = [new Uint8Array(buffer, 0, CODE_TABLES_OFFSET), new Uint8Array(buffer, RAM_BASE, end - RAM_BASE)]
    this.gpr = new Int32Array(buffer, 0, 32)
    this.fpr = new Float64Array(buffer, FPR_OFFSET, 32)
    this.fprWords = new Int32Array(buffer, FPR_OFFSET, 64)
    this.cr = new Int32Array(buffer, CR_OFFSET, 8)
    this.words = new Int32Array(buffer, WORDS_OFFSET, 16)
    this.hw = new Int32Array(buffer, HW_OFFSET, 16)
    this.clock = new Float64Array(buffer, CLOCK_OFFSET, 7)
    this.timeBaseOffset = new BigInt64Array(buffer, CLOCK_OFFSET + 56, 1)
    this.timeBaseOffsetWords = new Uint32Array(buffer, CLOCK_OFFSET + 56, 2)
    this.spr = new Int32Array(buffer, SPR_OFFSET, 1024)
    this.tlb = new Int32Array(buffer, TLB_OFFSET, tlbIndex(65))
    this.softTlbs = [0, 1, 2, 3].map(n => new Int32Array(buffer, SOFT_TLB_OFFSET + n * 0x4000, SOFT_TLB_WORDS))
    this.softTlb = this.softTlbs[0]!
    this.clearable = new Uint8Array(buffer, clearableOffset, 4 * 1024)
    this.windows = new Int32Array(buffer, WINDOWS_OFFSET, WINDOW_BYTES)
    this.code = new DataView(buffer, cached ? ramSize : 0)
    this.littleCode = cached ? RAM_BASE + ramSize : LITTLE_CODE_OFFSET
    this.lines = new Uint8Array(buffer, RAM_BASE + (cached ? 2 * ramSize + LITTLE_CODE_BYTES : 0), cached ? lines : 0)
    this.ram = new DataView(buffer, RAM_BASE, ramSize)
    this.ramBytes = new Uint8Array(buffer, RAM_BASE, ramSize)
    this.codeLines = new Uint8Array(buffer, end, ramSize >>> CODE_LINE_SHIFT)
    this.links = new Int32Array(buffer, linksOffset, LINKS)
    this.heat = new Uint8Array(buffer, heatOffset, HEAT_COUNTERS)
    this.fetchEntries = new Int32Array(buffer, fetchOffset, fetchWords)
    this.decoded = new Uint8Array(buffer, decodedOffset, decodedBytes)
    this.touched = new Uint8Array(buffer, touchedOffset, touchedLines)
    this.compiledPages = new Uint8Array(ramSize / 4096)
  }

  /** [at, at + bytes) behind RAM_BASE, which is RAM first, has been written, or is about to be. */
  touch(at: number, bytes: number): void {
    this.touched.fill(1, at >>> TOUCHED_SHIFT, ((at + bytes - 1) >>> TOUCHED_SHIFT) + 1)
  }
}
