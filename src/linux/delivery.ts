// A signal reaches its handler: the frame that is built for it, and how it is taken down again.

import type { Cpu } from '../cpu/cpu.ts'
import { Spr } from '../isa/registers.ts'
import { contextMask, restoreRegisters, saveRegisters, writeContext } from './context.ts'
import type { UserMemory } from './memory.ts'
import { CONTEXT, CONTEXT_BYTES, MCONTEXT_BYTES, SIGINFO, UC_MCONTEXT, UC_REGS, UC_STACK } from './signalFrame.ts'
import { type Action, bit, blockable, type Info, SA_NODEFER, SA_ONSTACK, siginfoWords } from './signals.ts'
import { NO_STACK, SS_DISABLE, SS_ONSTACK, type Thread } from './thread.ts'

/** Below the stack pointer there may be up to 224 bytes of a leaf's data. */
const RED_ZONE = 224

export interface Handling {
  readonly cpu: Cpu
  readonly memory: UserMemory
  readonly thread: Thread
  /** Where handlers return to. */
  readonly trampoline: number
}

/**
 * Builds the frame and goes to the handler: r3 the signal, r4 siginfo, r5 the context.
 * @throws CallError where the stack has no room for it
 */
export function enterHandler(handling: Handling, info: Info, { handler, flags, mask }: Action): void {
  const { cpu, memory, thread, trampoline } = handling
  const { gpr, spr } = cpu.state
  const sp = gpr[1] >>> 0
  const { start, size } = thread.altStack
  const other = (flags & SA_ONSTACK) !== 0 && size > 0 && !thread.isOnAltStack(sp)
  const context = ((other ? start + size : sp - RED_ZONE) - CONTEXT_BYTES) & ~15
  const frame = context - CONTEXT
  memory.bytes(frame, CONTEXT + CONTEXT_BYTES).fill(0)
  const view = memory.view(context, CONTEXT_BYTES)
  writeContext(view, (context >>> 0) + UC_MCONTEXT, thread.savedMask ?? thread.blocked)
  saveRegisters(cpu, memory.view(context + UC_MCONTEXT, MCONTEXT_BYTES))
  writeAltStack(view, UC_STACK, thread, sp)
  memory.setWord(frame, gpr[1])
  for (const [i, word] of siginfoWords(info).entries()) memory.setWord(frame + SIGINFO + 4 * i, word)
  gpr[1] = frame
  gpr[3] = info.signal
  gpr[4] = frame + SIGINFO
  gpr[5] = context
  spr[Spr.LR] = trampoline
  cpu.pc = handler
  thread.savedMask = undefined
  thread.blocked = blockable(thread.blocked | mask | ((flags & SA_NODEFER) !== 0 ? 0n : bit(info.signal)))
}

/** rt_sigreturn: everything as it was before the handler, r3 too. @throws CallError where r1 leads to no context. */
export function leaveHandler(handling: Omit<Handling, 'trampoline'>): void {
  const context = handling.cpu.state.gpr[1] + CONTEXT
  setContext(handling, context)
  setAltStack(handling.memory.viewToRead(context, CONTEXT_BYTES), UC_STACK, handling.thread)
}

/** Goes on as a context says, which may have its registers elsewhere. @throws CallError */
export function setContext({ cpu, memory, thread }: Omit<Handling, 'trampoline'>, context: number): void {
  const view = memory.viewToRead(context, UC_MCONTEXT)
  const registers = memory.viewToRead(view.getUint32(UC_REGS), MCONTEXT_BYTES)
  thread.blocked = blockable(contextMask(view))
  restoreRegisters(cpu, registers)
}

/** Where the registers of a context are that a program has laid out: aligned to 16 bytes, as the kernel does it. */
const registersIn = (context: number): number => ((context + UC_MCONTEXT) & ~15) >>> 0

/** Keeps what goes on now in a context. @throws CallError */
export function keepContext({ cpu, memory, thread }: Omit<Handling, 'trampoline'>, context: number): void {
  const registers = registersIn(context)
  saveRegisters(cpu, memory.view(registers, MCONTEXT_BYTES))
  writeContext(memory.view(context, UC_MCONTEXT), registers, thread.blocked)
}

/** struct sigaltstack: its start, its flags, its size. */
export function writeAltStack(view: DataView, at: number, { altStack }: Thread, sp: number): void {
  const { start, size } = altStack
  const isOn = size > 0 && sp - start > 0 && sp - start <= size
  view.setUint32(at, start)
  view.setUint32(at + 4, isOn ? SS_ONSTACK : size === 0 ? SS_DISABLE : 0)
  view.setUint32(at + 8, size)
}

export function setAltStack(view: DataView, at: number, thread: Thread): void {
  const [start, flags, size] = [view.getUint32(at), view.getUint32(at + 4), view.getUint32(at + 8)]
  thread.altStack = (flags & SS_DISABLE) !== 0 || size === 0 ? NO_STACK : { start, size, flags: 0 }
}
