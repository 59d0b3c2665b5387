// Step Back and Reverse, VS Code's own buttons, and the menu that leads to who wrote a variable last.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, test } from 'vitest'
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

const GUEST = lineOf('coffee/orders.c', 'order->guest = guest;')

const saying = (what: string, text: RegExp): Promise<string> =>
  until(what, async () => {
    const said = await installed.workbench.callStackState()
    return text.test(said) ? said : undefined
  })

test('a step forward is taken back, and Reverse leads to the stop before', async () => {
  const { workbench } = installed
  await workbench.openFile('coffee/orders.c')
  await workbench.clickGutter(GUEST)
  await workbench.press('F5')
  await workbench.stoppedAt(GUEST)
  await workbench.toolbar('Step Over')
  await workbench.stoppedAt(GUEST + 1)
  await workbench.toolbar('Step Back')
  await workbench.stoppedAt(GUEST)
  await saying('where it stands', /In the past: Paused after Step Back/)
  await workbench.screenshot('step-back')
  await workbench.toolbar('Continue')
  await workbench.stoppedAt(GUEST + 1)
  await saying('the present', /Back in the present/)
  await workbench.toolbar('Continue')
  await workbench.stoppedAt(GUEST)
  await workbench.toolbar('Reverse')
  await saying('the stop before', /In the past: IAC1 matched/)
  await workbench.stoppedAt(GUEST)
  await workbench.command('PowerPC 440: Return to the Present')
  await saying('the present again', /Back in the present/)
})

test('the run is saved as a capsule, which is debugged by itself: where it was saved, with its breakpoints, and backwards', async () => {
  const { workbench, workspace } = installed
  const { page } = workbench
  await workbench.choose('PowerPC 440: Save the Run as a Capsule', 'With the program')
  const file = page.locator('.quick-input-widget:visible input').first()
  await until('the name of the file', async () => /\.capsule$/.test(await file.inputValue()))
  await workbench.press('Enter')
  await until('the file', () => Promise.resolve(existsSync(join(workspace, 'coffee.elf.capsule'))))
  await workbench.toolbar('Stop')
  await workbench.ended()
  await workbench.clickGutter(GUEST)
  await until('no breakpoint', async () => (await workbench.breakpointAt(GUEST)) === undefined)
  await workbench.explorerMenu('.capsule', 'Debug This Capsule')
  await workbench.stoppedAt(GUEST)
  await workbench.command('View: Show Run and Debug')
  await saying('where it was saved', /Where the capsule was recorded/)
  await workbench.toolbar('Reverse')
  await saying('the stop before', /In the past: IAC1 matched/)
  await workbench.screenshot('capsule')
})
