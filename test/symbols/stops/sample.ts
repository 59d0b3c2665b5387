import { Symbols } from '../../../src/symbols/symbols.ts'
import { build, floatPrograms, loadElf, packaged, programs } from '../guest.ts'
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
  const sources = programs[program] ?? floatPrograms[program]
  const path = build(sources, ...options)
  const about = { path, symbols: Symbols.load(loadElf(path)), isClang: options[0] === 'clang' }
  const asked = isBeyondGdb(options)
    ? build(sources, ...options.filter(option => option !== '-gsplit-dwarf' && option !== packaged))
    : path
  const stops = seeStops(path, draw(lengthOf(path), count, seed), undefined, undefined, asked)
  const { differences, ...figures } = compareStops(stops)
  const explained = new Map<string, number>()
  const unexplained = differences.filter(difference => {
    const reason = explain(difference, about)
    if (reason !== undefined) explained.set(reason, (explained.get(reason) ?? 0) + 1)
    return reason === undefined
  })
  return { ...figures, explained, unexplained }
}

/**
 * Of DWARF 5, gdb 13 finds no location lists in what clang splits off, and cannot read GCC's where types have units of
 * their own, nor packages: it is asked about the same program in one piece.
 */
const isBeyondGdb = (options: readonly string[]): boolean =>
  options.includes('-gsplit-dwarf') &&
  options.includes('-gdwarf-5') &&
  (options[0] === 'clang' || options.includes('-fdebug-types-section') || options.includes(packaged))
