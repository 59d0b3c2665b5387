// The debug adapter as a client meets it, on the coffee machine: lines by their text, addresses by objdump.

import { resolve } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { addressOf, hasObjdump, lineOf } from '../e2e/support/examples.ts'
import { DapClient } from '../support/dap.ts'

const ELF = resolve('examples/coffee/coffee.elf')
const source = (name: string): string => resolve(`examples/coffee/${name}`)
const line = (name: string, text: string): number => lineOf(`coffee/${name}`, text)
const ORDERS = source('orders.c')
const MAIN = source('main.c')
const MACHINE = source('machine.c')

const clients: DapClient[] = []
function client(): DapClient {
  const one = new DapClient()
  clients.push(one)
  return one
}
afterEach(() => {
  for (const each of clients.splice(0)) each.session.dispose()
})

/** Stopped at a line of the example. */
async function stoppedAt(name: string, text: string): Promise<DapClient> {
  const dap = client()
  await dap.launch(ELF, { breakpoints: { [source(name)]: [line(name, text)] } })
  await dap.stopped()
  return dap
}

describe('breakpoints', () => {
  test('a line stops the program, and the stop says which slot matched where', async () => {
    const dap = client()
    const at = line('orders.c', 'order->guest = guest;')
    const { [ORDERS]: verdicts } = await dap.launch(ELF, { breakpoints: { [ORDERS]: [at] } })
    expect(verdicts[0]).toMatchObject({ verified: true, line: at })
    expect(verdicts[0]!.message).toMatch(/^IAC1 · exact · 0x[0-9a-f]{8} \(1 of 4 slots used\)$/)
    const stop = await dap.stopped()
    expect(stop).toMatchObject({ reason: 'breakpoint', hitBreakpointIds: [verdicts[0]!.id] })
    expect(stop.description).toBe(`IAC1 matched ${verdicts[0]!.instructionReference}`)
    expect(await dap.where()).toBe(`orders.c:${at}`)
  })

  test.skipIf(!hasObjdump)('is at the address objdump gives for the line', async () => {
    const dap = client()
    const texts = ['order->guest = guest;', 'order->drink = drink;', 'queue->length++;']
    const lines = texts.map(text => line('orders.c', text))
    const { [ORDERS]: verdicts } = await dap.launch(ELF, { breakpoints: { [ORDERS]: lines }, stopOnEntry: true })
    expect(verdicts.map(each => Number(each.instructionReference))).toEqual(
      lines.map(each => addressOf('coffee/coffee.elf', 'orders.c', each)),
    )
  })

  const FIVE: readonly (readonly [string, readonly string[]])[] = [
    ['main.c', ['uart_init();', 'machine_init(&machine);']],
    ['orders.c', ['order->guest = guest;', 'queue->length++;', 'queue->length--;']],
  ]

  test.each([
    ['one order of arrival', FIVE],
    ['the other', [...FIVE].reverse()],
  ])('of five, four fit, whichever arrives first (%s)', async (_, files) => {
    const dap = client()
    await dap.launch(ELF, {
      breakpoints: Object.fromEntries(
        files.map(([name, texts]) => [source(name), texts.map(text => line(name, text))]),
      ),
      stopOnEntry: true,
    })
    await dap.stopped()
    // Every verdict as the client last heard it: in the answer, or in a later event.
    const verdict = async (path: string) =>
      (await dap.ask('setBreakpoints', { source: { path }, breakpoints: wanted(path) })).breakpoints
    const wanted = (path: string) => {
      const [name, texts] = FIVE.find(([each]) => source(each) === path)!
      return texts.map(text => ({ line: line(name, text) }))
    }
    const verdicts = [...(await verdict(MAIN)), ...(await verdict(ORDERS))]
    expect(verdicts.map(({ verified }) => verified)).toEqual([true, true, true, true, false])
    const refusal = verdicts[4]!.message!
    for (const slot of ['IAC1', 'IAC2', 'IAC3', 'IAC4'])
      expect(refusal).toMatch(new RegExp(`${slot} (main|orders)\\.c:\\d+`))
  })

  test('one given up goes to the one that waits, by an event, while the program runs', async () => {
    const dap = client()
    const lines = [
      ...['order->guest = guest;', 'order->drink = drink;', 'order->number = ++last_number;'],
      ...['order->in_a_hurry = in_a_hurry;', 'queue->length--;'],
    ].map(text => line('orders.c', text))
    const { [ORDERS]: verdicts } = await dap.launch(ELF, { breakpoints: { [ORDERS]: lines }, stopOnEntry: true })
    expect(verdicts.filter(({ verified }) => !verified).map(each => each.line)).toEqual([lines[4]])
    await dap.stopped()
    await dap.ask('continue', { threadId: 1 })
    const [first, ...others] = lines
    await dap.ask('setBreakpoints', { source: { path: ORDERS }, breakpoints: others.map(each => ({ line: each })) })
    expect(first).toBeDefined()
    const { reason, breakpoint } = await dap.next('breakpoint')
    expect([reason, breakpoint.id, breakpoint.verified]).toEqual(['changed', verdicts[4]!.id, true])
    expect(breakpoint.message).toMatch(/^IAC1 /)
  })

  test('a function, an address, and a line that shares its address with another breakpoint', async () => {
    const dap = client()
    const at = line('orders.c', 'order->guest = guest;')
    const { [ORDERS]: verdicts } = await dap.launch(ELF, { breakpoints: { [ORDERS]: [at] }, stopOnEntry: true })
    const functions = await dap.ask('setFunctionBreakpoints', {
      breakpoints: [{ name: 'order_take' }, { name: 'nobody' }],
    })
    expect(functions.breakpoints.map(({ verified }) => verified)).toEqual([true, false])
    expect(functions.breakpoints[1]!.message).toMatch(/no function named nobody/)
    const same = await dap.ask('setInstructionBreakpoints', {
      breakpoints: [{ instructionReference: verdicts[0]!.instructionReference! }],
    })
    expect(same.breakpoints[0]).toMatchObject({ verified: true })
    expect(same.breakpoints[0]!.message).toMatch(/^IAC1 .*2 of 4 slots used/)
    await dap.stopped()
    const { hitBreakpointIds } = await dap.step('continue')
    expect(hitBreakpointIds).toHaveLength(2)
  })

  test('a condition, a hit count and a log point are asked where the program runs', async () => {
    const dap = client()
    const at = line('orders.c', 'order->number = ++last_number;')
    await dap.launch(ELF, {
      breakpoints: { [ORDERS]: [{ line: at, condition: 'order->drink == CAPPUCCINO', hitCondition: '2' }] },
    })
    await dap.stopped()
    expect(await dap.evaluate('order->drink')).toBe('CAPPUCCINO')
    await dap.ask('setBreakpoints', {
      source: { path: ORDERS },
      breakpoints: [{ line: at, logMessage: 'order of {guest,s} for {order->drink}' }],
    })
    await dap.ask('continue', { threadId: 1 })
    await dap.idle()
    const said = dap.events.filter(each => each.event === 'output').map(each => each.body.output)
    expect(said.join('')).toMatch(/order of "\w+" for [A-Z]+/)
  })

  test.each([
    ['order->drink = CAPPUCCINO', /==/],
    ['order->', /./],
    ['nothing_of_this_name > 1', /./],
  ])('the condition "%s" is refused or explained, and never changes the program', async (condition, why) => {
    const dap = client()
    const at = line('orders.c', 'order->number = ++last_number;')
    const { [ORDERS]: verdicts } = await dap.launch(ELF, { breakpoints: { [ORDERS]: [{ line: at, condition }] } })
    if (!verdicts[0]!.verified) expect(verdicts[0]!.message).toMatch(why)
    else {
      // It parses: what it names is looked up where it stops, and a stop is better than a breakpoint that never speaks.
      await dap.stopped()
      expect(dap.events.some(each => each.event === 'output' && /condition has no answer/.test(each.body.output))).toBe(
        true,
      )
    }
  })

  test('a line without code moves to the next that has some; one behind the last says so', async () => {
    const dap = client()
    const { [ORDERS]: verdicts } = await dap.launch(ELF, { breakpoints: { [ORDERS]: [1, 10_000] }, stopOnEntry: true })
    expect(verdicts[0]).toMatchObject({ verified: true })
    expect(verdicts[0]!.line).toBeGreaterThan(1)
    expect(verdicts[1]).toMatchObject({ verified: false })
    expect(verdicts[1]!.message).toMatch(/last line of orders\.c/)
  })

  test('a file the program does not know is named, with what to do', async () => {
    const dap = client()
    const { '/elsewhere/none.c': verdicts } = await dap.launch(ELF, {
      breakpoints: { '/elsewhere/none.c': [3] },
      stopOnEntry: true,
    })
    expect(verdicts[0]).toMatchObject({ verified: false, message: expect.stringMatching(/none\.c.*sourceMap/) })
  })
})

