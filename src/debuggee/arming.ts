// Carries a plan to the debug layer: which comparator holds what, in the terms of KVM_SET_GUEST_DEBUG.

import {
  KVM_GUESTDBG_ENABLE,
  KVM_GUESTDBG_USE_HW_BP,
  KVM_GUESTDBG_USE_SW_BP,
  KVM_SET_GUEST_DEBUG,
  KVMPPC_DEBUG_BREAKPOINT,
  KVMPPC_DEBUG_WATCH_READ,
  KVMPPC_DEBUG_WATCH_WRITE,
  type KvmBreakpoint,
  type KvmDataValue,
} from '../kvm/abi.ts'
import type { KvmVcpu } from '../kvm/vcpu.ts'
import { DAC_SLOTS, type DacSlot, IAC_SLOTS, type IacSlot, type Plan } from './slots.ts'

/** A data breakpoint that holds a DAC, and its DVC where a value is asked for. */
export interface WatchGrant {
  readonly slot: DacSlot
  readonly address: number
  readonly access: 'read' | 'write' | 'readWrite'
  readonly value?: KvmDataValue
}

/** What is armed besides the exact IACs of a plan. */
export interface Others {
  readonly watches?: readonly WatchGrant[]
  /** Effective addresses of software breakpoints, as translation stands now. */
  readonly soft?: readonly number[]
}

const NOTHING: KvmBreakpoint = { addr: 0, type: 0 }

const WATCH = {
  read: KVMPPC_DEBUG_WATCH_READ,
  write: KVMPPC_DEBUG_WATCH_WRITE,
  readWrite: KVMPPC_DEBUG_WATCH_READ | KVMPPC_DEBUG_WATCH_WRITE,
} as const

/**
 * bp[n] is IACn+1, bp[4 + n] DACn+1. With nothing to arm the guest owns the debug facility, so that a program that uses
 * it itself works as on the part.
 */
export function arm(vcpu: KvmVcpu, plan: Plan<IacSlot>, { watches = [], soft = [] }: Others = {}): void {
  const iacs = IAC_SLOTS.map(slot => {
    const grant = plan.grants.find(g => g.slot === slot)
    return grant === undefined ? NOTHING : { addr: grant.address, type: KVMPPC_DEBUG_BREAKPOINT }
  })
  const granted = DAC_SLOTS.map(slot => watches.find(watch => watch.slot === slot))
  const dacs = granted.map(watch =>
    watch === undefined ? NOTHING : { addr: watch.address, type: WATCH[watch.access] },
  )
  const hard = plan.grants.length + watches.length > 0 ? KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP : 0
  const control = soft.length > 0 ? hard | KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_SW_BP : hard
  const ext = { dvc: [granted[0]?.value, granted[1]?.value] } as const
  const result = vcpu.ioctl(KVM_SET_GUEST_DEBUG, { control, arch: { bp: [...iacs, ...dacs], ext } })
  if (result !== 0) throw new Error(`KVM_SET_GUEST_DEBUG refused a plan: ${result}`)
  vcpu.plant(soft.flatMap(address => vcpu.cpu.mmu.peek(address | 0) ?? []))
}
