import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TerminalText } from '../../src/views/models/terminalText.ts'

const ESC = '\u001b'
const passed = (...pieces: string[]): string => {
  const filter = new TerminalText()
  return pieces.map(piece => filter.pass(piece)).join('')
}

test.each([
  'plain, with ä€𝄞 and\ttabs\r\n',
  `${ESC}[1;31mred${ESC}[0m ${ESC}[38;2;1;2;3mtrue colour${ESC}[m ${ESC}[38:5:17m`,
  `${ESC}[2J${ESC}[H${ESC}[10;20H${ESC}[K${ESC}[3A`,
  `${ESC}[?1049h${ESC}[?25l${ESC}[?7;25h${ESC}[?1049l${ESC}[4h`,
  `${ESC}(0lqqk${ESC}(B${ESC}7${ESC}8${ESC}M${ESC}c`,
  `${ESC}[1;24r${ESC}[2S${ESC}[5 q${ESC}[!p`,
])('draws %j', text => {
  expect(passed(text)).toBe(text)
})

describe('does not pass on', () => {
  test.each<[what: string, sequence: string]>([
    ['the title (OSC 0)', `${ESC}]0;title\u0007`],
    ['the clipboard (OSC 52)', `${ESC}]52;c;cm0gLXJmIC8=${ESC}\\`],
    ['links (OSC 8)', `${ESC}]8;;command:workbench.action.quit${ESC}\\`],
    ["the editor's shell integration (OSC 633)", `${ESC}]633;E;rm -rf /;nonce\u0007`],
    ['a string of eight-bit controls', '\u009d52;c;eA==\u009c'],
    ['DCS, APC, PM, SOS', `${ESC}Pq#0${ESC}\\${ESC}_x${ESC}\\${ESC}^x${ESC}\\${ESC}Xx${ESC}\\`],
    ['questions about the device', `${ESC}[c${ESC}[>c${ESC}[=0c${ESC}[0c`],
    ['questions about status and cursor', `${ESC}[5n${ESC}[6n${ESC}[?6n`],
    ['questions about modes, keyboard and version', `${ESC}[?2026$p${ESC}[?u${ESC}[>q`],
    ['what moves and reports the window', `${ESC}[8;1;1t${ESC}[21t${ESC}[18t`],
    ['mouse and focus reports', `${ESC}[?1000h${ESC}[?1003h${ESC}[?1004h${ESC}[?1006;25h`],
    ['ENQ, NUL, DEL', '\u0005\u0000\u007f'],
    ['drawing that never ends', `${ESC}[2147483647S${ESC}[99999b${ESC}[0;10000L`],
    ['what no terminal knows', `${ESC}[1\u0001${ESC}[~${ESC}%G${ESC}#8${ESC}Z`],
  ])('%s', (_, sequence) => {
    const seen = passed(`<${sequence}>`)
    expect(seen.replace(/^<|>$|52;c;eA==/g, '')).toBe('')
  })
})

test('a sequence begun inside another, and text after one that is broken off, are seen', () => {
  expect(passed(`${ESC}[12${ESC}[31mx`)).toBe(`${ESC}[31mx`)
  expect(passed(`${ESC}[12\nx`)).toBe('\nx')
  expect(passed(`${ESC}]0;${'a'.repeat(5000)}`)).toMatch(/^a+$/)
})

const pieces = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      ESC,
      `${ESC}[`,
      `${ESC}]`,
      '52;c;',
      '\u0007',
      `${ESC}\\`,
      '\u009b',
      '?',
      '6',
      'n',
      'c',
      'm',
      ';',
      '!p',
      ' q',
    ),
  ),
  { maxLength: 12 },
)

test('what is passed holds nothing but sequences that draw, however the text is cut', () => {
  // Written from the list of what is allowed, not from the filter.
  const harmless =
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /\u001b(?:\[(?:[\d;:]{0,64}[@A-HJKLMPSTXZ`abdefgmrsu]|\?[\d;]+[hl]|\d+[hl]|\d* q|!p)|[78DEHMc=>]|[()*+\-./][0-~])/g
  fc.assert(
    fc.property(pieces, parts => {
      const whole = passed(parts.join(''))
      expect(passed(...parts)).toBe(whole)
      expect(passed(...parts.join(''))).toBe(whole)
      const rest = whole.replace(harmless, '')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(rest).not.toMatch(/[\u0000-\u0006\u0010-\u001b\u007f-\u009f]/)
      expect(whole).not.toMatch(/\d{5}[A-Za-z]$/)
    }),
    { numRuns: 2000 },
  )
})
