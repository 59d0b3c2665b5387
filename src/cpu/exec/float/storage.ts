// Loads and stores of floating-point registers. They fault as the integer ones do, with ESR[FP] set as well, and take
// an Alignment interrupt where the operand crosses a 16-byte boundary (user's manual p.186). A hosted program never sees
// that one: Linux finishes the access in software.

import { Ivor } from '../../../isa/interrupts.ts'
import { ESR_FP, ESR_ST } from '../../../isa/registers.ts'
import type { Cpu } from '../../cpu.ts'
import { allowed, read32, readUnwatched, write32, writeUnwatched } from '../../memory.ts'
import { Attention, SOFT_PAGE, softTlbSlot, Word } from '../../state.ts'

const faulted = (cpu: Cpu): boolean => (cpu.state.words[Word.ATTENTION] & Attention.FAULT) !== 0

type Direction = 'load' | 'store'

/** In the soft TLB, which holds nothing that needs looking at, and within 16 bytes: nothing can happen. */
function isPlain(cpu: Cpu, ea: number, size: number, access: Direction): boolean {
  const slot = softTlbSlot(ea) + (access === 'load' ? 0 : 1)
  return (ea & 15) <= 16 - size && (ea & SOFT_PAGE) === cpu.state.softTlb[slot]
}

/** Whether the access may be made; else its interrupt is raised. `swap`: the words lie in little-endian order. */
function prepare(cpu: Cpu, ea: number, size: number, access: Direction): { readonly swap: boolean } | undefined {
  const esr = access === 'store' ? ESR_FP | ESR_ST : ESR_FP
  const boundary = (ea + size - 1) & ~15
  const crosses = (ea & ~15) !== boundary
  const first = cpu.mmu.translate(ea, access)
  const failed = first.kind !== 'hit' ? first : crosses ? cpu.mmu.translate(boundary, access) : first
  if (failed.kind !== 'hit') {
    // Where only the second page fails, DEAR is the first byte of that (p.183).
    const where = first.kind === 'hit' ? boundary : ea
    cpu.raise(failed.kind === 'miss' ? Ivor.DATA_TLB_ERROR : Ivor.DATA_STORAGE, esr, where)
    return undefined
  }
  if (crosses && !cpu.hosted) {
    cpu.raise(Ivor.ALIGNMENT, esr, ea)
    return undefined
  }
  return { swap: failed.littleEndian }
}

/** lfd: one storage access of two words. */
export function loadDouble(cpu: Cpu, frt: number, ea: number): void {
  const plain = isPlain(cpu, ea, 8, 'load')
  const prepared = plain ? undefined : prepare(cpu, ea, 8, 'load')
  if (!plain && prepared === undefined) return
  if (!plain && !isAllowed(cpu, ea, 8, false, i => peekByte(cpu, (ea + i) | 0))) return
  const first = plain ? read32(cpu, ea) : readUnwatched(cpu, ea)
  if (faulted(cpu)) return
  const second = plain ? read32(cpu, (ea + 4) | 0) : readUnwatched(cpu, (ea + 4) | 0)
  if (faulted(cpu)) return
  const { fprWords } = cpu.state
  fprWords[2 * frt] = prepared?.swap ? first : second
  fprWords[2 * frt + 1] = prepared?.swap ? second : first
}

/** stfd */
export function storeDouble(cpu: Cpu, frs: number, ea: number): void {
  const plain = isPlain(cpu, ea, 8, 'store')
  const prepared = plain ? undefined : prepare(cpu, ea, 8, 'store')
  if (!plain && prepared === undefined) return
  const { fprWords } = cpu.state
  const first = fprWords[2 * frs + (prepared?.swap ? 0 : 1)]
  const second = fprWords[2 * frs + (prepared?.swap ? 1 : 0)]
  const order = prepared?.swap ? 0 : 3
  const byte = (i: number): number => ((i < 4 ? first : second) >>> (8 * ((i & 3) ^ order))) & 0xff
  if (!plain && !isAllowed(cpu, ea, 8, true, byte)) return
  if (plain) write32(cpu, ea, first)
  else writeUnwatched(cpu, ea, first)
  if (faulted(cpu)) return
  if (plain) write32(cpu, (ea + 4) | 0, second)
  else writeUnwatched(cpu, (ea + 4) | 0, second)
}

