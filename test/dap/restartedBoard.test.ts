// A board that its program resets, as a debugger has it: breakpoints stay, and one can go back to before the reset.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { programOf } from '../../src/asm/source.ts'
import { DapClient } from '../support/dap.ts'

const BOARD = `{ "name": "x", "core": "440ep", "ram": "2M", "devices": [],
  "roms": [{ "name": "FLASH", "base": "0xfff00000", "size": "1M" }] }`
/** r30 counts the starts. */
const SOURCE = `
start:  addi    30, 30, 1
        lis     9, 0x3000       # DBCR0[RST]: system
        mtspr   308, 9
never:  b       never
        .org 0xffc
        b       start
`
const VECTOR = '0xfffffffc'
const folder = mkdtempSync(join(tmpdir(), 'restarted-'))
const [program, machine] = [join(folder, 'rom.elf'), join(folder, 'x.board.json')]
let dap: DapClient

beforeAll(async () => {
  const source = new TextEncoder().encode(SOURCE)
  const { file } = await programOf(source, 'rom.s', () => Promise.reject(new Error('none')), 0xfffff000)
  writeFileSync(program, file)
  writeFileSync(machine, BOARD)
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => dap.session.dispose())

const value = async (expression: string): Promise<number> =>
  Number((await dap.ask('evaluate', { expression, context: 'watch' })).result.split(' ')[0])

test('a breakpoint at the reset vector stops at each start, forwards and backwards', async () => {
  dap = new DapClient()
  await dap.launch(program, { machine, reset: 'cold', onReset: 'restart', stopOnEntry: true })
  await dap.stopped()
  await dap.ask('setInstructionBreakpoints', { breakpoints: [{ instructionReference: VECTOR }] })
  const seen: (readonly number[])[] = []
  for (const way of ['continue', 'continue', 'reverseContinue', 'continue', 'continue'] as const) {
    await dap.step(way)
    seen.push([await value('$pc'), await value('$r30')])
  }
  expect(seen).toEqual([1, 2, 1, 2, 3].map(starts => [0xfffffffc, starts]))
  await dap.step('stepBack')
  expect([await value('$pc'), await value('$r30')]).toEqual([0xfffff008, 3])
})

test('it wants a board that starts from its ROM', async () => {
  dap = new DapClient()
  await expect(dap.launch(program, { machine, onReset: 'restart' })).rejects.toThrow(/"onReset"/)
})

test('where nothing is said the session ends with the reset', async () => {
  dap = new DapClient()
  await dap.launch(program, { machine, reset: 'cold' })
  expect(await dap.next('exited')).toBeDefined()
})
