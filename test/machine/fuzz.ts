// Random machines: code, registers, translations, timers, debug registers and serial input, all from one seed. Nothing
// sensible comes of it; it only has to be the same every time, however the run is cut, and never an exception.

import { readElf } from '../../src/elf/elf.ts'
import { variants } from '../../src/isa/decode.ts'
import { SPRS } from '../../src/isa/registers.ts'
import { Machine } from '../../src/machine/machine.ts'
import { restoreSnapshot, stateHash, takeSnapshot } from '../../src/machine/snapshot.ts'
import { writeElf } from '../support/elf.ts'
import { Random } from '../support/random.ts'

export const RAM = 1 << 20
export const CODE = 0x10000
export const CODE_BYTES = 0x8000

/** Mostly instructions there are, with random operands; some words that are anything. */
export function randomInstruction(random: Random): number {
  if (random.chance(4)) return random.word()
  const { pattern, oe, rc } = random.pick(variants())
  let word = (random.word() & ~pattern.mask) | pattern.match
  for (const [field, on] of [
    ['oe', oe],
    ['rc', rc],
  ] as const) {
    const place = pattern.fields[field]
    if (place === undefined) continue
    const bit = 1 << place.shift
    word = on ? word | bit : word & ~bit
  }
  return word
}

const WRITABLE = SPRS.filter(register => register.writable).map(register => register.number)

/** Addresses of RAM most of the time, so that programs get somewhere. */
const randomValue = (random: Random): number =>
  random.chance(70) ? random.below(RAM) & (random.chance(80) ? ~3 : ~0) : random.word()

function createMachine(random: Random): Machine {
  const code = new Uint8Array(CODE_BYTES)
  const view = new DataView(code.buffer)
  for (let i = 0; i < CODE_BYTES; i += 4) view.setInt32(i, randomInstruction(random))
  const machine = new Machine(
    { ramSize: RAM, core: random.chance(80) ? '440ep' : '440-nofpu', reset: 'boot' },
    readElf(writeElf(CODE, [{ address: CODE, bytes: code }])),
  )
  for (let i = 0; i < 40; i++) disturb(machine, random)
  for (let n = 0; n < 16; n++)
    machine.accept({ kind: 'register', name: `IVOR${n}`, value: CODE + (random.below(CODE_BYTES) & ~15) })
  machine.accept({ kind: 'register', name: 'IVPR', value: CODE & 0xffff0000 })
  return machine
}

/** Something from outside: what a user, a debugger or a probe could do. */
export function disturb(machine: Machine, random: Random): void {
  const { cpu } = machine
  switch (random.below(8)) {
    case 0:
      return machine.accept({ kind: 'uart', uart: random.below(2), data: [random.below(256)] })
    case 1:
      return machine.accept({ kind: 'unconditionalEvent' })
    case 2: {
      const [register] = [random.pick(WRITABLE)]
      const name = SPRS.find(({ number }) => number === register)!.name
      return machine.accept({ kind: 'register', name, value: randomValue(random) })
    }
    case 3:
      return machine.accept({ kind: 'register', name: 'MSR', value: random.word() & ~(random.chance(80) ? 0x30 : 0) })
    case 4:
      return machine.accept({ kind: 'memory', ea: CODE + (random.below(CODE_BYTES) & ~3), data: [random.below(256)] })
    case 5:
      if (!random.chance(10)) return
      cpu.state.tlb[random.below(47 * 4)] = random.word()
      return cpu.stateChanged()
    default:
      return machine.accept({ kind: 'register', name: `r${random.below(32)}`, value: randomValue(random) })
  }
}

/** Out of wherever it got stuck: back into the code, with everything mapped. */
function rescue(machine: Machine, random: Random): void {
  machine.accept({ kind: 'register', name: 'MSR', value: 0x1000 })
  machine.accept({ kind: 'register', name: 'DBCR0', value: 0 })
  machine.accept({ kind: 'register', name: 'MCSR', value: -1 })
  jump(machine, random)
}

function jump(machine: Machine, random: Random): void {
  machine.accept({ kind: 'register', name: 'PC', value: CODE + (random.below(CODE_BYTES) & ~3) })
  for (let i = 0; i < 8; i++) disturb(machine, random)
}

/** Instructions between two disturbances, and what a rescue counts as. */
const STRETCH = 400
const RESCUE = 50

/**
 * Runs the machine of `seed` for `steps` instructions or rescues.
 * @param cut how the run is divided, which must not matter; from its own sequence
 * @returns the hash of the end state
 */
export function fuzz(seed: number, steps: number, cut: 'whole' | 'sliced' | 'restored'): string {
  const random = new Random(seed)
  const cuts = new Random(~seed)
  let machine = createMachine(random)
  let spare = createMachine(new Random(seed))
  let rescues = 0
  let next = STRETCH
  const end = (): number => steps - RESCUE * rescues
  while (machine.retired < end()) {
    const left = Math.min(next, end()) - machine.retired
    const exit = machine.run({ budget: cut === 'whole' ? left : Math.min(left, 1 + cuts.below(STRETCH)) }).core
    machine.cpu.diagnostics.length = 0
    machine.inputs.length = 0
    if (cut === 'restored' && cuts.chance(5)) {
      restoreSnapshot(spare, takeSnapshot(machine))
      ;[machine, spare] = [spare, machine]
    }
    if (exit.kind !== 'budget') {
      rescues++
      rescue(machine, random)
    } else if (machine.retired >= next) {
      next = machine.retired + STRETCH
      jump(machine, random)
    }
  }
  return stateHash(machine)
}
