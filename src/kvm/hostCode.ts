// Host code, executed where it matters: the way into the guest and out of it is a list of instructions, each at its own
// address, each fetched through the real IAC comparators. A comparator that matches one of them is the host's event: it
// must neither be lost nor reach the guest (R10, R11, I7).

import { DBSR_EVENTS } from '../cpu/debug.ts'
import { Hw, Word } from '../cpu/state.ts'
import { fieldsSet } from '../isa/register.ts'
import { DBSR } from '../isa/registers.ts'
import { hex32 } from '../util/hex.ts'
import type { Vcpu } from './vcpuState.ts'

export interface HostInsn {
  /** As a disassembler would show it. */
  readonly text: string
  /** What it does, where that concerns the debug facility. */
  readonly does?: (vcpu: Vcpu) => void
}

export interface HostRoutine {
  readonly name: string
  readonly address: number
  readonly insns: readonly HostInsn[]
}

export const insn = (text: string, does?: HostInsn['does']): HostInsn =>
  does === undefined ? { text } : { text, does }

/** Executes `routine`. With nothing armed that could match host code, nothing is compared. */
export function execute(vcpu: Vcpu, routine: HostRoutine): void {
  if (!vcpu.host.watched) {
    for (const { does } of routine.insns) does?.(vcpu)
    return
  }
  const { words } = vcpu.cpu.state
  for (const [n, { does }] of routine.insns.entries()) {
    words[Word.PC] = routine.address + 4 * n
    fetch(vcpu, routine, n)
    does?.(vcpu)
    // DE may just have been set with something latched.
    if (vcpu.cpu.debug.pending) takeDebugInterrupt(vcpu, `after ${placeOf(routine, n)}`)
  }
}

function fetch(vcpu: Vcpu, routine: HostRoutine, n: number): void {
  const { cpu, host } = vcpu
  const { hw } = cpu.state
  const before = hw[Hw.DBSR]
  const outcome = cpu.debug.instructionAddress(routine.address + 4 * n)
  if (hw[Hw.DBSR] !== before) host.latchedAt = placeOf(routine, n)
  if (outcome !== 'continue') takeDebugInterrupt(vcpu, `at ${placeOf(routine, n)}`)
}

/** The host's own Debug interrupt: its handler acknowledges what it finds and steps past the instruction. */
function takeDebugInterrupt(vcpu: Vcpu, where: string): void {
  const dbsr = kvmppc_clear_dbsr(vcpu)
  vcpu.host.taken |= dbsr & DBSR_EVENTS
  vcpu.report(`host: Debug interrupt ${where}: ${fieldsSet(DBSR, dbsr).join(', ')}`)
}

/** `0xc0001080 (kvmppc_core_load_guest_debugstate+0x80)` */
const placeOf = ({ name, address }: HostRoutine, n: number): string =>
  `${hex32(address + 4 * n)} (${name}+0x${(4 * n).toString(16)})`

/** Reads DBSR and writes back exactly what was read: a bit that latched in between survives (R2). Returns it. */
function kvmppc_clear_dbsr(vcpu: Vcpu): number {
  const { debug, state } = vcpu.cpu
  const dbsr = state.hw[Hw.DBSR]
  debug.acknowledge(dbsr)
  return dbsr
}
