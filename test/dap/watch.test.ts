// Data breakpoints on a real program: which stores they tell of, and which not. gdb's software watchpoints stop at the
// same lines.

import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DapClient } from '../support/dap.ts'
import { LinuxProgram } from '../support/linuxProgram.ts'
import { have } from '../support/tools.ts'

type Watch = Omit<P.DataBreakpoint, 'dataId'> & { readonly name: string; readonly bytes?: number }

describe.skipIf(!have('powerpc-linux-gnu-gcc'))('data breakpoints', () => {
  let program: LinuxProgram
  let dap: DapClient
  beforeAll(() => {
    program = new LinuxProgram('runControl/watch.c', '-O0')
  })
  afterEach(() => dap.session.dispose())

  async function watch(...watches: readonly Watch[]): Promise<P.Breakpoint[]> {
    const frameId = (await dap.stack())[0]!.id
    const breakpoints = await Promise.all(
      watches.map(async ({ name, bytes, ...rest }) => {
        const where = bytes === undefined ? { frameId, name } : { name, bytes, asAddress: true }
        const { dataId } = (await dap.ask('dataBreakpointInfo', where))!
        return { dataId: dataId!, accessType: 'write' as const, ...rest }
      }),
    )
    return (await dap.ask('setDataBreakpoints', { breakpoints })).breakpoints
  }

  /** Where it stops up to the program's end, by the marks of the lines of the stores, and why. */
  async function stops(): Promise<string[]> {
    const found: string[] = []
    for (;;) {
      const ended = dap.events.length
      await dap.ask('continue', { threadId: 1 })
      const event = await dap.either('stopped', 'exited', ended)
      if (event.event === 'exited') return found
      found.push(event.body.description)
    }
  }

  const changes = (descriptions: readonly string[]): string[] =>
    descriptions.map(text => text.replace(/^.*change of /, ''))

  test.each<[string, Watch, string[]]>([
    ['the low word of a 64-bit variable', { name: 'ticks' }, ['ticks: 18446744069414584320 → 18446744069414584321']],
    ['members of a structure', { name: 'packet.payload' }, ['packet.payload: {0, 0, 0, 0} → {0, 0, 9, 0}']],
    [
      'a byte in the middle of a word store',
      { name: 'name[1]' },
      ["name[1]: 98 'b' → 66 'B'", "name[1]: 66 'B' → 0 '\\000'"],
    ],
    [
      'a word and a byte store into it; the same value again is none',
      { name: 'plain' },
      ['plain: 0 → 1', 'plain: 1 → 2'],
    ],
    ['each value it changes to', { name: 'state' }, ['state: 0 → 3', 'state: 3 → 5', 'state: 5 → 7']],
    ['the new value, by a condition', { name: 'state', condition: 'state == 5' }, ['state: 3 → 5']],
    [
      'by a condition that leaves out what is watched',
      { name: 'state', condition: '> 4' },
      ['state: 3 → 5', 'state: 5 → 7'],
    ],
    ['every second', { name: 'state', hitCondition: '% 2' }, ['state: 3 → 5']],
  ])('%s', async (_, one, expected) => {
    dap = await program.stoppedAt('low word')
    expect(await watch(one)).toMatchObject([{ verified: true }])
    expect(changes(await stops())).toEqual(expected)
  })

  test('an address with a length', async () => {
    dap = await program.stoppedAt('low word')
    const address = await dap.evaluate('&packet')
    const [name] = /0x[0-9a-f]+/.exec(address)!
    expect(await watch({ name, bytes: 24 })).toMatchObject([{ verified: true }])
    expect(await stops()).toHaveLength(2)
  })

  test('a read and a write of one variable are each judged by their own access', async () => {
    dap = await program.stoppedAt('word')
    const ids = (await watch({ name: 'plain', accessType: 'read' }, { name: 'plain' })).map(({ id }) => id)
    const hits: (readonly (number | undefined)[])[] = []
    for (let n = 0; n < 3; n++) hits.push((await dap.step('continue')).hitBreakpointIds!)
    expect(hits).toEqual([[ids[1]], [ids[1]], [ids[0]]])
    expect(await dap.where()).toBe(`watch.c:${program.line('read')}`)
  })

  test('two at once have a comparator each, whose value comparator judges the condition', async () => {
    dap = await program.stoppedAt('low word')
    const [first, second] = await watch({ name: 'state', condition: 'state == 7' }, { name: 'other' })
    expect(first!.message).toMatch(
      /^DAC[12] · exact · 0x[0-9a-f]{8} \(2 of 2 slots used\) · DVC[12] compares 0x00000007$/,
    )
    expect(second).toMatchObject({ verified: true })
    expect(changes(await stops())).toEqual(['other: 0 → 2', 'state: 5 → 7'])
  })

  test('on a local variable it ends with its call, and says so', async () => {
    dap = await program.stoppedAt('local')
    const [{ id }] = (await watch({ name: 'local' })) as [P.Breakpoint]
    expect(changes(await stops())).toEqual(['local: 0 → 1', 'local: 1 → 2'])
    const said = dap.events.filter(({ event }) => event === 'output').map(({ body }) => body.output)
    expect(said.join('')).toContain('local is not watched any more: the call it belongs to has returned.')
    const told = dap.events.filter(({ event, body }) => event === 'breakpoint' && body.breakpoint.id === id)
    expect(told.at(-1)!.body.breakpoint).toMatchObject({
      verified: false,
      message: expect.stringMatching(/has returned/),
    })
  })

  test('what is too large to compare is refused with what to do', async () => {
    dap = await program.stoppedAt('low word')
    const [refused] = await watch({ name: '0x10000000', bytes: 100_000 })
    expect(refused).toMatchObject({ verified: false, message: expect.stringMatching(/100000 bytes: watch a part/) })
  })
})
