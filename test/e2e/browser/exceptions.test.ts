// An interrupt as something to stop at: its check box, and what the editor says at the stop.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineOf } from '../support/examples.ts'
import { photographFailures } from '../support/photographFailures.ts'
import { type CleanInstall, cleanInstall } from '../support/session.ts'
import { until } from '../support/until.ts'

const BOX = 'System Call, Inputs, Timers'

let installed: CleanInstall

beforeAll(async () => {
  installed = await cleanInstall()
})
photographFailures(() => installed?.workbench)
afterAll(() => installed?.close())

test('the decrementer, checked while the program is stopped, stops it where it waits, and says what comes next', async () => {
  const { workbench } = installed
  const line = lineOf('coffee/timer.c', 'mtdecar')
  await workbench.openFile('coffee/timer.c')
  await workbench.clickGutter(line)
  await workbench.press('F5')
  await workbench.stoppedAt(line)
  await workbench.checkBreakpoint(BOX)
  await workbench.toolbar('Continue')
  const text = await workbench.exception()
  expect(text).toContain('Decrementer interrupt (IVOR10)')
  expect(text).toMatch(/TSR = 0x\w+ \(DIS.*the interrupt, to 0x001000a0 .*start\.S/)
  await until('who waits', async () =>
    (await workbench.callStack())
      .map(({ label }) => label)
      .join()
      .match(/timer_wait.*main.*_start/),
  )
  await workbench.screenshot('exception')

  await workbench.checkBreakpoint(BOX)
  await workbench.continueToEnd()
  expect(await workbench.consoleText()).toMatch(/The kitchen is closed/)
})
