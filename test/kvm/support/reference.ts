// What a run should report, worked out without the debug facility: the guest is executed one instruction at a time with
// nothing armed, and each attempt of an instruction is compared, in plain arithmetic, with where breakpoints would be.

import type { Cpu } from '../../../src/cpu/cpu.ts'
import type { KvmBreakpoint, KvmGuestDebugExt } from '../../../src/kvm/abi.ts'
import { KvmVcpu } from '../../../src/kvm/vcpu.ts'
import { ALL_IVORS, stopAfter } from '../../support/core.ts'
import { runFor, setDebug, WATCH_READ, WATCH_WRITE } from './guest.ts'

export interface Access {
  readonly ea: number
  readonly write: boolean
}

export interface Attempt {
  readonly pc: number
  /** r1, unsigned: the same instruction on another stack is another attempt. */
  readonly sp: number
  /** It has executed. Where it has not, an interrupt was taken instead. */
  readonly done: boolean
  /** The interrupt came first: it was not even attempted. */
  readonly isPreceded: boolean
  /** It was rfi, rfci or rfmci. */
  readonly isReturn: boolean
  /** After it was done an interrupt has struck before the instruction at this address: of sc, or of a timer. */
  readonly struck: number | undefined
  /** Storage accesses it made, or would have made; none where it raised an interrupt instead. */
  readonly accesses: readonly Access[]
}

/** Critical input, machine check of the bus, external, decrementer, FIT, watchdog: they come before an attempt. */
const ASYNCHRONOUS: ReadonlySet<number> = new Set([0, 4, 10, 11, 12])

/** rfi, rfci, rfmci */
const RETURNS = new Set([0x4c000064, 0x4c000066, 0x4c00004c])

/** Every attempt of an instruction until `total` have been retired. Leaves `cpu` where the guest then stands. */
export function attemptsOf(cpu: Cpu, total: number): Attempt[] {
  const vcpu = new KvmVcpu(cpu)
  // Owned by user space with nothing armed: the guest's own use of the facility has no effect.
  setDebug(vcpu, [])
  stopAfter(cpu, ...ALL_IVORS)
  const attempts: Attempt[] = []
  while (cpu.retired < total) {
    const { pc, retired } = cpu
    const word = cpu.fetch.peek(pc) ?? 0
    const gpr = [...cpu.state.gpr]
    runFor(vcpu, 1)
    const exit = vcpu.run.core!
    if (exit.kind !== 'budget' && exit.kind !== 'interrupt') break
    const done = cpu.retired > retired
    const isPreceded = !done && exit.kind === 'interrupt' && ASYNCHRONOUS.has(exit.ivor)
    const isReturn = done && RETURNS.has(word | 0)
    const accesses = done ? accessesOf(word, gpr, cpu) : []
    const struck = done && exit.kind === 'interrupt' ? exit.from >>> 0 : undefined
    attempts.push({ pc: pc >>> 0, sp: gpr[1]! >>> 0, done, isPreceded, isReturn, struck, accesses })
  }
  stopAfter(cpu)
  return attempts
}

const READS = new Set([32, 33, 34, 40])
const WRITES = new Set([36, 37, 38, 44])
const INDEXED_READS = new Set([23, 20, 982]) // lwzx, lwarx, icbi
const INDEXED_WRITES = new Set([151, 150, 1014, 54]) // stwx, stwcx., dcbz, dcbst: the manual's typing (p.231)

function accessesOf(word: number, gpr: readonly number[], after: Cpu): Access[] {
  const primary = word >>> 26
  const ra = (word >>> 16) & 31
  const base = ra === 0 ? 0 : gpr[ra]!
  const displaced = (base + ((word << 16) >> 16)) >>> 0
  if (READS.has(primary)) return [{ ea: displaced, write: false }]
  if (WRITES.has(primary)) return [{ ea: displaced, write: true }]
  if (primary === 47) {
    const first = (word >>> 21) & 31
    return Array.from({ length: 32 - first }, (_, n) => ({ ea: displaced + 4 * n, write: true }))
  }
  if (primary !== 31) return []
  const extended = (word >>> 1) & 0x3ff
  const ea = (base + gpr[(word >>> 11) & 31]!) >>> 0
  if (INDEXED_READS.has(extended)) return [{ ea, write: false }]
  // A stwcx. that found no reservation stored nothing and gave no event.
  const stored = extended !== 150 || (after.state.cr[0]! & 2) !== 0
  return INDEXED_WRITES.has(extended) && stored ? [{ ea, write: true }] : []
}

export interface Report {
  readonly pc: number
  readonly dbsr: number
}

