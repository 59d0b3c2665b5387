// The lines an activation of a function came by, read backwards: the beginning of the line before is where it last came
// from another line.

import type { Moment } from '../../machine/moment.ts'
import type { Symbols } from '../../symbols/symbols.ts'
import { frameHere, sameFrame, type View } from '../steps/goal.ts'

/** An activation came to an address. */
export interface Visit {
  readonly moment: Moment
  readonly pc: number
}

/** The activation in which a step back begins. */
export interface WalkedFrame {
  /** Of the function: its first address, and the first behind the prologue. */
  readonly entry: number
  readonly body: number
  readonly view: View
  /** What r1 is in it at least. */
  readonly sp: number
  /** Whether `view` is of this activation: of one in the same place on the stack, as far as a view can tell. */
  isHere(view: View): boolean
}

/** Undefined where no function is known. */
export function frameWalked(view: View): WalkedFrame | undefined {
  const info = view.functionAt(view.pc)
  const id = frameHere(view)
  if (info === undefined && id.entry === 0) return undefined
  const entry = info?.entry ?? id.entry
  const known = new Map<string, boolean>()
  const compare = (other: View): boolean => {
    const there = frameHere(other)
    return id.cfa === undefined || there.cfa === undefined ? other.sp >= view.sp : sameFrame(there, { ...id, entry })
  }
  return {
    entry,
    body: info?.body ?? entry,
    view,
    sp: view.sp,
    isHere(other) {
      const place = `${other.pc} ${other.sp}`
      let isSame = known.get(place)
      if (isSame === undefined) known.set(place, (isSame = compare(other)))
      return isSame
    },
  }
}

/** Where it leads: to the beginning of a line, or out of the function, to what came to its entry. */
export interface LineFound {
  readonly is: 'line' | 'entry'
  readonly moment: Moment
}

/** Stretches are given to it from the latest to the earliest. */
export class LineSearch {
  /** At which the activation is to be seen. */
  readonly addresses: readonly number[]
  readonly #frame: WalkedFrame
  readonly #symbols: Symbols
  /** The earliest visit so far, while it is not known whether it came from another line. */
  #pending: Visit | undefined

  constructor(frame: WalkedFrame, symbols: Symbols) {
    this.#frame = frame
    this.#symbols = symbols
    const { entry, body } = frame
    const shown = frame.view.statementsOf(entry).filter(address => address >= body || address < entry)
    this.addresses = [...new Set([entry, ...shown])]
  }

  /** @param visits of the stretch before those that it has been given */
  before(visits: readonly Visit[]): LineFound | undefined {
    const { entry, body } = this.#frame
    const start = visits.map(({ pc }) => pc).lastIndexOf(entry)
    // Of this activation; a function without a prologue begins with a line.
    const own = visits.slice(start < 0 ? 0 : entry === body ? start : start + 1)
    const chain = this.#pending === undefined ? own : [...own, this.#pending]
    for (let i = chain.length - 1; i > 0; i--)
      if (this.#line(chain[i]!) !== this.#line(chain[i - 1]!)) return { is: 'line', moment: chain[i]!.moment }
    const [first] = chain
    if (start >= 0)
      return first === undefined ? { is: 'entry', moment: visits[start]!.moment } : { is: 'line', moment: first.moment }
    this.#pending = first
    return undefined
  }

  #line({ pc }: Visit): string {
    const place = this.#symbols.lineAt(pc)
    return place === undefined ? '' : `${place.path}:${place.line}`
  }
}
