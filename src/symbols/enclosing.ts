// GNU C's nested functions: the variables of the function around one are in a frame further out, which the static link
// tells (DWARF 5, §3.3.8.3).

import { DW_TAG } from '../dwarf/constants.ts'
import type { Die } from '../dwarf/die.ts'
import { readLocation } from '../dwarf/location.ts'
import type { FrameReaders, Variable } from './scopes.ts'
import { sizeOf } from './types.ts'

/** From a frame of the inner function to the one of the enclosing function whose variables it sees. */
export type StaticLink = (frame: FrameReaders) => FrameReaders | undefined

/** Recursion may have put many in between. */
const mostFrames = 10_000

/** The blocks and functions around the declaration of a function, the innermost first; none of one that is not nested. */
export function* around(functionDie: Die): Generator<Die> {
  let declared = functionDie
  for (const origin of functionDie.origins()) declared = origin
  for (let die = declared.parent; die !== undefined; die = die.parent) {
    if (die.tag !== DW_TAG.lexical_block && die.tag !== DW_TAG.subprogram) return
    yield die
  }
}

/** Whether an entry is this one or an instance of it. */
export const isInstanceOf = (die: Die, abstract: Die): boolean =>
  die === abstract || [...die.origins()].includes(abstract)

/**
 * Further out, the frame of the function that `isHost` knows with this frame base, or the nearest where none is told. GCC
 * may keep in registers alone what its static link says lies in memory: then it is the only one there is, or unknown.
 */
export function outer(
  frame: FrameReaders,
  isHost: (frame: FrameReaders) => boolean,
  base: { readonly told: number | undefined; of(frame: FrameReaders): number | undefined },
): FrameReaders | undefined {
  const hosts: FrameReaders[] = []
  let next = frame.caller?.()
  for (let count = 0; next !== undefined && count < mostFrames; count++, next = next.caller?.()) {
    if (!isHost(next)) continue
    if (base.told === undefined || base.of(next) === base.told) return next
    hosts.push(next)
  }
  return hosts.length === 1 ? hosts[0] : undefined
}

/** A variable of an enclosing function as the inner one sees it. */
export function enclosed(variable: Variable, link: StaticLink): Variable {
  return {
    ...variable,
    typeIn: frame => variable.typeIn(frame && (link(frame) ?? frame)),
    locate(frame) {
      const own = frame && link(frame)
      if (own === undefined) {
        if (frame === undefined || variable.kind === 'static' || variable.kind === 'global')
          return variable.locate(frame)
        return { kind: 'unavailable', reason: 'the frame of the enclosing function is not known' }
      }
      const location = variable.locate(own)
      if (location.kind === 'memory' || location.kind === 'optimizedOut') return location
      // Registers are those of the frame further out: what they hold is all that can be told here.
      const size = sizeOf(variable.typeIn(own)) ?? 0
      const bytes = readLocation(location, size, { ...own, frameBase: () => undefined })
      return typeof bytes === 'string' ? { kind: 'unavailable', reason: bytes } : { kind: 'value', bytes }
    },
    placeAt: () => undefined,
  }
}
