// The threads that a debugger shows: of a board the core, of Linux those of all its processes, and by which numbers.

import type { Thread } from '../linux/thread.ts'
import type { Machine } from '../machine/machine.ts'

/** The number of the first thread of Linux, which is 1 for a debugger as the core of a board is. */
const FIRST_THREAD = 1000

export interface ThreadRow {
  /** From 1. */
  readonly number: number
  /** Of its process. */
  readonly process: number
  /** As it calls itself, where it does. */
  readonly name: string
  /** What it is and does, in words. */
  readonly text: string
}

/** By which number a thread or a process of Linux is known here. */
export const numberOf = (id: number): number => id - FIRST_THREAD + 1

/** Which thread of Linux has that number. */
export const idOf = (number: number): number => number + FIRST_THREAD - 1

/** The number of the thread on the core. */
export const currentThread = ({ linux }: Machine): number => (linux === undefined ? 1 : numberOf(linux.current.id))

/** Of a board there is one thread. */
export const THE_CORE: ThreadRow = { number: 1, process: 1, name: '', text: 'PPC440 core' }

export function threadRows({ linux }: Machine): readonly ThreadRow[] {
  if (linux === undefined) return [THE_CORE]
  return [...linux.threads.values()].map(thread => ({
    number: numberOf(thread.id),
    process: numberOf(thread.process.pid),
    name: thread.name,
    text: textOf(thread),
  }))
}

function textOf({ id, process, wait }: Thread): string {
  const what = id === process.pid ? `process ${id}` : `thread ${id} of process ${process.pid}`
  const program = process.isOther ? ` (${process.executable.slice(process.executable.lastIndexOf('/') + 1)})` : ''
  const does = process.isStopped ? ', stopped' : wait === undefined ? '' : `, waits for ${wait.what}`
  return `${what}${program} on a PPC440 core${does}`
}
