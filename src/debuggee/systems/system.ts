// What the debugger knows of an operating system that is the program: one row of the table in systems.ts.
//
// A system that has tasks says two things. `tasks` lists those there are at this stop, each with its number, its name, what
// it does, and whether it is the one on the core; it reads no more than it takes for a row of the Call Stack, since there
// may be thousands. `saved` of one of them says where its registers are kept while it does not run: a map of DWARF numbers
// (isa/dwarf.ts) to places in memory or values, and PC. From there the stack is unwound, and variables are read and
// written, as those of the core. threads.ts makes the rows of it that DAP and gdb show.

import type { Context } from '../../expr/context.ts'
import type { Program } from '../program.ts'
import type { ActivationState } from '../unwind.ts'

export interface System {
  /** As people call such a program: `Linux kernel`. */
  readonly name: string
  /** Symbols that every such program has, and others have not. */
  readonly symbols: readonly string[]
  readonly places: readonly SystemPlace[]
  readonly commands: readonly SystemCommand[]
  /**
   * Its tasks as memory has them now. Only static variables and registers of the core may be asked of the context.
   * @returns undefined while there are none, or where nothing can be known of them
   */
  tasks?(context: Context): TaskList | undefined
  /** The real address of what no TLB entry maps now, by the system's own tables; undefined for what is mapped nowhere. */
  realAddress?(context: Context, ea: number): bigint | undefined
  /** Code that it has loaded since it was started, as memory has it now. */
  loaded?(context: Context): readonly LoadedCode[]
  /** The process that the task on the core belongs to; undefined for a task of the system itself. */
  process?(context: Context): SystemProcess | undefined
  /** Where it has moved itself, or is about to; undefined where it lies at the addresses it is linked at, and stays there. */
  move?(context: Context, program: Program): ProgramMove | undefined
  /**
   * Functions at whose first instruction such code has come, and has not been executed, or is about to go; or the program is
   * about to move.
   */
  readonly loading?: readonly string[]
}

/** A process: a program in an address space of its own. */
export interface SystemProcess {
  /** By which its address space is known among those that there are now. */
  readonly space: number
  /** The path of its program, in the system. */
  readonly program: string
  /** The address spaces that there are, of all processes. */
  spaces(): readonly number[]
  /** What of files is mapped in one of them, by ascending addresses. */
  files(space: number): readonly MappedFile[]
}

/** A part of a file in an address space. */
export interface MappedFile {
  /** In the system, without links. */
  readonly path: string
  readonly address: number
  /** Of what is there, in the file. */
  readonly offset: number
}

/** A program that goes on in a copy of itself, at other addresses. */
export interface ProgramMove {
  /** How much further on than it is linked that lies, modulo 2^32. */
  readonly by: number
  /** Where the copy begins. */
  readonly to: number
  /** Whether it is executed already; */
  readonly isDone: boolean
  /** before that, the addresses of which one is the first that is executed there. */
  readonly begins: readonly number[]
}

/** Code that is loaded from a file of its own: a kernel's module. */
export interface LoadedCode {
  /** `counted.ko` */
  readonly file: string
  /** Where the sections of that file lie, by their names. */
  readonly sections: ReadonlyMap<string, number>
}

export interface TaskList {
  readonly tasks: readonly SystemTask[]
  /** Why there may be more than could be read: a list in memory is damaged. One sentence, without a full stop. */
  readonly why?: string
}

/** A task, as this stop finds it. */
export interface SystemTask {
  /**
   * By which its row is known from stop to stop, and no other is: 0 to 0xffffffff. The address of its control block where
   * the system gives no number.
   */
  readonly id: number
  readonly name: string
  /** What people call it by, beside its name: `57`; nothing where the name says all. */
  readonly label?: string
  /** What it does, in the system's own words: `sleeping`. Of the one on the core it is not shown. */
  readonly state: string
  /** The registers of the core are its. */
  readonly isRunning: boolean
  /** Where its registers are kept while it does not run. @returns why that cannot be known otherwise, one sentence */
  saved(): ActivationState | string
}

/** A function at which the program can be stopped by a check box, without a comparator. */
export interface SystemPlace {
  /** Of the check box: its name in DAP, and what a person reads. */
  readonly filter: string
  readonly label: string
  readonly description: string
  readonly function: string
  /** @param context at the function's first instruction @returns one line, without a full stop */
  says(context: Context, program: Program): string
}

/** What can be typed in a console, and as `monitor` in gdb. */
export interface SystemCommand {
  readonly name: string
  readonly does: string
  /** @returns lines @throws UserError */
  run(context: Context): string
}
