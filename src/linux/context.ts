// The registers of a thread, into a context in its memory and back: of a signal handler's frame, or its own.

import type { Cpu } from '../cpu/cpu.ts'
import { packCr, unpackCr } from '../cpu/exec/cr.ts'
import { readXer, writeXer } from '../cpu/spr.ts'
import { Word } from '../cpu/state.ts'
import { Spr } from '../isa/registers.ts'
import { CCR, CTR, FPSCR, FREGS, LNK, MSR, NIP, UC_REGS, UC_SIGMASK, XER } from './signalFrame.ts'

/** @param view of struct mcontext */
export function saveRegisters(cpu: Cpu, view: DataView): void {
  const { gpr, words, spr, fpr } = cpu.state
  const greg = (n: number, value: number): void => view.setInt32(4 * n, value)
  for (let n = 0; n < 32; n++) greg(n, gpr[n])
  greg(NIP, words[Word.PC])
  greg(MSR, words[Word.MSR])
  greg(CTR, spr[Spr.CTR])
  greg(LNK, spr[Spr.LR])
  greg(XER, readXer(words))
  greg(CCR, packCr(cpu))
  for (let n = 0; n < 32; n++) view.setFloat64(FREGS + 8 * n, fpr[n])
  view.setInt32(FPSCR, words[Word.FPSCR])
}

/** MSR stays as it is: it is the kernel's. @param view of struct mcontext */
export function restoreRegisters(cpu: Cpu, view: DataView): void {
  const { gpr, words, spr, fpr } = cpu.state
  const greg = (n: number): number => view.getInt32(4 * n)
  for (let n = 0; n < 32; n++) gpr[n] = greg(n)
  cpu.pc = greg(NIP)
  spr[Spr.CTR] = greg(CTR)
  spr[Spr.LR] = greg(LNK)
  writeXer(words, greg(XER))
  unpackCr(cpu, greg(CCR), 0xff)
  for (let n = 0; n < 32; n++) fpr[n] = view.getFloat64(FREGS + 8 * n)
  words[Word.FPSCR] = view.getInt32(FPSCR)
}

/** The signals that a context blocks, and where its registers are. @param view of struct ucontext */
export function writeContext(view: DataView, registers: number, blocked: bigint): void {
  view.setUint32(UC_REGS, registers)
  view.setUint32(UC_SIGMASK, Number(blocked & 0xffffffffn))
  view.setUint32(UC_SIGMASK + 4, Number((blocked >> 32n) & 0xffffffffn))
}

export const contextMask = (view: DataView): bigint =>
  (BigInt(view.getUint32(UC_SIGMASK + 4)) << 32n) | BigInt(view.getUint32(UC_SIGMASK))
