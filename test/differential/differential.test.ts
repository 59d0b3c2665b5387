// Single instructions on our core and on QEMU's 440EP: a small sample. `npm run test:differential` runs many more.

import { describe, expect, test } from 'vitest'
import { have } from '../support/tools.ts'
import { KINDS } from './cases.ts'
import { KNOWN } from './compare.ts'
import { differential, TOOLS } from './differential.ts'

const CASES = 12_000
const SEED = 440

describe.skipIf(!TOOLS.every(have))(`against ${TOOLS[0]} -M bamboo`, () => {
  const needed = new Set<string>()

  test.each(KINDS)(`%s instructions, ${CASES} cases`, async kind => {
    const report = await differential(kind, CASES, SEED)
    for (const why of report.needed) needed.add(why)
    expect(report.unexplained).toEqual([])
  })

  test('every known difference is needed', () => {
    expect(KNOWN.filter(({ why, rare }) => !rare && !needed.has(why))).toEqual([])
  })
})
