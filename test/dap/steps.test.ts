// Steps over real calls: recursive, inlined, thrown out of. gdb's `next`, `step` and `finish` end at the same lines.

import { afterEach, describe, expect, test } from 'vitest'
import type { DapClient } from '../support/dap.ts'
import { LinuxProgram } from '../support/linuxProgram.ts'
import { have } from '../support/tools.ts'

describe.skipIf(!have('powerpc-linux-gnu-gcc')).each(['-O0', '-O1'])('steps at %s', optimization => {
  const program = have('powerpc-linux-gnu-gcc') ? new LinuxProgram('runControl/steps.c', optimization) : undefined!
  let dap: DapClient
  afterEach(() => dap.session.dispose())
  const at = (marker: string): string => `steps.c:${program.line(marker)}`
  const top = async (): Promise<string> => `${(await dap.stack())[0]!.name} ${await dap.where()}`

  test('over a recursive call ends in the activation that called', async () => {
    dap = await program.stoppedAt('recursive call')
    expect(await dap.evaluate('n')).toBe('5')
    do await dap.step('next')
    while ((await dap.where()) === at('recursive call'))
    expect([await dap.where(), await dap.evaluate('n')]).toEqual([at('after it'), '5'])
  })

  test('over what is inlined never shows it; into it does, and out of it comes back', async () => {
    dap = await program.stoppedAt('calls factorial')
    const seen: string[] = []
    do {
      await dap.step('next')
      seen.push(await top())
    } while (!seen.at(-1)!.endsWith(at('end')))
    expect(seen.filter(place => !place.startsWith('main '))).toEqual([])
    expect(seen).toContain(`main ${at('calls twice')}`)
    dap.session.dispose()

    dap = await program.stoppedAt('calls factorial')
    while ((await dap.where()) !== at('calls twice')) await dap.step('next')
    await dap.step('stepIn')
    expect(await top()).toBe(`twice (inlined) ${at('in twice')}`)
    await dap.step('stepOut')
    expect((await dap.stack())[0]!.name).toBe('main')
  })

  test('over a call that is thrown out of ends where the program goes on, and says so', async () => {
    dap = await program.stoppedAt('throws')
    const { description } = await dap.step('next')
    expect(description).toMatch(/what was called has not returned/)
    expect(await top()).toMatch(/^catching steps\.c:/)
    while ((await dap.where()) !== at('caught')) await dap.step('next')
  })

  test('over the call around it knows nothing of that', async () => {
    dap = await program.stoppedAt('calls catching')
    await dap.step('next')
    expect(await top()).toBe(`main ${at('end')}`)
  })
})
