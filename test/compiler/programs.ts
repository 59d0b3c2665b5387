// Random programs that do what real ones do, over and over: loops, branches, calls, jumps through registers, memory of
// every kind, code that changes itself, interrupts that come and go. All from one seed.

import { variants } from '../../src/isa/decode.ts'
import type { Insn } from '../../src/isa/insn.ts'
import { arithmetic } from '../../src/isa/insns/arithmetic.ts'
import { compare } from '../../src/isa/insns/compare.ts'
import { cr } from '../../src/isa/insns/cr.ts'
import { logical } from '../../src/isa/insns/logical.ts'
import { mac } from '../../src/isa/insns/mac.ts'
import { rotate } from '../../src/isa/insns/rotate.ts'
import { Spr } from '../../src/isa/registers.ts'
import { writeElf } from '../support/elf.ts'
import type { Random } from '../support/random.ts'

export const RAM = 1 << 20
const CODE = 0x10000
const VECTORS = 0x30000
const STACK = 0xf0000
/** Where the pointers r14 to r19 lead: data, the end of a page, code, a UART, the end of RAM, a page beside code. */
const POINTERS = [0x40000, 0x41ff8, CODE, 0xef600300, RAM - 64, CODE - 0x200]
const FIRST_POINTER = 14
const FUNCTIONS = 6
/** Loops count in r20 and r21; r0, r2 and r3 to r12 are what the program computes with. */
const COUNTERS = [20, 21]

/** A word by name and fields; what is not given is 0. */
export function word(name: string, fields: Readonly<Record<string, number>> = {}): number {
  const variant = variants().find(each => each.name === name)!
  let bits = variant.pattern.match
  for (const [field, value] of Object.entries({ ...fields, oe: variant.oe ? 1 : 0, rc: variant.rc ? 1 : 0 })) {
    const place = variant.pattern.fields[field]
    if (place !== undefined) bits |= (value & (2 ** place.width - 1)) << place.shift
  }
  return bits | 0
}

const spr = (number: number): number => ((number & 31) << 5) | (number >>> 5)
export const mtspr = (number: number, rs: number): number => word('mtspr', { spr: spr(number), rs })
export const mfspr = (rt: number, number: number): number => word('mfspr', { spr: spr(number), rt })
export const li = (rt: number, value: number): number[] => [
  word('addis', { rt, ra: 0, si: value >>> 16 }),
  word('ori', { ra: rt, rs: rt, ui: value & 0xffff }),
]

const ROWS: readonly Insn[] = [
  ...arithmetic,
  ...arithmetic,
  ...logical,
  ...rotate,
  ...compare,
  ...compare,
  ...cr,
  ...mac,
]
const computing = variants().filter(
  ({ insn }) => ROWS.some(row => row.name === insn.name) && !insn.name.startsWith('tw'),
)

const floating = variants().filter(({ insn }) => insn.unit === 'float' && !/^(st|l)f/.test(insn.name))
const FLOAT_STORAGE = ['lfd', 'lfd', 'lfs', 'stfd', 'stfs', 'lfdu', 'stfiwx', 'stfsx', 'lfdx']
/** 1, -3, 0, 0.1, 2^40 and their like: doubles that programs compute with. */
const NUMBERS = [1, -3, 0, 0.1, 2 ** 40, 1 / 3, -0.75, 1e-300, 1e300, Number.POSITIVE_INFINITY]

const LOADS = ['lbz', 'lhz', 'lha', 'lwz', 'lbzu', 'lwzu', 'lmw']
const STORES = ['stb', 'sth', 'stw', 'stbu', 'stwu', 'stmw']
const INDEXED = ['lbzx', 'lhzx', 'lhax', 'lwzx', 'lwbrx', 'lhbrx', 'stbx', 'sthx', 'stwx', 'stwbrx']
const CACHE_AND_RESERVATION = ['lwarx', 'stwcx.', 'dcbz', 'dcbt', 'dcbtst', 'dcbst', 'dcbf']

/** An executable of 440 code that runs for ever. */
export function randomProgram(random: Random): Uint8Array<ArrayBuffer> {
  const code = new Writer(random).program()
  const bytes = (words: readonly number[]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(4 * words.length))
    for (const [i, each] of words.entries()) view.setInt32(4 * i, each)
    return new Uint8Array(view.buffer)
  }
  return writeElf(CODE, [
    { address: CODE, bytes: bytes(code) },
    { address: VECTORS, bytes: bytes(vectors()) },
    { address: 0x40000, bytes: data(random) },
  ]) as Uint8Array<ArrayBuffer>
}

