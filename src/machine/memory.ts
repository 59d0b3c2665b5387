// Debugger access to guest memory: by effective address, through the TLB as it stands, without any side effect on it.

import type { Cpu } from '../cpu/cpu.ts'

/** Bytes from `ea` on, as many of `length` as are mapped; an empty array where nothing is. Devices are peeked. */
export function peekMemory(cpu: Cpu, ea: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) {
    const byte = peekByte(cpu, ea + i)
    if (byte === undefined) return bytes.slice(0, i)
    bytes[i] = byte
  }
  return bytes
}

function peekByte(cpu: Cpu, ea: number): number | undefined {
  if (ea > 0xffffffff) return undefined
  const real = cpu.mmu.peek(ea | 0)
  if (real === undefined) return undefined
  return real < cpu.state.ramBytes.length ? cpu.state.ramBytes[real] : cpu.bus.peek(real, 1)
}

/** Writes RAM at `ea`, permissions aside. @returns how many bytes were written before the first that is not RAM. */
export function pokeMemory(cpu: Cpu, ea: number, bytes: Uint8Array): number {
  for (const [i, byte] of bytes.entries()) {
    const real = ea + i > 0xffffffff ? undefined : cpu.mmu.peek((ea + i) | 0)
    if (real === undefined || real >= cpu.state.ramBytes.length) return i
    cpu.state.ramBytes[real] = byte
    cpu.fetch.codeChanged(real, 1)
  }
  return bytes.length
}

/** The instruction word at `ea`, if there is memory. */
export function wordAt(cpu: Cpu, ea: number): number | undefined {
  const bytes = peekMemory(cpu, ea, 4)
  if (bytes.length < 4) return undefined
  return ((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) >>> 0
}
