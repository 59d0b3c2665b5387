// The base protocol of DAP without any stream: bytes in, messages out. A header line `Content-Length: N`, an empty line,
// N bytes of JSON in UTF-8.

/** A stream that cannot be trusted any more: where the next message would begin is not known. */
export class FramingError extends Error {}

const HEADERS = ['content-length:', 'content-type:'] as const
const MOST_HEADER_BYTES = 1024
/** The largest request there is writes 1 MB of memory, as base64. */
const MOST_BODY_BYTES = 64 << 20
const FIRST_BODY_BYTES = 1 << 16

const CR = 13
const LF = 10

/** Takes bytes in pieces of any size. After it has thrown it takes no more. */
export class Framing {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })
  #line = ''
  #headerBytes = 0
  /** What the header at hand says, once it has. */
  #length: number | undefined
  /** The body at hand and how much of it is there; undefined between messages. */
  #body: Uint8Array | undefined
  #filled = 0

  /** Whether the stream may end here. */
  get isBetweenMessages(): boolean {
    return this.#body === undefined && this.#headerBytes === 0
  }

  /** The messages that `bytes` complete, one after the other. @throws FramingError */
  *push(bytes: Uint8Array): Generator<unknown> {
    let at = 0
    while (at < bytes.length) {
      if (this.#body === undefined) this.#header(bytes[at++]!)
      else at += this.#fill(this.#body, bytes.subarray(at))
      if (this.#body !== undefined && this.#filled === this.#length) yield this.#message()
    }
  }

  /** One byte of a header. Refused at the first that cannot belong to one. */
  #header(byte: number): void {
    if (++this.#headerBytes > MOST_HEADER_BYTES)
      throw new FramingError(`a header has more than ${MOST_HEADER_BYTES} bytes`)
    if (byte === LF && this.#line.endsWith('\r')) return this.#endLine(this.#line.slice(0, -1))
    this.#line += String.fromCharCode(byte)
    const isText = byte >= 32 && byte < 127
    if (!(isText || byte === CR) || this.#line.slice(0, -1).endsWith('\r') || !isStart(this.#line))
      throw new FramingError(
        `${JSON.stringify(this.#line)} begins no header of the debug adapter protocol: "Content-Length: N" was expected`,
      )
  }

  #endLine(line: string): void {
    this.#line = ''
    if (line === '') return this.#beginBody()
    if (!line.toLowerCase().startsWith(HEADERS[0])) return
    const digits = line.slice(HEADERS[0].length).trim()
    if (this.#length !== undefined) throw new FramingError('a header gives its Content-Length twice')
    if (!/^\d{1,15}$/.test(digits)) throw new FramingError(`${JSON.stringify(line)} gives no length`)
    this.#length = Number(digits)
    if (this.#length > MOST_BODY_BYTES)
      throw new FramingError(`a message of ${digits} bytes is announced; it may have ${MOST_BODY_BYTES}`)
  }

  #beginBody(): void {
    if (this.#length === undefined) throw new FramingError('a header has no Content-Length')
    this.#headerBytes = 0
    this.#filled = 0
    this.#body = new Uint8Array(Math.min(this.#length, FIRST_BODY_BYTES))
  }

  /** @returns how many bytes belonged to the body. It grows as they come: a length alone takes no memory. */
  #fill(body: Uint8Array, bytes: Uint8Array): number {
    const taken = bytes.subarray(0, this.#length! - this.#filled)
    const needed = this.#filled + taken.length
    if (needed > body.length) {
      const larger = new Uint8Array(Math.min(this.#length!, Math.max(needed, 2 * body.length)))
      larger.set(body.subarray(0, this.#filled))
      this.#body = larger
    }
    this.#body!.set(taken, this.#filled)
    this.#filled = needed
    return taken.length
  }

  #message(): unknown {
    const body = this.#body!
    this.#body = undefined
    this.#length = undefined
    try {
      return JSON.parse(this.#decoder.decode(body))
    } catch {
      throw new FramingError(`a message of ${body.length} bytes is not JSON in UTF-8`)
    }
  }
}

/** Whether a line so far may become one of a header. */
function isStart(line: string): boolean {
  const text = line.toLowerCase()
  return line === '\r' || HEADERS.some(header => header.startsWith(text) || text.startsWith(header))
}

/** A message as it goes over the stream. */
export function framed(message: unknown): Uint8Array {
  const body = new TextEncoder().encode(JSON.stringify(message))
  const header = new TextEncoder().encode(`Content-Length: ${body.length}\r\n\r\n`)
  const bytes = new Uint8Array(header.length + body.length)
  bytes.set(header)
  bytes.set(body, header.length)
  return bytes
}
