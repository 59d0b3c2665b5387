import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { until } from '../support/until.ts'
import { breakpoint, clearBreakpoints, Debugging, file, lineOf } from './api.ts'

suite('Views', () => {
  let debugging: Debugging | undefined

  setup(clearBreakpoints)
  teardown(async () => {
    await debugging?.end()
    debugging = undefined
    clearBreakpoints()
  })

  const stopped = async (): Promise<Debugging> => {
    debugging = await Debugging.start({ program: 'coffee/coffee.elf', stopOnEntry: 'main' })
    await debugging.stop()
    return debugging
  }
  const execute = (command: string, ...args: readonly unknown[]) => vscode.commands.executeCommand(command, ...args)

  test('a register of a device is set, toggled and copied by the commands of its row', async () => {
    const session = await stopped()
    await execute('ppc440.toggleBit', { expression: '$UART0_LCR.DLAB', toggled: '1' })
    assert.match(await session.evaluate('$UART0_LCR'), /DLAB/)
    await execute('ppc440.toggleBit', { expression: '$UART0_LCR.DLAB', toggled: '0' })
    assert.doesNotMatch(await session.evaluate('$UART0_LCR'), /DLAB/)
    await execute('ppc440.copyValue', { value: '0x60' })
    assert.equal(await vscode.env.clipboard.readText(), '0x60')
  })

  test('a breakpoint is disabled in the editor from its row', async () => {
    const line = await lineOf('coffee/main.c', 'machine_init(&machine);')
    vscode.debug.addBreakpoints([breakpoint('coffee/main.c', line)])
    const session = await stopped()
    const { breakpoints } = await session.ask<{ breakpoints: readonly { id: number }[] }>('ppc440/snapshot')
    await execute('ppc440.slots.disable', { breakpoint: breakpoints[0] })
    const [own] = vscode.debug.breakpoints
    assert.equal(own?.enabled, false)
    assert.equal((own as vscode.SourceBreakpoint).location.uri.path, file('coffee/main.c').path)
  })

  test('the trace is turned on and off, and goes back to an instruction', async () => {
    const session = await stopped()
    const events: string[] = []
    const heard = vscode.debug.onDidReceiveDebugSessionCustomEvent(({ event }) => void events.push(event))
    await execute('ppc440.trace')
    const line = await lineOf('coffee/main.c', 'machine_init(&machine);')
    vscode.debug.addBreakpoints([breakpoint('coffee/main.c', line)])
    await session.continue()
    assert.equal((await session.stop()).line, line)
    await until('the trace', () => events.includes('ppc440/traced'))
    await execute('ppc440.goToTraced', { event: { instruction: 3 } })
    await session.stop()
    const { result } = await session.ask<{ result: string }>('evaluate', { expression: 'where', context: 'repl' })
    assert.match(result, /^At instruction 3,/)
    await execute('ppc440.trace')
    heard.dispose()
  })
})
