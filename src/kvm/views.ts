// The same registers as four parties see them, side by side: what a register view shows when it wants to show it all.

import { Hw, Word } from '../cpu/state.ts'
import { MSR_DE, Spr } from '../isa/registers.ts'
import { DEBUG_REGS, readDebugReg } from './debugReg.ts'
import { shadowOf } from './shadow.ts'
import type { Vcpu } from './vcpuState.ts'

export interface DebugViews {
  /** Who has the facility while the guest runs. */
  readonly owner: 'guest' | 'debugger'
  readonly rows: readonly DebugViewRow[]
}

/** One register, unsigned. `undefined`: it says nothing about this party. */
export interface DebugViewRow {
  readonly name: string
  /** What the guest reads by mfspr and mfmsr. */
  readonly guest: number
  /** What the debugger has asked for; DBSR is that of its last exit. */
  readonly debugger: number | undefined
  /** What the comparators hold while the guest runs. */
  readonly running: number
  /** What the host kernel has there: between two runs, the hardware registers themselves. */
  readonly host: number
}

/** Good between two runs. Looking changes nothing. */
export function debugViews(vcpu: Vcpu): DebugViews {
  const { arch, cpu, host } = vcpu
  const { hw, spr, words } = cpu.state
  const owned = vcpu.guest_debug !== 0
  const guests = readDebugReg(spr, 'spr')
  const running = owned ? shadowOf(arch.dbg_reg, arch) : guests
  const hosts = readDebugReg(hw, 'hw')
  const configuration = DEBUG_REGS.map(({ name, get }) =>
    row(name, get(guests), owned ? get(arch.dbg_reg) : undefined, get(running), get(hosts)),
  )
  const pending = owned ? arch.queued_dbsr : spr[Spr.DBSR]
  const guestDe = words[Word.MSR] & MSR_DE
  return {
    owner: owned ? 'debugger' : 'guest',
    rows: [
      ...configuration,
      row('DBSR', spr[Spr.DBSR], owned ? arch.dbsr : undefined, pending, hw[Hw.DBSR]),
      row('MSR[DE]', guestDe, undefined, owned ? MSR_DE : guestDe, host.msr & MSR_DE),
    ],
  }
}

const row = (name: string, guest: number, asked: number | undefined, running: number, host: number): DebugViewRow => ({
  name,
  guest: guest >>> 0,
  debugger: asked === undefined ? undefined : asked >>> 0,
  running: running >>> 0,
  host: host >>> 0,
})
