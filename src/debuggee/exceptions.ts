// Stopping at interrupts: before they are taken, where the program still stands at what causes them; and where an operating
// system that is the program says itself that something is wrong.

import type { Stops } from '../cpu/request.ts'
import type { Context } from '../expr/context.ts'
import { interruptName } from '../isa/interrupts.ts'
import type { Machine } from '../machine/machine.ts'
import { readRegister, vectorOf } from '../machine/registers.ts'
import { UserError } from '../util/userError.ts'
import { answerOf, type Conditions, compileConditions } from './conditions.ts'
import { contextHere } from './evaluation.ts'
import { causeOf, type ExceptionExit, registersOf } from './interruptCauses.ts'
import type { Program } from './program.ts'
import { GO, stopped, type Verdict } from './stop.ts'
import type { SystemPlace } from './systems/system.ts'
import { whyNot } from './systems/systems.ts'

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
  #wantedPlaces: readonly SystemPlace[] = []
  #places: ReadonlyMap<number, SystemPlace> = new Map()
  #stops: readonly Stops[] = []

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
    this.stopAt(this.#wantedPlaces, program)
  }

  /** Of an operating system, by the address of their first instruction. */
  get places(): ReadonlyMap<number, SystemPlace> {
    return this.#places
  }

  /** The same for the core: stops of its own, which take no comparator. */
  get stops(): readonly Stops[] {
    return this.#stops
  }

  /** These places and no others. @returns for each undefined, or why it cannot be had */
  stopAt(places: readonly SystemPlace[], program: Program): readonly (string | undefined)[] {
    this.#wantedPlaces = places
    const found = new Map<number, SystemPlace>()
    const answers = places.map(place => {
      const symbol = program.symbols.symbolNamed(place.function)
      const why = whyNot(program, place)
      if (why !== undefined || symbol === undefined) return why ?? `This kernel has no function ${place.function}.`
      found.set(symbol.value, place)
      return undefined
    })
    this.#places = found
    this.#stops = found.size === 0 ? [] : [{ addresses: [...found.keys()] }]
    return answers
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

/** The program stands at the first instruction of a function at which an operating system says what is wrong. */
export function placeStop(place: SystemPlace, machine: Machine, program: Program): Verdict {
  const description = place.says(contextHere(machine, program), program)
  const caller = program.describe((readRegister(machine.vcpu, 'LR') ?? 0) - 4)
  return stopped({
    reason: 'exception',
    description,
    text: `${description}. ${place.function}() was called at ${caller}.`,
    hit: [],
  })
}

/** ESR and DEAR as the interrupt will leave them. */
function asHandlerSees(context: Context, { cause }: ExceptionExit): Context {
  const values: Readonly<Record<string, number | undefined>> = { ESR: cause.esr, DEAR: cause.dear }
  return { ...context, readRegister: name => values[name.toUpperCase()] ?? context.readRegister(name) }
}
