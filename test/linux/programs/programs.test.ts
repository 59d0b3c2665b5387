// A share of what BusyBox's applets are asked to do; `npm run test:linux:programs` does all of it.

import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { have } from '../../support/tools.ts'
import { BUSYBOX, differences } from './applets.ts'
import { CASES } from './cases.ts'

const isThere = existsSync(BUSYBOX) && ['qemu-ppc', 'ar', 'xz', 'python3'].every(have)

test.skipIf(!isThere).each(['sed', 'copy', 'tar'])('BusyBox: %s', { timeout: 120_000 }, async name => {
  expect(await differences(CASES[name]!)).toEqual([])
})
