// Requests about the interrupts at which the program is to stop.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import type { ExceptionRequest } from '../../debuggee/exceptions.ts'
import type { SystemPlace } from '../../debuggee/systems/system.ts'
import { SYSTEM_PLACES } from '../../debuggee/systems/systems.ts'
import { Ivor } from '../../isa/interrupts.ts'
import type { SessionState } from '../sessionState.ts'
import type { Handlers } from '../types.ts'

type Handled = 'setExceptionBreakpoints' | 'exceptionInfo'

/** A check box and the interrupts it is about: few, because the editor lists them above the user's own breakpoints. */
const GROUPS = [
  { filter: 'machineCheck', label: 'Machine Check', ivors: [Ivor.MACHINE_CHECK] },
  { filter: 'program', label: 'Program, FP Unavailable', ivors: [Ivor.PROGRAM, Ivor.FP_UNAVAILABLE] },
  {
    filter: 'storage',
    label: 'Storage, TLB, Alignment',
    ivors: [
      ...[Ivor.DATA_STORAGE, Ivor.INSTRUCTION_STORAGE, Ivor.ALIGNMENT],
      ...[Ivor.DATA_TLB_ERROR, Ivor.INSTRUCTION_TLB_ERROR],
    ],
  },
  {
    filter: 'others',
    label: 'System Call, Inputs, Timers',
    ivors: [
      ...[Ivor.SYSTEM_CALL, Ivor.EXTERNAL_INPUT, Ivor.CRITICAL_INPUT],
      ...[Ivor.DECREMENTER, Ivor.FIXED_INTERVAL_TIMER, Ivor.WATCHDOG_TIMER],
    ],
  },
] as const

/** What a Linux process has instead of interrupts. */
const SIGNALS: P.ExceptionBreakpointsFilter = {
  filter: 'signals',
  label: 'Linux Signals',
  description: 'Stop before a signal comes to a thread of a Linux program, which may handle it',
  default: false,
  supportsCondition: false,
}

/** Machine checks are nearly always a surprise. */
const INTERRUPT_FILTERS: P.ExceptionBreakpointsFilter[] = GROUPS.map(({ filter, label, ivors }) => ({
  filter,
  label,
  description: `Stop before the interrupt is taken (${ivors.map(ivor => `IVOR${ivor}`).join(', ')}), at the instruction that causes it`,
  default: filter === 'machineCheck',
  supportsCondition: true,
  conditionDescription: 'Expression, for example dear >= 0xF0000000',
}))

/** Listed whatever the program is: VS Code 1.139 takes filters from the answer to `initialize` alone. */
const SYSTEM_FILTERS: P.ExceptionBreakpointsFilter[] = SYSTEM_PLACES.map(({ filter, label, description }) => ({
  ...{ filter, label, description },
  ...{ default: false, supportsCondition: false },
}))

export const EXCEPTION_FILTERS = [...INTERRUPT_FILTERS, SIGNALS, ...SYSTEM_FILTERS]

const BOARD = 'A board has no Linux signals: they are for the machine "linux-user".'
const PROCESS =
  'A Linux process takes no interrupts: what they mean to it are signals, and those that end it always stop.'

export function exceptionHandlers(state: SessionState): Pick<Handlers, Handled> {
  return {
    setExceptionBreakpoints({ filters, filterOptions = [] }) {
      const wanted = [...filters.map(filterId => ({ filterId })), ...filterOptions]
      return { breakpoints: refusals(state, wanted).map(toProtocol) }
    },

    exceptionInfo() {
      // Of a running program the last stop is over.
      void state.stoppedTarget
      const { stop } = state
      return {
        exceptionId: stop?.description ?? 'no exception',
        ...(stop?.text === undefined ? {} : { description: stop.text }),
        breakMode: 'always',
      }
    },
  }
}

const ALL_SIGNALS: ReadonlySet<number> = new Set(Array.from({ length: 64 }, (_, n) => n + 1))

/** For each undefined, or why it cannot be had. */
function refusals(state: SessionState, wanted: readonly P.ExceptionFilterOptions[]): readonly (string | undefined)[] {
  const { target } = state
  const isSignals = ({ filterId }: P.ExceptionFilterOptions): boolean => filterId === SIGNALS.filter
  if (target.machine.linux !== undefined) {
    target.stopAtSignals(state.frontEnd, wanted.some(isSignals) ? ALL_SIGNALS : new Set())
    return wanted.map(each => (isSignals(each) ? undefined : PROCESS))
  }
  const places = wanted.flatMap(each => placeOf(each) ?? [])
  const why = new Map(target.exceptions.stopAt(places, target.program).map((answer, i) => [places[i], answer]))
  const requests = wanted.map(({ filterId, condition }): ExceptionRequest => {
    const group = GROUPS.find(({ filter }) => filter === filterId)
    return { ivors: group?.ivors ?? [], condition }
  })
  const answers = target.exceptions.replace(requests, target.program)
  return answers.map((answer, i) => {
    const place = placeOf(wanted[i]!)
    if (place !== undefined) return why.get(place)
    return isSignals(wanted[i]!) ? BOARD : answer
  })
}

const placeOf = ({ filterId }: P.ExceptionFilterOptions): SystemPlace | undefined =>
  SYSTEM_PLACES.find(({ filter }) => filter === filterId)

const toProtocol = (why: string | undefined): P.Breakpoint => ({
  verified: why === undefined,
  ...(why === undefined ? {} : { message: why }),
})
