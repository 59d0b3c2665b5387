// Logical breakpoints: what the user asked for, what addresses that means, and what became of it.

import { hex32 } from '../util/hex.ts'
import type { Filter, Options } from './filters.ts'
import { type Facility, grantedMessage, type IacSlot, type Plan, plan, refusedMessage, type Wanted } from './slots.ts'

/** What the user asked for. Lines are 1-based, as DWARF counts them. */
export type BreakpointRequest = Options &
  (
    | { readonly kind: 'source'; readonly path: string; readonly line: number }
    | { readonly kind: 'function'; readonly name: string }
    | { readonly kind: 'instruction'; readonly address: number }
  )

/** Where a request leads: addresses, or a sentence that says why nowhere. */
export type Resolution =
  | { readonly kind: 'found'; readonly addresses: readonly number[]; readonly line?: number; readonly filter: Filter }
  | { readonly kind: 'nowhere'; readonly why: string }

export interface Breakpoint {
  readonly id: number
  readonly request: BreakpointRequest
  readonly label: string
  readonly resolution: Resolution
  /** The slots it holds; empty while it has none. */
  slots: readonly IacSlot[]
  verified: boolean
  message: string
  /** How often it was reached with its condition true. */
  hits: number
}

export type Resolver = (request: BreakpointRequest) => Resolution

/** The three kinds arrive separately, and source breakpoints file by file; each list replaces the one before. */
type Group = string
const FUNCTIONS: Group = 'functions'
const INSTRUCTIONS: Group = 'instructions'

export class Breakpoints {
  readonly #resolve: Resolver
  readonly #groups = new Map<Group, Breakpoint[]>()
  #nextId = 1
  #held = new Map<IacSlot, number>()
  #plan: Plan = { grants: [], slots: new Map() }
  reserved: readonly IacSlot[] = []
  /**
   * Until the client has sent its first set, nobody holds a slot: the first plan sees all of them at once, whatever
   * order they come in.
   */
  settled = false

  constructor(resolve: Resolver) {
    this.#resolve = resolve
  }

  get all(): readonly Breakpoint[] {
    return [...this.#groups.values()].flat()
  }

  /** The comparators in use, by slot. */
  get plan(): Plan {
    return this.#plan
  }

  byId(id: number): Breakpoint | undefined {
    return this.all.find(breakpoint => breakpoint.id === id)
  }

  replaceSource(path: string, requests: readonly (BreakpointRequest & { kind: 'source' })[]): readonly Breakpoint[] {
    return this.#replace(`source ${path}`, requests)
  }

  replaceFunctions(requests: readonly (BreakpointRequest & { kind: 'function' })[]): readonly Breakpoint[] {
    return this.#replace(FUNCTIONS, requests)
  }

  replaceInstructions(requests: readonly (BreakpointRequest & { kind: 'instruction' })[]): readonly Breakpoint[] {
    return this.#replace(INSTRUCTIONS, requests)
  }

  /** A request that was there before keeps its id, and with it its slot and its hit count. */
  #replace(group: Group, requests: readonly BreakpointRequest[]): readonly Breakpoint[] {
    const before = [...(this.#groups.get(group) ?? [])]
    const after = requests.map(request => {
      const known = before.findIndex(old => key(old.request) === key(request))
      const [old] = known < 0 ? [] : before.splice(known, 1)
      return this.#breakpoint(request, old)
    })
    this.#groups.set(group, after)
    return after
  }

  #breakpoint(request: BreakpointRequest, old: Breakpoint | undefined): Breakpoint {
    const resolution = this.#resolve(request)
    const id = old?.id ?? this.#nextId++
    const { slots, verified, message, hits } = old ?? { slots: [], verified: false, message: '', hits: 0 }
    return { id, request, label: label(request, resolution), resolution, slots, verified, message, hits }
  }

  /** Resolves everything again (another program was loaded) and forgets who held what. */
  reset(): void {
    for (const [group, breakpoints] of this.#groups)
      this.#groups.set(
        group,
        breakpoints.map(old => ({ ...this.#breakpoint(old.request, old), hits: 0 })),
      )
  }

  /** Plans anew over everything wanted. @returns the breakpoints whose verdict or message changed. */
  replan(): readonly Breakpoint[] {
    const wanted = this.all.flatMap((b): Wanted[] =>
      b.resolution.kind === 'found' ? [{ id: b.id, label: b.label, addresses: b.resolution.addresses }] : [],
    )
    const facility: Facility = { reserved: this.reserved, held: this.settled ? this.#held : new Map() }
    this.#plan = plan(wanted, facility)
    this.#held = new Map(this.#plan.grants.map(grant => [grant.slot, grant.address]))
    return this.all.filter(breakpoint => this.#judge(breakpoint, facility))
  }

  /** @returns true when something about `breakpoint` changed. */
  #judge(breakpoint: Breakpoint, facility: Facility): boolean {
    const slots = this.#plan.slots.get(breakpoint.id) ?? []
    const verified = slots.length > 0
    const message = this.#message(breakpoint, slots, facility)
    const changed = verified !== breakpoint.verified || message !== breakpoint.message
    Object.assign(breakpoint, { slots, verified, message })
    return changed
  }

  #message(breakpoint: Breakpoint, slots: readonly IacSlot[], facility: Facility): string {
    if (breakpoint.resolution.kind === 'nowhere') return breakpoint.resolution.why
    if (slots.length > 0) return grantedMessage(slots, this.#plan)
    const wanted = { id: breakpoint.id, label: breakpoint.label, addresses: breakpoint.resolution.addresses }
    return refusedMessage(wanted, this.#plan, facility, id => this.byId(id)?.label ?? '?')
  }

  /** The breakpoints that hold a comparator at `address`. */
  at(address: number): readonly Breakpoint[] {
    const grant = this.#plan.grants.find(g => g.address === address)
    return grant === undefined ? [] : this.all.filter(b => grant.holders.includes(b.id))
  }

  /** Who holds `slot`, as a person would say it. */
  holder(slot: IacSlot): { readonly heldBy: string; readonly address: number } | undefined {
    const grant = this.#plan.grants.find(g => g.slot === slot)
    if (grant === undefined) return undefined
    return { heldBy: grant.holders.map(id => this.byId(id)?.label ?? '?').join(', '), address: grant.address }
  }
}

/** What makes two requests of one group the same breakpoint. */
function key(request: BreakpointRequest): string | number {
  switch (request.kind) {
    case 'source':
      return request.line
    case 'function':
      return request.name
    case 'instruction':
      return request.address
  }
}

function label(request: BreakpointRequest, resolution: Resolution): string {
  switch (request.kind) {
    case 'source': {
      const line = (resolution.kind === 'found' ? resolution.line : undefined) ?? request.line
      return `${request.path.replace(/.*[\\/]/, '')}:${line}`
    }
    case 'function':
      return `function ${request.name}`
    case 'instruction':
      return hex32(request.address)
  }
}
