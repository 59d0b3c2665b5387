// The slow path of every load and store: translation, permission, alignment, watchpoints, device registers, pages in
// little-endian order. What may skip all this next time is entered into the soft TLB.

import { Ivor } from '../isa/interrupts.ts'
import { CCR0_FLSTA, ESR_ST, Spr } from '../isa/registers.ts'
import type { Cpu } from './cpu.ts'
import type { Translation } from './mmu.ts'

type Size = 1 | 2 | 4
type Hit = Translation & { kind: 'hit' }

/** Accesses are never translated across this boundary in one piece: the smallest page. */
const PIECE = 1024
const SOFT_PAGE = 0xfff

/** Translates for a data access, or raises the interrupt that says why not (manual p.181-186). */
export function translateData(cpu: Cpu, ea: number, access: 'load' | 'store'): Hit | undefined {
  const translation = cpu.mmu.translate(ea, access)
  if (translation.kind === 'hit') return translation
  const ivor = translation.kind === 'miss' ? Ivor.DATA_TLB_ERROR : Ivor.DATA_STORAGE
  cpu.raise(ivor, access === 'store' ? ESR_ST : 0, ea)
  return undefined
}

/** @returns the value, zero-extended; 0 with a fault raised. */
export function slowRead(cpu: Cpu, ea: number, size: Size): number {
  if (!aligned(cpu, ea, size, 0)) return 0
  if (crosses(ea, size)) return readPieces(cpu, ea, size)
  const hit = translateData(cpu, ea, 'load')
  if (hit === undefined) return 0
  const value = readReal(cpu, hit.real, size, hit.littleEndian, ea)
  if (!allowed(cpu, ea, false, size, value)) return 0
  enterSoftTlb(cpu, ea, hit)
  return value
}

export function slowWrite(cpu: Cpu, ea: number, size: Size, value: number): void {
  if (!aligned(cpu, ea, size, ESR_ST)) return
  if (crosses(ea, size)) return writePieces(cpu, ea, size, value)
  const hit = translateData(cpu, ea, 'store')
  if (hit === undefined || !allowed(cpu, ea, true, size, value)) return
  writeReal(cpu, hit.real, size, value, hit.littleEndian, ea)
  enterSoftTlb(cpu, ea, hit)
}

/** CCR0[FLSTA] = 1 makes every misaligned integer access an Alignment interrupt (p.117). */
function aligned(cpu: Cpu, ea: number, size: Size, esr: number): boolean {
  if ((ea & (size - 1)) === 0 || (cpu.state.spr[Spr.CCR0] & CCR0_FLSTA) === 0) return true
  cpu.raise(Ivor.ALIGNMENT, esr, ea)
  return false
}

const crosses = (ea: number, size: Size): boolean => ((ea ^ (ea + size - 1)) & -PIECE) !== 0

/** The DAC and DVC comparators have their say last (p.202); false: the access must not happen. */
function allowed(cpu: Cpu, ea: number, write: boolean, size: Size, value: number | undefined): boolean {
  return cpu.debugEvent(cpu.debug.dataAddress(ea, write, size, value))
}

/** An access over a page boundary: both pages are asked before anything moves. */
function pieces(cpu: Cpu, ea: number, size: Size, access: 'load' | 'store'): Hit[] | undefined {
  const hits: Hit[] = []
  for (let i = 0; i < size; i++) {
    const hit = translateData(cpu, (ea + i) | 0, access)
    if (hit === undefined) return undefined
    hits.push(hit)
  }
  return hits
}

function readPieces(cpu: Cpu, ea: number, size: Size): number {
  const hits = pieces(cpu, ea, size, 'load')
  if (hits === undefined) return 0
  let value = 0
  for (const [i, hit] of hits.entries()) {
    const byte = readReal(cpu, hit.real, 1, false, (ea + i) | 0)
    value |= byte << (8 * (hit.littleEndian ? i : size - 1 - i))
  }
  return allowed(cpu, ea, false, size, value) && allowedSecond(cpu, ea, false, size, value) ? value : 0
}

function writePieces(cpu: Cpu, ea: number, size: Size, value: number): void {
  const hits = pieces(cpu, ea, size, 'store')
  if (hits === undefined || !allowed(cpu, ea, true, size, value) || !allowedSecond(cpu, ea, true, size, value)) return
  for (const [i, hit] of hits.entries())
    writeReal(cpu, hit.real, 1, (value >>> (8 * (hit.littleEndian ? i : size - 1 - i))) & 0xff, false, (ea + i) | 0)
}

/** The second storage access of a split one is compared with its own start address (D1). */
function allowedSecond(cpu: Cpu, ea: number, write: boolean, size: Size, value: number): boolean {
  const second = ((ea + size) & -PIECE) | 0
  const bytes = (ea + size - second) as Size
  return allowed(cpu, second, write, bytes, value & (2 ** (8 * bytes) - 1))
}

/** Reads `size` bytes at a real address: RAM, a device, or a machine check when nobody answers. */
function readReal(cpu: Cpu, real: number, size: Size, littleEndian: boolean, ea: number): number {
  const { ram } = cpu.state
  if (real + size <= ram.byteLength) {
    if (size === 4) return ram.getInt32(real, littleEndian)
    return size === 2 ? ram.getUint16(real, littleEndian) : ram.getUint8(real)
  }
  const value = cpu.bus.read(real, size)
  if (value === undefined) cpu.busError('load', real, ea)
  return littleEndian ? swap(value ?? 0, size) : (value ?? 0)
}

function writeReal(cpu: Cpu, real: number, size: Size, value: number, littleEndian: boolean, ea: number): void {
  const { ram } = cpu.state
  if (real + size <= ram.byteLength) {
    if (size === 4) ram.setInt32(real, value, littleEndian)
    else if (size === 2) ram.setInt16(real, value, littleEndian)
    else ram.setInt8(real, value)
    return
  }
  const moved = littleEndian ? swap(value, size) : value
  if (!cpu.bus.write(real, size, size === 4 ? moved : moved & (2 ** (8 * size) - 1))) cpu.busError('store', real, ea)
}

const swap = (value: number, size: Size): number => {
  if (size === 1) return value
  if (size === 2) return ((value & 0xff) << 8) | ((value >>> 8) & 0xff)
  return (value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)
}

function enterSoftTlb(cpu: Cpu, ea: number, hit: Hit): void {
  const realPage = hit.real - (ea & SOFT_PAGE)
  const page = ea & ~SOFT_PAGE
  if (realPage + SOFT_PAGE >= cpu.state.ram.byteLength || (cpu.state.spr[Spr.CCR0] & CCR0_FLSTA) !== 0) return
  if (!cpu.debug.watches(page, ~SOFT_PAGE)) cpu.mmu.enter(ea, hit)
}
