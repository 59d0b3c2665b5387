import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { Continue, type Goal } from '../../debuggee/steps/goal.ts'
import { NextInstruction, StepInstruction } from '../../debuggee/steps/instruction.ts'
import { StepLine } from '../../debuggee/steps/line.ts'
import { StepOut } from '../../debuggee/steps/out.ts'
import { type SessionState, THREAD_ID } from '../sessionState.ts'
import type { Handlers } from '../types.ts'

type Handled = 'continue' | 'next' | 'stepIn' | 'stepOut' | 'pause' | 'threads'

export function executionHandlers(state: SessionState): Pick<Handlers, Handled> {
  const resume = (goal: Goal): undefined => {
    state.target.resume(goal, state.frontEnd)
    return undefined
  }
  const byInstruction = (granularity: P.SteppingGranularity | undefined): boolean => granularity === 'instruction'

  return {
    continue() {
      resume(new Continue())
      return { allThreadsContinued: true }
    },
    next: ({ granularity }) => resume(byInstruction(granularity) ? new NextInstruction() : new StepLine(false)),
    stepIn: ({ granularity }) => resume(byInstruction(granularity) ? new StepInstruction() : new StepLine(true)),
    stepOut: () => resume(new StepOut()),
    pause() {
      state.target.pause()
      return undefined
    },
    threads: () => ({ threads: [{ id: THREAD_ID, name: 'PowerPC 440' }] }),
  }
}
