// A restart reads the program again: whoever has built it anew meanwhile debugs what he has built.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DapClient } from '../support/dap.ts'
import { GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'
import { output } from '../symbols/guest.ts'

const BEFORE = `int tasks;
int twice(int x) {
  return x + x;
}
void _start(void) {
  tasks = twice(21);
  for (;;);
}
`
/** Three lines more, and what is called has another place and another result. */
const AFTER = `int tasks;
static const char *const names[] = { "one", "two" };
int other(int x) { return names[x & 1][0]; }
int twice(int x) {
  return 2 * x + 100;
}
void _start(void) {
  tasks = other(1);
  tasks = twice(21);
  for (;;);
}
`

describe.skipIf(!have(GCC))('a restart', () => {
  let folder: string
  let program: string
  let source: string
  let dap: DapClient

  function build(text: string): void {
    writeFileSync(source, text)
    const bare = ['-nostdlib', '-static', '-no-pie', '-fno-pic', '-Wl,--build-id=none,--no-warn-rwx-segments']
    output(GCC, '-g', '-O0', ...bare, '-Ttext=0x100000', '-o', program, source)
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ppc440-restart-'))
    source = join(folder, 'main.c')
    program = join(folder, 'main.elf')
    build(BEFORE)
    dap = new DapClient()
  })
  afterEach(() => {
    dap.session.dispose()
    rmSync(folder, { recursive: true })
  })

  test('takes lines, names and breakpoints of the program as it is now', async () => {
    await dap.launch(program, { breakpoints: { [source]: [3] } })
    await dap.stopped()
    await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'twice' }] })
    expect(await dap.where()).toBe('main.c:3')
    build(AFTER)
    const from = dap.events.length
    await dap.ask('restart', {})
    const stop = await dap.stopped()
    // Line 3 is the function `other` now.
    expect([await dap.where(), stop.reason]).toEqual(['main.c:3', 'breakpoint'])
    expect((await dap.stack()).map(({ name }) => name)).toEqual(['other', '_start'])
    await dap.step('continue')
    expect(await dap.where()).toBe('main.c:5')
    await dap.step('stepOut')
    await dap.step('next')
    expect(await dap.evaluate('tasks')).toBe('142')
    const told = dap.events.slice(from).map(({ event }) => event)
    expect(told.indexOf('continued')).toBeGreaterThanOrEqual(0)
    expect(told.indexOf('continued')).toBeLessThan(told.indexOf('stopped'))
    const moved = dap.events.slice(from).filter(({ event }) => event === 'breakpoint')
    expect(moved.map(({ body }) => [body.reason, body.breakpoint.verified])).toEqual([
      ['changed', true],
      ['changed', true],
    ])
  })

  test('of what cannot be read any more goes on with the program as it was, and says so', async () => {
    await dap.launch(program, { breakpoints: { [source]: [3] } })
    await dap.stopped()
    writeFileSync(program, 'no program')
    await dap.ask('restart', {})
    await dap.stopped()
    expect(await dap.where()).toBe('main.c:3')
    const said = dap.events.filter(({ event, body }) => event === 'output' && body.category === 'important')
    expect(said.map(({ body }) => body.output)).toEqual([
      expect.stringMatching(/main\.elf.*The program as it was read before begins again\.\n$/s),
    ])
    await dap.step('stepOut')
    await dap.step('next')
    expect(await dap.evaluate('tasks')).toBe('42')
  })

  test('is done before what is asked for next', async () => {
    await dap.launch(program, { stopOnEntry: true })
    await dap.stopped()
    build(AFTER)
    const restarted = dap.ask('restart', {})
    await dap.ask('setBreakpoints', { source: { path: source }, breakpoints: [{ line: 5 }] })
    await dap.ask('continue', { threadId: 1 })
    await restarted
    expect(await dap.stopped()).toMatchObject({ reason: 'entry' })
    expect(await dap.stopped()).toMatchObject({ reason: 'breakpoint' })
    expect((await dap.stack())[0]!.name).toBe('twice')
  })

  test('takes what launch.json says now', async () => {
    await dap.launch(program, { stopOnEntry: true })
    await dap.stopped()
    expect(await dap.evaluate('$r1')).toBe('0x07fffff0')
    const changed = { program, stopOnEntry: true, memory: '2M' } as P.LaunchRequestArguments
    await dap.ask('restart', { arguments: changed })
    expect(await dap.stopped()).toMatchObject({ reason: 'entry' })
    expect(await dap.evaluate('$r1')).toBe('0x001ffff0')
  })

  test('that the end of the session overtakes begins nothing', async () => {
    await dap.launch(program, { stopOnEntry: true })
    await dap.stopped()
    const from = dap.events.length
    const restarted = dap.ask('restart', {})
    void dap.ask('terminate')
    await expect(restarted).rejects.toThrow(/ended/)
    expect(dap.events.slice(from).map(({ event }) => event)).toEqual(['terminated'])
  })
})
