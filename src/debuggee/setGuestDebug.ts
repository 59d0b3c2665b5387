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
import { DAC_SLOTS, type DacSlot, type Grant, IAC_SLOTS, type IacSlot, type Slot } from './slots.ts'

/** A grant of DACs, the kind of access they look for, and the value of their DVC where one is asked for. */
export interface Watch {
  readonly grant: Grant<DacSlot>
  readonly access: 'read' | 'write' | 'readWrite'
  readonly value?: KvmDataValue
}

export interface Armed {
  readonly code?: readonly Grant<IacSlot>[]
  readonly watches?: readonly Watch[]
  /** Effective addresses of software breakpoints, as translation stands now. */
  readonly soft?: readonly number[]
  /** The facility is the debugger's also where nothing is armed. */
  readonly isHeld?: boolean
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
export function setGuestDebug(vcpu: KvmVcpu, { code = [], watches = [], soft = [], isHeld = false }: Armed): void {
  const watchOf = (slot: DacSlot): Watch | undefined => watches.find(({ grant }) => has(grant, slot))
  const grantOf = (slot: IacSlot): Grant<IacSlot> | undefined => code.find(grant => has(grant, slot))
  const iacs = IAC_SLOTS.map(slot => {
    const grant = grantOf(slot)
    return grant ? entry(grant, slot, KVMPPC_DEBUG_BREAKPOINT) : NOTHING
  })
  const dacs = DAC_SLOTS.map(slot => {
    const watch = watchOf(slot)
    return watch ? entry(watch.grant, slot, WATCH[watch.access]) : NOTHING
  })
  const hard = code.length + watches.length > 0 ? KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP : 0
  const held = isHeld ? KVM_GUESTDBG_ENABLE : 0
  const control = held | (soft.length > 0 ? hard | KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_SW_BP : hard)
  const ext = {
    ...(grantOf('IAC1')?.mode === 'range' && { iac12: 'inclusive' as const }),
    ...(grantOf('IAC3')?.mode === 'range' && { iac34: 'inclusive' as const }),
    ...(watchOf('DAC1')?.grant.mode === 'range' && { dac12: 'inclusive' as const }),
    dvc: [watchOf('DAC1')?.value, watchOf('DAC2')?.value] as const,
  }
  const result = vcpu.ioctl(KVM_SET_GUEST_DEBUG, { control, arch: { bp: [...iacs, ...dacs], ext } })
  if (result !== 0) throw new Error(`KVM_SET_GUEST_DEBUG refused a plan: ${result}`)
  vcpu.plant(soft.flatMap(address => vcpu.cpu.mmu.peek(address | 0) ?? []))
}

const has = <S extends Slot>({ slots }: Grant<S>, slot: S): boolean => slots.some(each => each === slot)

/** The first of a pair holds where its range begins, the second where it ends. */
function entry<S extends Slot>(grant: Grant<S>, slot: S, type: number): KvmBreakpoint {
  return { addr: grant.slots[1] === slot ? grant.high : grant.low, type }
}
