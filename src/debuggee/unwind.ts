// The call stack, frame by frame: by call frame information where the program has it, by reading the instructions of
// the prologue where it was written by hand, by the ABI's back chain where neither says more. It always ends.

import { DWARF_CR, DWARF_CTR, DWARF_FPR0, DWARF_LR, DWARF_SP, DWARF_SPR0, DWARF_XER } from '../isa/dwarf.ts'
import { Spr } from '../isa/registers.ts'
import type { Machine } from '../machine/machine.ts'
import { peekMemory, wordAt } from '../machine/memory.ts'
import { readRegister } from '../machine/registers.ts'
import type { EntryItem } from '../symbols/location.ts'
import type { FrameReaders } from '../symbols/scopes.ts'
import type { Symbols } from '../symbols/symbols.ts'
import { hex32 } from '../util/hex.ts'
import { CodeFrames, type FrameByCode } from './codeFrames.ts'
import { EntryMemo } from './entryMemo.ts'
import { atReturn } from './epilogue.ts'

/** An activation of a function; what was inlined into it shares it. */
export interface Activation {
  readonly pc: number
  /** Its registers, memory and CFA. `readers.pc` is for lookups: in a caller it lies within the call. */
  readonly readers: FrameReaders
  /** Writes a register of this frame, by DWARF number, where it is kept. @returns false where it is kept nowhere. */
  writeRegister(number: number, bytes: Uint8Array): boolean
  /** Why the stack makes no sense above this one; the activation itself is good. */
  readonly broken?: string
}

/** No real stack is deeper; a damaged one may be a ring. */
const MOST_FRAMES = 10_000

/** A register of a frame: its value, and where in the machine that is kept, if anywhere: to write it there. */
interface Held {
  readonly value: number
  readonly address?: number
  /** A register of the core, by DWARF number. */
  readonly register?: number
}

/** By DWARF number; what is missing is not known in this frame. */
type Registers = ReadonlyMap<number, Held>

/** How an activation got where it is. The innermost, and what an interrupt struck, did not call. */
interface State {
  readonly registers: Registers
  readonly pc: number
  readonly called: boolean
}

/** The caller of an activation, and its own canonical frame address; no caller: the stack ends here, as it should. */
interface Step {
  readonly cfa: number | undefined
  readonly caller?: State
}

/** What every step of one walk over a stack needs. */
interface Walk {
  readonly machine: Machine
  readonly symbols: Symbols
  readonly frameByCode: FrameByCode
  readonly entryValues: EntryMemo<Link>
}

/** Innermost first; computes no more than is asked for. `read`: the functions whose code was read by earlier walks. */
export function* unwind(machine: Machine, symbols: Symbols, read = new CodeFrames()): Generator<Activation> {
  const entryValues = new EntryMemo<Link>((link, what) => entryValue(symbols, link, what))
  const walk: Walk = { machine, symbols, frameByCode: read.walk(machine), entryValues }
  const live = { registers: liveRegisters(machine), pc: machine.cpu.pc >>> 0, called: false }
  const seen = new Set<string>()
  for (let link: Link | undefined = linkOf(walk, live, 0); link !== undefined; ) {
    const { activation, caller }: Link = link
    const broken: string | undefined = caller && whyBroken(machine, caller.state, seen)
    yield broken === undefined ? activation : { ...activation, broken }
    link = broken === undefined ? caller : undefined
  }
}

/** An activation with the way to its caller, which is worked out when someone goes there. */
interface Link {
  readonly state: State
  readonly activation: Activation
  readonly caller: Link | undefined
}

function linkOf(walk: Walk, state: State, depth: number): Link {
  const { machine, entryValues } = walk
  const { cfa, caller } = step(walk, state)
  const { pc, registers } = state
  let outer: Link | undefined
  const link: Link = {
    state,
    activation: {
      pc,
      readers: { ...readersOf(machine, state, cfa), entryValue: what => entryValues.valueOf(link, what) },
      writeRegister: (number, bytes) => writeHeld(machine, number, registers.get(number), bytes),
    },
    get caller() {
      // Entry values are asked for along the stack before anyone knows that it is a ring.
      if (caller !== undefined && depth <= MOST_FRAMES) outer ??= linkOf(walk, caller, depth + 1)
      return outer
    },
  }
  return link
}

