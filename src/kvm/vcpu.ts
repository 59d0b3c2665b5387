// A virtual CPU as user space has it: the ioctls of KVM that are about debugging.

import { Spr } from '../isa/registers.ts'
import {
  EBUSY,
  EINVAL,
  KVM_DEBUG_GUEST,
  KVM_GUESTDBG_ENABLE,
  KVM_GUESTDBG_USE_SW_BP,
  KVM_RUN,
  KVM_SET_GUEST_DEBUG,
  KVMPPC_INST_SW_BREAKPOINT,
  type KvmDebugGuest,
  type KvmGuestDebug,
} from './abi.ts'
import { fromKvmDebugGuest, kvmppc_guest_debug_regs } from './guestDebug.ts'
import { asGuest, kvmppc_vcpu_run } from './run.ts'
import { Vcpu } from './vcpuState.ts'

/**
 * A virtual CPU on the emulated core. The core executes the guest's privileged instructions directly; what is virtual
 * is the debug facility, which `KVM_RUN` takes from the host and gives back on every return.
 */
export class KvmVcpu extends Vcpu {
  /** Real addresses of software breakpoints. */
  #planted: readonly number[] = []
  #running = false

  ioctl(request: typeof KVM_SET_GUEST_DEBUG, dbg: KvmGuestDebug): number
  ioctl(request: typeof KVM_DEBUG_GUEST, dbg: KvmDebugGuest): number
  ioctl(request: typeof KVM_RUN): number
  ioctl(request: number, argument?: KvmGuestDebug | KvmDebugGuest): number {
    // The kernel would make the second caller wait; here it is the same thread, called back by a device.
    if (this.#running) return -EBUSY
    if (request === KVM_RUN) return this.#run()
    if (argument === undefined) return -EINVAL
    if (request === KVM_SET_GUEST_DEBUG && 'arch' in argument) return this.#setGuestDebug(argument)
    if (request === KVM_DEBUG_GUEST && !('arch' in argument)) return this.#setGuestDebug(fromKvmDebugGuest(argument))
    return -EINVAL
  }

  /**
   * A JTAG probe's request, which has no enable bit (p.237), on behalf of the guest: between two runs the hardware is the
   * host's. The guest's DBSR tells of it at once, a debugger's next run does.
   */
  requestUnconditionalEvent(): void {
    if (this.#running) this.cpu.requestUnconditionalEvent()
    else if (this.guest_debug !== 0) this.arch.ude_requested = true
    else asGuest(this, () => this.cpu.requestUnconditionalEvent())
  }

  /** The facility is a debugger's who arms nothing, or the guest's. Whoever has breakpoints sets them after this. */
  setOwner(owner: 'guest' | 'debugger'): void {
    const bp = Array.from({ length: 6 }, () => ({ addr: 0, type: 0 }))
    this.ioctl(KVM_SET_GUEST_DEBUG, { control: owner === 'debugger' ? KVM_GUESTDBG_ENABLE : 0, arch: { bp } })
  }

  /**
   * The real addresses at which fetch finds the trap word while KVM_GUESTDBG_USE_SW_BP is set. Loads, stores and the
   * debugger find memory as the guest has it.
   */
  plant(addresses: readonly number[]): void {
    this.#planted = [...addresses]
    this.#armTraps()
  }

  /** All or nothing: on -EINVAL the previous settings stay in force (I11). */
  #setGuestDebug(dbg: KvmGuestDebug): number {
    const reg = kvmppc_guest_debug_regs(dbg)
    if (reg === undefined) return -EINVAL
    this.arch.dbg_reg = reg
    const before = this.guest_debug
    this.guest_debug = (dbg.control & KVM_GUESTDBG_ENABLE) !== 0 ? dbg.control : 0
    if ((before === 0) !== (this.guest_debug === 0)) this.#traceOwner()
    // What a debugger's comparator latched is nothing to the guest, which now has the facility back.
    if (this.guest_debug === 0) this.arch.queued_dbsr = 0
    this.forgetReports()
    this.#armTraps()
    return 0
  }

  #traceOwner(): void {
    const { trace } = this.cpu.debug
    if (trace === undefined) return
    trace.owner = this.guest_debug !== 0 ? 'debugger' : 'guest'
    const guests = this.cpu.state.spr[Spr.DBSR]
    trace.note('owner', guests, guests)
  }

  #armTraps(): void {
    if ((this.guest_debug & KVM_GUESTDBG_USE_SW_BP) !== 0)
      this.cpu.fetch.setTraps(KVMPPC_INST_SW_BREAKPOINT, this.#planted)
    else this.cpu.fetch.setTraps(undefined, [])
  }

  #run(): number {
    this.#running = true
    try {
      return kvmppc_vcpu_run(this)
    } finally {
      this.#running = false
    }
  }
}
