// What an instruction reads and writes of the registers that compiled code keeps in locals, where it leads, and whether
// it can be compiled at all: read off its meaning.

import { decode, type Variant } from '../isa/decode.ts'
import { BO } from '../isa/flow.ts'
import { Spr } from '../isa/registers.ts'
import { fieldValue } from '../isa/rtl/fields.ts'
import { FUNCTIONS, type FunctionName, type RegisterField } from '../isa/rtl/language.ts'
import { parseVariant } from '../isa/rtl/parse.ts'
import type { RtlCall, RtlExpression, RtlTarget, Statement } from '../isa/rtl/tree.ts'
import { MULTIPLE } from './accesses.ts'
import { isFloatCompiled } from './floats.ts'
import { BY_SOFT_TLB } from './softTlb.ts'

/** Bits of the registers beside the general ones: LR, CTR, CA and the eight fields of CR. */
export const LR = 1
export const CTR = 2
export const CA = 4
const CR0 = 8
const ALL_CR = 0xff * CR0
/** The bit of CR field `n`. */
export const crBit = (n: number): number => CR0 << n

/** Where an instruction that ends a straight line leads; after all but a plain jump and a return also to the next one. */
export type Ending =
  | { readonly kind: 'jump'; readonly target: number; readonly conditional: boolean }
  | { readonly kind: 'call'; readonly target: number }
  | { readonly kind: 'return'; readonly conditional: boolean }
  | { readonly kind: 'indirectJump' }
  | { readonly kind: 'indirectCall' }

/** One instruction at one address, as it is compiled. Register sets are masks: general registers, and the others. */
export interface GuestInsn {
  readonly pc: number
  readonly word: number
  readonly variant: Variant
  readonly meaning: readonly Statement[]
  readonly usesGpr: number
  readonly uses: number
  readonly definesGpr: number
  readonly defines: number
  /** It may leave compiled code before it has done anything: an access to memory, a trap. */
  readonly mayLeave: boolean
  readonly ending: Ending | undefined
}

/** Functions that compiled code has no form of. */
const FOREIGN: ReadonlySet<FunctionName> = new Set<FunctionName>([
  ...(['leftmostZeroByte', 'zeroByteIn', 'saturate', 'saturateUnsigned', 'fits', 'fitsUnsigned'] as const),
])

const meanings = new Map<Variant, readonly Statement[] | null>()

/** The meaning of what can be compiled whatever its fields are, or null. */
function meaningOf(variant: Variant): readonly Statement[] | null {
  let meaning = meanings.get(variant)
  if (meaning !== undefined) return meaning
  const { insn } = variant
  meaning = insn.privileged === true ? null : parseVariant(variant)
  meanings.set(variant, meaning)
  return meaning
}

/**
 * @param float whether the part has the floating-point unit
 * @returns undefined for what is left to the interpreter
 */
export function compilable(word: number, pc: number, float: boolean): GuestInsn | undefined {
  const variant = decode(word)
  if (variant?.insn.unit === 'float' && !float) return undefined
  const meaning = variant === undefined ? null : meaningOf(variant)
  if (variant === undefined || meaning === null) return undefined
  const effects = new Effects(variant, word, pc)
  for (const statement of meaning) effects.statement(statement, false)
  if (effects.foreign) return undefined
  const { usesGpr, uses, definesGpr, defines, mayLeave, ending } = effects
  return { pc, word, variant, meaning, usesGpr, uses, definesGpr, defines, mayLeave, ending }
}

class Effects {
  readonly #variant: Variant
  readonly #word: number
  usesGpr = 0
  uses = 0
  definesGpr = 0
  defines = 0
  mayLeave = false
  ending: Ending | undefined
  foreign = false
  readonly #pc: number
  #conditional = false

  constructor(variant: Variant, word: number, pc: number) {
    this.#variant = variant
    this.#word = word
    this.#pc = pc
  }

  /** @param perhaps it stands behind a condition, so that what it assigns may also stay */
  statement(statement: Statement, perhaps: boolean): void {
    switch (statement.kind) {
      case 'let':
        return this.#value(statement.value)
      case 'assign':
        this.#value(statement.value)
        if (statement.target.op === 'nextInstruction') return this.#leadsTo(statement.value)
        return this.#target(statement.target, perhaps)
      case 'call':
        return this.#call(statement.call)
      case 'if':
        this.#value(statement.condition)
        return this.statement(statement.body, true)
      case 'ifTaken':
        this.#taken()
        return this.statement(statement.body, true)
    }
  }

  #taken(): void {
    const bo = this.#bits('bo')
    const counts = (bo & BO.KEEPS_CTR) === 0
    const asks = (bo & BO.ANY_CONDITION) === 0
    this.#conditional = counts || asks
    if (counts) {
      this.uses |= CTR
      this.defines |= CTR
    }
    if (asks) this.uses |= crBit(this.#bits('bi') >>> 2)
  }

  /** The branch goes to `value`. What a branch does to LR is written behind that. */
  #leadsTo(value: RtlExpression): void {
    const target = this.#known(value)
    const conditional = this.#conditional
    if (target !== undefined) this.ending = { kind: 'jump', target, conditional }
    else if (this.#variant.insn.name === 'bclr') this.ending = { kind: 'return', conditional }
    else if (conditional) this.foreign = true
    else this.ending = { kind: 'indirectJump' }
  }

