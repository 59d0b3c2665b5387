// The text of a log point, taken apart: `x is {x}, y is {y,x}`. What is in braces is an expression (DAP, `logMessage`);
// `\{` is a brace. A brace in a string or a character of the expression is none.

export type LogPart = { readonly text: string } | { readonly expression: string }

export function logParts(message: string): LogPart[] {
  const parts: LogPart[] = []
  let text = ''
  for (let at = 0; at < message.length; at++) {
    const character = message[at]!
    const next = message[at + 1]
    if (character === '\\' && (next === '{' || next === '}')) {
      text += next
      at++
    } else if (character === '{') {
      const end = closingBrace(message, at + 1)
      // What is never closed is text, with all that follows.
      if (end === undefined) return textThen(parts, text + message.slice(at))
      if (text !== '') parts.push({ text })
      text = ''
      parts.push({ expression: message.slice(at + 1, end) })
      at = end
    } else text += character
  }
  return textThen(parts, text)
}

const textThen = (parts: readonly LogPart[], text: string): LogPart[] =>
  text === '' ? [...parts] : [...parts, { text }]

/** Where the expression that begins at `from` ends. */
function closingBrace(message: string, from: number): number | undefined {
  for (let at = from; at < message.length; at++) {
    const character = message[at]!
    if (character === '}') return at
    if (character === '"' || character === "'") at = endOfQuote(message, at) ?? at
  }
  return undefined
}

/** The quote that ends what the one at `from` begins. One character stands between single ones, a few where it is escaped. */
function endOfQuote(message: string, from: number): number | undefined {
  const quote = message[from]!
  const most = quote === '"' ? LONGEST_STRING : LONGEST_CHARACTER
  for (let at = from + 1; at < Math.min(message.length, from + most); at++) {
    if (message[at] === '\\') at++
    else if (message[at] === quote) return at
  }
  return undefined
}

/** `'\x7fffffff'` and its quotes. */
const LONGEST_CHARACTER = 14
/** Nobody compares with more in a log message; what is longer ends at the first brace. */
const LONGEST_STRING = 1000
