// The call stack as people read it: a row for each function, those inlined into others included.

import type { Machine } from '../machine/machine.ts'
import type { Scope } from '../symbols/scopes.ts'
import { hex32 } from '../util/hex.ts'
import type { Place, Program } from './program.ts'
import { type Activation, unwind } from './unwind.ts'

export interface Frame {
  readonly activation: Activation
  /** Index in the chain of what is inlined at this pc: 0 is the innermost, the chain's length the function itself. */
  readonly inlineDepth: number
  readonly name: string
  readonly place?: Place
  readonly isInlined: boolean
}

/** A row that says why there are no more. */
export interface BrokenStack {
  readonly why: string
}

/** Innermost first, and lazily: a deep recursion costs what is looked at. */
export function* callStack(machine: Machine, program: Program): Generator<Frame | BrokenStack> {
  for (const activation of unwind(machine, program.symbols)) {
    yield* framesOf(activation, program)
    if (activation.broken !== undefined) yield { why: activation.broken }
  }
}

function* framesOf(activation: Activation, program: Program): Generator<Frame> {
  const { symbols } = program
  const { pc } = activation.readers
  const chain = symbols.inlineChainAt(pc)
  let place = program.lineAt(pc)
  for (const [inlineDepth, inlined] of chain.entries()) {
    yield { activation, inlineDepth, name: inlined.name, isInlined: true, ...(place && { place }) }
    const { callPath, callLine } = inlined
    // Line 0: in a thunk, which no source has.
    place = callPath === undefined || !callLine ? undefined : { path: callPath, line: callLine }
  }
  const name = symbols.functionAt(pc)?.name ?? symbols.symbolAt(pc)?.name ?? hex32(activation.pc)
  yield { activation, inlineDepth: chain.length, name, isInlined: false, ...(place && { place }) }
}

/** What is visible in a frame, innermost scope first. */
export const scopesOf = (frame: Frame, program: Program): Scope[] =>
  program.symbols.scopesAt(frame.activation.readers.pc, frame.inlineDepth)

/** Where the innermost activation returns to, and with which stack pointer. */
export function callerOf(machine: Machine, program: Program): { readonly pc: number; readonly sp: number } | undefined {
  const [inner, outer] = unwind(machine, program.symbols)
  const sp = inner.readers.cfa()
  return outer === undefined || sp === undefined ? undefined : { pc: outer.pc, sp }
}
