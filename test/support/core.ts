// A bare core for tests: RAM mapped 1:1, the conventions of the manual's truth tables, instructions by their encodings.

import { CORES, type Core, type CoreFlavour } from '../../src/boards/cores.ts'
import { Bus, DcrSpace } from '../../src/bus/bus.ts'
import { createEngine, type EngineName } from '../../src/compiler/engines.ts'
import { Cpu, type CpuOptions } from '../../src/cpu/cpu.ts'
import type { CpuExit } from '../../src/cpu/exits.ts'
import type { RunRequest } from '../../src/cpu/request.ts'
import { Clock, Hw, Word } from '../../src/cpu/state.ts'
import { Spr } from '../../src/isa/registers.ts'
import { applyBootState } from '../../src/machine/launchState.ts'

const MB = 1024 * 1024

/** A: where the instruction under test stands; the vectors of the tables. */
export const A = 0x00001000
export const DBG = 0x00100f00
export const PGM = 0x00100600
export const SYSCALL = 0x00100800

/** `npm run test:compiled` has another. */
const ENGINE = (process.env.PPC440_ENGINE ?? 'interpreter') as EngineName

let flavour: CoreFlavour = CORES['440ep']

/** Which core those of `createCore` are from now on: test/cpu/everyCore.test.ts has tests run on each. */
export function beCore(core: Core): void {
  flavour = CORES[core]
}

export const hasFpu = (): boolean => flavour.fpu

/** A core with 16 MB of RAM, everything mapped, all registers 0, IVPR and IVORs as the tables have them. */
export function createCore(ramSize = 16 * MB, engine: CpuOptions['engine'] = cpu => createEngine(ENGINE, cpu)): Cpu {
  const cpu = new Cpu({ ramSize, bus: new Bus(), dcr: new DcrSpace(), ...flavour, engine })
  applyConventions(cpu)
  return cpu
}

/** The same core again, as if it had just been created: for tests that need thousands of them. */
export function recycleCore(cpu: Cpu): void {
  const { state } = cpu
  for (const part of state.saved) part.fill(0)
  state.spr[Spr.PVR] = flavour.pvr
  state.clock[Clock.FROZEN_SINCE] = -1
  state.clock[Clock.DEC_EXPIRY] = Number.NEGATIVE_INFINITY
  cpu.fetch.setTraps(undefined, [])
  stopAfter(cpu)
  cpu.diagnostics.length = 0
  cpu.debug.trace = undefined
  cpu.lines.external = false
  cpu.lines.critical = false
  applyConventions(cpu)
}

function applyConventions(cpu: Cpu): void {
  applyBootState(cpu, A)
  const { state } = cpu
  state.gpr.fill(0)
  state.words[Word.MSR] = 0
  state.spr[Spr.IVPR] = 0x00100000
  state.spr[Spr.IVOR0 + 15] = 0x0f00
  state.spr[Spr.IVOR0 + 6] = 0x0600
  state.spr[Spr.IVOR0 + 8] = 0x0800
}

/** What every run of a core in a test asks for beside its budget. */
const asked = new WeakMap<Cpu, Omit<RunRequest, 'budget'>>()

/** From now on runs return after the interrupts of these IVORs; without any, after none. */
export function stopAfter(cpu: Cpu, ...ivors: readonly number[]): void {
  asked.set(cpu, { ...asked.get(cpu), stopAfter: new Set(ivors) })
}

/** From now on runs return before the interrupts of these IVORs. */
export function stopBefore(cpu: Cpu, ...ivors: readonly number[]): void {
  asked.set(cpu, { ...asked.get(cpu), stopBefore: new Set(ivors) })
}

export const requestOf = (cpu: Cpu, budget: number): RunRequest => ({ ...asked.get(cpu), budget })

export const runCore = (cpu: Cpu, budget: number): CpuExit => cpu.run(requestOf(cpu, budget))

export const ALL_IVORS: readonly number[] = Array.from({ length: 16 }, (_, ivor) => ivor)

/** Writes instruction words from `address` on. */
export function put(cpu: Cpu, address: number, ...words: number[]): void {
  for (const [i, word] of words.entries()) cpu.state.ram.setInt32(address + 4 * i, word)
}

/** Sets hardware debug registers by name, as host software would. */
export function setDebug(cpu: Cpu, values: Partial<Record<keyof typeof Hw, number>>): void {
  for (const [name, value] of Object.entries(values)) cpu.state.hw[Hw[name as keyof typeof Hw]] = value
  cpu.debugChanged()
}

export const dbsr = (cpu: Cpu): number => cpu.state.hw[Hw.DBSR] >>> 0
export const msr = (cpu: Cpu): number => cpu.state.words[Word.MSR] >>> 0
export const spr = (cpu: Cpu, number: number): number => cpu.state.spr[number] >>> 0
export const pc = (cpu: Cpu): number => cpu.pc >>> 0

const x = (extended: number, t: number, a: number, b: number): number =>
  (31 << 26) | (t << 21) | (a << 16) | (b << 11) | (extended << 1)
