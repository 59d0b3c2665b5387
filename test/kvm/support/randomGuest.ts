// Random guests: small programs that do everything a guest might do that has to do with debugging, in a loop, with
// interrupt handlers that return. Each is plain words at A, so that a counterexample can be read in a listing.

import fc from 'fast-check'
import type { Cpu } from '../../../src/cpu/cpu.ts'
import { Spr } from '../../../src/isa/registers.ts'
import { A, createCore, put, recycleCore } from '../../support/core.ts'
import { encode as e } from './encode.ts'
import { mapSpaceOne, PROBE } from './guest.ts'

/** r31 points to the data, r30 to the probe, r3 to r10 are scratch, r11 and r12 belong to composed sequences. */
export const DATA = 0x5000
const DATA_REGISTER = 31
const PROBE_REGISTER = 30

/** Words from `address` on, which is where they will stand. */
type Piece = (address: number) => number[]

const scratch = fc.integer({ min: 3, max: 10 })
/** Aligned: what becomes of the second half of a split access is decision D1, tested with the core. */
const offset = fc.constantFrom(0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40)

const load32 = (register: number, value: number): number[] => [
  e.lis(register, value >>> 16),
  e.ori(register, register, value & 0xffff),
]

const words = (...made: fc.Arbitrary<number>[]): fc.Arbitrary<Piece> => fc.oneof(...made).map(word => () => [word])

const arithmetic = words(
  fc.tuple(scratch, scratch, fc.integer({ min: -5, max: 5 })).map(([t, a, n]) => e.addi(t, a, n)),
  fc.tuple(scratch, scratch, scratch).map(([t, a, b]) => e.add(t, a, b)),
)

const storage = words(
  ...[e.lwz, e.lhz, e.lbz, e.stw, e.sth, e.stb].map(insn =>
    fc.tuple(scratch, offset).map(([t, at]) => insn(t, at, DATA_REGISTER)),
  ),
  offset.map(at => e.stmw(29, at, DATA_REGISTER)),
  scratch.map(t => e.stw(t, 0, PROBE_REGISTER)),
)

const indexed: fc.Arbitrary<Piece> = fc
  .tuple(fc.constantFrom(e.lwzx, e.stwx, e.dcbz, e.dcbst, e.icbi), scratch, offset)
  .map(([insn, t, at]) => () => {
    const word = insn.length === 3 ? insn(t, DATA_REGISTER, 11) : (insn as typeof e.dcbz)(DATA_REGISTER, 11)
    return [e.addi(11, 0, at), word]
  })

const reservation: fc.Arbitrary<Piece> = fc.tuple(scratch, fc.constantFrom(0, 4, 32)).map(([t, at]) => () => [
  e.addi(11, 0, at),
  e.lwarx(t, DATA_REGISTER, 11),
  e.stwcx(t, DATA_REGISTER, 11),
])

const flow = words(
  fc.constantFrom(e.sc, e.trap, e.tweq(3, 4)),
  fc.constant(0x00000000), // illegal
)

/** Over one instruction, never into the middle of a sequence: a guest that loses its way proves nothing. */
const branch: fc.Arbitrary<Piece> = fc.constantFrom(e.b(8), e.bne(8)).map(word => () => [word, e.addi(3, 3, 1)])

/** Counts down from a small number with a branch to itself. */
const countdown: fc.Arbitrary<Piece> = fc
  .integer({ min: 1, max: 3 })
  .map(n => () => [e.addi(11, 0, n), e.mtspr(Spr.CTR, 11), e.bdnz(0)])

/** Any MSR but one that waits for ever. */
const anyMsr = fc
  .integer({ min: 0, max: 0x3ffff })
  .map(bits => bits & (0x20000 | 0x8000 | 0x4000 | 0x1000 | 0x0400 | 0x0200 | 0x20 | 0x10))

const machineState: fc.Arbitrary<Piece> = fc.oneof(
  anyMsr.map(
    (value): Piece =>
      () => [...load32(11, value), e.mtmsr(11)],
  ),
  scratch.map(
    (t): Piece =>
      () => [e.mfmsr(t)],
  ),
  fc.constantFrom<0 | 1>(0, 1).map(
    (ee): Piece =>
      () => [e.wrteei(ee)],
  ),
)

/** Returns to the instruction after itself, with another MSR. */
const returns: fc.Arbitrary<Piece> = fc.tuple(fc.boolean(), anyMsr).map(([critical, value]) => address => [
  ...load32(11, address + 28),
  e.mtspr(critical ? Spr.CSRR0 : Spr.SRR0, 11),
  ...load32(12, value),
  e.mtspr(critical ? Spr.CSRR1 : Spr.SRR1, 12),
  critical ? e.rfci : e.rfi,
])

/** Changes the instruction after it into `addi r3,r3,n`, as a program that knows about caches does. */
const selfModification: fc.Arbitrary<Piece> = fc
  .integer({ min: 1, max: 9 })
  .map(n => address => [
    ...load32(11, address + 32),
    ...load32(12, e.addi(3, 3, n)),
    e.stw(12, 0, 11),
    e.dcbst(0, 11),
    e.icbi(0, 11),
    e.isync,
    e.nop,
  ])

/** DEC interrupts soon, if EE lets it. */
const decrementer: fc.Arbitrary<Piece> = fc
  .integer({ min: 1, max: 20 })
  .map(n => () => [e.lis(11, 0x0400), e.mtspr(Spr.TCR, 11), e.addi(11, 0, n), e.mtspr(Spr.DEC, 11)])

export const DEBUG_SPRS = [
  ...[Spr.DBCR1, Spr.DBCR2, Spr.DBSR, Spr.IAC1, Spr.IAC2, Spr.IAC3, Spr.IAC4],
  ...[Spr.DAC1, Spr.DAC2, Spr.DVC1, Spr.DVC2],
]

