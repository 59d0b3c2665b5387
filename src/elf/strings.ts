// String tables.

const utf8 = new TextDecoder()

/** The NUL-terminated string at `offset`; up to the end where the NUL is missing. Most names are short ASCII. */
export function stringAt(bytes: Uint8Array, offset: number): string {
  const nul = bytes.indexOf(0, offset)
  const text = bytes.subarray(offset, nul < 0 ? bytes.length : nul)
  if (text.length > 200 || text.some(byte => byte >= 0x80)) return utf8.decode(text)
  return String.fromCharCode.apply(null, text as unknown as number[])
}
