// Between the locals of a compiled function and the state of the core.

import type { ConditionFields } from './conditionFields.ts'
import { CA, CTR, crBit, LR } from './effects.ts'
import type { RegisterSet } from './flow.ts'
import { CA_AT, CTR_AT, crValueAt, gprAt, LR_AT } from './layout.ts'
import { CA_LOCAL, CTR_LOCAL, crValue, gpr, type Locals, LR_LOCAL } from './locals.ts'
import { type Code, Op } from './wasm.ts'

export class RegisterMoves {
  readonly #code: Code
  readonly #locals: Locals
  readonly #cr: ConditionFields

  constructor(code: Code, locals: Locals, cr: ConditionFields) {
    this.#code = code
    this.#locals = locals
    this.#cr = cr
  }

  load({ gpr: general, other }: RegisterSet): void {
    const code = this.#code
    const load = (opcode: number, address: number, local: number): void => {
      code.i32(0)
      code.access(opcode, address)
      code.set(this.#locals.index(local))
    }
    for (let n = 0; n < 32; n++) if ((general & (1 << n)) !== 0) load(Op.i32_load, gprAt(n), gpr(n))
    if ((other & LR) !== 0) load(Op.i32_load, LR_AT, LR_LOCAL)
    if ((other & CTR) !== 0) load(Op.i32_load, CTR_AT, CTR_LOCAL)
    if ((other & CA) !== 0) load(Op.i32_load, CA_AT, CA_LOCAL)
    for (let n = 0; n < 8; n++) if ((other & crBit(n)) !== 0) load(Op.i64_load, crValueAt(n), crValue(n))
  }

  store({ gpr: general, other }: RegisterSet): void {
    const code = this.#code
    const store = (opcode: number, address: number, local: number): void => {
      code.i32(0)
      code.get(this.#locals.index(local))
      code.access(opcode, address)
    }
    for (let n = 0; n < 32; n++) if ((general & (1 << n)) !== 0) store(Op.i32_store, gprAt(n), gpr(n))
    if ((other & LR) !== 0) store(Op.i32_store, LR_AT, LR_LOCAL)
    if ((other & CTR) !== 0) store(Op.i32_store, CTR_AT, CTR_LOCAL)
    if ((other & CA) !== 0) store(Op.i32_store, CA_AT, CA_LOCAL)
    for (let n = 0; n < 8; n++) {
      if ((other & crBit(n)) === 0) continue
      code.i32(0)
      this.#cr.crValue(n)
      code.access(Op.i64_store, crValueAt(n))
    }
  }
}
