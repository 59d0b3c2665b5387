// A session that measures its run: coverage and a profile are told when the program or the session ends.

import type { Debuggee } from '../debuggee/target.ts'
import { Measurements } from '../measure/measurements.ts'
import { MEASURED_EVENT, type MeasuredRun } from '../protocol/messages.ts'
import type { SessionState } from './sessionState.ts'
import type { Sources } from './sources.ts'

export type Measure = 'coverage' | 'profile'

export class MeasuredSession {
  readonly #wanted: readonly Measure[]
  /** Where the client has the files of the program. */
  readonly #places: ReadonlyMap<string, string>
  readonly debuggee: Debuggee
  #measurements: Measurements | undefined

  private constructor(
    { createMachine, ...rest }: Debuggee,
    wanted: readonly Measure[],
    places: ReadonlyMap<string, string>,
  ) {
    this.#wanted = wanted
    this.#places = places
    this.debuggee = {
      ...rest,
      createMachine: () => {
        const machine = createMachine()
        const [coverage, profile] = [wanted.includes('coverage'), wanted.includes('profile')]
        this.#measurements = new Measurements(machine, rest.program, { coverage, profile, trace: [] })
        return machine
      },
    }
  }

  static async of(debuggee: Debuggee, wanted: readonly Measure[], sources: Sources): Promise<MeasuredSession> {
    const files = debuggee.program.symbols.files()
    const places = await Promise.all(files.map(async ({ path }) => [path, await sources.toClient(path)] as const))
    const found = places.flatMap(([path, place]) => (place === undefined ? [] : [[path, place] as const]))
    return new MeasuredSession(debuggee, wanted, new Map(found))
  }

  tell(state: SessionState): void {
    const measured = this.#measurements
    if (measured === undefined) return
    const placeOf = (path: string): string => this.#places.get(path) ?? path
    // What the client does not have it cannot paint.
    const files = measured.coverage().flatMap(({ path, lines, branches, functions }) => {
      const place = this.#places.get(path)
      const named = [...functions].map(([name, { line, count }]) => ({ name, line, count }))
      return place === undefined ? [] : [{ path: place, lines: [...lines], branches, functions: named }]
    })
    const body: MeasuredRun = {
      ...(this.#wanted.includes('coverage') && { files }),
      ...(this.#wanted.includes('profile') && { profile: measured.profile('cpuprofile', placeOf) }),
    }
    state.emit(MEASURED_EVENT, body)
  }
}
