// Logical breakpoints: what was asked for and by whom, what addresses that means, and what became of it.

import type { Machine } from '../machine/machine.ts'
import { fileName } from '../util/fileName.ts'
import { hex32 } from '../util/hex.ts'
import type { Conditions, ConditionTexts } from './conditions.ts'
import { type DataWanted, fitsOneDac, planData } from './dataSlots.ts'
import { valueAskedFor } from './dataValue.ts'
import { HitCount } from './hitCount.ts'
import type { Watch } from './setGuestDebug.ts'
import { grantedMessage, holdersText, refusedCodeMessage, refusedMessage } from './slotMessages.ts'
import {
  DAC_SLOTS,
  type DacSlot,
  type Facility,
  type Grant,
  IAC_SLOTS,
  type IacSlot,
  type Plan,
  plan,
  type Slot,
  type Wanted,
} from './slots.ts'

export type Access = 'read' | 'write' | 'readWrite'

/** A call that a watched variable lives as long as: where its function's caller goes on, and the frame's CFA. */
export interface Lifetime {
  readonly resume: number
  readonly cfa: number
}

/** By what an instruction is stopped: without one a comparator, and what the launch attribute `softBreakpoints` allows. */
export type BreakpointMode = 'comparator' | 'trapWord'

/** What the user asked for. Lines are 1-based, as DWARF counts them. */
export type BreakpointRequest = ConditionTexts &
  (
    | { readonly kind: 'source'; readonly path: string; readonly line: number; readonly mode?: BreakpointMode }
    | { readonly kind: 'function'; readonly name: string; readonly mode?: BreakpointMode }
    | {
        readonly kind: 'instruction'
        readonly address: number
        readonly mode?: BreakpointMode
        /** A condition that is no expression of ours, asked before the others. */
        readonly holds?: ((machine: Machine) => boolean) | undefined
      }
    | {
        readonly kind: 'data'
        readonly address: number
        /** Bytes. */
        readonly size: number
        readonly access: Access
        readonly label: string
        readonly lifetime?: Lifetime | undefined
        /** The Linux process whose memory it is; where none is said, anybody's. */
        readonly process?: number | undefined
        /** Every access is told before it happens, as the part does; otherwise a write is told after it, by its change. */
        readonly raw?: boolean
      }
  )

export type DataRequest = Extract<BreakpointRequest, { kind: 'data' }>

/** Where a request leads: addresses, or a sentence that says why nowhere. */
export type Resolution =
  | {
      readonly kind: 'found'
      readonly addresses: readonly number[]
      readonly line?: number
      readonly conditions: Conditions
    }
  /** `isLater`: in code that the program may load. */
  | { readonly kind: 'nowhere'; readonly why: string; readonly isLater?: boolean }

export interface Breakpoint {
  readonly id: number
  /** The front end that has asked for it. */
  readonly owner: string
  readonly request: BreakpointRequest
  readonly label: string
  readonly resolution: Resolution
  /** The slots it holds; empty while it has none. */
  slots: readonly Slot[]
  verified: boolean
  message: string
  /** How often it was reached with its condition true. */
  count: HitCount
  /** A trap word, and no comparator even where one is free: somebody asked for that after it was refused one. */
  isSoftened?: boolean
}

export type DataBreakpoint = Breakpoint & { readonly request: DataRequest }

export type Resolver = (request: BreakpointRequest) => Resolution

/** A list that is replaced as a whole: one of `owner`'s, who is a front end. */
export interface Group {
  readonly owner: string
  /** Among the owner's lists: one for each file, one for functions, … */
  readonly list: string
}

/** What a comparator is set to, and for whom. */
interface Holder {
  /** As a person would say it. */
  readonly heldBy: string
  readonly address: number
  readonly mode: Grant['mode']
  readonly ids: readonly number[]
}

interface Reserves {
  /** Comparators that are the program's. */
  readonly reserved: readonly Slot[]
  /** Use trap words in memory for what the comparators do not suffice. */
  readonly softAllowed: boolean
}

const NO_PLAN = { grants: [], slots: new Map() }

