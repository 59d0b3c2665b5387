// Debugger access to guest memory: by effective address, through the TLB as it stands, without any side effect on it.

import type { Cpu } from '../cpu/cpu.ts'

/** No translation changes within the smallest page there is. */
const PAGE = 1024

/** Bytes from `ea` on, as many of `length` as are mapped; an empty array where nothing is. Devices are peeked. */
export function peekMemory(cpu: Cpu, ea: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let done = 0; done < length; ) {
    const at = ea + done
    const part = bytes.subarray(done, done + PAGE - (at & (PAGE - 1)))
    const read = peekPage(cpu, at, part)
    done += read
    if (read < part.length) return bytes.slice(0, done)
  }
  return bytes
}

/** Into `part`, which lies within one page. @returns how many bytes there are. */
function peekPage(cpu: Cpu, ea: number, part: Uint8Array): number {
  const real = ea > 0xffffffff ? undefined : cpu.mmu.peek(ea | 0)
  if (real === undefined) return 0
  const { ramBytes } = cpu.state
  if (real + part.length <= ramBytes.length) {
    part.set(ramBytes.subarray(real, real + part.length))
    return part.length
  }
  for (let i = 0; i < part.length; i++) {
    const byte = real + i < ramBytes.length ? ramBytes[real + i] : cpu.bus.peek(real + i, 1)
    if (byte === undefined) return i
    part[i] = byte
  }
  return part.length
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
