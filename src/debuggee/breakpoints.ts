// Logical breakpoints: what the user asked for, what addresses that means, and what became of it.

import { fileName } from '../util/fileName.ts'
import { hex32 } from '../util/hex.ts'
import type { WatchGrant } from './arming.ts'
import type { Filter, Options } from './filters.ts'
import {
  DAC_SLOTS,
  type DacSlot,
  type Facility,
  grantedMessage,
  IAC_SLOTS,
  type IacSlot,
  type Plan,
  plan,
  refusedMessage,
  type Slot,
  type Wanted,
} from './slots.ts'

export type Access = WatchGrant['access']

/** What the user asked for. Lines are 1-based, as DWARF counts them. */
export type BreakpointRequest = Options &
  (
    | { readonly kind: 'source'; readonly path: string; readonly line: number }
    | { readonly kind: 'function'; readonly name: string }
    | { readonly kind: 'instruction'; readonly address: number }
    | { readonly kind: 'data'; readonly address: number; readonly access: Access; readonly label: string }
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
  slots: readonly Slot[]
  verified: boolean
  message: string
  /** How often it was reached with its condition true. */
  hits: number
}

export type Resolver = (request: BreakpointRequest) => Resolution

/** The kinds arrive separately, and source breakpoints file by file; each list replaces the one before. */
type Group = string
const FUNCTIONS: Group = 'functions'
const INSTRUCTIONS: Group = 'instructions'
const DATA: Group = 'data'

/** One kind of comparator: who wants it, who has it. */
interface Bank<S extends Slot> {
  readonly slots: readonly S[]
  held: Map<S, number>
  plan: Plan<S>
}

const bank = <S extends Slot>(slots: readonly S[]): Bank<S> => ({
  slots,
  held: new Map(),
  plan: { grants: [], slots: new Map() },
})

export class Breakpoints {
  readonly #resolve: Resolver
  readonly #groups = new Map<Group, Breakpoint[]>()
  #nextId = 1
  readonly #iac: Bank<IacSlot> = bank(IAC_SLOTS)
  readonly #dac: Bank<DacSlot> = bank(DAC_SLOTS)
  /** Addresses that have a trap word, because no comparator was left. */
  #soft: readonly number[] = []
  /** Comparators that are the program's. */
  reserved: readonly Slot[] = []
  /** Use trap words in memory for what the comparators do not suffice. */
  softAllowed = false
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

  /** The instruction address comparators in use. */
  get plan(): Plan<IacSlot> {
    return this.#iac.plan
  }

  get soft(): readonly number[] {
    return this.#soft
  }

  /** The data address comparators in use, each with every kind of access that one of its holders asks for. */
  get watches(): readonly WatchGrant[] {
    return this.#dac.plan.grants.map(({ slot, address, holders }) => {
      const wanted = new Set(
        holders.map(id => this.byId(id)?.request).map(r => (r?.kind === 'data' ? r.access : 'write')),
      )
      const [only] = wanted
      return { slot, address, access: wanted.size === 1 ? only! : 'readWrite' }
    })
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

  replaceData(requests: readonly (BreakpointRequest & { kind: 'data' })[]): readonly Breakpoint[] {
    return this.#replace(DATA, requests)
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

  /** Plans anew over everything wanted. @returns the breakpoints whose verdict or message changed. */
  replan(): readonly Breakpoint[] {
    const data = this.all.filter(({ request }) => request.kind === 'data')
    const code = this.all.filter(({ request }) => request.kind !== 'data')
    this.#soft = []
    return [...this.#planBank(this.#iac, code), ...this.#planBank(this.#dac, data)]
  }

  #planBank<S extends Slot>(one: Bank<S>, breakpoints: readonly Breakpoint[]): readonly Breakpoint[] {
    const wanted = breakpoints.flatMap(b => wantedBy(b) ?? [])
    const { slots } = one
    const facility: Facility<S> = { slots, reserved: this.reserved, held: this.settled ? one.held : new Map() }
    one.plan = plan(wanted, facility)
    one.held = new Map(one.plan.grants.map(grant => [grant.slot, grant.address]))
    return breakpoints.filter(breakpoint => this.#judge(breakpoint, one.plan, facility))
  }

  /** @returns true when something about `breakpoint` changed. */
  #judge<S extends Slot>(breakpoint: Breakpoint, result: Plan<S>, facility: Facility<S>): boolean {
    const slots = result.slots.get(breakpoint.id) ?? []
    const { verified, message } = this.#verdict(breakpoint, slots, result, facility)
    const changed = verified !== breakpoint.verified || message !== breakpoint.message
    Object.assign(breakpoint, { slots, verified, message })
    return changed
  }

  #verdict<S extends Slot>(
    breakpoint: Breakpoint,
    slots: readonly S[],
    result: Plan<S>,
    facility: Facility<S>,
  ): { readonly verified: boolean; readonly message: string } {
    const { resolution, request } = breakpoint
    if (resolution.kind === 'nowhere') return { verified: false, message: resolution.why }
    if (slots.length > 0) return { verified: true, message: grantedMessage(slots, result, facility) }
    if (this.softAllowed && request.kind !== 'data') {
      this.#soft = [...this.#soft, ...resolution.addresses]
      const where = resolution.addresses.map(hex32).join(', ')
      return { verified: true, message: `soft · a trap word at ${where}: IAC1–IAC4 are taken` }
    }
    const refused = refusedMessage(wantedBy(breakpoint)!, result, facility, id => this.byId(id)?.label ?? '?')
    return { verified: false, message: refused }
  }

  /** The breakpoints that stop the instruction at `address`, by a comparator or a trap word. */
  at(address: number): readonly Breakpoint[] {
    return this.all.filter(
      ({ verified, request, resolution }) =>
        verified && request.kind !== 'data' && resolution.kind === 'found' && resolution.addresses.includes(address),
    )
  }

  /** The breakpoints that hold one of these comparators. */
  holding(slots: readonly Slot[]): readonly Breakpoint[] {
    return this.all.filter(breakpoint => breakpoint.slots.some(slot => slots.includes(slot)))
  }

  /** Who holds `slot`, as a person would say it. */
  holder(slot: Slot): { readonly heldBy: string; readonly address: number } | undefined {
    const grants: Plan<Slot>['grants'] = [...this.#iac.plan.grants, ...this.#dac.plan.grants]
    const grant = grants.find(g => g.slot === slot)
    if (grant === undefined) return undefined
    return { heldBy: grant.holders.map(id => this.byId(id)?.label ?? '?').join(', '), address: grant.address }
  }
}

function wantedBy({ id, label, resolution }: Breakpoint): Wanted | undefined {
  return resolution.kind === 'found' ? { id, label, addresses: resolution.addresses } : undefined
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
    case 'data':
      return `${request.address} ${request.access}`
  }
}

function label(request: BreakpointRequest, resolution: Resolution): string {
  switch (request.kind) {
    case 'source': {
      const line = (resolution.kind === 'found' ? resolution.line : undefined) ?? request.line
      return `${fileName(request.path)}:${line}`
    }
    case 'function':
      return `function ${request.name}`
    case 'instruction':
      return hex32(request.address)
    case 'data':
      return request.label
  }
}
