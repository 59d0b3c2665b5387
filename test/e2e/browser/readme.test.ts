// The page of the extension in the Extensions view.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { photographFailures } from '../support/photographFailures.ts'
import { type CleanInstall, cleanInstall } from '../support/session.ts'
import { until } from '../support/until.ts'

let installed: CleanInstall

beforeAll(async () => {
  installed = await cleanInstall()
})
photographFailures(() => installed?.workbench)
afterAll(() => installed?.close())

test('the README opens with a figure, in the colours of the theme, and no broken picture', async () => {
  const { workbench } = installed
  await workbench.command('Extensions: Show Installed Extensions')
  await workbench.page.locator('.extension-list-item', { hasText: 'PowerPC 440' }).first().click()
  const page = await until('the README', async () => {
    for (const frame of workbench.page.frames())
      if ((await frame.locator('h1', { hasText: 'PowerPC 440 Debugger' }).count()) > 0) return frame
    return undefined
  })
  const figure = page.locator('pre').first()
  expect(await figure.textContent()).toMatch(
    /🔴[^🔴]*🔴[^🔴]*🔴[^🔴]*🔴[^🔴]*⚪.*queue->length.*No IAC slot free: IAC1 orders\.c:38/su,
  )
  const colours = await figure.evaluate(
    code => new Set([...code.querySelectorAll('span')].map(span => getComputedStyle(span).color)).size,
  )
  expect(colours).toBeGreaterThan(2)
  expect(await page.locator('img').count()).toBe(0)
  await workbench.screenshot('readme')
})
