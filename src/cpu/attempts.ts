// Attempts at instructions of which something has been reported. While such an attempt lasts it is not reported again: an
// interrupt suspends it, the return from there resumes it, and when the instruction has executed it is over.

import type { Cpu } from './cpu.ts'
import { pidOf, type Reported } from './request.ts'

export class Attempts {
  readonly #cpu: Cpu
  #reported: readonly Reported[] = []
  #here: Reported | undefined

  constructor(cpu: Cpu) {
    this.#cpu = cpu
  }

  /** What has been reported of instructions that have not executed since. */
  get reported(): readonly Reported[] {
    return this.#reported
  }

  /** What of it is about the instruction at PC. */
  get here(): Reported | undefined {
    return this.#here
  }

  /** A run begins at `pc`. What was reported where PC no longer is, because somebody has moved it, is of no use any more. */
  begin(reported: readonly Reported[], pc: number): void {
    this.#here = reported.find(each => each.interrupts === 0 && this.#isAt(each, pc))
    this.#reported =
      reported.length === 0 ? reported : reported.filter(each => each.interrupts > 0 || each === this.#here)
  }

  #isAt({ pc, sp, pid }: Reported, at: number): boolean {
    return (pc | 0) === at && sp === this.#cpu.state.gpr[1] >>> 0 && pid === pidOf(this.#cpu)
  }

  /** The instruction that `attempt` is about has executed. */
  executed(attempt: Reported): void {
    this.#reported = this.#reported.filter(each => each !== attempt)
    if (this.#here === attempt) this.#here = undefined
  }

  /** An interrupt is taken at `from`. What had been reported there waits for its return, if that was this attempt. */
  interrupted(from: number): void {
    if (this.#reported.length === 0) return
    const here = this.#here
    this.#here = undefined
    this.#reported = this.#reported.flatMap(each =>
      each === here || !this.#isAt(each, from) ? [{ ...each, interrupts: each.interrupts + 1 }] : [],
    )
  }

  /** An interrupt returns to `pc`: what waits there goes on; what waited elsewhere for just this return is over. */
  returned(pc: number): void {
    if (this.#reported.length === 0) return
    const sp = this.#cpu.state.gpr[1] >>> 0
    this.#reported = this.#reported.flatMap(each => {
      if (each.interrupts === 0) return [each]
      if (this.#isAt(each, pc)) return [(this.#here = { ...each, interrupts: 0 })]
      if (each.interrupts > 1) return [{ ...each, interrupts: each.interrupts - 1 }]
      return each.sp === sp ? [] : [each]
    })
  }
}
