// The one function that is called from JavaScript: it goes on from compiled region to compiled region, through the table
// of jumps, until something is not for compiled code.

import { Leave, REGION_TYPE } from './function.ts'
import { type CodeContext, JUMP_ENTRIES, jumpsOf, LEFT_AT } from './layout.ts'
import { Code, I32, moduleBytes, Op } from './wasm.ts'

/** Calls nest so deep that the stack of no host is short. */
const DEEPEST = 256
const REGION = 0
const DRIVER = 1

/** @param pc where the table of jumps has a region; @returns where it left, with `Leave`; what is left is in `LEFT_AT` */
export type Driver = (pc: number, left: number) => number

const PC = 0
const LEFT = 1
const ENTRY = 2

export function driverModule(contexts: readonly CodeContext[]): Uint8Array<ArrayBuffer> {
  return moduleBytes(
    [REGION_TYPE, { params: [I32, I32], results: [I32] }],
    [
      ...contexts.map(context => ({
        type: DRIVER,
        locals: [[1, I32]] as const,
        body: body(context),
        exported: `drive${context.number}`,
      })),
      { type: REGION, locals: [], body: stub(), exported: 'stub' },
    ],
  )
}

/** What stands in the table where nothing is compiled: it goes nowhere. */
function stub(): Uint8Array {
  const code = new Code()
  code.get(PC)
  code.get(LEFT)
  return code.bytes.slice()
}

function body(context: CodeContext): Uint8Array {
  const code = new Code()
  const jumps = jumpsOf(context)
  code.open(Op.block)
  code.open(Op.loop)
  code.get(PC)
  code.i32(4 * (JUMP_ENTRIES - 1))
  code.op(Op.i32_and)
  code.i32(1)
  code.op(Op.i32_shl)
  code.tee(ENTRY)
  code.access(Op.i32_load, jumps)
  code.get(PC)
  code.op(Op.i32_ne)
  code.branch(Op.br_if, 1)
  code.get(PC)
  code.get(LEFT)
  code.i32(DEEPEST)
  code.get(ENTRY)
  code.access(Op.i32_load, jumps + 4)
  code.callIndirect(Op.call_indirect, REGION)
  code.set(LEFT)
  code.tee(PC)
  code.i32(Leave.INTERPRET | Leave.BUDGET)
  code.op(Op.i32_and)
  code.op(Op.i32_eqz)
  code.branch(Op.br_if, 0)
  code.end()
  code.end()
  code.i32(0)
  code.get(LEFT)
  code.access(Op.i32_store, LEFT_AT)
  code.get(PC)
  return code.bytes.slice()
}
