import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { SNAPSHOT_REQUEST, type Snapshot } from '../../../src/protocol/messages.ts'
import { until } from '../support/until.ts'
import { breakpoint, clearBreakpoints, Debugging, lineOf, verdict } from './api.ts'

const COFFEE = { program: 'coffee/coffee.elf' }

/** Five lines in two files, of which four fit. */
async function fiveBreakpoints(): Promise<vscode.SourceBreakpoint[]> {
  return [
    breakpoint('coffee/main.c', await lineOf('coffee/main.c', 'uart_init();')),
    breakpoint('coffee/main.c', await lineOf('coffee/main.c', 'machine_init(&machine);')),
    breakpoint('coffee/orders.c', await lineOf('coffee/orders.c', 'order->guest = guest;')),
    breakpoint('coffee/orders.c', await lineOf('coffee/orders.c', 'queue->length++;')),
    breakpoint('coffee/orders.c', await lineOf('coffee/orders.c', 'queue->length--;')),
  ]
}

suite('breakpoints', () => {
  let debugging: Debugging | undefined

  setup(clearBreakpoints)
  teardown(async () => {
    await debugging?.end()
    debugging = undefined
    clearBreakpoints()
  })

  test('a breakpoint of the editor stops the program, and its message names slot and address', async () => {
    const line = await lineOf('coffee/main.c', 'machine_init(&machine);')
    const wanted = breakpoint('coffee/main.c', line)
    vscode.debug.addBreakpoints([wanted])
    debugging = await Debugging.start(COFFEE)
    const stop = await debugging.stop()
    assert.deepEqual([stop.reason, stop.file, stop.line], ['breakpoint', 'main.c', line])
    const { id, verified, message } = await verdict(debugging.session, wanted)
    assert.equal(verified, true)
    assert.match(message!, /IAC1.*0x0010[0-9a-f]{4}/i)
    assert.deepEqual(stop.hitBreakpointIds, [id])
    assert.match(stop.description ?? '', /IAC1/)
  })

  test('of five, four are verified; the fifth says who holds the slots, and gets one that is given up', async () => {
    const wanted = await fiveBreakpoints()
    vscode.debug.addBreakpoints(wanted)
    debugging = await Debugging.start({ ...COFFEE, stopOnEntry: true })
    const { session } = debugging
    await debugging.stop()
    const verdicts = await Promise.all(wanted.map(one => verdict(session, one)))
    assert.deepEqual(verdicts.map(({ verified }) => verified).sort(), [false, true, true, true, true])
    const refused = verdicts.findIndex(({ verified }) => !verified)
    for (const slot of ['IAC1', 'IAC2', 'IAC3', 'IAC4']) assert.match(verdicts[refused]!.message!, new RegExp(slot))

    vscode.debug.removeBreakpoints([wanted[refused === 0 ? 1 : 0]!])
    await until('the promotion', async () => (await verdict(session, wanted[refused]!)).verified)
  })

  test('IAC1-4 in the snapshot are the addresses of the breakpoints, and DBCR0 has them armed', async () => {
    vscode.debug.addBreakpoints((await fiveBreakpoints()).slice(0, 4))
    debugging = await Debugging.start(COFFEE)
    await debugging.stop()
    const { registers, slots } = await debugging.ask<Snapshot>(SNAPSHOT_REQUEST)
    for (const { name, address, heldBy } of slots.slice(0, 4)) {
      assert.equal(registers[name], address)
      assert.match(heldBy!, /(main|orders)\.c:\d+/)
    }
    assert.equal(registers.DBCR0! & 0x40f00000, 0x40f00000, 'IDM and IAC1-4')
    assert.match(await debugging.evaluate('dbcr0'), /0x40f00000/i)
    assert.match(await debugging.evaluate('$iac1'), new RegExp(registers.IAC1!.toString(16), 'i'))
  })
})
