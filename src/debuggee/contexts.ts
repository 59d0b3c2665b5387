// Where conditions are judged, time and again at the same few instructions: what a frame there is made of is found out
// once, and from then on read from the registers as they are.

import type { Context } from '../expr/context.ts'
import type { Machine } from '../machine/machine.ts'
import { contextHere } from './evaluation.ts'
import type { Program } from './program.ts'

/** So many places are remembered; more breakpoints than that do not stop all the time. */
const MOST_PLACES = 256

export class Contexts {
  readonly #machine: Machine
  readonly #program: Program
  /** By file and address; undefined where a context has to be made anew each time. */
  readonly #known = new Map<string | undefined, Map<number, Context | undefined>>()

  constructor(machine: Machine, program: Program) {
    this.#machine = machine
    this.#program = program
  }

  /** As `contextHere` has it. */
  here(file?: string): Context {
    const pc = this.#machine.cpu.pc >>> 0
    let places = this.#known.get(file)
    if (places === undefined) this.#known.set(file, (places = new Map()))
    const known = places.get(pc)
    if (known !== undefined) return known
    const context = contextHere(this.#machine, this.#program, file)
    if (places.has(pc)) return context
    if (places.size >= MOST_PLACES) places.clear()
    places.set(pc, this.#lasting(context, file))
    return context
  }

  /** The same context for every time the program stands here: where call frame information finds the frame by a register. */
  #lasting(now: Context, file: string | undefined): Context | undefined {
    const { frame, pc } = now
    const rule = frame && this.#program.symbols.cfiAt(frame.pc)?.cfa
    if (frame === undefined || rule?.kind !== 'register' || rule.register >= GENERAL) return undefined
    const { gpr } = this.#machine.cpu.state
    const { register, offset } = rule
    const cfa = (): number => (gpr[register] + offset) >>> 0
    if (frame.cfa() !== cfa() || pc !== this.#machine.cpu.pc >>> 0) return undefined
    const anew = () => contextHere(this.#machine, this.#program, file).frame
    return {
      ...now,
      frame: {
        ...frame,
        cfa,
        register: number => (number < GENERAL ? gpr[number] >>> 0 : anew()?.register(number)),
        entryValue: what => anew()?.entryValue?.(what),
      },
      writeFrameRegister: () => false,
    }
  }
}

/** General registers are the DWARF numbers below this. */
const GENERAL = 32
