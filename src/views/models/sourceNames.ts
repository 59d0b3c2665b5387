// Names in a source that mean something to a stopped program: variables of C and C++, registers and symbols of assembly.
// Comments, texts and directives have none.

/** Lines and columns from 0. */
export interface SourceName {
  readonly text: string
  readonly line: number
  readonly column: number
}

/** A part of one line, and what to ask the program for. */
export interface SourceExpression {
  readonly column: number
  readonly length: number
  readonly expression: string
}

export type SourceLanguage = 'c' | 'assembly'

const SKIPPED = {
  c: /\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|\/\/.*|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|^[ \t]*#.*/gm,
  assembly: /\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|\/\/.*|"(?:\\.|[^"\\\n])*"?|#.*/gm,
}

/** The text with blanks for what is no code. */
const codeOnly = (text: string, language: SourceLanguage): string =>
  text.replace(SKIPPED[language], skipped => skipped.replace(/[^\n]/g, ' '))

/** `order`, but neither the `next` nor the `order` of `p->order.next`. */
const VARIABLE = /(?<![\w$.]|->\s*|::|\b(?:struct|union|enum|class)\s+)[A-Za-z_]\w*/g
const REGISTER = /(?<![\w.%$@])%?(?:[rf](?:[12]?\d|3[01])|cr[0-7])(?![\w@])/gi

/** Names of variables, or registers as they are written, in the lines from `first` to `last`. */
export function namesIn(
  lines: readonly string[],
  language: SourceLanguage,
  first: number,
  last: number,
): readonly SourceName[] {
  const text = codeOnly(lines.slice(first, last + 1).join('\n'), language)
  return text.split('\n').flatMap((line, n) =>
    [...line.matchAll(language === 'c' ? VARIABLE : REGISTER)].map(({ 0: text, index }) => ({
      ...{ text, line: first + n, column: index },
    })),
  )
}

/**
 * Where the code around a line begins: in C at the line in the first column that may be a function's, in assembly at the
 * nearest label, or a screen above where there is none.
 */
export function beginningOf(lines: readonly string[], language: SourceLanguage, stop: number): number {
  const isBeginning = language === 'c' ? /^[A-Za-z_][^;]*$/ : /^\s*[A-Za-z_.$][\w.$]*:/
  for (let line = stop; line > 0; line--)
    if (isBeginning.test(lines[line] ?? '') && !/^\w+\s*:(?!:)/.test(language === 'c' ? lines[line]! : '')) return line
    else if (language === 'assembly' && stop - line >= MOST_LINES) return line
  return 0
}

const MOST_LINES = 40

/** `a`, `a.b`, `p->q[i].r`, `ns::x` up to its last name. */
const C_EXPRESSION = /[A-Za-z_]\w*(?:\s*(?:\.|->|::)\s*[A-Za-z_]\w*|\[[^\][]*\])*/g
/** Of a macro with arguments, which have no parentheses in them. */
const MACRO_CALL = /^[A-Z_][A-Z0-9_]*$/
const ARGUMENTS = /^\([^()]*\)/

/** What a hover at a column of a line asks for. @param lines up to that line, so that comments are known */
export function expressionAt(
  lines: readonly string[],
  language: SourceLanguage,
  column: number,
): SourceExpression | undefined {
  const line = codeOnly(lines.join('\n'), language).split('\n').at(-1) ?? ''
  return language === 'c' ? cExpression(line, column) : assemblyExpression(line, column)
}

function cExpression(line: string, column: number): SourceExpression | undefined {
  for (const { 0: whole, index } of line.matchAll(C_EXPRESSION)) {
    if (column < index || column > index + whole.length) continue
    // Up to the end of the name under the mouse, as a hover over `p` in `p->next` means p.
    for (const { 0: name, index: at } of whole.matchAll(/\w+/g)) {
      if (column > index + at + name.length) continue
      const expression = closed(whole.slice(0, at + name.length), whole)
      const after = MACRO_CALL.test(expression)
        ? (ARGUMENTS.exec(line.slice(index + expression.length))?.[0] ?? '')
        : ''
      return { column: index, length: expression.length + after.length, expression: expression + after }
    }
  }
  return undefined
}

/** A name within brackets stands for itself: `i` of `a[i]`. */
function closed(upTo: string, whole: string): string {
  const open = upTo.lastIndexOf('[')
  return open > upTo.lastIndexOf(']') ? whole.slice(open + 1, upTo.length).trim() : upTo
}

function assemblyExpression(line: string, column: number): SourceExpression | undefined {
  const mnemonic = /^\s*(?:[\w.$]+:\s*)*/.exec(line)![0].length
  for (const { 0: word, index } of line.matchAll(/%?[A-Za-z_.$][\w.$]*/g)) {
    if (column < index || column > index + word.length) continue
    if (index === mnemonic) return undefined
    const name = word.replace(/^[%$]/, '')
    return { column: index, length: word.length, expression: REGISTER_NAME.test(name) ? `$${name}` : name }
  }
  return undefined
}

/** Others that are written as operands, beside the numbered ones. */
const REGISTER_NAME =
  /^(?:[rf]\d{1,2}|cr[0-7]?|sp|lr|ctr|xer|msr|pc|s?rr[01]|[cm]?c?srr[01]|d(?:bcr[0-2]|bsr|ear|ac[12]|vc[12])|iac[1-4]|esr|ivpr|ivor\d{1,2}|t[cs]r|pid|mcsr)$/i
