// The build task that is offered for sources does what it says, with the compilers of this machine.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { COMPILERS, tasksText } from '../../src/host/buildTask.ts'
import { isPowerPcProgram } from '../../src/host/elfHeader.ts'
import { DapClient } from '../support/dap.ts'
import { have } from '../support/tools.ts'

const folder = mkdtempSync(join(tmpdir(), 'ppc440-task-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What VS Code reads: JSON with comments. */
const taskOf = (text: string) => JSON.parse(text.replace(/^\/\/.*$/gm, '')).tasks[0]

test('names a compiler for every system', () => {
  const text = tasksText(['main.c'], false)
  for (const advice of Object.values(COMPILERS)) expect(text).toContain(advice)
  const { command, osx, windows, group } = taskOf(text)
  expect([command, osx.command, windows.command]).toEqual(['powerpc-linux-gnu-gcc', 'clang', 'clang'])
  expect(group).toEqual({ kind: 'build', isDefault: true })
})

test.skipIf(!have('powerpc-linux-gnu-gcc'))('builds a program that can be debugged, from C alone', async () => {
  writeFileSync(
    join(folder, 'main.c'),
    'int sum;\nint main(void) {\n  for (int i = 1; i < 9; i++) sum += i;\n  for (;;) ;\n}\n',
  )
  const { command, args } = taskOf(tasksText(['main.c'], false))
  execFileSync(command, args, { cwd: folder })
  const program = join(folder, 'program.elf')
  expect(isPowerPcProgram(readFileSync(program))).toBe(true)
  const dap = new DapClient()
  await dap.launch(program, { breakpoints: { [join(folder, 'main.c')]: [4] } })
  await dap.stopped()
  expect([await dap.where(), await dap.evaluate('sum')]).toEqual(['main.c:4', '36'])
  dap.session.dispose()
})

test.skipIf(!have('powerpc-linux-gnu-gcc'))('leaves the entry to a source in assembly', () => {
  const start = '        .globl _start\n_start: bl main\n        b .\n'
  writeFileSync(join(folder, 'start.s'), start)
  const { command, args } = taskOf(tasksText(['main.c', 'start.s'], true))
  expect(args.join(' ')).not.toContain('entry')
  execFileSync(command, args, { cwd: folder })
})

test('the bundled example has the stops that the walkthrough asks for, and runs', async () => {
  const example = resolve('media/first-steps.s')
  const lines = readFileSync(example, 'utf8').split('\n')
  const stops = [1, 2, 3, 4, 5].map(n => lines.findIndex(line => line.includes(`# stop ${n}:`)) + 1)
  expect(stops.every(line => line > 0)).toBe(true)
  const dap = new DapClient()
  const { [example]: verdicts } = await dap.launch(example, { breakpoints: { [example]: stops } })
  expect(verdicts!.map(({ verified }) => verified)).toEqual([true, true, true, true, false])
  await dap.stopped()
  expect(await dap.where()).toBe(`first-steps.s:${stops[0]}`)
  await dap.ask('setBreakpoints', { source: { path: example }, breakpoints: [] })
  await dap.ask('continue', { threadId: 1 })
  await dap.next('exited')
  const printed = dap.events.filter(({ event, body }) => event === 'output' && body.category === 'stdout')
  expect(printed.map(({ body }) => body.output).join('')).toBe('9 8 7 6 5 4 3 2 1 0 \n')
  dap.session.dispose()
})
