// The rows of a frame's variables, some levels deep, and whether each one's name evaluates to the row again.

import { contextOf, evaluate, frameScopes } from '../../../src/debuggee/evaluation.ts'
import { callStack } from '../../../src/debuggee/frames.ts'
import type { Program } from '../../../src/debuggee/program.ts'
import type { Child, Container } from '../../../src/debuggee/tree.ts'
import type { Context } from '../../../src/expr/context.ts'
import type { Machine } from '../../../src/machine/machine.ts'

/** What was seen of some frames' rows. */
export interface Walked {
  /** Rows with a name to evaluate. */
  named: number
  /** Rows that no expression gives: hidden by others, and what is in such; structures without a name. */
  unnamed: number
  readonly differences: string[]
  /** Where the frames stood whose rows have been seen. */
  readonly places: Set<string>
}

const levels = 4
/** Of a container, the first and the last ones. */
const perContainer = 40
const frameLimit = 6

/**
 * Evaluates the names of all rows of the innermost frames, `levels` deep, each in its frame. Of frames that stand at one
 * place the first is walked.
 */
export function walkRows(machine: Machine, program: Program, walked: Walked): void {
  let frames = 0
  for (const frame of callStack(machine, program)) {
    if ('why' in frame || ++frames > frameLimit) break
    // Most stops have the same callers.
    const place = `${frame.activation.pc} ${frame.inlineDepth}`
    if (walked.places.has(place)) continue
    walked.places.add(place)
    const context = contextOf(machine, program, frame)
    for (const scope of frameScopes(machine, program, frame)) {
      if (scope.hint === 'registers') continue
      walk(scope.rows, `${frame.name} ${scope.name}`, { context, walked }, levels)
    }
  }
}

interface Walk {
  readonly context: Context
  readonly walked: Walked
}

function walk(rows: Container, path: string, about: Walk, depth: number): void {
  const all = rows.children(0, perContainer)
  for (const row of all.slice(0, perContainer)) {
    const where = `${path} > ${row.name}`
    check(row, where, about, all.filter(({ name }) => name === row.name).length > 1)
    if (depth > 1 && row.container !== undefined) walk(row.container, where, about, depth - 1)
  }
}

function check(row: Child, where: string, { context, walked }: Walk, isOneOfSeveral: boolean): void {
  const name = row.evaluateName
  if (name === undefined) {
    walked.unnamed++
    // The instances of a variable template, which compilers give one name.
    if (!isUnnameable(where) && !isOneOfSeveral) walked.differences.push(`${where}: no name`)
    return
  }
  walked.named++
  const again = said(() => described(evaluate(context, name)))
  const shown = described(row)
  if (again !== shown) walked.differences.push(`${where}: ${name}\n    row  ${shown}\n    name ${again}`)
}

/** C has no expression for a structure without a name, nor for a variable that one of the same function hides. */
const isUnnameable = (where: string): boolean => /\(hidden\)|(struct|union|class) \{\.\.\.\}$|> …$/.test(where)

/** Everything that is seen of a row but its own name, and how much is in it. */
const described = ({ value, type, address, place, size, set, indexedVariables, container }: Child): string =>
  JSON.stringify([value, type, address, place, size, set !== undefined, indexedVariables, container !== undefined])

function said(text: () => string): string {
  try {
    return text()
  } catch (error) {
    return String(error)
  }
}
