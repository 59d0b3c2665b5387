// The call stack, frame by frame: by call frame information where the program has it, by reading the instructions of
// the prologue where it was written by hand, by the ABI's back chain where neither says more. It always ends.

import { DWARF_LR, DWARF_SP } from '../isa/dwarf.ts'
import { directTarget, isCall } from '../isa/flow.ts'
import type { Machine } from '../machine/machine.ts'
import { peekMemory, wordAt } from '../machine/memory.ts'
import type { CallSite } from '../symbols/callSites.ts'
import type { SavedRegister } from '../symbols/cfiFrame.ts'
import type { EntryItem, EntryValue } from '../symbols/location.ts'
import type { FrameReaders } from '../symbols/scopes.ts'
import type { Symbols } from '../symbols/symbols.ts'
import { hex32 } from '../util/hex.ts'
import { CodeFrames, type FrameByCode } from './codeFrames.ts'
import { EntryMemo } from './entryMemo.ts'
import { interruptedByException } from './exceptionFrame.ts'
import type { Word } from './frameEffects.ts'
import { isVolatile, LIVE, preserved, type Registers, readDouble, readWord, writeKept } from './frameRegisters.ts'
import { interruptedBySignal } from './signalFrame.ts'
import { isStaleLink } from './staleLink.ts'
import { type AtReturn, atReturn, placeOfLink } from './straightAhead.ts'

/** An activation of a function; what was inlined into it shares it. */
export interface Activation {
  readonly pc: number
  /** Its registers, memory and CFA. `readers.pc` is for lookups: in a caller it lies within the call. */
  readonly readers: FrameReaders
  readonly registers: Registers
  /**
   * Where no function goes on here: what a signal handler returns to; or a function that has ended in a jump to the next
   * one, and is over.
   */
  readonly kind?: 'signal' | 'jumped'
  /** Writes a register of this frame, by DWARF number, where it is kept. @returns false where it is kept nowhere. */
  writeRegister(number: number, bytes: Uint8Array): boolean
  /** Why the stack makes no sense above this one; the activation itself is good. */
  readonly broken?: string
}

/** No real stack is deeper; a damaged one may be a ring. */
const MOST_FRAMES = 10_000

/** How an activation got where it is. The innermost, and what an interrupt struck, did not call. */
export interface ActivationState {
  /** Where its registers are kept. */
  readonly registers: Registers
  /** Where it goes on: of one that has called the return address. */
  readonly pc: number
  readonly called: boolean
}

/** The caller of an activation, and its own canonical frame address; no caller: the stack ends here, as it should. */
interface Step {
  readonly cfa: number | undefined
  readonly caller?: ActivationState
  /** Nothing goes on here: it is what a signal handler returns to. */
  readonly isSignal?: boolean
}

/** What every step of one walk over a stack needs. */
interface Walk {
  readonly machine: Machine
  readonly symbols: Symbols
  readonly frameByCode: FrameByCode
  readonly entryValues: EntryMemo<Link>
  /** From what is on the core. */
  readonly isLive: boolean
}

/**
 * Innermost first; computes no more than is asked for. `read`: the functions whose code was read by earlier walks; `from`:
 * where registers are kept of what is not on the core.
 */
export function* unwind(
  machine: Machine,
  symbols: Symbols,
  read = new CodeFrames(),
  from: ActivationState = { registers: LIVE, pc: machine.cpu.pc >>> 0, called: false },
): Generator<Activation> {
  const entryValues = new EntryMemo<Link>((link, what) => entryValue(symbols, link, what))
  const walk: Walk = { machine, symbols, frameByCode: read.walk(machine), entryValues, isLive: from.registers === LIVE }
  const seen = new Set<string>()
  for (let link: Link | undefined = linkOf(walk, from, 0); link !== undefined; ) {
    const { activation, caller }: Link = link
    const broken: string | undefined = caller && whyBroken(machine, caller.link, seen)
    yield broken === undefined ? activation : { ...activation, broken }
    link = broken === undefined ? caller?.link : undefined
  }
}

