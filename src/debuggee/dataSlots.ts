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
  const known = new Set([...facility.held.values()].flat())
  const keeps = ({ address }: DataWanted): number => (known.has(address) ? 0 : 1)
  const order = [...wanted].sort((a, b) => keeps(a) - keeps(b) || byLabel(a, b) || a.id - b.id)
  const places = placesOf(order)
  const [first] = places
  const slots = new Map<number, readonly DacSlot[] | undefined>(order.map(({ id }) => [id, undefined]))
  const isAlone = places.length === 1 || (first !== undefined && !fitsOneDac(first))
  const grants =
    first !== undefined && isAlone && usable.length === 2
      ? [rangeOf(first)]
      : singles(places.filter(fitsOneDac), usable, facility.held)
  for (const { slots: mine, holders } of grants) for (const id of holders) slots.set(id, mine)
  return { grants, slots }
}

interface Place {
  readonly address: number
  readonly size: number
  readonly holders: readonly number[]
}

/** Watchpoints at one address share what the longest of them needs. */
function placesOf(order: readonly DataWanted[]): Place[] {
  const places = new Map<number, Place>()
  for (const { id, address, size } of order) {
    const { holders = [], size: before = 0 } = places.get(address) ?? {}
    places.set(address, { address, size: Math.max(size, before), holders: [...holders, id] })
  }
  return [...places.values()]
}

function rangeOf({ address, size, holders }: Place): Grant<DacSlot> {
  const low = Math.max(0, address - (LONGEST_ACCESS - 1))
  // DAC2 holds 32 bits: the last address there is cannot be inside.
  const high = Math.min(address + size, 0xffffffff)
  return { slots: [...DAC_SLOTS], mode: 'range', low, high, addresses: [address], holders }
}

function singles(
  places: readonly Place[],
  usable: readonly DacSlot[],
  held: Facility<DacSlot>['held'],
): Grant<DacSlot>[] {
  let free = [...usable]
  const grants: Grant<DacSlot>[] = []
  for (const { address, size, holders } of places.slice(0, usable.length)) {
    // In a range both were held by one; it keeps the first.
    const slot = free.find(each => held.get(each)?.includes(address)) ?? free[0]!
    free = free.filter(each => each !== slot)
    grants.push({ slots: [slot], mode: 'exact', low: address, high: address + size, addresses: [address], holders })
  }
  return grants.sort((a, b) => DAC_SLOTS.indexOf(a.slots[0]) - DAC_SLOTS.indexOf(b.slots[0]))
}
