// Text as the protocol carries it: hexadecimal digits, and bytes as characters.

/** Two digits for each byte. */
export function hexOf(bytes: ArrayLike<number>): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) text += DIGITS[bytes[i]!]
  return text
}

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export const hexOfText = (text: string): string => hexOf(new TextEncoder().encode(text))

/** The bytes of pairs of digits; undefined for anything else. */
export function bytesOfHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return undefined
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16))
}

export function textOfHex(text: string): string | undefined {
  const bytes = bytesOfHex(text)
  return bytes && new TextDecoder().decode(bytes)
}

/** A number in hexadecimal without prefix, below 2^32; undefined for anything else. */
export function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9a-f]{1,16}$/i.test(text) && Number.parseInt(text, 16) < 2 ** 32
    ? Number.parseInt(text, 16)
    : undefined
}

/** Numbers with commas between them: exactly `count`. */
export function numbersOf(text: string, count: number): readonly number[] | undefined {
  const numbers = text.split(',').map(numberOf)
  return numbers.length === count && numbers.every(each => each !== undefined) ? numbers : undefined
}

export const word = (value: number): string => (value >>> 0).toString(16).padStart(8, '0')

/** Each byte a character of the same number. */
export function latin(bytes: Uint8Array): string {
  let text = ''
  for (let from = 0; from < bytes.length; from += CHUNK)
    text += String.fromCharCode.apply(undefined, bytes.subarray(from, from + CHUNK) as unknown as number[])
  return text
}

const CHUNK = 4096
