const utf8 = new TextDecoder()

/** The NUL-terminated string at `offset`; up to the end where the NUL is missing. Most names are short ASCII. */
export function stringAt(bytes: Uint8Array, offset: number): string {
  let text = ''
  for (let i = offset; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === 0) return text
    if (byte >= 0x80) {
      const nul = bytes.indexOf(0, i)
      return text + utf8.decode(bytes.subarray(i, nul < 0 ? bytes.length : nul))
    }
    text += String.fromCharCode(byte)
  }
  return text
}
