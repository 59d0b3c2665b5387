// Requests that lead into the past, or forward in it.

import type { Past, Travel } from '../../debuggee/past/past.ts'
import { noPlaceToWatch, noSuchMoment } from '../errors.ts'
import type { SessionState } from '../sessionState.ts'
import { timelineOf } from '../timeline.ts'
import type { Handlers } from '../types.ts'
import { watchable } from './dataBreakpoints.ts'

type Handled = 'stepBack' | 'reverseContinue' | 'ppc440/timeline' | 'ppc440/goTo' | 'ppc440/back' | 'ppc440/lastWrite'

export function pastHandlers(state: SessionState): Pick<Handlers, Handled> {
  /** A client takes the program for running after requests of DAP; after ours it has to be told. */
  const travel = (way: (past: Past) => Travel, isOfDap = false): undefined => {
    state.stoppedTarget.travel(way, isOfDap ? state.frontEnd : undefined)
    return undefined
  }

  return {
    stepBack: ({ granularity }) =>
      travel(past => (granularity === 'instruction' ? past.stepInstruction() : past.stepLine()), true),

    reverseContinue: () => travel(past => past.reverseContinue(), true),

    'ppc440/timeline': stretch => timelineOf(state.target, stretch),

    'ppc440/goTo'({ instruction, interrupts }) {
      const { first, last } = state.stoppedTarget.reach
      if (instruction < first || instruction > last) throw noSuchMoment(instruction, first, last)
      return travel(past => past.goToInstruction(instruction, interrupts))
    },

    'ppc440/back'({ to }) {
      if (to === 'caller') return travel(past => past.stepOut())
      return travel(past => (to === 'beginning' ? past.goToBeginning() : past.goToPresent()))
    },

    'ppc440/lastWrite'({ what = 'write', ...where }) {
      const register = where.name.replace(/^\$/, '')
      const isRegister = where.asAddress !== true && state.stoppedTarget.register(register) !== undefined
      const found = isRegister ? undefined : watchable(state, where)
      if (found === undefined) return travel(past => past.lastOfRegister(register))
      if (typeof found === 'string') throw noPlaceToWatch(found)
      const { address, size, label } = found
      if (what === 'change') return travel(past => past.lastChange({ address, size, label }))
      return travel(past => past.lastAccess({ address, size, label, access: what }))
    },
  }
}
