// The `browser` entry where there is no server at all, as on vscode.dev: adapter and emulator in a Web Worker.

import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromBase64 } from '../../../src/util/base64.ts'
import { DapClient } from '../../support/dap.ts'
import { lineOf } from '../support/examples.ts'
import { photographFailures } from '../support/photographFailures.ts'
import { type StaticWorkbench, serveStaticWorkbench } from '../support/staticWorkbench.ts'
import { until } from '../support/until.ts'
import { openWorkbench, type Workbench } from '../support/workbench.ts'

let served: StaticWorkbench
let workbench: Workbench

const ORDERED = lineOf('coffee/orders.c', 'order->guest = guest;')
/** Which instruction of its run a session stands at, as the console tells it. */
let recordedAt = ''

/** Recorded by Node: a run of the example up to its second order. */
async function recordCapsule(folder: string): Promise<void> {
  const dap = new DapClient()
  const source = resolve('examples/coffee/orders.c')
  await dap.launch(resolve('examples/coffee/coffee.elf'), { breakpoints: { [source]: [ORDERED] } })
  await dap.stopped()
  await dap.step('continue')
  recordedAt = await dap.evaluate('where', 'repl')
  const { base64 } = await dap.ask('ppc440/capsule', { withProgram: true })
  writeFileSync(join(folder, 'orders.capsule'), fromBase64(base64)!)
  dap.session.dispose()
}

beforeAll(async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'ppc440-web-')), 'examples')
  cpSync('examples', folder, { recursive: true })
  await recordCapsule(folder)
  served = await serveStaticWorkbench(folder, '.')
  workbench = await openWorkbench(served.url)
})
photographFailures(() => workbench)
afterAll(async () => {
  await workbench?.close()
  await served?.close()
})

test('before a session the slots are planned, in a worker of the page', async () => {
  const line = lineOf('coffee/main.c', 'machine_init(&machine);')
  await workbench.openFile('coffee/main.c')
  await workbench.clickGutter(line)
  await workbench.press('Control+Shift+D')
  await workbench.expandPane('PowerPC 440 Debug Slots')
  await until('the plan', async () => {
    const rows = await workbench.pane('PowerPC 440 Debug Slots')
    return rows.some(({ name, description }) => name === 'IAC1' && description.startsWith(`main.c:${line} · 0x`))
  })
  await workbench.screenshot('web-slots')
  await workbench.clickGutter(line)
})

test('F5 stops at a breakpoint, steps, and runs to the end', async () => {
  const line = lineOf('coffee/main.c', 'machine_init(&machine);')
  await workbench.openFile('coffee/main.c')
  await workbench.clickGutter(line)
  await workbench.press('F5')
  expect(await workbench.stoppedAt(line)).toMatch(/IAC1/)
  await workbench.toolbar('Step Over')
  await workbench.stoppedAt(line + 1)
  await workbench.toolbar('Step Back')
  await workbench.stoppedAt(line)
  await workbench.toolbar('Continue')
  await workbench.stoppedAt(line + 1)
  await workbench.expandPane('PowerPC 440 Peripherals')
  await until('the devices', async () =>
    (await workbench.pane('PowerPC 440 Peripherals')).some(({ name }) => name === 'UART0'),
  )
  await workbench.command('PowerPC 440: Show Memory')
  await workbench.page.locator('.quick-input-widget:visible input').first().fill('&machine')
  await workbench.press('Enter')
  const webview = workbench.page.locator('iframe.webview[src*="extensionId="]').first().contentFrame()
  const memory = webview.locator('iframe#active-frame').contentFrame()
  await until('its memory', async () => /· machine · \d+/.test((await memory.locator('#status').textContent()) ?? ''))
  await workbench.screenshot('web-memory')
  await workbench.command('Focus on Debug Console View')
  // Compiled code is WebAssembly of the page's own worker.
  await workbench.evaluate('engine')
  const said = await until(
    'what the engine has done',
    async () => /The engine is (.*)/.exec(await workbench.consoleText())?.[1],
  )
  expect(said).toMatch(/^auto\. Executed as compiled code: [1-9][\d,]* instructions/)
  await workbench.screenshot('web')
  await workbench.continueToEnd()
  expect(await workbench.consoleText()).toMatch(/The kitchen is closed/)
})

test('a capsule that Node has recorded is gone through in the browser, at the same instructions', async () => {
  await workbench.explorerMenu('.capsule', 'Debug This Capsule')
  await workbench.openFile('coffee/orders.c')
  await workbench.stoppedAt(ORDERED)
  await workbench.evaluate('where')
  await until('where it stands', async () => (await workbench.consoleText()).includes(recordedAt))
  await workbench.command('View: Show Run and Debug')
  await workbench.toolbar('Reverse')
  await until('the order before', async () => /In the past: IAC\d matched/.test(await workbench.callStackState()))
})

test('what is known of assembly is loaded when a source of it is opened', async () => {
  await workbench.openFile('asm/primes.S')
  const add = lineOf('asm/primes.S', 'addi    1, 1, stack_top@l')
  await workbench.hoverAtEndOf(add, /@l/)
})

test('the example opens, its coverage is painted and its profile shown', async () => {
  await workbench.command('View: Close All Editors')
  await workbench.command('PowerPC 440: Open Example')
  await workbench.page.locator('.tab.active', { hasText: 'first-steps.s' }).waitFor()
  await workbench.choose('PowerPC 440: Run with Coverage', 'first-steps.s')
  await workbench.page.locator('.coverage-deco-gutter').first().waitFor({ timeout: 60_000 })
  await workbench.screenshot('web-coverage')
  await workbench.choose('PowerPC 440: Run with Profile', 'first-steps.s')
  await workbench.page.locator('.tab.active', { hasText: 'first-steps.s.cpuprofile' }).waitFor({ timeout: 60_000 })
  await workbench.screenshot('web-profile')
})
