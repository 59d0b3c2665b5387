import { Program } from '../../../src/debuggee/program.ts'
import { build, loadElf } from '../../symbols/guest.ts'
import { createMachine, draw, lengthOf } from '../../symbols/stops/stops.ts'
import { type Walked, walkRows } from './rows.ts'

/** The rows at `count` stops of a program built with these options, drawn at random by `seed`. */
export function sampleRows(
  sources: readonly string[],
  options: readonly string[],
  count: number,
  seed: number,
): Walked {
  const path = build(sources, ...options)
  const [machine, program] = [createMachine(path), new Program(loadElf(path))]
  const walked: Walked = { named: 0, unnamed: 0, differences: [], places: new Set() }
  for (const stop of draw(lengthOf(path), count, seed)) {
    while (machine.retired < stop) machine.run({ budget: stop - machine.retired })
    walkRows(machine, program, walked)
  }
  return walked
}
