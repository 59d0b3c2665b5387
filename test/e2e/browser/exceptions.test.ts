// An interrupt as something to stop at: its check box, and what the editor says at the stop.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineOf } from '../support/examples.ts'
import { photographFailures } from '../support/photographFailures.ts'
import { type CleanInstall, cleanInstall } from '../support/session.ts'

const BOX = 'Decrementer, FIT, Watchdog'

let installed: CleanInstall

beforeAll(async () => {
  installed = await cleanInstall()
})
photographFailures(() => installed?.workbench)
afterAll(() => installed?.close())

test('the decrementer, checked while the program is stopped, stops it where it waits, and says what comes next', async () => {
  const { workbench } = installed
  const line = lineOf('coffee/main.c', 'timer_start(CYCLES_PER_TICK)')
  await workbench.openFile('coffee/main.c')
  await workbench.clickGutter(line)
  await workbench.press('F5')
  await workbench.stoppedAt(line)
  await workbench.checkBreakpoint(BOX)
  await workbench.toolbar('Continue')
  const text = await workbench.exception()
  expect(text).toContain('Decrementer interrupt (IVOR10)')
  expect(text).toMatch(/TSR = 0x\w+ \(DIS.*the interrupt, to 0x001000a0 .*start\.S/)
  await workbench.screenshot('exception')

  await workbench.checkBreakpoint(BOX)
  await workbench.toolbar('Continue')
  await workbench.ended()
  expect(await workbench.consoleText()).toMatch(/The kitchen is closed/)
})
