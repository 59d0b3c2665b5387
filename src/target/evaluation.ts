// What a person asks of a stopped program, answered as a tree row.

import type { Machine } from '../machine/machine.ts'
import { UserError } from '../util/userError.ts'
import { registerRow, registerTree } from './registerRows.ts'
import type { Child, Container } from './tree.ts'

export interface FrameScope {
  readonly name: string
  readonly container: Container
  /** Not to be fetched before somebody opens it. */
  readonly isCostly: boolean
  readonly hint: 'arguments' | 'locals' | 'registers'
}

export function frameScopes(machine: Machine): FrameScope[] {
  return [{ name: 'Registers', container: registerTree(machine, Number), isCostly: true, hint: 'registers' }]
}

export function evaluate(machine: Machine, text: string): Child {
  const row = registerRow(machine, text.replace(/^\$/, ''), Number)
  if (row === undefined)
    throw new UserError('expression', `${text} is not a register`, 'name one, for example r3 or msr')
  return row
}
