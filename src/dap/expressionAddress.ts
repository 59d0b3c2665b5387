// Where an expression leads to, for the console and for views of memory.

import { UserError } from '../util/userError.ts'
import { badReference } from './errors.ts'
import type { SessionState } from './sessionState.ts'

/** A pointer's or number's value, an array's or a function's place, and that of a structure. @throws UserError */
export function addressMeant(state: SessionState, text: string, frameId: number | undefined): number {
  const address = Number(textOf(state, text, frameId))
  if (!Number.isInteger(address) || address < 0 || address >= 2 ** 32) throw badReference(text)
  return address
}

function textOf(state: SessionState, text: string, frameId: number | undefined): string {
  const evaluated = (expression: string): string => state.evaluate(`(unsigned long)(${expression})`, frameId).value
  try {
    return evaluated(text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    try {
      return evaluated(`&(${text})`)
    } catch {
      throw error
    }
  }
}
