// Steps out of signal handlers end in the code they have interrupted, which gdb's `finish` comes to by a detour.

import { afterEach, describe, expect, test } from 'vitest'
import type { DapClient } from '../support/dap.ts'
import { LinuxProgram } from '../support/linuxProgram.ts'
import { have } from '../support/tools.ts'

describe.skipIf(!have('powerpc-linux-gnu-gcc'))('a signal handler', () => {
  const program = have('powerpc-linux-gnu-gcc') ? new LinuxProgram('linux/handlers.c', '-O0') : undefined!
  let dap: DapClient
  afterEach(() => dap.session.dispose())
  const names = async (): Promise<string> => (await dap.stack()).map(({ name }) => name).join(' < ')
  const SIGNAL = '<signal handler called>'

  test('is left for what it interrupted, another handler within a library', async () => {
    dap = await program.stoppedAt('inner')
    expect(await names()).toMatch(new RegExp(`^inner < ${SIGNAL} < .*raise < outer < ${SIGNAL} < .*raise < main`))
    await dap.step('stepOut')
    expect(await names()).toMatch(new RegExp(`^(?!${SIGNAL})\\S+ < .*raise < outer < ${SIGNAL} < .*raise < main`))
    while (!(await names()).startsWith('outer')) await dap.step('stepOut')
    expect(await dap.evaluate('count')).toBe('12')
  })

  test('is left by a step over its end, to the first code that has lines', async () => {
    dap = await program.stoppedAt('outer')
    await dap.step('next')
    await dap.step('next')
    expect(await names()).toMatch(/^main/)
    expect([`handlers.c:${program.line('raised')}`, `handlers.c:${program.line('after')}`]).toContain(await dap.where())
  })

  test('of a fault stands above the instruction that faulted, and is left for it', async () => {
    dap = await program.stoppedAt('fault')
    expect(await names()).toMatch(new RegExp(`^fault < ${SIGNAL} < peek < main`))
    const { description } = await dap.step('stepOut')
    expect(await names()).toMatch(/^main/)
    expect(description).toMatch(/what was called has not returned/)
  })
})
