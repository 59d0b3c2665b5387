// Steps into one call of several, chosen by its name, while all four comparators are taken.

import { afterEach, describe, expect, test } from 'vitest'
import type { DapClient } from '../support/dap.ts'
import { LinuxProgram } from '../support/linuxProgram.ts'
import { have } from '../support/tools.ts'

describe.skipIf(!have('powerpc-linux-gnu-gcc'))('a step into a target', () => {
  const program = have('powerpc-linux-gnu-gcc') ? new LinuxProgram('runControl/targets.c', '-O0') : undefined!
  let dap: DapClient
  afterEach(() => dap.session.dispose())
  const at = (marker: string): string => `targets.c:${program.line(marker)}`

  /** Stands at a line, with every comparator somewhere else. */
  async function standAt(marker: string): Promise<void> {
    dap = await program.stoppedAt(marker)
    const far = [0, 1, 2, 3].map(n => ({ instructionReference: `0x0100${n}000` }))
    const { breakpoints } = await dap.ask('setInstructionBreakpoints', { breakpoints: far })
    expect(breakpoints.map(({ verified }) => verified)).toEqual([true, true, true, true])
  }
  const targets = async () => (await dap.ask('stepInTargets', { frameId: (await dap.stack())[0]!.id })).targets
  const into = async (label: string | RegExp): Promise<string> => {
    const target = (await targets()).find(each =>
      typeof label === 'string' ? each.label === label : label.test(each.label),
    )
    await dap.ask('stepIn', { threadId: 1, targetId: target!.id })
    const { description } = await dap.stopped()
    expect(description).toBe('Paused after Step')
    return await dap.where()
  }

  test('the calls of a line are offered in order, by their names', async () => {
    await standAt('three calls')
    const labels = (await targets()).map(({ label }) => label)
    expect(labels).toHaveLength(4)
    // GCC evaluates the last argument first.
    expect([...labels].sort()).toEqual(['add', expect.stringMatching(/^(bctrl|blrl) at 0x/), 'one', 'two'])
    expect(labels.at(-1)).toBe('add')
  })

  test.each([
    ['one', 'in one'],
    ['two', 'in two'],
    ['add', 'in add'],
  ])('into %s', async (name, marker) => {
    await standAt('three calls')
    expect(await into(name)).toBe(at(marker))
    await dap.step('stepOut')
    expect(await dap.where()).toBe(at('three calls'))
  })

  test('into what a pointer leads to', async () => {
    await standAt('three calls')
    expect([await into(/ at 0x/), await dap.evaluate('n')]).toEqual([at('in two'), '7'])
  })

  test('into what is inlined, over the call before it', async () => {
    await standAt('calls and copies')
    expect((await targets()).map(({ label }) => label).sort()).toEqual(['copied (inlined)', 'one'])
    await into('copied (inlined)')
    expect((await dap.stack())[0]!.name).toBe('copied (inlined)')
  })

  test('of a line without calls there are none; nor of a frame that has called', async () => {
    await standAt('end')
    expect(await targets()).toEqual([])
    dap.session.dispose()
    await standAt('in one')
    const [, caller] = await dap.stack()
    expect((await dap.ask('stepInTargets', { frameId: caller!.id })).targets).toEqual([])
  })

  test('a target of another line is refused with a sentence', async () => {
    await standAt('three calls')
    const [{ id }] = await targets()
    await dap.step('next')
    await expect(dap.ask('stepIn', { threadId: 1, targetId: id })).rejects.toThrow(/this line has no such call/)
    expect(await dap.where()).toBe(at('calls and copies'))
  })
})
