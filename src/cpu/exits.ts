// Why a run of the core returns, and what the core tells besides.

import type { StorageAccess } from './debug.ts'

/** Why `Cpu.run` returned. Down by call, up by return value: the core calls nobody. */
export type CpuExit =
  /** The instructions asked for have been executed. */
  | { readonly kind: 'budget' }
  /** `Cpu.requestStop` was called. */
  | { readonly kind: 'requested' }
  /** rfi, rfci or rfmci has been executed, and `RunRequest.stopAtReturn` asked for that. */
  | { readonly kind: 'returned' }
  /** PC is an address of `RunRequest.stops`; the instruction there has not been executed. */
  | { readonly kind: 'stopAddress' }
  /**
   * A Debug interrupt while user space owns the facility; PC is what CSRR0 would hold, DBSR says why. `access`: that which
   * a DAC has seen.
   */
  | { readonly kind: 'debugInterrupt'; readonly access?: StorageAccess }
  /** The trap word of `Fetch.setTraps` is at PC; nothing has been executed and no Program interrupt taken. */
  | { readonly kind: 'softBreakpoint' }
  /** External debug mode or debug wait: the core has stopped, DBSR says why. */
  | { readonly kind: 'stopState' }
  /** An interrupt of `RunRequest.stopAfter` was taken; PC is at its vector. */
  | { readonly kind: 'interrupt'; readonly ivor: number; readonly from: number }
  /**
   * An interrupt of `RunRequest.stopBefore` is due and has not been taken: PC is what it would save, ESR and DEAR what they would
   * hold. Running on takes it.
   */
  | { readonly kind: 'exception'; readonly ivor: number; readonly cause: Cause }
  /** An interrupt on a core whose kernel is not in the guest (`CpuOptions.hosted`). ESR and DEAR tell its cause. */
  | { readonly kind: 'kernel'; readonly ivor: number; readonly from: number }
  /** A branch to itself, or the wait state, and nothing inside the machine that could ever end it. */
  | { readonly kind: 'idle'; readonly how: 'branch' | 'wait'; readonly waitsForInput: boolean }
  /** DBCR0[RST] or the watchdog: 1 core, 2 chip, 3 system (already recorded in DBSR[MRR]). */
  | { readonly kind: 'reset'; readonly type: number; readonly cause: 'DBCR0' | 'watchdog' }
  /**
   * `storm`: interrupts follow each other without an instruction in between, because the handler itself raises one.
   * `noMemory`: nothing answers where PC is, and MSR[ME] = 0 keeps the Machine Check interrupt away.
   */
  | { readonly kind: 'stuck'; readonly why: 'storm' | 'noMemory'; readonly ivor: number }

/** What an interrupt would tell its handler; `undefined` where its type leaves the register alone. */
export interface Cause {
  readonly esr: number | undefined
  readonly dear: number | undefined
}

/** Something a programmer would want to know that no register tells. */
export interface Diagnostic {
  /** Number of instructions retired before it. */
  readonly at: number
  readonly pc: number
  readonly text: string
}
