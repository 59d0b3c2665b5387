// The debug facility on every core that a board may have: what the manual's tables say of one they say of all. Each of
// these files is loaded once for each core, whose tests run under its name.

import { beforeEach, describe, expect, test } from 'vitest'
import { CORE_NAMES, CORES } from '../../src/boards/cores.ts'
import { Spr } from '../../src/isa/registers.ts'
import { beCore, createCore, hasFpu } from '../support/core.ts'

const FILES = ['debug', 'debugDecisions', 'debugErrors', 'debugModes', 'dataAddress', 'priorities', 'timers']

describe.each(CORE_NAMES)('%s', async core => {
  beforeEach(() => {
    beCore(core)
    return () => beCore('440ep')
  })

  test('is the one that is tested', () => {
    const { state } = createCore()
    expect([state.spr[Spr.PVR] >>> 0, hasFpu()]).toEqual([CORES[core].pvr, CORES[core].fpu])
  })

  for (const file of FILES) await import(/* @vite-ignore */ new URL(`${file}.test.ts?${core}`, import.meta.url).href)
})
