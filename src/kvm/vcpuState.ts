// What KVM keeps of a virtual CPU: struct kvm_vcpu, as far as debugging goes. The calls that act on it are in vcpu.ts.

import type { Cpu } from '../cpu/cpu.ts'
import { Hw } from '../cpu/state.ts'
import { MSR_CE, MSR_EE, MSR_ME } from '../isa/registers.ts'
import { KVM_EXIT_UNKNOWN, type KvmRun } from './abi.ts'
import { clearDebugReg, type DebugReg } from './debugReg.ts'

interface VcpuArch {
  /** The guest's PC and MSR while host code executes. */
  pc: number
  msr: number
  /** What the user-space debugger wants in the registers while the guest runs. */
  dbg_reg: DebugReg
  /** The owner's set as it stands in the hardware while host code executes around the guest. */
  shadow_dbg_reg: DebugReg
  /** The host kernel's own set and MSR, saved while the guest runs. */
  host_dbg_reg: DebugReg
  host_msr: number
  /** DBSR of the last debug exit. */
  dbsr: number
  /** Events of the debugger's that latched as the guest was left for another reason; the next entry brings them back. */
  queued_dbsr: number
  /** A probe asks for the unconditional event as soon as the guest runs. */
  ude_requested: boolean
  /** The instruction at CSRR0 of the last debug exit (R13); undefined where it cannot be fetched. */
  last_inst: number | undefined
  /** Every event that latched before the guest was entered and was therefore the host's (R10, R11). */
  discarded_before_entry: number
  /** Guest comparators match host code too, as in the code of 2008. To show what the qualifiers are good for. */
  unqualified: boolean
}

/** The host kernel, as far as the debug facility can tell. Its debug registers are the hardware's between two runs. */
interface Host {
  msr: number
  /** Events for which the host took a Debug interrupt of its own on the way into the guest or out of it. */
  taken: number
  /** Some comparator could match host code during this run, so its instructions are fetched through them. */
  watched: boolean
  /** Where the host's code was when DBSR last changed beneath it. */
  latchedAt: string
  /** The register in which DBSR travels from mfspr to mtspr. */
  r3: number
}

/** What is kept of a virtual CPU in a snapshot, as plain data. */
export interface SavedVcpu {
  readonly guest_debug: number
  readonly arch: VcpuArch
  readonly host: Host
}

/** struct kvm_vcpu. */
export class Vcpu {
  readonly cpu: Cpu
  readonly run: KvmRun = {
    exit_reason: KVM_EXIT_UNKNOWN,
    request: { budget: Number.MAX_SAFE_INTEGER },
    reported: [],
  }
  /** The control word of KVM_SET_GUEST_DEBUG; 0: the guest owns the facility. */
  guest_debug = 0
  readonly arch: VcpuArch = {
    pc: 0,
    msr: 0,
    dbg_reg: clearDebugReg(),
    shadow_dbg_reg: clearDebugReg(),
    host_dbg_reg: clearDebugReg(),
    host_msr: 0,
    dbsr: 0,
    queued_dbsr: 0,
    ude_requested: false,
    last_inst: undefined,
    discarded_before_entry: 0,
    unqualified: false,
  }
  readonly host: Host = {
    msr: MSR_CE | MSR_EE | MSR_ME,
    taken: 0,
    watched: false,
    latchedAt: '',
    r3: 0,
  }
  /**
   * Bits the guest reads as 1 in DBCR0 while user space owns the facility. The kernel shows EDM, so that the guest can
   * tell; by default a guest cannot (docs/decisions).
   */
  dbcr0_hint = 0
  /** What a kernel would printk. Whoever shows it may empty it. */
  readonly log: string[] = []
  readonly #reported = new Set<string>()

  constructor(cpu: Cpu) {
    this.cpu = cpu
    // Between runs the registers are the host's; what the guest has there so far becomes its own view of them.
    cpu.state.hw[Hw.OWNED] = 1
  }

  /** Once per text and setting: a breakpoint of the host in the way of every run would fill the log. */
  report(text: string): void {
    if (this.#reported.has(text)) return
    this.#reported.add(text)
    this.log.push(text)
  }

  save(): SavedVcpu {
    return structuredClone({ guest_debug: this.guest_debug, arch: this.arch, host: this.host })
  }

  /** The registers themselves are the core's. Trap words stay as they are planted until the next KVM_SET_GUEST_DEBUG. */
  restore({ guest_debug, arch, host }: SavedVcpu): void {
    this.guest_debug = guest_debug
    Object.assign(this.arch, structuredClone(arch))
    Object.assign(this.host, structuredClone(host))
  }

  /** The user changed the settings: what was said before may be said again. */
  forgetReports(): void {
    this.#reported.clear()
  }
}
