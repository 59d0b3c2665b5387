// The binary format of WebAssembly, as far as compiled code needs it: instructions written one after the other into one
// growing buffer, and a module of functions around them (WebAssembly Core Specification, chapter 5).

/** Opcodes (5.4). */
export const Op = {
  ...{
    unreachable: 0x00,
    block: 0x02,
    loop: 0x03,
    if: 0x04,
    else: 0x05,
    end: 0x0b,
    br: 0x0c,
    br_if: 0x0d,
    br_table: 0x0e,
  },
  ...{ return: 0x0f, call: 0x10, call_indirect: 0x11, return_call: 0x12, return_call_indirect: 0x13 },
  ...{ drop: 0x1a, select: 0x1b, local_get: 0x20, local_set: 0x21, local_tee: 0x22 },
  ...{ i32_load: 0x28, i64_load: 0x29, f32_load: 0x2a, f64_load: 0x2b, i32_load8_u: 0x2d, i32_load16_u: 0x2f },
  ...{ i32_store: 0x36, i64_store: 0x37, f32_store: 0x38, f64_store: 0x39, i32_store8: 0x3a, i32_store16: 0x3b },
  ...{ i32_const: 0x41, i64_const: 0x42, f64_const: 0x44, i32_eqz: 0x45, i32_eq: 0x46, i32_ne: 0x47 },
  ...{ i32_lt_s: 0x48, i32_lt_u: 0x49, i32_gt_s: 0x4a, i32_gt_u: 0x4b },
  ...{ i32_le_s: 0x4c, i32_le_u: 0x4d, i32_ge_s: 0x4e, i32_ge_u: 0x4f },
  ...{ i64_eqz: 0x50, i64_eq: 0x51, i64_ne: 0x52, i64_lt_s: 0x53, i64_gt_s: 0x55, i64_gt_u: 0x56 },
  ...{ i64_le_s: 0x57, i64_ge_s: 0x59, i32_clz: 0x67 },
  ...{ i32_add: 0x6a, i32_sub: 0x6b, i32_mul: 0x6c, i32_div_s: 0x6d, i32_div_u: 0x6e },
  ...{ i32_and: 0x71, i32_or: 0x72, i32_xor: 0x73, i32_shl: 0x74, i32_shr_s: 0x75, i32_shr_u: 0x76 },
  ...{ i32_rotl: 0x77, i32_rotr: 0x78 },
  ...{ i64_add: 0x7c, i64_sub: 0x7d, i64_mul: 0x7e, i64_and: 0x83, i64_or: 0x84, i64_xor: 0x85 },
  ...{ i64_shl: 0x86, i64_shr_s: 0x87, i64_shr_u: 0x88 },
  ...{ f64_eq: 0x61, f64_ne: 0x62, f64_lt: 0x63, f64_gt: 0x64, f64_le: 0x65, f64_ge: 0x66 },
  ...{ f64_abs: 0x99, f64_neg: 0x9a, f64_trunc: 0x9d, f64_sqrt: 0x9f },
  ...{ f64_add: 0xa0, f64_sub: 0xa1, f64_mul: 0xa2, f64_div: 0xa3 },
  ...{ i32_trunc_f64_s: 0xaa, f32_demote_f64: 0xb6, f64_convert_i32_s: 0xb7, f64_promote_f32: 0xbb },
  ...{ i32_reinterpret_f32: 0xbc, i64_reinterpret_f64: 0xbd, f32_reinterpret_i32: 0xbe, f64_reinterpret_i64: 0xbf },
  ...{ i32_wrap_i64: 0xa7, i64_extend_i32_s: 0xac, i64_extend_i32_u: 0xad, i32_extend8_s: 0xc0, i32_extend16_s: 0xc1 },
} as const

/** Value types (5.3.1), and the type of a block without a result. */
export const I32 = 0x7f
export const I64 = 0x7e
export const F64 = 0x7c
const VOID = 0x40
const FUNCREF = 0x70

