// System V's ways between processes: queues of messages, sets of semaphores, segments of memory (sysvipc(7)). They are the
// machine's, and stay until they are removed.

import { Errno, PAGE, UID } from './abi.ts'
import type { Frames, Ram } from './frames.ts'

/** What the three have in common. */
interface Common {
  readonly id: number
  /** By which it is found; IPC_PRIVATE: by nobody. */
  readonly key: number
  /** Permissions. */
  readonly mode: number
  /** Seconds since 1970. */
  readonly changed: number
}

export interface Message {
  readonly type: number
  readonly bytes: Uint8Array
}

export interface MessageQueue extends Common {
  readonly messages: readonly Message[]
  /** Bytes that there is room for. */
  readonly most: number
  readonly sent: number
  readonly received: number
  readonly sender: number
  readonly receiver: number
}

export interface SemaphoreSet extends Common {
  readonly values: readonly number[]
  /** Who has changed each last. */
  readonly pids: readonly number[]
  readonly operated: number
}

export interface SharedSegment extends Common {
  readonly bytes: number
  readonly frames: readonly number[]
  /** It has been removed and goes with the last who has it. */
  readonly isDoomed: boolean
  readonly attached: number
  readonly detached: number
  readonly creator: number
  readonly last: number
  /** The thread that is clearing it still. */
  readonly maker?: number | undefined
}

/** What is added to a semaphore when a process ends. */
export interface Undo {
  readonly pid: number
  readonly set: number
  readonly semaphore: number
  readonly by: number
}

export interface IpcState {
  readonly queues: readonly MessageQueue[]
  readonly sets: readonly SemaphoreSet[]
  readonly segments: readonly SharedSegment[]
  readonly undos: readonly Undo[]
  readonly nextId: number
}

export const IPC_PRIVATE = 0
export const IPC_CREAT = 0o1000
export const IPC_EXCL = 0o2000
/** Of each kind. */
const MOST = 1024
export const HIGHEST_VALUE = 32_767

/** Things of a kind by their numbers. */
export class Ids<Thing extends Common> {
  readonly #all = new Map<number, Thing>()

  get all(): readonly Thing[] {
    return [...this.#all.values()]
  }

  get(id: number): Thing | undefined {
    return this.#all.get(id)
  }

  put(thing: Thing): void {
    this.#all.set(thing.id, thing)
  }

  remove(id: number): void {
    this.#all.delete(id)
  }

  /**
   * What has a key, or something new, as msgget and its kin have it.
   * @param refuses why what there is will not do; 0 where it does @param make something new, or why there is none
   * @returns its number, or an error
   */
  find(key: number, flags: number, refuses: (there: Thing) => number, make: () => Thing | number): number {
    const there = key === IPC_PRIVATE ? undefined : this.all.find(each => each.key === key)
    if (there !== undefined) {
      if ((flags & IPC_CREAT) !== 0 && (flags & IPC_EXCL) !== 0) return -Errno.EEXIST
      return refuses(there) || (permits(there, flags >> 6) ? there.id : -Errno.EACCES)
    }
    if (key !== IPC_PRIVATE && (flags & IPC_CREAT) === 0) return -Errno.ENOENT
    if (this.#all.size >= MOST) return -Errno.ENOSPC
    const made = make()
    if (typeof made === 'number') return made
    this.put(made)
    return made.id
  }

  restore(all: readonly Thing[]): void {
    this.#all.clear()
    for (const each of all) this.put(each)
  }
}

/** Whether its owner, who everybody is, may do that: 4 read, 2 write. */
export const permits = ({ mode }: Common, wanted: number): boolean => ((mode >> 6) & wanted & 7) === (wanted & 7)

/** struct ipc64_perm, as words. */
export const permissionWords = ({ key, mode }: Common): readonly number[] => [
  ...[key, UID, UID, UID, UID, mode],
  ...[0, 0, 0, 0, 0, 0],
]

export class Ipc {
  readonly queues = new Ids<MessageQueue>()
  readonly sets = new Ids<SemaphoreSet>()
  readonly segments = new Ids<SharedSegment>()
  undos: readonly Undo[] = []
  readonly #frames: Frames
  readonly #ram: Ram
  /** How often a segment is somebody's now. */
  readonly #uses: (segment: SharedSegment) => number
  #nextId = 0

  constructor(frames: Frames, ram: Ram, uses: (segment: SharedSegment) => number) {
    this.#frames = frames
    this.#ram = ram
    this.#uses = uses
  }

  newId(): number {
    return this.#nextId++
  }

  /** Frames for a segment, with whatever is in them; undefined where there are not as many. */
  framesFor(pages: number): readonly number[] | undefined {
    const taken: number[] = []
    while (taken.length < pages) {
      const frame = this.#frames.take(1, (taken.at(-1) ?? -1) + 1)
      if (frame === undefined) {
        for (const each of taken) this.#frames.release(each)
        return undefined
      }
      taken.push(frame)
    }
    return taken
  }

  /** Fills bytes `from` up to `to` of a segment with zeros; from the beginning of a page on. */
  clear({ frames }: SharedSegment, from: number, to: number): void {
    for (let at = from; at < to; at += PAGE) this.#ram.bytesToWrite(frames[at / PAGE]!).fill(0)
  }

  uses(segment: SharedSegment): number {
    return this.#uses(segment)
  }

  /** Segments that have been removed and that nobody has any more are gone. */
  sweep(): void {
    for (const segment of this.segments.all) {
      if (!segment.isDoomed || this.#uses(segment) > 0) continue
      this.segments.remove(segment.id)
      for (const frame of segment.frames) this.#frames.release(frame)
    }
  }

  /** The process is over: what it wanted undone is. @returns whether there was something */
  ends(pid: number): boolean {
    const own = this.undos.filter(undo => undo.pid === pid)
    this.undos = this.undos.filter(undo => undo.pid !== pid)
    for (const { set: id, semaphore, by } of own) {
      const set = this.sets.get(id)
      if (set === undefined) continue
      const value = Math.max(0, Math.min(HIGHEST_VALUE, set.values[semaphore]! + by))
      this.sets.put({
        ...set,
        values: set.values.map((before, i) => (i === semaphore ? value : before)),
        pids: set.pids.map((before, i) => (i === semaphore ? pid : before)),
      })
    }
    return own.length > 0
  }

  save(): IpcState {
    const { queues, sets, segments, undos } = this
    return { queues: queues.all, sets: sets.all, segments: segments.all, undos, nextId: this.#nextId }
  }

  /** All frames are free before, but for those of address spaces. */
  restore({ queues, sets, segments, undos, nextId }: IpcState): void {
    this.queues.restore(queues)
    this.sets.restore(sets)
    this.segments.restore(segments)
    for (const { frames } of segments) for (const frame of frames) this.#frames.share(frame)
    this.undos = undos
    this.#nextId = nextId
  }
}
