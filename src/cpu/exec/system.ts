// Instructions that change how the core runs: MSR and the returns, system call and trap, special purpose and device
// control registers, context synchronisation.

import { Ivor } from '../../isa/interrupts.ts'
import { ESR_PTR, MSR_EE, Spr } from '../../isa/registers.ts'
import type { Cpu } from '../cpu.ts'
import { Attention, Word } from '../state.ts'

export function mtmsr(cpu: Cpu, value: number): void {
  cpu.setMsr(value)
}

/** wrtee, wrteei */
export function wrtee(cpu: Cpu, ee: number): void {
  cpu.setMsr((cpu.state.words[Word.MSR] & ~MSR_EE) | (ee & MSR_EE))
}

export const rfi = (cpu: Cpu): number => leaveInterrupt(cpu, Spr.SRR0, Spr.SRR1)
export const rfci = (cpu: Cpu): number => leaveInterrupt(cpu, Spr.CSRR0, Spr.CSRR1)
export const rfmci = (cpu: Cpu): number => leaveInterrupt(cpu, Spr.MCSRR0, Spr.MCSRR1)

/** @returns the address to go on at */
function leaveInterrupt(cpu: Cpu, address: number, msr: number): number {
  const { spr } = cpu.state
  cpu.setMsr(spr[msr])
  cpu.synchronise()
  const pc = spr[address] & ~3
  cpu.returned(pc)
  return pc
}

export function isync(cpu: Cpu): void {
  cpu.synchronise()
}

/** sc: the instruction completes, and a System Call interrupt follows. */
export function syscall(cpu: Cpu): void {
  cpu.state.words[Word.ATTENTION] |= Attention.SYSCALL
}

/** tw and twi whose condition holds. */
export function trap(cpu: Cpu): void {
  cpu.raise(Ivor.PROGRAM, ESR_PTR)
}

export const mfdcr = (cpu: Cpu, number: number): number => cpu.dcr.read(number)

export function mtdcr(cpu: Cpu, number: number, value: number): void {
  cpu.dcr.write(number, value >>> 0)
}
