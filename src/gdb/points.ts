// The breakpoints and watchpoints of gdb, as breakpoints of the target beside those of other front ends.
//
// gdb takes its breakpoints out at every stop and puts them in again before it goes on. Those taken out keep their
// comparators until the program goes on without them: what was held is still held then, and nothing is planned anew.

import type { Breakpoint, BreakpointRequest } from '../debuggee/breakpoints.ts'
import type { Target } from '../debuggee/target.ts'
import type { Machine } from '../machine/machine.ts'
import { hex32 } from '../util/hex.ts'

/** The numbers of the packets `Z` and `z`. */
export const PointType = { SOFTWARE: 0, HARDWARE: 1, WRITE: 2, READ: 3, ACCESS: 4 } as const

interface Point {
  readonly type: number
  readonly address: number
  /** Bytes, of a watchpoint; the kind of instruction otherwise. */
  readonly length: number
  /** The conditions as they were sent. */
  readonly condition: string
  readonly request: BreakpointRequest
  /** gdb has taken it out, and the program has not gone on since. */
  released: boolean
}

export interface Asked {
  readonly type: number
  readonly address: number
  readonly length: number
  /** As it was sent; empty where there is none. */
  readonly condition: string
  readonly holds: ((machine: Machine) => boolean) | undefined
}

/** Bytes. */
const WORD = 4

const ACCESS = { [PointType.WRITE]: 'write', [PointType.READ]: 'read', [PointType.ACCESS]: 'readWrite' } as const

export class Points {
  readonly #target: Target
  readonly #owner: string
  #points: readonly Point[] = []

  constructor(target: Target, owner: string) {
    this.#target = target
    this.#owner = owner
  }

  /** @returns why there is no place for it, or nothing where there is. */
  insert(asked: Asked): string | undefined {
    const same = this.#points.find(each => isAt(each, asked))
    if (same?.condition === asked.condition) {
      same.released = false
      return undefined
    }
    const others = this.#points.filter(each => each !== same)
    const point = { ...asked, request: this.#request(asked), released: false }
    return this.#tryWith([...others, point]) ?? undefined
  }

  /** The comparators of what was taken out are given up only where they are needed. */
  #tryWith(points: readonly Point[]): string | undefined {
    const before = this.#points
    const why = this.#plan(points)
    if (why === undefined) return undefined
    if (points.some(({ released }) => released)) {
      const kept = points.filter(({ released }) => !released)
      const stillWhy = this.#plan(kept)
      if (stillWhy === undefined) return undefined
    }
    this.#plan(before)
    return why
  }

  /** @returns why the last of `points` has no comparator, or nothing. */
  #plan(points: readonly Point[]): string | undefined {
    const { breakpoints } = this.#target
    this.#points = points
    const planned = breakpoints.replace(
      { owner: this.#owner, list: 'all' },
      points.map(({ request }) => request),
    )
    this.#target.replan()
    const last = planned.at(-1)
    if (last === undefined) return undefined
    const isSoft = last.request.kind === 'instruction' && last.request.mode === 'trapWord'
    return last.verified && (isSoft || last.slots.length > 0) ? undefined : reason(last)
  }

  remove(asked: Pick<Asked, 'type' | 'address' | 'length'>): void {
    const point = this.#points.find(each => isAt(each, asked))
    if (point !== undefined) point.released = true
  }

  /** The program goes on, or somebody wants the comparators: what was taken out is gone. */
  settle(): void {
    if (this.#points.some(({ released }) => released)) this.#plan(this.#points.filter(({ released }) => !released))
  }

  removeAll(): void {
    if (this.#points.length > 0) this.#plan([])
  }

  #request({ type, address, length, holds }: Asked): BreakpointRequest {
    if (type === PointType.SOFTWARE || type === PointType.HARDWARE) {
      // A trap word belongs to a real address: where no RAM is mapped yet, as before a kernel's first steps, a comparator
      // takes its place.
      const isSoft = type === PointType.SOFTWARE && this.#target.writable(address, WORD) === WORD
      return { kind: 'instruction', address, ...(isSoft && { mode: 'trapWord' }), holds }
    }
    const access = ACCESS[type as keyof typeof ACCESS]
    const label = `${length} bytes at ${hex32(address)}`
    const process = this.#target.machine.process?.pid
    return { kind: 'data', address, size: length, access, label, raw: true, process }
  }
}

/** Without its last sentence: gdb asks again by itself when another has gone. */
const reason = ({ message }: Breakpoint): string => message.split('\n').slice(0, 2).join(' ')

const isAt = (point: Pick<Asked, 'type' | 'address' | 'length'>, asked: Pick<Asked, 'type' | 'address' | 'length'>) =>
  point.type === asked.type && point.address === asked.address && point.length === asked.length
