// A source in assembly, from the new program to its end, as somebody does it who has no toolchain.

import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { photographFailures } from '../support/photographFailures.ts'
import { type CleanInstall, cleanInstall } from '../support/session.ts'

const SOURCE = `        .set    UART, 0xef600300
        .globl  _start
_start:
        lis     r4, UART@h
        ori     r4, r4, UART@l
        mfspr   r7, 308
        lis     r5, text@ha
        addi    r5, r5, text@l
next:
        lbz     r3, 0(r5)
        cmpwi   r3, 0
        beq     done
        stb     r3, 0(r4)
        addi    r5, r5, 1
        b       next
done:
        lis     r6, 0x2000
        mtdbcr0 r6
        .section .rodata
text:
        .asciz  "Hello from the 440\\n"
`
const STORE = 13

let installed: CleanInstall

beforeAll(async () => {
  installed = await cleanInstall()
  writeFileSync(`${installed.workspace}/hello.s`, SOURCE)
})
photographFailures(() => installed?.workbench)
afterAll(() => installed?.close())

test('a new program is one that can be read', async () => {
  const { workbench } = installed
  await workbench.command('PowerPC 440: New Assembly Program')
  await workbench.page.getByText('A program for the PowerPC 440').first().waitFor()
  await workbench.screenshot('assembly-new')
  await workbench.command('View: Revert and Close Editor')
})

test('a source is debugged from its context menu: breakpoint, registers, its output', async () => {
  const { workbench } = installed
  await workbench.openFile('hello.s')
  await workbench.clickGutter(STORE)
  await workbench.explorerMenu('hello.s', 'Debug on a PowerPC 440')
  expect(await workbench.stoppedAt(STORE)).toMatch(/IAC1/)
  expect((await workbench.callStack())[0]!.label).toMatch(/next/)
  await workbench.screenshot('assembly-source')
  await workbench.clickGutter(STORE)
  await workbench.toolbar('Continue')
  await workbench.ended()
  expect(await workbench.consoleText()).toMatch(/Hello from the 440/)
})

test('a hover tells of a register by its number, and a mistake is underlined', async () => {
  const { workbench } = installed
  await workbench.openFile('hello.s')
  await workbench.hoverAtEndOf(6, /DBCR0.*SPR 308/)
  await workbench.screenshot('assembly-hover')
  await workbench.press('Escape')
  await workbench.goToLine(8)
  await workbench.press('End')
  await workbench.page.keyboard.type('@bla')
  await workbench.page.locator('.squiggly-error').first().waitFor()
  await workbench.screenshot('assembly-mistake')
  for (let i = 0; i < '@bla'.length; i++) await workbench.press('Backspace')
  await workbench.page.locator('.squiggly-error').first().waitFor({ state: 'detached' })
})
