// Loads and stores. What the soft TLB knows goes straight to RAM; the slow path has translation, permission, alignment,
// watchpoints, device registers and pages in little-endian order, and enters into the soft TLB what may skip all this
// next time.

import type { Size } from '../bus/device.ts'
import { Ivor } from '../isa/interrupts.ts'
import { CCR0_FLSTA, ESR_ST, Spr } from '../isa/registers.ts'
import type { Cpu } from './cpu.ts'
import { noteSecondEntry } from './exec/tlb.ts'
import type { Translation } from './mmu.ts'
import { SOFT_PAGE, softTlbSlot, TOUCHED_SHIFT } from './state.ts'

type Hit = Translation & { kind: 'hit' }

/** Accesses are never translated across this boundary in one piece: the smallest page. */
const PIECE = 1024

export function read8(cpu: Cpu, ea: number): number {
  const t = cpu.state.softTlb
  const slot = softTlbSlot(ea)
  if ((ea & SOFT_PAGE) === t[slot]) return cpu.state.ram.getUint8((ea + t[slot + 2]) | 0)
  return slowRead(cpu, ea, 1)
}

export function read16(cpu: Cpu, ea: number): number {
  const t = cpu.state.softTlb
  const slot = softTlbSlot(ea)
  if (((ea + 1) & SOFT_PAGE) === t[slot]) return cpu.state.ram.getUint16((ea + t[slot + 2]) | 0)
  return slowRead(cpu, ea, 2)
}

export function read32(cpu: Cpu, ea: number): number {
  const t = cpu.state.softTlb
  const slot = softTlbSlot(ea)
  if (((ea + 3) & SOFT_PAGE) === t[slot]) return cpu.state.ram.getInt32((ea + t[slot + 2]) | 0)
  return slowRead(cpu, ea, 4)
}

export function write8(cpu: Cpu, ea: number, value: number): void {
  const t = cpu.state.softTlb
  const slot = softTlbSlot(ea)
  if ((ea & SOFT_PAGE) === t[slot + 1]) {
    const real = (ea + t[slot + 2]) | 0
    cpu.state.ram.setInt8(real, value)
    cpu.state.touched[real >>> TOUCHED_SHIFT] = 1
  } else slowWrite(cpu, ea, 1, value)
}

export function write16(cpu: Cpu, ea: number, value: number): void {
  const t = cpu.state.softTlb
  const slot = softTlbSlot(ea)
  if (((ea + 1) & SOFT_PAGE) === t[slot + 1]) {
    const real = (ea + t[slot + 2]) | 0
    cpu.state.ram.setInt16(real, value)
    cpu.state.touched[real >>> TOUCHED_SHIFT] = 1
    cpu.state.touched[(real + 1) >>> TOUCHED_SHIFT] = 1
  } else slowWrite(cpu, ea, 2, value)
}

export function write32(cpu: Cpu, ea: number, value: number): void {
  const t = cpu.state.softTlb
  const slot = softTlbSlot(ea)
  if (((ea + 3) & SOFT_PAGE) === t[slot + 1]) {
    const real = (ea + t[slot + 2]) | 0
    cpu.state.ram.setInt32(real, value)
    cpu.state.touched[real >>> TOUCHED_SHIFT] = 1
    cpu.state.touched[(real + 3) >>> TOUCHED_SHIFT] = 1
  } else slowWrite(cpu, ea, 4, value)
}

/** Translates for a data access, or raises the interrupt that says why not (manual p.181-186). */
export function translateData(cpu: Cpu, ea: number, access: 'load' | 'store'): Hit | undefined {
  const known = cpu.mmu.remembered(ea, access)
  if (known !== undefined) return known
  const translation = cpu.mmu.translate(ea, access)
  if (translation.kind === 'hit') {
    noteSecondEntry(cpu, ea, translation.entry, cpu.mmu.alsoMaps(ea, access, translation.entry))
    cpu.mmu.remember(ea, access, translation)
    return translation
  }
  const ivor = translation.kind === 'miss' ? Ivor.DATA_TLB_ERROR : Ivor.DATA_STORAGE
  cpu.raise(ivor, access === 'store' ? ESR_ST : 0, ea)
  return undefined
}

