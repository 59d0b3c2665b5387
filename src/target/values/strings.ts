// Characters and text as C writes them.

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

/** `'a'`, `'\n'`, `'\377'`. */
export function characterText(code: number): string {
  const isPrintable = code < 0x80 || (code > 0xff && code < 0x11_0000 && (code < 0xd800 || code > 0xdfff))
  return `'${isPrintable ? escaped(code, "'") : octal(code)}'`
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** `"hello\n"`. UTF-8 is shown as what it says; bytes that are none, as octal escapes. */
export function stringText(bytes: Uint8Array, isCut = false): string {
  return `"${decoded(bytes, isCut)}"${isCut ? '…' : ''}`
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
