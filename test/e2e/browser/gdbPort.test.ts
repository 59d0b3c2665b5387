// A gdb beside the editor: the port that a command opens, one program, and each other's breakpoints and stops.

import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GDB, gdb } from '../../support/gdb.ts'
import { have } from '../../support/tools.ts'
import { lineOf } from '../support/examples.ts'
import { photographFailures } from '../support/photographFailures.ts'
import { type CleanInstall, cleanInstall } from '../support/session.ts'
import { until } from '../support/until.ts'

let installed: CleanInstall

beforeAll(async () => {
  installed = await cleanInstall()
})
photographFailures(() => installed?.workbench)
afterAll(() => installed?.close())

test.skipIf(!have(GDB))(
  'a gdb at the port of a session: one machine, one plan of breakpoints, stops for both',
  async () => {
    const { workbench, workspace } = installed
    const program = join(workspace, 'coffee/coffee.elf')
    const [first, second] = ['order->guest = guest;', 'queue->length++;'].map(text => lineOf('coffee/orders.c', text))
    await workbench.openFile('coffee/orders.c')
    await workbench.clickGutter(first!)
    await workbench.press('F5')
    await workbench.stoppedAt(first!)

    await workbench.command('PowerPC 440: Open a Port for gdb')
    const port = await until('the port', async () => /127\.0\.0\.1:(\d+)/.exec(await workbench.messages())?.[1])
    await workbench.screenshot('gdb-port')

    // gdb stands where the editor does, sees whose IAC1 is, and lets the program go on to a breakpoint of its own.
    const said = await gdb(program, [
      ...[`target remote :${port}`, 'info line *$pc', 'monitor slots', `hbreak orders.c:${second}`, 'continue'],
      ...['monitor slots', 'p queue->length', 'disconnect'],
    ])
    expect(said).toContain(`Line ${first} of`)
    expect(said).toMatch(/IAC1 {2}0x\w+ {2}orders\.c:\d+[\s\S]*IAC1 {2}0x\w+ {2}orders\.c[\s\S]*IAC2 {2}0x\w+ {2}0x\w+/)
    expect(said).toMatch(new RegExp(`Breakpoint 1, order_place.*orders\\.c:${second}`))
    await workbench.stoppedAt(second!)
    await workbench.expandScope('Locals')
    await until('the locals', async () => (await workbench.variables()).some(({ label }) => /^queue/.test(label)))
    await workbench.screenshot('gdb-stopped')

    // gdb has gone, its comparator with it; the editor goes on.
    await workbench.toolbar('Continue')
    await workbench.stoppedAt(first!)
    await workbench.toolbar('Stop')
    await workbench.ended()
  },
)
