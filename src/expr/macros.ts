// A macro without parameters in an expression stands for its text, read as an expression of its own.

import { type Context, typesHere } from './context.ts'
import { ExpressionError } from './error.ts'
import { excerpt } from './macroCalls.ts'
import { parse } from './parser.ts'
import type { NameScope, Node } from './syntax.ts'
import { remembered } from './typeNames.ts'

/** Macros that stand for others, and these for others again, double with each step. */
export const mostReplacements = 1000

/**
 * What `compile` makes of the text that a name stands for; undefined where it is no macro. Macros come last: a name that
 * is still there in the program means that.
 */
export function expanded<T>(
  { name, file, position, inside }: Node & { kind: 'name' },
  context: Context,
  compile: (node: Node) => T,
): T | undefined {
  // In its own text its name is no macro (C17, §6.10.3.4).
  const macro =
    file !== undefined || inside.macros.includes(name) ? undefined : context.symbols.macroNamed(name, context.pc)
  if (macro === undefined) return undefined
  const refuse = (why: string, advice: string): never => {
    throw new ExpressionError(position, `the macro ${name} ${why}`, advice)
  }
  if (macro.parameters !== undefined)
    return refuse(`has parameters (${macro.parameters})`, `Write what it stands for: ${excerpt(macro.body)}`)
  if (macro.body.trim() === '') return refuse('stands for nothing', 'It has no value.')
  if (--inside.replacements.left < 0) return refuse('stands for too many others', 'Write what it comes to.')
  try {
    const within: NameScope = { ...inside, macros: [...inside.macros, name], known: new Map() }
    return compile(parse(macro.body, remembered(typesHere(context)), false, within).node)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return refuse(`stands for ${excerpt(macro.body)}, which is no expression`, 'Write the part of it that is one.')
  }
}
