// What can be typed next in the Debug Console and in Watch: names that are known where the program stands, members of what
// stands before the dot, registers and their fields.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { SHOWN_REGISTERS } from '../isa/registerGroups.ts'
import { registerByName } from '../isa/registers.ts'
import { deviceRegister, devicesOf } from '../machine/devices.ts'
import { UserError } from '../util/userError.ts'
import type { SessionState } from './sessionState.ts'

/** Behind these VS Code asks by itself. */
export const COMPLETION_TRIGGERS: string[] = ['.', '>', '$']

const MOST_ITEMS = 500

/** `x`, `p->next`, `a[3].b`: what is evaluated to find members has no calls and no assignments in it. */
const MEMBER = /((?:\$|\b)[A-Za-z_]\w*(?:(?:\.|->|::)\w+|\[[\w\s+\-*]*\])*)(\.|->)(\w*)$/
const REGISTER = /\$(\w*)$/
const NAME = /([A-Za-z_]\w*)$/

/** @param text up to the caret @returns the items in the order they are offered */
export function completionsOf(state: SessionState, text: string, frameId: number | undefined): P.CompletionItem[] {
  const member = MEMBER.exec(text)
  if (member !== null) return members(state, member, frameId)
  const register = REGISTER.exec(text)?.[1]
  if (register !== undefined) return items('variable', registerNames(state), register)
  const name = NAME.exec(text)?.[1]
  return name === undefined ? [] : names(state, name, frameId)
}

function members(state: SessionState, found: RegExpExecArray, frameId: number | undefined): P.CompletionItem[] {
  const [, base = '', operator, typed = ''] = found
  const named = base.replace(/^\$/, '')
  const register = registerByName(named) ?? deviceRegister(state.target.machine.cpu, named)
  if (register !== undefined) return items('field', Object.keys(register.fields), typed)
  try {
    const { container } = state.evaluate(operator === '->' ? `*(${base})` : base, frameId)
    const rows = container === undefined ? [] : [...(container.named?.() ?? container.children(0, MOST_ITEMS))]
    return items(
      'field',
      rows.map(({ name }) => name),
      typed,
    )
  } catch (error) {
    // Half an expression is none, and nothing can be offered for it.
    if (error instanceof UserError) return []
    throw error
  }
}

/** Of the core, then of the devices. */
const registerNames = ({ target }: SessionState): readonly string[] => [
  ...SHOWN_REGISTERS,
  ...devicesOf(target.machine.cpu).flatMap(({ registers }) => registers.map(({ name }) => name)),
]

/** Variables of the frame first, the innermost block's before all others; then what is static, and functions. */
function names(state: SessionState, typed: string, frameId: number | undefined): P.CompletionItem[] {
  const { target } = state
  const frame = target.state === 'stopped' ? state.frame(frameId) : undefined
  const { symbols } = target.program
  const scopes = frame === undefined ? [] : symbols.scopesAt(frame.activation.readers.pc, frame.inlineDepth)
  const known = scopes.flatMap(({ variables }) => variables.map(({ name }) => name))
  return [
    ...items('variable', known, typed),
    ...items('function', symbols.namesBeginning(typed), typed),
    ...items('variable', typed.length > 1 ? SHOWN_REGISTERS : [], typed),
  ].filter((each, n, all) => all.findIndex(({ label }) => label === each.label) === n)
}

/** Those that begin so, whatever the case; `length` is what they replace. */
function items(type: P.CompletionItemType, all: Iterable<string>, typed: string): P.CompletionItem[] {
  const wanted = typed.toLowerCase()
  const found: P.CompletionItem[] = []
  for (const name of all) {
    if (found.length === MOST_ITEMS) break
    if (/^[A-Za-z_]\w*$/.test(name) && name.toLowerCase().startsWith(wanted))
      found.push({ label: name, type, length: typed.length })
  }
  return found
}
