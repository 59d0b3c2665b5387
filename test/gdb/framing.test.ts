// The framing of the remote protocol, against what gdb's manual says of it (appendix E.1).

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LONGEST_PACKET, PacketReader, type PacketToken, packetOf } from '../../src/gdb/framing.ts'
import { latin } from '../../src/gdb/text.ts'

const bytes = (text: string): Uint8Array => Uint8Array.from(text, character => character.charCodeAt(0))
const read = (text: string): readonly string[] => [...new PacketReader().push(bytes(text))].map(shown)
const shown = (token: PacketToken): string => (token.kind === 'packet' ? `packet ${latin(token.data)}` : token.kind)

test('a packet is its data, if the sum is right', () => {
  expect(read('$OK#9a')).toEqual(['packet OK'])
  expect(read('$OK#9A')).toEqual(['packet OK'])
  expect(read('$#00')).toEqual(['packet '])
  expect(read('$OK#9b')).toEqual(['damaged'])
  expect(read('$OK#zz')).toEqual(['damaged'])
})

test('between packets are acknowledgements and Ctrl-C, and what means nothing', () => {
  expect(read('+-\x03 hello\r\n\0')).toEqual(['ack', 'nak', 'interrupt'])
})

test('a packet that begins in another one is the one that counts', () => {
  expect(read('$m100$OK#9a')).toEqual(['packet OK'])
  expect(read('$OK#$OK#9a')).toEqual(['packet OK'])
})

test('within a packet Ctrl-C and the signs of acknowledgement are data', () => {
  expect(read('$\x03+-#5b')).toEqual(['packet \x03+-'])
})

describe('data', () => {
  // The manual's examples: 0x7d is sent as 0x7d 0x5d, and `0* ` is "0000".
  test('may be escaped', () => expect(read('$}]#da')).toEqual(['packet }']))
  test('may be repeated', () => expect(read('$0* #7a')).toEqual(['packet 0000']))
  test.each(['$}#7d', '$*!#4b', '$0*#5a', '$0*\x10#6a'])('%j is no packet', text =>
    expect(read(text)).toEqual(['damaged']),
  )
  test('that is repeated beyond all bounds is none', () => {
    const text = `a${'*~'.repeat(LONGEST_PACKET / 64)}`
    const sum = [...text].reduce((all, character) => (all + character.charCodeAt(0)) & 0xff, 0)
    expect(read(`$${text}#${sum.toString(16).padStart(2, '0')}`)).toEqual(['damaged'])
  })
  test('that is longer than any may be is none, and what follows is read', () => {
    expect(read(`$${'a'.repeat(LONGEST_PACKET + 1)}#61$OK#9a`)).toEqual(['damaged', 'packet OK'])
  })
})

test('what is sent has its sum, and what would end it or mean something else is escaped', () => {
  expect(latin(packetOf('OK'))).toBe('$OK#9a')
  expect(latin(packetOf('}'))).toBe('$}]#da')
  expect(latin(packetOf(bytes('#$*')))).toBe('$}\x03}\x04}\x0a#88')
})

test('any bytes go through, in pieces of any size', () => {
  const cut = fc.array(fc.nat(20), { minLength: 1 })
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), cut, (all, cuts) => {
      const stream = all.flatMap(data => [...packetOf(data)])
      const reader = new PacketReader()
      const found: number[][] = []
      for (let at = 0, n = 0; at < stream.length; n++) {
        const size = cuts[n % cuts.length]! + 1
        for (const token of reader.push(Uint8Array.from(stream.slice(at, at + size))))
          if (token.kind === 'packet') found.push([...token.data])
        at += size
      }
      expect(found).toEqual(all.map(data => [...data]))
    }),
  )
})
