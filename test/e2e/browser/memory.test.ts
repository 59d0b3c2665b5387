// The memory view: opened at an expression and from a variable, gone through by keyboard, written to, and what changed marked.

import type { FrameLocator, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hex32 } from '../../../src/util/hex.ts'
import { addressOf, hasObjdump, lineOf } from '../support/examples.ts'
import { photographFailures } from '../support/photographFailures.ts'
import { type CleanInstall, cleanInstall } from '../support/session.ts'
import { until } from '../support/until.ts'

let installed: CleanInstall

beforeAll(async () => {
  installed = await cleanInstall()
})
photographFailures(() => installed?.workbench)
afterAll(() => installed?.close())

const INIT = lineOf('coffee/main.c', 'machine_init(&machine);')

function memoryPage(): FrameLocator {
  const outer = installed.workbench.page.locator('iframe.webview[src*="extensionId="]').first().contentFrame()
  return outer.locator('iframe#active-frame').contentFrame()
}
const selected = (): Locator => memoryPage().locator('#selected')
const saying = (what: string, text: RegExp): Promise<string> =>
  until(what, async () => {
    const said = (await memoryPage().locator('#status').textContent()) ?? ''
    return text.test(said) ? said : undefined
  })

/** Opens the view through the palette. */
async function open(expression: string): Promise<void> {
  const { workbench } = installed
  await workbench.command('PowerPC 440: Show Memory')
  const box = workbench.page.locator('.quick-input-widget:visible input').first()
  await box.fill(expression)
  await workbench.press('Enter')
}

test('opened at an expression, with the symbol of each row and what is said of a number', async () => {
  const { workbench } = installed
  await workbench.theme('Dark Modern')
  await workbench.openFile('coffee/main.c')
  await workbench.clickGutter(INIT)
  await workbench.press('F5')
  await workbench.stoppedAt(INIT)
  await open('&machine')
  const said = await saying('the variable', /machine/)
  expect(said).toMatch(/^0x[0-9a-f]{8} · machine · \d+/)
  expect(await memoryPage().locator('.row').first().locator('.label').textContent()).toMatch(/^machine/)
  await workbench.page.getByRole('tab', { name: 'PowerPC 440 Memory' }).waitFor()
  await workbench.screenshot('memory')
})

test.skipIf(!hasObjdump)('an address is typed into the view; code is where objdump has it', async () => {
  const { workbench } = installed
  const address = addressOf('coffee/coffee.elf', 'main.c', INIT)
  await memoryPage().locator('#grid').focus()
  await workbench.press('g')
  await workbench.page.keyboard.type(hex32(address))
  await workbench.press('Enter')
  await saying('the line’s address', new RegExp(`^${hex32(address)} · main\\+0x`))
  await workbench.press('Alt+ArrowLeft')
  await saying('where it was before', / · machine · /)
})

test('by keyboard: typed, written, followed as a pointer, and back', async () => {
  const { workbench } = installed
  await memoryPage().locator('#grid').focus()
  const first = await saying('the variable', / · machine · /)
  await workbench.page.keyboard.type('0010')
  await saying('what is typed', /^Typing 0x0010: Enter writes it/)
  await workbench.screenshot('memory-typing')
  await workbench.page.keyboard.type('0000')
  await saying('the next number', /machine\+0x4/)
  await workbench.press('ArrowLeft')
  expect(await saying('what was written', / · machine · 1048576/)).not.toBe(first)
  await workbench.press('Enter')
  await saying('where it points to', /^0x00100000 · text_start/)
  await workbench.screenshot('memory-followed')
  await workbench.press('Backspace')
  await saying('the pointer again', / · machine · 1048576/)
  await selected().dblclick()
  await saying('the same by mouse', /^0x00100000 · text_start/)
  await memoryPage().getByRole('button', { name: 'Go back' }).click()
  await saying('the pointer once more', / · machine · 1048576/)
  const top = (): Promise<string | null> => memoryPage().locator('.row .address').first().textContent()
  const before = await top()
  await selected().hover()
  await workbench.page.mouse.wheel(0, 100)
  await until('other rows', async () => (await top()) !== before)
  await memoryPage().locator('#grid').focus()
  await workbench.page.keyboard.type('00000000')
  await workbench.press('Control+End')
  await saying('the end of the address space', /^0xfffffffc · cannot be read: /)
  expect(await selected().textContent()).toBe('????????')
  await workbench.screenshot('memory-unreadable')
  await workbench.press('Alt+ArrowLeft')
})

test('what a step changes is marked; sizes change; a variable leads here', async () => {
  const { workbench } = installed
  await open('&machine')
  await saying('the variable', / · machine/)
  await workbench.toolbar('Step Over')
  await workbench.stoppedAt(INIT + 1)
  await until('changes', async () => (await memoryPage().locator('.cell.changed').count()) > 0)
  await workbench.screenshot('memory-changed')
  await memoryPage().locator('#unit').selectOption('1')
  await until('bytes', async () => ((await selected().textContent()) ?? '').length === 2)
  await memoryPage().locator('#unit').selectOption('4')
  await workbench.expandPane('Variables')
  await workbench.expandScope('Locals')
  const row = workbench.page.locator('.debug-variables .monaco-list-row', { hasText: 'crc' }).first()
  await row.click({ button: 'right' })
  const entry = workbench.page.getByRole('menuitem', { name: 'Show Memory' })
  await entry.waitFor()
  await workbench.screenshot('memory-menu')
  await workbench.press('Escape')
})

test('in other themes, wide and at 1280×720', async () => {
  const { workbench } = installed
  for (const [name, theme] of [
    ['memory-light', 'Light Modern'],
    ['memory-high-contrast', 'Dark High Contrast'],
    ['memory-high-contrast-light', 'Light High Contrast'],
  ] as const) {
    await workbench.theme(theme)
    await workbench.screenshot(name)
  }
  await workbench.theme('Dark Modern')
  await workbench.page.setViewportSize({ width: 1280, height: 720 })
  await until('fewer rows', async () => (await memoryPage().locator('.row').count()) < 20)
  await workbench.screenshot('memory-1280')
  await workbench.toolbar('Stop')
  await workbench.ended()
  await memoryPage().getByText('No PowerPC 440 program is being debugged').waitFor()
  await workbench.screenshot('memory-empty')
})
