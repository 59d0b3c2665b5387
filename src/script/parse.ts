// A debug session as a text: a command in each line. The expressions in it are those of Watch.

import type { Access, BreakpointRequest } from '../debuggee/breakpoints.ts'
import { UserError } from '../util/userError.ts'

export type StepKind = 'step' | 'next' | 'finish' | 'stepi' | 'nexti'

export type ScriptCommand =
  | { readonly kind: 'break'; readonly location: string; readonly request: BreakpointRequest }
  | { readonly kind: 'watch'; readonly expression: string; readonly access: Access; readonly condition?: string }
  | { readonly kind: 'delete'; readonly which: number | 'all' | 'last' }
  | { readonly kind: 'continue'; readonly within: number | undefined }
  | {
      readonly kind: 'until'
      readonly location: string
      readonly request: BreakpointRequest
      readonly within: number | undefined
    }
  | { readonly kind: 'step'; readonly how: StepKind }
  | { readonly kind: 'print'; readonly expression: string }
  | { readonly kind: 'show'; readonly expression: string }
  | { readonly kind: 'set'; readonly expression: string }
  | { readonly kind: 'input'; readonly text: string }
  | { readonly kind: 'expectAt'; readonly location: string; readonly request: BreakpointRequest }
  | { readonly kind: 'expectExit'; readonly status: number }
  | { readonly kind: 'expectOutput'; readonly text: string }
  | { readonly kind: 'expect'; readonly expression: string }

/** A command and where it was written. */
export interface ScriptLine {
  /** `check.script:3`, or the option. */
  readonly place: string
  readonly text: string
  readonly command: ScriptCommand
}

/** Each way to write a command, for help and for errors. */
export const COMMANDS_HELP = `  break LOCATION [if EXPRESSION] [hit COUNT]   LOCATION: main.c:40, a function, or 0x100234
  watch EXPRESSION [if EXPRESSION]             a change; rwatch: a read; awatch: both
  delete [NUMBER]                              one breakpoint, or all
  continue [within N]                          to the next stop, N instructions at most (2M, 500k)
  until LOCATION [within N]                    to a place, without a breakpoint
  step, next, finish, stepi, nexti             a line, a line over calls, out; an instruction, and over calls
  print EXPRESSION                             once; show EXPRESSION: at every stop
  set EXPRESSION                               an assignment: count = 3
  input TEXT                                   typed into UART0 or standard input, with Enter
  expect EXPRESSION                            is true where the program stands
  expect at LOCATION                           it stands there
  expect exit STATUS                           it has ended so
  expect output TEXT                           it has written that`

const bad = (place: string, text: string, advice: string): UserError =>
  new UserError('bad-script', `${place}: "${text}" is no command`, advice)

/** @throws UserError with the place of the first line that is none */
export function parseScript(text: string, name: string): readonly ScriptLine[] {
  return text.split('\n').flatMap((row, n) => {
    const line = row.trim()
    return line === '' || line.startsWith('#') ? [] : [parseLine(line, `${name}:${n + 1}`)]
  })
}

/** @throws UserError */
export function parseLine(text: string, place: string): ScriptLine {
  const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? []
  const parse = Object.hasOwn(PARSERS, name) ? PARSERS[name] : undefined
  const command = parse?.(rest)
  if (command === undefined) throw bad(place, text, `commands are:\n${COMMANDS_HELP}`)
  return { place, text, command }
}

/** `main.c:40 with count == 3 within 2M`: a breakpoint, the way to it, what is expected there, and the breakpoint away. @throws UserError */
export function parseExpectation(text: string, place: string): readonly ScriptLine[] {
  const [, location = '', condition, within] =
    /^(\S+)(?:\s+with\s+(.+?))?(?:\s+within\s+(\S+))?$/s.exec(text.trim()) ?? []
  if (location === '')
    throw new UserError('bad-option', `--expect is ${text}`, 'write LOCATION [with EXPRESSION] [within N]')
  const lines = [
    `break ${location}${condition === undefined ? '' : ` if ${condition}`}`,
    `continue${within === undefined ? '' : ` within ${within}`}`,
    `expect at ${location}`,
    ...(condition === undefined ? [] : [`expect ${condition}`]),
  ]
  const forget: ScriptLine = { place, text: 'delete', command: { kind: 'delete', which: 'last' } }
  return [...lines.map(line => parseLine(line, place)), forget]
}

