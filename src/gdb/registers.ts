// The registers as gdb numbers them: those of the power architecture in the order that gdb itself has them, then every
// other SPR of the 440 by its name in the register table (isa/registers.ts).

import type { Register } from '../isa/register.ts'
import { FPSCR, MSR, SPRS, XER } from '../isa/registers.ts'
import type { Machine } from '../machine/machine.ts'
import { readRegister } from '../machine/registers.ts'
import { bytesOfHex, hexOf, word } from './text.ts'

export interface GdbRegister {
  /** As gdb knows it, in small letters. */
  readonly name: string
  readonly number: number
  readonly bits: 32 | 64
  readonly kind: 'general' | 'float' | 'core' | 'spr' | 'fields'
  /** Its row in the register table, where it has one. */
  readonly table?: Register
  /** The manual's name, for the machine. */
  readonly source: string
}

const FIRST_FLOAT = 32
const FIRST_CORE = 64
const FPSCR_NUMBER = 70
const FIRST_SPR = 71

const numbered = (prefix: string, first: number, bits: 32 | 64, kind: GdbRegister['kind']): GdbRegister[] =>
  Array.from({ length: 32 }, (_, n) => ({
    ...{ name: `${prefix}${n}`, number: first + n, bits, kind, source: `${prefix}${n}` },
  }))

const CORE_TABLE: Readonly<Record<string, Register>> = { MSR, XER }
const CORE = ['PC', 'MSR', 'CR', 'LR', 'CTR', 'XER'].map((source, n): GdbRegister => {
  const table = CORE_TABLE[source]
  return {
    ...{ name: source.toLowerCase(), number: FIRST_CORE + n, bits: 32, kind: 'core', source },
    ...(table && { table }),
  }
})

const OTHER_SPRS = SPRS.filter(({ name }) => !['XER', 'LR', 'CTR'].includes(name)).map(
  (table, n): GdbRegister => ({
    ...{ name: table.name.toLowerCase(), number: FIRST_SPR + n, bits: 32, kind: 'spr', table, source: table.name },
  }),
)

const FP = [...numbered('f', FIRST_FLOAT, 64, 'float')]
const FP_STATUS: GdbRegister = {
  ...{ name: 'fpscr', number: FPSCR_NUMBER, bits: 32, kind: 'core', table: FPSCR, source: 'FPSCR' },
}

/** How many fields make it worth a second name under which they can be reached one by one. */
const FEW_FIELDS = 2

/**
 * gdb's flags types are numbers whose fields are shown, but cannot be reached by `$dbsr.IAC1`; its structs are the other
 * way round. So what has fields has a second name: `$dbsr_fields.IAC1`.
 */
function twins(registers: readonly GdbRegister[]): GdbRegister[] {
  const first = FIRST_SPR + OTHER_SPRS.length
  return registers
    .filter(({ table }) => table !== undefined && Object.keys(table.fields).length >= FEW_FIELDS)
    .map((register, n) => ({ ...register, name: `${register.name}_fields`, number: first + n, kind: 'fields' }))
}

/** Those of a core with a floating-point unit or without, by number. */
export function gdbRegisters(fpu: boolean): readonly GdbRegister[] {
  const plain = [
    ...numbered('r', 0, 32, 'general'),
    ...(fpu ? FP : []),
    ...CORE,
    ...(fpu ? [FP_STATUS] : []),
    ...OTHER_SPRS,
  ]
  return [...plain, ...twins(plain)]
}

/** What is in the packet `g`: the others are asked for one by one, when somebody wants them. */
export const isGeneral = ({ number }: GdbRegister): boolean => number <= FPSCR_NUMBER

/** The value of a register as digits, most significant byte first. */
export function readHex({ cpu, vcpu }: Machine, { kind, number, source }: GdbRegister): string {
  if (kind === 'general') return word(cpu.state.gpr[number]!)
  if (kind !== 'float') return word(readRegister(vcpu, source) ?? 0)
  const { fprWords } = cpu.state
  const n = number - FIRST_FLOAT
  return word(fprWords[2 * n + 1]!) + word(fprWords[2 * n]!)
}

/** The value of a register for conditions, as gdb sees an unsigned integer of its size. */
export function readValue(machine: Machine, { kind, number, source }: GdbRegister): bigint {
  const { cpu, vcpu } = machine
  if (kind === 'general') return BigInt(cpu.state.gpr[number]! >>> 0)
  if (kind === 'float') return BigInt(`0x${readHex(machine, { kind, number, source } as GdbRegister)}`)
  return BigInt(readRegister(vcpu, source) ?? 0)
}

/** @returns why it cannot be written, or nothing where it was. */
export function writeHex(machine: Machine, register: GdbRegister, digits: string): string | undefined {
  const { kind, number, source, bits, table } = register
  const bytes = bytesOfHex(digits)
  if (bytes === undefined || bytes.length !== bits / 8) return `${source} has ${bits / 8} bytes`
  const words = [0, 4].map(at => Number.parseInt(hexOf(bytes.subarray(at, at + 4)) || '0', 16) | 0) as [number, number]
  if (kind === 'float') {
    machine.accept({ kind: 'float', register: number - FIRST_FLOAT, words })
    return undefined
  }
  if (table?.writable === false && !isWrittenElsewhere(table)) return `${source} is read-only`
  if (machine.setRegister(source, words[0])) return undefined
  return `${source} is held by breakpoints: it can be written while there are none`
}

/** SPRG4-7 have a second number to be written by (user's manual p.76). */
const isWrittenElsewhere = ({ name }: Register): boolean => /^SPRG[4-7]$/.test(name)
