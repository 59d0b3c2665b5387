// Characters and text as C writes them.

import { codePoints, type Prefix } from '../../expr/text.ts'

const named: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  27: '\\e',
  92: '\\\\',
}

/** One character of a constant between `quote`s; what cannot be printed as its octal escape. */
function escaped(code: number, quote: string): string {
  if (code === quote.charCodeAt(0)) return `\\${quote}`
  if (named[code] !== undefined) return named[code]
  if (code < 0x20 || code === 0x7f) return octal(code)
  return String.fromCodePoint(code)
}

const octal = (byte: number): string => `\\${byte.toString(8).padStart(3, '0')}`

/** `'a'`, `'\n'`, `'\377'`, `u'é'`. A char above 127 is a part of a character, what is wider all of one. */
export function characterText(code: number, prefix: Prefix = ''): string {
  return prefix === '' && code > 0x7f ? `'${octal(code)}'` : `${prefix}'${wideEscaped(code, "'")}'`
}

function wideEscaped(code: number, quote: string): string {
  const isControl = code >= 0x80 && code < 0xa0
  const isCharacter = code < 0x11_0000 && (code < 0xd800 || code > 0xdfff)
  if (isCharacter && !isControl) return escaped(code, quote)
  return isControl ? octal(code) : `\\x${code.toString(16)}`
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** `"hello\n"`, `L"wide"`. UTF-8 is shown as what it says; bytes that are none, as octal escapes. */
export function stringText(bytes: Uint8Array, isCut = false, prefix: Prefix = ''): string {
  const inside =
    prefix === ''
      ? decoded(bytes, isCut)
      : codePoints(bytes, prefix)
          .map(code => wideEscaped(code, '"'))
          .join('')
  return `${prefix}"${inside}"${isCut ? '…' : ''}`
}

function decoded(bytes: Uint8Array, isCut: boolean): string {
  // The cut may have been in the middle of a character, which has at most four bytes.
  for (let drop = 0; drop <= (isCut ? 3 : 0); drop++) {
    try {
      const text = utf8.decode(bytes.subarray(0, bytes.length - drop))
      return Array.from(text, character => escaped(character.codePointAt(0)!, '"')).join('')
    } catch {
      // Not UTF-8, or not with this end.
    }
  }
  return Array.from(bytes, byte => (byte < 0x80 ? escaped(byte, '"') : octal(byte))).join('')
}
