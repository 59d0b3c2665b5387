// The `browser` entry where there is no server at all, as on vscode.dev: adapter and emulator in a Web Worker.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineOf } from '../support/examples.ts'
import { type StaticWorkbench, serveStaticWorkbench } from '../support/staticWorkbench.ts'
import { openWorkbench, type Workbench } from '../support/workbench.ts'

let served: StaticWorkbench
let workbench: Workbench

beforeAll(async () => {
  served = await serveStaticWorkbench('examples', '.')
  workbench = await openWorkbench(served.url)
})
afterAll(async () => {
  await workbench?.close()
  await served?.close()
})

test('F5 stops at a breakpoint, steps, and runs to the end', async () => {
  const line = lineOf('coffee/main.c', 'machine_init(&machine);')
  await workbench.openFile('coffee/main.c')
  await workbench.clickGutter(line)
  await workbench.press('F5')
  expect(await workbench.stoppedAt(line)).toMatch(/IAC1/)
  await workbench.toolbar('Step Over')
  await workbench.stoppedAt(line + 1)
  await workbench.screenshot('web')
  await workbench.continueToEnd()
  expect(await workbench.consoleText()).toMatch(/The kitchen is closed/)
})
