import type { DebugProtocol as P } from '@vscode/debugprotocol'
import type { Breakpoint } from '../../target/breakpoints.ts'
import type { Options } from '../../target/filters.ts'
import { parseAddress } from '../addresses.ts'
import { badReference } from '../errors.ts'
import type { SessionState } from '../sessionState.ts'
import type { Handlers } from '../types.ts'

type Handled =
  | 'setBreakpoints'
  | 'setFunctionBreakpoints'
  | 'setInstructionBreakpoints'
  | 'setExceptionBreakpoints'
  | 'breakpointLocations'

export function breakpointHandlers(state: SessionState): Pick<Handlers, Handled> {
  /** Plans over everything wanted and answers with the verdicts of `mine`, by id: the plan may have changed them. */
  const answer = (mine: readonly Breakpoint[]): { breakpoints: P.Breakpoint[] } => {
    state.target.replan()
    return { breakpoints: mine.map(breakpoint => state.toProtocol(breakpoint)) }
  }

  return {
    setBreakpoints({ source, breakpoints = [] }) {
      const path = source.path ?? source.name ?? ''
      const requests = breakpoints.map(b => ({
        kind: 'source' as const,
        path,
        line: b.line - state.lineBase + 1,
        ...options(b),
      }))
      return answer(state.target.breakpoints.replaceSource(path, requests))
    },

    setFunctionBreakpoints({ breakpoints }) {
      const requests = breakpoints.map(b => ({ kind: 'function' as const, name: b.name, ...options(b) }))
      return answer(state.target.breakpoints.replaceFunctions(requests))
    },

    setInstructionBreakpoints({ breakpoints }) {
      const requests = breakpoints.map(b => {
        const address = parseAddress(b.instructionReference)
        if (address === undefined) throw badReference(b.instructionReference)
        return { kind: 'instruction' as const, address: (address + (b.offset ?? 0)) >>> 0, ...options(b) }
      })
      return answer(state.target.breakpoints.replaceInstructions(requests))
    },

    setExceptionBreakpoints() {
      return undefined
    },

    breakpointLocations({ source, line, endLine }) {
      const path = source.path ?? source.name ?? ''
      const lines = state.target.program.breakpointLines(
        path,
        line - state.lineBase + 1,
        (endLine ?? line) - state.lineBase + 1,
      )
      return { breakpoints: lines.map(found => ({ line: found - 1 + state.lineBase })) }
    },
  }
}

function options(b: { condition?: string; hitCondition?: string; logMessage?: string }): Options {
  return { condition: b.condition, hitCondition: b.hitCondition, logMessage: b.logMessage }
}
