// Real programs, run twice: once as they are, once with breakpoints all over them, each stepped over. The guest must not
// be able to tell (I12).

import { Word } from '../../../src/cpu/state.ts'
import { KVM_EXIT_DEBUG, KVM_EXIT_HYPERCALL } from '../../../src/kvm/abi.ts'
import { KvmDebugger } from '../../../src/kvm/debugger.ts'
import type { Machine, MachineExit } from '../../../src/machine/machine.ts'
import { stateHash } from '../../../src/machine/snapshot.ts'

export interface Ending {
  readonly exit: MachineExit
  readonly retired: number
  readonly hash: string
}

/** A generator of numbers below `limit`, the same for the same seed (Park and Miller). */
export function random(seed: number): (limit: number) => number {
  let state = (seed % 2147483646) + 1
  return limit => {
    state = (state * 48271) % 2147483647
    return state % limit
  }
}

export interface Places {
  /** Addresses of instructions that were about to execute. */
  readonly code: readonly number[]
  /** Stack pointers at those moments. */
  readonly stacks: readonly number[]
}

/** Runs to the end, or `most` instructions, and looks now and then where the program is. */
export function runPlain(machine: Machine, most: number, next: (limit: number) => number): Ending & Places {
  const code: number[] = []
  const stacks: number[] = []
  const stride = Math.max(50, most / 5000)
  let exit: MachineExit = { kind: 'budget' }
  while (exit.kind === 'budget' && machine.retired < most) {
    exit = machine.run({ budget: Math.min(1 + next(stride), most - machine.retired) }).core
    code.push(machine.cpu.state.words[Word.PC]! >>> 0)
    stacks.push(machine.cpu.state.gpr[1]! >>> 0)
  }
  // Where it ends in a branch to itself it could be stepped for ever.
  const end = machine.cpu.state.words[Word.PC]! >>> 0
  return { ...endingOf(machine, exit), code: code.filter(pc => pc !== end), stacks }
}

/** Breakpoints in a loop have been seen often enough after so many hits; others take their place, so many times. */
const HITS = 300
const ROUNDS = 10

/** The same program under a debugger with four IACs, two DACs and eight trap words at such places. */
export function runDebugged(machine: Machine, most: number, places: Places, next: (limit: number) => number) {
  const debug = new KvmDebugger(machine.vcpu)
  const any = (of: readonly number[]): number => of[next(of.length)]!
  const insertAll = (): void => {
    debug.removeAll()
    for (let n = 0; n < 4; n++) debug.insert(any(places.code), 'hardware')
    for (let n = 0; n < 8; n++) debug.insert(any(places.code), 'software')
    debug.insert(any(places.stacks) + 4 * next(8), 'access')
    debug.insert(any(places.stacks) + 4 * next(8), 'write')
  }
  insertAll()
  const hits = { hardware: 0, software: 0, data: 0 }
  let exit: MachineExit | undefined = machine.linux?.proceed(ENDLESS)
  while (exit === undefined && machine.retired < most) {
    const run = debug.continue(most - machine.retired)
    const core = run.core!
    if (run.exit_reason === KVM_EXIT_DEBUG) {
      const { dbsr } = run.debug!.arch
      if (dbsr === 0) hits.software++
      else if ((dbsr & 0x00f00000) !== 0) hits.hardware++
      else hits.data++
      const all = hits.hardware + hits.software + hits.data
      if (all === HITS * ROUNDS) debug.removeAll()
      else if (all % HITS === 0) insertAll()
    } else if (run.exit_reason === KVM_EXIT_HYPERCALL && core.kind === 'kernel')
      exit = machine.linux!.serve(core.ivor) ?? machine.linux!.proceed(ENDLESS)
    else if (core.kind !== 'kernel') exit = core
  }
  debug.detach()
  return { ...endingOf(machine, exit ?? { kind: 'budget' }), hits }
}

/** Nothing but the core ends a run. */
const ENDLESS = { end: Number.POSITIVE_INFINITY, horizon: Number.POSITIVE_INFINITY }

function endingOf(machine: Machine, exit: MachineExit): Ending {
  return { exit, retired: machine.retired, hash: stateHash(machine) }
}
