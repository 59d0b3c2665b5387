// Addresses as DAP carries them and people write them.

/** An address as DAP and people write it: hex with 0x, or decimal; undefined when it is neither or too large. */
export function parseAddress(text: string): number | undefined {
  if (!/^\s*(0x[0-9a-f]+|\d+)\s*$/i.test(text)) return undefined
  const value = Number(text)
  return isAddress(value) ? value : undefined
}

/** Of the 32 bits of an effective address. */
export const isAddress = (value: number): boolean => value >= 0 && value <= 0xffffffff
