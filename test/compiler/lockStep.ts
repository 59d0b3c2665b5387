// The interpreter and the compiler beside each other on one program, cut at the same random places: everything a guest
// or a debugger could see has to be the same at every cut.

import { CompilingEngine } from '../../src/compiler/engine.ts'
import { TOUCHED_SHIFT } from '../../src/cpu/state.ts'
import { readElf } from '../../src/elf/elf.ts'
import { Machine } from '../../src/machine/machine.ts'
import { stateHash } from '../../src/machine/snapshot.ts'
import { Random } from '../support/random.ts'
import { RAM, randomProgram } from './programs.ts'

/**
 * What is compared with the interpreter: what compiles at the second meeting, what compiles nothing and has the loop of
 * WebAssembly from the beginning, and what has that and compiles what is met some hundred times.
 */
export const TRIALS = {
  compiler: { threshold: 1, loopAfter: 100_000, thresholdInLoop: 1, inParts: false },
  loop: { threshold: 60_000, loopAfter: 0, thresholdInLoop: 60_000, inParts: true },
  both: { threshold: 300, loopAfter: 0, thresholdInLoop: 300, inParts: true },
} as const
export type Trial = keyof typeof TRIALS

/** The machine executes by that from now on. */
export function tryOn({ cpu }: Machine, trial: Trial): void {
  Object.defineProperty(cpu, 'engine', { value: new CompilingEngine(cpu, { name: trial, ...TRIALS[trial] }) })
}

/** @returns what differs first, or undefined, and how many instructions both have executed */
export function lockStep(
  seed: number,
  steps: number,
  trial: Trial = 'compiler',
): { readonly difference: string | undefined; readonly retired: number } {
  const random = new Random(seed)
  const elf = readElf(randomProgram(random))
  const strict = random.chance(15)
  const machine = (): Machine =>
    new Machine({ ramSize: RAM, core: '440ep', reset: 'boot', strict, engine: 'interpreter' }, elf)
  const [left, right] = [machine(), machine()]
  tryOn(right, trial)
  const untold = [left, right].map(untoldWrites)
  for (let cut = 0; left.retired < steps; cut++) {
    const budget = 1 + random.below(random.pick([10, 200, 3000, 20_000]))
    const exits = [left, right].map(each => each.run({ budget }).core)
    const difference = differenceOf(left, right) ?? (exits[0]!.kind !== exits[1]!.kind ? 'why it stopped' : undefined)
    const deep = cut % 32 === 0 ? (hashesDiffer(left, right) ?? untold[0]!() ?? untold[1]!()) : undefined
    if ((difference ?? deep) !== undefined)
      return { difference: `${difference ?? deep} at cut ${cut}`, retired: left.retired }
    if (exits[0]!.kind !== 'budget') break
    if (random.chance(10)) {
      const [a, b] = [new Random(seed + cut), new Random(seed + cut)]
      disturb(left, a)
      disturb(right, b)
    }
  }
  const difference = stateHash(left) === stateHash(right) ? undefined : 'the state at the end'
  return { difference, retired: left.retired }
}

const hashesDiffer = (left: Machine, right: Machine): string | undefined =>
  stateHash(left) === stateHash(right) ? undefined : 'the state'

/** Asked again and again: a page that has been written, and `touched` does not tell of it. */
function untoldWrites({ cpu: { state } }: Machine): () => string | undefined {
  const memory = state.saved[1]!
  const page = 1 << TOUCHED_SHIFT
  let before = memory.slice()
  state.touched.fill(0)
  return () => {
    const changed = memory.findIndex((byte, i) => byte !== before[i] && state.touched[i >>> TOUCHED_SHIFT] === 0)
    before = memory.slice()
    state.touched.fill(0)
    return changed < 0
      ? undefined
      : `a write to page 0x${(changed - (changed % page)).toString(16)} that nobody is told of`
  }
}

function differenceOf(left: Machine, right: Machine): string | undefined {
  const [a, b] = [left.cpu, right.cpu]
  if (left.retired !== right.retired) return `instructions: ${left.retired}, ${right.retired}`
  if (a.pc !== b.pc) return `PC: ${(a.pc >>> 0).toString(16)}, ${(b.pc >>> 0).toString(16)}`
  for (const part of ['gpr', 'cr', 'fprWords', 'spr', 'hw', 'clock', 'tlb'] as const) {
    const at = a.state[part].findIndex((value, i) => !Object.is(value, b.state[part][i]))
    if (at >= 0) return `${part}[${at}]: ${a.state[part][at]}, ${b.state[part][at]}`
  }
  for (const word of [1, 2, 3, 4, 5, 6, 7, 8]) // MSR to RESERVATION
    if (a.state.words[word] !== b.state.words[word])
      return `words[${word}]: ${a.state.words[word]}, ${b.state.words[word]}`
  const [said, heard] = [a, b].map(cpu => cpu.diagnostics.map(({ at, pc, text }) => `${at} ${pc} ${text}`))
  const at = said!.findIndex((line, i) => line !== heard![i])
  return at >= 0 || said!.length !== heard!.length ? `diagnostics: ${said![at]}, ${heard![at]}` : undefined
}

/** What happens in between. */
function disturb(machine: Machine, random: Random): void {
  // A small page with other permissions, or other real addresses, over the large one; and away again.
  if (random.chance(11)) mapPage(machine, random)
  else arriveAt(machine, random)
}

/** What a user, a debugger or a probe does: it is in the log of inputs. */
export function arriveAt(machine: Machine, random: Random): void {
  const register = (name: string, value: number): void => machine.accept({ kind: 'register', name, value })
  switch (random.below(8)) {
    case 0:
      return machine.accept({ kind: 'uart', uart: 0, data: [random.below(256)] })
    case 1:
      return machine.accept({ kind: 'memory', ea: 0x10400 + 4 * random.below(600), data: [random.below(256)] })
    case 2:
      return register('XER', random.pick([0, 0x80000000, 0xe0000000]))
    case 3:
      return register('PID', random.below(4))
    case 4:
      register(random.pick(['IAC1', 'IAC2']), 0x10400 + 4 * random.below(600))
      return register('DBCR0', 0x40000000 | (random.word() & 0x0cc00000))
    case 5:
      register(random.pick(['DAC1', 'DAC2']), 0x40000 + random.below(0x2000))
      return register('DBCR0', 0x40000000 | (random.word() & 0x000f0000))
    case 6:
      return register('DBCR0', 0)
    default:
      return register(`r${3 + random.below(10)}`, random.word())
  }
}

function mapPage({ cpu }: Machine, random: Random): void {
  const entry = random.below(4)
  const page = random.pick([0x40000, 0x41000, 0x11000, 0x12000])
  const { tlb } = cpu.state
  const sizes = [0x10, 0x10, 0x00]
  tlb[4 * entry] = random.chance(60) ? page | 0x200 | random.pick(sizes) : 0
  tlb[4 * entry + 1] = random.chance(70) ? page : 0x43000
  tlb[4 * entry + 2] = random.chance(70) ? 0x3f : random.below(64) | 0x24
  if (random.chance(10)) tlb[4 * entry + 2]! |= 0x80
  tlb[4 * entry + 3] = random.below(3)
  cpu.stateChanged()
}
