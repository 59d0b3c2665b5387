// The trace of the debug facility as a list: a click leads to the source, an action back to the instruction.

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

const VIEW = 'PowerPC 440 Debug Trace'
const ORDERED = lineOf('coffee/orders.c', 'order->guest = guest;')

const rowsOnce = (what: string, isThere: (rows: readonly TreeRow[]) => boolean): Promise<TreeRow[]> =>
  until(what, async () => {
    const rows = await installed.workbench.pane(VIEW)
    return isThere(rows) ? rows : undefined
  })

test('what the facility does appears with each stop, the newest first', async () => {
  const { workbench } = installed
  await workbench.theme('Dark Modern')
  await workbench.openFile('coffee/orders.c')
  await workbench.clickGutter(ORDERED)
  await workbench.press('F5')
  await workbench.stoppedAt(ORDERED)
  await workbench.command('PowerPC 440: Trace the Debug Facility')
  await workbench.page.getByText('What it does appears here with the next stop').first().waitFor()
  for (const other of ['Variables', 'Watch', 'Call Stack', 'Breakpoints', 'PowerPC 440 Debug Slots'])
    await workbench.collapsePane(other)
  await workbench.expandPane(VIEW)
  await workbench.screenshot('trace-empty')
  await workbench.toolbar('Continue')
  const rows = await rowsOnce('the match', all => all.some(({ name }) => name === 'IAC1 latched'))
  const match = rows.find(({ name }) => name === 'IAC1 latched')!
  expect(match.description).toMatch(new RegExp(`^orders\\.c:${ORDERED} · at [\\d,]+ · debugger$`))
  expect(match.label).toMatch(/DBSR 0x\d{8} -> 0x\d{8}/)
  await workbench.screenshot('trace')
})

test('a click leads to the source, the action back to the instruction', async () => {
  const { workbench } = installed
  await workbench.toolbar('Continue')
  const rows = await rowsOnce('the next match', all => all.filter(({ name }) => name === 'IAC1 latched').length > 1)
  const oldest = rows.filter(({ name }) => name === 'IAC1 latched').at(-1)!
  const at = oldest.description.match(/at ([\d,]+)/)![1]!
  await workbench.openFile('coffee/main.c')
  await workbench.press('Control+Shift+D')
  const row = workbench.page.getByRole('treeitem', { name: oldest.label })
  await row.click()
  await workbench.page.locator('.tab.active', { hasText: 'orders.c' }).waitFor()
  await row.hover()
  await row.locator('.action-label[aria-label^="Go Back to This Instruction"]').first().click()
  // Going back takes a while.
  await until('the moment', async () => {
    await workbench.evaluate('where')
    return until(
      'its answer',
      async () => (await workbench.consoleText()).includes(`At instruction ${at.replaceAll(',', '')}`),
      2000,
    )
  })
  await workbench.screenshot('trace-past')
})

test('in other themes, at 1280×720; turned off it is gone', async () => {
  const { workbench } = installed
  await workbench.page.setViewportSize({ width: 1280, height: 720 })
  for (const [name, theme] of [
    ['trace-light', 'Light Modern'],
    ['trace-high-contrast', 'Dark High Contrast'],
  ] as const) {
    await workbench.theme(theme)
    await workbench.screenshot(name)
  }
  await workbench.command('PowerPC 440: Trace the Debug Facility')
  await workbench.page.locator(`.pane-header[aria-label^="${VIEW}"]`).waitFor({ state: 'detached' })
})
