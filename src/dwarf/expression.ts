// DWARF expressions, evaluated (DWARF 5, §2.5 and §2.6).

import { hex } from '../util/hex.ts'
import { DW_AT, DW_OP } from './constants.ts'
import type { DieUnit } from './die.ts'
import { type Location, type LocationContext, type Piece, readLocation } from './location.ts'
import { Reader } from './reader.ts'
import { binary, bytesOf, entry, fromBytes, generic, type StackEntry, type StackType, unary, word } from './stack.ts'

const op = DW_OP

/** A correct expression has a dozen operations; DW_OP_bra could make a loop of a damaged one. */
const operationLimit = 10_000
const stackLimit = 256
/** In bits: all memory. */
const largestPiece = 2 ** 35

/** Something the frame could not give. Ends the evaluation, and is told to whoever asked for the location. */
class Unavailable extends Error {}

/** Evaluate a location description (DWARF 5, §2.6) that stands in `unit`. An empty one says "optimized out". */
export function evaluateLocation(expression: Uint8Array, unit: DieUnit, context: LocationContext): Location {
  if (expression.length === 0) return { kind: 'optimizedOut' }
  return evaluate(machineOf(expression, unit, context, []))
}

/** Evaluate an expression for the address or word it computes, e.g. a CFA; with `initial` on the stack. */
export function evaluateWord(
  expression: Uint8Array,
  unit: DieUnit | undefined,
  context: LocationContext,
  ...initial: number[]
): number | undefined {
  const value = evaluateEntry(expression, unit, context, ...initial)
  return value && word(value)
}

/** The number that an expression computes: a word, or what has a floating-point type. */
export function evaluateEntry(
  expression: Uint8Array,
  unit: DieUnit | undefined,
  context: LocationContext,
  ...initial: number[]
): StackEntry | undefined {
  const machine = machineOf(expression, unit, context, initial)
  const location = evaluate(machine)
  if (location.kind === 'memory') return machine.isFloat ? machine.top : entry(location.address)
  if (location.kind === 'value') return fromBytes(location.bytes, generic)
  const register = location.kind === 'register' ? context.register(location.register) : undefined
  return register === undefined ? undefined : entry(register)
}

const machineOf = (
  expression: Uint8Array,
  unit: DieUnit | undefined,
  context: LocationContext,
  initial: readonly number[],
): StackMachine =>
  new StackMachine(new Reader('location expression', expression, unit?.sections.movedBy ?? 0), unit, context, initial)

function evaluate(machine: StackMachine): Location {
  try {
    return machine.run()
  } catch (error) {
    if (error instanceof Unavailable) return { kind: 'unavailable', reason: error.message }
    throw error
  }
}

/** The stack machine of §2.5. */
class StackMachine {
  readonly #reader: Reader
  readonly #unit: DieUnit | undefined
  readonly #context: LocationContext
  readonly #stack: StackEntry[]
  readonly #pieces: Piece[] = []
  /** What a register, value or implicit location operation said; otherwise the top of the stack is an address. */
  #location: Location | undefined
  /** What the address was computed as. */
  top: StackEntry | undefined

  constructor(reader: Reader, unit: DieUnit | undefined, context: LocationContext, initial: readonly number[]) {
    this.#reader = reader
    this.#unit = unit
    this.#context = context
    this.#stack = initial.map(value => entry(value))
  }

  run(): Location {
    for (let count = 0; !this.#reader.atEnd; count++) {
      if (count > operationLimit) throw this.#reader.error('the expression does not end')
      if (this.#stack.length > stackLimit) throw this.#reader.error('the expression overflows its stack')
      this.#step(this.#reader.u8())
    }
    return this.#pieces.length > 0 ? { kind: 'pieces', pieces: this.#pieces } : this.#finish()
  }

  #finish(): Location {
    if (this.#location !== undefined) return this.#location
    this.top = this.#pop()
    return { kind: 'memory', address: word(this.top) }
  }

  /** What was computed is no address. */
  get isFloat(): boolean {
    return typeof this.top?.value === 'number'
  }

  #pop(): StackEntry {
    const top = this.#stack.pop()
    if (top === undefined) throw this.#reader.error('the expression needs more than is on its stack')
    return top
  }

