// What devices will do at a cycle of the core: a timer that runs out, a byte that has been sent. The run loop stops there,
// as it does for the core's own timers; in between nothing ticks.

export class DeviceClock {
  /** Cycle of the next event, or Infinity. */
  deadline = Number.POSITIVE_INFINITY
  readonly #events = new Map<object, { readonly cycle: number; readonly happen: (cycle: number) => void }>()
  readonly #changed: () => void

  /** @param changed called when an event may come earlier than was known */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** The one event of `device`: at `cycle`, instead of what was planned; Infinity: none. Whoever restores a device plans anew. */
  plan(device: object, cycle: number, happen: (cycle: number) => void): void {
    if (cycle === Number.POSITIVE_INFINITY) this.#events.delete(device)
    else this.#events.set(device, { cycle, happen })
    this.#schedule()
    this.#changed()
  }

  /** All that is due by `now` happens, the earliest first; what plans again for a time that is past comes again. */
  advance(now: number): void {
    while (this.deadline <= now) {
      const [device, event] = [...this.#events].find(([, { cycle }]) => cycle === this.deadline)!
      this.#events.delete(device)
      this.#schedule()
      event.happen(event.cycle)
    }
  }

  #schedule(): void {
    this.deadline = Number.POSITIVE_INFINITY
    for (const { cycle } of this.#events.values()) this.deadline = Math.min(this.deadline, cycle)
  }
}