export class Breakpoints {
  readonly #resolve: Resolver
  readonly #groups = new Map<string, { readonly owner: string; breakpoints: readonly Breakpoint[] }>()
  #nextId = 1
  readonly #expired = new Set<string>()
  #code: Plan<IacSlot> = NO_PLAN
  #data: Plan<DacSlot> = NO_PLAN
  /** By id, and those that stop an instruction by its address. */
  #byId: ReadonlyMap<number, Breakpoint> = new Map()
  #byAddress: ReadonlyMap<number, readonly Breakpoint[]> = new Map()
  #soft: readonly number[] = []
  reserves: Reserves = { reserved: [], softAllowed: false }
  /**
   * Until the client has sent its first set, nobody holds a slot: the first plan sees all of them at once, whatever
   * order they come in.
   */
  settled = false

  constructor(resolve: Resolver) {
    this.#resolve = resolve
  }

  get all(): readonly Breakpoint[] {
    return [...this.#groups.values()].flatMap(({ breakpoints }) => breakpoints)
  }

  /** The instruction address comparators in use. */
  get code(): Plan<IacSlot> {
    return this.#code
  }

  /** Addresses that have a trap word, because no comparator was left. */
  get soft(): readonly number[] {
    return this.#soft
  }

  /** The data address comparators in use, each with every kind of access that one of its holders asks for. */
  get watches(): readonly Watch[] {
    return this.#data.grants.map(grant => {
      const requests = grant.holders.map(id => this.#watchpoint(id).request)
      const kinds = new Set(requests.map(({ access }) => access))
      const [only] = kinds
      const value = grant.mode === 'exact' && requests.length === 1 ? valueAskedFor(requests[0]!) : undefined
      return { grant, access: kinds.size === 1 ? only! : 'readWrite', ...(value && { value }) }
    })
  }