/** An activation with the way to its caller, which is worked out when someone goes there. */
interface Link {
  readonly state: ActivationState
  readonly activation: Activation
  readonly caller: Caller | undefined
}

interface Caller {
  readonly link: Link
  /** The call, or the jump, by which it came to this activation; undefined where debug information does not say. */
  readonly site: CallSite | undefined
}

function linkOf(walk: Walk, from: ActivationState, depth: number): Link {
  const { cfa, caller, isSignal } = step(walk, from)
  const state = isSignal ? { ...from, called: false } : from
  let outer: Caller | undefined
  const link: Link = {
    state,
    activation: {
      ...activationOf(walk, () => link, state, cfa),
      ...(isSignal && { kind: 'signal' }),
    },
    get caller() {
      // Entry values are asked for along the stack before anyone knows that it is a ring.
      if (caller !== undefined && depth <= MOST_FRAMES) outer ??= callerOf(walk, link, linkOf(walk, caller, depth + 1))
      return outer
    },
  }
  return link
}

/** The next activation outwards: `outer`, or the last of those by which it came to this one through jumps. */
function callerOf(walk: Walk, { activation: { readers } }: Link, outer: Link): Caller {
  // What an interrupt struck has called nobody.
  const [call, ...jumps] =
    (outer.state.called && walk.symbols.callsTo(readers.pc, outer.state.pc, outer.activation.readers)) || []
  let caller: Caller = { link: outer, site: call }
  for (const jump of jumps) caller = { link: jumped(walk, caller, jump, readers.cfa()), site: jump }
  return caller
}

/** A function that is over: its frame is gone, and the registers are its caller's again. */
function jumped(walk: Walk, caller: Caller, { returnAddress }: CallSite, cfa: number | undefined): Link {
  const state = { ...caller.link.state, pc: returnAddress >>> 0 }
  const link: Link = {
    state,
    activation: {
      ...activationOf(walk, () => link, state, cfa),
      kind: 'jumped',
    },
    caller,
  }
  return link
}

function activationOf(
  { machine, entryValues }: Walk,
  link: () => Link,
  state: ActivationState,
  cfa: number | undefined,
): Activation {
  return {
    pc: state.pc,
    readers: {
      ...readersOf(machine, state, cfa),
      entryValue: what => entryValues.valueOf(link(), what),
      caller: () => link().caller?.link.activation.readers,
    },
    registers: state.registers,
    writeRegister: (number, bytes) => writeKept(machine, state.registers, number, bytes),
  }
}

/** What something was worth at the function's entry, as its caller's debug information says. */
function entryValue(symbols: Symbols, { caller }: Link, what: EntryItem): EntryValue | undefined {
  return caller?.site && symbols.entryValue(caller.site, what, caller.link.activation.readers)
}

function whyBroken(machine: Machine, { state, activation }: Link, seen: Set<string>): string | undefined {
  // Nothing goes on behind a jump.
  if (activation.kind === 'jumped') return undefined
  const { pc } = state
  const sp = readWord(machine, state.registers, DWARF_SP) ?? 0
  const key = `${pc} ${sp}`
  if (seen.has(key)) return 'it leads back into itself'
  if (seen.size >= MOST_FRAMES) return `it has more than ${MOST_FRAMES} frames`
  seen.add(key)
  if (wordAt(machine.cpu, pc) === undefined) return `there is no memory at the return address ${hex32(pc)}`
  return (sp & 3) === 0 ? undefined : `the stack pointer ${hex32(sp)} is not a multiple of 4`
}

function step(walk: Walk, state: ActivationState): Step {
  const found = stepOutwards(walk, state)
  return found.caller === undefined ? found : { ...found, caller: asPrepared(walk, found.caller) }
}

/**
 * A system prepares a task's stack with a function to which the task would return. That has called nothing, as the
 * instruction before its first tells, and behind it is nothing.
 */
function asPrepared({ machine, symbols }: Walk, caller: ActivationState): ActivationState {
  const { pc, called } = caller
  if (!called || symbols.symbolAt(pc)?.offset !== 0 || isCall(wordAt(machine.cpu, pc - 4) ?? 0)) return caller
  const registers = new Map(caller.registers)
  registers.delete(DWARF_LR)
  return { registers, pc, called: false }
}

