// Every register by the manual's name, of the core and of the board's devices, for debuggers and views. Looking never changes one.

import { vector } from '../cpu/interrupts.ts'
import { peekSpr, pokeSpr } from '../cpu/spr.ts'
import { Word } from '../cpu/state.ts'
import { Spr } from '../isa/registers.ts'
import { DEBUG_REGS } from '../kvm/debugReg.ts'
import type { KvmVcpu } from '../kvm/vcpu.ts'
import { debugViews } from '../kvm/views.ts'
import { peekDevice, pokeDevice } from './devices.ts'

/** The registers of the debug facility that a debugger can have. */
const FACILITY: ReadonlySet<string> = new Set([...DEBUG_REGS.map(({ name }) => name), 'DBSR'])

const SPRS = Spr as Readonly<Record<string, number>>

/** The value of `name` (`r3`, `pc`, `MSR`, `DBCR0`, `UIC0_SR` ...), unsigned 32 bits; undefined for a name nobody knows. */
export function readRegister(vcpu: KvmVcpu, name: string): number | undefined {
  const value = read(vcpu, name.toUpperCase())
  return value === undefined ? undefined : value >>> 0
}

function read(vcpu: KvmVcpu, name: string): number | undefined {
  const { state } = vcpu.cpu
  const gpr = gprNumber(name)
  if (gpr !== undefined) return state.gpr[gpr]
  switch (name) {
    case 'PC':
    case 'NIP':
      return state.words[Word.PC]
    case 'SP':
      return state.gpr[1]
    case 'MSR':
      return state.words[Word.MSR]
    case 'CR':
      return packCr(state.cr)
    case 'FPSCR':
      return state.words[Word.FPSCR]
  }
  const field = /^CR([0-7])$/.exec(name)
  if (field) return state.cr[Number(field[1])]
  return facilityRegister(vcpu, name) ?? readSprNamed(vcpu, name) ?? peekDevice(vcpu.cpu, name)
}

/** Where interrupt `ivor` leads. */
export const vectorOf = (ivor: number, { cpu }: KvmVcpu): number => vector(cpu.state.spr, ivor) >>> 0

function readSprNamed(vcpu: KvmVcpu, name: string): number | undefined {
  const number = SPRS[name]
  return number === undefined ? undefined : peekSpr(vcpu.cpu, number)
}

/**
 * While the debugger owns the facility: what the comparators hold as the guest runs, and DBSR as the last exit found it.
 * Undefined for a register that is none of the facility's, or while the guest owns it.
 */
function facilityRegister(vcpu: KvmVcpu, name: string): number | undefined {
  if (vcpu.guest_debug === 0 || !FACILITY.has(name)) return undefined
  const row = debugViews(vcpu).rows.find(each => each.name === name)
  return name === 'DBSR' ? row?.debugger : row?.running
}

/** @returns false when there is no such register, or the debugger holds it and it must not be written. */
export function writeRegister(vcpu: KvmVcpu, name: string, value: number): boolean {
  const { cpu } = vcpu
  const { state } = cpu
  const upper = name.toUpperCase()
  const gpr = gprNumber(upper)
  if (gpr !== undefined) state.gpr[gpr] = value
  else if (upper === 'PC' || upper === 'NIP') cpu.pc = value
  else if (upper === 'SP') state.gpr[1] = value
  else if (upper === 'MSR') cpu.setMsr(value)
  else if (upper === 'CR') for (let n = 0; n < 8; n++) state.cr[n] = (value >>> (28 - 4 * n)) & 15
  else if (/^CR[0-7]$/.test(upper)) state.cr[Number(upper[2])] = value & 15
  else if (upper === 'FPSCR') state.words[Word.FPSCR] = value
  else if (SPRS[upper] === undefined) return pokeDevice(cpu, upper, value)
  else if (facilityRegister(vcpu, upper) !== undefined) return false
  else pokeSpr(cpu, SPRS[upper], value)
  return true
}

export function packCr(cr: Int32Array): number {
  let packed = 0
  for (let n = 0; n < 8; n++) packed = (packed << 4) | (cr[n] & 15)
  return packed
}

/** `R13` is 13; anything but R0-R31 is undefined. */
function gprNumber(name: string): number | undefined {
  const match = /^R(\d{1,2})$/.exec(name)
  const number = match ? Number(match[1]) : 32
  return number < 32 ? number : undefined
}
