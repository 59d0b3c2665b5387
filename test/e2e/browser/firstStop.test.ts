// From a clean install to the first stop, as a newcomer does it.

import { readFileSync, writeFileSync } from 'node:fs'
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

test('F5 runs the example to the breakpoint; its output, stack and locals are there; then to its end', async () => {
  const { workbench } = installed
  const line = lineOf('coffee/orders.c', 'order->guest = guest;')
  await workbench.openFile('coffee/orders.c')
  await workbench.clickGutter(line)
  expect(await workbench.breakpointAt(line)).toBe('debug-breakpoint')

  const pressed = Date.now()
  await workbench.press('F5')
  expect(await workbench.stoppedAt(line)).toMatch(/IAC1/)
  console.log(`F5 to first stop: ${Date.now() - pressed} ms`)

  const stack = await until('the call stack', async () => {
    const rows = await workbench.callStack()
    return rows.length >= 3 ? rows.map(({ label }) => label) : undefined
  })
  expect(stack[0]).toMatch(/order_place/)
  expect(stack.join()).toMatch(/let_guests_in.*main/)
  await workbench.expandScope('Locals')
  await until('the arguments', async () =>
    (await workbench.variables()).some(({ label }) => /guest.*Grace/.test(label)),
  )
  expect(await workbench.consoleText()).toMatch(/PowerPC 440 coffee machine, PVR 0x422218D3/)
  await workbench.screenshot('first-stop')

  await workbench.clickGutter(line)
  await workbench.continueToEnd()
  expect(await workbench.consoleText()).toMatch(/The kitchen is closed/)
  await workbench.screenshot('ended')
})

test('an assembly program: a breakpoint on a label, a step by line', async () => {
  const { workbench } = installed
  const line = lineOf('asm/primes.S', 'add     15, 14, 14')
  await workbench.openFile('asm/primes.S')
  await workbench.clickGutter(line)
  await workbench.choose('Debug: Select and Start Debugging', 'Primes (assembly)')
  await workbench.stoppedAt(lineOf('asm/primes.S', 'lis     1, stack_top@ha'))
  await workbench.toolbar('Continue')
  await workbench.stoppedAt(line)
  await workbench.toolbar('Step Over')
  await workbench.stoppedAt(line + 1)
  await workbench.screenshot('assembly')
  await workbench.toolbar('Stop')
  await workbench.ended()
})

test('a program that is none is refused with a reason, and the editor stays usable', async () => {
  const { workbench, workspace } = installed
  const launch = `${workspace}/.vscode/launch.json`
  writeFileSync(launch, readFileSync(launch, 'utf8').replace('asm/primes.elf', 'asm/Makefile'))
  await workbench.choose('Debug: Select and Start Debugging', 'Primes (assembly)')
  const message = await until('a message', () => workbench.messages())
  expect(message).toMatch(/Makefile.*ELF/)
  expect(message).not.toMatch(/Internal error/)
  await workbench.screenshot('not-an-elf')
  await workbench.press('Escape')
})
