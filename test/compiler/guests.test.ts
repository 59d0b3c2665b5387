// Every guest program, on every engine: the same output, end, number of instructions and last state. Programs without an
// end, and long ones, are stopped at an instruction that all engines stop at.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ENGINES } from '../../src/compiler/engines.ts'
import { guestsIn } from '../pause/guests.ts'
import { GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'
import { sameRun } from './sameRun.ts'

const MOST = Number(process.env.PPC440_GUEST_INSTRUCTIONS ?? 200_000)

interface Launch {
  readonly program: string
  readonly machine?: string
  readonly args?: readonly string[]
}

/** Programs that leave nearly all the work to the kernel: they execute little, and last long. */
const SLOW = /loops$|escape$/

const all = have(GCC) && have('qemu-ppc')

describe.skipIf(!all)(`the first ${MOST} instructions are the same on every engine`, () => {
  const directory = mkdtempSync(join(tmpdir(), 'guests-'))
  afterAll(() => rmSync(directory, { recursive: true }))
  const guests = all ? guestsIn(directory).filter(([, launch]) => !SLOW.test((launch as Launch).program)) : []

  test.each(guests)('%s', async (_name, launch) => {
    const { program, machine = 'bamboo', args = [] } = launch as Launch
    const argv = ['--machine', machine, '--max-insns', String(MOST), program, ...args]
    const { difference, instructions } = await sameRun(argv, { directory }, ENGINES)
    expect(difference).toBeUndefined()
    expect(instructions).toBeGreaterThan(0)
  })
})
