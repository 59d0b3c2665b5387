// The register view and Watch show in IAC1-4 the addresses that objdump gives for the lines of the breakpoints.

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

const VIEW = 'PowerPC 440 Registers'
const FILE = 'machine.c'
const LINES = [
  'enum event event = next_event(machine);',
  'action *act = transitions',
  'if (!act) return;',
  'enum state next = act(machine);',
].map(text => lineOf(`coffee/${FILE}`, text))

test.skipIf(!hasObjdump)('IAC1-4 in the view and in Watch are the lines’ addresses', async () => {
  const { workbench } = installed
  await workbench.openFile(`coffee/${FILE}`)
  for (const line of LINES) await workbench.clickGutter(line)
  await workbench.press('F5')
  await workbench.stoppedAt(LINES[0]!)
  for (const other of ['Variables', 'Watch', 'Call Stack', 'Breakpoints']) await workbench.collapsePane(other)
  await workbench.expandPane(VIEW)

  const expected = LINES.map(line => hex32(addressOf('coffee/coffee.elf', FILE, line)))
  const rows = await until('the register view', async () => {
    const all = await workbench.pane(VIEW)
    return all.length > 8 ? all : undefined
  })
  const row = (name: string) => rows.find(candidate => candidate.name === name)!
  for (const [index, address] of expected.entries()) {
    expect(row(`IAC${index + 1}`).description).toContain(address)
    expect(row(`IAC${index + 1}`).description).toContain(`${FILE}:${LINES[index]}`)
  }
  expect(row('DBCR0').description).toMatch(/IDM.*IAC1 IAC2 IAC3 IAC4/)

  await workbench.screenshot('register-view')

  for (const [index, address] of expected.entries()) {
    await workbench.watch(`iac${index + 1}`)
    await until(`IAC${index + 1} in Watch`, async () =>
      (await workbench.watches()).some(({ label }) => label.startsWith(`iac${index + 1}`) && label.includes(address)),
    )
  }
  await workbench.screenshot('registers')
})

test.skipIf(!hasObjdump)('fields open under a register, and what changed is marked in words', async () => {
  const { workbench } = installed
  await workbench.collapsePane('Watch')
  await workbench.expandRow(VIEW, 'DBCR0')
  await until('the fields', async () =>
    (await workbench.pane(VIEW)).some(({ name, level }) => name === 'IDM' && level === 2),
  )
  await workbench.screenshot('fields')
  await workbench.toolbar('Step Over')
  await workbench.stoppedAt(LINES[1]!)
  const general = await until('changed registers', async () =>
    (await workbench.pane(VIEW)).find(
      ({ name, description }) => name === 'General purpose' && /changed/.test(description),
    ),
  )
  expect(general.label).toMatch(/changed/)
  await workbench.screenshot('changed')
})

test('a register is pinned to the top, and let go again', async () => {
  const { workbench } = installed
  const first = async (): Promise<string | undefined> => (await workbench.pane(VIEW))[0]?.name
  await workbench.rowAction(VIEW, 'MSR', 'Pin to the Top')
  await until('MSR at the top', async () => (await first()) === 'MSR')
  await workbench.screenshot('pinned')
  await workbench.rowAction(VIEW, 'MSR', 'Unpin')
  await until('the facility at the top', async () => (await first()) === 'DBCR0')
})

test('the TLB has the entry of the next instruction marked, and tells what becomes of an address', async () => {
  const { workbench } = installed
  const view = 'PowerPC 440 TLB'
  await workbench.collapsePane(VIEW)
  await workbench.expandPane(view)
  const rows = await until('the TLB', async () => {
    const all = await workbench.pane(view)
    return all.length > 0 ? all : undefined
  })
  expect(rows.filter(({ label }) => label.includes('the next instruction is fetched through it'))).toHaveLength(1)
  await workbench.screenshot('tlb')
  await workbench.rowAction(view, rows[0]!.name, 'Explain an Address')
  const box = workbench.page.locator('.quick-input-widget:visible input').first()
  await box.fill('0xdead0000')
  await workbench.screenshot('tlb-question')
  await workbench.press('Enter')
  await until('the answer', async () =>
    /0xdead0000 with .* load 0x0dead0000 by TLB entry \d+/.test((await workbench.consoleText()).replace(/\s+/g, ' ')),
  )
  await workbench.screenshot('tlb-answer')
  await workbench.toolbar('Stop')
  await workbench.ended()
})