function stepOutwards(walk: Walk, state: ActivationState): Step {
  const { machine, symbols } = walk
  const signal = stepOutOfSignal(machine, state)
  if (signal !== undefined) return signal
  const leaves = leaving(machine, symbols, state)
  const frame = symbols.callerOf(readersOf(machine, state, undefined), leaves?.words.get(DWARF_SP))
  if (frame === undefined)
    return (
      stepOutOfException(walk, state) ??
      (leaves === undefined ? stepByCode(walk, state) : stepOut(machine, state, leaves))
    )
  const { cfa, returnAddress } = frame
  const registers = preserved(state.registers)
  for (const [register, kept] of frame.registers) {
    const place = kept?.kind === 'register' ? state.registers.get(kept.register) : kept
    if (place === undefined) registers.delete(register)
    else registers.set(register, place)
  }
  return returnTo(returnAddress, registers, cfa, !frame.isSignalFrame)
}

/** The interrupted code, as the caller of what a signal handler returns to. */
function stepOutOfSignal(machine: Machine, { pc, registers }: ActivationState): Step | undefined {
  const sp = readWord(machine, registers, DWARF_SP)
  const interrupted = sp && interruptedBySignal(pc, sp, address => wordAt(machine.cpu, address >>> 0))
  if (!interrupted) return undefined
  const cfa = readWord(machine, interrupted.registers, DWARF_SP)
  return { cfa, caller: { ...interrupted, called: false }, isSignal: true }
}

/**
 * What was interrupted, as the caller of the kernel's entry code once that has called on. A program's memory is at hand, and
 * its symbols may be known, where it is that of the task on the core.
 */
function stepOutOfException(
  { machine, symbols, isLive }: Walk,
  { registers, called }: ActivationState,
): Step | undefined {
  if (!called) return undefined
  const sp = readWord(machine, registers, DWARF_SP)
  const interrupted = sp && interruptedByException(sp, address => wordAt(machine.cpu, address >>> 0))
  if (!interrupted) return undefined
  const cfa = readWord(machine, interrupted.registers, DWARF_SP)
  const { pc } = interrupted
  const isKnown =
    !interrupted.isUser || (isLive && (symbols.symbolAt(pc) !== undefined || symbols.cfiAt(pc) !== undefined))
  return isKnown ? { cfa, caller: { ...interrupted, called: false } } : { cfa }
}

/** What has not called may be about to return: what its registers will be then. */
function leaving(machine: Machine, symbols: Symbols, { pc, registers, called }: ActivationState): AtReturn | undefined {
  if (called) return undefined
  const symbol = symbols.symbolAt(pc)
  return atReturn(pc, wordsOf(machine, registers), {
    word: address => wordAt(machine.cpu, address),
    isInside: address => symbol === undefined || symbols.symbolAt(address)?.address === symbol.address,
  })
}

function wordsOf(machine: Machine, registers: Registers): Map<number, number> {
  const words = new Map<number, number>()
  for (const register of registers.keys()) {
    const value = readWord(machine, registers, register)
    if (value !== undefined) words.set(register, value)
  }
  return words
}

/** The caller of what is about to return. */
function stepOut(machine: Machine, state: ActivationState, { words, loaded }: AtReturn): Step {
  const registers = preserved(state.registers)
  for (const register of registers.keys()) {
    const value = words.get(register)
    if (value === readWord(machine, registers, register)) continue
    if (value === undefined) registers.delete(register)
    else registers.set(register, { kind: 'value', value })
  }
  for (const [register, address] of loaded) {
    if (isVolatile(register)) continue
    if (address === undefined) registers.delete(register)
    else registers.set(register, { kind: 'memory', address })
  }
  return returnTo(words.get(DWARF_LR), registers, words.get(DWARF_SP)!, true)
}