/** Numbers first, then whatever comes. */
function data(random: Random): Uint8Array {
  const bytes = random.bytes(0x3000)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < 0x100; at += 8) view.setFloat64(at, random.pick(NUMBERS))
  for (let at = 0x100; at < 0x180; at += 4) view.setFloat32(at, random.pick(NUMBERS))
  return bytes
}

/** One handler for each interrupt, 64 bytes apart: an error skips its instruction, a timer is acknowledged. */
function vectors(): number[] {
  const words: number[] = []
  for (let n = 0; n < 16; n++) {
    const critical = n === 0 || n === 12 || n === 15
    const back = critical ? Spr.CSRR0 : Spr.SRR0
    const skips = [2, 3, 5, 6, 7, 13].includes(n)
    const acknowledge =
      n === 15
        ? [
            word('addi', { rt: 30, ra: 0, si: 0 }),
            mtspr(Spr.DBCR0, 30),
            ...[30].flatMap(r => li(r, -1)),
            mtspr(Spr.DBSR, 30),
          ]
        : n >= 10 && n <= 12
          ? [...li(30, -1), mtspr(Spr.TSR, 30)]
          : n === 1
            ? [...li(30, -1), mtspr(Spr.MCSR, 30)]
            : []
    const skip = skips ? [mfspr(30, back), word('addi', { rt: 30, ra: 30, si: 4 }), mtspr(back, 30)] : []
    const handler = [mtspr(Spr.SPRG0, 30), ...acknowledge, ...skip, mfspr(30, Spr.SPRG0)]
    handler.push(word(critical || n === 1 ? 'rfci' : 'rfi'))
    while (handler.length < 16) handler.push(word('ori'))
    words.push(...handler)
  }
  return words
}

class Writer {
  readonly #random: Random
  readonly #words: number[] = []
  readonly #starts: number[] = []
  /** Calls of functions that have not been written yet: index of the word, and which. */
  readonly #calls: (readonly [at: number, to: number])[] = []

  /** Some programs compute with the floating-point unit. */
  readonly #floats: boolean

  constructor(random: Random) {
    this.#random = random
    this.#floats = random.chance(50)
  }

  program(): readonly number[] {
    const random = this.#random
    for (let n = 0; n < 16; n++) this.#emit(...li(3, n * 64), mtspr(Spr.IVOR0 + n, 3))
    this.#emit(...li(3, VECTORS), mtspr(Spr.IVPR, 3), ...li(1, STACK))
    for (const [i, address] of POINTERS.entries()) this.#emit(...li(FIRST_POINTER + i, address))
    if (random.chance(60)) {
      this.#emit(...li(3, 300 + random.below(5000)), mtspr(Spr.DECAR, 3), mtspr(Spr.DEC, 3), ...li(3, 0x04400000))
      this.#emit(mtspr(Spr.TCR, 3))
    }
    const msr =
      (this.#floats && random.chance(90) ? 0x2000 : 0) |
      (random.chance(70) ? 0x8000 : 0) |
      (random.chance(30) ? 0x4000 : 0) |
      (random.chance(50) ? 0x200 : 0)
    this.#emit(...li(3, 0x1000 | msr), mtspr(Spr.SRR1, 3))
    const after = this.#words.length + 4
    this.#emit(...li(3, CODE + 4 * after), mtspr(Spr.SRR0, 3), word('rfi'))
    for (let n = 0; n < 13; n++) if (n !== 1) this.#emit(...li(n, random.word()))
    const main = this.#words.length
    for (let n = 0; n < FUNCTIONS; n++) {
      if (random.chance(30)) this.#body(0, false, n)
      this.#call(n)
    }
    for (const [i, address] of POINTERS.entries()) this.#emit(...li(FIRST_POINTER + i, address))
    this.#branch(main)
    for (let n = 0; n < FUNCTIONS; n++) this.#function(n)
    for (const [at, to] of this.#calls) this.#words[at] = word('bl', { li: this.#starts[to]! - at })
    return this.#words
  }

  #emit(...words: readonly number[]): void {
    this.#words.push(...words)
  }

  #branch(to: number): void {
    this.#emit(word('b', { li: to - this.#words.length }))
  }

