// Packets that let the program go on.

import { Continue } from '../../debuggee/steps/goal.ts'
import { StepRange } from '../../debuggee/steps/instruction.ts'
import type { GdbSession, Reply } from '../session.ts'
import { linuxSignal } from '../stopReply.ts'
import { numberOf, numbersOf } from '../text.ts'

const malformed = 'E01'

interface ResumeAction {
  /** `c`, `C`, `s`, `S`, `t` or `r`. */
  readonly kind: string
  readonly rest: string
  /** Of Linux, where it is about one. */
  readonly thread: number | undefined
}

/** `vCont;action;…`, an action being `c`, `C05`, `s`, `S05`, `t` or `r1000,1010`, and `:thread` after it or not. */
export function vCont(session: GdbSession, text: string): Reply {
  const actions = text
    .split(';')
    .slice(1)
    .map((each): ResumeAction => {
      const [action = '', thread = ''] = each.split(':')
      return { kind: action[0] ?? '', rest: action.slice(1), thread: session.threadOf(thread) }
    })
  // Threads that are not stepped go on, whatever is said of them: the core has one at a time.
  const action = actions.find(({ kind }) => 'sSr'.includes(kind) && kind !== '') ?? actions[0]
  return action === undefined ? malformed : act(session, action)
}

function act(session: GdbSession, { kind, rest, thread }: ResumeAction): Reply {
  const step = (from?: number, to?: number): Reply =>
    session.resume(from === undefined || to === undefined ? new StepRange() : new StepRange(from, to), thread)
  switch (kind) {
    case 'c':
      return withSignal(session, '0', () => session.resume(new Continue()))
    case 's':
      return withSignal(session, '0', step)
    case 'C':
      return withSignal(session, rest, () => session.resume(new Continue()))
    case 'S':
      return withSignal(session, rest, step)
    case 't':
      return session.status()
    case 'r': {
      const range = numbersOf(rest, 2)
      return range === undefined ? malformed : withSignal(session, '0', () => step(range[0], range[1]))
    }
    default:
      return malformed
  }
}

/** A signal that has ended the process ends it now; one that is due comes, another instead of it, or none. */
function withSignal(session: GdbSession, digits: string, go: () => Reply): Reply {
  const number = numberOf(digits)
  if (number === undefined) return malformed
  const outcome = session.passSignal(number === 0 ? 0 : (linuxSignal(number) ?? 0))
  return outcome === 'go' ? go() : outcome
}

/** `QPassSignals:0e;10;…`: at all others a run stops before they are delivered; a step stops at any. */
export function passSignals(session: GdbSession, text: string): Reply {
  const passed = new Set(
    text
      .replace(/^:/, '')
      .split(';')
      .map(each => linuxSignal(Number.parseInt(each, 16))),
  )
  session.stopAtSignals(signal => !passed.has(signal))
  return 'OK'
}

export function interrupt(session: GdbSession): Reply {
  if (session.target.state === 'running') session.target.pause()
  return 'OK'
}

/** `c` or `caddress` */
export const run = (session: GdbSession, text: string): Reply =>
  at(session, text, () => withSignal(session, '0', () => session.resume(new Continue())))

/** `s` or `saddress` */
export const step = (session: GdbSession, text: string): Reply =>
  at(session, text, () => withSignal(session, '0', () => session.resume(new StepRange())))

/** `Csignal` or `Csignal;address` */
export const runWithSignal = (session: GdbSession, text: string): Reply =>
  at(session, text.split(';')[1] ?? '', () =>
    withSignal(session, text.split(';')[0]!, () => session.resume(new Continue())),
  )

export const stepWithSignal = (session: GdbSession, text: string): Reply =>
  at(session, text.split(';')[1] ?? '', () =>
    withSignal(session, text.split(';')[0]!, () => session.resume(new StepRange())),
  )

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
