// What a step sees of a machine: registers and instructions of the core, lines and functions of the program.

import type { Machine } from '../../machine/machine.ts'
import { wordAt } from '../../machine/memory.ts'
import type { InlineInstance } from '../../symbols/functions.ts'
import { entryAt, type Program } from '../program.ts'
import { type Activation, unwind } from '../unwind.ts'
import type { FrameView, FunctionView, InlinedView, View } from './goal.ts'

/** @param hidden of what is inlined where the machine stands, so many of the innermost copies are not entered yet */
export function createView(machine: Machine, program: Program, hidden: number): View {
  const { symbols } = program
  const entryOf = (pc: number): number => entryAt(symbols, pc) ?? 0
  const inlinedView = (copy: InlineInstance, pc: number): InlinedView => {
    const site = callSiteOf(copy)
    return {
      id: copy.die.offset,
      name: copy.name,
      entry: copy.ranges[0]?.low ?? 0,
      callSite: `${site.path}:${site.line}`,
      callRanges: () => symbols.rangesOfLine(pc, site),
    }
  }
  return {
    pc: machine.cpu.pc >>> 0,
    sp: machine.cpu.state.gpr[1] >>> 0,
    hidden,
    word: address => wordAt(machine.cpu, address),
    lineRanges(pc) {
      const ranges = symbols.stepRange(pc)
      return ranges.length > 0 ? ranges : undefined
    },
    isStatement: pc => symbols.isStatement(pc),
    functionAt(pc): FunctionView | undefined {
      const info = symbols.functionAt(pc)
      if (info === undefined) return undefined
      return { entry: info.low, body: symbols.afterPrologue(info), isAssembly: info.assembly }
    },
    statementsOf: entry => symbols.statementsOf(entry),
    inlinedAt: pc =>
      symbols
        .inlineChainAt(pc)
        .map(copy => inlinedView(copy, pc))
        .reverse(),
    copiesCalledHere() {
      const here = machine.cpu.pc >>> 0
      const called = symbols.inlineChainAt(here)[hidden - 1]
      const line = called === undefined ? symbols.lineAt(here) : callSiteOf(called)
      return line === undefined ? [] : symbols.inlinedBy(here, line).map(copy => inlinedView(copy, here))
    },
    frames: () => framesToEndIn(unwind(machine, symbols, program.codeFrames), entryOf),
  }
}

/** Those of a call stack that a step can end in: not where nothing goes on. */
export function* framesToEndIn(
  activations: Iterable<Pick<Activation, 'pc' | 'readers' | 'kind'>>,
  entryOf: (pc: number) => number,
): Generator<FrameView> {
  let isInnermost = true
  for (const { pc, readers, kind } of activations) {
    if (kind === undefined || isInnermost) yield { id: { cfa: readers.cfa(), entry: entryOf(readers.pc) }, pc }
    isInnermost = false
  }
}

/** Line 0 where nothing tells. */
const callSiteOf = ({ callPath = '', callLine = 0 }: InlineInstance) => ({ path: callPath, line: callLine })