/** @returns the value, zero-extended; 0 with a fault raised. */
export function slowRead(cpu: Cpu, ea: number, size: Size): number {
  const hits = translate(cpu, ea, size, 'load')
  if (hits === undefined || !aligned(cpu, ea, size, 0)) return 0
  if (cpu.debug.watchesData && !allowed(cpu, ea, false, size, i => peekByte(cpu, hits, i))) return 0
  return read(cpu, ea, size, hits)
}

export function slowWrite(cpu: Cpu, ea: number, size: Size, value: number): void {
  const hits = translate(cpu, ea, size, 'store')
  if (hits === undefined || !aligned(cpu, ea, size, ESR_ST)) return
  const byte = (i: number): number => byteOf(value, size, i, hits[0]!.littleEndian)
  if (cpu.debug.watchesData && !allowed(cpu, ea, true, size, byte)) return
  write(cpu, ea, size, value, hits)
}

/** What the floating-point unit moves: watchpoints have been asked already, and alignment is its own business. */
export function readUnwatched(cpu: Cpu, ea: number): number {
  const hits = translate(cpu, ea, 4, 'load')
  return hits === undefined ? 0 : read(cpu, ea, 4, hits)
}

export function writeUnwatched(cpu: Cpu, ea: number, value: number): void {
  const hits = translate(cpu, ea, 4, 'store')
  if (hits !== undefined) write(cpu, ea, 4, value, hits)
}

/** CCR0[FLSTA] = 1 makes every misaligned integer access an Alignment interrupt (p.117). */
function aligned(cpu: Cpu, ea: number, size: Size, esr: number): boolean {
  if ((ea & (size - 1)) === 0 || (cpu.state.spr[Spr.CCR0] & CCR0_FLSTA) === 0) return true
  cpu.raise(Ivor.ALIGNMENT, esr, ea)
  return false
}

const crosses = (ea: number, size: Size): boolean => ((ea ^ (ea + size - 1)) & -PIECE) !== 0

/**
 * The DAC and DVC comparators have their say last (p.202). An access over a 16-byte boundary is two storage accesses,
 * each compared with its own start (D1). @returns false: it must not happen
 */
export function allowed(cpu: Cpu, ea: number, write: boolean, size: number, byte: (i: number) => number): boolean {
  const first = Math.min(size, 16 - (ea & 15))
  if (!cpu.debugEvent(cpu.debug.dataAddress(ea, write, { size: first, byte }))) return false
  if (first === size) return true
  const rest = { size: size - first, byte: (i: number): number => byte(first + i) }
  return cpu.debugEvent(cpu.debug.dataAddress((ea + first) | 0, write, rest))
}

/** Where the access goes: one translation, or one per byte over a page boundary; all asked before anything moves. */
function translate(cpu: Cpu, ea: number, size: Size, access: 'load' | 'store'): Hit[] | undefined {
  const hits: Hit[] = []
  for (let i = 0; i < (crosses(ea, size) ? size : 1); i++) {
    const hit = translateData(cpu, (ea + i) | 0, access)
    if (hit === undefined) return undefined
    hits.push(hit)
  }
  return hits
}

function read(cpu: Cpu, ea: number, size: Size, hits: readonly Hit[]): number {
  if (hits.length === 1) {
    const value = readReal(cpu, hits[0]!.real, size, hits[0]!.littleEndian, ea)
    enterSoftTlb(cpu, ea, hits[0]!)
    return value
  }
  let value = 0
  for (const [i, hit] of hits.entries())
    value |= readReal(cpu, hit.real, 1, false, (ea + i) | 0) << (8 * (hit.littleEndian ? i : size - 1 - i))
  return value
}

