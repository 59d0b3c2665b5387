// The condition register on the way into compiled code and back: four bits a field outside, an i64 a field inside
// (layout.ts).

import { CODE_TABLES_OFFSET, type CpuState } from '../cpu/state.ts'
import { CR_VALUES } from './layout.ts'

const GT_BIT = 4

/** The two halves of the i64 for the four bits LT, GT, EQ, SO. */
function encoded(nibble: number): readonly [low: number, high: number] {
  const notGreater = (nibble & GT_BIT) === 0 ? 1 : 0
  const high = 1 | ((nibble >>> 3) << 30) | (notGreater << 31) | ((notGreater ^ (nibble & 1)) << 29)
  return [(nibble & 2) === 0 ? 1 : 0, high]
}

function decoded(low: number, high: number): number {
  const greater = high > 0 || (high === 0 && low !== 0) ? GT_BIT : 0
  const equal = low === 0 ? 2 : 0
  return (((high >>> 30) & 1) << 3) | greater | equal | (((high >>> 31) ^ (high >>> 29)) & 1)
}

export class ConditionRegister {
  readonly #fields: Int32Array
  readonly #values: Int32Array
  readonly #table: Int32Array

  constructor({ cr, memory }: CpuState) {
    this.#fields = cr
    this.#values = new Int32Array(memory.buffer, CODE_TABLES_OFFSET, 16)
    this.#table = new Int32Array(memory.buffer, CR_VALUES, 32)
    for (let nibble = 0; nibble < 16; nibble++) this.#table.set(encoded(nibble), 2 * nibble)
  }

  toValues(): void {
    for (let n = 0; n < 8; n++) {
      const at = 2 * this.#fields[n]!
      this.#values[2 * n] = this.#table[at]!
      this.#values[2 * n + 1] = this.#table[at + 1]!
    }
  }

  toNibbles(): void {
    for (let n = 0; n < 8; n++) this.#fields[n] = decoded(this.#values[2 * n]!, this.#values[2 * n + 1]!)
  }
}
