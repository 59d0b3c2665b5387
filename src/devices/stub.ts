// A device of which nothing is known but where it is: it answers by rule, and tells whoever asks what the program wants
// of it. Without a rule a place holds what was written last, and 0 before that.

import type { DcrBlock } from '../bus/bus.ts'
import type { Device, Size, Stateful } from '../bus/device.ts'

/** What a place of a stub answers, where that is not what was written last. */
export interface StubRule {
  /** From where the stub begins: bytes, of device control registers their number. */
  readonly at: number
  /** What is read, one after the other; the last stays. */
  readonly read: readonly number[]
  /** Reading leaves 0 behind. */
  readonly readToClear: boolean
}

export interface StubState {
  /** Bytes by offset; of device control registers words. */
  readonly written: readonly (readonly [at: number, value: number])[]
  /** How often a place with a sequence was read. */
  readonly taken: readonly (readonly [at: number, count: number])[]
}

type StubAccess = 'load' | 'store'
export type HearOfAccess = (access: StubAccess, at: number, value: number) => void

/** What is at the places of a stub, whatever a place is. */
class Places implements Stateful<StubState> {
  readonly #rules: ReadonlyMap<number, StubRule>
  #written = new Map<number, number>()
  #taken = new Map<number, number>()

  constructor(rules: readonly StubRule[]) {
    this.#rules = new Map(rules.map(rule => [rule.at, rule]))
  }

  /** What a rule says is read at `at`; undefined where none has values. */
  ruled(at: number): number | undefined {
    const { read = [] } = this.#rules.get(at) ?? {}
    return read[Math.min(this.#taken.get(at) ?? 0, read.length - 1)]
  }

  get(at: number): number {
    return this.#written.get(at) ?? 0
  }

  set(at: number, value: number): void {
    this.#written.set(at, value)
  }

  /** `at` has been read. @returns whether it is to be cleared */
  took(at: number): boolean {
    const rule = this.#rules.get(at)
    if (rule !== undefined && rule.read.length > 1) this.#taken.set(at, (this.#taken.get(at) ?? 0) + 1)
    return rule?.readToClear === true
  }

  save(): StubState {
    return { written: [...this.#written], taken: [...this.#taken] }
  }

  restore({ written, taken }: StubState): void {
    this.#written = new Map(written)
    this.#taken = new Map(taken)
  }
}

/** On the bus: a place is a byte, and a rule is for the access that begins there. */
export class Stub implements Device, Stateful<StubState> {
  readonly name: string
  readonly text = 'a device that is not modelled'
  readonly registers = []
  readonly size: number
  /** Called at every access, before it takes effect. */
  onAccess: HearOfAccess = () => {}
  readonly #places: Places

  constructor(name: string, size: number, rules: readonly StubRule[] = []) {
    this.name = name
    this.size = size
    this.#places = new Places(rules)
  }

  read(offset: number, size: Size): number {
    const value = this.peek(offset, size)
    this.onAccess('load', offset, value)
    if (this.#places.took(offset)) this.#store(offset, size, 0)
    return value
  }

  peek(offset: number, size: Size): number {
    const ruled = this.#places.ruled(offset)
    if (ruled !== undefined) return size === 4 ? ruled | 0 : ruled & (2 ** (8 * size) - 1)
    let value = 0
    for (let i = 0; i < size; i++) value = (value << 8) | this.#places.get(offset + i)
    return value
  }

  write(offset: number, size: Size, value: number): void {
    this.onAccess('store', offset, value)
    this.#store(offset, size, value)
  }

  #store(offset: number, size: Size, value: number): void {
    for (let i = 0; i < size; i++) this.#places.set(offset + i, (value >>> (8 * (size - 1 - i))) & 0xff)
  }

  save(): StubState {
    return this.#places.save()
  }

  restore(state: StubState): void {
    this.#places.restore(state)
  }
}

/** Among the device control registers: a place is a word. */
export class DcrStub implements DcrBlock, Stateful<StubState> {
  readonly name: string
  readonly text = 'a device that is not modelled'
  readonly registers = []
  readonly first: number
  readonly last: number
  onAccess: HearOfAccess = () => {}
  readonly #places: Places

  constructor(name: string, first: number, count: number, rules: readonly StubRule[] = []) {
    this.name = name
    this.first = first
    this.last = first + count - 1
    this.#places = new Places(rules)
  }

  read(number: number): number {
    const at = number - this.first
    const value = this.peek(number)
    this.onAccess('load', at, value)
    if (this.#places.took(at)) this.#places.set(at, 0)
    return value
  }

  peek(number: number): number {
    const at = number - this.first
    return (this.#places.ruled(at) ?? this.#places.get(at)) | 0
  }

  write(number: number, value: number): void {
    this.onAccess('store', number - this.first, value)
    this.#places.set(number - this.first, value)
  }

  save(): StubState {
    return this.#places.save()
  }

  restore(state: StubState): void {
    this.#places.restore(state)
  }
}
