// Calls are refused: the program would have to run. What people look for with one is mostly there without it.

import { ExpressionError } from './error.ts'
import type { Node } from './syntax.ts'

/** What to write in place of a member function of the standard library; `%` stands for the object. */
const INSTEAD: Readonly<Record<string, string>> = {
  ...entries('size length count empty', 'Look at %: it is shown with the number of its elements.'),
  at: 'Write %[i].',
  front: 'Write %[0].',
  back: 'Look at %: its last element is the last row.',
  top: 'Look at %: its elements are rows.',
  ...entries('c_str data str', 'Write % itself.'),
  ...entries('get value', 'Write *%.'),
  ...entries('has_value index', 'Look at %: it is shown as what it holds.'),
  use_count: 'Look at %: it is shown with its counts.',
  ...entries('find contains', 'Write %[key].'),
  ...entries('begin end', 'Write %[i], or look at its rows.'),
}

function entries(names: string, text: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map(name => [name, text]))
}

/** The error for a call of what `callee` names. */
export function callRefused(callee: Node, position: number): ExpressionError {
  const what = 'functions of the program cannot be called from here'
  const isMember = callee.kind === 'member' && Object.hasOwn(INSTEAD, callee.name)
  const object = callee.kind === 'member' && callee.object.kind === 'name' ? callee.object.name : 'the object'
  const advice = isMember ? INSTEAD[callee.name].replace('%', object) : 'Set a breakpoint in the function instead.'
  return new ExpressionError(position, what, advice)
}
