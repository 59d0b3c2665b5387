// The operating systems that the debugger knows when they are the program, and what each offers.

import type { Machine } from '../../machine/machine.ts'
import { contextHere, contextOf } from '../evaluation.ts'
import type { Program } from '../program.ts'
import type { Target } from '../target.ts'
import { FREERTOS } from './freertos.ts'
import { LINUX } from './linux.ts'
import type { System, SystemCommand, SystemPlace, SystemProcess, TaskList } from './system.ts'
import { UBOOT } from './uboot.ts'

/** A system is a file beside this one and a row here. */
const SYSTEMS: readonly System[] = [LINUX, FREERTOS, UBOOT]

export const SYSTEM_PLACES: readonly SystemPlace[] = SYSTEMS.flatMap(({ places }) => places)

export const SYSTEM_COMMANDS: readonly SystemCommand[] = SYSTEMS.flatMap(({ commands }) => commands)

const isSystem = (program: Program, { symbols }: System): boolean =>
  symbols.every(name => program.symbols.symbolNamed(name) !== undefined)

/** @param what is offered by it @returns why the program has nothing of it; undefined where it has */
export function whyNot(program: Program, what: SystemPlace | SystemCommand): string | undefined {
  const system = SYSTEMS.find(({ places, commands }) => [...places, ...commands].some(each => each === what))!
  if (isSystem(program, system)) return undefined
  return `This program is no ${system.name}: it has not the symbols ${system.symbols.join(' and ')}.`
}

const systems = new WeakMap<Program, System | undefined>()

/** The system that the program is. */
function systemOf(program: Program): System | undefined {
  if (!systems.has(program))
    systems.set(
      program,
      SYSTEMS.find(each => isSystem(program, each)),
    )
  return systems.get(program)
}

/** The tasks of the system that is the program; undefined where there are none now, or nothing is known of them. */
export const tasksOf = (machine: Machine, program: Program): TaskList | undefined =>
  systemOf(program)?.tasks?.(contextOf(machine, program, undefined))

/** Where the system that is the program has just loaded code, or is about to take it away, or to move itself. */
export function loadingPlaces(program: Program): readonly number[] {
  const system = systemOf(program)
  if (system?.loading === undefined || !(program.canLoad || system.move)) return []
  return system.loading.flatMap(name => program.symbols.symbolNamed(name)?.value ?? [])
}

/**
 * Learns what code the system that is the program has loaded, which program its process executes, and where it has moved
 * itself.
 * @returns whether breakpoints have other places than before
 */
export function learnLoaded(machine: Machine, program: Program): boolean {
  const system = systemOf(program)
  const context = contextOf(machine, program, undefined)
  const isMoved = program.moved(system?.move?.(context, program))
  const isLoaded = program.canLoad && program.load(system?.loaded?.(context) ?? [])
  return isMoved || isLoaded
}

/** The process on the core, of the system that is the program. */
export const processOf = (machine: Machine, program: Program): SystemProcess | undefined =>
  systemOf(program)?.process?.(contextOf(machine, program, undefined))

/** Where pages lie that no TLB entry maps now, by the tables of the system that is the program. */
export function pageTableOf(machine: Machine, program: Program): (ea: number) => number | undefined {
  let isWalking = false
  return ea => {
    // What the tables lie in is mapped, or nothing is known.
    if (isWalking) return undefined
    isWalking = true
    try {
      const real = systemOf(program)?.realAddress?.(contextOf(machine, program, undefined), ea >>> 0)
      return real === undefined ? undefined : machine.cpu.state.real.place(Number(real))
    } finally {
      isWalking = false
    }
  }
}

/** What a command of a system says; undefined for what is none. @throws UserError */
export function systemCommand({ machine, program }: Target, name: string): string | undefined {
  const command = SYSTEM_COMMANDS.find(each => each.name === name)
  if (command === undefined) return undefined
  const why = whyNot(program, command)
  return why === undefined ? command.run(contextHere(machine, program)) : `${why}\n`
}
