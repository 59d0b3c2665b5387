import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { SNAPSHOT_REQUEST, type Snapshot } from '../../../src/protocol/messages.ts'
import { breakpoint, clearBreakpoints, Debugging, file, lineOf } from './api.ts'

suite('Run to Line', () => {
  let debugging: Debugging | undefined

  setup(clearBreakpoints)
  teardown(async () => {
    await debugging?.end()
    debugging = undefined
    clearBreakpoints()
  })

  test('goes to the line at the cursor while all four comparators are taken, and leaves them as they are', async () => {
    const lines = ['order->guest = guest;', 'order->drink = drink;', 'queue->length--;', 'order->next = NULL;']
    const taken = await Promise.all(
      lines.map(async text => breakpoint('coffee/orders.c', await lineOf('coffee/orders.c', text))),
    )
    vscode.debug.addBreakpoints(taken)
    debugging = await Debugging.start({ program: 'coffee/coffee.elf', stopOnEntry: true })
    await debugging.stop()
    const { slots } = await debugging.ask<Snapshot>(SNAPSHOT_REQUEST)
    assert.equal(slots.filter(({ heldBy }) => heldBy !== undefined).length, 4)

    const line = await lineOf('coffee/main.c', 'machine_init(&machine);')
    const editor = await vscode.window.showTextDocument(file('coffee/main.c'))
    editor.selection = new vscode.Selection(line - 1, 2, line - 1, 2)
    await vscode.commands.executeCommand('ppc440.runToLine')
    const stop = await debugging.stop()
    assert.deepEqual([stop.reason, stop.file, stop.line], ['step', 'main.c', line])
    assert.deepEqual((await debugging.ask<Snapshot>(SNAPSHOT_REQUEST)).slots, slots)
  })

  test('goes to the line whose number was clicked', async () => {
    debugging = await Debugging.start({ program: 'coffee/coffee.elf', stopOnEntry: true })
    await debugging.stop()
    const lineNumber = await lineOf('coffee/orders.c', 'queue->length++;')
    await vscode.commands.executeCommand('ppc440.runToLine', { uri: file('coffee/orders.c'), lineNumber })
    const { file: name, line } = await debugging.stop()
    assert.deepEqual([name, line], ['orders.c', lineNumber])
  })
})
