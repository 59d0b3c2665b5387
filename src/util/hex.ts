// Numbers as the manual prints them.

/** `0x0000beef`: a 32-bit word as the manual prints it. */
export const hex32 = (word: number): string => `0x${(word >>> 0).toString(16).padStart(8, '0')}`

/** A number in hex with at least `digits` digits; no sign, no limit of 32 bits (real addresses have 36). */
export const hex = (value: number, digits = 1): string => `0x${value.toString(16).padStart(digits, '0')}`
