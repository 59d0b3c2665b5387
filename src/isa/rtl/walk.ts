// What can be read off a meaning without executing it.

import type { GeneralRegister, Statement } from './tree.ts'

/** The statements, of a condition those under it. */
export function flattened(statements: readonly Statement[]): readonly Exclude<Statement, { body: unknown }>[] {
  return statements.flatMap(each => ('body' in each ? flattened([each.body]) : [each]))
}

/** The general registers that are assigned to, in that order. */
export const assignedRegisters = (statements: readonly Statement[]): readonly GeneralRegister[] =>
  flattened(statements).flatMap(each => (each.kind === 'assign' && each.target.op === 'register' ? [each.target] : []))

/** Whether field 0 of CR is assigned to by its number. */
export const setsField0 = (statements: readonly Statement[]): boolean =>
  flattened(statements).some(
    each =>
      each.kind === 'assign' &&
      each.target.op === 'conditionField' &&
      each.target.number.op === 'constant' &&
      each.target.number.value === 0,
  )