type Parser = (rest: string) => ScriptCommand | undefined

const nothing =
  (command: ScriptCommand): Parser =>
  rest =>
    rest === '' ? command : undefined

const something =
  (command: (rest: string) => ScriptCommand | undefined): Parser =>
  rest =>
    rest === '' ? undefined : command(rest)

const step = (how: StepKind): Parser => nothing({ kind: 'step', how })

const watch = (access: Access): Parser =>
  something(rest => {
    const [, expression = '', condition] = /^(.+?)(?:\s+if\s+(.+))?$/s.exec(rest) ?? []
    return { kind: 'watch', expression, access, ...(condition !== undefined && { condition }) }
  })

const PARSERS: Readonly<Record<string, Parser>> = {
  break: something(parseBreak),
  watch: watch('write'),
  rwatch: watch('read'),
  awatch: watch('readWrite'),
  delete: rest => (/^\d*$/.test(rest) ? { kind: 'delete', which: rest === '' ? 'all' : Number(rest) } : undefined),
  continue: parseContinue,
  run: parseContinue,
  until: something(parseUntil),
  step: step('step'),
  next: step('next'),
  finish: step('finish'),
  stepi: step('stepi'),
  nexti: step('nexti'),
  print: something(expression => ({ kind: 'print', expression })),
  show: something(expression => ({ kind: 'show', expression })),
  set: something(expression => ({ kind: 'set', expression })),
  input: text => ({ kind: 'input', text }),
  expect: something(parseExpect),
}

function parseBreak(rest: string): ScriptCommand | undefined {
  const [, location = '', condition, hitCondition] = /^(\S+)(?:\s+if\s+(.+?))?(?:\s+hit\s+(.+))?$/s.exec(rest) ?? []
  if (location === '') return undefined
  return { kind: 'break', location, request: { ...requestOf(location), condition, hitCondition } }
}

/** @returns what a breakpoint there is asked for as */
function requestOf(location: string): BreakpointRequest {
  const [, path, line] = /^(.+):(\d+)$/.exec(location) ?? []
  if (path !== undefined) return { kind: 'source', path, line: Number(line) }
  if (/^0x[0-9a-f]+$/i.test(location)) return { kind: 'instruction', address: Number(location) }
  return { kind: 'function', name: location }
}

function parseContinue(rest: string): ScriptCommand | undefined {
  if (rest === '') return { kind: 'continue', within: undefined }
  const within = withinOf(rest)
  return within === undefined ? undefined : { kind: 'continue', within }
}

function parseUntil(rest: string): ScriptCommand | undefined {
  const [, location = '', limit] = /^(\S+)(?:\s+(within\s+\S+))?$/.exec(rest) ?? []
  const within = limit === undefined ? undefined : withinOf(limit)
  if (location === '' || (limit !== undefined && within === undefined)) return undefined
  return { kind: 'until', location, request: requestOf(location), within }
}

/** `within 2M`: 2,000,000. */
function withinOf(text: string): number | undefined {
  const [, digits, unit = ''] = /^within\s+(\d+(?:\.\d+)?)([kM]?)$/.exec(text) ?? []
  return digits === undefined ? undefined : Math.round(Number(digits) * { '': 1, k: 1e3, M: 1e6 }[unit]!)
}

function parseExpect(rest: string): ScriptCommand | undefined {
  const [, what, argument = ''] = /^(at|exit|output)\s+(.+)$/s.exec(rest) ?? []
  if (what === 'at') return { kind: 'expectAt', location: argument, request: requestOf(argument) }
  if (what === 'exit') return /^\d{1,3}$/.test(argument) ? { kind: 'expectExit', status: Number(argument) } : undefined
  if (what === 'output') return { kind: 'expectOutput', text: argument }
  return { kind: 'expect', expression: rest }
}