  #call(to: number): void {
    this.#calls.push([this.#words.length, to])
    this.#emit(0)
  }

  #function(n: number): void {
    this.#starts[n] = this.#words.length
    const random = this.#random
    const leaf = n >= FUNCTIONS - 2
    if (!leaf)
      this.#emit(
        word('stwu', { rs: 1, ra: 1, d: -16 }),
        mfspr(0, Spr.LR),
        word('stw', { rs: 0, ra: 1, d: 20 }),
        word('stw', { rs: COUNTERS[0]!, ra: 1, d: 8 }),
        word('stw', { rs: COUNTERS[1]!, ra: 1, d: 12 }),
      )
    for (let i = 0; i < 2 + random.below(4); i++) this.#body(0, leaf, n + 1)
    if (!leaf)
      this.#emit(
        word('lwz', { rt: 0, ra: 1, d: 20 }),
        word('lwz', { rt: COUNTERS[0]!, ra: 1, d: 8 }),
        word('lwz', { rt: COUNTERS[1]!, ra: 1, d: 12 }),
        mtspr(Spr.LR, 0),
        word('addi', { rt: 1, ra: 1, si: 16 }),
      )
    if (random.chance(20)) this.#emit(word('bclr', { bo: 12, bi: random.below(32) }))
    this.#emit(word('bclr', { bo: 20 }))
  }

  /** @param nested loops around it; `leaf`: it must not call; `from`: the first function that may be called */
  #body(nested: number, leaf: boolean, from: number): void {
    const random = this.#random
    for (let i = 0; i < 1 + random.below(6); i++) this.#compute()
    switch (random.below(12)) {
      case 0:
      case 1:
      case 2:
        return this.#loop(nested, leaf, from)
      case 3:
        return this.#skip(() => this.#body(nested + 1, leaf, from))
      case 4:
        if (!leaf && from < FUNCTIONS) this.#call(from + random.below(FUNCTIONS - from))
        return
      case 5:
        return this.#jump()
      case 6:
        if (random.chance(30)) this.#changeCode()
        return
      case 7:
        return this.#emit(
          random.pick([
            word('isync'),
            word('msync'),
            word('mfcr', { rt: 5 }),
            word('sc'),
            mfspr(6, random.pick([Spr.TBL, Spr.TBU])),
          ]),
        )
      case 8:
        return this.#emit(word('mtcrf', { rs: 3 + random.below(9), fxm: random.below(256) }))
      case 9:
        return this.#emit(word('tw', { to: random.below(32), ra: 3 + random.below(9), rb: 3 + random.below(9) }))
      default:
        return this.#memory()
    }
  }

  #register(): number {
    return 3 + this.#random.below(10)
  }

  #compute(): void {
    const random = this.#random
    if (random.chance(25)) return this.#memory()
    if (this.#floats && random.chance(35)) return this.#float()
    const variant = random.pick(computing)
    let bits = (random.word() & ~variant.pattern.mask) | variant.pattern.match
    const set = (field: string, value: number): void => {
      const place = variant.pattern.fields[field]
      if (place === undefined) return
      const mask = (2 ** place.width - 1) << place.shift
      bits = (bits & ~mask) | (value << place.shift)
    }
    for (const field of ['rt', 'rs', 'ra', 'rb']) set(field, this.#register())
    if (random.chance(10)) set('ra', variant.insn.operands.includes('ra0') ? 0 : this.#register())
    set('oe', variant.oe ? 1 : 0)
    set('rc', variant.rc ? 1 : 0)
    this.#emit(bits | 0)
  }

  #float(): void {
    const random = this.#random
    if (random.chance(30)) {
      const name = random.pick(FLOAT_STORAGE)
      const fields = { frt: random.below(8), frs: random.below(8), ra: FIRST_POINTER + random.pick([0, 0, 0, 1, 4]) }
      if (!name.endsWith('x'))
        return this.#emit(word(name, { ...fields, d: 8 * random.below(8) + (random.chance(10) ? 4 : 0) }))
      const index = this.#register()
      this.#emit(word('rlwinm', { ra: index, rs: this.#register(), sh: 0, mb: 20, me: 28 }))
      return this.#emit(word(name, { ...fields, rb: index }))
    }
    // Moves to FPSCR make the uncommon common; they are rare in programs, too.
    const variant = random.pick(floating)
    if (variant.insn.name.startsWith('mtfs') && random.chance(90)) return
    const fields = Object.fromEntries(['frt', 'fra', 'frb', 'frc'].map(field => [field, random.below(8)]))
    this.#emit(
      word(variant.name, { ...fields, bf: random.below(8), bfa: random.below(8), bt: random.below(32), flm: 1 }),
    )
  }

  #memory(): void {
    const random = this.#random
    const ra = FIRST_POINTER + random.pick([0, 0, 0, 0, 1, 2, 3, 4, 5])
    const odd = random.chance(10) ? random.below(4) : 0
    if (random.chance(30)) {
      const index = this.#register()
      this.#emit(word('rlwinm', { ra: index, rs: this.#register(), sh: 0, mb: 20, me: random.chance(90) ? 29 : 31 }))
      const base = FIRST_POINTER + random.pick([0, 0, 0, 5])
      const names = random.chance(30) ? CACHE_AND_RESERVATION : INDEXED
      return this.#emit(word(random.pick(names), { rt: this.#register(), rs: this.#register(), ra: base, rb: index }))
    }
    // Stores to code are made on purpose only, and updates stay near.
    const stores = ra !== FIRST_POINTER + 2 && random.chance(50)
    const name = random.pick(stores ? STORES : LOADS)
    const updates = name.endsWith('u')
    const isMultiple = name.endsWith('mw')
    const d = (updates ? random.pick([-4, 4, 8]) : random.below(64) * 4) + (isMultiple ? 0 : odd)
    const rt = isMultiple ? 28 : this.#register()
    if (ra === FIRST_POINTER + 3 && name !== 'lbz') return
    for (let i = 0; i < 1 + random.below(3); i++)
      this.#emit(word(name, { rt, rs: rt, ra, d: d + 4 * i * (updates ? 0 : 1) }))
  }

  #loop(nested: number, leaf: boolean, from: number): void {
    const random = this.#random
    const times = 2 + random.below(random.chance(20) ? 200 : 20)
    if (nested >= COUNTERS.length || random.chance(30)) {
      // The innermost counts in CTR, which calls and jumps inside would lose.
      this.#emit(...li(13, times), mtspr(Spr.CTR, 13))
      const start = this.#words.length
      for (let i = 0; i < 1 + random.below(8); i++) this.#compute()
      if (random.chance(40)) this.#skip(() => this.#compute())
      const bo = random.pick([16, 16, 16, 0, 8])
      return this.#emit(word('bc', { bo, bi: random.below(32), bd: start - this.#words.length }))
    }
    const counter = COUNTERS[nested]!
    this.#emit(...li(counter, nested === 0 ? times : 1 + (times % 12)))
    const start = this.#words.length
    this.#body(nested + 1, leaf, from)
    this.#emit(word('addic.', { rt: counter, ra: counter, si: -1 }))
    this.#emit(word('bc', { bo: 4, bi: 2, bd: start - this.#words.length }))
  }

  /** Something that is skipped now and then. */
  #skip(inside: () => void): void {
    const at = this.#words.length
    this.#emit(0)
    inside()
    const random = this.#random
    this.#words[at] = word('bc', { bo: random.pick([4, 12]), bi: random.below(32), bd: this.#words.length - at })
  }

  /** Through CTR, to one of two places behind it, by a bit of a register. */
  #jump(): void {
    const here = CODE + 4 * this.#words.length
    const call = this.#random.chance(20)
    this.#emit(...li(12, here + 4 * 7), word('rlwinm', { ra: 11, rs: this.#register(), sh: 2, mb: 29, me: 29 }))
    this.#emit(word('add', { rt: 12, ra: 12, rb: 11 }), mtspr(Spr.CTR, 12))
    this.#emit(word('ori'), word('bcctr', { bo: 20 }))
    this.#compute1()
    this.#compute1()
    if (call) this.#emit(word('ori'))
  }

  #compute1(): void {
    this.#emit(word('add', { rt: this.#register(), ra: this.#register(), rb: this.#register() }))
  }

  /** Writes an instruction behind itself, with or without telling the cache. */
  #changeCode(): void {
    const random = this.#random
    const told = random.chance(50)
    const at = CODE + 4 * (this.#words.length + (told ? 8 : 5))
    const fresh = word(random.pick(['add', 'subf', 'xor', 'and']), {
      ...{ rt: this.#register(), rs: this.#register(), ra: this.#register(), rb: this.#register() },
    })
    this.#emit(...li(12, at), ...li(11, fresh), word('stw', { rs: 11, ra: 12, d: 0 }))
    if (told) this.#emit(word('icbi', { ra: 0, rb: 12 }), word('msync'), word('isync'))
    this.#emit(word('ori'))
  }
}
