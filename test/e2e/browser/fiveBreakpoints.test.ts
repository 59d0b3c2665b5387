// Five breakpoints on a part with four comparators, by the gutter of a real editor.

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

const MAIN = [lineOf('coffee/main.c', 'uart_init();'), lineOf('coffee/main.c', 'machine_init(&machine);')]
const ORDERS = [
  lineOf('coffee/orders.c', 'order->guest = guest;'),
  lineOf('coffee/orders.c', 'queue->length++;'),
  lineOf('coffee/orders.c', 'queue->length--;'),
]

const VIEW = 'PowerPC 440 Debug Slots'

/** The refused one has a trap word, and a slot of another, at a click each. */
async function looksAtTheSlots(): Promise<void> {
  const { workbench } = installed
  for (const other of ['Variables', 'Watch', 'Call Stack', 'Breakpoints']) await workbench.collapsePane(other)
  await workbench.expandPane(VIEW)
  const slots = async (what: string, is: (text: string) => boolean): Promise<void> => {
    await until(what, async () =>
      is((await workbench.pane(VIEW)).map(({ name, description }) => `${name} ${description}`).join('\n')),
    )
  }
  await slots('the refusal', text => text.includes(`Refused 1\norders.c:${ORDERS[2]} No IAC slot free`))
  expect(await workbench.statusBar()).toMatch(/IAC 4\/4 · DAC 0\/2 · 1 refused/)
  await workbench.screenshot('slots-refused')
  await workbench.rowAction(VIEW, `orders.c:${ORDERS[2]}`, 'Use a Trap Word')
  await slots('the trap word', text => text.includes(`Trap words 1\norders.c:${ORDERS[2]} 0x`))
  expect(await workbench.statusBar()).toMatch(/IAC 4\/4 · DAC 0\/2(?! ·)/)
  await workbench.screenshot('slots-trap-word')
  await workbench.collapsePane(VIEW)
}

const RED = 'debug-breakpoint'
const GREY = 'debug-breakpoint-unverified'

test('four are red, one is grey and says why; all four are hit; one given up lets the fifth in', async () => {
  const { workbench } = installed
  await workbench.openFile('coffee/orders.c')
  for (const line of ORDERS) await workbench.clickGutter(line)
  await workbench.openFile('coffee/main.c')
  for (const line of MAIN) await workbench.clickGutter(line)
  await workbench.press('F5')
  await workbench.stoppedAt(MAIN[0]!)

  // The slots go by file and line: main.c before orders.c, and of orders.c the last line is left over.
  for (const line of MAIN) expect(await workbench.breakpointAt(line)).toMatch(new RegExp(`^${RED}(?!-unverified)`))
  expect(await workbench.hoverGutter(MAIN[1]!)).toMatch(/IAC2.*0x0010[0-9a-f]{4}/i)
  await workbench.screenshot('verified-hover')

  await workbench.openFile('coffee/orders.c')
  // One after the other: looking at a line may have to scroll to it.
  for (const [i, state] of [RED, RED, GREY].entries())
    await until(`line ${ORDERS[i]} ${state}`, async () => (await workbench.breakpointAt(ORDERS[i]!)) === state)
  const refusal = await workbench.hoverGutter(ORDERS[2]!)
  for (const holder of [/IAC1.*main\.c/, /IAC2.*main\.c/, /IAC3.*orders\.c/, /IAC4.*orders\.c/]) {
    expect(refusal).toMatch(holder)
  }
  await workbench.screenshot('refused-hover')

  for (const line of [MAIN[1]!, ORDERS[0]!, ORDERS[1]!]) {
    await workbench.toolbar('Continue')
    await workbench.stoppedAt(line)
  }

  await looksAtTheSlots()

  await workbench.clickGutter(ORDERS[1]!)
  await until('the promotion', async () => (await workbench.breakpointAt(ORDERS[2]!)) === RED)
  await workbench.screenshot('promoted')
  await workbench.clickGutter(ORDERS[0]!)
  await workbench.toolbar('Continue')
  await workbench.stoppedAt(ORDERS[2]!)
  await workbench.toolbar('Stop')
  await workbench.ended()
})
