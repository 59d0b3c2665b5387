// What comes from outside is text wherever it is shown. What would be alive is taken from VS Code's own rules.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withRemarks } from '../../src/dap/styling.ts'
import { forMarkdown, forNotification, forTitle, withoutStyling } from '../../src/util/plainText.ts'

/** VS Code's base/common/linkedText: what becomes a link in a notification. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i

const hostile = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('[x]', '](', '(command:y)', '](command:y)', '\u0000', '\u202e', ')', '`'),
  ),
  { maxLength: 10 },
)

test('a notification has no live link', () => {
  expect(forNotification('cannot read [x](command:y).elf')).toBe('cannot read [x] (command:y).elf')
  expect(forNotification('[x]\u0000(command:y)')).not.toMatch(LINK)
  fc.assert(fc.property(hostile, parts => void expect(forNotification(parts.join(''))).not.toMatch(LINK)))
})

test('in Markdown every character is itself', () => {
  expect(forMarkdown('![x](http://a/b)<img src=x>`$(sync)`|*_#')).toBe(
    '\\!\\[x\\]\\(http\\:\\/\\/a\\/b\\)\\<img src\\=x\\>\\`\\$\\(sync\\)\\`\\|\\*\\_\\#',
  )
  expect(forMarkdown('a\n\n# b\n- c')).toBe('a \\# b \\- c')
  fc.assert(
    fc.property(hostile, parts => {
      const escaped = forMarkdown(parts.join(''))
      expect(escaped.replace(/\\[!-/:-@[-`{-~]/g, '')).not.toMatch(/[\\`*_{}[\]()<>#!|$~]|\n/)
    }),
  )
})

test('a title is one line without controls, and no text is longer than a person reads', () => {
  expect(forTitle('UART0: a\u001b]0;x\u0007\nb\u202ec')).toBe('UART0: a]0;x bc')
  for (const show of [forNotification, forMarkdown, forTitle]) expect(show('a'.repeat(1e6)).length).toBeLessThan(5000)
})

test('what is styled for the views of VS Code is plain at the end of a line', () => {
  expect(withoutStyling(withRemarks('<optimized out>'))).toBe('<optimized out>')
  expect(withRemarks('<optimized out>')).not.toBe('<optimized out>')
  expect(withRemarks('0x00001000 "<b>"')).toBe('0x00001000 "<b>"')
})
