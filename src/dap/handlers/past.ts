// Requests that lead into the past, or forward in it.

import type { Frame } from '../../debuggee/frames.ts'
import type { Travel } from '../../debuggee/past/passage.ts'
import type { Past } from '../../debuggee/past/past.ts'
import { entryAt } from '../../debuggee/program.ts'
import type { FrameId } from '../../debuggee/steps/goal.ts'
import { type CapsuleBreakpoint, packCapsule, sameMachine } from '../../history/capsule.ts'
import { hashOf, stateHash } from '../../machine/snapshot.ts'
import type { BackArguments, CapsuleAnswer, GoToArguments, LastWriteArguments } from '../../protocol/messages.ts'
import { toBase64 } from '../../util/base64.ts'
import { forgottenCycle, noPlaceToWatch, noRestart, noSuchCycle, noSuchMoment } from '../errors.ts'
import type { SessionState } from '../sessionState.ts'
import { timelineOf } from '../timeline.ts'
import type { Handlers } from '../types.ts'
import { watchable } from './dataBreakpoints.ts'

type Handled =
  | 'stepBack'
  | 'reverseContinue'
  | 'restartFrame'
  | 'ppc440/timeline'
  | 'ppc440/goTo'
  | 'ppc440/back'
  | 'ppc440/capsule'
  | 'ppc440/lastWrite'

export function pastHandlers(state: SessionState): Pick<Handlers, Handled> {
  return {
    stepBack: ({ granularity }) =>
      travel(state, past => (granularity === 'instruction' ? past.stepInstruction() : past.stepLine()), true),
    reverseContinue: () => travel(state, past => past.reverseContinue(), true),
    restartFrame({ frameId }) {
      const frame = state.inFrame(frameId, () => restartable(state, state.frame(frameId)))
      if (frame === undefined) throw noRestart()
      return travel(state, past => past.restart(frame), true)
    },
    'ppc440/timeline': stretch => timelineOf(state.target, stretch),
    'ppc440/goTo': to => goTo(state, to),
    'ppc440/back': to => back(state, to),
    'ppc440/capsule': ({ withProgram }) => capsule(state, withProgram),
    'ppc440/lastWrite': what => lastWrite(state, what),
  }
}

/**
 * What of a frame it takes to begin it again, by going back to its first instruction: it must have one of its own, and be
 * of the thread that is on the core. Undefined where it cannot be.
 */
export function restartable({ handles, target }: SessionState, frame: Frame | undefined): FrameId | undefined {
  if (!target.hasHistory || handles.thread !== undefined || frame === undefined) return undefined
  const { activation, isInlined } = frame
  if (isInlined || activation.kind !== undefined) return undefined
  const entry = entryAt(target.program.symbols, activation.readers.pc)
  return entry === undefined ? undefined : { entry, cfa: activation.readers.cfa() }
}

function capsule(state: SessionState, withProgram: boolean): CapsuleAnswer {
  const { machine, recordedRun, isInPast } = state.stoppedTarget
  const { bytes, name } = state.launched!
  const packed = packCapsule({
    program: { name, hash: hashOf(bytes), ...(withProgram && { bytes }) },
    machine: sameMachine(machine.options),
    ...recordedRun,
    breakpoints: breakpointsOf(state),
    ...(!isInPast && { state: stateHash(machine) }),
  })
  return { name, base64: toBase64(packed) }
}

/** Those that the client has set, but for those on local variables, which belong to a call. */
function breakpointsOf({ target, sources, frontEnd }: SessionState): readonly CapsuleBreakpoint[] {
  const own = target.breakpoints.all.filter(({ owner }) => owner === frontEnd.name)
  return own.flatMap(({ request }): CapsuleBreakpoint[] => {
    const { condition, hitCondition, logMessage } = request
    const texts = {
      ...(condition !== undefined && { condition }),
      ...(hitCondition !== undefined && { hitCondition }),
      ...(logMessage !== undefined && { logMessage }),
    }
    if (request.kind === 'function') return [{ name: request.name, ...texts }]
    if (request.kind === 'instruction') return [{ address: request.address, ...texts }]
    if (request.kind === 'data') {
      const { address, size, access, label, lifetime } = request
      return lifetime === undefined ? [{ address, data: { size, access, label }, ...texts }] : []
    }
    return [{ path: sources.meant(request.path).files[0] ?? request.path, line: request.line, ...texts }]
  })
}

/** A client takes the program for running after requests of DAP; after ours it has to be told. */
function travel(state: SessionState, way: (past: Past) => Travel, isOfDap = false): undefined {
  const { stoppedTarget: target } = state
  target.travel(way, isOfDap ? state.frontEnd : undefined)
  state.progress.begin({
    title: 'Going through the history',
    message: () => `at instruction ${target.machine.retired.toLocaleString('en')}`,
    giveUp: () => target.pause(),
  })
  return undefined
}

/** @throws UserError for a moment that is not known. */
export function goTo(state: SessionState, { instruction, interrupts }: GoToArguments): undefined {
  const { first, last } = state.stoppedTarget.reach
  if (instruction < first || instruction > last) throw noSuchMoment(instruction, first, last)
  return travel(state, past => past.goToInstruction(instruction, interrupts))
}

export function back(state: SessionState, { to }: BackArguments): undefined {
  if (to === 'caller') return travel(state, past => past.stepOut())
  return travel(state, past => (to === 'beginning' ? past.goToBeginning() : past.goToPresent()))
}

/** @throws UserError for what is neither in memory nor a register. */
export function lastWrite(state: SessionState, { what = 'write', ...where }: LastWriteArguments): undefined {
  const register = where.name.replace(/^\$/, '')
  const found = where.name === register ? watchable(state, where) : ''
  if (typeof found === 'string') {
    if (where.asAddress === true || state.stoppedTarget.register(register) === undefined) throw noPlaceToWatch(found)
    return travel(state, past => past.lastOfRegister(register))
  }
  const { address, size, label } = found
  if (what === 'change') return travel(state, past => past.lastChange({ address, size, label }))
  return travel(state, past => past.lastAccess({ address, size, label, access: what }))
}

/** @throws UserError for a cycle before the beginning of the history, or after the end of the run. */
export function goToCycle(state: SessionState, cycle: number): undefined {
  const { firstCycle, lastCycle } = state.stoppedTarget.reach
  if (cycle < firstCycle) throw forgottenCycle(cycle, firstCycle)
  if (cycle > lastCycle) throw noSuchCycle(cycle, lastCycle)
  return travel(state, past => past.goToCycle(cycle))
}

/** @throws UserError for an expression that cannot be watched. */
export function lastTrue(state: SessionState, text: string): undefined {
  return travel(state, past => past.lastTrue(text))
}
