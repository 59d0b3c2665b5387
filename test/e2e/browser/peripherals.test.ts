// The Peripherals view: registers of devices with their fields, set and toggled there, as a program's own writes would.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineOf } from '../support/examples.ts'
import { photographFailures } from '../support/photographFailures.ts'
import { type CleanInstall, cleanInstall } from '../support/session.ts'
import { until } from '../support/until.ts'
import type { TreeRow } from '../support/workbench.ts'

let installed: CleanInstall

beforeAll(async () => {
  installed = await cleanInstall()
})
photographFailures(() => installed?.workbench)
afterAll(() => installed?.close())

const VIEW = 'PowerPC 440 Peripherals'
const CLOSED = lineOf('coffee/main.c', '  timer_stop();')

const row = (name: string, said = /./): Promise<TreeRow> =>
  until(`${name} in the view`, async () =>
    (await installed.workbench.pane(VIEW)).find(each => each.name === name && said.test(each.description)),
  )

test('devices by name, place and registers; the timers say when they are due', async () => {
  const { workbench } = installed
  await workbench.theme('Dark Modern')
  await workbench.openFile('coffee/main.c')
  await workbench.clickGutter(CLOSED)
  await workbench.press('F5')
  await workbench.stoppedAt(CLOSED)
  for (const other of ['Variables', 'Watch', 'Call Stack', 'Breakpoints', 'PowerPC 440 Registers'])
    await workbench.collapsePane(other)
  await workbench.expandPane(VIEW)
  expect((await row('UART0')).description).toBe('0xef600300 · 16550 serial port')
  expect((await row('UIC0')).description).toBe('DCR 0x0c0 · universal interrupt controller')
  await workbench.expandRow(VIEW, 'Core timers')
  expect((await row('DEC')).description).toMatch(/^0x[0-9a-f]{8} · reaches 0 in [\d.]+ [µm]?s/)
  expect((await row('TCR')).description).toMatch(/DIE/)
  await workbench.expandRow(VIEW, 'UART0')
  expect((await row('LSR')).description).toBe('0x60 · TEMT THRE')
  await workbench.expandRow(VIEW, 'LCR')
  expect((await row('WLS')).description).toMatch(/ = \d bits · word length$/)
  await workbench.screenshot('peripherals')
})

test('a bit is toggled at a click, and a value set; what changed is marked', async () => {
  const { workbench } = installed
  // What changed is told since the stop before.
  await workbench.toolbar('Step Over')
  await workbench.stoppedAt(CLOSED + 2)
  expect((await row('Core timers', /changed$/)).label).toMatch(/changed/)
  await workbench.rowAction(VIEW, 'DLAB', 'Toggle This Bit')
  await row('DLAB', /^1 = DLL and DLM/)
  await row('DLL', /^0x06/)
  expect((await row('RBR')).description).toMatch(/^there while UART0_LCR\[DLAB\] is 0/)
  await workbench.screenshot('peripherals-dlab')
  await workbench.rowAction(VIEW, 'DLAB', 'Toggle This Bit')
  await row('DLAB', /^0 = RBR, THR and IER/)
  await workbench.rowAction(VIEW, 'SCR', 'Set Value')
  const box = workbench.page.locator('.quick-input-widget:visible input').first()
  await box.fill('$UART0_LSR + 1')
  await workbench.screenshot('peripherals-set')
  await workbench.press('Enter')
  expect((await row('SCR', /^0x61/)).description).toMatch(/was 0x00$/)
  expect((await row('UART0')).description).toMatch(/changed$/)
})

test('a status bit is cleared by writing 1, which is said; a byte that is set is sent', async () => {
  const { workbench } = installed
  // Rows outside the list's viewport are not in the document.
  for (const other of ['LCR', 'Core timers']) await workbench.collapseRow(VIEW, other)
  await workbench.expandRow(VIEW, 'UIC0')
  await workbench.rowAction(VIEW, 'SRS', 'Set Value')
  await workbench.page.locator('.quick-input-widget:visible', { hasText: 'Bits written as 1 are set' }).waitFor()
  await workbench.page.locator('.quick-input-widget:visible input').first().fill('0xc0000000')
  await workbench.press('Enter')
  await row('SR', /^0xc0000000 · UART0 UART1/)
  await workbench.rowAction(VIEW, 'THR', 'Set Value')
  await workbench.page.locator('.quick-input-widget:visible input').first().fill("'!'")
  await workbench.press('Enter')
  await until('the byte', async () => /!$/.test((await workbench.consoleText()).trim()))
  await workbench.screenshot('peripherals-changed')
})

test('in other themes, at 1280×720, and by keyboard', async () => {
  const { workbench } = installed
  const { page } = workbench
  await page.setViewportSize({ width: 1280, height: 720 })
  for (const [name, theme] of [
    ['light', 'Light Modern'],
    ['high-contrast', 'Dark High Contrast'],
  ] as const) {
    await workbench.theme(theme)
    await workbench.screenshot(`peripherals-${name}`)
  }
  await workbench.command('Focus on PowerPC 440 Peripherals View')
  await workbench.press('Home')
  const focused = () => page.locator('.pane .monaco-list-row.focused').first().getAttribute('aria-label')
  await until('the first row', async () => /^Core timers, DEC, FIT/.test((await focused()) ?? ''))
  await workbench.press('ArrowDown')
  await until('the first device', async () => /^GPT0, 0xef600000/.test((await focused()) ?? ''))
})