describe('stepping', () => {
  test('over, into and out, by line', async () => {
    const dap = await stoppedAt('orders.c', 'struct order *order = pool_take();')
    await dap.step('stepIn')
    expect((await dap.stack()).map(({ name }) => name).slice(0, 2)).toEqual(['pool_take', 'order_place'])
    await dap.step('stepOut')
    expect((await dap.stack())[0]!.name).toBe('order_place')
    await dap.step('next')
    expect(await dap.where()).toBe(`orders.c:${line('orders.c', 'if (!order) return NULL;')}`)
    await dap.step('next')
    expect(await dap.where()).toBe(`orders.c:${line('orders.c', 'order->guest = guest;')}`)
  })

  test('by instruction: into goes into a call, over goes over it', async () => {
    const dap = await stoppedAt('orders.c', 'struct order *order = pool_take();')
    const pc = async () => Number((await dap.stack())[0]!.instructionPointerReference)
    const before = await pc()
    await dap.step('next', 'instruction')
    expect(await pc()).toBe(before + 4)
    await dap.step('stepIn', 'instruction')
    expect((await dap.stack())[0]!.name).toBe('order_place')
  })

  test('takes no slot: with all four held, the steps and the state are the same as with none', async () => {
    const path = async (lines: readonly string[]) => {
      const dap = await stoppedAt('orders.c', 'struct order *order = pool_take();')
      const all = ['struct order *order = pool_take();', ...lines].map(text => ({ line: line('orders.c', text) }))
      await dap.ask('setBreakpoints', { source: { path: ORDERS }, breakpoints: all })
      const places: string[] = []
      for (let i = 0; i < 6; i++) {
        await dap.step('next')
        places.push(`${await dap.where()} ${(await dap.stack())[0]!.instructionPointerReference}`)
      }
      const { registers } = await dap.ask('ppc440/snapshot')
      return { places, gprs: Object.entries(registers).filter(([name]) => /^r\d|^LR|^CR|^CTR|^MSR/.test(name)) }
    }
    const free = await path([])
    const full = await path(['queue->first = order->next;', 'queue->length--;', 'order->next = NULL;'])
    expect(full).toEqual(free)
  })

  test('goes through an interrupt handler, and a breakpoint in the handler still stops', async () => {
    const dap = await stoppedAt('timer.c', 'ticks++')
    expect((await dap.stack()).map(({ name }) => name).slice(0, 3)).toEqual([
      'tick',
      'decrementer_interrupt',
      'timer_wait',
    ])
    await dap.step('stepOut')
    expect((await dap.stack())[0]!.name).toBe('decrementer_interrupt')
  })

  test('pause stops a running program, and every request is legal meanwhile', async () => {
    const dap = client()
    await dap.launch(ELF, { stopOnEntry: true })
    await dap.stopped()
    await dap.ask('continue', { threadId: 1 })
    await expect(dap.ask('stackTrace', { threadId: 1 })).rejects.toThrow(/running/)
    expect((await dap.ask('threads')).threads).toHaveLength(1)
    await dap.ask('pause', { threadId: 1 })
    expect(await dap.stopped()).toMatchObject({ reason: 'pause' })
  })

  test('restart runs the program from its entry again, with its breakpoints', async () => {
    const dap = await stoppedAt('orders.c', 'order->guest = guest;')
    const first = await dap.evaluate('guest')
    await dap.step('continue')
    expect(await dap.evaluate('guest')).not.toBe(first)
    await dap.ask('restart', {})
    await dap.stopped()
    expect(await dap.evaluate('guest')).toBe(first)
  })
})

