// Which breakpoint gets which comparator. `plan` is pure: it looks at everything that is wanted and at who holds what,
// so its answer does not depend on the order in which requests happened to arrive.

import { hex32 } from '../util/hex.ts'

/** The comparators of the 440: for instruction addresses and for data addresses. */
export const IAC_SLOTS = ['IAC1', 'IAC2', 'IAC3', 'IAC4'] as const
export const DAC_SLOTS = ['DAC1', 'DAC2'] as const
export type IacSlot = (typeof IAC_SLOTS)[number]
export type DacSlot = (typeof DAC_SLOTS)[number]
export type Slot = IacSlot | DacSlot

/** A breakpoint that has been resolved to addresses. */
export interface Wanted {
  /** Stays the same for as long as the user's breakpoint does. */
  readonly id: number
  /** As a person would name it: `main.c:12`, `function fib`, `0x00100000`. */
  readonly label: string
  /** Addresses it needs, without duplicates. */
  readonly addresses: readonly number[]
}

/** Comparators of one kind. */
export interface Facility<S extends Slot> {
  readonly slots: readonly S[]
  /** Slots the debugger must leave alone. */
  readonly reserved: readonly Slot[]
  /** Who had which slot before: address by slot. A holder that is still wanted keeps its slot. */
  readonly held: ReadonlyMap<S, number>
}

export interface Grant<S extends Slot = Slot> {
  readonly slot: S
  readonly address: number
  /** Ids of the breakpoints that share this comparator. */
  readonly holders: readonly number[]
}

export interface Plan<S extends Slot> {
  readonly grants: readonly Grant<S>[]
  /** Per wanted id: the slots it has, or undefined when it was refused. */
  readonly slots: ReadonlyMap<number, readonly S[] | undefined>
}

/**
 * Gives every wanted breakpoint all the slots it needs, or none. Those that hold their slots already come first, then
 * the others by label, so that any order of arrival ends in the same plan. Breakpoints at one address share a slot.
 */
export function plan<S extends Slot>(wanted: readonly Wanted[], facility: Facility<S>): Plan<S> {
  const free = facility.slots.filter(slot => !facility.reserved.includes(slot))
  const taken = new Map<S, { address: number; holders: number[] }>()
  const slots = new Map<number, readonly S[] | undefined>()
  const heldAt = (address: number): S | undefined =>
    free.find(slot => facility.held.get(slot) === address && !taken.has(slot))
  const slotOf = (address: number): S | undefined => [...taken].find(([, grant]) => grant.address === address)?.[0]

  const keeps = (one: Wanted): boolean => one.addresses.every(a => [...facility.held.values()].includes(a))
  const order = [...wanted].sort((a, b) => Number(keeps(b)) - Number(keeps(a)) || byLabel(a, b) || a.id - b.id)
  for (const one of order) {
    const missing = one.addresses.filter(address => slotOf(address) === undefined)
    if (missing.length > free.length - taken.size) {
      slots.set(one.id, undefined)
      continue
    }
    // Addresses that were held go back where they were; only then are the gaps filled, lowest slot first.
    for (const address of [...missing].sort((a, b) => Number(!heldAt(a)) - Number(!heldAt(b)))) {
      const vacant = heldAt(address) ?? preferred(free, taken, facility.held)
      if (vacant !== undefined) taken.set(vacant, { address, holders: [] })
    }
    const mine = one.addresses.map(address => slotOf(address)!)
    for (const slot of mine) taken.get(slot)!.holders.push(one.id)
    slots.set(one.id, mine)
  }
  const grants = facility.slots.flatMap(slot => {
    const grant = taken.get(slot)
    return grant === undefined ? [] : [{ slot, address: grant.address, holders: grant.holders }]
  })
  return { grants, slots }
}

/** The lowest slot nobody has; one whose previous holder may still come back is taken last. */
function preferred<S extends Slot>(
  free: readonly S[],
  taken: ReadonlyMap<S, unknown>,
  held: ReadonlyMap<S, number>,
): S | undefined {
  const vacant = free.filter(slot => !taken.has(slot))
  return vacant.find(slot => !held.has(slot)) ?? vacant[0]
}

/** `main.c:9` before `main.c:12`: digits compare as numbers. Independent of any locale. */
function byLabel(a: Wanted, b: Wanted): number {
  const parts = (label: string): string[] => label.split(/(\d+)/)
  const [left, right] = [parts(a.label), parts(b.label)]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i], right[i]]
    if (x === y) continue
    if (i % 2 === 1) return Number(x) - Number(y)
    return x < y ? -1 : 1
  }
  return left.length - right.length
}

/** `IAC2 · exact · 0x00001234 (3 of 4 slots used)` */
export function grantedMessage<S extends Slot>(
  mine: readonly S[],
  { grants }: Plan<S>,
  { slots }: Facility<S>,
): string {
  const where = grants
    .filter(grant => mine.includes(grant.slot))
    .map(grant => `${grant.slot} · exact · ${hex32(grant.address)}`)
    .join(', ')
  return `${where} (${grants.length} of ${slots.length} slots used)`
}

/** Says who holds each slot: the sentence a refused breakpoint shows on hover. */
export function refusedMessage<S extends Slot>(
  one: Wanted,
  { grants }: Plan<S>,
  { slots, reserved }: Facility<S>,
  label: (id: number) => string,
): string {
  const holders = slots
    .map(slot => {
      if (reserved.includes(slot)) return `${slot} reserved`
      const grant = grants.find(g => g.slot === slot)
      return grant === undefined ? `${slot} free` : `${slot} ${grant.holders.map(label).join(' and ')}`
    })
    .join(', ')
  const need =
    one.addresses.length > 1 ? `${one.label} has ${one.addresses.length} addresses and needs as many slots. ` : ''
  return `${need}No ${slots[0]!.slice(0, 3)} slot free:\n${holders}.\nRemove one and this one takes its place.`
}