  #push(value: bigint | number, type: StackType = generic): void {
    this.#stack.push(entry(value, type))
  }

  #peek(depth: number): StackEntry {
    const found = this.#stack.at(-1 - depth)
    if (found === undefined) throw this.#reader.error('the expression needs more than is on its stack')
    return found
  }

  #step(code: number): void {
    const known = this.#atEntry(code)
    if (known !== undefined) {
      this.#stack.push(known)
      return
    }
    const value = this.#value(code)
    // A constant keeps all its bits: clang mixes those of 8 bytes with typed entries of 8.
    if (value !== undefined) this.#stack.push({ type: generic, value: BigInt(value) })
    else if (!this.#control(code) && !this.#describe(code) && !this.#stackOperation(code)) this.#typed(code)
  }

  /** Operations that push a word of their own: constants, addresses, registers plus offsets (§2.5.1.1, §2.5.1.2). */
  #value(code: number): number | bigint | undefined {
    const reader = this.#reader
    if (code >= op.lit0 && code <= op.lit31) return code - op.lit0
    if (code >= op.breg0 && code <= op.breg31) return this.#register(code - op.breg0) + reader.delta()
    if (code >= op.const1u && code <= op.consts) return this.#constant(code)
    switch (code) {
      case op.addr:
        return reader.address()
      case op.addrx:
      case op.GNU_addr_index:
        return this.#needUnit().indexedAddress(reader.count())
      case op.constx:
      case op.GNU_const_index:
        return this.#needUnit().indexedConstant(reader.count())
      case op.bregx:
        return this.#register(reader.count()) + reader.delta()
      case op.fbreg:
        return this.#need(this.#context.frameBase(), 'the frame base is not known') + reader.delta()
      case op.call_frame_cfa:
        return this.#need(this.#context.cfa(), 'the frame is not known')
      case op.form_tls_address:
      case op.GNU_push_tls_address:
        return this.#threadLocal(word(this.#pop()))
      default:
        return undefined
    }
  }

  /** What something was worth when the function was entered: of the type that the caller computed it in. */
  #atEntry(code: number): StackEntry | undefined {
    const reader = this.#reader
    switch (code) {
      case op.entry_value:
      case op.GNU_entry_value: {
        const value = this.#context.entryValue?.(reader.block(reader.count()))
        return this.#need(value, 'optimized out; its value at entry was not recorded')
      }
      case op.GNU_parameter_ref: {
        const value = this.#context.entryValue?.({ parameter: this.#needUnit().offset + reader.u32() })
        return this.#need(value, 'optimized out; what was passed was not recorded')
      }
      default:
        return undefined
    }
  }

  /** r2 points 0x7000 beyond the program's own thread-local variables (binutils' elf32-ppc.c: TP_OFFSET). */
  #threadLocal(offset: number): number {
    const pointer = this.#need(this.#context.register(2), 'it is thread-local, and no thread is known here')
    const { sections } = this.#needUnit()
    const at = sections.address('.tdata') || sections.address('.tbss')
    // What is computed from it is a constant of the linker, which says nothing of a move.
    const image = at === 0 ? 0 : (at - sections.movedBy) >>> 0
    // clang asks the linker for the address in the image, plus what would make an offset of DTPREL: not for an offset.
    const isAddress = image > 0 && offset >= image + 0x8000
    return pointer - 0x7000 + (isAddress ? offset - image - 0x8000 : offset)
  }

  /** §2.5.1.5. */
  #control(code: number): boolean {
    if (code === op.bra) {
      const distance = this.#reader.signed(2)
      if (word(this.#pop()) !== 0) this.#jump(distance)
    } else if (code === op.skip) this.#jump(this.#reader.signed(2))
    else if (code !== op.nop && code !== op.GNU_uninit) return false
    return true
  }

  /** Operations that say where or what the object is (§2.6.1), rather than compute. */
  #describe(code: number): boolean {
    const reader = this.#reader
    if (code >= op.reg0 && code <= op.reg31) this.#location = { kind: 'register', register: code - op.reg0 }
    else if (code === op.regx) this.#location = { kind: 'register', register: reader.count() }
    else if (code === op.stack_value) this.#location = { kind: 'value', bytes: bytesOf(this.#pop()) }
    else if (code === op.implicit_value) this.#location = { kind: 'value', bytes: reader.block(reader.count()) }
    else if (code === op.implicit_pointer || code === op.GNU_implicit_pointer) {
      const unit = this.#needUnit()
      const die = reader.unsigned(unit.version <= 2 ? unit.addressSize : unit.offsetSize)
      this.#location = { kind: 'implicitPointer', die: unit.base + die, offset: reader.delta() }
    } else if (code === op.piece) this.#piece(reader.count() * 8, 0)
    else if (code === op.bit_piece) this.#piece(reader.count(), reader.count())
    else return false
    return true
  }

  #constant(code: number): number | bigint {
    const reader = this.#reader
    if (code === op.constu) return reader.uleb()
    if (code === op.consts) return reader.sleb()
    const size = 1 << ((code - op.const1u) >> 1)
    if (size === 8) return reader.u64()
    return (code - op.const1u) % 2 === 0 ? reader.unsigned(size) : reader.signed(size)
  }

  /** §2.5.1.3 and §2.5.1.4: operations on what is on the stack. */
  #stackOperation(code: number): boolean {
    switch (code) {
      case op.plus_uconst:
        this.#stack.push(binary(op.plus, this.#pop(), entry(this.#reader.uleb()))!)
        return true
      case op.deref:
        this.#dereference(4, generic)
        return true
      case op.deref_size:
        this.#dereference(this.#reader.u8(), generic)
        return true
      case op.dup:
        this.#stack.push(this.#peek(0))
        return true
      case op.drop:
        this.#pop()
        return true
      case op.over:
        this.#stack.push(this.#peek(1))
        return true
      case op.pick:
        this.#stack.push(this.#peek(this.#reader.u8()))
        return true
      case op.swap:
      case op.rot: {
        const moved = [this.#pop(), this.#pop()]
        if (code === op.rot) moved.push(this.#pop())
        // The topmost goes below the others.
        this.#stack.push(moved[0], ...moved.slice(1).reverse())
        return true
      }
      case op.abs:
      case op.neg:
      case op.not:
        this.#stack.push(unary(code, this.#pop()))
        return true
      default: {
        const isBinary = (code >= op.and && code <= op.plus) || (code >= op.shl && code <= op.xor)
        if (!isBinary && !(code >= op.eq && code <= op.ne)) return false
        const b = this.#pop()
        const result = binary(code, this.#pop(), b)
        if (result === undefined) throw this.#reader.error('the expression divides by zero')
        this.#stack.push(result)
        return true
      }
    }
  }

  /** §2.5.1.2 and §2.5.1.6: operations on base types. */
  #typed(code: number): void {
    const reader = this.#reader
    switch (code) {
      case op.const_type:
      case op.GNU_const_type: {
        const type = this.#type(reader.count())
        this.#stack.push(fromBytes(reader.block(reader.u8()), type))
        return
      }
      case op.regval_type:
      case op.GNU_regval_type: {
        const register = reader.count()
        const type = this.#type(reader.count())
        const bytes = readLocation({ kind: 'register', register }, type.size, this.#context)
        if (typeof bytes === 'string') throw new Unavailable('a register it depends on was not saved')
        this.#stack.push(fromBytes(bytes, type))
        return
      }
      case op.deref_type:
      case op.GNU_deref_type: {
        const size = reader.u8()
        this.#dereference(size, this.#type(reader.count()))
        return
      }
      case op.convert:
      case op.GNU_convert: {
        const type = this.#type(reader.count())
        this.#push(this.#pop().value, type)
        return
      }
      case op.reinterpret:
      case op.GNU_reinterpret: {
        const type = this.#type(reader.count())
        this.#stack.push(fromBytes(bytesOf(this.#pop()).slice(-type.size), type))
        return
      }
      default:
        throw new Unavailable(`the location uses operation ${hex(code)}, which is not supported`)
    }
  }

  #type(offset: number): StackType {
    if (offset === 0) return generic
    const unit = this.#needUnit()
    const die = unit.dieAt(unit.offset + offset)
    const size = die?.number(DW_AT.byte_size)
    const encoding = die?.number(DW_AT.encoding)
    if (size === undefined || encoding === undefined || size > 16) throw this.#reader.error('a type is not a base type')
    return { size, encoding }
  }

  #dereference(size: number, type: StackType): void {
    const bytes = this.#context.memory(word(this.#pop()), Math.min(size, 16))
    this.#stack.push(fromBytes(this.#need(bytes, 'the memory cannot be read'), type))
  }

  #jump(distance: number): void {
    this.#reader.offset = this.#reader.at(this.#reader.offset + distance).offset
  }

  #register(number: number): number {
    return this.#need(this.#context.register(number), 'a register it depends on was not saved')
  }

  #piece(bitSize: number, bitOffset: number): void {
    if (bitSize > largestPiece || bitOffset > largestPiece) throw this.#reader.error(`a piece of ${bitSize} bits`)
    // Nothing before the piece: this part was optimized out.
    const isEmpty = this.#location === undefined && this.#stack.length === 0
    const location: Location = isEmpty ? { kind: 'optimizedOut' } : this.#finish()
    this.#pieces.push({ location, bitSize, bitOffset })
    this.#location = undefined
  }

  #need<T>(value: T | undefined, reason: string): T {
    if (value === undefined) throw new Unavailable(reason)
    return value
  }

  #needUnit(): DieUnit {
    if (this.#unit === undefined) throw this.#reader.error('the operation has no meaning outside a unit')
    return this.#unit
  }
}