describe('looking', () => {
  test('arguments and locals with their types; what is inside; a new value', async () => {
    const dap = await stoppedAt('orders.c', 'order->guest = guest;')
    const locals = await dap.scope(/Locals/)
    const named = (name: string) => locals.find(each => each.name === name)!
    expect(named('guest')).toMatchObject({ type: 'const char *', value: expect.stringMatching(/"Grace"$/) })
    expect(named('drink')).toMatchObject({ type: 'enum drink', value: 'ESPRESSO' })
    expect(named('in_a_hurry')).toMatchObject({ type: '_Bool', value: 'false' })
    const order = await dap.children(named('order'))
    expect(order.map(each => each.name)).toEqual(['next', 'guest', 'drink', 'number', 'in_a_hurry'])

    const scope = (await dap.ask('scopes', { frameId: (await dap.stack())[0]!.id })).scopes[0]!
    const set = (name: string, value: string) =>
      dap.ask('setVariable', { variablesReference: scope.variablesReference, name, value })
    expect((await set('drink', 'CAPPUCCINO')).value).toBe('CAPPUCCINO')
    expect(await dap.evaluate('drink')).toBe('CAPPUCCINO')
    await expect(set('in_a_hurry', 'seven')).rejects.toThrow()
    await expect(set('nobody', '1')).rejects.toThrow(/nobody/)
  })

  test("a caller's frame has its own variables", async () => {
    const dap = await stoppedAt('orders.c', 'order->guest = guest;')
    const outer = await dap.scope(/Locals/, 1)
    expect((await dap.stack())[1]!.name).toBe('let_guests_in')
    expect(outer.map(each => each.name)).not.toContain('order')
  })

  test.each([
    ['dbcr0', /^0x40800000 IDM IAC1$/],
    ['$dbsr', /^0x00800000 IAC1$/],
    ['dbsr.IAC1', /^1$/],
    ['$dbcr0.IDM', /^1$/],
    ['r1', /^0x0010[0-9a-f]{4}$/],
    ['$pc', /^0x00100[0-9a-f]{3}$/],
    ['msr.DE', /^0$/],
    ['pvr', /^0x422218d3/],
    ['*0x100000,x', /^0x7c/],
    ['order->guest == 0', /^(1|true)$/],
    ['sizeof(struct order)', /^20$/],
    ['queue->length + 3', /^3$/],
  ])('the expression %s', async (expression, expected) => {
    const dap = await stoppedAt('orders.c', 'order->guest = guest;')
    expect(await dap.evaluate(expression)).toMatch(expected)
    expect(await dap.evaluate(expression, 'hover')).toMatch(expected)
  })

  test('iac1 is where the breakpoint is, and looking changes nothing', async () => {
    const dap = await stoppedAt('orders.c', 'order->guest = guest;')
    const before = await dap.ask('ppc440/snapshot')
    const address = (await dap.stack())[0]!.instructionPointerReference!
    expect(await dap.evaluate('iac1')).toBe(address)
    await dap.scope(/Registers/)
    await dap.ask('readMemory', { memoryReference: '0xef600300', count: 8 })
    const after = await dap.ask('ppc440/snapshot')
    expect(after.registers).toEqual(before.registers)
    expect(after.slots[0]).toMatchObject({ name: 'IAC1', address: Number(address) })
    expect(after.slots[0]!.heldBy).toMatch(/^orders\.c:\d+$/)
  })

  test('assignment is for the console alone', async () => {
    const dap = await stoppedAt('orders.c', 'order->guest = guest;')
    await expect(dap.evaluate('in_a_hurry = 1')).rejects.toThrow(/==/)
    expect(await dap.evaluate('in_a_hurry')).toBe('false')
    await dap.evaluate('in_a_hurry = 1', 'repl')
    expect(await dap.evaluate('in_a_hurry')).toBe('true')
    await dap.evaluate('$r20 = 0x1234', 'repl')
    expect(await dap.evaluate('r20')).toBe('0x00001234')
  })

  test('references of an earlier stop are refused with a reason', async () => {
    const dap = await stoppedAt('orders.c', 'order->guest = guest;')
    const [{ id }] = await dap.stack()
    await dap.step('next')
    await expect(dap.ask('scopes', { frameId: id })).rejects.toThrow(/earlier stop/)
  })

  test('memory: what is there, where it ends, and that code can be changed', async () => {
    const dap = await stoppedAt('orders.c', 'order->guest = guest;')
    const read = await dap.ask('readMemory', { memoryReference: '0x100100', count: 4 })
    const word = Buffer.from(read!.data!, 'base64').readUInt32BE()
    expect(await dap.evaluate('*0x100100,x')).toBe(`0x${word.toString(16)}`)
    const end = await dap.ask('readMemory', { memoryReference: '0x07fffff0', count: 64 })
    expect([Buffer.from(end!.data!, 'base64').length, end!.unreadableBytes]).toEqual([16, 48])
    await dap.ask('writeMemory', { memoryReference: '0x200000', data: Buffer.from([1, 2, 3, 4]).toString('base64') })
    expect(await dap.evaluate('*0x200000,x')).toBe('0x1020304')
    await expect(dap.ask('readMemory', { memoryReference: 'nonsense', count: 4 })).rejects.toThrow(/not an address/)
  })

  test('memory is written whole or not at all, unless a part is said to be enough', async () => {
    const dap = await stoppedAt('orders.c', 'order->guest = guest;')
    const bytes = async (memoryReference: string) =>
      Buffer.from((await dap.ask('readMemory', { memoryReference, count: 2 }))!.data!, 'base64').toString('hex')
    const write = (memoryReference: string, data: string, allowPartial?: boolean) =>
      dap.ask('writeMemory', { memoryReference, data, ...(allowPartial !== undefined && { allowPartial }) })
    const before = await bytes('0x07fffffe')
    const six = Buffer.from('112233445566', 'hex').toString('base64')
    await expect(write('0x07fffffe', six)).rejects.toThrow('only 2 of the 6 bytes at 0x07fffffe are RAM; nothing')
    await expect(write('0x07fffffe', six, false)).rejects.toThrow(/nothing was written/)
    expect(await bytes('0x07fffffe')).toBe(before)
    expect(await write('0x07fffffe', six, true)).toEqual({ bytesWritten: 2 })
    expect(await bytes('0x07fffffe')).toBe('1122')
    await expect(write('0x70000000', six)).rejects.toThrow(/there is no RAM at 0x70000000/)
    expect(await write('0x70000000', six, true)).toEqual({ bytesWritten: 0 })
    for (const data of ['*', 'A', 'AAAAA', 'AA=A', 'AA==AAAA', 'AAA\n'])
      await expect(write('0x200000', data)).rejects.toThrow(/is no base64: send bytes as RFC 4648/)
  })

  test('disassembly: any window is a slice of one listing; symbols are in the text', async () => {
    const dap = await stoppedAt('orders.c', 'order->guest = guest;')
    const at = (await dap.stack())[0]!.instructionPointerReference!
    const window = async (instructionOffset: number, instructionCount: number) =>
      (await dap.ask('disassemble', { memoryReference: at, instructionOffset, instructionCount }))!.instructions
    const whole = await window(-60, 120)
    expect(whole).toHaveLength(120)
    for (const [offset, count] of [
      [-60, 10],
      [-3, 7],
      [0, 1],
      [40, 20],
    ] as const) {
      const part = await window(offset, count)
      const bare = (rows: typeof part) =>
        rows.map(({ address, instruction, instructionBytes }) => ({ address, instruction, instructionBytes }))
      expect(bare(part)).toEqual(bare(whole.slice(60 + offset, 60 + offset + count)))
    }
    expect(whole.map(row => row.instruction).join('\n')).toMatch(/bl +0x[0-9a-f]+ <pool_take>/)
    expect(whole.some(row => row.location?.path === ORDERS && row.line !== undefined)).toBe(true)
    const outside = await dap.ask('disassemble', { memoryReference: '0xfffffff8', instructionCount: 4 })
    expect(outside!.instructions).toHaveLength(4)
    expect(outside!.instructions.at(-1)!.instruction).toMatch(/no memory/)
  })

  test('disassemble says what an invalid form is', async () => {
    const dap = await stoppedAt('orders.c', 'order->guest = guest;')
    const memoryReference = '0x00080000'
    // lwzu r4,8(r4), which objdump shows as .long; lwzu r3,8(r4).
    await dap.ask('writeMemory', {
      memoryReference,
      data: Buffer.from([0x84, 0x84, 0, 8, 0x84, 0x64, 0, 8]).toString('base64'),
    })
    const { instructions } = (await dap.ask('disassemble', { memoryReference, instructionCount: 2 }))!
    expect(instructions.map(row => row.instruction)).toEqual([
      '.long   0x84840008  # lwzu r4,8(r4), an invalid form: RA = RT',
      'lwzu    r3,8(r4)',
    ])
  })

  test('breakpointLocations are the lines with code', async () => {
    const dap = await stoppedAt('orders.c', 'order->guest = guest;')
    const at = line('orders.c', 'order->guest = guest;')
    const { breakpoints } = await dap.ask('breakpointLocations', {
      source: { path: ORDERS },
      line: at,
      endLine: at + 2,
    })
    expect(breakpoints.map(each => each.line)).toEqual([at, at + 1, at + 2])
  })
})

