// What answers at a real address, and the space of device control registers beside it.

import type { Described, Device, Size } from './device.ts'

/** Where a device answers: real addresses from `base` up to `end`. */
export interface MappedDevice {
  readonly base: number
  readonly end: number
  readonly device: Device
}

/**
 * Device registers by real address (36 bits, bytes). RAM is not on it: the core reaches RAM directly.
 * `undefined` from an access means that nothing answers there, which the core turns into a machine check.
 */
export class Bus {
  readonly #regions: MappedDevice[] = []
  /** What answers for RAM, from 0 on, while the core does not reach it directly. */
  ram: Device | undefined
  /** What answers where nothing else does, by its real address; absent: nothing does. */
  elsewhere: Device | undefined

  map(base: number, device: Device): void {
    const end = base + device.size
    const clash = this.#regions.find(region => base < region.end && region.base < end)
    if (clash) throw new Error(`${device.name} would overlap ${clash.device.name}`)
    this.#regions.push({ base, end, device })
  }

  get regions(): readonly MappedDevice[] {
    return this.#regions
  }

  /** Whether a device is mapped there. */
  hasAt(address: number): boolean {
    return this.#regions.some(({ base, end }) => address >= base && address < end)
  }

  read(address: number, size: Size): number | undefined {
    const found = this.#find(address)
    return found?.device.read(address - found.base, size)
  }

  /** @returns false when nothing answers. */
  write(address: number, size: Size, value: number): boolean {
    const found = this.#find(address)
    found?.device.write(address - found.base, size, value)
    return found !== undefined
  }

  peek(address: number, size: Size): number | undefined {
    const found = this.#find(address)
    return found?.device.peek(address - found.base, size)
  }

  #find(address: number): { readonly base: number; readonly device: Device } | undefined {
    const region = this.#regions.find(({ base, end }) => address >= base && address < end)
    if (region !== undefined) return region
    const device = this.ram !== undefined && address < this.ram.size ? this.ram : this.elsewhere
    return device && { base: 0, device }
  }
}

/** A block of device control registers: 10-bit numbers, reached by mfdcr and mtdcr only. */
export interface DcrBlock extends Described {
  readonly first: number
  readonly last: number
  read(number: number): number
  write(number: number, value: number): void
  /** What `read` would return, without its side effects: for debuggers and views. */
  peek(number: number): number
  /** Its registers with an `index`, whatever its address register says now. */
  readonly indirect?: IndirectRegisters
}

/** Registers that are reached through an address and a data register, by their number. */
export interface IndirectRegisters {
  peek(index: number): number
  write(index: number, value: number): void
}

/** DCR space. Numbers nobody claims read as 0 and ignore writes, as on the part. */
export class DcrSpace {
  readonly #blocks: DcrBlock[] = []

  map(block: DcrBlock): void {
    const clash = this.#blocks.find(other => block.first <= other.last && other.first <= block.last)
    if (clash) throw new Error(`${block.name} would overlap ${clash.name}`)
    this.#blocks.push(block)
  }

  get blocks(): readonly DcrBlock[] {
    return this.#blocks
  }

  read(number: number): number {
    return this.#blocks.find(block => number >= block.first && number <= block.last)?.read(number) ?? 0
  }

  write(number: number, value: number): void {
    this.#blocks.find(block => number >= block.first && number <= block.last)?.write(number, value)
  }
}
