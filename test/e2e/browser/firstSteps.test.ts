// The first minutes: the walkthrough does what it says, and F5 leads somewhere where there is nothing to debug.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

const STEPS = ['Open the example', 'Run to the first comparator', 'Run out of slots', 'Read the registers', 'Step back']

test('the walkthrough leads from the example to its past, and each step is done when it is', async () => {
  const { workbench } = installed
  const { page } = workbench
  const walkthrough = () => workbench.choose('Welcome: Open Walkthrough...', 'First Steps with the PowerPC 440')
  const step = async (name: string, button: string) => {
    await walkthrough()
    await page.locator('.getting-started-step', { hasText: name }).first().click()
    await workbench.screenshot(`walkthrough-${STEPS.indexOf(name) + 1}`)
    await page.locator('.getting-started-step.expanded .monaco-button', { hasText: button }).click()
  }
  await step(STEPS[0]!, 'Open Example')
  await page.locator('.tab.active', { hasText: 'first-steps.s' }).waitFor()
  const text = readFileSync('media/first-steps.s', 'utf8').split('\n')
  const first = text.findIndex(line => line.includes('# stop 1:')) + 1
  await step(STEPS[1]!, 'Set One and Run')
  expect(await workbench.stoppedAt(first)).toMatch(/IAC1/)
  await workbench.screenshot('walkthrough-stopped')
  await step(STEPS[2]!, 'Ask for Five Breakpoints')
  await until('a refusal', async () => /1 refused/.test(await workbench.statusBar()))
  await workbench.screenshot('walkthrough-slots')
  await step(STEPS[3]!, 'Show the Registers')
  await page.locator('.tab', { hasText: 'first-steps.s' }).first().click()
  await workbench.toolbar('Step Over')
  await workbench.stoppedAt(first + 1)
  await step(STEPS[4]!, 'Step Back')
  await until('the past', async () => /In the past/.test(await workbench.callStackState()))
  await workbench.stoppedAt(first)
  await walkthrough()
  await until('all steps to be done', async () => {
    const done = await page.locator('.getting-started-step .codicon.complete').count()
    return done === STEPS.length
  })
  await workbench.screenshot('walkthrough-done')
  await workbench.toolbar('Stop')
  await workbench.ended()
  await workbench.command('View: Close All Editors')
})

test('values stand behind the lines that name them', async () => {
  const { workbench } = installed
  const line = lineOf('coffee/orders.c', 'queue->length++;')
  await workbench.openFile('coffee/orders.c')
  await workbench.clickGutter(line)
  await workbench.press('F5')
  await workbench.stoppedAt(line)
  const shown = async () =>
    (await workbench.page.locator('.view-lines').first().textContent())!.replaceAll('\u00a0', ' ')
  await until('a value behind a line', async () => /order->drink = drink;\s*drink = ESPRESSO/.test(await shown()))
  await workbench.screenshot('inline-values')
  await workbench.toolbar('Stop')
  await workbench.ended()
  await workbench.clickGutter(line)
  await workbench.command('View: Close All Editors')
})

test('an interrupt in a file that is not open yet is explained there', async () => {
  const { workbench } = installed
  // Only now and then does VS Code fetch the frames twice, so that one launch would say little.
  for (const launch of [1, 2, 3, 4]) {
    await workbench.openFile('asm/primes.S')
    await workbench.command('View: Show Run and Debug')
    if (launch === 1) await workbench.checkBreakpoint('System Call, Inputs, Timers')
    await workbench.press('F5')
    expect(await workbench.exception()).toContain('Decrementer interrupt (IVOR10)')
    await workbench.screenshot('exception-unopened')
    if (launch === 4) await workbench.checkBreakpoint('System Call, Inputs, Timers')
    await workbench.toolbar('Stop')
    await workbench.ended()
    await workbench.command('View: Close All Editors')
  }
})

test('coverage is painted beside the lines, and a profile opens in the viewer of profiles', async () => {
  const { workbench } = installed
  const { page } = workbench
  await workbench.choose('PowerPC 440: Run with Coverage', 'coffee.elf')
  await until('the end of the run', async () => /kitchen is closed/.test(await workbench.consoleText()))
  await workbench.ended()
  await workbench.openFile('coffee/orders.c')
  await page.locator('.coverage-deco-gutter').first().waitFor()
  expect(await page.locator('.coverage-deco-gutter.coverage-deco-hit').count()).toBeGreaterThan(3)
  await workbench.screenshot('coverage')
  await workbench.choose('PowerPC 440: Run with Profile', 'coffee.elf')
  await page.locator('.tab.active', { hasText: 'coffee.elf.cpuprofile' }).waitFor({ timeout: 60_000 })
  await sleep(3000)
  await workbench.screenshot('profile')
  await workbench.command('View: Close All Editors')
})

/** The window as it is on another folder, with these files and no editor. */
async function inFolderOf(files: Readonly<Record<string, string>>): Promise<void> {
  const { workbench, workspace } = installed
  rmSync(workspace, { recursive: true })
  mkdirSync(workspace)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(workspace, name), text)
  await workbench.command('View: Close All Editors')
  await workbench.command('View: Show Explorer')
  await workbench.command('Developer: Reload Window')
  const [name] = Object.keys(files)
  await workbench.page
    .locator('.explorer-folders-view .monaco-list-row', { hasText: name! })
    .waitFor({ timeout: 60_000 })
}

test('F5 with sources alone says that they have to be built, and offers a task for it', async () => {
  const { workbench } = installed
  await inFolderOf({ 'main.c': 'int main(void) { return 0; }\n' })
  await workbench.openFile('main.c')
  const said = await until('a message', async () => {
    // Until the extensions of a window are known F5 only opens the view.
    await workbench.press('F5')
    await sleep(2000)
    return (await workbench.messages()) || undefined
  })
  expect(said).toMatch(/sources here, but no PowerPC program/)
  await workbench.screenshot('f5-sources')
  await workbench.page.locator('.notifications-toasts .monaco-button', { hasText: 'Create Build Task' }).click()
  await workbench.page.locator('.tab.active', { hasText: 'tasks.json' }).waitFor()
})

test('F5 where there is nothing offers the example', async () => {
  await inFolderOf({ 'notes.txt': 'nothing\n' })
  await exampleIsOffered('f5-nothing')
})

test('F5 with no folder open offers the example too', async () => {
  const { workbench } = installed
  await workbench.page.goto(`${new URL(workbench.page.url()).origin}/?ew=true`)
  await workbench.page.locator('.monaco-workbench').waitFor()
  await exampleIsOffered('f5-no-folder')
  await workbench.toolbar('Stop')
  await workbench.ended()
  await workbench.command('View: Close All Editors')
})

/** By F5, with no editor open: VS Code asks then which debugger. */
async function exampleIsOffered(screenshot: string): Promise<void> {
  const { workbench } = installed
  const row = (text: string) =>
    workbench.page.locator('.quick-input-widget:visible .monaco-list-row', { hasText: text })
  const [ours, example] = [row('PowerPC 440'), row('Debug the example')]
  await until('an offer', async () => {
    if (await example.isVisible()) return true
    if (await ours.first().isVisible()) await ours.first().click()
    else await workbench.press('F5')
    await sleep(2000)
    return false
  })
  await workbench.screenshot(screenshot)
  await example.click()
  await workbench.page.locator('.tab.active', { hasText: 'first-steps.s' }).waitFor()
  await workbench.screenshot(`${screenshot}-example`)
}
