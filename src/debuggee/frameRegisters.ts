// The registers of a frame. Those of a caller are still in the core, or on the stack where what it has called saved them;
// there they are read when someone asks, and written.

import type { Context } from '../expr/context.ts'
import { DWARF_CR, DWARF_CTR, DWARF_FPR0, DWARF_LR, DWARF_SPR0, DWARF_XER } from '../isa/dwarf.ts'
import { Spr } from '../isa/registers.ts'
import { deviceRegister } from '../machine/devices.ts'
import type { Machine } from '../machine/machine.ts'
import { peekMemory, wordAt } from '../machine/memory.ts'
import { readRegister } from '../machine/registers.ts'
import type { SavedRegister } from '../symbols/cfiFrame.ts'

/** Where each is kept, by DWARF number; a register it is kept in is one of the core. What is missing is not known. */
export type Registers = ReadonlyMap<number, SavedRegister>

/** The manual's names of the registers that have a DWARF number, beside r0 to r31 and f0 to f31. */
const NAMED: ReadonlyMap<number, string> = new Map([
  [DWARF_LR, 'LR'],
  [DWARF_CTR, 'CTR'],
  [DWARF_XER, 'XER'],
  [DWARF_CR, 'CR'],
  ...(['LR', 'CTR', 'SRR0', 'SRR1', 'CSRR0', 'CSRR1', 'MCSRR0', 'MCSRR1'] as const).map((name): [number, string] => [
    DWARF_SPR0 + Spr[name],
    name,
  ]),
])

const NUMBERS = new Map([...NAMED].map(([number, name]) => [name, number] as const))

/** The DWARF number of a register by the manual's name, in any case; most have none. */
function numberNamed(name: string): number | undefined {
  const upper = name.toUpperCase()
  const general = /^R(\d{1,2})$/.exec(upper === 'SP' ? 'R1' : upper)
  return general !== null && Number(general[1]) < 32 ? Number(general[1]) : NUMBERS.get(upper)
}

const FLOATS = Array.from({ length: 32 }, (_, n) => DWARF_FPR0 + n)

const isFloat = (register: number): boolean => register >= DWARF_FPR0 && register < DWARF_FPR0 + 32

/** What the innermost activation has. */
export const LIVE: Registers = new Map(
  [...Array(32).keys(), ...FLOATS, ...NAMED.keys()].map(register => [register, { kind: 'register', register }]),
)

/** Registers that no call need preserve (PowerPC ABI, §3.2.1). */
export const isVolatile = (register: number): boolean =>
  register === 0 ||
  (register >= 3 && register <= 12) ||
  register === DWARF_CTR ||
  (register >= DWARF_FPR0 && register < DWARF_FPR0 + 14)

/** What a caller may rely on after a call: there these registers hold what the callee left. */
export const preserved = (registers: Registers): Map<number, SavedRegister> =>
  new Map([...registers].filter(([register]) => !isVolatile(register)))

/** The 32 bits of a register; undefined for one that is not known, or has more. */
export function readWord({ cpu, vcpu }: Machine, registers: Registers, register: number): number | undefined {
  const kept = registers.get(register)
  if (kept === undefined || isFloat(register)) return undefined
  if (kept.kind === 'value') return kept.value >>> 0
  if (kept.kind === 'memory') return wordAt(cpu, kept.address)
  return kept.register < 32 ? cpu.state.gpr[kept.register] >>> 0 : readRegister(vcpu, NAMED.get(kept.register)!)
}

/** The 8 bytes of a floating-point register. */
export function readDouble({ cpu }: Machine, registers: Registers, register: number): Uint8Array | undefined {
  const kept = registers.get(register)
  if (kept === undefined || kept.kind === 'value' || !isFloat(register)) return undefined
  if (kept.kind === 'memory') {
    const bytes = peekMemory(cpu, kept.address, 8)
    return bytes.length === 8 ? bytes : undefined
  }
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, cpu.state.fpr[kept.register - DWARF_FPR0])
  return bytes
}

/** @returns false where it is kept in no place that could be written. */
export function writeKept(machine: Machine, registers: Registers, register: number, bytes: Uint8Array): boolean {
  const kept = registers.get(register)
  if (kept === undefined || kept.kind === 'value' || bytes.length !== (isFloat(register) ? 8 : 4)) return false
  if (kept.kind === 'memory') return machine.poke(kept.address, bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!isFloat(kept.register))
    return machine.setRegister(NAMED.get(kept.register) ?? `r${kept.register}`, view.getInt32(0))
  const words = [view.getInt32(0), view.getInt32(4)] as const
  machine.accept({ kind: 'float', register: kept.register - DWARF_FPR0, words })
  return true
}

/** Registers by the manual's names, 32 bits of each; as expressions ask for them. */
export type NamedRegisters = Pick<Context, 'readRegister' | 'writeRegister' | 'deviceRegister'>

/** In a caller, those that calls save are its own, and the others the core's. */
export function namedRegisters(
  machine: Machine,
  { pc, registers }: { readonly pc: number; readonly registers: Registers } = { pc: 0, registers: LIVE },
): NamedRegisters {
  const core: NamedRegisters = {
    readRegister: name => readRegister(machine.vcpu, name),
    writeRegister: (name, value) => machine.setRegister(name, value),
    deviceRegister: name => deviceRegister(machine.cpu, name),
  }
  if (registers === LIVE) return core
  const isCounter = (name: string) => /^(PC|NIP)$/i.test(name)
  return {
    ...core,
    readRegister(name) {
      const number = numberNamed(name)
      if (isCounter(name)) return pc
      return number === undefined ? core.readRegister(name) : readWord(machine, registers, number)
    },
    writeRegister(name, value) {
      const number = numberNamed(name)
      if (number === undefined) return !isCounter(name) && core.writeRegister(name, value)
      const bytes = new Uint8Array(4)
      new DataView(bytes.buffer).setInt32(0, value)
      return writeKept(machine, registers, number, bytes)
    },
  }
}
