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

/** Characters outside the alphabet are skipped, as RFC 4648 allows. */
export function fromBase64(text: string): Uint8Array {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const character of text) {
    const digit = DIGITS.indexOf(character)
    if (digit < 0) continue
    held = ((held << 6) | digit) & 0xffffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes.push((held >>> bits) & 0xff)
    }
  }
  return Uint8Array.from(bytes)
}