/** What something was worth at the function's entry, as its caller's debug information says. */
function entryValue(symbols: Symbols, { activation, caller }: Link, what: EntryItem): number | undefined {
  // What an interrupt struck has called nobody.
  if (caller?.state.called !== true) return undefined
  return symbols.entryValue(activation.readers.pc, what, caller.state.pc, caller.activation.readers)
}

function whyBroken(machine: Machine, { pc, registers }: State, seen: Set<string>): string | undefined {
  const sp = registers.get(DWARF_SP)?.value ?? 0
  const key = `${pc} ${sp}`
  if (seen.has(key)) return 'it leads back into itself'
  if (seen.size >= MOST_FRAMES) return `it has more than ${MOST_FRAMES} frames`
  seen.add(key)
  if (wordAt(machine.cpu, pc) === undefined) return `there is no memory at the return address ${hex32(pc)}`
  return (sp & 3) === 0 ? undefined : `the stack pointer ${hex32(sp)} is not a multiple of 4`
}

function step(walk: Walk, state: State): Step {
  const { machine, symbols } = walk
  const leaves = leaving(machine, symbols, state)
  const frame = symbols.callerOf(readersOf(machine, state, undefined), leaves?.get(DWARF_SP))
  if (frame === undefined) return leaves === undefined ? stepByCode(walk, state) : stepOut(leaves)
  const { cfa, returnAddress } = frame
  const registers = new Map(preserved(state.registers))
  for (const [register, recovered] of frame.registers) {
    if (recovered === undefined) registers.delete(register)
    else registers.set(register, heldBelow(state.registers, recovered))
  }
  return returnTo(returnAddress, registers, cfa, !frame.isSignalFrame)
}

/** What has not called may be about to return: what its registers will be then. */
function leaving(
  { cpu }: Machine,
  symbols: Symbols,
  { pc, registers, called }: State,
): Map<number, number> | undefined {
  const symbol = called ? undefined : symbols.symbolAt(pc)
  if (symbol === undefined) return undefined
  const live = new Map([...registers].map(([register, { value }]) => [register, value]))
  return atReturn(pc, live, {
    word: address => wordAt(cpu, address),
    isInside: address => symbols.symbolAt(address)?.address === symbol.address,
  })
}

/** A value kept in a register of the callee is wherever the callee's register is. */
function heldBelow(callee: Registers, { value, address, register }: Held): Held {
  if (register !== undefined) return callee.get(register) ?? { value }
  return address === undefined ? { value } : { value, address }
}

/** The caller of what is about to return. */
function stepOut(leaves: Map<number, number>): Step {
  const cfa = leaves.get(DWARF_SP)!
  const registers = new Map([...leaves].map(([register, value]) => [register, { value }]))
  return returnTo(leaves.get(DWARF_LR), new Map(preserved(registers)), cfa, true)
}

/** Without call frame information: what the instructions on the way to pc have done to r1, LR and SRR0. */
function stepByCode({ machine, symbols, frameByCode }: Walk, state: State): Step {
  const { registers } = state
  const sp = registers.get(DWARF_SP)?.value
  if (sp === undefined) return { cfa: undefined }
  const word = (address: number): number | undefined => wordAt(machine.cpu, address >>> 0)
  const symbol = symbols.symbolAt(lookup(state))
  const frame = symbol && frameByCode(symbol, state.pc)
  if (frame === undefined) return stepByBackChain(state, sp, word)
  const { base, saved, link, interrupt } = frame
  const value = base && registers.get(base.register)?.value
  const cfa = base === undefined || value === undefined ? word(sp) : (value - base.offset) >>> 0
  if (cfa === undefined || cfa === 0) return { cfa }
  const callers = new Map(preserved(registers))
  for (const [register, offset] of saved) {
    // A parameter put on the stack is none of the caller's registers; of what an interrupt struck, it is.
    if (interrupt === undefined && isVolatile(register)) continue
    const address = (cfa + offset) >>> 0
    const kept = word(address)
    if (kept !== undefined) callers.set(register, { value: kept, address })
  }
  if (interrupt !== undefined) return returnTo(callers.get(interrupt)?.value, callers, cfa, false)
  // What has called and kept no return address returns nowhere: it is where everything began.
  const back =
    link === undefined ? (saved.has(DWARF_LR) ? callers.get(DWARF_LR)?.value : undefined) : registers.get(link)?.value
  return returnTo(back, callers, cfa, true)
}