function write(cpu: Cpu, ea: number, size: Size, value: number, hits: readonly Hit[]): void {
  if (hits.length === 1) {
    writeReal(cpu, hits[0]!.real, size, value, hits[0]!.littleEndian, ea)
    return enterSoftTlb(cpu, ea, hits[0]!)
  }
  for (const [i, hit] of hits.entries())
    writeReal(cpu, hit.real, 1, byteOf(value, size, i, hit.littleEndian), false, (ea + i) | 0)
}

/** Byte `i` of memory when `value` is stored. */
const byteOf = (value: number, size: Size, i: number, littleEndian: boolean): number =>
  (value >>> (8 * (littleEndian ? i : size - 1 - i))) & 0xff

/** Byte `i` of what a load would find, without a device noticing. */
function peekByte(cpu: Cpu, hits: readonly Hit[], i: number): number {
  const real = hits.length === 1 ? hits[0]!.real + i : hits[i]!.real
  const { ramBytes } = cpu.state
  return real < ramBytes.length ? ramBytes[real]! : (cpu.bus.peek(cpu.state.real.realOf(real), 1) ?? 0)
}

/** Reads `size` bytes at a real address: RAM, a device, or a machine check when nobody answers. */
function readReal(cpu: Cpu, real: number, size: Size, littleEndian: boolean, ea: number): number {
  const { ram } = cpu.state
  if (real + size <= ram.byteLength) {
    if (size === 4) return ram.getInt32(real, littleEndian)
    return size === 2 ? ram.getUint16(real, littleEndian) : ram.getUint8(real)
  }
  const value = cpu.bus.read(cpu.state.real.realOf(real), size)
  if (value === undefined) cpu.busError('load', real, ea)
  return littleEndian ? swap(value ?? 0, size) : (value ?? 0)
}

function writeReal(cpu: Cpu, real: number, size: Size, value: number, littleEndian: boolean, ea: number): void {
  const { ram } = cpu.state
  if (real + size <= ram.byteLength) {
    if (!cpu.state.real.isWritable(real))
      return storeToRom(cpu, real, size, littleEndian ? swap(value, size) : value, ea)
    if (size === 4) ram.setInt32(real, value, littleEndian)
    else if (size === 2) ram.setInt16(real, value, littleEndian)
    else ram.setInt8(real, value)
    cpu.written(real, size)
    return
  }
  const moved = littleEndian ? swap(value, size) : value
  if (!cpu.bus.write(cpu.state.real.realOf(real), size, size === 4 ? moved : moved & (2 ** (8 * size) - 1)))
    cpu.busError('store', real, ea)
}

/** Flash hears commands; any other ROM is not changed. */
function storeToRom(cpu: Cpu, place: number, size: Size, value: number, ea: number): void {
  const real = cpu.state.real.realOf(place)
  if (cpu.bus.hasAt(real)) cpu.bus.write(real, size, size === 4 ? value : value & (2 ** (8 * size) - 1))
  else cpu.romStore(place, ea)
}

const swap = (value: number, size: Size): number => {
  if (size === 1) return value
  if (size === 2) return ((value & 0xff) << 8) | ((value >>> 8) & 0xff)
  return (value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)
}

export function enterSoftTlb(cpu: Cpu, ea: number, hit: Hit): void {
  const realPage = hit.real - (ea & ~SOFT_PAGE)
  const page = ea & SOFT_PAGE
  // What was stored may have been a command after which flash does not give what it holds.
  if (!cpu.state.real.isReadable(hit.real)) return
  if (realPage + ~SOFT_PAGE >= cpu.state.ram.byteLength || (cpu.state.spr[Spr.CCR0] & CCR0_FLSTA) !== 0) return
  if (cpu.debug.watches(page, SOFT_PAGE)) cpu.windows.moveToWatched(cpu.mmu.context, ea, hit)
  else if (cpu.mmu.enter(ea, hit)) cpu.windows.moveTo(cpu.mmu.context, ea, hit)
}