/** DBSR bits (p.244): IAC1, of which IAC2 to 4 follow to the right, and the DACs by kind of access. */
export const IAC1 = 0x00800000
export const DAC = { write: [0x00040000, 0x00010000], read: [0x00080000, 0x00020000] } as const

const bothKinds = (dbsr: number): number =>
  [0, 1].reduce(
    (all, n) => ((dbsr & (DAC.write[n]! | DAC.read[n]!)) !== 0 ? all | DAC.write[n]! | DAC.read[n]! : all),
    dbsr,
  )

type Hits = (ea: number, write: boolean) => number

/** What `bp` and its modes amount to: DBSR bits for an instruction at an address, and for an access to one. */
function comparators(bp: readonly KvmBreakpoint[], ext: KvmGuestDebugExt): { iac: (pc: number) => number; dac: Hits } {
  const enabled = (n: number): boolean => (bp[n]?.type ?? 0) !== 0
  const at = (n: number): number => (bp[n]?.addr ?? 0) >>> 0
  const inPair = (mode: string | undefined, ea: number, first: number): boolean => {
    if (mode === 'mask') return ((ea ^ at(first)) & at(first + 1)) === 0
    return (ea >= at(first) && ea < at(first + 1)) === (mode === 'inclusive')
  }
  const matches = (mode: string | undefined, ea: number, n: number): boolean =>
    mode === undefined ? ea === at(n) : inPair(mode, ea, n & ~1)
  const modes = [ext.iac12, ext.iac12, ext.iac34, ext.iac34, ext.dac12, ext.dac12]
  return {
    iac(pc) {
      let bits = 0
      for (let n = 0; n < 4; n++) if (enabled(n) && matches(modes[n], pc, n)) bits |= IAC1 >>> n
      return bits
    },
    dac(ea, write) {
      let bits = 0
      for (let n = 4; n < 6; n++) {
        const typed = enabled(n) && (bp[n]!.type & (write ? WATCH_WRITE : WATCH_READ)) !== 0
        if (typed && matches(modes[n], ea, n)) bits |= DAC[write ? 'write' : 'read'][n - 4]!
      }
      return bits
    },
  }
}

/**
 * What a debugger with breakpoints `bp` and software breakpoints at `soft` must be told that steps off each as it is
 * reported: IACs come before the fetch, the trap word with it, DACs last (p.202).
 */
export function expectedReports(
  attempts: readonly Attempt[],
  bp: readonly KvmBreakpoint[],
  soft: readonly number[],
  ext: KvmGuestDebugExt = {},
): Report[] {
  const { iac, dac } = comparators(bp, ext)
  const reports: Report[] = []
  type Off = { readonly off: number; readonly softOff: boolean }
  /** Broken off by an interrupt after something had been reported, and how many interrupts deep that is now. */
  let waiting: readonly (Off & { readonly pc: number; readonly sp: number; readonly depth: number })[] = []
  const strike = (pc: number, sp: number, own: Off | undefined): void => {
    waiting = waiting.filter(one => one.pc !== pc || one.sp !== sp).map(one => ({ ...one, depth: one.depth + 1 }))
    if (own !== undefined && (own.off !== 0 || own.softOff)) waiting = [...waiting, { pc, sp, depth: 1, ...own }]
  }
  const comeBack = (pc: number, sp: number): Off | undefined => {
    const meant = waiting.find(one => one.pc === pc && one.sp === sp)
    waiting = waiting.flatMap(one => {
      if (one === meant || (one.depth === 1 && one.sp === sp)) return []
      return [{ ...one, depth: Math.max(1, one.depth - 1) }]
    })
    return meant
  }
  let resumed: Off | undefined
  for (const [n, { pc, sp, done, isPreceded, isReturn, struck, accesses }] of attempts.entries()) {
    let { off, softOff } = resumed ?? { off: 0, softOff: false }
    resumed = undefined
    if (!isPreceded) {
      const instruction = iac(pc) & ~off
      if (instruction !== 0) reports.push({ pc, dbsr: instruction })
      off |= instruction
      if (soft.includes(pc) && !softOff) reports.push({ pc, dbsr: 0 })
      softOff ||= soft.includes(pc)
      // A DAC that has reported is off for the rest of the instruction, both of its kinds of access.
      for (;;) {
        const dbsr = accesses.map(({ ea, write }) => dac(ea, write) & ~off).find(bits => bits !== 0)
        if (dbsr === undefined) break
        reports.push({ pc, dbsr })
        off |= bothKinds(dbsr)
      }
    }
    if (!done) strike(pc, sp, { off, softOff })
    else if (isReturn) resumed = comeBack(struck ?? attempts[n + 1]?.pc ?? -1, sp)
    if (struck !== undefined) {
      strike(struck, sp, resumed)
      resumed = undefined
    }
  }
  return reports
}
