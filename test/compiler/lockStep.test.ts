// A small sample; `npm run test:engines` runs a hundred million instructions.

import { expect, test } from 'vitest'
import type { EngineName } from '../../src/compiler/engines.ts'
import { readElf } from '../../src/elf/elf.ts'
import { Machine } from '../../src/machine/machine.ts'
import { restoreSnapshot, stateHash, takeSnapshot } from '../../src/machine/snapshot.ts'
import { Random } from '../support/random.ts'
import { lockStep, TRIALS, type Trial } from './lockStep.ts'
import { RAM, randomProgram } from './programs.ts'

const SEEDS = 12
const STEPS = 60_000

const trials = Object.keys(TRIALS) as Trial[]
test.each(Array.from({ length: SEEDS }, (_, seed) => [trials[seed % trials.length]!, seed] as const))(
  'beside the interpreter does the same: %s with random program %i',
  (trial, seed) => {
    expect(lockStep(seed, STEPS, trial).difference).toBeUndefined()
  },
)

test.each([0, 1, 2, 3])(
  'a snapshot of an interpreted machine runs on in one with compiled code of its own: %i',
  seed => {
    const elf = readElf(randomProgram(new Random(seed)))
    const machine = (engine: EngineName): Machine =>
      new Machine({ ramSize: RAM, core: '440ep', reset: 'boot', engine }, elf)
    const [interpreted, compiled] = [machine('interpreter'), machine('compiler')]
    interpreted.run({ budget: 20_000 })
    // Elsewhere in the same program, at other places in its tables.
    compiled.run({ budget: 45_000 })
    restoreSnapshot(compiled, takeSnapshot(interpreted))
    for (let i = 0; i < 5; i++) {
      for (const each of [interpreted, compiled]) each.run({ budget: 7000 })
      expect([compiled.retired, compiled.cpu.pc, stateHash(compiled)]).toEqual([
        interpreted.retired,
        interpreted.cpu.pc,
        stateHash(interpreted),
      ])
    }
  },
)
