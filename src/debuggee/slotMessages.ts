// What a breakpoint's hover says about its slots: where it is, or who has what it would need.

import { hex32 } from '../util/hex.ts'
import { type Facility, type Grant, IAC_SLOTS, type IacSlot, type Plan, plan, type Slot, type Wanted } from './slots.ts'

/** `IAC2 · exact · 0x00001234 (3 of 4 slots used)`, `IAC1–2 · range · 0x00001000–0x0000101f (2 of 4 slots used)` */
export function grantedMessage<S extends Slot>(id: number, { grants }: Plan<S>, { slots }: Facility<S>): string {
  const where = grants.filter(({ holders }) => holders.includes(id)).map(grantText)
  return `${where.join(', ')} (${grants.flatMap(grant => grant.slots).length} of ${slots.length} slots used)`
}

function grantText({ slots: [first, second], mode, low, high }: Grant): string {
  if (second === undefined) return `${first} · ${mode} · ${hex32(low)}`
  return `${first}–${second.slice(-1)} · ${mode} · ${hex32(low)}–${hex32(high - 1)}`
}

const MOST_NAMED = 4

/** Who shares a comparator, each name once; of many the first few and how many more. */
export function holdersText({ holders }: Grant, label: (id: number) => string, separator: string): string {
  const named = holders.slice(0, MOST_NAMED).map(label)
  const more = holders.length - named.length
  return [...new Set(named), ...(more > 0 ? [`${more} more`] : [])].join(separator)
}

/** Says who holds each slot: the sentence a refused breakpoint shows on hover. */
export function refusedMessage<S extends Slot>(
  { grants }: Plan<S>,
  { slots, reserved }: Facility<S>,
  label: (id: number) => string,
  need: string,
): string {
  const holders = slots
    .map(slot => {
      if (reserved.includes(slot)) return `${slot} reserved`
      const grant = grants.find(each => each.slots.includes(slot))
      return grant === undefined ? `${slot} free` : `${slot} ${holdersText(grant, label, ' and ')}`
    })
    .join(', ')
  const kind = slots[0]!.slice(0, 3)
  const isFull =
    grants.flatMap(grant => grant.slots).length + reserved.filter(slot => slots.some(s => s === slot)).length >=
    slots.length
  const state = isFull ? `No ${kind} slot free:` : `Too few ${kind} slots free:`
  return `${need}${state}\n${holders}.\nRemove one and this one takes its place.`
}

/** The same of instruction breakpoints, some of which fit in no comparators at all. */
export function refusedCodeMessage(
  one: Wanted,
  all: Plan<IacSlot>,
  facility: Facility<IacSlot>,
  label: (id: number) => string,
): string {
  const { length } = one.addresses
  const usable = IAC_SLOTS.filter(slot => !facility.reserved.includes(slot)).length
  const alone = plan([one], { ...facility, held: [] })
  if (alone.slots.get(one.id) === undefined)
    return `${one.label} needs ${length} addresses, ${usable} slots: the ${length} lie too far apart for the range pairs of the ${usable} IACs. With "softBreakpoints": true in launch.json it gets trap words.`
  const need = length > 1 ? `${one.label} needs ${length} addresses. ` : ''
  return refusedMessage(all, facility, label, need)
}
