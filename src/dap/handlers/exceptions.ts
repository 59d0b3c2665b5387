import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { Ivor, interruptName } from '../../isa/interrupts.ts'
import { CATCHABLE, type ExceptionRequest } from '../../target/exceptions.ts'
import type { SessionState } from '../sessionState.ts'
import type { Handlers } from '../types.ts'

type Handled = 'setExceptionBreakpoints' | 'exceptionInfo'

/** A check box for each interrupt. Machine checks are nearly always a surprise. */
export const EXCEPTION_FILTERS: P.ExceptionBreakpointsFilter[] = CATCHABLE.map(ivor => ({
  filter: `IVOR${ivor}`,
  label: interruptName(ivor),
  description: `Stop before the ${interruptName(ivor)} interrupt (IVOR${ivor}) is taken, at the instruction that causes it`,
  default: ivor === Ivor.MACHINE_CHECK,
  supportsCondition: true,
  conditionDescription: 'Expression, for example dear >= 0xF0000000',
}))

const PROCESS =
  'A Linux process takes no interrupts: what they mean to it are signals, and those that end it always stop.'

export function exceptionHandlers(state: SessionState): Pick<Handlers, Handled> {
  return {
    setExceptionBreakpoints({ filters, filterOptions = [] }) {
      const wanted = [...filters.map(filterId => ({ filterId })), ...filterOptions]
      return { breakpoints: verdicts(state, wanted).map(toProtocol) }
    },

    exceptionInfo() {
      const { stop } = state
      return {
        exceptionId: stop?.description ?? 'no exception',
        ...(stop?.text === undefined ? {} : { description: stop.text }),
        breakMode: 'always',
      }
    },
  }
}

/** For each undefined, or why it cannot be had. */
function verdicts(state: SessionState, wanted: readonly P.ExceptionFilterOptions[]): readonly (string | undefined)[] {
  const { target } = state
  if (target.machine.process !== undefined) return wanted.map(() => PROCESS)
  const requests: ExceptionRequest[] = wanted.map(({ filterId, condition }) => ({
    ivor: Number(filterId.replace('IVOR', '')),
    condition,
  }))
  return target.exceptions.replace(requests, target.program)
}

const toProtocol = (why: string | undefined): P.Breakpoint => ({
  verified: why === undefined,
  ...(why === undefined ? {} : { message: why }),
})
