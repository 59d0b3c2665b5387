// The life of a session, and which request belongs to which part of it.

import { UserError } from '../util/userError.ts'
import type { DapRequests } from './types.ts'

/**
 * `none` → `launching` → `configuring` → `debugging` → `ended`, and `closed` after the client has left. A launch that
 * fails leads back to `none`. Whether the program runs or stands is the target's own state.
 */
export type Phase = 'none' | 'launching' | 'configuring' | 'debugging' | 'ended' | 'closed'

const ANY_TIME: readonly Phase[] = ['none', 'launching', 'configuring', 'debugging', 'ended', 'closed']
const OPEN: readonly Phase[] = ['none', 'launching', 'configuring', 'debugging', 'ended']
/** There is a machine to look at; after the end it stands as the program left it. */
const PROGRAM: readonly Phase[] = ['configuring', 'debugging', 'ended']
const DEBUGGING: readonly Phase[] = ['debugging']

export const LEGAL: Readonly<Record<keyof DapRequests, readonly Phase[]>> = {
  initialize: ['none'],
  launch: ['none'],
  configurationDone: ['configuring'],
  disconnect: ANY_TIME,
  terminate: ANY_TIME,
  cancel: ANY_TIME,
  threads: OPEN,

  continue: DEBUGGING,
  next: DEBUGGING,
  stepIn: DEBUGGING,
  stepInTargets: DEBUGGING,
  stepOut: DEBUGGING,
  restartFrame: DEBUGGING,
  pause: DEBUGGING,
  gotoTargets: PROGRAM,
  goto: DEBUGGING,
  stepBack: DEBUGGING,
  reverseContinue: DEBUGGING,
  restart: DEBUGGING,

  setBreakpoints: PROGRAM,
  setFunctionBreakpoints: PROGRAM,
  setInstructionBreakpoints: PROGRAM,
  setDataBreakpoints: PROGRAM,
  setExceptionBreakpoints: PROGRAM,
  breakpointLocations: PROGRAM,
  dataBreakpointInfo: PROGRAM,
  exceptionInfo: PROGRAM,

  stackTrace: PROGRAM,
  scopes: PROGRAM,
  variables: PROGRAM,
  setVariable: PROGRAM,
  setExpression: PROGRAM,
  evaluate: PROGRAM,
  completions: PROGRAM,
  readMemory: PROGRAM,
  writeMemory: PROGRAM,
  disassemble: PROGRAM,
  locations: PROGRAM,
  loadedSources: PROGRAM,
  source: PROGRAM,

  'ppc440/snapshot': PROGRAM,
  'ppc440/devices': PROGRAM,
  'ppc440/memory': PROGRAM,
  'ppc440/address': PROGRAM,
  'ppc440/trapWord': PROGRAM,
  'ppc440/runTo': DEBUGGING,
  'ppc440/timeline': PROGRAM,
  'ppc440/goTo': DEBUGGING,
  'ppc440/back': DEBUGGING,
  'ppc440/capsule': DEBUGGING,
  'ppc440/lastWrite': DEBUGGING,
  'ppc440/gdb': PROGRAM,
  'ppc440/trace': PROGRAM,
  'ppc440/uartInput': PROGRAM,
}

/** What is the matter in each phase, and what to do about it. */
const REASONS: Readonly<Record<Phase, readonly [what: string, advice: string]>> = {
  none: ['no program has been launched', 'send "launch" first'],
  launching: ['the program is still being loaded', 'wait for the event "initialized"'],
  configuring: ['the program has not been started', 'send "configurationDone" first'],
  debugging: ['a program is being debugged in this session', 'end it and begin another session'],
  ended: ['the program has ended', 'begin another session'],
  closed: ['the session is over', 'begin another'],
}

/** Why `command` has no place in `phase`; undefined where it has. */
export function refusal(command: keyof DapRequests, phase: Phase): UserError | undefined {
  if (LEGAL[command].includes(phase)) return undefined
  const [what, advice] = REASONS[phase]
  return new UserError(`not-while-${phase}`, `"${command}" is not possible now, because ${what}`, advice)
}

/** The answer to a launch that somebody ended before it was through. */
export const launchCancelled = (): UserError =>
  new UserError('launch-cancelled', 'the session was ended while the program was being loaded', 'begin another session')
