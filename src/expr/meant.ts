// What the text of a name means, for those who look for a name that means what they have.

import { memberPath } from '../symbols/memberPath.ts'
import type { Variable } from '../symbols/scopes.ts'
import type { Member, StructType } from '../symbols/types.ts'
import { type Context, typesHere } from './context.ts'
import { ExpressionError } from './error.ts'
import { type Meaning, meaningOf } from './names.ts'
import { parse } from './parser.ts'
import type { Name, Node } from './syntax.ts'

/** Whether `text` in an expression means this variable. */
export function meansVariable(text: string, { entry }: Variable, context: Context): boolean {
  const node = nodeOf(text, context)
  const meaning = node?.kind === 'name' ? meaningHere(node, context) : undefined
  return meaning?.kind === 'variable' && meaning.variable.entry === entry
}

/** What several base classes have means none of them. */
function meaningHere(name: Name, context: Context): Meaning | undefined {
  try {
    return meaningOf(name, context)
  } catch (error) {
    if (error instanceof ExpressionError) return undefined
    throw error
  }
}

/** Whether `text` behind a `.` means the member at the end of this path. */
export function meansMember(text: string, type: StructType, path: readonly Member[], context: Context): boolean {
  const node = nodeOf(`object.${text}`, context)
  const found = node?.kind === 'member' ? memberPath(type, node.name) : undefined
  if (found === undefined || !('path' in found)) return false
  return found.path.length === path.length && found.path.every((member, i) => member === path[i])
}

/** The tree of `text`; undefined where it is no expression. */
export function nodeOf(text: string, context: Context): Node | undefined {
  try {
    return parse(text, typesHere(context), false, { macros: [], replacements: { left: 0 }, known: new Map() }).node
  } catch (error) {
    if (error instanceof ExpressionError) return undefined
    throw error
  }
}