test('an endless loop is a stop that says so, after the whole output; the session goes on', async () => {
  const dap = client()
  await dap.launch(ELF)
  const { text } = await dap.idle()
  expect(text).toMatch(/idle forever at 0x[0-9a-f]+ <_start\+0xc8>/)
  const said = dap.events.filter(each => each.event === 'output')
  expect(said.map(each => each.body.output).join('')).toMatch(/PowerPC 440 coffee machine[\s\S]*The kitchen is closed/)
  expect(await dap.where()).toMatch(/^start\.S:/)
  await dap.ask('continue', { threadId: 1 })
  await dap.idle()
  expect(dap.events.filter(({ event }) => event === 'exited' || event === 'terminated')).toEqual([])
})

test('two sessions keep to themselves', async () => {
  const [first, second] = [await stoppedAt('orders.c', 'order->guest = guest;'), client()]
  await second.launch(resolve('examples/asm/primes.elf'), { stopOnEntry: true })
  await second.stopped()
  await second.step('next')
  expect(await second.where()).toMatch(/^primes\.S/)
  expect(await first.where()).toMatch(/^orders\.c/)
  expect(await first.evaluate('guest')).toMatch(/Grace/)
})

test('machine.c is found by its lines too', async () => {
  const dap = client()
  const { [MACHINE]: verdicts } = await dap.launch(ELF, {
    breakpoints: { [MACHINE]: [line('machine.c', 'enum event event = next_event(machine);')] },
  })
  expect(verdicts[0]!.verified).toBe(true)
  await dap.stopped()
  expect((await dap.stack())[0]!.name).toBe('machine_step')
})

