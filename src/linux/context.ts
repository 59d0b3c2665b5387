// The registers of a process, into the frame of a signal handler and back.

import type { Cpu } from '../cpu/cpu.ts'
import { packCr, unpackCr } from '../cpu/exec/cr.ts'
import { readXer, writeXer } from '../cpu/spr.ts'
import { Word } from '../cpu/state.ts'
import { Spr } from '../isa/registers.ts'
import { CCR, CTR, FPSCR, FREGS, LNK, MSR, NIP, UC_MCONTEXT, UC_REGS, UC_SIGMASK, XER } from './signalFrame.ts'

/** @param address where `view` begins in the guest: the context points into itself. */
export function saveContext(cpu: Cpu, view: DataView, address: number, blocked: bigint): void {
  const { gpr, words, spr, fpr } = cpu.state
  const greg = (n: number, value: number): void => view.setInt32(UC_MCONTEXT + 4 * n, value)
  view.setUint32(UC_REGS, address + UC_MCONTEXT)
  view.setUint32(UC_SIGMASK, Number(blocked & 0xffffffffn))
  view.setUint32(UC_SIGMASK + 4, Number((blocked >> 32n) & 0xffffffffn))
  for (let n = 0; n < 32; n++) greg(n, gpr[n])
  greg(NIP, words[Word.PC])
  greg(MSR, words[Word.MSR])
  greg(CTR, spr[Spr.CTR])
  greg(LNK, spr[Spr.LR])
  greg(XER, readXer(words))
  greg(CCR, packCr(cpu))
  for (let n = 0; n < 32; n++) view.setFloat64(UC_MCONTEXT + FREGS + 8 * n, fpr[n])
  view.setInt32(UC_MCONTEXT + FPSCR, words[Word.FPSCR])
}

/** @returns the signals that are blocked again. MSR stays as it is: it is the kernel's. */
export function restoreContext(cpu: Cpu, view: DataView): bigint {
  const { gpr, words, spr, fpr } = cpu.state
  const greg = (n: number): number => view.getInt32(UC_MCONTEXT + 4 * n)
  for (let n = 0; n < 32; n++) gpr[n] = greg(n)
  cpu.pc = greg(NIP)
  spr[Spr.CTR] = greg(CTR)
  spr[Spr.LR] = greg(LNK)
  writeXer(words, greg(XER))
  unpackCr(cpu, greg(CCR), 0xff)
  for (let n = 0; n < 32; n++) fpr[n] = view.getFloat64(UC_MCONTEXT + FREGS + 8 * n)
  words[Word.FPSCR] = view.getInt32(UC_MCONTEXT + FPSCR)
  return (BigInt(view.getUint32(UC_SIGMASK + 4)) << 32n) | BigInt(view.getUint32(UC_SIGMASK))
}
