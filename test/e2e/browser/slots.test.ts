// The view of the debug slots: before a session, where it says what will fit, and in one; what can be done about a refusal.

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

const VIEW = 'PowerPC 440 Debug Slots'
/** The slots go by file and line: of these the last is left over. */
const PLACES = [
  ...['uart_init();', 'machine_init(&machine);'].map(text => ({ file: 'main.c', line: lineOf('coffee/main.c', text) })),
  ...['order->guest = guest;', 'queue->length++;', 'queue->length--;'].map(text => ({
    file: 'orders.c',
    line: lineOf('coffee/orders.c', text),
  })),
]
const NAMES = PLACES.map(({ file, line }) => `${file}:${line}`)
const [FIRST, , , , FIFTH] = NAMES

const rows = async (): Promise<string[]> =>
  (await installed.workbench.pane(VIEW)).map(({ name, description }) => `${name}: ${description}`)
const showing = (what: string, isShown: (all: readonly string[]) => boolean): Promise<string[]> =>
  until(what, async () => {
    const all = await rows()
    return isShown(all) ? all : undefined
  })
test.skipIf(!hasObjdump)('before a session: which breakpoints will fit, where, and which will not', async () => {
  const { workbench } = installed
  await workbench.theme('Dark Modern')
  for (const { file, line } of [...PLACES].reverse()) {
    await workbench.openFile(`coffee/${file}`)
    await workbench.clickGutter(line)
  }
  await workbench.press('Control+Shift+D')
  for (const other of ['Variables', 'Watch', 'Call Stack']) await workbench.collapsePane(other)
  await workbench.expandPane(VIEW)
  const all = await showing('the plan', shown => shown.some(row => row.startsWith('Refused: 1')))
  for (const [n, { file, line }] of PLACES.slice(0, 4).entries())
    expect(all).toContain(`IAC${n + 1}: ${NAMES[n]} · ${hex32(addressOf('coffee/coffee.elf', file, line))}`)
  expect(all.find(row => row.startsWith(`${FIFTH}: `))).toMatch(/No IAC slot free/)
  await workbench.screenshot('slots-before')
})

test('a slot is taken of another: it is disabled, and the plan is another at once', async () => {
  const { workbench } = installed
  await workbench.rowAction(VIEW, FIFTH!, 'Take a Slot of Another')
  const list = workbench.page.locator('.quick-input-widget:visible .monaco-list-row')
  await list.first().waitFor()
  await workbench.screenshot('slots-take')
  await list.filter({ hasText: FIRST! }).first().click()
  await showing('the fifth in a slot', all => all.some(row => /^IAC\d/.test(row) && row.includes(FIFTH!)))
  expect((await rows()).some(row => row.startsWith('Refused'))).toBe(false)
})

test('the session has the slots that were foretold', async () => {
  const { workbench } = installed
  const foretold = (await rows()).slice(0, 6)
  await workbench.press('F5')
  await workbench.stoppedAt(PLACES[1]!.line)
  for (const other of ['Variables', 'Watch', 'Call Stack']) await workbench.collapsePane(other)
  await workbench.expandPane(VIEW)
  const held = (all: readonly string[]): string[] => all.slice(0, 6).map(row => row.replace(/ · hit .*$/, ''))
  await showing('the same slots', all => held(all).join() === foretold.join())
  expect(await workbench.statusBar()).toContain('IAC 4/4 · DAC 0/2')
  await workbench.screenshot('slots-session')
})

test('what is refused speaks up in the status bar, and gets a trap word, or a slot, at a click', async () => {
  const { workbench } = installed
  // It has been disabled: a click enables it, and those who have the slots keep them.
  await workbench.clickGutter(PLACES[0]!.line)
  await showing('a refusal', all => all.some(row => row.startsWith(`${FIRST}: No IAC slot`)))
  await until('the status bar', async () => (await workbench.statusBar()).includes('1 refused'))
  await workbench.screenshot('slots-refused')
  await workbench.rowAction(VIEW, FIRST!, 'Use a Trap Word')
  await showing('its trap word', all => all.includes('Trap words: 1'))
  expect(await workbench.statusBar()).not.toContain('refused')
  await workbench.screenshot('slots-trap-word')
  await workbench.rowAction(VIEW, 'IAC1', 'Remove This Breakpoint')
  await showing('a free slot', all => all.includes('IAC1: free'))
  await workbench.toolbar('Stop')
  await workbench.ended()
})

test('in other themes, at 1280×720', async () => {
  const { workbench } = installed
  await showing('the next plan', all => all.some(row => row.startsWith(`IAC1: ${FIRST}`)))
  await workbench.page.setViewportSize({ width: 1280, height: 720 })
  for (const [name, theme] of [
    ['slots-light', 'Light Modern'],
    ['slots-high-contrast', 'Dark High Contrast'],
  ] as const) {
    await workbench.theme(theme)
    await workbench.screenshot(name)
  }
})
