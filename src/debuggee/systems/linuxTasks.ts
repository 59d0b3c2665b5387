// The tasks of a Linux kernel: from init_task on through their list, each process with its threads (include/linux/sched.h,
// include/linux/sched/signal.h), which kernels from 3.14 on have. What a task that does not run will go on with,
// _switch() has put on its stack (arch/powerpc/kernel/entry_32.S, since 6.4 switch.S).

import type { Context } from '../../expr/context.ts'
import { DWARF_CR, DWARF_LR, DWARF_SP } from '../../isa/dwarf.ts'
import type { SavedRegister } from '../../symbols/cfiFrame.ts'
import { hex32 } from '../../util/hex.ts'
import type { ActivationState } from '../unwind.ts'
import { type Layout, layoutOf, wordIn } from './layout.ts'
import { followRing } from './lists.ts'
import { plain } from './read.ts'
import type { SystemTask, TaskList } from './system.ts'

/** A kernel of 32 bits has no more numbers for them (PID_MAX_DEFAULT). */
const MOST_TASKS = 32_768

/** The header of a stack frame of 32 bits, before the registers that _switch() saves (STACK_FRAME_MIN_SIZE). */
const FRAME_HEADER = 16

/** _switch() saves r13 to r31 (SAVE_NVGPRS). */
const FIRST_SAVED = 13

/** The parts of `__state` and `exit_state` that have a word, as /proc/PID/status writes it (fs/proc/array.c). */
const STATES: readonly (readonly [number, string])[] = [
  [0x0020, 'zombie'],
  [0x0010, 'dead'],
  [0x0080, 'dead'],
  [0x0040, 'parked'],
  [0x0008, 'tracing stop'],
  [0x0004, 'stopped'],
  [0x0002, 'disk sleep'],
  [0x0001, 'sleeping'],
]
/** What sleeps like that and is no load: TASK_UNINTERRUPTIBLE | TASK_NOLOAD. */
const IDLE = 0x0402

/** Undefined before the kernel has set up its memory and its first task, or without debug information. */
export function linuxTasks(context: Context): TaskList | undefined {
  const init = context.symbols.symbolNamed('init_task')?.value
  // The kernel's types are read when somebody needs them, which takes its time: gdb asks for threads at once.
  if (!context.readRegister('SPRG3') || init === undefined || wordIn(context, init) === undefined) return undefined
  const layout = layoutOf(context)
  const isKnown = MEMBERS.every(path => layout.offset(path) !== undefined)
  return isKnown ? new TaskReader(init >>> 0, layout, context).list() : undefined
}

/** Without these there are no tasks to be shown. */
const MEMBERS = [
  ...['tasks', 'signal', 'thread_node', 'comm', 'pid', 'tgid', 'stack', 'thread.ksp'].map(
    name => `task_struct.${name}`,
  ),
  'signal_struct.thread_head',
] as const

/** SPRG3 leads to `thread` of the task on the core, whatever that executes (SPRN_SPRG_THREAD). */
class TaskReader {
  readonly #init: number
  readonly #layout: Layout
  readonly #context: Context

  constructor(init: number, layout: Layout, context: Context) {
    this.#init = init
    this.#layout = layout
    this.#context = context
  }

  list(): TaskList {
    const thread = this.#context.readRegister('SPRG3') ?? 0
    const current = (thread - this.#at('task_struct.thread')) >>> 0
    const found = new Set<number>()
    const tasksNode = this.#at('task_struct.tasks')
    const visit = (leader: number): string | undefined => {
      found.add(leader)
      return this.#threads(leader, found)
    }
    const why =
      visit(this.#init) ?? this.#follow('tasks', this.#init + tasksNode, node => visit((node - tasksNode) >>> 0))
    const tasks = [...found].map(task => this.#task(task, task === current))
    return { tasks, ...(why !== undefined && { why }) }
  }

  /** The other threads of a process. */
  #threads(leader: number, found: Set<number>): string | undefined {
    const signal = this.#word(leader + this.#at('task_struct.signal'))
    // Of one that is about to go, it is gone.
    if (!signal) return undefined
    const node = this.#at('task_struct.thread_node')
    return this.#follow('threads', signal + this.#at('signal_struct.thread_head'), each => {
      const task = (each - node) >>> 0
      if (task === leader) return undefined
      if (found.has(task)) return `the list of threads of ${hex32(leader)} leads back to ${hex32(task)}`
      found.add(task)
      return undefined
    })
  }