/** Instructions, and anything else that is a sequence of bytes and LEB128 numbers. */
export class Code {
  #bytes = new Uint8Array(4096)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** A view of what has been written; good until the next write. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  clear(): void {
    this.#length = 0
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1)
    this.#bytes[this.#length++] = value
  }

  /** An unsigned number of up to 32 bits (5.2.2). */
  u32(value: number): void {
    let rest = value >>> 0
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80)
      rest >>>= 7
    }
    this.byte(rest)
  }

  /** A signed one. */
  s32(value: number): void {
    let rest = value | 0
    for (;;) {
      const low = rest & 0x7f
      rest >>= 7
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return this.byte(low)
      this.byte(low | 0x80)
    }
  }

  #s64(value: bigint): void {
    let rest = value
    for (;;) {
      const low = Number(rest & 0x7fn)
      rest >>= 7n
      if ((rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)) return this.byte(low)
      this.byte(low | 0x80)
    }
  }

  append(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** Bytes preceded by their number. */
  sized(bytes: Uint8Array): void {
    this.u32(bytes.length)
    this.append(bytes)
  }

  #grow(by: number): void {
    const bigger = new Uint8Array(2 * this.#bytes.length + by)
    bigger.set(this.#bytes)
    this.#bytes = bigger
  }

  // ---- instructions --------------------------------------------------------------------------------------------------

  op(opcode: number): void {
    this.byte(opcode)
  }

  i32(value: number): void {
    this.byte(Op.i32_const)
    this.s32(value)
  }

  i64(value: bigint): void {
    this.byte(Op.i64_const)
    this.#s64(value)
  }

  f64(value: number): void {
    this.byte(Op.f64_const)
    this.append(new Uint8Array(new Float64Array([value]).buffer))
  }

  get(local: number): void {
    this.byte(Op.local_get)
    this.u32(local)
  }

  set(local: number): void {
    this.byte(Op.local_set)
    this.u32(local)
  }

  tee(local: number): void {
    this.byte(Op.local_tee)
    this.u32(local)
  }

  /** A load or store at the address on the stack plus `offset` bytes; alignment is only a hint and left at 1. */
  access(opcode: number, offset: number): void {
    this.byte(opcode)
    this.byte(0)
    this.u32(offset)
  }

  /** `block`, `loop` or `if`, without a result where no type is given. */
  open(opcode: number, result = VOID): void {
    this.byte(opcode)
    this.byte(result)
  }

  end(): void {
    this.byte(Op.end)
  }

  /** @param depth how many blocks further out the target is */
  branch(opcode: number, depth: number): void {
    this.byte(opcode)
    this.u32(depth)
  }

  /** `br_table`: a branch by the number on the stack, as `branch` counts. */
  brTable(depths: readonly number[], otherwise: number): void {
    this.byte(Op.br_table)
    this.u32(depths.length)
    for (const depth of depths) this.u32(depth)
    this.u32(otherwise)
  }

  /** A call of function `index` of the same module; `opcode`: call or return_call. */
  call(opcode: number, index: number): void {
    this.byte(opcode)
    this.u32(index)
  }

  /** A call through table 0 of a function of type `type`. */
  callIndirect(opcode: number, type: number): void {
    this.byte(opcode)
    this.u32(type)
    this.byte(0)
  }
}

export interface WasmFunctionType {
  readonly params: readonly number[]
  readonly results: readonly number[]
}

export interface WasmFunction {
  /** Index of its type. */
  readonly type: number
  /** Types of its locals, runs of the same type together. */
  readonly locals: readonly (readonly [count: number, type: number])[]
  readonly body: Uint8Array
  readonly exported: string
}

/** A module that imports `m.memory` and `m.table`. Functions call each other by their index in `functions`. */
export function moduleBytes(
  types: readonly WasmFunctionType[],
  functions: readonly WasmFunction[],
): Uint8Array<ArrayBuffer> {
  const out = new Code()
  const part = new Code()
  out.append(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
  const section = (id: number, write: () => void): void => {
    part.clear()
    write()
    out.byte(id)
    out.sized(part.bytes)
  }

  section(1, () => {
    part.u32(types.length)
    for (const { params, results } of types) {
      part.byte(0x60)
      part.sized(Uint8Array.from(params))
      part.sized(Uint8Array.from(results))
    }
  })
  section(2, () => {
    part.u32(2)
    imported(part, 'memory', 2, [0, 1])
    imported(part, 'table', 1, [FUNCREF, 0, 1])
  })
  section(3, () => {
    part.u32(functions.length)
    for (const { type } of functions) part.u32(type)
  })
  section(7, () => {
    part.u32(functions.length)
    functions.forEach(({ exported }, index) => {
      part.sized(ascii(exported))
      part.byte(0)
      part.u32(index)
    })
  })
  section(10, () => {
    part.u32(functions.length)
    for (const { locals, body } of functions) {
      const whole = new Code()
      whole.u32(locals.length)
      for (const [count, type] of locals) {
        whole.u32(count)
        whole.byte(type)
      }
      whole.append(body)
      whole.end()
      part.sized(whole.bytes)
    }
  })
  return out.bytes.slice() as Uint8Array<ArrayBuffer>
}

function imported(part: Code, name: string, kind: number, description: readonly number[]): void {
  part.sized(ascii('m'))
  part.sized(ascii(name))
  part.byte(kind)
  part.append(Uint8Array.from(description))
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, character => character.charCodeAt(0))
