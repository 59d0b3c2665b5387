// The functions whose code was read for frames: a stack is walked at every step, mostly through the same ones.

import type { Machine } from '../machine/machine.ts'
import { peekMemory, wordAt } from '../machine/memory.ts'
import type { SymbolHit } from '../symbols/symtab.ts'
import { sameBytes } from '../util/sameBytes.ts'
import { type CodeFrame, ReadFunction } from './codeFrame.ts'

/** A symbol table without sizes can make a function of anything: so many bytes of it are looked at. */
const MOST_CODE = 0x8000
/** What is kept of functions: how many, and what reading all of them has cost. */
const MOST_KEPT = 256
const MOST_WORK = 5_000_000

interface ReadCode {
  readonly bytes: Uint8Array
  readonly code: ReadFunction
}

/** The frame of the function that begins at `address`, before the instruction at `pc`. */
export type FrameByCode = (range: Pick<SymbolHit, 'address' | 'end'>, pc: number) => CodeFrame | undefined

export class CodeFrames {
  readonly #kept = new Map<number, ReadCode>()
  #work = 0

  /** For one walk over a stack: meanwhile no code changes, so each function is compared with what was read only once. */
  walk({ cpu }: Machine): FrameByCode {
    const current = new Map<number, ReadFunction>()
    return ({ address: low, end }, pc) => {
      let code = current.get(low)
      if (code === undefined) {
        const bytes = peekMemory(cpu, low, Math.min(end - low, MOST_CODE))
        code = this.#read(low, bytes, address => wordAt(cpu, address))
        current.set(low, code)
      }
      return code.frameAt(pc)
    }
  }

  #read(low: number, bytes: Uint8Array, elsewhere: (address: number) => number | undefined): ReadFunction {
    const known = this.#kept.get(low)
    if (known !== undefined && sameBytes(known.bytes, bytes)) return known.code
    const high = low + (bytes.length & ~3)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const word = (address: number): number | undefined =>
      address >= low && address < high ? view.getUint32(address - low) : elsewhere(address >>> 0)
    const code = new ReadFunction({ low, high, word })
    if (this.#kept.size >= MOST_KEPT || this.#work > MOST_WORK) {
      this.#kept.clear()
      this.#work = 0
    }
    this.#kept.set(low, { bytes, code })
    this.#work += code.work
    return code
  }
}
