// Base64 against Node's.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromBase64, toBase64 } from '../../src/util/base64.ts'

test('of any bytes it is what Node makes, and back, padded or not', () => {
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      const text = Buffer.from(bytes).toString('base64')
      expect(toBase64(bytes)).toBe(text)
      expect(fromBase64(text)).toEqual(bytes)
      expect(fromBase64(text.replace(/=+$/, ''))).toEqual(bytes)
    }),
  )
})

test('of any text it is undefined, or what Node makes of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('A', 'z', '9', '+', '/', '=', '-', ' ', 'é') }), text => {
      const bytes = fromBase64(text)
      if (bytes !== undefined) expect(Buffer.from(bytes)).toEqual(Buffer.from(text, 'base64'))
      else
        expect(
          /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.replace(/=/g, '').length % 4 !== 1 && text.length % 4 === 0,
        ).toBe(false)
    }),
  )
})