/** The watchpoints see one access (p.226). */
const isAllowed = (cpu: Cpu, ea: number, size: number, write: boolean, byte: (i: number) => number): boolean =>
  !cpu.debug.watchesData || allowed(cpu, ea, write, size, byte)

function peekByte(cpu: Cpu, ea: number): number {
  const real = cpu.mmu.peek(ea) ?? 0
  const { ramBytes } = cpu.state
  return real < ramBytes.length ? ramBytes[real]! : (cpu.bus.peek(cpu.state.real.realOf(real), 1) ?? 0)
}

/** A word for this unit, which CCR0[FLSTA] does not concern (p.186). @returns undefined with an interrupt raised */
function loadWord(cpu: Cpu, ea: number): number | undefined {
  if (isPlain(cpu, ea, 4, 'load')) return read32(cpu, ea)
  if (prepare(cpu, ea, 4, 'load') === undefined) return undefined
  if (!isAllowed(cpu, ea, 4, false, i => peekByte(cpu, (ea + i) | 0))) return undefined
  const word = readUnwatched(cpu, ea)
  return faulted(cpu) ? undefined : word
}

function saveWord(cpu: Cpu, ea: number, value: number): void {
  if (isPlain(cpu, ea, 4, 'store')) return write32(cpu, ea, value)
  const prepared = prepare(cpu, ea, 4, 'store')
  if (prepared === undefined) return
  const order = prepared.swap ? 0 : 3
  if (isAllowed(cpu, ea, 4, true, i => (value >>> (8 * (i ^ order))) & 0xff)) writeUnwatched(cpu, ea, value)
}

/** lfs: the same number as a double; a signalling NaN stays one. */
export function loadSingle(cpu: Cpu, frt: number, ea: number): void {
  const single = loadWord(cpu, ea)
  if (single === undefined) return
  if ((single & 0x7f800000) !== 0x7f800000) {
    cpu.state.fpr[frt] = singleValue(single)
    return
  }
  const { fprWords } = cpu.state
  fprWords[2 * frt] = single << 29
  fprWords[2 * frt + 1] = (single & 0x80000000) | 0x7ff00000 | ((single & 0x007fffff) >>> 3)
}

/** stfs: the bits a single has, without rounding; below its range they are shifted out (PEM appendix D.7). */
export function storeSingle(cpu: Cpu, frs: number, ea: number): void {
  const { fprWords } = cpu.state
  saveWord(cpu, ea, singleBits(fprWords[2 * frs + 1], fprWords[2 * frs]))
}

/** stfiwx: the lower word as it is. */
export function storeWord(cpu: Cpu, frs: number, ea: number): void {
  saveWord(cpu, ea, cpu.state.fprWords[2 * frs])
}

const float = new Float32Array(1)
const word = new Int32Array(float.buffer)

function singleValue(single: number): number {
  word[0] = single
  return float[0]
}

/** Double exponents of the largest and the smallest single that is still denormalised (biased). */
const LARGEST_DENORMAL = 896
const SMALLEST_DENORMAL = 874

export function singleBits(high: number, low: number): number {
  const exponent = (high >>> 20) & 0x7ff
  if (exponent > LARGEST_DENORMAL || (high & 0x7fffffff) === 0)
    return (high & 0xc0000000) | ((high << 3) & 0x3ffffff8) | (low >>> 29)
  if (exponent < SMALLEST_DENORMAL) return high & 0x80000000
  const significand = 0x800000 | ((high & 0xfffff) << 3) | (low >>> 29)
  return (high & 0x80000000) | (significand >>> (LARGEST_DENORMAL + 1 - exponent))
}
