// Steps on hand-written traces: a program as its lines and functions, a run as the places it passes. No machine.

import type { FrameView, FunctionView, InlinedView, Leg, Stretch, View } from '../../../src/debuggee/steps/goal.ts'

/** Code of one line: [low, high). Where a line has several pieces, it stands several times. */
export interface Line {
  readonly name: string
  readonly low: number
  readonly high: number
  /** It begins no statement, but goes on with one. */
  readonly isMiddle?: boolean
}

export interface Inlined {
  readonly id: number
  readonly name?: string
  readonly low: number
  readonly high: number
  /** The line that calls it. */
  readonly callSite: string
}

export interface Code {
  readonly lines: readonly Line[]
  readonly functions: readonly (FunctionView & { readonly high: number })[]
  readonly inlined?: readonly Inlined[]
  /** Words that are not `nop`, by address. */
  readonly words?: Readonly<Record<number, number>>
}

/** One instruction about to execute. The stack is by canonical frame address and pc, innermost first. */
export interface Moment {
  readonly pc: number
  readonly sp: number
  readonly stack?: readonly (readonly [cfa: number | undefined, pc: number])[]
  /** It was led to by rfi. */
  readonly isReturned?: boolean
}

export const BL = 0x48000001
export const BLR = 0x4e800020
export const B = 0x48000000
const NOP = 0x60000000

export function fn(entry: number, high: number, more: Partial<FunctionView> = {}): FunctionView & { high: number } {
  return { entry, high, body: entry, isAssembly: false, ...more }
}

export function viewOf(code: Code, { pc, sp, stack = [] }: Moment, hidden = 0): View {
  const inside = <T extends { readonly low: number; readonly high: number }>(all: readonly T[], at: number): T[] =>
    all.filter(({ low, high }) => at >= low && at < high)
  const functionAt = (at: number) => code.functions.find(({ entry, high }) => at >= entry && at < high)
  const rangesOf = (name: string) => code.lines.filter(line => line.name === name)
  const inlinedView = ({ id, name = '', low, callSite }: Inlined): InlinedView => ({
    ...{ id, name, entry: low, callSite },
    callRanges: () => rangesOf(callSite),
  })
  return {
    ...{ pc, sp, hidden, functionAt },
    word: at => code.words?.[at] ?? NOP,
    lineRanges(at) {
      const [line] = inside(code.lines, at)
      return line && rangesOf(line.name)
    },
    isStatement: at => code.lines.some(({ low, isMiddle }) => low === at && isMiddle !== true),
    statementsOf: entry =>
      code.lines.filter(({ low, isMiddle }) => functionAt(low)?.entry === entry && !isMiddle).map(({ low }) => low),
    inlinedAt: at => inside(code.inlined ?? [], at).map(inlinedView),
    copiesCalledHere() {
      const all = code.inlined ?? []
      const called = hidden > 0 ? inside(all, pc).at(-hidden) : undefined
      const line = called?.callSite ?? inside(code.lines, pc)[0]?.name
      return all.filter(({ callSite }) => callSite === line).map(inlinedView)
    },
    frames: (): Iterable<FrameView> =>
      stack.map(([cfa, at]) => ({ id: { cfa, entry: functionAt(at)?.entry ?? 0 }, pc: at })),
  }
}

/** What became of a goal. */
export interface Outcome {
  /** Index in the trace of where it was reached; undefined: it ran on past the end. */
  readonly at: number | undefined
  /** How many stretches were asked for. */
  readonly stretches: number
}

/** @param spent in the nth stretch from 0 on the budget is used up after one instruction */
export function drive(
  goal: Leg,
  code: Code,
  trace: readonly Moment[],
  { hidden = 0, spent = [] as number[] } = {},
): Outcome {
  let at = 0
  let isThere = false
  for (let stretches = 0; ; stretches++) {
    const stretch = goal.next(viewOf(code, trace[at]!, stretches === 0 ? hidden : 0), isThere)
    if (stretch === undefined) return { at, stretches }
    const to = spent.includes(stretches) ? at + 1 : reach(trace, at, stretch)
    if (to === undefined || to >= trace.length) return { at: undefined, stretches }
    isThere = !spent.includes(stretches) && stretch.kind !== 'instruction'
    at = to
  }
}

function reach(trace: readonly Moment[], from: number, stretch: Stretch): number | undefined {
  const found = trace.findIndex((moment, n) => n > from && isEnd(moment, stretch))
  return found < 0 ? undefined : found
}

function isEnd({ pc, sp, isReturned }: Moment, stretch: Stretch): boolean {
  switch (stretch.kind) {
    case 'instruction':
      return true
    case 'return':
      return isReturned === true
    case 'until':
      return stretch.stops.addresses.includes(pc) && sp >= (stretch.stops.sp ?? 0)
  }
}
