// Macros of GNU as (its manual, section 7.78): text that stands for text.

import { quotedAt, type RawStatement } from './lines.ts'
import { AsmError } from './problem.ts'

interface Parameter {
  readonly name: string
  /** What it is where no argument is given. */
  readonly standard: string
  readonly kind: 'plain' | 'required' | 'rest'
}

export interface AsmMacro {
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly body: readonly RawStatement[]
}

/** A macro from what stands behind `.macro`: `copy from, to=r4, count:req`. */
export function parseMacro(text: string, body: readonly RawStatement[]): AsmMacro {
  const [, name, list = ''] = /^([A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*)\s*,?\s*(.*)$/.exec(text) ?? []
  if (name === undefined) throw new AsmError('.macro wants a name')
  const parameters = splitArguments(list).map(parameter => {
    const [, own, kind, standard] =
      /^([A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*)(?::(req|vararg))?(?:\s*=\s*(.*))?$/.exec(parameter) ?? []
    if (own === undefined) throw new AsmError(`${parameter} is no name of a parameter`)
    return { name: own, standard: unquote(standard ?? ''), kind: KINDS[kind ?? ''] ?? 'plain' }
  })
  return { name, parameters, body }
}
const KINDS: Readonly<Record<string, Parameter['kind']>> = { req: 'required', vararg: 'rest' }

/** The body with the arguments in it. Statements stand where the macro was called; `undefined`: where they were written. */
export function expand(macro: AsmMacro, text: string, count: number, at: RawStatement | undefined): RawStatement[] {
  const values = argumentsOf(macro, text)
  return macro.body.map(statement => ({
    ...statement,
    ...(at === undefined ? {} : { file: at.file, line: at.line, column: at.column + at.text.search(/\S/) }),
    text:
      at === undefined
        ? substituted(statement.text, values, count)
        : substituted(statement.text, values, count).trimStart(),
  }))
}

function argumentsOf({ name, parameters }: AsmMacro, text: string): Map<string, string> {
  const values = new Map<string, string>()
  const given = splitArguments(text)
  let place = 0
  for (let i = 0; i < given.length; i++) {
    const [, key, value] = /^([A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*)\s*=(?!=)\s*(.*)$/.exec(given[i]!) ?? []
    const named = parameters.find(parameter => parameter.name === key)
    if (named !== undefined) {
      values.set(named.name, unquote(value!))
      continue
    }
    const parameter = parameters[place++]
    if (parameter === undefined)
      throw new AsmError(`${name} takes ${parameters.length} argument${parameters.length === 1 ? '' : 's'}`)
    if (parameter.kind === 'rest') {
      values.set(parameter.name, given.slice(i).join(', '))
      break
    }
    if (given[i] !== '') values.set(parameter.name, unquote(given[i]!))
  }
  for (const { name: own, standard, kind } of parameters) {
    if (values.has(own)) continue
    if (kind === 'required') throw new AsmError(`${name} wants a value for ${own}`)
    values.set(own, standard)
  }
  return values
}

/** `\name`, `\name()`, `\@` (how many macros were expanded before) and `\()` (nothing). */
const substituted = (text: string, values: ReadonlyMap<string, string>, count: number): string =>
  text.replace(/\\(?:\(\)|@|([A-Za-z_$][\w$]*)(?:\(\))?)/g, (whole, name: string | undefined) => {
    if (whole === '\\()') return ''
    if (whole === '\\@') return String(count)
    const value = values.get(name!)
    return value ?? whole
  })

/** Arguments lie between commas, or between blanks where no operator stands; neither within quotes or parentheses. */
export function splitArguments(text: string): string[] {
  if (text.trim() === '') return []
  const parts: string[] = []
  let part = ''
  let depth = 0
  for (let i = 0; i < text.length; ) {
    const quoted = text[i] === '"' || text[i] === "'" ? quotedAt(text, i) : undefined
    const char = quoted ?? text[i]!
    if (char === '(') depth++
    if (char === ')') depth--
    const blanks = depth === 0 ? /^\s+/.exec(text.slice(i))?.[0] : undefined
    if (depth === 0 && char === ',') {
      parts.push(part.trim())
      part = ''
    } else if (blanks !== undefined && separates(part, text.slice(i + blanks.length))) {
      parts.push(part.trim())
      part = ''
    } else part += char
    i += char.length
  }
  return [...parts, part.trim()]
}

/** Whether blanks between these two end an argument. */
const separates = (before: string, after: string): boolean =>
  /[\w.$)"']$/.test(before.trimEnd()) && before.trim() !== '' && /^[\w.$%\\("']/.test(after)

const unquote = (text: string): string => (/^".*"$/.test(text) ? text.slice(1, -1).replace(/\\(["\\])/g, '$1') : text)