/** Without call frame information: what the instructions on the way to pc have done to r1, LR and SRR0. */
function stepByCode({ machine, symbols, frameByCode }: Walk, state: ActivationState): Step {
  const { registers, called } = state
  const value = (register: number) => readWord(machine, registers, register)
  const word = (address: number): number | undefined => wordAt(machine.cpu, address >>> 0)
  const sp = value(DWARF_SP)
  if (sp === undefined) return { cfa: undefined }
  // What has called has left another return address in LR than its own.
  const link = called ? undefined : liveLink(value(DWARF_LR), state.pc, word)
  const range = symbols.symbolAt(lookup(state)) ?? calledBefore(link, word)
  const frame = range && frameByCode(range, state.pc)
  if (frame === undefined) return stepByBackChain(machine, state, sp, link)
  const { base, saved, interrupt } = frame
  const baseValue = base && value(base.register)
  const cfa = base === undefined || baseValue === undefined ? word(sp) : (baseValue - base.offset) >>> 0
  if (cfa === undefined || cfa === 0) return { cfa }
  const callers = preserved(registers)
  for (const [register, offset] of saved) {
    // A parameter put on the stack is none of the caller's registers; of what an interrupt struck, it is.
    if (interrupt === undefined && isVolatile(register)) continue
    const address = (cfa + offset) >>> 0
    if (word(address) !== undefined) callers.set(register, { kind: 'memory', address })
  }
  if (interrupt !== undefined) return returnTo(readWord(machine, callers, interrupt), callers, cfa, false)
  // What has called and kept no return address returns nowhere: it is where everything began.
  const kept = saved.has(DWARF_LR) ? readWord(machine, callers, DWARF_LR) : undefined
  return returnTo(frame.link === undefined ? kept : value(frame.link), callers, cfa, true)
}

const liveLink = (link: number | undefined, pc: number, word: Word): number | undefined =>
  link === undefined || isStaleLink(link, pc, word) ? undefined : link

/** Where no symbol tells where a function begins: the code that was called before `link`, if the call itself says so. */
function calledBefore(link: number | undefined, word: Word): { address: number; end: number } | undefined {
  const call = link && word(link - 4)
  const address = call && isCall(call) ? directTarget(call, link - 4) : undefined
  return address === undefined ? undefined : { address, end: 2 ** 32 }
}

/**
 * Where nothing says where to begin, the ABI's frame (§3.2.2) is assumed of what has called, and of what is about to put
 * the return address that it came with, `link`, where the ABI wants it, or has; anything else is taken for a leaf.
 */
function stepByBackChain(
  machine: Machine,
  { registers, pc }: ActivationState,
  sp: number,
  link: number | undefined,
): Step {
  const word: Word = address => wordAt(machine.cpu, address >>> 0)
  const callers = preserved(registers)
  const place = link && placeOfLink(pc, wordsOf(machine, registers), { word, isInside: () => true })
  if (place) return returnTo(link, callers, place - 4, true)
  const outer = word(sp)
  const kept = outer ? word(outer + 4) : undefined
  const hasFrame = link === undefined || kept === link
  const cfa = hasFrame ? outer : sp
  if (cfa === undefined || cfa === 0) return { cfa }
  return returnTo(hasFrame ? kept : link, callers, cfa, true)
}

function returnTo(
  address: number | undefined,
  registers: Map<number, SavedRegister>,
  cfa: number,
  called: boolean,
): Step {
  if (address === undefined || address === 0) return { cfa }
  registers.set(DWARF_SP, { kind: 'value', value: cfa })
  return { cfa, caller: { registers, pc: (address & ~3) >>> 0, called } }
}

/** A return address may be the first byte of another function: the call before it is not. */
const lookup = ({ pc, called }: ActivationState): number => (called ? pc - 1 : pc)

function readersOf(machine: Machine, state: ActivationState, cfa: number | undefined): FrameReaders {
  return {
    pc: lookup(state),
    register: number => readWord(machine, state.registers, number),
    wideRegister: number => readDouble(machine, state.registers, number),
    memory(address, length) {
      const bytes = peekMemory(machine.cpu, address >>> 0, length)
      return bytes.length === length ? bytes : undefined
    },
    cfa: () => cfa,
  }
}
