// From the bits of DBSR to the comparators they stand for (user's manual p.244).

import { expect, test } from 'vitest'
import { slotsOf } from '../../src/debuggee/verdicts.ts'

test.each([
  ['IAC1', 0x00800000, ['IAC1']],
  ['IAC4 and IAC2', 0x00500000, ['IAC2', 'IAC4']],
  ['DAC1R', 0x00080000, ['DAC1']],
  ['DAC2W, with IDE', 0x80010000, ['DAC2']],
  ['IAC12ATS and IAC34ATS, which are no events', 0x00000003, []],
  ['MRR, ICMP, TRAP', 0x39000000, []],
])('%s', (_, dbsr, slots) => {
  expect(slotsOf(dbsr)).toEqual(slots)
})