describe('data breakpoints', () => {
  /** The id under which the client asks to watch an expression. */
  const watch = async (dap: DapClient, name: string) =>
    (await dap.ask('dataBreakpointInfo', { name, frameId: (await dap.stack())[0]!.id }))!

  test('a change is told after it has happened, with both values and who wrote; running on goes past it', async () => {
    const dap = await stoppedAt('orders.c', 'order->guest = guest;')
    const { dataId, accessTypes } = await watch(dap, 'queue->length')
    expect(accessTypes).toContain('write')
    const { breakpoints } = await dap.ask('setDataBreakpoints', {
      breakpoints: [{ dataId: dataId!, accessType: 'write' }],
    })
    expect(breakpoints[0]).toMatchObject({ verified: true })
    expect(breakpoints[0]!.message).toMatch(/^DAC1–2 · range · 0x[0-9a-f]{8}–0x[0-9a-f]{8} \(2 of 2 slots used\)$/)
    await dap.ask('setBreakpoints', { source: { path: ORDERS }, breakpoints: [] })
    const stop = await dap.step('continue')
    expect(stop).toMatchObject({ reason: 'data breakpoint', hitBreakpointIds: [breakpoints[0]!.id] })
    expect(stop.description).toBe('DAC1 and DAC2 matched a change of queue->length: 0 → 1')
    const at = `orders.c:${line('orders.c', 'queue->length++;')}`
    expect(stop.text).toMatch(new RegExp(`stw r\\d+,\\d+\\(r\\d+\\) at 0x[0-9a-f]{8} <order_place\\S*> ${at} wrote it`))
    expect(await dap.evaluate('queue->length')).toBe('1')
    const { slots, registers } = await dap.ask('ppc440/snapshot')
    expect(slots[4]).toMatchObject({ name: 'DAC1', heldBy: 'queue->length', address: registers.DAC1 })
    expect(slots[5]).toMatchObject({ name: 'DAC2', heldBy: 'queue->length', address: registers.DAC2 })
  })

  test('reads and writes are told apart; a condition is asked; a third finds no comparator', async () => {
    const dap = await stoppedAt('orders.c', 'order->guest = guest;')
    const ids = await Promise.all(['queue->length', 'order->number', 'order->drink'].map(name => watch(dap, name)))
    const { breakpoints } = await dap.ask('setDataBreakpoints', {
      breakpoints: [
        { dataId: ids[0]!.dataId!, accessType: 'read', condition: 'queue->length == 1' },
        { dataId: ids[1]!.dataId!, accessType: 'write' },
        { dataId: ids[2]!.dataId!, accessType: 'write' },
      ],
    })
    expect(breakpoints.map(({ verified }) => verified).sort()).toEqual([false, true, true])
    const refused = breakpoints.find(({ verified }) => !verified)!
    expect(refused.message).toMatch(/No DAC slot free:\nDAC1 .*, DAC2 .*\./)
    await dap.ask('setBreakpoints', { source: { path: ORDERS }, breakpoints: [] })
    const stop = await dap.step('continue')
    expect(stop.description).toMatch(/^DAC[12] matched a change of order->/)
  })

  test('what lies in no memory cannot be watched, and says so', async () => {
    const dap = await stoppedAt('orders.c', 'order->guest = guest;')
    expect(await watch(dap, 'r3')).toMatchObject({
      dataId: null,
      description: expect.stringMatching(/does not lie in memory/),
    })
    const byAddress = await dap.ask('dataBreakpointInfo', { name: '0x00103000', asAddress: true, bytes: 4 })
    expect(byAddress).toMatchObject({ dataId: expect.stringMatching(/^0x00103000/) })
  })
})

