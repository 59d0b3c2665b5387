// Which breakpoint gets which instruction address comparator. `plan` is pure: it looks at everything that is wanted and
// at who holds what, so its answer does not depend on the order in which requests happened to arrive.

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
  /** What was granted before. A holder that is still wanted keeps its slots. */
  readonly held: readonly Grant<S>[]
}

/**
 * What comparators are set to. `exact`: one, for one address. `range`: a pair, for every address from `low` up to but not
 * including `high`, of which some may be nobody's.
 */
export interface Grant<S extends Slot = Slot> {
  readonly slots: readonly [S] | readonly [S, S]
  readonly mode: 'exact' | 'range'
  readonly low: number
  readonly high: number
  /** The addresses that are wanted. */
  readonly addresses: readonly number[]
  /** Ids of the breakpoints that share it. */
  readonly holders: readonly number[]
}

export interface Plan<S extends Slot> {
  readonly grants: readonly Grant<S>[]
  /** Per wanted id: the slots it has, or undefined when it was refused. */
  readonly slots: ReadonlyMap<number, readonly S[] | undefined>
}

/** Comparators that can be a range together (DBCR1[IAC12M], DBCR1[IAC34M]). */
const PAIRS: readonly (readonly [IacSlot, IacSlot])[] = [
  ['IAC1', 'IAC2'],
  ['IAC3', 'IAC4'],
]

/** Bytes of an instruction. */
const INSTRUCTION = 4
/** What lies in a range and is nobody's has to be looked at and passed over: a breakpoint's own may spread so many bytes, */
const LONGEST_RANGE = 0x1000
/** and breakpoints that share one because they are neighbours so many. */
const LONGEST_SHARED = 0x40

type Owned = Pick<Grant<IacSlot>, 'slots' | 'addresses' | 'holders'>

/** What may be used, and what it was used for before. */
interface IacRoom {
  readonly usable: readonly IacSlot[]
  readonly held: readonly Owned[]
}

/**
 * Gives every wanted breakpoint all the slots it needs, or none. Those that hold their slots already keep them; then come
 * the others by label, so that any order of arrival ends in the same plan. Breakpoints at one address share a slot. Where
 * single comparators do not suffice, pairs become ranges.
 */
export function plan(wanted: readonly Wanted[], facility: Facility<IacSlot>): Plan<IacSlot> {
  const usable = facility.slots.filter(slot => !facility.reserved.includes(slot))
  const held = facility.held.filter(({ slots }) => slots.every(slot => usable.includes(slot)))
  const keeping = wanted.filter(one => keepsAll(one, held))
  let owned: readonly Owned[] = held.flatMap(each => stillWanted(each, keeping))
  const granted = new Set(keeping.map(({ id }) => id))
  const others = wanted.filter(({ id }) => !granted.has(id)).sort((a, b) => byLabel(a, b) || a.id - b.id)
  for (const one of others) {
    const next = withOne(owned, one, { usable, held })
    if (next === undefined) continue
    owned = next
    granted.add(one.id)
  }
  const grants = owned
    .map(grantOf)
    .sort((a, b) => facility.slots.indexOf(a.slots[0]) - facility.slots.indexOf(b.slots[0]))
  const slotsOf = (id: number): IacSlot[] =>
    grants.filter(({ holders }) => holders.includes(id)).flatMap(grant => grant.slots)
  return { grants, slots: new Map(wanted.map(({ id }) => [id, granted.has(id) ? slotsOf(id) : undefined])) }
}

function keepsAll({ id, addresses }: Wanted, held: readonly Owned[]): boolean {
  const mine = held.filter(({ holders }) => holders.includes(id)).flatMap(each => each.addresses)
  return addresses.every(address => mine.includes(address))
}

/** What is left of `held`: single comparators again where a range holds no more addresses than it has comparators. */
function stillWanted(held: Owned, keeping: readonly Wanted[]): readonly Owned[] {
  const mine = held.holders.flatMap(holder => keeping.find(({ id }) => id === holder) ?? [])
  const wanting = (address: number): number[] => mine.filter(one => one.addresses.includes(address)).map(({ id }) => id)
  const addresses = held.addresses.filter(address => wanting(address).length > 0)
  if (addresses.length > held.slots.length) return [{ slots: held.slots, addresses, holders: mine.map(({ id }) => id) }]
  return addresses.map((address, n) => ({ slots: [held.slots[n]!], addresses: [address], holders: wanting(address) }))
}

function grantOf({ slots, addresses, holders }: Owned): Grant<IacSlot> {
  const sorted = [...addresses].sort((a, b) => a - b)
  const mode = slots.length === 1 ? 'exact' : 'range'
  return { slots, mode, low: sorted[0]!, high: sorted.at(-1)! + INSTRUCTION, addresses: sorted, holders }
}

