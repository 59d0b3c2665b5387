// What the debugger knows of an operating system that is the program: one row of the table in systems.ts.

import type { Context } from '../../expr/context.ts'
import type { Program } from '../program.ts'

export interface System {
  /** As people call such a program: `Linux kernel`. */
  readonly name: string
  /** Symbols that every such program has, and others have not. */
  readonly symbols: readonly string[]
  readonly places: readonly SystemPlace[]
  readonly commands: readonly SystemCommand[]
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
