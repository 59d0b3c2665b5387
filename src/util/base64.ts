// Base64 (RFC 4648) without Node's Buffer, which web workers lack.

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    const left = bytes.length - i
    text += DIGITS[group >>> 18] + DIGITS[(group >>> 12) & 63]
    text += (left > 1 ? DIGITS[(group >>> 6) & 63] : '=') + (left > 2 ? DIGITS[group & 63] : '=')
  }
  return text
}

/** Whole groups; the last one may be shorter, with or without its padding. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/

/** Undefined for what is no base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (!BASE64.test(text)) return undefined
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const character of text) {
    if (character === '=') break
    const digit = DIGITS.indexOf(character)
    held = ((held << 6) | digit) & 0xffffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes.push((held >>> bits) & 0xff)
    }
  }
  return Uint8Array.from(bytes)
}
