// What a row of the machines says: which files a machine is started with, what is typed, and what its console must say.

/** Lies in `.cache/machines/`. */
export interface MachineFile {
  readonly name: string
  /** Where it can be had, or of what it is built, in words. */
  readonly from: string
}

/** A step of a session on the console. */
export interface ConsoleStep {
  /** Typed first, with a return behind it. */
  readonly type?: string
  /** What must come then. */
  readonly says: RegExp
}

/** What is said on the way to the prompt, and what is typed then. */
export interface BeginningStep {
  readonly says: RegExp
  readonly answer?: string
}

export interface MachineRow {
  readonly name: string
  readonly files: readonly MachineFile[]
  /** Arguments of `ppc440 run`. @param path of a file of this row, by its name */
  readonly ours: (path: (file: string) => string) => readonly string[]
  /** Arguments of `qemu-system-ppc`, where that can run it. */
  readonly qemu?: (path: (file: string) => string) => readonly string[]
  /** How long a step may take, in seconds. */
  readonly patience: number
  readonly begins?: readonly BeginningStep[]
  /** What the console says when it waits for somebody to type: the time to it is measured. */
  readonly prompt: RegExp
  readonly session: readonly ConsoleStep[]
  /** The same as a debugger has it: commands of `ppc440 debug`, which has the arguments of `ours`. All they expect must come. */
  readonly debugged?: readonly string[]
}
