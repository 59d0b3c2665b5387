// What a run should report, worked out without the debug facility: the guest is executed one instruction at a time with
// nothing armed, and each attempt of an instruction is compared, in plain arithmetic, with where breakpoints would be.

import type { Cpu } from '../../../src/cpu/cpu.ts'
import { Clock, Word } from '../../../src/cpu/state.ts'
import { KVM_EXIT_DEBUG, KVM_EXIT_INTR, type KvmBreakpoint } from '../../../src/kvm/abi.ts'
import { KvmVcpu } from '../../../src/kvm/vcpu.ts'
import { runFor, setDebug, WATCH_READ, WATCH_WRITE } from './guest.ts'

export interface Access {
  readonly ea: number
  readonly write: boolean
}

export interface Attempt {
  readonly pc: number
  /** Storage accesses it made, or would have made; none where it raised an interrupt instead. */
  readonly accesses: readonly Access[]
}

/** Critical input, machine check of the bus, external, decrementer, FIT, watchdog: they come before an attempt. */
const ASYNCHRONOUS: ReadonlySet<number> = new Set([0, 4, 10, 11, 12])

/** Every attempt of an instruction until `total` have been retired. Leaves `cpu` where the guest then stands. */
export function attemptsOf(cpu: Cpu, total: number): Attempt[] {
  const vcpu = new KvmVcpu(cpu)
  // Owned by user space with nothing armed: the guest's own use of the facility has no effect.
  setDebug(vcpu, [])
  for (let ivor = 0; ivor < 16; ivor++) cpu.interruptStops.add(ivor)
  const attempts: Attempt[] = []
  while (cpu.retired < total) {
    const { pc, retired } = cpu
    const word = cpu.peekInstruction(pc) ?? 0
    const gpr = [...cpu.state.gpr]
    runFor(vcpu, 1)
    const exit = vcpu.run.core!
    if (exit.kind !== 'budget' && exit.kind !== 'interrupt') break
    const done = cpu.retired > retired
    if (!done && exit.kind === 'interrupt' && ASYNCHRONOUS.has(exit.ivor)) continue
    attempts.push({ pc: pc >>> 0, accesses: done ? accessesOf(word, gpr, cpu) : [] })
  }
  cpu.interruptStops.clear()
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

const IAC1 = 0x00800000
const DAC = { write: [0x00040000, 0x00010000], read: [0x00080000, 0x00020000] } as const

/**
 * What a debugger with breakpoints `bp` and software breakpoints at `soft` must be told that steps off each as it is
 * reported: IACs come before the fetch, the trap word with it, DACs last (p.202).
 */
export function expectedReports(
  attempts: readonly Attempt[],
  bp: readonly KvmBreakpoint[],
  soft: readonly number[],
): Report[] {
  const reports: Report[] = []
  for (const { pc, accesses } of attempts) {
    let dbsr = 0
    for (let n = 0; n < 4; n++) if (bp[n]?.type && bp[n]!.addr === pc) dbsr |= IAC1 >>> n
    if (dbsr !== 0) reports.push({ pc, dbsr })
    if (soft.includes(pc)) reports.push({ pc, dbsr: 0 })
    const armed = new Set([4, 5].filter(n => (bp[n]?.type ?? 0) !== 0))
    for (let hit = firstHit(accesses, bp, armed); hit.length > 0; hit = firstHit(accesses, bp, armed)) {
      const bits = hit.map(({ n, write }) => DAC[write ? 'write' : 'read'][n - 4]!)
      reports.push({ pc, dbsr: bits.reduce((all, bit) => all | bit, 0) })
      for (const { n } of hit) armed.delete(n)
    }
  }
  return reports
}

/** The DACs that match the first access that any of them matches. */
function firstHit(accesses: readonly Access[], bp: readonly KvmBreakpoint[], armed: ReadonlySet<number>) {
  for (const { ea, write } of accesses) {
    const hits = [...armed].filter(n => bp[n]!.addr === ea && (bp[n]!.type & (write ? WATCH_WRITE : WATCH_READ)) !== 0)
    if (hits.length > 0) return hits.map(n => ({ n, write }))
  }
  return []
}

/** Everything a guest could tell two runs apart by, as far as they differ. */
export function differences(a: Cpu, b: Cpu): string[] {
  const found: string[] = []
  const compare = (name: string, left: ArrayLike<number>, right: ArrayLike<number>): void => {
    for (let n = 0; n < left.length; n++)
      if (left[n] !== right[n]) found.push(`${name}${n}: ${left[n]!.toString(16)} ${right[n]!.toString(16)}`)
  }
  const architected = [Word.PC, Word.MSR, Word.SO, Word.OV, Word.CA, Word.TBC, Word.FPSCR, Word.RESERVED]
  compare('r', a.state.gpr, b.state.gpr)
  compare('cr', a.state.cr, b.state.cr)
  for (const word of architected) compare(`word${word}.`, [a.state.words[word]!], [b.state.words[word]!])
  compare('spr', a.state.spr, b.state.spr)
  compare('tlb', a.state.tlb, b.state.tlb)
  compare('time', timeOf(a), timeOf(b))
  if (Buffer.compare(a.state.ramBytes, b.state.ramBytes) !== 0)
    for (let at = 0; at < a.state.ramBytes.length && found.length < 20; at++)
      if (a.state.ramBytes[at] !== b.state.ramBytes[at]) found.push(`ram ${at.toString(16)}`)
  return found
}

const timeOf = (cpu: Cpu): number[] => [
  cpu.state.clock[Clock.CYCLES]!,
  cpu.state.clock[Clock.RETIRED]!,
  cpu.timers.decrementer(cpu.now),
  Number(cpu.timers.timeBase(cpu.now)),
]

/** Continues until `total` instructions are retired, with what was reported on the way. */
export function reportsOf(vcpu: KvmVcpu, go: (budget: number) => void, total: number): Report[] {
  const reports: Report[] = []
  while (vcpu.cpu.retired < total) {
    go(total - vcpu.cpu.retired)
    if (vcpu.run.exit_reason === KVM_EXIT_DEBUG)
      reports.push({ pc: vcpu.cpu.pc >>> 0, dbsr: vcpu.run.debug!.arch.dbsr >>> 0 })
    else if (vcpu.run.exit_reason !== KVM_EXIT_INTR) break
  }
  return reports
}