  /** Who holds a comparator is one of `all`, */
  #holder(id: number): Breakpoint {
    return this.#byId.get(id)!
  }

  /** and who holds a DAC a data breakpoint. */
  #watchpoint(id: number): DataBreakpoint {
    return this.#holder(id) as DataBreakpoint
  }

  /** Those whose hits decide where they stop. */
  get counted(): readonly Breakpoint[] {
    return this.all.filter(
      ({ verified, resolution }) =>
        verified && resolution.kind === 'found' && resolution.conditions.wantsHit !== undefined,
    )
  }

  byId(id: number): Breakpoint | undefined {
    return this.#byId.get(id)
  }

  /**
   * Replaces a list of its owner's. A request that was there before keeps its id, and with it its slot, and its hit count
   * where that counts the same.
   * @returns the new list; `replan` says what became of each
   */
  replace({ owner, list }: Group, requests: readonly BreakpointRequest[]): readonly Breakpoint[] {
    const group = `${owner} ${list}`
    const before = new Map<string, Breakpoint[]>()
    for (const old of this.#groups.get(group)?.breakpoints ?? []) {
      const same = before.get(key(old.request))
      if (same === undefined) before.set(key(old.request), [old])
      else same.push(old)
    }
    const breakpoints = requests.map(request => this.#breakpoint(owner, request, before.get(key(request))?.shift()))
    this.#groups.set(group, { owner, breakpoints })
    return breakpoints
  }

  /** The program is another one: what was asked for may mean other addresses. */
  resolveAgain(): void {
    for (const group of this.#groups.values())
      group.breakpoints = group.breakpoints.map(each => this.#breakpoint(each.owner, each.request, each))
  }

  /** The calls whose variables these watch have ended. They stay in their lists and say so, until asked for again. */
  expire(gone: readonly Breakpoint[]): void {
    for (const { request } of gone) this.#expired.add(key(request))
    for (const group of this.#groups.values())
      group.breakpoints = group.breakpoints.map(each =>
        gone.includes(each) ? this.#breakpoint(each.owner, each.request, each) : each,
      )
  }

  /** The program begins anew. */
  countAgain(): void {
    for (const breakpoint of this.all) breakpoint.count = new HitCount()
  }

  /** Somebody looks at what `request` watches: it is there, again perhaps. */
  revive(request: DataRequest): void {
    this.#expired.delete(key(request))
  }

  /** The breakpoint gets a trap word from now on. @returns false for one that cannot have any */
  soften(id: number): boolean {
    const breakpoint = this.all.find(each => each.id === id)
    if (breakpoint === undefined || breakpoint.request.kind === 'data') return false
    breakpoint.isSoftened = true
    return true
  }

  /** A front end has left, and its breakpoints with it. */
  removeOwner(owner: string): void {
    for (const [name, group] of this.#groups) if (group.owner === owner) this.#groups.delete(name)
  }

  #breakpoint(owner: string, request: BreakpointRequest, old: Breakpoint | undefined): Breakpoint {
    const resolution = this.#expired.has(key(request)) ? EXPIRED : this.#resolve(request)
    const id = old?.id ?? this.#nextId++
    const label = labelOf(request, resolution)
    const { slots, verified, message, isSoftened = false } = old ?? UNPLANNED
    const count = old !== undefined && isCountedAlike(old.request, request) ? old.count : new HitCount()
    return { id, owner, request, label, resolution, slots, verified, message, count, isSoftened }
  }

  /** Plans anew over everything wanted. @returns the breakpoints whose verdict or message changed. */
  replan(): readonly Breakpoint[] {
    const { all } = this
    this.#byId = new Map(all.map(breakpoint => [breakpoint.id, breakpoint]))
    const code: Facility<IacSlot> = {
      slots: IAC_SLOTS,
      reserved: this.reserves.reserved,
      held: this.settled ? this.#code.grants : [],
    }
    const data: Facility<DacSlot> = {
      slots: DAC_SLOTS,
      reserved: this.reserves.reserved,
      held: this.settled ? this.#data.grants : [],
    }
    this.#code = plan(
      all.flatMap(breakpoint => codeWantedBy(breakpoint) ?? []),
      code,
    )
    this.#data = planData(
      all.flatMap(breakpoint => dataWantedBy(breakpoint) ?? []),
      data,
    )
    const changed = all.filter(breakpoint => this.#settle(breakpoint, code, data))
    const stopping = all.filter(({ verified, request }) => verified && request.kind !== 'data')
    this.#soft = stopping.filter(({ slots }) => slots.length === 0).flatMap(addressesOf)
    this.#byAddress = byAddress(stopping)
    return changed
  }

  /** Writes down what became of `breakpoint`. @returns true when something about it changed. */
  #settle(breakpoint: Breakpoint, code: Facility<IacSlot>, data: Facility<DacSlot>): boolean {
    const slots = this.#code.slots.get(breakpoint.id) ?? this.#data.slots.get(breakpoint.id) ?? []
    const isSoft = isAlwaysSoft(breakpoint) || (this.reserves.softAllowed && !isForComparators(breakpoint))
    const verified = breakpoint.resolution.kind === 'found' && (slots.length > 0 || isSoft)
    const message = this.#message(breakpoint, slots.length > 0, isSoft, code, data)
    // Whether it is verified its message says, too.
    const changed = message !== breakpoint.message
    if (verified && !breakpoint.verified) breakpoint.count = new HitCount()
    Object.assign(breakpoint, { slots, verified, message })
    return changed
  }

  #message(
    breakpoint: Breakpoint,
    isGranted: boolean,
    isSoft: boolean,
    code: Facility<IacSlot>,
    data: Facility<DacSlot>,
  ): string {
    const { id, resolution, request } = breakpoint
    if (resolution.kind === 'nowhere') return resolution.why
    const label = (holder: number): string => labelFor(breakpoint.owner, this.#holder(holder))
    if (request.kind === 'data') {
      if (isGranted) return `${grantedMessage(id, this.#data, data)}${this.#valueText(id)}`
      const need = fitsOneDac(request)
        ? ''
        : `${request.label} has ${request.size} bytes and needs both DACs for a range. `
      return refusedMessage(this.#data, data, label, need)
    }
    if (isGranted) return grantedMessage(id, this.#code, code)
    if (isSoft) {
      const why = isAlwaysSoft(breakpoint) ? '' : ': IAC1–IAC4 are taken'
      return `soft · a trap word at ${resolution.addresses.map(hex32).join(', ')}${why}`
    }
    return refusedCodeMessage(codeWantedBy(breakpoint)!, this.#code, code, label)
  }

  /** ` · DVC1 compares 0x00000005`: the condition is the comparator's own. */
  #valueText(id: number): string {
    const { grant, value } = this.watches.find(each => each.grant.holders.includes(id))!
    return value === undefined ? '' : ` · DVC${grant.slots[0].slice(-1)} compares ${hex32(value.value)}`
  }

  /** The breakpoints that stop the instruction at `address`, by a comparator or a trap word. */
  at(address: number): readonly Breakpoint[] {
    return this.#byAddress.get(address) ?? NOBODY
  }

  /** The data breakpoints that hold one of these comparators. */
  watching(slots: readonly Slot[]): readonly DataBreakpoint[] {
    return this.#data.grants
      .filter(grant => grant.slots.some(slot => slots.includes(slot)))
      .flatMap(({ holders }) => holders)
      .map(id => this.#watchpoint(id))
  }

  /** Those of variables that live as long as a call. */
  get mortal(): readonly DataBreakpoint[] {
    return this.all.filter(isData).filter(({ request }) => request.lifetime !== undefined)
  }

  /** Who holds `slot`, as a person would say it. @param reader who asks, and is told the owners of others' breakpoints */
  holder(slot: Slot, reader?: string): Holder | undefined {
    const grants: readonly Grant[] = [...this.#code.grants, ...this.#data.grants]
    const grant = grants.find(({ slots }) => slots.includes(slot))
    if (grant === undefined) return undefined
    const isUpper = grant.slots[1] === slot
    return {
      heldBy: holdersText(grant, id => labelFor(reader, this.#holder(id)), ', '),
      address: isUpper ? grant.high : grant.low,
      mode: grant.mode,
      ids: grant.holders,
    }
  }
}

const NOBODY: readonly Breakpoint[] = []

const EXPIRED: Resolution = {
  kind: 'nowhere',
  why: 'The call whose variable this watched has returned. Ask for it again in the next one.',
}

const isData = (breakpoint: Breakpoint): breakpoint is DataBreakpoint => breakpoint.request.kind === 'data'

const UNPLANNED: Pick<Breakpoint, 'slots' | 'verified' | 'message' | 'isSoftened'> = {
  slots: [],
  verified: false,
  message: '',
}

const isAlwaysSoft = ({ request, isSoftened }: Breakpoint): boolean =>
  request.kind !== 'data' && (request.mode === 'trapWord' || isSoftened === true)

/** No trap word will do. */
const isForComparators = ({ request }: Breakpoint): boolean => request.kind === 'data' || request.mode === 'comparator'

/** Owners as people know them. */
export const OWNERS: Readonly<Record<string, string>> = { dap: 'the editor', gdb: 'gdb' }

/** A breakpoint's label for `reader`, who is told the owner where that is another. */
const labelFor = (reader: string | undefined, { owner, label }: Breakpoint): string =>
  reader === undefined || owner === reader ? label : `${label} (${OWNERS[owner] ?? owner})`

const addressesOf = ({ resolution }: Breakpoint): readonly number[] =>
  resolution.kind === 'found' ? resolution.addresses : []

function byAddress(breakpoints: readonly Breakpoint[]): Map<number, Breakpoint[]> {
  const found = new Map<number, Breakpoint[]>()
  for (const breakpoint of breakpoints)
    for (const address of addressesOf(breakpoint)) {
      const others = found.get(address)
      if (others === undefined) found.set(address, [breakpoint])
      else others.push(breakpoint)
    }
  return found
}

function codeWantedBy(breakpoint: Breakpoint): Wanted | undefined {
  const { id, label, request, resolution } = breakpoint
  if (request.kind === 'data' || resolution.kind === 'nowhere' || isAlwaysSoft(breakpoint)) return undefined
  return { id, label, addresses: resolution.addresses }
}

function dataWantedBy({ id, label, request, resolution }: Breakpoint): DataWanted | undefined {
  if (request.kind !== 'data' || resolution.kind === 'nowhere') return undefined
  return { id, label, address: request.address, size: request.size }
}

/** Whether a breakpoint that was asked for differently goes on counting: who asks for a count now begins with it. */
const isCountedAlike = (before: BreakpointRequest, now: BreakpointRequest): boolean =>
  before.condition === now.condition && (before.hitCondition !== undefined || now.hitCondition === undefined)

/** What makes two requests of one list the same breakpoint. */
function key(request: BreakpointRequest): string {
  switch (request.kind) {
    case 'source':
      return String(request.line)
    case 'function':
      return request.name
    case 'instruction':
      return `${request.address} ${request.mode ?? ''}`
    case 'data':
      return `${request.address} ${request.size} ${request.access} ${request.lifetime?.cfa ?? ''} ${request.process ?? ''}`
  }
}

function labelOf(request: BreakpointRequest, resolution: Resolution): string {
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
