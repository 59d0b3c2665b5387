// A debugger that is at a target, such as a session of the debug adapter: what it hears of it.

import type { TracedEvent } from '../kvm/traceText.ts'
import type { Breakpoint } from './breakpoints.ts'
import type { End, Stop } from './stop.ts'

export interface FrontEnd {
  /** The owner of its breakpoints. No two at one target have the same name. */
  readonly name: string
  /** It steps off a breakpoint of its own before it continues: continued at one, the program stops there at once. */
  readonly stepsOff?: boolean
  /** Another front end has let the program go on. */
  continued(): void
  stopped(stop: Stop): void
  /** The program is over, or another front end has put an end to it. */
  ended(end: End): void
  /**
   * The slots have been planned anew. Verdicts or messages of `changed` are others now; some may be another front end's
   * (`Breakpoint.owner`).
   */
  replanned(changed: readonly Breakpoint[]): void
  /** A sentence for the console: log points, what the core noticed. */
  note(text: string): void
  /** What the debug facility did since the last stop, where a record of it is kept. */
  traced(events: readonly TracedEvent[]): void
  /** A front end has written into the stopped program. `all`: it stands at another place now. */
  written(what: 'variables' | 'all'): void
}
