// The framing of the GDB remote serial protocol ("Overview" in gdb's manual, appendix E.1) without any stream: bytes in,
// packets out, and back. `$` data `#` and two digits, the sum of the data modulo 256; `}` makes the next byte another one
// (x ^ 0x20); `x*n` stands for n - 29 more of x.

export type PacketToken =
  | { readonly kind: 'packet'; readonly data: Uint8Array }
  /** A packet whose sum is not that of its data, or that is longer than any may be. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'ack' }
  | { readonly kind: 'nak' }
  /** Ctrl-C: the program is to stop. */
  | { readonly kind: 'interrupt' }

/** Bytes of a packet's data, before escapes are resolved and after; gdb is told half as much. */
export const LONGEST_PACKET = 1 << 18

/** What most packets have room in. */
const FIRST_BYTES = 1 << 10

const [DOLLAR, HASH, STAR, ESCAPE, PLUS, MINUS, INTERRUPT] = [0x24, 0x23, 0x2a, 0x7d, 0x2b, 0x2d, 0x03]
const FLIP = 0x20
const FEWEST_REPEATS = 29

/** Takes bytes in pieces of any size. What is between packets and means nothing is passed over. */
export class PacketReader {
  /** The data of the packet at hand as it came, up to `#length`; it grows as bytes come. */
  #data = new Uint8Array(FIRST_BYTES)
  #length = 0
  #state: 'between' | 'data' | 'sum' = 'between'
  /** The digits of its sum, once `#` has come. */
  #digits = ''
  #sum = 0
  #isTooLong = false

  #take(byte: number): PacketToken | undefined {
    if (byte === DOLLAR) return this.#begin()
    if (this.#state === 'between') return BETWEEN.get(byte)
    if (this.#state === 'sum') return this.#digit(byte)
    if (byte === HASH) {
      this.#state = 'sum'
      return undefined
    }
    this.#sum = (this.#sum + byte) & 0xff
    if (this.#length === this.#data.length) this.#grow()
    if (this.#length < this.#data.length) this.#data[this.#length++] = byte
    return undefined
  }

  /** What `bytes` complete, one after the other. */
  *push(bytes: Uint8Array): Generator<PacketToken> {
    for (const byte of bytes) {
      const token = this.#take(byte)
      if (token !== undefined) yield token
    }
  }

  /** One that was under way has been cut off. */
  #begin(): undefined {
    this.#state = 'data'
    this.#length = 0
    this.#digits = ''
    this.#sum = 0
    this.#isTooLong = false
  }

  #grow(): void {
    if (this.#data.length >= LONGEST_PACKET) {
      this.#isTooLong = true
      return
    }
    const larger = new Uint8Array(Math.min(LONGEST_PACKET, 2 * this.#data.length))
    larger.set(this.#data)
    this.#data = larger
  }

  #digit(byte: number): PacketToken | undefined {
    this.#digits += String.fromCharCode(byte)
    if (this.#digits.length < 2) return undefined
    const isWhole = /^[0-9a-f]{2}$/i.test(this.#digits) && Number.parseInt(this.#digits, 16) === this.#sum
    const data = isWhole && !this.#isTooLong ? unescaped(this.#data.subarray(0, this.#length)) : undefined
    this.#state = 'between'
    return data === undefined ? { kind: 'damaged' } : { kind: 'packet', data }
  }
}

const BETWEEN: ReadonlyMap<number, PacketToken> = new Map([
  [PLUS, { kind: 'ack' }],
  [MINUS, { kind: 'nak' }],
  [INTERRUPT, { kind: 'interrupt' }],
])

/** Undefined for an escape or a repetition that has nothing to be about. */
function unescaped(data: Uint8Array): Uint8Array | undefined {
  if (!data.includes(ESCAPE) && !data.includes(STAR)) return data.slice()
  const bytes: number[] = []
  for (let i = 0; i < data.length; i++) {
    const byte = data[i]!
    if (byte === ESCAPE) {
      if (++i === data.length) return undefined
      bytes.push(data[i]! ^ FLIP)
    } else if (byte === STAR) {
      const repeats = (data[++i] ?? 0) - FEWEST_REPEATS
      const last = bytes.at(-1)
      if (last === undefined || repeats < 0 || bytes.length + repeats > LONGEST_PACKET) return undefined
      for (let n = 0; n < repeats; n++) bytes.push(last)
    } else bytes.push(byte)
  }
  return Uint8Array.from(bytes)
}

const SPECIAL: ReadonlySet<number> = new Set([DOLLAR, HASH, STAR, ESCAPE])

/** A packet as it goes over the stream. Text is of characters below 256. */
export function packetOf(data: string | Uint8Array): Uint8Array {
  // Every byte may have to be escaped; the frame has four.
  const bytes = new Uint8Array(2 * data.length + 4)
  bytes[0] = DOLLAR
  let end = 1
  let sum = 0
  for (let i = 0; i < data.length; i++) {
    let byte = typeof data === 'string' ? data.charCodeAt(i) & 0xff : data[i]!
    if (SPECIAL.has(byte)) {
      sum += ESCAPE
      bytes[end++] = ESCAPE
      byte ^= FLIP
    }
    sum += byte
    bytes[end++] = byte
  }
  bytes[end++] = HASH
  for (const digit of (sum & 0xff).toString(16).padStart(2, '0')) bytes[end++] = digit.charCodeAt(0)
  return bytes.subarray(0, end)
}

export const ACK = Uint8Array.of(PLUS)
export const NAK = Uint8Array.of(MINUS)
