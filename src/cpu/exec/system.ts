// Instructions that change how the core runs: MSR and the returns, system call and trap, special purpose and device
// control registers, context synchronisation.

import { Ivor } from '../../isa/interrupts.ts'
import { ESR_PIL, ESR_PPR, ESR_PTR, MSR_EE, MSR_PR, Spr } from '../../isa/registers.ts'
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

/** Device control registers have numbers of ten bits. */
const DCRS = 0x3ff

export function mfdcrx(cpu: Cpu, number: number): number {
  return mayIndexDcrs(cpu) ? mfdcr(cpu, number & DCRS) : 0
}

export function mtdcrx(cpu: Cpu, number: number, value: number): void {
  if (mayIndexDcrs(cpu)) mtdcr(cpu, number & DCRS, value)
}

/** A core without these instructions finds them illegal, which comes before what user state may not do (p.206). */
function mayIndexDcrs(cpu: Cpu): boolean {
  const isUser = (cpu.state.words[Word.MSR] & MSR_PR) !== 0
  if (cpu.indexedDcr && !isUser) return true
  cpu.raise(Ivor.PROGRAM, cpu.indexedDcr ? ESR_PPR : ESR_PIL)
  return false
}