/** Values that mean something to a debug register: addresses of code and data, enables, anything. */
const debugValue = fc.oneof(
  fc.integer({ min: 0, max: 63 }).map(n => A + 4 * n),
  fc.integer({ min: 0, max: 40 }).map(n => DATA + n),
  fc.integer(),
)

/** Guests that program the debug facility. `dbcr0`: the bits they may set there. */
const debugFacility = (dbcr0: number): fc.Arbitrary<Piece> =>
  fc.oneof(
    fc.tuple(fc.constantFrom(...DEBUG_SPRS), debugValue).map(
      ([number, value]): Piece =>
        () => [...load32(11, value), e.mtspr(number, 11)],
    ),
    fc.integer().map(
      (value): Piece =>
        () => [...load32(11, value & dbcr0), e.mtspr(Spr.DBCR0, 11)],
    ),
    fc.tuple(scratch, fc.constantFrom(Spr.DBCR0, ...DEBUG_SPRS)).map(
      ([t, n]): Piece =>
        () => [e.mfspr(t, n)],
    ),
  )

/** DBCR0 without EDM, which stops the core, and RST, which ends the run. */
export const HARMLESS_DBCR0 = 0x4f_ff_80_01

export interface Guest {
  /** The program from A on; it ends in a branch back to A. */
  readonly code: readonly number[]
  /** r3 to r10. */
  readonly registers: readonly number[]
}

const plain = [
  arithmetic,
  storage,
  indexed,
  reservation,
  flow,
  branch,
  countdown,
  returns,
  selfModification,
  machineState,
]

/** Guests that leave the debug registers alone, and guests that do not. */
export const quietGuests = guests(...plain, decrementer)
export const debuggingGuests = guests(
  ...plain,
  decrementer,
  debugFacility(HARMLESS_DBCR0),
  debugFacility(HARMLESS_DBCR0),
)
/** Guests that also ask for resets and for external debug mode. */
export const selfResettingGuests = guests(...plain, decrementer, debugFacility(-1), debugFacility(HARMLESS_DBCR0))

function guests(...pieces: fc.Arbitrary<Piece>[]): fc.Arbitrary<Guest> {
  return fc
    .tuple(
      fc.array(fc.oneof(...pieces), { minLength: 3, maxLength: 20 }),
      fc.array(fc.integer(), { minLength: 8, maxLength: 8 }),
    )
    .map(([parts, registers]) => {
      const code: number[] = []
      for (const part of parts) code.push(...part(A + 4 * code.length))
      // The spare instruction is where a branch of the last one may lead.
      code.push(e.nop, e.b(-4 * (code.length + 1)))
      return { code, registers }
    })
}

const VECTORS = 0x00100000
const skipInstruction = [e.mfspr(20, Spr.SRR0), e.addi(20, 20, 4), e.mtspr(Spr.SRR0, 20), e.rfi]

/** What the handler of IVORn does. A Debug interrupt acknowledges all, counts itself, and disarms the facility. */
const HANDLERS: Readonly<Record<number, readonly number[]>> = {
  ...Object.fromEntries([2, 3, 5, 6, 7, 13, 14].map(ivor => [ivor, skipInstruction])),
  ...Object.fromEntries([4, 8, 11].map(ivor => [ivor, [e.rfi]])),
  ...Object.fromEntries([0, 12].map(ivor => [ivor, [e.rfci]])),
  1: [0x4c00004c], // rfmci
  10: [e.lis(20, 0x0800), e.mtspr(Spr.TSR, 20), e.rfi],
  15: [
    ...[e.mfspr(20, Spr.DBSR), e.mtspr(Spr.DBSR, 20), e.addi(21, 21, 1), e.stw(20, 0x80, DATA_REGISTER)],
    ...[e.mfspr(22, Spr.CSRR0), e.addi(23, 0, 0), e.mtspr(Spr.DBCR0, 23), e.rfci],
  ],
}

const RAM = 2 * 1024 * 1024
const pool: Cpu[] = []
let used = 0

/** Cores made since the last call may be made again: their tests are over. */
export function newCase(): void {
  used = 0
}

/** A core that stands before the first instruction of `guest`. Good until `newCase`. */
export function load(guest: Guest): Cpu {
  const cpu = (pool[used] ??= withProbe(createCore(RAM)))
  used++
  listeners.delete(cpu)
  placeGuest(cpu, guest)
  return cpu
}

/** Makes of any core with as much RAM one that stands before the first instruction of the guest. */
export function placeGuest(cpu: Cpu, { code, registers }: Guest): void {
  recycleCore(cpu)
  mapSpaceOne(cpu)
  put(cpu, A, ...code)
  for (let ivor = 0; ivor < 16; ivor++) {
    cpu.state.spr[Spr.IVOR0 + ivor] = 0x100 * ivor
    put(cpu, VECTORS + 0x100 * ivor, ...(HANDLERS[ivor] ?? []))
  }
  cpu.state.spr[Spr.IVPR] = VECTORS
  for (const [n, value] of registers.entries()) cpu.state.gpr[3 + n] = value
  cpu.state.gpr[DATA_REGISTER] = DATA
  cpu.state.gpr[PROBE_REGISTER] = PROBE
  cpu.pc = A
}

const listeners = new WeakMap<Cpu, () => void>()

/** What a store to the probe calls, until the core is made again. */
export const onProbe = (cpu: Cpu, during: () => void): void => void listeners.set(cpu, during)

export function withProbe(cpu: Cpu): Cpu {
  const write = (): void => listeners.get(cpu)?.()
  cpu.bus.map(PROBE, { name: 'probe', text: '', registers: [], size: 4, read: () => 0, peek: () => 0, write })
  return cpu
}