describe('trap words', () => {
  const TEXTS = [
    ...['order->guest = guest;', 'order->drink = drink;', 'order->number = ++last_number;'],
    ...['order->in_a_hurry = in_a_hurry;', 'struct order **link', 'queue->length++;'],
  ]

  test('where they are allowed, those stop too that find no comparator; memory reads as the program has it', async () => {
    const lines = TEXTS.map(text => line('orders.c', text))
    const dap = client()
    const { [ORDERS]: verdicts } = await dap.launch(ELF, {
      softBreakpoints: true,
      // One of each pair, so that no range takes in neighbours.
      reserveSlots: ['IAC2', 'IAC4'],
      stopOnEntry: true,
      breakpoints: { [ORDERS]: lines },
    })
    expect(verdicts.every(({ verified }) => verified)).toBe(true)
    const soft = verdicts.filter(({ message }) => /^soft/.test(message!))
    expect(soft).toHaveLength(4)
    await dap.stopped()
    const word = async () =>
      (await dap.ask('readMemory', { memoryReference: soft[0]!.instructionReference!, count: 4 }))!.data
    const before = await word()
    const seen: string[] = []
    for (const _ of lines) {
      await dap.step('continue')
      seen.push(await dap.where())
    }
    expect(seen).toEqual(lines.map(each => `orders.c:${each}`))
    expect(await word()).toBe(before)
    // And once more round, past every one of them.
    await dap.step('continue')
    expect(await dap.where()).toBe(`orders.c:${lines[0]}`)
  })
})

test('the trace of the debug facility: off at first; then every event with its place, DBSR and owner', async () => {
  const dap = await stoppedAt('orders.c', 'order->guest = guest;')
  const traced = () =>
    dap.events
      .filter(({ event, body }) => event === 'output' && / DBSR 0x/.test(body.output))
      .map(({ body }) => body.output)
  expect(traced()).toEqual([])
  await dap.ask('ppc440/trace', { on: true })
  await dap.step('continue')
  const pc = (await dap.stack())[0]!.instructionPointerReference!
  expect(traced().join('\n')).toMatch(new RegExp(`${pc.slice(2)}.*debugger.*IAC1`))
  const { rows } = await dap.next('ppc440/traced')
  expect(rows[0]).toMatchObject({ owner: 'debugger', what: 'IAC1 latched', address: Number(pc) })
  expect(rows[0].place).toMatch(/orders\.c:\d+$/)
  expect(rows[0].path).toMatch(/orders\.c$/)
  await dap.ask('ppc440/trace', { on: false })
  const before = traced().length
  await dap.step('continue')
  expect(traced()).toHaveLength(before)
})
