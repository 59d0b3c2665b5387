// Sizes of RAM as people write them.

const KB = 1024
const UNITS: Readonly<Record<string, number>> = { '': 1, k: KB, m: KB * KB, g: KB * KB * KB }
const GRANULE = 64 * KB
const MOST = 1024 * KB * KB

export const RAM_SIZES = 'a size such as "128M", from 64K to 1024M, a multiple of 64K'

/** `64M`, `512K`, `0x4000000` or a number, in bytes; undefined for what no machine can have. */
export function ramSizeOf(value: unknown): number | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
  const [, digits, unit] = /^(\d{1,15})([kmg]?)i?b?$/i.exec(text) ?? []
  const bytes = /^0x[0-9a-f]{1,8}$/i.test(text) ? Number(text) : Number(digits) * UNITS[(unit ?? '').toLowerCase()]!
  return bytes >= GRANULE && bytes <= MOST && bytes % GRANULE === 0 ? bytes : undefined
}
