// A share of what `npm run test:linux:programs` does, which is all of it and other programs.

import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { have } from '../../support/tools.ts'
import { busybox } from './busybox.ts'
import { BUSYBOX, differences } from './compare.ts'

const isThere = existsSync(BUSYBOX) && ['qemu-ppc', 'ar', 'xz', 'python3'].every(have)

test.skipIf(!isThere).each(['sed', 'copy', 'compress', 'decompress', 'tar'])(
  'BusyBox: %s',
  { timeout: 120_000 },
  async name => {
    expect(await differences(busybox(name))).toEqual([])
  },
)
