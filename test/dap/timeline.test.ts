// The timeline of the example program, held against what the program itself counts and prints.

import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TIMELINE_REQUEST, type Timeline, type TimelineEvent, type TimelineKind } from '../../src/protocol/messages.ts'
import { lineOf } from '../e2e/support/examples.ts'
import { DapClient } from '../support/dap.ts'

const ELF = resolve('examples/coffee/coffee.elf')
const MAIN = resolve('examples/coffee/main.c')
const INITIALISED = lineOf('coffee/main.c', 'timer_start(CYCLES_PER_TICK);')
const CLOSED = lineOf('coffee/main.c', '  timer_stop();')

describe('at the end of the morning', () => {
  let dap: DapClient
  let all: Timeline
  const stops: { readonly description: string; readonly where: string }[] = []
  const of = (kind: TimelineKind, { events }: Timeline = all): TimelineEvent[] =>
    events.filter(each => each.kind === kind)
  const ask = (stretch: object = {}): Promise<Timeline> => dap.ask(TIMELINE_REQUEST, stretch)
  const note = async ({ description = '' }): Promise<void> => void stops.push({ description, where: await dap.where() })

  beforeAll(async () => {
    dap = new DapClient()
    await dap.launch(ELF, { breakpoints: { [MAIN]: [INITIALISED, CLOSED] } })
    await note(await dap.stopped())
    // Of what is served every write is looked at, and none stops the program.
    const served = await dap.ask('dataBreakpointInfo', { name: 'machine.served', frameId: (await dap.stack())[0]!.id })
    const breakpoint = { dataId: served.dataId!, accessType: 'write', condition: '0' } as const
    await dap.ask('setDataBreakpoints', { breakpoints: [breakpoint] })
    await note(await dap.step('continue'))
    all = await ask({ columns: 1000 })
  })
  afterAll(() => dap.session.dispose())

  test('there are as many interrupts as the program’s handler has counted', async () => {
    const interrupts = of('interrupt')
    expect(interrupts.length).toBe(Number(await dap.evaluate('ticks')))
    expect(new Set(interrupts.map(({ text }) => text))).toEqual(new Set(['Decrementer']))
    expect(interrupts.every(({ where }) => where?.startsWith('timer.c:') || where?.includes('.c:'))).toBe(true)
  })

  test('as many writes to what is watched as customers served', async () => {
    const writes = of('access')
    expect(writes.length).toBe(Number(await dap.evaluate('machine.served')))
    expect(new Set(writes.map(({ text, where }) => `${text} ${where}`))).toEqual(
      new Set([`Write to machine.served machine.c:${lineOf('coffee/machine.c', 'served++')}`]),
    )
  })

  test('the lines are those of the console', () => {
    const outputs = dap.events.filter(({ event, body }) => event === 'output' && body.category === 'stdout')
    const printed = outputs.map(({ body }) => body.output).join('')
    const lines = printed.split('\n').flatMap(line => line.replace(/\s+/g, ' ') || [])
    expect(of('line').map(({ text }) => text)).toEqual(lines)
    expect(of('line').every(({ where }) => where?.startsWith('uart.c:'))).toBe(true)
  })

  test('the stops are those the client was told of', () => {
    expect(of('stop').map(({ text, where }) => ({ description: text, where }))).toEqual(stops)
    expect(of('stop').at(-1)!.instruction).toBe(all.present)
    expect([all.position, all.beginning, all.running, all.isKept]).toEqual([all.present, 0, false, true])
  })

  test('where there are more than columns they are gathered, and none is lost', async () => {
    const gathered = await ask({ columns: 10 })
    for (const kind of ['interrupt', 'line', 'access'] as const) {
      const [few, many] = [of(kind, gathered), of(kind)]
      expect(few.length).toBeLessThanOrEqual(10)
      expect(few.reduce((sum, { count }) => sum + count, 0)).toBe(many.length)
      expect([few[0]!.instruction, few.at(-1)!.last]).toEqual([many[0]!.instruction, many.at(-1)!.last])
    }
    const [first] = of('interrupt', gathered)
    expect(first!.text).toBe(`${first!.count} Decrementer`)
  })

  test('of a stretch there are its events, and the nearest on both sides', async () => {
    const lines = of('line')
    const [from, to] = [lines[2]!.instruction, lines[5]!.instruction]
    const some = await ask({ from, to, columns: 1000 })
    expect(of('line', some)).toEqual(lines.slice(2, 6))
    const others = all.events.filter(({ instruction }) => instruction < from || instruction > to)
    const numbers = others.map(({ instruction }) => instruction)
    expect(some.before!.instruction).toBe(Math.max(...numbers.filter(each => each < from)))
    expect(some.after!.instruction).toBe(Math.min(...numbers.filter(each => each > to)))
  })

  test('an event can be gone to: a line before its first character, an interrupt in its handler', async () => {
    const line = of('line')[3]!
    await dap.ask('ppc440/goTo', { instruction: line.instruction })
    await dap.stopped()
    expect(await dap.where()).toBe(line.where)
    expect((await ask()).position).toBe(line.instruction)

    const { instruction, interrupts } = of('interrupt')[40]!
    await dap.ask('ppc440/goTo', { instruction, interrupts: interrupts! })
    expect((await dap.stopped()).description).toMatch(
      /^In the past: At the Decrementer interrupt after \d+ instructions/,
    )
    expect(await dap.evaluate('$pc == (($ivpr & 0xffff0000) | ($ivor10 & 0xfff0))')).toMatch(/^(1|true)$/)
    expect(await dap.evaluate('ticks')).toBe('40')
  })

  test('a look into the past leaves the timeline as it was; a write there begins a new future', async () => {
    await dap.ask('ppc440/back', { to: 'present' })
    await dap.stopped()
    expect((await ask({ columns: 1000 })).events).toEqual(all.events)
    const { instruction } = of('line')[3]!
    await dap.ask('ppc440/goTo', { instruction })
    await dap.stopped()
    await dap.ask('setExpression', { expression: '$r31', value: '0', frameId: (await dap.stack())[0]!.id })
    const now = await ask()
    expect([
      of('line', now).length,
      now.present,
      now.events.find(({ kind }) => kind === 'future')?.instruction,
    ]).toEqual([3, instruction, instruction])
  })
})

test('without a history it is said that none is kept', async () => {
  const dap = new DapClient()
  await dap.launch(ELF, { breakpoints: { [MAIN]: [INITIALISED] }, history: 0 })
  await dap.stopped()
  const { isKept, events, position } = await dap.ask('ppc440/timeline', {})
  expect([isKept, events, position > 0]).toEqual([false, [], true])
  dap.session.dispose()
})
