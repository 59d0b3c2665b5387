// The call stack, frame by frame: by call frame information where the program has it, by reading the instructions of
// the prologue where it was written by hand, by the ABI's back chain where neither says more. It always ends.

import { DWARF_CR, DWARF_CTR, DWARF_FPR0, DWARF_LR, DWARF_SP, DWARF_SPR0, DWARF_XER } from '../isa/dwarf.ts'
import { Spr } from '../isa/registers.ts'
import type { Machine } from '../machine/machine.ts'
import { peekMemory, wordAt } from '../machine/memory.ts'
import { readRegister } from '../machine/registers.ts'
import type { FrameReaders } from '../symbols/scopes.ts'
import type { Symbols } from '../symbols/symbols.ts'
import { hex32 } from '../util/hex.ts'
import { type Prologue, scanPrologue } from './prologue.ts'

/** An activation of a function; what was inlined into it shares it. */
export interface Activation {
  readonly pc: number
  /** Its registers, memory and CFA. `readers.pc` is for lookups: in a caller it lies within the call. */
  readonly readers: FrameReaders
  /** Why the stack makes no sense above this one; the activation itself is good. */
  readonly broken?: string
}

/** No real stack is deeper; a damaged one may be a ring. */
const MOST_FRAMES = 10_000

/** By DWARF number; what is missing is not known in this frame. */
type Registers = ReadonlyMap<number, number>

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

/** Innermost first; computes no more than is asked for. */
export function* unwind(machine: Machine, symbols: Symbols): Generator<Activation> {
  let state: State | undefined = { registers: liveRegisters(machine), pc: machine.cpu.pc >>> 0, called: false }
  const seen = new Set<string>()
  while (state !== undefined) {
    const { cfa, caller }: Step = step(machine, symbols, state)
    const activation = { pc: state.pc, readers: readersOf(machine, state, cfa) }
    const broken = caller && whyBroken(machine, caller, seen)
    yield broken === undefined ? activation : { ...activation, broken }
    state = broken === undefined ? caller : undefined
  }
}

function whyBroken(machine: Machine, { pc, registers }: State, seen: Set<string>): string | undefined {
  const sp = registers.get(DWARF_SP) ?? 0
  const key = `${pc} ${sp}`
  if (seen.has(key)) return 'it leads back into itself'
  if (seen.size >= MOST_FRAMES) return `it has more than ${MOST_FRAMES} frames`
  seen.add(key)
  if (wordAt(machine.cpu, pc) === undefined) return `there is no memory at the return address ${hex32(pc)}`
  return (sp & 3) === 0 ? undefined : `the stack pointer ${hex32(sp)} is not a multiple of 4`
}

function step(machine: Machine, symbols: Symbols, state: State): Step {
  const frame = symbols.callerOf(readersOf(machine, state, undefined))
  if (frame === undefined) return stepByCode(machine, symbols, state)
  const { cfa, returnAddress } = frame
  const registers = new Map(preserved(state.registers))
  for (const [register, value] of frame.registers) {
    if (value === undefined) registers.delete(register)
    else registers.set(register, value)
  }
  return returnTo(returnAddress, registers, cfa, !frame.isSignalFrame)
}

/** Without call frame information: what the instructions before pc have done to r1, LR and SRR0. */
function stepByCode(machine: Machine, symbols: Symbols, state: State): Step {
  const { registers, called } = state
  const sp = registers.get(DWARF_SP)
  if (sp === undefined) return { cfa: undefined }
  const word = (address: number): number | undefined => wordAt(machine.cpu, address >>> 0)
  const symbol = symbols.symbolAt(lookup(state))
  // Where no symbol says where to begin, the ABI's frame is assumed of what has called.
  const prologue: Prologue =
    symbol === undefined ? { hasFrame: called, saved: new Map() } : scanPrologue(symbol.address, state.pc, word)
  const cfa = prologue.hasFrame ? word(sp) : sp
  if (cfa === undefined || cfa === 0) return { cfa }
  const callers = new Map(preserved(registers))
  for (const [register, offset] of prologue.saved) {
    const value = word(sp + offset)
    if (value !== undefined) callers.set(register, value)
  }
  if (prologue.interrupt !== undefined) return returnTo(callers.get(prologue.interrupt), callers, cfa, false)
  // A call has spoilt LR: if it was not seen saved, it is where the ABI wants it, above the back chain.
  const inLr = !called || prologue.saved.has(DWARF_LR)
  return returnTo(inLr ? callers.get(DWARF_LR) : word(cfa + 4), callers, cfa, true)
}

function returnTo(address: number | undefined, registers: Map<number, number>, cfa: number, called: boolean): Step {
  if (address === undefined || address === 0) return { cfa }
  registers.set(DWARF_SP, cfa)
  return { cfa, caller: { registers, pc: (address & ~3) >>> 0, called } }
}

/** What a caller may rely on after a call (PowerPC ABI, §3.2.1); the other registers hold what the callee left. */
function* preserved(registers: Registers): Generator<[number, number]> {
  for (const [register, value] of registers) {
    const isVolatile = register === 0 || (register >= 3 && register <= 12) || register === DWARF_CTR
    if (!isVolatile) yield [register, value]
  }
}

/** A return address may be the first byte of another function: the call before it is not. */
const lookup = ({ pc, called }: State): number => (called ? pc - 1 : pc)

function readersOf({ cpu }: Machine, state: State, cfa: number | undefined): FrameReaders {
  return {
    pc: lookup(state),
    register: number => state.registers.get(number),
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

const LIVE_SPRS = ['LR', 'CTR', 'SRR0', 'SRR1', 'CSRR0', 'CSRR1', 'MCSRR0', 'MCSRR1'] as const

/** What the innermost activation has: the registers of the core. */
function liveRegisters({ cpu, vcpu }: Machine): Registers {
  const registers = new Map<number, number>()
  for (let n = 0; n < 32; n++) registers.set(n, cpu.state.gpr[n] >>> 0)
  for (const name of LIVE_SPRS) registers.set(DWARF_SPR0 + Spr[name], readRegister(vcpu, name)!)
  registers.set(DWARF_LR, readRegister(vcpu, 'LR')!)
  registers.set(DWARF_CTR, readRegister(vcpu, 'CTR')!)
  registers.set(DWARF_XER, readRegister(vcpu, 'XER')!)
  registers.set(DWARF_CR, readRegister(vcpu, 'CR')!)
  return registers
}
