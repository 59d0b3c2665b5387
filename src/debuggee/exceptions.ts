// Stopping at interrupts: before they are taken, where the program still stands at what causes them.

import type { Context } from '../expr/context.ts'
import { interruptName } from '../isa/interrupts.ts'
import type { Machine } from '../machine/machine.ts'
import { vectorOf } from '../machine/registers.ts'
import { UserError } from '../util/userError.ts'
import { answerOf, type Conditions, compileConditions } from './conditions.ts'
import { contextHere } from './evaluation.ts'
import { causeOf, type ExceptionExit, registersOf } from './interruptCauses.ts'
import type { Program } from './program.ts'
import { GO, stopped, type Verdict } from './stop.ts'

export interface ExceptionRequest {
  /** IVOR numbers. */
  readonly ivors: readonly number[]
  readonly condition?: string | undefined
}

/** The interrupts the user wants to stop at. */
export class Exceptions {
  #conditions: ReadonlyMap<number, Conditions> = new Map()
  #requests: readonly ExceptionRequest[] = []
  #wanted: ReadonlySet<number> = new Set()

  /** IVOR numbers. */
  get wanted(): ReadonlySet<number> {
    return this.#wanted
  }

  conditions(ivor: number): Conditions | undefined {
    return this.#conditions.get(ivor)
  }

  /** The program is another one: names in conditions may mean other things. */
  compileAgain(program: Program): void {
    this.replace(this.#requests, program)
  }

  /** These and no others. @returns for each undefined, or why it cannot be had */
  replace(requests: readonly ExceptionRequest[], program: Program): readonly (string | undefined)[] {
    this.#requests = requests
    const conditions = new Map<number, Conditions>()
    this.#conditions = conditions
    const answers = requests.map(({ ivors, condition }) => {
      try {
        const compiled = compileConditions({ condition }, program.symbols)
        for (const ivor of ivors) conditions.set(ivor, compiled)
        return undefined
      } catch (error) {
        if (error instanceof UserError) return error.message
        throw error
      }
    })
    this.#wanted = new Set(conditions.keys())
    return answers
  }
}

export function judgeException(
  exit: ExceptionExit,
  machine: Machine,
  program: Program,
  exceptions: Exceptions,
  note: (text: string) => void,
): Verdict {
  const name = interruptName(exit.ivor)
  const condition = exceptions.conditions(exit.ivor)?.condition
  const context = (): Context => asHandlerSees(contextHere(machine, program), exit)
  if (answerOf(condition, context, `The ${name} interrupt`, note) === false) return GO
  const handler = program.describe(vectorOf(exit.ivor, machine.vcpu))
  const sentences = [causeOf(exit, machine), ...registersOf(exit), `Going on takes the interrupt, to ${handler}.`]
  return stopped({
    reason: 'exception',
    description: `${name} interrupt (IVOR${exit.ivor})`,
    text: sentences.join(' '),
    hit: [],
  })
}

/** ESR and DEAR as the interrupt will leave them. */
function asHandlerSees(context: Context, { cause }: ExceptionExit): Context {
  const values: Readonly<Record<string, number | undefined>> = { ESR: cause.esr, DEAR: cause.dear }
  return { ...context, readRegister: name => values[name.toUpperCase()] ?? context.readRegister(name) }
}
