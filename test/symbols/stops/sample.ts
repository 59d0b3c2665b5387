import { Symbols } from '../../../src/symbols/symbols.ts'
import { build, floatPrograms, loadElf, programs } from '../guest.ts'
import { compareStops, type Difference } from './compare.ts'
import { explain } from './explain.ts'
import { draw, lengthOf, seeStops } from './stops.ts'

/** What a comparison over stops of one program came to. */
export interface Sample {
  readonly stops: number
  readonly frames: number
  readonly values: number
  readonly missing: number
  /** How often each known reason made the two differ. */
  readonly explained: ReadonlyMap<string, number>
  readonly unexplained: readonly Difference[]
}

/** Compares `count` stops of a program built with these options. */
export function sample(program: string, options: readonly string[], count: number, seed: number): Sample {
  const path = build(programs[program] ?? floatPrograms[program], ...options)
  const about = { path, symbols: Symbols.load(loadElf(path)), isClang: options[0] === 'clang' }
  const { differences, ...figures } = compareStops(seeStops(path, draw(lengthOf(path), count, seed)))
  const explained = new Map<string, number>()
  const unexplained = differences.filter(difference => {
    const reason = explain(difference, about)
    if (reason !== undefined) explained.set(reason, (explained.get(reason) ?? 0) + 1)
    return reason === undefined
  })
  return { ...figures, explained, unexplained }
}
