// Requests that set breakpoints of every kind. The plan over all of them says what becomes of each.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import type { Breakpoint, BreakpointMode, Group } from '../../debuggee/breakpoints.ts'
import type { ConditionTexts } from '../../debuggee/conditions.ts'
import { isAddress, parseAddress } from '../addresses.ts'
import { badReference, noMemory } from '../errors.ts'
import type { SessionState } from '../sessionState.ts'
import type { Handlers } from '../types.ts'
import { dataBreakpointInfo, requestOf } from './dataBreakpoints.ts'

type Handled =
  | 'setBreakpoints'
  | 'setFunctionBreakpoints'
  | 'setInstructionBreakpoints'
  | 'dataBreakpointInfo'
  | 'setDataBreakpoints'
  | 'breakpointLocations'

/** How a person can have an instruction stopped. The first is what a breakpoint without a mode has. */
export const BREAKPOINT_MODES: P.BreakpointMode[] = [
  {
    mode: 'any',
    label: 'As the launch configuration says',
    description: 'A comparator; where none is free and "softBreakpoints" is true, a trap word',
  },
  { mode: 'comparator', label: 'Comparator', description: 'One of IAC1 to IAC4, or it is refused' },
  { mode: 'trapWord', label: 'Trap word', description: 'A trap word in memory, which takes no comparator' },
].map(each => ({ ...each, appliesTo: ['source', 'instruction'] }))

export function breakpointHandlers(state: SessionState): Pick<Handlers, Handled> {
  /** This front end's lists. */
  const group = (list: string): Group => ({ owner: state.frontEnd.name, list })

  /** Breakpoints that the client has been told of: events about others would come before it knows them. */
  const known = new Set<number>()

  /** Plans over everything wanted and answers with the verdicts of `mine`, by id: the plan may have changed them. */
  const answer = (mine: readonly Breakpoint[]): { breakpoints: P.Breakpoint[] } => {
    const introduced = mine.filter(({ id }) => !known.has(id))
    state.target.replan(introduced)
    if (state.phase === 'debugging') for (const breakpoint of introduced) tellIfPassed(breakpoint)
    for (const { id } of mine) known.add(id)
    return { breakpoints: mine.map(breakpoint => state.toProtocol(breakpoint)) }
  }

  /** Run to Cursor sets a breakpoint, too, and has the program go on whether it was granted a slot or not. */
  const tellIfPassed = ({ request, resolution, verified, label, message }: Breakpoint): void => {
    if (request.kind !== 'source' || resolution.kind === 'nowhere' || verified) return
    state.output(
      `${label}: ${message}\nThe program will not stop there. "Run to Line" in the editor's menu needs no slot.\n`,
    )
  }

  return {
    async setBreakpoints({ source, breakpoints = [] }) {
      const path = await state.learned(source)
      const requests = breakpoints.map(b => ({
        kind: 'source' as const,
        path,
        line: state.lineOf(b.line),
        ...modeOf(b),
        ...options(b),
      }))
      return answer(state.target.breakpoints.replace(group(`source ${path}`), requests))
    },

    setFunctionBreakpoints({ breakpoints }) {
      const requests = breakpoints.map(b => ({ kind: 'function' as const, name: b.name, ...options(b) }))
      return answer(state.target.breakpoints.replace(group('functions'), requests))
    },

    setInstructionBreakpoints({ breakpoints }) {
      const requests = breakpoints.map(b => {
        const reference = parseAddress(b.instructionReference)
        if (reference === undefined) throw badReference(b.instructionReference)
        const address = reference + (b.offset ?? 0)
        if (!isAddress(address)) throw noMemory(address)
        return { kind: 'instruction' as const, address, ...modeOf(b), ...options(b) }
      })
      const mine = state.target.breakpoints.replace(group('instructions'), requests)
      const body = answer(mine)
      // The Disassembly view draws its dot red all the same, and has no hover.
      for (const { verified, label, message } of mine) if (!verified) state.output(`${label}: ${message}\n`)
      return body
    },

    dataBreakpointInfo: args => dataBreakpointInfo(state, args),

    setDataBreakpoints: ({ breakpoints }) =>
      answer(state.target.breakpoints.replace(group('data'), breakpoints.map(requestOf))),

    async breakpointLocations({ source, line, endLine }) {
      const path = await state.learned(source)
      const lines = state.target.program.breakpointLines(path, state.lineOf(line), state.lineOf(endLine ?? line))
      return { breakpoints: lines.map(found => ({ line: found - 1 + state.lineBase })) }
    },
  }
}

/** A mode that we do not offer is none. */
const modeOf = ({ mode }: { mode?: string }): { mode?: BreakpointMode } =>
  mode === 'comparator' || mode === 'trapWord' ? { mode } : {}

function options(b: { condition?: string; hitCondition?: string; logMessage?: string }): ConditionTexts {
  return { condition: b.condition, hitCondition: b.hitCondition, logMessage: b.logMessage }
}
