// Frames of functions that have ended in a jump: where one way alone leads to the next function they are shown, and what
// was passed on is known.

import { describe, expect, it } from 'vitest'
import { Symbols } from '../../../src/symbols/symbols.ts'
import { have } from '../../support/tools.ts'
import { build, haveClang, haveGcc, loadElf } from '../guest.ts'
import { compareStops, type Difference } from './compare.ts'
import { explain } from './explain.ts'
import { lengthOf, type SeenStop, seeStops } from './stops.ts'

const skip = !haveGcc || !have('gdb-multiarch')

/** The stacks seen, each once, of the functions alone. */
const stacks = (stops: readonly SeenStop[], whose: 'ours' | 'theirs'): string[] => [
  ...new Set(stops.map(stop => stop[whose].map(frame => frame.function).join(' < '))),
]

/** gdb shows of several ways what they have in common, and of a circle one round: there we show no way at all. */
const isUnclear = ({ theirs }: Difference): boolean => /either|ping|pong/.test(theirs)

describe.each(['-O2 -gdwarf-5', '-O2 -gdwarf-4', '-Os -gdwarf-5', 'clang -O2 -gdwarf-5'])('built with %s', options => {
  it('the frames at every instruction are those that gdb sees, where there is one way', {
    skip: skip || (options.startsWith('clang') && !haveClang),
  }, () => {
    const path = build(['start.S', 'tails.c'], ...options.split(' '))
    const stops = seeStops(
      path,
      Array.from({ length: lengthOf(path) }, (_, n) => n),
    )
    const { differences } = compareStops(stops)
    const about = { path, symbols: Symbols.load(loadElf(path)), isClang: options.startsWith('clang') }
    const unexplained = differences.filter(each => !isUnclear(each) && explain(each, about) === undefined)
    expect(unexplained).toEqual([])
    const ours = stacks(stops, 'ours')
    expect(ours).toEqual(
      expect.arrayContaining(['first < main', 'second < first < main', 'third < second < first < main']),
    )
    // clang makes calls of the others.
    if (about.isClang) return
    expect(ours).toEqual(expect.arrayContaining(['either < main', 'right < either < main', 'either_end < main']))
    expect(ours).toEqual(
      expect.arrayContaining(['ping < main', 'pong < main', 'third < main', 'through_pointer < main']),
    )
    expect(ours.filter(stack => /either_end < \w+ <|p[io]ng < p[io]ng|third < through/.test(stack))).toEqual([])
  })
})
