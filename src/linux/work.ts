// What the kernel does for a process between two turns of the event loop, counted: a unit stands for about as much of
// the host's time as an instruction of the guest takes. So that a pause is answered, whatever a program asks for.

/** Leaving the core and coming back, and the look-ups of an ordinary call or a page fault. */
export const SERVICE = 600
/** A call that ends in an exception of ours: an address that leads nowhere. */
export const FAILURE = 600
/** Bytes copied or cleared by a unit. */
export const BYTES_PER_UNIT = 4
/** Pages looked at by a unit. */
export const PAGES_PER_UNIT = 4

export class Work {
  /** Without a run it is nobody's time. */
  #left = Number.POSITIVE_INFINITY

  /** At the begin of a run. */
  allow(units: number): void {
    this.#left = units
  }

  charge(units: number): void {
    this.#left -= units
  }

  /** Below zero by what the last piece took beyond what was allowed. */
  get left(): number {
    return this.#left
  }

  /** What was allowed has been done: the run ends, and what is not finished goes on in the next. */
  get over(): boolean {
    return this.#left <= 0
  }
}
