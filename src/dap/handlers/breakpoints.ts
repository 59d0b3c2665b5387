import type { DebugProtocol as P } from '@vscode/debugprotocol'
import type { Breakpoint } from '../../debuggee/breakpoints.ts'
import type { Options } from '../../debuggee/filters.ts'
import { childNamed } from '../../debuggee/tree.ts'
import { hex32 } from '../../util/hex.ts'
import { isAddress, parseAddress } from '../addresses.ts'
import { badReference, noMemory } from '../errors.ts'
import type { SessionState } from '../sessionState.ts'
import type { Handlers } from '../types.ts'

type Handled =
  | 'setBreakpoints'
  | 'setFunctionBreakpoints'
  | 'setInstructionBreakpoints'
  | 'dataBreakpointInfo'
  | 'setDataBreakpoints'
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
        const reference = parseAddress(b.instructionReference)
        if (reference === undefined) throw badReference(b.instructionReference)
        const address = reference + (b.offset ?? 0)
        if (!isAddress(address)) throw noMemory(address)
        return { kind: 'instruction' as const, address, ...options(b) }
      })
      return answer(state.target.breakpoints.replaceInstructions(requests))
    },

    dataBreakpointInfo(args) {
      const found = watchable(state, args)
      if (typeof found === 'string') return { dataId: null, description: found }
      const { address, label } = found
      const description = `${label} at ${hex32(address)}: accesses that begin there`
      return { dataId: `${hex32(address)} ${label}`, description, accessTypes: ['read', 'write', 'readWrite'] }
    },

    setDataBreakpoints({ breakpoints }) {
      const requests = breakpoints.map(b => {
        const [, address, label] = /^(\S+) (.*)$/.exec(b.dataId) ?? [undefined, b.dataId, b.dataId]
        const parsed = parseAddress(address)
        if (parsed === undefined) throw badReference(b.dataId)
        return { kind: 'data' as const, address: parsed, label, access: b.accessType ?? 'write', ...options(b) }
      })
      return answer(state.target.breakpoints.replaceData(requests))
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

/** Where to watch, or a sentence that says why that cannot be watched. */
function watchable(
  state: SessionState,
  { variablesReference, name, frameId, asAddress }: P.DataBreakpointInfoArguments,
): { readonly address: number; readonly label: string } | string {
  if (asAddress) {
    const address = parseAddress(name)
    return address === undefined
      ? `${name} is not an address: write 0x… or a decimal number.`
      : { address, label: hex32(address) }
  }
  const child =
    variablesReference === undefined
      ? state.evaluate(name, frameId)
      : childNamed(state.handles.container(variablesReference), name)
  if (child?.place === undefined) return `${name} does not lie in memory, so no DAC can watch it.`
  return { address: child.place, label: child.evaluateName ?? name }
}

function options(b: { condition?: string; hitCondition?: string; logMessage?: string }): Options {
  return { condition: b.condition, hitCondition: b.hitCondition, logMessage: b.logMessage }
}
