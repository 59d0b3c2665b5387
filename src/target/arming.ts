import {
  KVM_GUESTDBG_ENABLE,
  KVM_GUESTDBG_USE_HW_BP,
  KVM_SET_GUEST_DEBUG,
  KVMPPC_DEBUG_BREAKPOINT,
} from '../kvm/abi.ts'
import type { KvmVcpu } from '../kvm/vcpu.ts'
import { IAC_SLOTS, type Plan } from './slots.ts'

/**
 * Carries a plan to the debug layer: bp[n] is IACn+1. With nothing to arm the guest owns the debug facility, so that
 * a program that uses it itself works as on the part. `without`: an address to leave unarmed for now.
 */
export function arm(vcpu: KvmVcpu, plan: Plan, without?: number): void {
  const bp = IAC_SLOTS.map(slot => {
    const grant = plan.grants.find(g => g.slot === slot && g.address !== without)
    return grant === undefined ? { addr: 0, type: 0 } : { addr: grant.address, type: KVMPPC_DEBUG_BREAKPOINT }
  })
  const control = plan.grants.length > 0 ? KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP : 0
  const result = vcpu.ioctl(KVM_SET_GUEST_DEBUG, { control, arch: { bp } })
  if (result !== 0) throw new Error(`KVM_SET_GUEST_DEBUG refused a plan: ${result}`)
}
