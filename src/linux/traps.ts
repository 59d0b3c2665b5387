// The interrupts with which a hosted core leaves its run: what a kernel does about system calls, TLB misses and faults.

import { Word } from '../cpu/state.ts'
import { Ivor } from '../isa/interrupts.ts'
import { ESR_FP, ESR_PTR, ESR_ST, Spr } from '../isa/registers.ts'
import { Signal } from './abi.ts'
import { emulateInstruction } from './emulate.ts'
import { floatCode } from './floatCode.ts'
import type { KernelExit } from './host.ts'
import type { Kernel } from './kernel.ts'
import { systemCall } from './systemCall.ts'
import { SERVICE } from './work.ts'

const SEGV_MAPERR = 1
const SEGV_ACCERR = 2
const ILL_ILLOPC = 1
const TRAP_BRKPT = 1
const BUS_ADRALN = 1
const BUS_ADRERR = 2

/** Serves the interrupt with which the core has left `run`. @returns why the run cannot go on, if it cannot. */
export function serve(kernel: Kernel, ivor: number): KernelExit | undefined {
  const { spr, words } = kernel.cpu.state
  const { space } = kernel.current.process
  kernel.work.charge(SERVICE)
  const pc = words[Word.PC]
  switch (ivor) {
    case Ivor.SYSTEM_CALL:
      return systemCall(kernel, undefined)
    case Ivor.DATA_TLB_ERROR:
      return paged(kernel, space.refill(spr[Spr.DEAR] >>> 0), spr[Spr.DEAR])
    case Ivor.INSTRUCTION_TLB_ERROR:
      return paged(kernel, space.refill(pc >>> 0), pc)
    case Ivor.DATA_STORAGE:
      return paged(
        kernel,
        (spr[Spr.ESR] & ESR_ST) !== 0 ? space.allowStore(spr[Spr.DEAR] >>> 0) : 'denied',
        spr[Spr.DEAR],
      )
    case Ivor.INSTRUCTION_STORAGE:
      return kernel.signals.fault(Signal.SIGSEGV, SEGV_ACCERR, pc)
    case Ivor.ALIGNMENT:
      return kernel.signals.fault(Signal.SIGBUS, BUS_ADRALN, spr[Spr.DEAR])
    case Ivor.PROGRAM:
      return program(kernel, spr[Spr.ESR], pc)
    case Ivor.MACHINE_CHECK:
      return kernel.signals.fault(Signal.SIGBUS, BUS_ADRERR, pc)
    default:
      return kernel.signals.fault(Signal.SIGILL, ILL_ILLOPC, pc)
  }
}

function paged(kernel: Kernel, outcome: 'done' | 'unmapped' | 'denied' | 'past' | 'full', address: number): undefined {
  if (outcome === 'done') return
  if (outcome === 'past') return kernel.signals.fault(Signal.SIGBUS, BUS_ADRERR, address)
  if (outcome === 'full') return outOfMemory(kernel)
  kernel.signals.fault(Signal.SIGSEGV, outcome === 'denied' ? SEGV_ACCERR : SEGV_MAPERR, address)
}

/** There is no frame for a page that is mapped: the process ends, as Linux chooses one then. */
function outOfMemory(kernel: Kernel): undefined {
  const { process } = kernel.current
  kernel.cpu.diagnoseOnce('memory is used up: the process that has touched more ends. Give the machine more "memory"')
  kernel.signals.kill(process, { signal: Signal.SIGKILL, code: 0, fields: [] })
}

function program(kernel: Kernel, esr: number, pc: number): undefined {
  if ((esr & ESR_PTR) !== 0) return kernel.signals.fault(Signal.SIGTRAP, TRAP_BRKPT, pc)
  if ((esr & ESR_FP) !== 0)
    return kernel.signals.fault(Signal.SIGFPE, floatCode(kernel.cpu.state.words[Word.FPSCR]), pc)
  if (emulateInstruction(kernel.cpu, kernel.current.process.memory.word(pc))) return undefined
  return kernel.signals.fault(Signal.SIGILL, ILL_ILLOPC, pc)
}
