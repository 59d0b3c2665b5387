// The swap of the debug facility around a run of the guest. One set of hardware registers, three parties: the host
// kernel, the user-space debugger and the guest. Only one of the last two has the facility while the guest runs.

import type { Cpu } from '../cpu/cpu.ts'
import { Hw } from '../cpu/state.ts'
import { MSR_CE, MSR_DE, MSR_DS, MSR_EE, MSR_IS, MSR_ME, MSR_PR, Spr } from '../isa/registers.ts'
import type { DebugReg } from './abi.ts'
import type { KvmVcpu } from './vcpu.ts'

/** MSR bits that are 1 while a guest runs, whatever the guest's own MSR says (booke_interrupts.S). */
export const KVMPPC_MSR_MASK = MSR_CE | MSR_EE | MSR_PR | MSR_DE | MSR_ME | MSR_IS | MSR_DS

/** Reads DBSR and writes back exactly what was read: a bit that latched in between survives. Returns it. */
export function kvmppc_clear_dbsr(cpu: Cpu): number {
  const dbsr = cpu.state.hw[Hw.DBSR]
  cpu.state.hw[Hw.DBSR] &= ~dbsr
  return dbsr
}

/**
 * Before the guest: DE off, the host's whole set saved, used or not, then the owner's set written, the enables last.
 * What latched in DBSR up to here belongs to the host: it is cleared and remembered by name.
 */
export function kvmppc_core_load_guest_debugstate(vcpu: KvmVcpu): void {
  const { arch, cpu } = vcpu
  const { hw, spr } = cpu.state
  arch.host_msr = vcpu.host.msr
  vcpu.host.msr &= ~MSR_DE
  arch.host_dbg_reg = readHardware(hw)
  const owned = vcpu.guest_debug !== 0
  writeHardware(hw, owned ? arch.dbg_reg : guestDebugReg(spr))
  arch.discarded_before_entry |= kvmppc_clear_dbsr(cpu)
  hw[Hw.OWNED] = owned ? 1 : 0
  hw[Hw.SHADOW] = owned ? KVMPPC_MSR_MASK : 0
  // The guest's own pending events come back with the facility.
  if (!owned) hw[Hw.DBSR] = spr[Spr.DBSR]
  cpu.debugChanged()
}

/** After the guest: what the guest changed of its own goes back to it, then the host's set, DBCR0 last, then MSR. */
export function kvmppc_core_load_host_debugstate(vcpu: KvmVcpu): void {
  const { arch, cpu } = vcpu
  const { hw, spr } = cpu.state
  if (hw[Hw.OWNED] === 0) {
    storeGuestDebugReg(spr, readHardware(hw))
    spr[Spr.DBSR] = hw[Hw.DBSR]
  }
  kvmppc_clear_dbsr(cpu)
  hw[Hw.SHADOW] = 0
  writeHardware(hw, arch.host_dbg_reg)
  hw[Hw.OWNED] = 1
  vcpu.host.msr = arch.host_msr
}

function readHardware(hw: Int32Array): DebugReg {
  return {
    dbcr0: hw[Hw.DBCR0],
    dbcr1: hw[Hw.DBCR1],
    dbcr2: hw[Hw.DBCR2],
    iac: [hw[Hw.IAC1], hw[Hw.IAC2], hw[Hw.IAC3], hw[Hw.IAC4]],
    dac: [hw[Hw.DAC1], hw[Hw.DAC2]],
    dvc: [hw[Hw.DVC1], hw[Hw.DVC2]],
  }
}

/** DBCR0 is cleared first and written last, so that no enable ever meets an address that is not its own (R15). */
function writeHardware(hw: Int32Array, reg: DebugReg): void {
  hw[Hw.DBCR0] = 0
  hw.set(reg.iac, Hw.IAC1)
  hw.set(reg.dac, Hw.DAC1)
  hw.set(reg.dvc, Hw.DVC1)
  hw[Hw.DBCR1] = reg.dbcr1
  hw[Hw.DBCR2] = reg.dbcr2
  hw[Hw.DBCR0] = reg.dbcr0
}

/** guest_dbg_reg: what the guest believes. It lives at the SPR numbers of the guest's state. */
export function guestDebugReg(spr: Int32Array): DebugReg {
  return {
    dbcr0: spr[Spr.DBCR0],
    dbcr1: spr[Spr.DBCR1],
    dbcr2: spr[Spr.DBCR2],
    iac: [spr[Spr.IAC1], spr[Spr.IAC2], spr[Spr.IAC3], spr[Spr.IAC4]],
    dac: [spr[Spr.DAC1], spr[Spr.DAC2]],
    dvc: [spr[Spr.DVC1], spr[Spr.DVC2]],
  }
}

function storeGuestDebugReg(spr: Int32Array, reg: DebugReg): void {
  spr[Spr.DBCR0] = reg.dbcr0
  spr[Spr.DBCR1] = reg.dbcr1
  spr[Spr.DBCR2] = reg.dbcr2
  spr.set(reg.iac, Spr.IAC1)
  spr.set(reg.dac, Spr.DAC1)
  spr.set(reg.dvc, Spr.DVC1)
}
