// The base protocol: any split of the bytes gives the same messages, and what is not the protocol is refused early.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Framing, FramingError, framed } from '../../src/dap/framing.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** What comes of the bytes, given in these pieces; the text of the error, if it ends in one, last. */
function read(bytes: Uint8Array, cuts: readonly number[] = []): unknown[] {
  const framing = new Framing()
  const out: unknown[] = []
  const ends = [...cuts.map(cut => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  let at = 0
  try {
    for (const end of ends) {
      for (const message of framing.push(bytes.subarray(at, end))) out.push(message)
      at = end
    }
  } catch (error) {
    expect(error).toBeInstanceOf(FramingError)
    out.push((error as Error).message)
  }
  return out
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap(part => [...part]))

test('messages survive any split of their bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 20 }), (messages, cuts) => {
      const expected = JSON.parse(JSON.stringify(messages))
      expect(read(joined(messages.map(framed)), cuts)).toEqual(expected)
    }),
  )
})

test('a text in every script survives a split at every byte', () => {
  const message = { text: 'aä€𝄞\u0000"\\' }
  const bytes = framed(message)
  for (let cut = 0; cut <= bytes.length; cut++) expect(read(bytes, [cut])).toEqual([message])
})

test('anything at all gives messages or one error, the same for every split', () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.jsonValue().map(framed),
    fc.constantFrom('Content-Length: 2\r\n\r\n{}', 'content-length:4\r\n\r\nnull', '\r\n\r\n', '{}').map(bytesOf),
  )
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 20 }), (parts, cuts) => {
      const bytes = joined(parts)
      expect(read(bytes, cuts)).toEqual(read(bytes))
    }),
  )
})

test.each([
  'content-length: 4\r\n\r\nnull',
  'CONTENT-LENGTH:4\r\n\r\nnull',
  'Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length:  4 \r\n\r\nnull',
])('%j is a message', text => {
  expect(read(bytesOf(text))).toEqual([null])
})

describe('what is not the protocol', () => {
  test.each<[text: string, why: RegExp]>([
    ['Content-Length: abc\r\n\r\n', /gives no length/],
    ['Content-Length: -5\r\n\r\n', /gives no length/],
    ['Content-Length: 1e3\r\n\r\n', /gives no length/],
    ['Content-Length: 4.0\r\n\r\n', /gives no length/],
    ['Content-Length:\r\n\r\n', /gives no length/],
    ['Content-Length: 1000000000\r\n\r\n', /1000000000 bytes is announced/],
    ['Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}', /twice/],
    ['Content-Length: 4\n\nnull', /begins no header/],
    ['Content-Type: a\r\n\r\n', /no Content-Length/],
    ['\r\n', /no Content-Length/],
    ['Content-Length: 5\r\n\r\n{"a":1}', /not JSON/],
    ['Content-Length: 2\r\n\r\n{}{}', /"\{" begins no header/],
    ['Content-Length: 0\r\n\r\n', /not JSON/],
    [`Content-Type: ${'x'.repeat(2000)}`, /more than 1024 bytes/],
    [`${'Content-Type: x\r\n'.repeat(200)}`, /more than 1024 bytes/],
  ])('%j', (text, why) => {
    const said = read(bytesOf(text))
    expect(said.at(-1)).toMatch(why)
  })

  test('UTF-8 that is none', () => {
    expect(read(joined([bytesOf('Content-Length: 4\r\n\r\n'), Uint8Array.of(34, 0xc3, 0x28, 34)]))).toEqual([
      'a message of 4 bytes is not JSON in UTF-8',
    ])
  })

  test.each([
    'GET / HTTP/1.1',
    'POST / HTTP/1.1',
    'OPTIONS *',
    'CONNECT a:1',
    'Origin: http://x',
    'Host: x',
    '\u0016\u0003\u0001',
  ])('%j is refused before its line has ended', text => {
    const framing = new Framing()
    let taken = 0
    expect(() => {
      for (const byte of bytesOf(text)) {
        taken++
        for (const _ of framing.push(Uint8Array.of(byte)));
      }
    }).toThrow(/begins no header/)
    expect(taken).toBeLessThanOrEqual(4)
  })

  test('a header of HTTP after one of ours is refused, too', () => {
    expect(read(bytesOf('Content-Length: 2\r\nOrigin: http://x\r\n\r\n{}'))[0]).toMatch(/"O" begins no header/)
  })
})

test('a length that is announced and does not come takes no memory', () => {
  const before = process.memoryUsage().arrayBuffers
  const waiting = Array.from({ length: 100 }, () => {
    const framing = new Framing()
    for (const _ of framing.push(bytesOf('Content-Length: 60000000\r\n\r\n{')));
    return framing
  })
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50e6)
  expect(waiting.every(framing => !framing.isBetweenMessages)).toBe(true)
})
