// Locks on parts of files: record locks, which a process has (fcntl) or an open file (OFD locks), and those of flock, which
// do not see the others. Nobody is held up who does not ask for one.

/** Who has a lock: one of a process is gone with any of its descriptors of the file, one of an open file with that. */
export type LockOwner = `process ${number}` | `open file ${number}`

export interface Lock {
  readonly ino: number
  readonly kind: 'record' | 'flock'
  readonly owner: LockOwner
  readonly isExclusive: boolean
  /** The first byte, and the one behind the last. */
  readonly start: number
  readonly end: number
}

/** Whom it is about, and where. */
type LockedPart = Omit<Lock, 'isExclusive'>

const isSame = (a: LockedPart, b: LockedPart): boolean => a.ino === b.ino && a.kind === b.kind && a.owner === b.owner
const overlap = (a: LockedPart, b: LockedPart): boolean => a.start < b.end && b.start < a.end

export class Locks {
  #all: readonly Lock[] = []

  /** The first lock of somebody else's that stands in the way. */
  conflict(wanted: Lock): Lock | undefined {
    return this.#all
      .filter(each => each.ino === wanted.ino && each.kind === wanted.kind && each.owner !== wanted.owner)
      .filter(each => overlap(each, wanted) && (each.isExclusive || wanted.isExclusive))
      .reduce<Lock | undefined>(
        (first, each) => (first === undefined || each.start < first.start ? each : first),
        undefined,
      )
  }

  /** In the place of what its owner has there. Nothing stands in the way. */
  set(lock: Lock): void {
    this.clear(lock)
    const isOne = (each: Lock): boolean =>
      isSame(each, lock) && each.isExclusive === lock.isExclusive && each.start <= lock.end && lock.start <= each.end
    const beside = this.#all.filter(isOne)
    const start = Math.min(lock.start, ...beside.map(each => each.start))
    const end = Math.max(lock.end, ...beside.map(each => each.end))
    this.#all = [...this.#all.filter(each => !isOne(each)), { ...lock, start, end }]
  }

  /** What an owner has there is gone. @returns whether it had something */
  clear(part: LockedPart): boolean {
    const found = this.#all.filter(each => isSame(each, part) && overlap(each, part))
    if (found.length === 0) return false
    const left = found.flatMap(each => [
      { ...each, end: part.start },
      { ...each, start: part.end },
    ])
    const rest = left.filter(({ start, end }) => start < end)
    this.#all = [...this.#all.filter(each => !found.includes(each)), ...rest]
    return true
  }

  /** All that an owner has, of one file or of each. @returns whether it had something */
  forget(owner: LockOwner, ino?: number): boolean {
    const kept = this.#all.filter(each => each.owner !== owner || (ino !== undefined && each.ino !== ino))
    const isLess = kept.length < this.#all.length
    this.#all = kept
    return isLess
  }

  /** So many there are. */
  get count(): number {
    return this.#all.length
  }

  save(): readonly Lock[] {
    return this.#all
  }

  restore(all: readonly Lock[]): void {
    this.#all = all
  }
}
