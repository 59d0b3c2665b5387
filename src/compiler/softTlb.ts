// How compiled code looks into the soft TLB (cpu/mmu.ts).

import { SOFT_PAGE, SOFT_TLB_SLOTS } from '../cpu/state.ts'
import { type Code, Op } from './wasm.ts'

/** The words of an entry, in bytes: tags of reads and of writes, what leads to RAM, and the tag of writes to compiled code, too. */
export const SoftTlbWord = { READ: 0, WRITE: 4, ADDEND: 8, WRITE_OF_CODE: 12 } as const

/** Onto the stack the bytes from the beginning of a soft TLB to the entry of the address in a local: `softTlbSlot`. */
export function softTlbEntry(code: Code, address: number): void {
  code.get(address)
  code.i32(8)
  code.op(Op.i32_shr_u)
  code.get(address)
  code.i32(18)
  code.op(Op.i32_shr_u)
  code.op(Op.i32_xor)
  code.i32(4 * SOFT_TLB_SLOTS)
  code.op(Op.i32_and)
}

/** Whether the tag on the stack is not that of the page in which `bytes` from the address in a local on end. */
export function softTlbMisses(code: Code, address: number, bytes: number): void {
  code.get(address)
  if (bytes > 1) {
    code.i32(bytes - 1)
    code.op(Op.i32_add)
  }
  code.i32(SOFT_PAGE)
  code.op(Op.i32_and)
  code.op(Op.i32_ne)
}
