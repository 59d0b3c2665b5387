// What an interrupt is about, in a sentence: the instruction, the address, the register bits that decide (user's manual
// chapter 6).

import { Ivor } from '../isa/interrupts.ts'
import { fieldsSet } from '../isa/register.ts'
import { ESR, MCSR, MSR, TLB2, TSR } from '../isa/registers.ts'
import type { Machine, MachineExit } from '../machine/machine.ts'
import { readRegister } from '../machine/registers.ts'
import { hex32 } from '../util/hex.ts'
import { instructionAt } from './instructionAt.ts'

/** An interrupt that is due. */
export type ExceptionExit = Extract<MachineExit, { kind: 'exception' }>

/** What its handler will find: `ESR = 0x00800000 (ST), DEAR = 0x00000010.` */
export function registersOf({ cause: { esr, dear } }: ExceptionExit): string[] {
  const bits = fieldsSet(ESR, esr ?? 0)
  const parts = [
    ...(esr === undefined ? [] : [`ESR = ${hex32(esr)}${bits.length === 0 ? '' : ` (${bits.join(', ')})`}`]),
    ...(dear === undefined ? [] : [`DEAR = ${hex32(dear)}`]),
  ]
  return parts.length === 0 ? [] : [`${parts.join(', ')}.`]
}

export function causeOf({ ivor, cause }: ExceptionExit, machine: Machine): string {
  const { pc } = machine.cpu
  const dear = cause.dear ?? 0
  const access = `${((cause.esr ?? 0) & ESR.mask.ST) === 0 ? 'load from' : 'store to'} ${hex32(dear)}`
  switch (ivor) {
    case Ivor.MACHINE_CHECK:
      return machineCheck(machine)
    case Ivor.DATA_STORAGE:
      if (((cause.esr ?? 0) & ESR.mask.DLK) !== 0)
        return `${instruction(machine)} could unlock a cache line, which MMUCR forbids in user state.`
      return `${instruction(machine)}: the ${access} is not permitted: ${permissions(machine, dear, 'DS')}.`
    case Ivor.DATA_TLB_ERROR:
      return `${instruction(machine)}: no TLB entry maps the address of the ${access} (${contextText(machine, 'DS')}).`
    case Ivor.INSTRUCTION_STORAGE:
      return `To execute ${hex32(pc)} is not permitted: ${permissions(machine, pc, 'IS')}.`
    case Ivor.INSTRUCTION_TLB_ERROR:
      return `No TLB entry maps ${hex32(pc)}, which is to be executed (${contextText(machine, 'IS')}).`
    case Ivor.ALIGNMENT:
      return `${instruction(machine)}: the ${access} is not aligned as it has to be.`
    case Ivor.PROGRAM:
      return `${instruction(machine)}: ${PROGRAM.find(([bit]) => ((cause.esr ?? 0) & bit) !== 0)?.[1] ?? 'an exception'}.`
    case Ivor.FP_UNAVAILABLE:
      return `${instruction(machine)}: floating point is not available while MSR[FP] = 0.`
    case Ivor.SYSTEM_CALL:
      return `The instruction before ${hex32(pc)} was sc.`
    case Ivor.DECREMENTER:
    case Ivor.FIXED_INTERVAL_TIMER:
    case Ivor.WATCHDOG_TIMER:
      return `${named(machine, TSR)}.`
    default:
      return `The interrupt controller asks for it before ${hex32(pc)}.`
  }
}

/** By the bit of ESR (p.187). */
const PROGRAM: readonly (readonly [bit: number, text: string])[] = [
  [ESR.mask.PIL, 'the core has no such instruction'],
  [ESR.mask.PPR, 'it is privileged, and MSR[PR] = 1'],
  [ESR.mask.PTR, 'its trap condition holds'],
  [ESR.mask.PUO, 'the core does not implement it'],
  [ESR.mask.FP, 'a floating-point exception that FPSCR enables'],
]

const register = ({ vcpu }: Machine, name: string): number => readRegister(vcpu, name) ?? 0

const instruction = (machine: Machine): string => instructionAt(machine, machine.cpu.pc >>> 0).text

function machineCheck(machine: Machine): string {
  const { cpu } = machine
  if (cpu.fetch.peek(cpu.pc) === undefined) return `There is no memory at ${hex32(cpu.pc)} to execute.`
  return `A ${cpu.lastBusError ?? 'machine check was recorded'}: ${named(machine, MCSR)}.`
}

function named(machine: Machine, which: typeof MCSR | typeof TSR): string {
  const value = register(machine, which.name)
  return `${which.name} = ${hex32(value)} (${fieldsSet(which, value).join(', ')})`
}

/** All that a translation depends on beside the address: `PID = 0, MSR[IS] = 0, MSR[DS] = 0, MSR[PR] = 0`. */
export function translationContext(machine: Machine): string {
  const user = (register(machine, 'MSR') & MSR.mask.PR) === 0 ? 0 : 1
  return `PID = ${register(machine, 'PID')}, MSR[IS] = ${space(machine, 'IS')}, MSR[DS] = ${space(machine, 'DS')}, MSR[PR] = ${user}`
}

/** Whose translations count. */
const contextText = (machine: Machine, bit: 'IS' | 'DS'): string =>
  `PID = ${register(machine, 'PID')}, MSR[${bit}] = ${space(machine, bit)}`

const space = (machine: Machine, bit: 'IS' | 'DS'): 0 | 1 => ((register(machine, 'MSR') & MSR.mask[bit]) === 0 ? 0 : 1)

const PERMISSIONS = ['UX', 'UW', 'UR', 'SX', 'SW', 'SR'] as const

/** `TLB entry 3 permits SX SR, and MSR[PR] = 0`. */
function permissions(machine: Machine, ea: number, bit: 'IS' | 'DS'): string {
  const { mmu } = machine.cpu
  const entry = mmu.search(ea, register(machine, 'PID'), space(machine, bit))
  const attributes = mmu.attributes(entry)
  const permitted = PERMISSIONS.filter(name => (attributes & TLB2.mask[name]) !== 0)
  const user = (register(machine, 'MSR') & MSR.mask.PR) === 0 ? 0 : 1
  return `TLB entry ${entry} permits ${permitted.join(' ') || 'nothing'}, and MSR[PR] = ${user}`
}