/**
 * Where nothing says where to begin, the ABI's frame (§3.2.2) is assumed of what has called, and of what has put the
 * return address that LR holds where the ABI wants it; anything else is taken for a leaf.
 */
function stepByBackChain({ registers, called }: State, sp: number, word: (at: number) => number | undefined): Step {
  const link = registers.get(DWARF_LR)?.value
  const outer = word(sp)
  const kept = outer ? word(outer + 4) : undefined
  const hasFrame = called || (kept !== undefined && kept >>> 0 === (link ?? 0) >>> 0)
  const cfa = hasFrame ? outer : sp
  if (cfa === undefined || cfa === 0) return { cfa }
  return returnTo(hasFrame ? kept : link, new Map(preserved(registers)), cfa, true)
}

function returnTo(address: number | undefined, registers: Map<number, Held>, cfa: number, called: boolean): Step {
  if (address === undefined || address === 0) return { cfa }
  registers.set(DWARF_SP, { value: cfa })
  return { cfa, caller: { registers, pc: (address & ~3) >>> 0, called } }
}

/** Registers that no call need preserve (PowerPC ABI, §3.2.1). */
const isVolatile = (register: number): boolean =>
  register === 0 || (register >= 3 && register <= 12) || register === DWARF_CTR

/** What a caller may rely on after a call; the other registers hold what the callee left. */
function* preserved(registers: Registers): Generator<[number, Held]> {
  for (const [register, held] of registers) {
    if (!isVolatile(register)) yield [register, held]
  }
}

/** A return address may be the first byte of another function: the call before it is not. */
const lookup = ({ pc, called }: State): number => (called ? pc - 1 : pc)

function readersOf({ cpu }: Machine, state: State, cfa: number | undefined): FrameReaders {
  return {
    pc: lookup(state),
    register: number => state.registers.get(number)?.value,
    wideRegister(number) {
      const n = number - DWARF_FPR0
      return n >= 0 && n < 32 ? doubleBytes(cpu.state.fpr[n]) : undefined
    },
    memory(address, length) {
      const bytes = peekMemory(cpu, address >>> 0, length)
      return bytes.length === length ? bytes : undefined
    },
    cfa: () => cfa,
  }
}

function doubleBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, value)
  return bytes
}

/** The manual's names of the registers that have a DWARF number, beside r0 to r31. */
const NAMED: ReadonlyMap<number, string> = new Map([
  [DWARF_LR, 'LR'],
  [DWARF_CTR, 'CTR'],
  [DWARF_XER, 'XER'],
  [DWARF_CR, 'CR'],
  ...(['LR', 'CTR', 'SRR0', 'SRR1', 'CSRR0', 'CSRR1', 'MCSRR0', 'MCSRR1'] as const).map((name): [number, string] => [
    DWARF_SPR0 + Spr[name],
    name,
  ]),
])

const nameOf = (number: number): string | undefined => (number < 32 ? `r${number}` : NAMED.get(number))

/** What the innermost activation has: the registers of the core. */
function liveRegisters({ vcpu }: Machine): Registers {
  const numbers = [...Array.from({ length: 32 }, (_, n) => n), ...NAMED.keys()]
  return new Map(numbers.map(number => [number, { value: readRegister(vcpu, nameOf(number)!) ?? 0, register: number }]))
}

function writeHeld(machine: Machine, number: number, held: Held | undefined, bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const float = number - DWARF_FPR0
  if (float >= 0 && float < 32 && bytes.length === 8) {
    machine.accept({ kind: 'float', register: float, value: view.getFloat64(0) })
    return true
  }
  if (held?.address !== undefined) return machine.poke(held.address, bytes)
  const name = held?.register === undefined ? undefined : nameOf(held.register)
  return name !== undefined && bytes.length === 4 && machine.setRegister(name, view.getInt32(0))
}