const d = (opcode: number, t: number, a: number, offset: number): number =>
  (opcode << 26) | (t << 21) | (a << 16) | (offset & 0xffff)
const split = (number: number): number => ((number & 31) << 5) | (number >> 5)

/** Encodings, checked against GNU as by test/support/encode.test.ts. Loads and stores take (register, offset, base). */
export const encode = {
  addi: (t: number, a: number, si: number): number => d(14, t, a, si),
  nop: 0x60000000,
  b: (offset: number): number => (18 << 26) | (offset & 0x03fffffc),
  bne: (offset: number): number => (16 << 26) | (4 << 21) | (2 << 16) | (offset & 0xfffc),
  bdnz: (offset: number): number => (16 << 26) | (16 << 21) | (offset & 0xfffc),
  blr: 0x4e800020,
  mtmsr: (s: number): number => x(146, s, 0, 0),
  mfmsr: (t: number): number => x(83, t, 0, 0),
  wrteei: (on: 0 | 1): number => x(163, 0, 0, 0) | (on << 15),
  mtspr: (number: number, s: number): number => (31 << 26) | (s << 21) | (split(number) << 11) | (467 << 1),
  mfspr: (t: number, number: number): number => (31 << 26) | (t << 21) | (split(number) << 11) | (339 << 1),
  mtdcr: (number: number, s: number): number => (31 << 26) | (s << 21) | (split(number) << 11) | (451 << 1),
  mfdcr: (t: number, number: number): number => (31 << 26) | (t << 21) | (split(number) << 11) | (323 << 1),
  rfi: 0x4c000064,
  rfci: 0x4c000066,
  rfmci: 0x4c00004c,
  isync: 0x4c00012c,
  sc: 0x44000002,
  trap: 0x7fe00008,
  tweq: (a: number, b: number): number => x(4, 4, a, b),
  lbz: (t: number, offset: number, a: number): number => d(34, t, a, offset),
  lhz: (t: number, offset: number, a: number): number => d(40, t, a, offset),
  lwz: (t: number, offset: number, a: number): number => d(32, t, a, offset),
  lwzu: (t: number, offset: number, a: number): number => d(33, t, a, offset),
  lwbrx: (t: number, a: number, b: number): number => x(534, t, a, b),
  lmw: (t: number, offset: number, a: number): number => d(46, t, a, offset),
  lswi: (t: number, a: number, bytes: number): number => x(597, t, a, bytes & 31),
  lswx: (t: number, a: number, b: number): number => x(533, t, a, b),
  lwarx: (t: number, a: number, b: number): number => x(20, t, a, b),
  lfs: (t: number, offset: number, a: number): number => d(48, t, a, offset),
  lfd: (t: number, offset: number, a: number): number => d(50, t, a, offset),
  stb: (s: number, offset: number, a: number): number => d(38, s, a, offset),
  sth: (s: number, offset: number, a: number): number => d(44, s, a, offset),
  stw: (s: number, offset: number, a: number): number => d(36, s, a, offset),
  stwbrx: (s: number, a: number, b: number): number => x(662, s, a, b),
  stmw: (s: number, offset: number, a: number): number => d(47, s, a, offset),
  stswi: (s: number, a: number, bytes: number): number => x(725, s, a, bytes & 31),
  stwcx: (s: number, a: number, b: number): number => x(150, s, a, b) | 1,
  stfd: (s: number, offset: number, a: number): number => d(54, s, a, offset),
  stfs: (s: number, offset: number, a: number): number => d(52, s, a, offset),
  stfiwx: (s: number, a: number, b: number): number => x(983, s, a, b),
  dcba: (a: number, b: number): number => x(758, 0, a, b),
  dcbf: (a: number, b: number): number => x(86, 0, a, b),
  dcbi: (a: number, b: number): number => x(470, 0, a, b),
  dcbst: (a: number, b: number): number => x(54, 0, a, b),
  dcbt: (a: number, b: number): number => x(278, 0, a, b),
  dcbtst: (a: number, b: number): number => x(246, 0, a, b),
  dcbz: (a: number, b: number): number => x(1014, 0, a, b),
  dccci: (a: number, b: number): number => x(454, 0, a, b),
  icbi: (a: number, b: number): number => x(982, 0, a, b),
  icbt: (a: number, b: number): number => x(22, 0, a, b),
  iccci: (a: number, b: number): number => x(966, 0, a, b),
  tlbre: (t: number, a: number, ws: number): number => x(946, t, a, ws),
  tlbwe: (s: number, a: number, ws: number): number => x(978, s, a, ws),
  tlbsx: (t: number, a: number, b: number): number => x(914, t, a, b),
  tlbsxRecord: (t: number, a: number, b: number): number => x(914, t, a, b) | 1,
  tlbsync: x(566, 0, 0, 0),
  fadd: (t: number, a: number, b: number): number => (63 << 26) | (t << 21) | (a << 16) | (b << 11) | (21 << 1),
} as const
