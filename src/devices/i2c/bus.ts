// An I²C bus with one master: parts by their 7-bit addresses, and what a master does with them. Two levels are here: whole
// bytes, as a controller moves them, and the two wires, for a program that moves them itself.

import type { PartBehind } from '../../bus/device.ts'

/** A part on the bus. */
export interface I2cPart {
  /** It has been addressed. @returns whether it acknowledges */
  start(isRead: boolean): boolean
  /** The next byte of it. */
  read(): number
  /** @returns whether it acknowledges */
  write(byte: number): boolean
  stop(): void
}

/** A byte that nobody sends: the wire stays high. */
const NOBODY = 0xff

export class I2cBus {
  readonly #parts = new Map<number, I2cPart>()
  /** The parts as they are shown, in the order in which the board has them. */
  readonly shown: PartBehind[] = []
  #selected: I2cPart | undefined
  /** Between a start and its stop. */
  isBusy = false
  /** The address of the part that was addressed last, for who takes a snapshot. */
  #address: number | undefined

  /** @throws Error that says what is there already */
  attach(address: number, part: I2cPart): void {
    if (this.#parts.has(address)) throw new Error(`there is a part at 0x${address.toString(16)} of this bus already`)
    this.#parts.set(address, part)
  }

  /** A start, or one again. @returns whether a part acknowledges the address */
  start(address: number, isRead: boolean): boolean {
    this.isBusy = true
    this.#select(address)
    return this.#selected?.start(isRead) ?? false
  }

  read(): number {
    return this.#selected?.read() ?? NOBODY
  }

  /** @returns whether a part acknowledges */
  write(byte: number): boolean {
    return this.#selected?.write(byte) ?? false
  }

  stop(): void {
    this.#selected?.stop()
    this.#select(undefined)
    this.isBusy = false
  }

  save(): I2cBusState {
    return { isBusy: this.isBusy, ...(this.#address !== undefined && { address: this.#address }) }
  }

  restore({ isBusy, address }: I2cBusState): void {
    this.isBusy = isBusy
    this.#select(address)
  }

  #select(address: number | undefined): void {
    this.#address = address
    this.#selected = address === undefined ? undefined : this.#parts.get(address)
  }
}

export interface I2cBusState {
  readonly isBusy: boolean
  readonly address?: number
}
