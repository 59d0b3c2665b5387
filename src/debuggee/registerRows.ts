// The registers as a tree for the Variables view: the groups of the register view, the fields under each register.

import { describeRegister } from '../expr/context.ts'
import { fieldValue, flagsSet, type Register } from '../isa/register.ts'
import { REGISTER_GROUPS } from '../isa/registerGroups.ts'
import type { Machine } from '../machine/machine.ts'
import { readRegister } from '../machine/registers.ts'
import { hex, hex32 } from '../util/hex.ts'
import { UserError } from '../util/userError.ts'
import type { NamedRegisters } from './frameRegisters.ts'
import type { Child, Container } from './tree.ts'

/** Turns what a person typed into a number. @throws UserError. */
export type ParseNumber = (text: string) => number

/** @param floats the rows of the floating-point registers, if there are any */
export function registerTree(
  machine: Machine,
  registers: NamedRegisters,
  parse: ParseNumber,
  floats: readonly Child[],
): Container {
  // What a function that was called was free to change, and has perhaps.
  const lost = (name: string): Child | undefined =>
    readRegister(machine.vcpu, name) === undefined ? undefined : { name, value: '<not saved>' }
  const rows = (names: readonly string[]): Container => ({
    children: () =>
      names.map(name => registerRow(registers, name, parse) ?? lost(name)).filter(row => row !== undefined),
  })
  const groups = REGISTER_GROUPS.map(
    ({ title, names }): Child => ({ name: title, value: '', container: rows(names), namedVariables: names.length }),
  )
  const container: Container = { children: () => [...floats] }
  const floatGroup: Child = { name: 'Floating point', value: '', container, namedVariables: floats.length }
  return { children: () => (floats.length > 0 ? [...groups, floatGroup] : groups) }
}

/** A register by any name of it, with its fields under it; undefined where there is none of that name, or its value is lost. */
export function registerRow(registers: NamedRegisters, name: string, parse: ParseNumber): Child | undefined {
  const value = registers.readRegister(name)
  if (value === undefined) return undefined
  const register = describeRegister(name, registers)
  const flags = register === undefined ? [] : flagsSet(register, value)
  const fields = register === undefined ? [] : Object.keys(register.fields)
  return {
    name,
    value: [hex(value, (register?.width ?? 32) / 4), ...flags].join(' '),
    type: register?.text,
    evaluateName: `$${name.toLowerCase()}`,
    ...(fields.length > 0 && { container: fieldRows(register!, value), namedVariables: fields.length }),
    ...(isAddress(name) && { address: value }),
    ...(isCodeAddress(name) && { code: value }),
    set: text => writeNamed(registers, name, parse(text)),
  }
}

/** Registers whose value is worth opening in the memory view. */
const isAddress = (name: string): boolean => /^(r\d+|PC|LR|CTR|C?SRR0|MCSRR0|DEAR|[ID]AC\d)$/i.test(name)

/** Those that hold the address of an instruction. */
const isCodeAddress = (name: string): boolean => /^(PC|NIP|LR|CTR|C?SRR0|MCSRR0|IAC\d)$/i.test(name)

function fieldRows(register: Register, value: number): Container {
  return {
    children: () =>
      Object.entries(register.fields).map(([name, { text, values }]): Child => {
        const current = fieldValue(register, value, name)
        const meaning = values?.[current]
        return {
          name,
          value: meaning === undefined ? `${current}` : `${current} ${meaning}`,
          type: text,
          evaluateName: `$${register.name.toLowerCase()}.${name}`,
        }
      }),
  }
}

function writeNamed(registers: NamedRegisters, name: string, value: number): string {
  if (!registers.writeRegister(name, value))
    throw new UserError(
      'read-only-register',
      `${name} cannot be written here`,
      'in a caller only what calls save can be, and of the debug facility only what breakpoints do not hold',
    )
  return hex32(registers.readRegister(name) ?? value)
}
