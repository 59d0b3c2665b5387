// The registers of a process as a signal handler finds them: struct ucontext and struct mcontext of 32-bit PowerPC
// (arch/powerpc/include/uapi/asm/ucontext.h of the kernel).

import type { Cpu } from '../cpu/cpu.ts'
import { packCr, unpackCr } from '../cpu/exec/cr.ts'
import { readXer, writeXer } from '../cpu/spr.ts'
import { Word } from '../cpu/state.ts'
import { Spr } from '../isa/registers.ts'

/** Offsets in struct ucontext. */
const UC_REGS = 48
const UC_SIGMASK = 52
const UC_MCONTEXT = 192
/** Indices into mc_gregs; 0 to 31 are the general registers. */
const NIP = 32
const MSR = 33
const CTR = 35
const LNK = 36
const XER = 37
const CCR = 38
const FREGS = UC_MCONTEXT + 4 * 48

/** Bytes of a context, as far as it is filled; without vector registers. */
export const CONTEXT_BYTES = FREGS + 8 * 33 + 8

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
  for (let n = 0; n < 32; n++) view.setFloat64(FREGS + 8 * n, fpr[n])
  view.setInt32(FREGS + 8 * 32 + 4, words[Word.FPSCR])
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
  for (let n = 0; n < 32; n++) fpr[n] = view.getFloat64(FREGS + 8 * n)
  words[Word.FPSCR] = view.getInt32(FREGS + 8 * 32 + 4)
  return (BigInt(view.getUint32(UC_SIGMASK + 4)) << 32n) | BigInt(view.getUint32(UC_SIGMASK))
}
