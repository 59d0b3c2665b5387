// The pictures of README.md, taken where a person would see them; scripts/animation.mjs makes one of them move.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineOf } from '../support/examples.ts'
import { photographFailures } from '../support/photographFailures.ts'
import { type CleanInstall, cleanInstall } from '../support/session.ts'
import { sleep, until } from '../support/until.ts'

let installed: CleanInstall

beforeAll(async () => {
  installed = await cleanInstall()
})
photographFailures(() => installed?.workbench)
afterAll(() => installed?.close())

test('a breakpoint, its stop, two steps, one back, and what the whole run has covered', async () => {
  const { workbench } = installed
  let taken = 0
  const picture = async () => {
    await workbench.page.mouse.move(700, 660)
    await sleep(700)
    await workbench.screenshot(`readme-${++taken}`)
  }
  await workbench.theme('Dark Modern')
  await workbench.page.setViewportSize({ width: 1120, height: 700 })
  await workbench.openFile('coffee/orders.c')
  const line = lineOf('coffee/orders.c', 'order->next = *link;')
  await workbench.goToLine(line)
  await workbench.clickGutter(line)
  await picture()
  await workbench.press('F5')
  expect(await workbench.stoppedAt(line)).toMatch(/IAC1/)
  const panel = (await workbench.page.locator('.part.panel').boundingBox())!
  await workbench.page.mouse.move(700, panel.y)
  await workbench.page.mouse.down()
  await workbench.page.mouse.move(700, 500, { steps: 5 })
  await workbench.page.mouse.up()
  await workbench.collapsePane('Watch')
  await workbench.collapsePane('Breakpoints')
  await workbench.expandPane('PowerPC 440 Debug Slots')
  await workbench.expandScope('Locals')
  await until('the slots', async () => (await workbench.pane('PowerPC 440 Debug Slots')).length > 3)
  await picture()
  await workbench.toolbar('Step Over')
  await workbench.stoppedAt(line + 1)
  await picture()
  await workbench.toolbar('Step Over')
  await workbench.stoppedAt(line + 2)
  await picture()
  await workbench.toolbar('Step Back')
  await until('the past', async () => /In the past/.test(await workbench.callStackState()))
  await picture()
  await workbench.toolbar('Stop')
  await workbench.ended()
  await workbench.choose('PowerPC 440: Run with Coverage', 'coffee.elf')
  await until('the end of the run', async () => /kitchen is closed/.test(await workbench.consoleText()))
  await workbench.command('View: Show Explorer')
  await workbench.goToLine(lineOf('coffee/orders.c', 'static bool goes_before'))
  await workbench.page.locator('.coverage-deco-gutter').first().waitFor()
  await picture()
})
