// The call stack as people read it: a row for each function, those inlined into others included.

import type { Machine } from '../machine/machine.ts'
import type { Scope } from '../symbols/scopes.ts'
import { hex32 } from '../util/hex.ts'
import type { Program, SourcePosition } from './program.ts'
import { type Activation, type ActivationState, unwind } from './unwind.ts'

export interface Frame {
  readonly activation: Activation
  /** Index in the chain of what is inlined at this pc: 0 is the innermost, the chain's length the function itself. */
  readonly inlineDepth: number
  readonly name: string
  readonly place?: SourcePosition
  readonly isInlined: boolean
}

/** A row that says why there are no more. */
export interface BrokenStack {
  readonly why: string
}

/**
 * Innermost first, and lazily: a deep recursion costs what is looked at. `hidden`: so many of the innermost inlined
 * functions are not entered yet.
 */
export function* callStack(machine: Machine, program: Program, hidden = 0): Generator<Frame | BrokenStack> {
  const { process } = machine
  if (process?.isOther === true) {
    yield { why: `process ${process.pid} runs another program, ${process.executable}, whose symbols are not read` }
    return
  }
  let left = hidden
  for (const activation of unwind(machine, program.symbols, program.codeFrames)) {
    yield* framesOf(activation, program, left)
    left = 0
    if (activation.broken !== undefined) yield { why: activation.broken }
  }
}

/** The same of what is not on the core: of a task whose registers the program's system has saved. */
export function* savedStack(machine: Machine, program: Program, from: ActivationState): Generator<Frame | BrokenStack> {
  for (const activation of unwind(machine, program.symbols, program.codeFrames, from)) {
    yield* framesOf(activation, program, 0)
    if (activation.broken !== undefined) yield { why: activation.broken }
  }
}

function* framesOf(activation: Activation, program: Program, hidden: number): Generator<Frame> {
  if (activation.kind === 'signal') {
    // As gdb calls it.
    yield { activation, inlineDepth: 0, name: '<signal handler called>', isInlined: false }
    return
  }
  const { symbols } = program
  const { pc } = activation.readers
  const chain = symbols.inlineChainAt(pc)
  let place = program.lineAt(pc)
  for (const [inlineDepth, inlined] of chain.entries()) {
    if (inlineDepth >= hidden)
      yield { activation, inlineDepth, name: inlined.name, isInlined: true, ...(place && { place }) }
    const { callPath, callLine } = inlined
    // Line 0: in a thunk, which no source has.
    place = callPath === undefined || !callLine ? undefined : { path: callPath, line: callLine }
  }
  const address = activation.pc
  const known = symbols.functionAt(pc)?.name ?? symbols.symbolAt(pc)?.name
  const name = known ?? symbols.placeInFile(address) ?? hex32(address)
  yield { activation, inlineDepth: chain.length, name, isInlined: false, ...(place && { place }) }
}

/** What is visible in a frame, innermost scope first. */
export const scopesOf = (frame: Frame, program: Program): Scope[] =>
  program.symbols.scopesAt(frame.activation.readers.pc, frame.inlineDepth)
