// FreeRTOS as the program: its tasks, by the lists of tasks.c, which are the same from version 8 on. Where the registers of
// a task that does not run are, the port decides: here the one for the 440 (portable/GCC/PPC440_Xilinx/portasm.S), whose
// interrupts push them on the task's stack before they put its stack pointer into its control block.

import type { Context } from '../../expr/context.ts'
import { DWARF_CR, DWARF_LR, DWARF_SP } from '../../isa/dwarf.ts'
import type { SavedRegister } from '../../symbols/cfiFrame.ts'
import { hex32 } from '../../util/hex.ts'
import type { ActivationState } from '../unwind.ts'
import { type Layout, layoutOf, wordIn } from './layout.ts'
import { followRing } from './lists.ts'
import { stringAt } from './read.ts'
import type { System, SystemTask, TaskList } from './system.ts'

export const FREERTOS: System = {
  name: 'FreeRTOS program',
  symbols: ['pxCurrentTCB', 'pxReadyTasksLists'],
  places: [],
  commands: [],
  tasks: freertosTasks,
}

/** More do not fit into the memory of any board that runs it. */
const MOST_TASKS = 10_000

const BLOCKED = 'blocked'
const READY = 'ready'

/** The lists in which a task can be, beside those of the ready ones, and what it does there. */
const LISTS: Readonly<Record<string, string>> = {
  xPendingReadyList: READY,
  xDelayedTaskList1: BLOCKED,
  xDelayedTaskList2: BLOCKED,
  xSuspendedTaskList: 'suspended',
  xTasksWaitingTermination: 'deleted',
}

/** What the port pushes: bytes from the stack pointer that is kept (portasm.S). */
const FRAME = { pc: 12, lr: 16, cr: 28, r0: 36, r2: 40, r3: 44, size: 160 } as const

/** The port's own functions, by which it is known. */
const PORT = ['vPortStartFirstTask', 'vPortTickISR', 'vPortISRWrapper'] as const

const TASK = 'tskTaskControlBlock'

/** Without these there are no tasks to be shown. */
const MEMBERS = [
  ...['pxTopOfStack', 'xEventListItem', 'uxPriority', 'pcTaskName'].map(name => `${TASK}.${name}`),
  ...['pxNext', 'pxPrevious', 'pvOwner'].map(name => `xLIST_ITEM.${name}`),
  'xLIST.xListEnd',
] as const

/** Undefined before the first task is there, or without debug information. */
function freertosTasks(context: Context): TaskList | undefined {
  const layout = layoutOf(context)
  if (MEMBERS.some(path => layout.offset(path) === undefined)) return undefined
  return new FreertosReader(layout, context).list()
}

class FreertosReader {
  readonly #layout: Layout
  readonly #context: Context

  constructor(layout: Layout, context: Context) {
    this.#layout = layout
    this.#context = context
  }

  list(): TaskList | undefined {
    const current = this.#variable('pxCurrentTCB')
    if (!current) return undefined
    // Before the scheduler starts it is only the one that will be first.
    const running = this.#variable('xSchedulerRunning') === 0 ? undefined : current
    const tasks = new Map<number, SystemTask>()
    const lists = [...this.#readyLists(), ...this.#otherLists()]
    const why = lists
      .map(([list, state]) =>
        this.#follow(list, task => {
          if (tasks.has(task)) return `the lists of tasks lead twice to ${hex32(task)}`
          tasks.set(task, this.#task(task, state, task === running))
          return undefined
        }),
      )
      .find(each => each !== undefined)
    return { tasks: [...tasks.values()], ...(why !== undefined && { why }) }
  }

  /** By their priority, the highest first. */
  #readyLists(): [number, string][] {
    const lists = this.#context.symbols.symbolNamed('pxReadyTasksLists')
    const size = this.#layout.size('xLIST') ?? 0
    if (lists === undefined || size === 0) return []
    const count = Math.min(Math.floor(lists.size / size), MOST_TASKS)
    return Array.from({ length: count }, (_, n): [number, string] => [lists.value + (count - 1 - n) * size, READY])
  }

  /** What a program does not use is not in it. */
  #otherLists(): [number, string][] {
    return Object.entries(LISTS).flatMap(([name, state]): [number, string][] => {
      const list = this.#context.symbols.symbolNamed(name)?.value
      return list === undefined ? [] : [[list, state]]
    })
  }

  /** Calls `visit` with each task of a list. A list that is all zeros has not been set up. */
  #follow(list: number, visit: (task: number) => string | undefined): string | undefined {
    const [head, next, previous, owner] = [
      list + this.#at('xLIST.xListEnd'),
      ...['pxNext', 'pxPrevious', 'pvOwner'].map(name => this.#at(`xLIST_ITEM.${name}`)),
    ] as [number, number, number, number]
    if (this.#word(head + next) === 0) return undefined
    const ring = { what: 'tasks', head, next, previous, most: MOST_TASKS }
    return followRing(ring, this.#context, node => {
      const task = this.#word(node + owner)
      return task === undefined ? `the list of tasks is damaged at ${hex32(node)}` : visit(task)
    })
  }

  #task(task: number, state: string, isRunning: boolean): SystemTask {
    const priority = this.#word(task + this.#at(`${TASK}.uxPriority`)) ?? 0
    return {
      id: task,
      name: stringAt(task + this.#at(`${TASK}.pcTaskName`), this.#context) ?? '',
      label: `priority ${priority}`,
      // What waits for an event without a limit of time stands among the suspended (eTaskGetState() of tasks.c).
      state: state === LISTS.xSuspendedTaskList && this.#waits(task) ? BLOCKED : state,
      isRunning,
      saved: () => this.#saved(task),
    }
  }

  /** It is in the list of those that wait for something. */
  #waits(task: number): boolean {
    // Before version 10.2 it had another name.
    const container = ['pxContainer', 'pvContainer'].map(name => this.#layout.offset(`xLIST_ITEM.${name}`))
    const offset = container.find(each => each !== undefined)
    return offset !== undefined && (this.#word(task + this.#at(`${TASK}.xEventListItem`) + offset) ?? 0) !== 0
  }

  /** As the interrupt that has taken the core from it. */
  #saved(task: number): ActivationState | string {
    if (PORT.some(name => this.#context.symbols.symbolNamed(name) === undefined))
      return 'only of the port PPC440_Xilinx is it known where the registers of a task are'
    const frame = this.#word(task + this.#at(`${TASK}.pxTopOfStack`)) ?? 0
    const pc = this.#word(frame + FRAME.pc)
    if (pc === undefined) return `there is no memory at its stack pointer, ${hex32(frame)}`
    const kept = (offset: number): SavedRegister => ({ kind: 'memory', address: (frame + offset) >>> 0 })
    const registers = new Map<number, SavedRegister>([
      [0, kept(FRAME.r0)],
      [DWARF_SP, { kind: 'value', value: (frame + FRAME.size) >>> 0 }],
      [2, kept(FRAME.r2)],
      [DWARF_CR, kept(FRAME.cr)],
      [DWARF_LR, kept(FRAME.lr)],
    ])
    for (let n = 3; n < 32; n++) registers.set(n, kept(FRAME.r3 + 4 * (n - 3)))
    return { registers, pc, called: false }
  }

  #variable(name: string): number | undefined {
    const address = this.#context.symbols.symbolNamed(name)?.value
    return address === undefined ? undefined : this.#word(address)
  }

  #at = (path: string): number => this.#layout.offset(path) ?? 0

  #word = (address: number): number | undefined => wordIn(this.#context, address >>> 0)
}
