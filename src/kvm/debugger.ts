// What a debugger in user space does with the interface (QEMU's target/ppc/kvm.c): breakpoints by address, and going on
// from one. Not needed where a plan of its own decides over the comparators; here for those who use the layer alone.

import type { Reported } from '../cpu/request.ts'
import { DBSR_ICMP } from '../isa/registers.ts'
import {
  EEXIST,
  EINVAL,
  ENOBUFS,
  ENOENT,
  ENOSYS,
  KVM_GUESTDBG_ENABLE,
  KVM_GUESTDBG_SINGLESTEP,
  KVM_GUESTDBG_USE_HW_BP,
  KVM_GUESTDBG_USE_SW_BP,
  KVM_RUN,
  KVM_SET_GUEST_DEBUG,
  KVMPPC_BOOKE_DAC_NUM,
  KVMPPC_BOOKE_IAC_NUM,
  KVMPPC_DEBUG_BREAKPOINT,
  KVMPPC_DEBUG_WATCH_READ,
  KVMPPC_DEBUG_WATCH_WRITE,
  type KvmBreakpoint,
  type KvmRun,
} from './abi.ts'
import { reportedAfter } from './reported.ts'
import type { KvmVcpu } from './vcpu.ts'

export type BreakpointKind = 'software' | 'hardware' | 'write' | 'read' | 'access'

const TYPE = {
  hardware: KVMPPC_DEBUG_BREAKPOINT,
  write: KVMPPC_DEBUG_WATCH_WRITE,
  read: KVMPPC_DEBUG_WATCH_READ,
  access: KVMPPC_DEBUG_WATCH_READ | KVMPPC_DEBUG_WATCH_WRITE,
} as const

const OFF: KvmBreakpoint = { addr: 0, type: 0 }

const SLOTS = KVMPPC_BOOKE_IAC_NUM + KVMPPC_BOOKE_DAC_NUM

export class KvmDebugger {
  readonly vcpu: KvmVcpu
  /** bp[0-3] are IAC1-4, bp[4-5] DAC1-2. A slot keeps its breakpoint until that is removed. */
  readonly #slots: KvmBreakpoint[] = Array.from({ length: SLOTS }, () => OFF)
  /** Effective address of each software breakpoint, and the real one at which it was planted. */
  readonly #soft = new Map<number, number>()
  /** What has been reported of instructions that have not executed yet, and is not reported again. */
  #reported: readonly Reported[] = []

  constructor(vcpu: KvmVcpu) {
    this.vcpu = vcpu
  }

  /**
   * @returns 0, or -ENOBUFS: no comparator left, -EEXIST: there already, -ENOSYS: no such kind, -EINVAL: no memory to
   * plant it in.
   */
  insert(address: number, kind: BreakpointKind): number {
    if (kind === 'software') return this.#plant(address)
    const type: number | undefined = TYPE[kind]
    if (type === undefined) return -ENOSYS
    if (this.#find(address, type) >= 0) return -EEXIST
    const from = kind === 'hardware' ? 0 : KVMPPC_BOOKE_IAC_NUM
    const to = kind === 'hardware' ? KVMPPC_BOOKE_IAC_NUM : this.#slots.length
    const free = this.#slots.findIndex((slot, n) => slot.type === 0 && n >= from && n < to)
    if (free < 0) return -ENOBUFS
    this.#slots[free] = { addr: address, type }
    return 0
  }

  /** @returns 0, or -ENOENT. */
  remove(address: number, kind: BreakpointKind): number {
    if (kind === 'software') return this.#soft.delete(address) ? 0 : -ENOENT
    const n = this.#find(address, TYPE[kind])
    if (n < 0) return -ENOENT
    this.#slots[n] = OFF
    return 0
  }

  removeAll(): void {
    this.#slots.fill(OFF)
    this.#soft.clear()
  }

  /** Gives the facility back to the guest, and with it whatever the guest has pending there. */
  detach(): void {
    this.#reported = []
    this.vcpu.plant([])
    this.vcpu.ioctl(KVM_SET_GUEST_DEBUG, { control: 0, arch: { bp: [] } })
  }

  /** Runs on, at most `budget` instructions; past whatever has been reported where the guest stands. */
  continue(budget = Number.MAX_SAFE_INTEGER): KvmRun {
    const { cpu } = this.vcpu
    const end = cpu.retired + budget
    let run = this.#run(0, budget)
    // That a step is done may be told late, when the guest was left in its middle; it is no news any more.
    while (run.debug?.arch.dbsr === DBSR_ICMP) run = this.#run(0, end - cpu.retired)
    return run
  }

  /** Executes one instruction, without what has been reported at it, with everything else. */
  step(): KvmRun {
    return this.#run(KVM_GUESTDBG_SINGLESTEP, Number.MAX_SAFE_INTEGER)
  }

  #run(control: number, budget: number): KvmRun {
    const { run } = this.vcpu
    const all = control | KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP | KVM_GUESTDBG_USE_SW_BP
    this.vcpu.ioctl(KVM_SET_GUEST_DEBUG, { control: all, arch: { bp: this.#slots, ext: {} } })
    this.vcpu.plant([...this.#soft.values()])
    run.request = { budget, reported: this.#reported }
    this.vcpu.ioctl(KVM_RUN)
    this.#reported = reportedAfter(this.vcpu)
    return run
  }

  #plant(address: number): number {
    if (this.#soft.has(address)) return -EEXIST
    const real = this.vcpu.cpu.mmu.peek(address | 0)
    if (real === undefined) return -EINVAL
    this.#soft.set(address, real)
    return 0
  }

  #find(address: number, type: number): number {
    return this.#slots.findIndex(slot => slot.addr === address && slot.type === type)
  }
}
