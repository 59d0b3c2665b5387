// Who gave a register its value: every instruction of a stretch is looked at.

import type { Station } from '../../history/history.ts'
import { compareMoments, type Moment, momentOf } from '../../machine/moment.ts'
import { readRegister } from '../../machine/registers.ts'
import { hex32 } from '../../util/hex.ts'
import type { Passage, PastContext, Travel } from './passage.ts'
import type { Walks } from './walks.ts'

export class RegisterSearch {
  readonly #context: PastContext
  readonly #passage: Passage
  readonly #walks: Walks

  constructor(context: PastContext, passage: Passage, walks: Walks) {
    this.#context = context
    this.#passage = passage
    this.#walks = walks
  }

  *lastChange(origin: Station, name: string): Travel {
    for (const { from, to } of this.#passage.stretches(origin.moment)) {
      this.#passage.withoutBreakpoints()
      this.#passage.beginAt(from)
      const change = yield* this.#lastChangeOf(name, to)
      if (change === undefined) continue
      const { moment, text } = change
      const stop = yield* this.#walks.oneBack(moment)
      return { ...stop, description: `Before the last change of ${name}: ${text}` }
    }
    return yield* this.#walks.toBeginning(`${name} has not changed before.`)
  }

  /** From where the machine stands up to `to`: just after the last instruction, or interrupt, that changed the register. */
  *#lastChangeOf(
    name: string,
    to: Moment,
  ): Generator<void, { readonly moment: Moment; readonly text: string } | undefined, void> {
    const { history, execution } = this.#context
    const { cpu, vcpu } = execution.machine
    const read = (): number => readRegister(vcpu, name) ?? 0
    let value = read()
    let change: { readonly moment: Moment; readonly text: string } | undefined
    const look = (): void => {
      const now = read()
      if (now === value) return
      change = { moment: momentOf(execution.machine), text: `${hex32(value)} → ${hex32(now)}` }
      value = now
    }
    cpu.observer = { executed: look, interrupted: look }
    history.bound(to)
    try {
      for (; compareMoments(momentOf(execution.machine), to) < 0; history.run(this.#passage.limits())) yield
    } finally {
      cpu.observer = undefined
      history.bound(undefined)
    }
    return change
  }
}
