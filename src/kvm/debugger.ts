// What a debugger in user space does with the interface (QEMU's target/ppc/kvm.c): breakpoints by address, and going on
// from one. Not needed where a plan of its own decides over the comparators; here for those who use the layer alone.

import { DBSR_EVENTS } from '../cpu/debug.ts'
import { DAC_BITS, IAC_BITS } from '../isa/comparators.ts'
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
  KVMPPC_BOOKE_IAC_NUM,
  KVMPPC_DEBUG_BREAKPOINT,
  KVMPPC_DEBUG_WATCH_READ,
  KVMPPC_DEBUG_WATCH_WRITE,
  type KvmBreakpoint,
  type KvmRun,
} from './abi.ts'
import type { KvmVcpu } from './vcpu.ts'

export type BreakpointKind = 'software' | 'hardware' | 'write' | 'read' | 'access'

const TYPE = {
  hardware: KVMPPC_DEBUG_BREAKPOINT,
  write: KVMPPC_DEBUG_WATCH_WRITE,
  read: KVMPPC_DEBUG_WATCH_READ,
  access: KVMPPC_DEBUG_WATCH_READ | KVMPPC_DEBUG_WATCH_WRITE,
} as const

const OFF: KvmBreakpoint = { addr: 0, type: 0 }

/** DBSR bits of each entry of bp[]. */
const EVENTS_OF = [...IAC_BITS, ...DAC_BITS]

interface Reported {
  readonly pc: number
  readonly retired: number
  /** DBSR bits of the comparators that did. */
  readonly events: number
  /** A software breakpoint did. */
  readonly soft: boolean
}

export class KvmDebugger {
  readonly vcpu: KvmVcpu
  /** bp[0-3] are IAC1-4, bp[4-5] DAC1-2. A slot keeps its breakpoint until that is removed. */
  readonly #slots: KvmBreakpoint[] = EVENTS_OF.map(() => OFF)
  /** Effective address of each software breakpoint, and the real one at which it was planted. */
  readonly #soft = new Map<number, number>()
  /** What has been reported at the instruction at PC, which therefore executes next without it. */
  #reported: Reported | undefined

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
    this.#reported = undefined
    this.vcpu.plant([])
    this.vcpu.ioctl(KVM_SET_GUEST_DEBUG, { control: 0, arch: { bp: [] } })
  }

  /** Runs on, at most `budget` instructions; past whatever has been reported where the guest stands. */
  continue(budget = Number.MAX_SAFE_INTEGER): KvmRun {
    const { cpu } = this.vcpu
    const end = cpu.retired + budget
    let run = this.#standing() !== undefined && budget > 0 ? this.step() : this.#run(0, budget)
    // That a step of our own is done is nobody's business. It may be told late, when the guest was left in its middle.
    while (run.debug?.arch.dbsr === DBSR_ICMP) run = this.#run(0, end - cpu.retired)
    return run
  }

  /** Executes one instruction, without what has been reported at it, with everything else. */
  step(): KvmRun {
    return this.#run(KVM_GUESTDBG_SINGLESTEP, Number.MAX_SAFE_INTEGER)
  }

  /** What has been reported at the instruction the guest still stands at. */
  #standing(): Reported | undefined {
    const { pc, retired } = this.vcpu.cpu
    return this.#reported?.pc === pc && this.#reported.retired === retired ? this.#reported : undefined
  }

  #run(control: number, budget: number): KvmRun {
    const { cpu, run } = this.vcpu
    this.#arm(control, this.#standing())
    run.budget = budget
    this.vcpu.ioctl(KVM_RUN)
    // What has been reported before at the same attempt stays so: an IAC, then a DAC of the same store.
    const { events, soft } = this.#standing() ?? { events: 0, soft: false }
    const dbsr = run.debug?.arch.dbsr
    const reported = {
      events: events | ((dbsr ?? 0) & DBSR_EVENTS & ~DBSR_ICMP),
      soft: soft || dbsr === 0,
    }
    this.#reported =
      reported.events !== 0 || reported.soft ? { pc: cpu.pc, retired: cpu.retired, ...reported } : undefined
    return run
  }

  /** Everything wanted, but for what has been reported where the guest stands. */
  #arm(control: number, { pc, events, soft }: Reported = { pc: 0, retired: 0, events: 0, soft: false }): void {
    const bp = this.#slots.map((slot, n) => ((EVENTS_OF[n] & events) === 0 ? slot : OFF))
    const all = control | KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP | KVM_GUESTDBG_USE_SW_BP
    this.vcpu.ioctl(KVM_SET_GUEST_DEBUG, { control: all, arch: { bp, ext: {} } })
    const here = soft ? this.vcpu.cpu.mmu.peek(pc) : undefined
    this.vcpu.plant([...this.#soft.values()].filter(real => real !== here))
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
