// What of a log message is an expression: DAP says what is within {}, and C what is within quotes.

import { expect, test } from 'vitest'
import { logParts } from '../../src/debuggee/logMessage.ts'

/** Expressions in angle brackets. */
const shown = (message: string): string =>
  logParts(message)
    .map(part => ('text' in part ? part.text : `<${part.expression}>`))
    .join('')

test.each([
  ['x is {x}, y is {y,x}', 'x is <x>, y is <y,x>'],
  ['{a}{b}', '<a><b>'],
  ['no braces', 'no braces'],
  ['\\{x\\} and {x}', '{x} and <x>'],
  ['a } alone', 'a } alone'],
  ['{"}"}', '<"}">'],
  ['{"a\\"}"}', '<"a\\"}">'],
  ["{n->name[0] == '}'}!", "<n->name[0] == '}'>!"],
  ["{c == '\\''} then {d}", "<c == '\\''> then <d>"],
  ["it's {x}, isn't it", "it's <x>, isn't it"],
  ["{it's} and {x}", "<it's> and <x>"],
  ['{v', '{v'],
  ['{a} {"}', '<a> <">'],
  ['{a} and {b', '<a> and {b'],
  ['C:\\new {x}', 'C:\\new <x>'],
  ['', ''],
])('%s', (message, expected) => {
  expect(shown(message)).toBe(expected)
})

test('parts are as few as there are texts and expressions', () => {
  expect(logParts('{a}{b}')).toEqual([{ expression: 'a' }, { expression: 'b' }])
  expect(logParts('')).toEqual([])
})

test.each([
  ['a string of a thousand characters', '"', 1000],
  ['a character of the longest form', "'", 14],
])('%s is one, with its quotes, and what is longer ends at the first brace', (_, quote, most) => {
  const quoted = (length: number): string => `${quote}${'}'.padEnd(length - 2, '.')}${quote}`
  expect(logParts(`{${quoted(most)}}`)).toEqual([{ expression: quoted(most) }])
  expect(logParts(`{${quoted(most + 1)}}`)[0]).toEqual({ expression: quote })
})
