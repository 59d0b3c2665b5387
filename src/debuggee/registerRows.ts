// The registers as a tree for the Variables view: the groups of the register view, the fields under each register.

import { REGISTER_GROUPS } from '../isa/registerGroups.ts'
import { fieldValue, type Register, registerByName } from '../isa/registers.ts'
import type { Machine } from '../machine/machine.ts'
import { readRegister } from '../machine/registers.ts'
import { hex32 } from '../util/hex.ts'
import { UserError } from '../util/userError.ts'
import type { Child, Container } from './tree.ts'

/** Turns what a person typed into a number. @throws UserError. */
export type ParseNumber = (text: string) => number

export function registerTree(machine: Machine, parse: ParseNumber): Container {
  const rows = (names: readonly string[]): Container => ({
    children: () => names.map(name => registerRow(machine, name, parse)).filter(row => row !== undefined),
  })
  const groups = REGISTER_GROUPS.map(
    ({ title, names }): Child => ({ name: title, value: '', container: rows(names), namedVariables: names.length }),
  )
  return { children: () => (machine.cpu.fpu ? [...groups, floatGroup(machine)] : groups) }
}

/** A register by any name of it, with its fields under it; undefined where the core has none of that name. */
export function registerRow(machine: Machine, name: string, parse: ParseNumber): Child | undefined {
  const value = readRegister(machine.vcpu, name)
  if (value === undefined) return undefined
  const register = registerByName(name)
  const flags = register?.names(value).filter(field => isFlag(register, field)) ?? []
  const fields = register === undefined ? [] : Object.keys(register.fields)
  return {
    name,
    value: flags.length > 0 ? `${hex32(value)} ${flags.join(' ')}` : hex32(value),
    type: register?.text,
    evaluateName: `$${name.toLowerCase()}`,
    ...(fields.length > 0 && { container: fieldRows(register!, value), namedVariables: fields.length }),
    ...(isAddress(name) && { address: value }),
    set: text => writeNamed(machine, name, parse(text)),
  }
}

const isFlag = (register: Register, field: string): boolean =>
  register.fields[field]!.bits[0] === register.fields[field]!.bits[1]

/** Registers whose value is worth opening in the memory view. */
const isAddress = (name: string): boolean => /^(r\d+|PC|LR|CTR|C?SRR0|MCSRR0|DEAR|[ID]AC\d)$/i.test(name)

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

function writeNamed(machine: Machine, name: string, value: number): string {
  if (!machine.setRegister(name, value))
    throw new UserError(
      'read-only-register',
      `${name} cannot be written while breakpoints hold the debug facility`,
      'remove them first; the program itself still sees the values it wrote',
    )
  return hex32(readRegister(machine.vcpu, name) ?? value)
}

function floatGroup({ cpu }: Machine): Child {
  const children = (): Child[] =>
    [...cpu.state.fpr].map((value, n) => ({ name: `f${n}`, value: String(value), type: 'double' }))
  return { name: 'Floating point', value: '', container: { children }, namedVariables: 32 }
}
