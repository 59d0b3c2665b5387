// How the kernel reaches the memory of its process: by effective address, page permissions aside, and never by a fault.

import type { Cpu } from '../cpu/cpu.ts'
import { PAGE } from './abi.ts'
import type { AddressSpace } from './addressSpace.ts'

/** A pointer that leads nowhere: the call fails with EFAULT. */
export class BadAddress extends Error {}

export class Memory {
  readonly #cpu: Cpu
  readonly #space: AddressSpace

  constructor(cpu: Cpu, space: AddressSpace) {
    this.#cpu = cpu
    this.#space = space
  }

  /** The bytes at `ea` themselves, not a copy. @throws BadAddress */
  bytes(ea: number, length: number): Uint8Array {
    const start = ea >>> 0
    for (let page = start - (start % PAGE); page < start + length; page += PAGE)
      if (this.#space.real(page) === undefined) throw new BadAddress()
    const real = start - this.#space.base
    return this.#cpu.state.ramBytes.subarray(real, real + length)
  }

  view(ea: number, length: number): DataView {
    const bytes = this.bytes(ea, length)
    return new DataView(bytes.buffer, bytes.byteOffset, length)
  }

  word(ea: number): number {
    return this.view(ea, 4).getInt32(0)
  }

  setWord(ea: number, value: number): void {
    this.view(ea, 4).setInt32(0, value)
  }

  /** A set of signals: two words, of which the first holds signals 1 to 32. */
  signalSet(ea: number): bigint {
    const view = this.view(ea, 8)
    return (BigInt(view.getUint32(4)) << 32n) | BigInt(view.getUint32(0))
  }

  setSignalSet(ea: number, set: bigint): void {
    const view = this.view(ea, 8)
    view.setUint32(0, Number(set & 0xffffffffn))
    view.setUint32(4, Number((set >> 32n) & 0xffffffffn))
  }

  /** Text up to its zero byte. */
  text(ea: number): string {
    const bytes: number[] = []
    for (let at = ea; ; at++) {
      const byte = this.bytes(at, 1)[0]!
      if (byte === 0) return new TextDecoder().decode(Uint8Array.from(bytes))
      bytes.push(byte)
    }
  }
}
