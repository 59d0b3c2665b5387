// The threads that a debugger shows, and by which numbers: of Linux processes those of all of them; of a board the core,
// and of a system that is its program the tasks that are not on it.

import type { Thread } from '../linux/thread.ts'
import type { Machine } from '../machine/machine.ts'
import type { Program } from './program.ts'
import type { SystemTask } from './systems/system.ts'
import { tasksOf } from './systems/systems.ts'
import type { ActivationState } from './unwind.ts'

/** The number of the first thread of Linux, which is 1 for a debugger as the core of a board is. */
const FIRST_THREAD = 1000

/** The core of a board, whatever task runs on it: that is where the program stops, and goes on. */
const CORE = 1

/** Of the task 0. */
const FIRST_TASK = 2

/** Of a row that says why there are no more: no task has it. */
const NO_TASK = FIRST_TASK + 2 ** 32

export interface ThreadRow {
  /** From 1. */
  readonly number: number
  /** Of its process. */
  readonly process: number
  /** As it calls itself, where it does. */
  readonly name: string
  /** What it is and does, in words. */
  readonly text: string
  /** All of it, for a list. */
  readonly label: string
  /** No thread: why there may be others. */
  readonly isRemark?: boolean
}

/** By which number a thread or a process of Linux is known here. */
export const numberOf = (id: number): number => id - FIRST_THREAD + 1

/** Which thread of Linux has that number. */
export const idOf = (number: number): number => number + FIRST_THREAD - 1

/** The number of the thread on the core. */
export const currentThread = ({ linux }: Machine): number => (linux === undefined ? CORE : numberOf(linux.current.id))

/** Before there is a program, too. */
export const THE_CORE: ThreadRow = {
  ...{ number: CORE, process: CORE, name: '', text: 'PPC440 core', label: 'PowerPC 440' },
}

export function threadRows(machine: Machine, program: Program): readonly ThreadRow[] {
  const { linux } = machine
  return linux === undefined ? taskRows(machine, program) : [...linux.threads.values()].map(rowOfThread)
}

// ---- Linux processes ------------------------------------------------------------------------------------------------

const ON_A_CORE = ' on a PPC440 core'

function rowOfThread(thread: Thread): ThreadRow {
  const { name } = thread
  const number = numberOf(thread.id)
  const text = textOf(thread)
  const told = `${text.replace(ON_A_CORE, '')}${name === '' ? '' : ` "${name}"`}`
  const label = number === THE_CORE.number ? THE_CORE.label : told
  return { number, process: numberOf(thread.process.pid), name, text, label }
}

function textOf({ id, process, wait }: Thread): string {
  const what = id === process.pid ? `process ${id}` : `thread ${id} of process ${process.pid}`
  const program = process.isOther ? ` (${process.executable.slice(process.executable.lastIndexOf('/') + 1)})` : ''
  const does = process.isStopped ? ', stopped' : wait === undefined ? '' : `, waits for ${wait.what}`
  return `${what}${program}${ON_A_CORE}${does}`
}

// ---- tasks of a system that is the program of a board ---------------------------------------------------------------

/** The core with the task that it executes first, then the others. */
function taskRows(machine: Machine, program: Program): readonly ThreadRow[] {
  const { tasks, why } = tasksOf(machine, program) ?? { tasks: [] }
  const others = new Map<number, ThreadRow>()
  for (const task of tasks) if (!task.isRunning) others.set(task.id, rowOfTask(task))
  const running = tasks.find(({ isRunning }) => isRunning)
  const remark = why === undefined ? [] : [remarkRow(why)]
  return [running === undefined ? THE_CORE : rowOfCore(running), ...others.values(), ...remark]
}

function rowOfCore(task: SystemTask): ThreadRow {
  const title = titleOf(task)
  return {
    ...THE_CORE,
    name: task.name,
    text: `${THE_CORE.text}, executes ${title}`,
    // As of any other task: its name is seen first, also in a narrow list.
    label: `${title}: running`,
  }
}

function rowOfTask(task: SystemTask): ThreadRow {
  const text = `${titleOf(task)}: ${task.state}`
  // gdb takes a thread to be of one process for good, and each of these may be on the core next.
  return { number: FIRST_TASK + task.id, process: CORE, name: task.name, text, label: text }
}

const titleOf = ({ name, label }: SystemTask): string => (label === undefined ? name : `${name} (${label})`)

const remarkRow = (why: string): ThreadRow => {
  const text = `No more tasks are shown: ${why}`
  return { number: NO_TASK, process: CORE, name: '', text, label: text, isRemark: true }
}

/** Where the registers of a task that does not run are kept, by its row's number; or why nobody knows. */
export function savedState(machine: Machine, program: Program, number: number): ActivationState | string {
  const { tasks, why } = tasksOf(machine, program) ?? { tasks: [] }
  if (number === NO_TASK && why !== undefined) return why
  const task = tasks.find(({ id }) => id + FIRST_TASK === number)
  return task === undefined ? 'there is no such task any more' : task.saved()
}