/** What is owned when `one` has all it needs, too; undefined where that cannot be. */
function withOne(owned: readonly Owned[], { id, addresses }: Wanted, room: IacRoom): readonly Owned[] | undefined {
  const has = (each: Owned, address: number): boolean => each.addresses.includes(address)
  const missing = addresses.filter(address => !owned.some(each => has(each, address))).sort((a, b) => a - b)
  const sharing = owned.map(each =>
    addresses.some(address => has(each, address)) ? { ...each, holders: [...each.holders, id] } : each,
  )
  return exact(sharing, id, missing, room) ?? inRanges(sharing, id, missing, room)
}

const freeOf = (owned: readonly Owned[], { usable }: IacRoom): IacSlot[] =>
  usable.filter(slot => !owned.some(({ slots }) => slots.some(taken => taken === slot)))

/** A comparator for each address. What was held goes back where it was; then the gaps are filled, lowest slot first. */
function exact(
  owned: readonly Owned[],
  id: number,
  addresses: readonly number[],
  room: IacRoom,
): readonly Owned[] | undefined {
  let free = freeOf(owned, room)
  if (addresses.length > free.length) return undefined
  const before = (slot: IacSlot): Owned | undefined => room.held.find(({ slots }) => slots.some(each => each === slot))
  const heldAt = (address: number): IacSlot | undefined => free.find(slot => before(slot)?.addresses.includes(address))
  const added: Owned[] = []
  for (const address of [...addresses].sort((a, b) => Number(!heldAt(a)) - Number(!heldAt(b)))) {
    // A slot whose previous holder may still come back is taken last.
    const slot = heldAt(address) ?? free.find(each => before(each) === undefined) ?? free[0]!
    free = free.filter(each => each !== slot)
    added.push({ slots: [slot], addresses: [address], holders: [id] })
  }
  return [...owned, ...added]
}

interface Option {
  readonly owned: readonly Owned[]
  /** Bytes of all ranges. */
  readonly span: number
}

/** With one pair or both as ranges: of all ways the one that covers least. */
function inRanges(
  owned: readonly Owned[],
  id: number,
  addresses: readonly number[],
  room: IacRoom,
): readonly Owned[] | undefined {
  const pairs = PAIRS.filter(pair => pair.every(slot => room.usable.includes(slot)))
  let best: Option | undefined
  const consider = (option: Option | undefined): void => {
    if (option !== undefined && (best === undefined || option.span < best.span)) best = option
  }
  for (const pair of pairs) {
    const rest = freeOf(owned, room).filter(slot => !pair.includes(slot)).length
    // There are more addresses than free comparators: some are always left for the range.
    for (let from = 0; from <= rest; from++) {
      const to = addresses.length - (rest - from)
      const inside = addresses.slice(from, to)
      const outside = [...addresses.slice(0, from), ...addresses.slice(to)]
      consider(withPair(owned, id, pair, inside, outside, room))
    }
  }
  if (pairs.length === 2) {
    for (let cut = 1; cut < addresses.length; cut++)
      for (const [one, other] of [pairs, [...pairs].reverse()]) {
        const first = withPair(owned, id, one!, addresses.slice(0, cut), [], room)
        const both = first && withPair(first.owned, id, other!, addresses.slice(cut), [], room)
        consider(both && { ...both, span: first.span + both.span })
      }
  }
  return best?.owned
}

/** `inside` in a range of `pair`, with what the pair has already; `outside` in single comparators. */
function withPair(
  owned: readonly Owned[],
  id: number,
  pair: readonly [IacSlot, IacSlot],
  inside: readonly number[],
  outside: readonly number[],
  room: IacRoom,
): Option | undefined {
  const before = owned.filter(({ slots }) => pair.includes(slots[0]))
  const addresses = [...new Set([...before.flatMap(each => each.addresses), ...inside])]
  const holders = [...new Set([...before.flatMap(each => each.holders), id])]
  const span = Math.max(...addresses) + INSTRUCTION - Math.min(...addresses)
  if (span > (holders.length === 1 ? LONGEST_RANGE : LONGEST_SHARED)) return undefined
  const range: Owned = { slots: pair, addresses, holders }
  const all = exact([...owned.filter(each => !before.includes(each)), range], id, outside, room)
  return all && { owned: all, span }
}

/** `main.c:9` before `main.c:12`: digits compare as numbers. Independent of any locale. */
export function byLabel(a: { readonly label: string }, b: { readonly label: string }): number {
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
