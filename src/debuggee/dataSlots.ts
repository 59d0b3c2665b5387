// Which data breakpoint gets which data address comparator, and in which mode. Pure, like the plan of the IACs.
//
// A DAC compares the address at which an access begins (user's manual p.226). One watchpoint can have the pair as a range
// that reaches as far below its bytes as the longest access does, so that whatever touches them is seen. Two have a DAC
// each, and see the accesses that begin where they are.

import { byLabel, DAC_SLOTS, type DacSlot, type Facility, type Grant, type Plan } from './slots.ts'

/** The bytes that a data breakpoint watches. */
export interface DataWanted {
  readonly id: number
  readonly label: string
  readonly address: number
  /** Bytes. */
  readonly size: number
}

/** lfd and stfd move eight bytes at once; what moves more (lmw, lswi) is compared word by word. */
const LONGEST_ACCESS = 8

/** Only what one access can hold is watched by the address alone. */
export const fitsOneDac = ({ size }: Pick<DataWanted, 'size'>): boolean => size <= LONGEST_ACCESS

export function planData(wanted: readonly DataWanted[], facility: Facility<DacSlot>): Plan<DacSlot> {
  const usable = DAC_SLOTS.filter(slot => !facility.reserved.includes(slot))
  const held = new Set(facility.held.flatMap(({ holders }) => holders))
  const order = [...wanted].sort(
    (a, b) => Number(held.has(b.id)) - Number(held.has(a.id)) || byLabel(a, b) || a.id - b.id,
  )
  let places: readonly WatchedPlace[] = []
  for (const one of order) {
    const next = withOne(places, one)
    if (haveRoom(next, usable)) places = next
  }
  const grants =
    places.length === 1 && usable.length === 2 ? [rangeOf(places[0]!)] : singles(places, usable, facility.held)
  const slotsOf = (id: number): readonly DacSlot[] | undefined =>
    grants.find(({ holders }) => holders.includes(id))?.slots
  return { grants, slots: new Map(wanted.map(({ id }) => [id, slotsOf(id)])) }
}

interface WatchedPlace {
  readonly address: number
  readonly size: number
  readonly holders: readonly number[]
}

/** Watchpoints at one address share what the longest of them needs. */
function withOne(places: readonly WatchedPlace[], { id, address, size }: DataWanted): readonly WatchedPlace[] {
  const same = places.find(place => place.address === address)
  if (same === undefined) return [...places, { address, size, holders: [id] }]
  const shared = { address, size: Math.max(size, same.size), holders: [...same.holders, id] }
  return places.map(place => (place === same ? shared : place))
}

const haveRoom = (places: readonly WatchedPlace[], { length }: readonly DacSlot[]): boolean =>
  places.length <= length && (places.every(fitsOneDac) || (places.length === 1 && length === 2))

function rangeOf({ address, size, holders }: WatchedPlace): Grant<DacSlot> {
  const low = Math.max(0, address - (LONGEST_ACCESS - 1))
  // DAC2 holds 32 bits: the last address there is cannot be inside.
  const high = Math.min(address + size, 0xffffffff)
  return { slots: [...DAC_SLOTS], mode: 'range', low, high, addresses: [address], holders }
}

function singles(
  places: readonly WatchedPlace[],
  usable: readonly DacSlot[],
  held: Facility<DacSlot>['held'],
): Grant<DacSlot>[] {
  let free = [...usable]
  const grants: Grant<DacSlot>[] = []
  for (const { address, size, holders } of places) {
    // A range becomes its first.
    const slot =
      free.find(each => held.some(grant => grant.slots[0] === each && grant.addresses.includes(address))) ?? free[0]!
    free = free.filter(each => each !== slot)
    grants.push({ slots: [slot], mode: 'exact', low: address, high: address + size, addresses: [address], holders })
  }
  return grants.sort((a, b) => DAC_SLOTS.indexOf(a.slots[0]) - DAC_SLOTS.indexOf(b.slots[0]))
}
