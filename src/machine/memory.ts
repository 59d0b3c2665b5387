// Debugger access to guest memory: by effective address, through the TLB as it stands, without any side effect on it.

import type { Cpu } from '../cpu/cpu.ts'

/** No translation changes within the smallest page there is. */
const PAGE = 1024

/** `length` bytes from `ea` on in pieces that cross no page: where each begins, and its real address if it is mapped. */
function* pieces(cpu: Cpu, ea: number, length: number) {
  for (let start = 0; start < length; ) {
    const at = ea + start
    const size = Math.min(length - start, PAGE - (at & (PAGE - 1)))
    yield { start, size, real: at > 0xffffffff ? undefined : cpu.mmu.peek(at | 0) }
    start += size
  }
}

/** Bytes from `ea` on, as many of `length` as are mapped; an empty array where nothing is. Devices are peeked. */
export function peekMemory(cpu: Cpu, ea: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (const { start, size, real } of pieces(cpu, ea, length)) {
    const read = real === undefined ? 0 : peekReal(cpu, real, bytes.subarray(start, start + size))
    if (read < size) return bytes.slice(0, start + read)
  }
  return bytes
}

/** The number of 1, 2 or 4 bytes at `ea`, unsigned; undefined where they do not lie in RAM, in one page. */
export function peekNumber(cpu: Cpu, ea: number, size: number): number | undefined {
  const { ram } = cpu.state
  const real = (ea & (PAGE - 1)) + size > PAGE ? undefined : cpu.mmu.peek(ea | 0)
  if (real === undefined || real + size > ram.byteLength) return undefined
  if (size === 4) return ram.getUint32(real)
  return size === 2 ? ram.getUint16(real) : ram.getUint8(real)
}

/** Into `part` from real address `real` on. @returns how many bytes there are. */
function peekReal(cpu: Cpu, real: number, part: Uint8Array): number {
  const { ramBytes } = cpu.state
  if (real + part.length <= ramBytes.length) {
    part.set(ramBytes.subarray(real, real + part.length))
    return part.length
  }
  for (let i = 0; i < part.length; i++) {
    const byte = real + i < ramBytes.length ? ramBytes[real + i] : cpu.bus.peek(cpu.state.real.realOf(real + i), 1)
    if (byte === undefined) return i
    part[i] = byte
  }
  return part.length
}

/** How many of `length` bytes from `ea` on can be poked: those before the first that is not RAM. */
export function pokeable(cpu: Cpu, ea: number, length: number): number {
  const ram = cpu.state.ramBytes.length
  for (const { start, size, real = ram } of pieces(cpu, ea, length))
    if (real + size > ram) return start + Math.max(0, ram - real)
  return length
}

/** Writes RAM at `ea`, permissions aside: all of `bytes` or, where some of it is not RAM, nothing. @returns whether it did */
export function pokeMemory(cpu: Cpu, ea: number, bytes: Uint8Array): boolean {
  if (pokeable(cpu, ea, bytes.length) < bytes.length) return false
  for (const { start, size, real } of pieces(cpu, ea, bytes.length)) {
    cpu.state.ramBytes.set(bytes.subarray(start, start + size), real)
    cpu.written(real!, size)
    cpu.fetch.codeChanged(real!, size)
  }
  return true
}

/** The instruction word at `ea`, if there is memory. */
export function wordAt(cpu: Cpu, ea: number): number | undefined {
  const bytes = peekMemory(cpu, ea, 4)
  if (bytes.length < 4) return undefined
  return ((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) >>> 0
}
