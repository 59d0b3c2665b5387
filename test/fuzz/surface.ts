// What a fuzz is made of: a surface, and what its thread and its watcher tell each other.

import type { Random } from '../support/random.ts'

/** Something that takes input from outside. */
export interface Surface {
  /** How many inputs `npm test` gives it: a few seconds' worth. */
  readonly small: number
  /** Programs it cannot do without. */
  readonly tools?: readonly string[]
  /** Once, before the first input. */
  prepare?(): void | Promise<void>
  /** One input, made of `random` alone. Throws where it is not taken as it should be; a refusal by sentence is fine. */
  run(random: Random): void | Promise<void>
}

export interface Failure {
  readonly seed: number
  readonly why: string
}

/** Places of the numbers they share: the input that runs, since when (0 for not yet), and the slowest so far. */
export const Shared = { seed: 0, since: 1, slowestMs: 2, slowestSeed: 3, count: 4 } as const
