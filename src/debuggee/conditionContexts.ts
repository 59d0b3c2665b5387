// Where conditions are judged, time and again at the same few instructions: what a frame there is made of is found out
// once, and from then on read from the registers as they are.

import type { Context, Live } from '../expr/context.ts'
import type { Machine } from '../machine/machine.ts'
import { peekNumber } from '../machine/memory.ts'
import type { FrameReaders } from '../symbols/scopes.ts'
import { fileName } from '../util/fileName.ts'
import { contextHere } from './evaluation.ts'
import type { Program } from './program.ts'

/** So many places are remembered; more breakpoints than that do not stop all the time. */
const MOST_PLACES = 256

export class ConditionContexts {
  readonly #machine: Machine
  readonly #program: Program
  /** By path and address. */
  readonly #known = new Map<string | undefined, Map<number, Context>>()

  constructor(machine: Machine, program: Program) {
    this.#machine = machine
    this.#program = program
  }

  /** As `contextHere` has it, for a breakpoint in the file at `path`; the same for every time the program stands here. */
  here(path?: string): Context {
    const { pc } = this.#machine.cpu
    let places = this.#known.get(path)
    if (places === undefined) this.#known.set(path, (places = new Map()))
    let context = places.get(pc)
    if (context === undefined) {
      if (places.size >= MOST_PLACES) places.clear()
      places.set(pc, (context = this.#lasting(path && fileName(path))))
    }
    return context
  }

  /** What is not in the general registers is found out anew each time. */
  #lasting(file: string | undefined): Context {
    const { cpu } = this.#machine
    const { gpr } = cpu.state
    const now = contextHere(this.#machine, this.#program, file)
    // Where a program stands there is a frame.
    const frame = now.frame!
    const anew = () => contextHere(this.#machine, this.#program, file).frame!
    const rule = this.#cfaRule(frame)
    const live: Live = { gpr, cfa: rule, peek: (address, size) => peekNumber(cpu, address, size) }
    return {
      ...now,
      live,
      frame: {
        ...frame,
        cfa: rule === undefined ? () => anew().cfa() : () => (gpr[rule.register] + rule.offset) >>> 0,
        register: number => (number < gpr.length ? gpr[number] >>> 0 : anew().register(number)),
        entryValue: what => anew().entryValue?.(what),
      },
      writeFrameRegister: () => false,
    }
  }

  /** The register that the canonical frame address is computed from here, where call frame information says so. */
  #cfaRule(frame: FrameReaders): Live['cfa'] {
    const { gpr } = this.#machine.cpu.state
    const rule = this.#program.symbols.cfiAt(frame.pc)?.cfa
    if (rule?.kind !== 'register' || rule.register >= gpr.length) return undefined
    const { register, offset } = rule
    return frame.cfa() === (gpr[register] + offset) >>> 0 ? { register, offset } : undefined
  }
}
