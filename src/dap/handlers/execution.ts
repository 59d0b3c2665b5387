// Requests that let the program go on, step, or stop.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { instructionAt } from '../../debuggee/instructionAt.ts'
import { Continue, type Goal } from '../../debuggee/steps/goal.ts'
import { NextInstruction, StepInstruction } from '../../debuggee/steps/instruction.ts'
import { type Chosen, StepLine } from '../../debuggee/steps/line.ts'
import { StepOut } from '../../debuggee/steps/out.ts'
import { RunTo } from '../../debuggee/steps/runBack.ts'
import type { StepTarget } from '../../debuggee/steps/targets.ts'
import type { Target } from '../../debuggee/target.ts'
import { THE_CORE, threadRows } from '../../debuggee/threads.ts'
import { fileName } from '../../util/fileName.ts'
import { hex32 } from '../../util/hex.ts'
import { noStepTarget, noWay } from '../errors.ts'
import type { SessionState } from '../sessionState.ts'
import type { Handlers } from '../types.ts'

type Handled =
  | 'continue'
  | 'next'
  | 'stepIn'
  | 'stepInTargets'
  | 'stepOut'
  | 'pause'
  | 'gotoTargets'
  | 'goto'
  | 'threads'
  | 'ppc440/runTo'

export function executionHandlers(state: SessionState): Pick<Handlers, Handled> {
  const resume = (goal: Goal, threadId?: number): undefined => {
    state.target.resume(goal, state.frontEnd, state.threadOf(threadId))
    return undefined
  }
  const byInstruction = (granularity: P.SteppingGranularity | undefined): boolean => granularity === 'instruction'

  return {
    continue() {
      resume(new Continue())
      return { allThreadsContinued: true }
    },
    next: ({ threadId, granularity }) =>
      resume(byInstruction(granularity) ? new NextInstruction() : new StepLine(false), threadId),
    stepIn({ threadId, granularity, targetId }) {
      if (targetId !== undefined) return resume(new StepLine(chosen(state.stoppedTarget, targetId)))
      return resume(byInstruction(granularity) ? new StepInstruction() : new StepLine(true), threadId)
    },
    stepInTargets({ frameId }) {
      const target = state.stoppedTarget
      // A step is one of the innermost frame.
      const isInnermost = state.stack(0, 1)[0]?.[0] === frameId
      const targets = isInnermost ? target.stepTargets() : []
      // Without lines: VS Code offers them all, and does not take the one at the cursor.
      return { targets: targets.map(each => ({ id: each.at, label: labelOf(target, each) })) }
    },
    stepOut: ({ threadId }) => resume(new StepOut(), threadId),
    pause() {
      state.target.pause()
      return undefined
    },
    async gotoTargets({ source, line }) {
      const path = await state.learned(source)
      const { program } = state.target
      const place = program.resolve({ kind: 'source', path, line: state.lineOf(line) })
      if (place.kind === 'nowhere') return { targets: [] }
      const targets = place.addresses.map(address => ({
        id: address,
        label: program.describe(address),
        line: (place.line ?? line) - 1 + state.lineBase,
        instructionPointerReference: hex32(address),
      }))
      return { targets }
    },
    goto({ targetId }) {
      const target = state.stoppedTarget
      const from = target.program.describe(target.pc)
      target.writing(() => target.machine.setRegister('PC', targetId))
      reportJump(state, 'Jumped here', `From ${from}. Nothing in between was executed.`)
      return undefined
    },
    async 'ppc440/runTo'({ path, line }) {
      await state.learned({ path })
      const target = state.stoppedTarget
      const to = target.program.resolve({ kind: 'source', path, line: state.lineOf(line) })
      if (to.kind === 'nowhere') throw noWay(`${fileName(path)}:${line}`, to.why)
      // A client does not know that this request lets the program run: it is told, too.
      target.resume(new RunTo(to.addresses, `Run to ${fileName(path)}:${to.line}`))
      return undefined
    },
    threads() {
      // The editor may ask before there is a program.
      const { target } = state.launched ?? {}
      const rows = target === undefined ? [THE_CORE] : threadRows(target.machine, target.program)
      return { threads: rows.map(({ number, label }) => ({ id: number, name: label })) }
    },
  }
}

/** The program stands elsewhere, and has executed nothing. The client hears of it when it has its answer. */
export function reportJump({ host, target }: SessionState, description: string, text: string): void {
  host.schedule(() => {
    if (target.state === 'stopped') target.reportStop({ reason: 'goto', description, text, hit: [] })
  }, 0)
}

/** @throws UserError where the program stands elsewhere by now. */
function chosen(target: Target, at: number): Chosen {
  const wanted = target.stepTargets().find(each => each.at === at)
  if (wanted === undefined) throw noStepTarget()
  return { at, name: labelOf(target, wanted) }
}

function labelOf({ machine, program }: Target, { at, callee, inlined }: StepTarget): string {
  const { symbols } = program
  if (inlined !== undefined) return `${inlined} (inlined)`
  if (callee === undefined) return `${instructionAt(machine, at).text} at ${program.describe(at)}`
  return symbols.functionAt(callee)?.name ?? symbols.symbolAt(callee)?.name ?? hex32(callee)
}