  /** A branch that has been read leaves the address behind it in LR. */
  #links(): void {
    const { ending } = this
    if (ending === undefined) return
    if (ending.kind === 'indirectJump') this.ending = { kind: 'indirectCall' }
    else if (ending.kind !== 'jump' || ending.conditional) this.foreign = true
    // `bcl 20,31,.+4` reads its own address: nothing is called.
    else if (ending.target === ((this.#pc + 4) | 0)) this.ending = undefined
    else this.ending = { kind: 'call', target: ending.target }
  }

  #target(target: RtlTarget, perhaps: boolean): void {
    switch (target.op) {
      case 'register': {
        const bit = 1 << this.#number(target.field)
        this.definesGpr |= bit
        if (perhaps) this.usesGpr |= bit
        return
      }
      case 'conditionField': {
        const bit = this.#condition(target.number)
        this.defines |= bit
        if (perhaps) this.uses |= bit
        return
      }
      case 'place': {
        const bit = PLACE_BITS[target.name]
        if (bit === undefined) this.foreign = true
        this.defines |= bit ?? 0
        if (bit === LR) this.#links()
        return
      }
      case 'record':
        this.defines |= crBit(0)
        return
      case 'nextInstruction':
    }
  }

  #value(value: RtlExpression): void {
    switch (value.op) {
      case 'register': {
        const number = this.#number(value.field)
        if (number !== 0 || !value.orZero) this.usesGpr |= 1 << number
        return
      }
      case 'place':
        if (value.name === 'CIA' || value.name === 'SO' || value.name === 'FPSCR') return
        if (PLACE_BITS[value.name] === undefined) this.foreign = true
        this.uses |= PLACE_BITS[value.name] ?? 0
        return
      case 'conditionField':
        this.uses |= this.#condition(value.number)
        return
      case 'unary':
      case 'extend':
      case 'cut':
        return this.#value(value.value)
      case 'binary':
        this.#value(value.left)
        return this.#value(value.right)
      case 'choose':
        this.#value(value.condition)
        this.#value(value.then)
        return this.#value(value.otherwise)
      case 'call':
        return this.#call(value)
      case 'constant':
      case 'field':
      case 'temporary':
        return
    }
  }

  #call({ name, args }: RtlCall): void {
    const { effect } = FUNCTIONS[name]
    if (name === 'mfspr' || name === 'mtspr') return this.#sprMove(name, args)
    for (const arg of args) this.#value(arg)
    if (effect === 'condition') return this.#conditionCall(name, args)
    if (name in MULTIPLE) this.#multiple(this.#known(args[0]!)!, MULTIPLE[name]!.write)
    else if (effect === 'memory' || name === 'trap' || BY_SOFT_TLB.has(name)) this.mayLeave = true
    else if (effect === 'float' && isFloatCompiled(name)) this.mayLeave = true
    else if (effect !== 'nothing' || FOREIGN.has(name)) this.foreign = true
  }

  /** Words to or from the registers from `first` on. */
  #multiple(first: number, stores: boolean): void {
    this.mayLeave = true
    const registers = -1 << first
    if (stores) this.usesGpr |= registers
    else this.definesGpr |= registers
  }

  #sprMove(name: 'mfspr' | 'mtspr', args: readonly RtlExpression[]): void {
    const spr = this.#known(args[0]!)
    if (name === 'mfspr' && (spr === Spr.TBL || spr === Spr.TBU)) {
      // It leaves where the timers stand still.
      this.mayLeave = true
      return
    }
    const bit = spr === Spr.LR ? LR : spr === Spr.CTR ? CTR : undefined
    if (bit === undefined) this.foreign = true
    else if (name === 'mfspr') this.uses |= bit
    else {
      this.defines |= bit
      this.#value(args[1]!)
    }
  }

  #conditionCall(name: FunctionName, args: readonly RtlExpression[]): void {
    if (name === 'packCr') this.uses |= ALL_CR
    else if (name === 'unpackCr') for (const field of fieldsIn(this.#known(args[1]!)!)) this.defines |= crBit(field)
    else if (name === 'CRBIT' || name === 'setCrBit') {
      const bit = crBit(this.#known(args[0]!)! >>> 2)
      this.uses |= bit
      if (name === 'setCrBit') this.defines |= bit
    }
  }

  #condition(number: RtlExpression): number {
    return crBit(this.#known(number)!)
  }

  #number(field: RegisterField): number {
    return this.#bits(field)
  }

  /** A field of five bits. */
  #bits(field: string): number {
    return (this.#word >>> this.#variant.pattern.fields[field]!.shift) & 31
  }

  /** The value of what is known with the word. */
  #known(value: RtlExpression): number | undefined {
    if (value.op === 'constant') return value.value
    if (value.op === 'place') return value.name === 'CIA' ? this.#pc : undefined
    if (value.op === 'binary' && value.operator === '+') {
      const [left, right] = [this.#known(value.left), this.#known(value.right)]
      return left === undefined || right === undefined ? undefined : (left + right) | 0
    }
    return value.op === 'field' ? fieldValue(this.#variant.pattern, value.name, this.#word) : undefined
  }
}

const PLACE_BITS: Readonly<Record<string, number | undefined>> = { LR, CTR, CA }

/** The fields of CR that FXM selects; its first bit is for field 0. */
export const fieldsIn = (fxm: number): number[] => [0, 1, 2, 3, 4, 5, 6, 7].filter(n => (fxm & (0x80 >>> n)) !== 0)
