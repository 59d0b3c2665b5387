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
  await workbench.command('Preferences: Color Theme')
  await workbench.pick('Dark Modern')
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

test('in other themes', async () => {
  const { workbench } = installed
  for (const [name, theme] of [
    ['timeline-light', 'Light Modern'],
    ['timeline-high-contrast', 'Dark High Contrast'],
    ['timeline-high-contrast-light', 'Light High Contrast'],
  ] as const) {
    await workbench.command('Preferences: Color Theme')
    await workbench.pick(theme)
    await workbench.screenshot(name)
  }
})
