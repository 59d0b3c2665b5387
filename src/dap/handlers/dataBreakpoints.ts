// Data breakpoints: what of a variable, a register view or an address can be watched, and for how long.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import type { BreakpointRequest, DataRequest, Lifetime } from '../../debuggee/breakpoints.ts'
import type { Frame } from '../../debuggee/frames.ts'
import { type Child, childNamed } from '../../debuggee/tree.ts'
import { hex32 } from '../../util/hex.ts'
import { parseAddress } from '../addresses.ts'
import { badReference } from '../errors.ts'
import type { SessionState } from '../sessionState.ts'

/** What a data breakpoint watches. */
type Watchable = Pick<DataRequest, 'address' | 'size' | 'label' | 'lifetime' | 'process'>

/** DAP gives a length with an address, or none: then a word where one can be, else the byte. */
const sizeAt = (address: number): number => ((address & 3) === 0 ? 4 : 1)

export function dataBreakpointInfo(
  state: SessionState,
  args: P.DataBreakpointInfoArguments,
): P.DataBreakpointInfoResponse['body'] {
  const found = watchable(state, args)
  if (typeof found === 'string') return { dataId: null, description: found }
  const { address, size, label, lifetime } = found
  for (const access of ['read', 'write', 'readWrite'] as const)
    state.target.breakpoints.revive({ kind: 'data', access, ...found })
  const until = lifetime === undefined ? '' : ', until its function returns'
  return {
    dataId: idOf(found),
    description: `${label}: ${size} ${size === 1 ? 'byte' : 'bytes'} at ${hex32(address)}${until}`,
    accessTypes: ['read', 'write', 'readWrite'],
  }
}

const FOR_EVER: Lifetime = { resume: 0, cfa: 0 }

/**
 * `0x00001000 4 0x00100234 0x07fffe00 1000 counter`: two numbers are its lifetime, 0 for one without end, and the last
 * one is the process, 0 on a board.
 */
const idOf = ({ address, size, label, lifetime: { resume, cfa } = FOR_EVER, process = 0 }: Watchable): string =>
  `${hex32(address)} ${size} ${hex32(resume)} ${hex32(cfa)} ${process} ${label}`

/** @throws UserError for an id that is none of ours. */
export function requestOf({ dataId, accessType, condition, hitCondition }: P.DataBreakpoint): BreakpointRequest {
  const [, place, size, resume, cfa, process, label] = /^(0x\w+) (\d+) (0x\w+) (0x\w+) (\d+) (.*)$/s.exec(dataId) ?? []
  const [address, end, base] = [place, resume, cfa].map(text => parseAddress(text ?? ''))
  if (address === undefined || end === undefined || base === undefined || label === undefined)
    throw badReference(dataId)
  const lifetime: Lifetime | undefined = end === 0 ? undefined : { resume: end, cfa: base }
  return {
    kind: 'data',
    address,
    size: Number(size),
    label,
    lifetime,
    process: process === '0' ? undefined : Number(process),
    access: accessType ?? 'write',
    condition,
    hitCondition,
  }
}

/** Where to watch, or a sentence that says why that cannot be watched. */
export function watchable(
  state: SessionState,
  { variablesReference, name, frameId, asAddress, bytes }: P.DataBreakpointInfoArguments,
): Watchable | string {
  if (asAddress === true) {
    const address = parseAddress(name)
    if (address === undefined) return `${name} is not an address: write 0x… or a decimal number.`
    const size = bytes ?? sizeAt(address)
    if (!(size >= 1) || address + size > 2 ** 32) return `There are no ${size} bytes to watch at ${hex32(address)}.`
    return { address, size, label: hex32(address), process: processOf(state) }
  }
  const place = (child: Child | undefined): Watchable | string => {
    if (child?.place === undefined) return `${name} does not lie in memory, so no DAC can watch it.`
    const { place: address, size = sizeAt(address), evaluateName } = child
    const lifetime = lifetimeOf(state, address)
    return { address, size: bytes ?? size, label: evaluateName ?? name, lifetime, process: processOf(state) }
  }
  return variablesReference === undefined
    ? state.inFrame(frameId, () => place(state.evaluate(name, frameId)))
    : state.inContainer(variablesReference, container => place(childNamed(container, name)))
}

/** The process of the thread that is looked at. */
const processOf = ({ target }: SessionState): number | undefined => target.machine.process?.pid

/** Of what lies in the stack: the call in whose frame it is. */
function lifetimeOf(state: SessionState, address: number): Lifetime | undefined {
  let low: number | undefined = state.target.register('r1')
  let inner: Frame['activation'] | undefined
  for (const row of state.target.callStack()) {
    if ('why' in row || low === undefined) return undefined
    const { activation } = row
    // What has ended in a jump has no frame, and nothing goes on there.
    if (activation === inner || activation.kind === 'jumped') continue
    const cfa = inner?.readers.cfa()
    if (cfa !== undefined && address >= low && address < cfa) return { resume: activation.pc, cfa }
    low = cfa ?? low
    inner = activation
  }
  return undefined
}
