// The timeline in the panel: what the example has done, one click from it, and the same by keyboard; in three themes.

import type { FrameLocator, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

const CLOSED = lineOf('coffee/main.c', '  timer_stop();')

function timelinePage(): FrameLocator {
  const { page } = installed.workbench
  const outer = page.locator('iframe.webview[src*="extensionId="]').first().contentFrame()
  return outer.locator('iframe#active-frame').contentFrame()
}
const status = (): Locator => timelinePage().locator('#status')
const saying = (what: string, text: RegExp): Promise<string> =>
  until(what, async () => {
    const said = (await status().textContent()) ?? ''
    return text.test(said) ? said : undefined
  })

test('without a program it says what it is for; with one, what has happened', async () => {
  const { workbench } = installed
  await workbench.choose('Preferences: Color Theme', 'Dark Modern')
  await workbench.command('PowerPC 440: Show the Timeline')
  await timelinePage().getByText('No PowerPC 440 program is being debugged').waitFor()
  await workbench.screenshot('timeline-empty')
  await workbench.openFile('coffee/main.c')
  await workbench.clickGutter(CLOSED)
  await workbench.press('F5')
  await workbench.stoppedAt(CLOSED)
  await workbench.command('PowerPC 440: Show the Timeline')
  expect(await saying('where the program stands', /present/)).toMatch(/^In the present, at instruction [\d,]+\.$/)
  await workbench.screenshot('timeline')
})

test('by keyboard: from event to event, and there', async () => {
  const { workbench } = installed
  await timelinePage().locator('#chart').focus()
  await workbench.press('End')
  await saying('the last stop', /^Stop: IAC1 matched .*main\.c:\d+/)
  for (const kind of [
    /^(Interrupt|\d+ interrupts).*Decrementer/,
    /^Debug event: IAC1 of the debugger/,
    /^Output: \[/,
  ]) {
    await workbench.press('ArrowDown')
    await saying('the next kind', kind)
  }
  for (let i = 0; i < 6; i++) await workbench.press('+')
  await workbench.press('ArrowLeft')
  const event = await saying('the event before', /instruction/)
  await workbench.screenshot('timeline-zoomed')
  await workbench.press('Enter')
  const there = event.match(/instruction ([\d,]+)/)![1]!
  await until('the program is there', async () => (await workbench.callStackState()).includes('In the past'))
  await workbench.screenshot('timeline-past')
  expect(await saying('where that is', new RegExp(`instruction ${there}`))).toBe(event)
})

test('by mouse: a tip, the wheel zooms around the pointer, a drag moves, a click goes there', async () => {
  const { workbench } = installed
  const { mouse } = workbench.page
  await timelinePage().getByRole('button', { name: 'Whole run' }).click()
  const box = (await timelinePage().locator('#chart').boundingBox())!
  // The names of the lanes are left of it, a margin on both sides.
  const [left, width] = [box.x + 106, box.width - 126]
  const laneY = (lane: number): number => box.y + 22 + (lane + 0.5) * Math.min(38, (box.height - 26) / 5)
  const tip = async (): Promise<string> =>
    (await timelinePage().locator('#tip').isVisible())
      ? ((await timelinePage().locator('#tip').textContent()) ?? '')
      : ''

  const tipAt = async (x: number): Promise<string> => {
    await mouse.move(x, laneY(4))
    return await tip()
  }
  // A mark is meant by whoever points beside it, too.
  const line = await until('a line of output', async () => {
    for (let x = Math.floor(left + width * 0.9); x > left + width * 0.7; x--) {
      const text = await tipAt(x)
      if (!text.startsWith('Output: [')) continue
      let end = x
      while ((await tipAt(end - 1)) === text) end--
      return { x: (x + end) / 2, text }
    }
    return undefined
  })
  await mouse.move(line.x, laneY(4))
  expect(line.text).toMatch(/^Output: \[ ?\d+\] #\d .*, uart\.c:\d+, at instruction [\d,]+Click to go there$/)
  for (let i = 0; i < 2; i++) await mouse.wheel(0, -300)
  await until('the same line under the pointer', async () => {
    await mouse.move(line.x, laneY(4) - 1)
    return (await tipAt(line.x)) === line.text
  })
  await workbench.screenshot('timeline-tip')
  await mouse.down()
  await mouse.move(line.x + 60, laneY(4), { steps: 5 })
  await mouse.up()
  await mouse.move(line.x + 60, laneY(4) + 1)
  await until('the line 60 pixels further right', async () => (await tip()) === line.text)

  await mouse.click(line.x + 60, laneY(4))
  const instruction = line.text.match(/instruction ([\d,]+)/)![1]!.replaceAll(',', '')
  await until('the program is there', async () =>
    (await workbench.callStackState()).includes(`At instruction ${instruction}`),
  )
  await until('its frame is shown', async () => /uart_put/.test((await workbench.callStack())[0]?.label ?? ''))

  // On the ruler any instruction can be gone to.
  await timelinePage().getByRole('button', { name: 'Whole run' }).click()
  await mouse.click(left + width / 2, box.y + 8)
  await until('the middle of the run', async () => {
    const at = (await workbench.callStackState()).match(/At instruction (\d+)/)?.[1] ?? ''
    return at !== '' && at !== instruction
  })
  await workbench.screenshot('timeline-middle')
})

test('in other themes', async () => {
  const { workbench } = installed
  for (const [name, theme, kind] of [
    ['timeline-light', 'Light Modern', 'vscode-light'],
    ['timeline-high-contrast', 'Dark High Contrast', 'vscode-high-contrast'],
    ['timeline-high-contrast-light', 'Light High Contrast', 'vscode-high-contrast-light'],
  ] as const) {
    // What takes the focus just then closes the list.
    await until(`the theme ${theme}`, async () => {
      await workbench.command('Preferences: Color Theme')
      await workbench.page
        .locator('.quick-input-widget:visible .monaco-list-row', { hasText: theme })
        .first()
        .click({ timeout: 2000 })
        .catch(() => workbench.press('Escape'))
      return (await timelinePage().locator('body').getAttribute('data-vscode-theme-kind')) === kind
    })
    await workbench.screenshot(name)
  }
})
