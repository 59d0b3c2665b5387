// Packets that let the program go on.

import { Continue } from '../../debuggee/steps/goal.ts'
import { StepRange } from '../../debuggee/steps/instruction.ts'
import type { GdbSession, Reply } from '../session.ts'
import { numberOf, numbersOf } from '../text.ts'

const malformed = 'E01'

/** `vCont;action;…`, an action being `c`, `C05`, `s`, `S05`, `t` or `r1000,1010`, and `:thread` after it or not. */
export function vCont(session: GdbSession, text: string): Reply {
  // There is one thread, and the first action that may be about it is.
  const action = text.split(';')[1]?.split(':')[0] ?? ''
  const rest = action.slice(1)
  switch (action[0]) {
    case 'c':
      return session.resume(new Continue())
    case 's':
      return session.resume(new StepRange())
    case 'C':
      return numberOf(rest) === undefined ? malformed : withSignal(session, () => session.resume(new Continue()))
    case 'S':
      return numberOf(rest) === undefined ? malformed : withSignal(session, () => session.resume(new StepRange()))
    case 't':
      return session.status()
    case 'r': {
      const range = numbersOf(rest, 2)
      return range === undefined ? malformed : session.resume(new StepRange(range[0], range[1]))
    }
    default:
      return malformed
  }
}

/** A signal that has ended the process ends it now; others a stopped program has not, and none is given to it. */
function withSignal(session: GdbSession, go: () => Reply): Reply {
  const outcome = session.passSignal()
  return outcome === 'go' ? go() : outcome
}

export function interrupt(session: GdbSession): Reply {
  if (session.target.state === 'running') session.target.pause()
  return 'OK'
}

/** `c` or `caddress` */
export const run = (session: GdbSession, text: string): Reply => at(session, text, () => session.resume(new Continue()))

/** `s` or `saddress` */
export const step = (session: GdbSession, text: string): Reply =>
  at(session, text, () => session.resume(new StepRange()))

/** `Csignal` or `Csignal;address` */
export const runWithSignal = (session: GdbSession, text: string): Reply =>
  at(session, text.split(';')[1] ?? '', () => withSignal(session, () => session.resume(new Continue())))

export const stepWithSignal = (session: GdbSession, text: string): Reply =>
  at(session, text.split(';')[1] ?? '', () => withSignal(session, () => session.resume(new StepRange())))

/** To the last place at which the program would have stopped; to the beginning of what is known where there is none. */
export const runBackward = (session: GdbSession): Reply => session.travel(past => past.reverseContinueBeyondAccess())

/** By an instruction. */
export const stepBackward = (session: GdbSession): Reply => session.travel(past => past.stepInstruction())

function at(session: GdbSession, text: string, go: () => Reply): Reply {
  if (text === '') return go()
  const address = numberOf(text)
  if (address === undefined) return malformed
  if (session.target.state === 'stopped') session.target.machine.setRegister('PC', address)
  return go()
}
