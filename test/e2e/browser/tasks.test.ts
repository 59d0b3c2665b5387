// The tasks of an operating system in the Call Stack: each row says what it does, and one that does not run shows its
// lines and variables as the core does.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildSystem, GCC } from '../../support/guest.ts'
import { have } from '../../support/tools.ts'
import { photographFailures } from '../support/photographFailures.ts'
import { type CleanInstall, cleanInstall } from '../support/session.ts'
import { until } from '../support/until.ts'

let installed: CleanInstall

beforeAll(async () => {
  installed = await cleanInstall()
})
photographFailures(() => installed?.workbench)
afterAll(() => installed?.close())

test.skipIf(!have(GCC))('a task that does not run shows where it waits, and with which variables', async () => {
  const { workbench, workspace } = installed
  const program = join(workspace, 'rtos.elf')
  buildSystem('freertos', program)
  const launch = { type: 'ppc440', request: 'launch', name: 'Tasks', program, stopOnEntry: 'vTaskSwitchContext' }
  writeFileSync(join(workspace, '.vscode/launch.json'), JSON.stringify({ version: '0.2.0', configurations: [launch] }))

  await workbench.command('View: Show Run and Debug')
  await workbench.start()
  for (const pane of ['Variables', 'Watch', 'Breakpoints']) await workbench.collapsePane(pane)
  const rows = async () => (await workbench.callStack()).map(({ label }) => label)
  await until('the tasks', async () => (await rows()).some(label => /low \(priority 0\): ready/.test(label)))
  expect((await rows()).some(label => /high \(priority 2\): running/.test(label))).toBe(true)
  await workbench.screenshot('tasks')

  await workbench.expandRow('Call Stack', 'low (priority 0): ready')
  await until('its function', async () => (await rows()).some(label => label.includes('worker')))
  await workbench.page.locator('.debug-call-stack .monaco-list-row', { hasText: 'worker' }).first().click()
  await workbench.expandPane('Variables')
  await workbench.expandScope('Locals')
  await until('its argument', async () =>
    (await workbench.variables()).some(({ label }) => /^n, value 0\b/.test(label)),
  )
  await workbench.screenshot('tasks-variables')
  await workbench.toolbar('Stop')
  await workbench.ended()
})