  /** Calls `visit` with each node of a list after its head (struct list_head: next, and prev). */
  #follow(what: string, head: number, visit: (node: number) => string | undefined): string | undefined {
    return followRing({ what, head, next: 0, previous: 4, most: MOST_TASKS }, this.#context, visit)
  }

  #task(task: number, isRunning: boolean): SystemTask {
    const number = (path: string): number => this.#word(task + this.#at(path)) ?? 0
    const [pid, tgid] = [number('task_struct.pid'), number('task_struct.tgid')]
    return {
      id: pid,
      name: this.#name(task),
      label: tgid === pid ? String(pid) : `${pid}, thread of ${tgid}`,
      state: this.#state(task),
      isRunning,
      saved: () => this.#saved(task),
    }
  }

  #name(task: number): string {
    const size = this.#layout.size('task_struct.comm') ?? 0
    const bytes = this.#context.readMemory(task + this.#at('task_struct.comm'), size)
    const end = bytes?.indexOf(0) ?? -1
    return bytes === undefined
      ? ''
      : plain(end < 0 ? bytes : bytes.subarray(0, end))
          .replaceAll(/\s+/g, ' ')
          .trim()
  }

  #state(task: number): string {
    // Before 5.14 it had another name.
    const path = ['task_struct.__state', 'task_struct.state'].find(each => this.#layout.offset(each) !== undefined)
    const word = (at: string | undefined) => (at === undefined ? undefined : this.#word(task + this.#at(at))) ?? 0
    const state = word(path) | word('task_struct.exit_state')
    if ((state & IDLE) === IDLE) return 'idle'
    return STATES.find(([bit]) => (state & bit) !== 0)?.[1] ?? 'ready'
  }

  /** As what has called _switch(). */
  #saved(task: number): ActivationState | string {
    const stack = this.#word(task + this.#at('task_struct.stack')) ?? 0
    const frame = this.#word(task + this.#at('task_struct.thread.ksp')) ?? 0
    const size = this.#layout.size('thread_union')
    const [nip, gpr, ccr] = ['nip', 'gpr', 'ccr'].map(name => this.#layout.offset(`pt_regs.${name}`))
    const whole = this.#layout.size('pt_regs')
    if (stack === 0) return 'it has given its stack back'
    if (nip === undefined || gpr === undefined || ccr === undefined || whole === undefined)
      return 'debug information does not say where its registers are'
    const registers = frame + FRAME_HEADER
    const pc = this.#word(registers + nip)
    if (pc === undefined || frame < stack || (size !== undefined && frame + FRAME_HEADER + whole > stack + size))
      return `its stack pointer, ${hex32(frame)}, does not lie in its stack`
    const kept = (offset: number): SavedRegister => ({ kind: 'memory', address: (registers + offset) >>> 0 })
    const saved = new Map<number, SavedRegister>([
      [DWARF_SP, { kind: 'value', value: (registers + whole) >>> 0 }],
      // The kernel's own: the task itself.
      [2, { kind: 'value', value: task }],
      [DWARF_CR, kept(ccr)],
    ])
    for (let n = FIRST_SAVED; n < 32; n++) saved.set(n, kept(gpr + 4 * n))
    // A new task begins at a function's first instruction: nobody has called from there.
    const isNew = this.#context.symbols.symbolAt(pc)?.offset === 0
    if (!isNew) saved.set(DWARF_LR, kept(nip))
    return { registers: saved, pc, called: !isNew }
  }

  #at = (path: string): number => this.#layout.offset(path) ?? 0

  #word = (address: number): number | undefined => wordIn(this.#context, address >>> 0)
}
