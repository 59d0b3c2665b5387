// What is told of the word under the pointer.

import { registerNumber } from '../registerNames.ts'
import { aboutMnemonic } from './instructionText.ts'
import { namesIn } from './names.ts'
import { type Pointed, pointedAt, type TextPosition, type TextSpan } from './position.ts'
import { abiRole, conditionBitText, directiveText, PART_TEXTS, registerText } from './words.ts'

/** Markdown, and what of the text it is about. */
export interface AsmHover {
  readonly span: TextSpan
  readonly markdown: string
}

export function hoverAt(text: string, position: TextPosition): AsmHover | undefined {
  const pointed = pointedAt(text, position)
  if (pointed === undefined) return undefined
  const markdown = aboutWord(text, pointed)
  if (markdown === undefined) return undefined
  const { word, statement } = pointed
  return { span: { line: statement.raw.line, column: word.column, length: word.text.length }, markdown }
}

function aboutWord(text: string, { word, role, codec, statement }: Pointed): string | undefined {
  if (role === 'op') {
    const macro = namesIn(text).find(({ name, kind }) => kind === 'macro' && name === word.text)
    if (macro !== undefined) return code(macro.text)
    return statement.op.startsWith('.') ? directiveText(statement.op) : aboutMnemonic(statement.op)
  }
  if (word.text.startsWith('@')) return PART_TEXTS[word.text.slice(1).toLowerCase()]
  const register = codec === undefined ? undefined : aboutRegister(codec.kind, word.text)
  return register ?? aboutName(text, word.text) ?? aboutNumber(word.text)
}

function aboutRegister(kind: NonNullable<Pointed['codec']>['kind'], written: string): string | undefined {
  const value = registerNumber(kind, written) ?? (/^(0x)?[\da-f]+$/i.test(written) ? Number(written) : undefined)
  if (value === undefined || Number.isNaN(value)) return undefined
  switch (kind) {
    case 'gpr or 0':
      return value === 0 ? '**0**: the number 0, not the contents of r0' : aboutGpr(value)
    case 'gpr':
      return aboutGpr(value)
    case 'fpr':
      return `**f${value}**: floating-point register ${value}`
    case 'crField':
      return `**cr${value}**: field ${value} of CR, bits ${4 * value} to ${4 * value + 3}`
    case 'crBit':
      return conditionBitText(value)
    case 'spr':
      return registerText(value)
    default:
      return undefined
  }
}

const aboutGpr = (value: number): string => `**r${value}**: ${abiRole(value)}`

function aboutName(text: string, name: string): string | undefined {
  const defined = namesIn(text).filter(each => each.name === name)
  if (defined.length === 0) return undefined
  return defined.map(({ text: line, span }) => `${code(line)}\nline ${span.line}`).join('\n\n')
}

/** A number the two other ways. */
function aboutNumber(written: string): string | undefined {
  if (!/^(0[xX][\da-fA-F]+|0[bB][01]+|\d+)$/.test(written)) return undefined
  const value = Number(/^0\d/.test(written) ? `0o${written}` : written)
  if (!(value > 9 && value < 2 ** 32)) return undefined
  return `${value} = 0x${value.toString(16)}${value >= 2 ** 31 ? ` = ${value | 0}` : ''}`
}

const code = (text: string): string => `\`\`\`ppc-asm\n${text}\n\`\`\``
