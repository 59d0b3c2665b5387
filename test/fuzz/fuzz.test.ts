// Every surface with a few of its inputs; `npm run test:hostile` gives one as many as wanted.

import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { have } from '../support/tools.ts'
import { fuzz } from './harness.ts'
import type { Surface } from './surface.ts'

/** Generous: tests run beside others, and what hangs hangs for longer. */
const LIMITS = { milliseconds: 30_000, bytes: 2 ** 30 }

const surfaces = readdirSync(new URL('surfaces', import.meta.url)).map(file => file.replace('.ts', ''))

describe.each(surfaces)('surface %s', async name => {
  const { surface } = (await import(`./surfaces/${name}.ts`)) as { surface: Surface }
  const skip = !(surface.tools ?? []).every(have)
  it(`takes ${surface.small} inputs, or refuses them with a sentence`, { skip, timeout: 120_000 }, async () => {
    const { failures } = await fuzz(name, 1, surface.small, LIMITS)
    expect(failures).toEqual([])
  })
})
