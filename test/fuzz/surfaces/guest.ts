// Guest code: short random programs on the board, in one go, some in slices as well. Nothing may throw, and the two
// machines have to be the same afterwards. `npm run test:fuzz` runs longer ones, and restores snapshots in between.

import { readElf } from '../../../src/elf/elf.ts'
import { Machine } from '../../../src/machine/machine.ts'
import { type MachineSnapshot, restoreSnapshot, stateHash, takeSnapshot } from '../../../src/machine/snapshot.ts'
import { CODE, CODE_BYTES, disturb, RAM, randomInstruction } from '../../machine/fuzz.ts'
import { writeElf } from '../../support/elf.ts'
import { Random } from '../../support/random.ts'
import type { Surface } from '../surface.ts'

/** Instructions of a program, and how many are executed. */
const LENGTH = 64
const STEPS = 128
const SLICE = 20
const DISTURBANCES = 12

let whole: Machine
let sliced: Machine
let initial: MachineSnapshot

const create = (): Machine =>
  new Machine(
    { ramSize: RAM, core: '440ep', reset: 'boot' },
    readElf(writeElf(CODE, [{ address: CODE, bytes: new Uint8Array(CODE_BYTES) }])),
  )

/** A fresh machine with that program in it, and everything else a little out of the way. */
function prepare(machine: Machine, program: readonly number[], seed: number): void {
  restoreSnapshot(machine, initial)
  const { ramBytes } = machine.cpu.state
  const view = new DataView(ramBytes.buffer, ramBytes.byteOffset + CODE)
  for (const [i, word] of program.entries()) view.setInt32(4 * i, word)
  const random = new Random(seed)
  for (let i = 0; i < DISTURBANCES; i++) disturb(machine, random)
  for (let n = 0; n < 16; n++)
    machine.accept({ kind: 'register', name: `IVOR${n}`, value: random.below(4 * LENGTH) & ~15 })
  machine.accept({ kind: 'register', name: 'IVPR', value: CODE })
  machine.cpu.stateChanged()
}

/** Until something stops it. @returns what did */
function run(machine: Machine, slice: () => number): string {
  const end = machine.retired + STEPS
  let kind = 'budget'
  while (kind === 'budget' && machine.retired < end)
    kind = machine.run({ budget: Math.min(end - machine.retired, slice()) }).core.kind
  if (machine.retired > end) throw new Error('more instructions were executed than asked for')
  machine.cpu.diagnostics.length = 0
  machine.inputs.length = 0
  const { gpr, clock } = machine.cpu.state
  return `${kind} ${machine.cpu.pc} ${clock.join(' ')} ${gpr.join(' ')}`
}

export const surface: Surface = {
  small: 1500,

  prepare() {
    whole = create()
    sliced = create()
    initial = takeSnapshot(whole)
  },

  run(random) {
    const program = Array.from({ length: LENGTH }, () => randomInstruction(random))
    const seed = random.word()
    prepare(whole, program, seed)
    const a = run(whole, () => STEPS)
    if (random.chance(75)) return
    prepare(sliced, program, seed)
    const b = run(sliced, () => 1 + random.below(SLICE))
    if (a !== b) throw new Error(`in slices it ends with ${b}, not ${a}`)
    if (random.chance(8) && stateHash(whole) !== stateHash(sliced)) throw new Error('in slices memory is another')
  },
}
