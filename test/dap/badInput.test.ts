// What goes wrong for users: each has a message that says what happened and what to do, and leaves the client usable.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { DapClient } from '../support/dap.ts'
import { have } from '../support/tools.ts'

const ELF = resolve('examples/coffee/coffee.elf')
const folder = mkdtempSync(join(tmpdir(), 'ppc440-bad-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, contents)
  return path
}

/** The example with some bytes changed. */
function damaged(name: string, change: (bytes: Buffer) => Buffer | undefined): string {
  const bytes = readFileSync(ELF)
  return file(name, change(bytes) ?? bytes)
}

/** The message of a launch that is refused; afterwards the same client launches a good program. */
async function refusal(launch: Record<string, unknown>): Promise<string> {
  const dap = new DapClient()
  await dap.ask('initialize', { adapterID: 'ppc440' })
  const said = await dap.ask('launch', launch).then(
    () => 'was launched',
    (error: Error) => error.message,
  )
  await dap.launch(ELF, { stopOnEntry: true })
  expect(await dap.stopped()).toMatchObject({ reason: 'entry' })
  dap.session.dispose()
  return said
}

describe('a program that cannot be debugged', () => {
  test.each<[string, () => string, RegExp]>([
    ['is not there', () => join(folder, 'nothing.elf'), /cannot read .*nothing\.elf.*build the program/],
    ['is a folder', () => folder, /cannot read/],
    ['is empty', () => file('empty.elf', ''), /empty\.elf is (not an ELF file|truncated|empty)/],
    ['is text', () => file('text.elf', 'all: hello\n'), /text\.elf is not an ELF file/],
    ['is cut off', () => damaged('cut.elf', bytes => bytes.subarray(0, 5000)), /cut\.elf is truncated/],
    ['is for another machine', () => damaged('x86.elf', b => void b.writeUInt16BE(3, 18)), /not for 32-bit PowerPC/],
    ['is 64-bit', () => damaged('ppc64.elf', b => void b.writeUInt8(2, 4)), /64-bit/],
    ['is little-endian', () => damaged('le.elf', b => void b.writeUInt8(1, 5)), /little-endian|PowerPC/],
    ['is an object file', () => damaged('object.elf', b => void b.writeUInt16BE(1, 16)), /Link it first/],
  ])('%s', async (_, program, message) => {
    const said = await refusal({ program: program() })
    expect(said).toMatch(message)
    expect(said).not.toMatch(/Internal|undefined|TypeError/)
  })

  test('does not fit into the RAM', async () => {
    expect(await refusal({ program: ELF, memory: '64K' })).toMatch(/RAM ends at .*memory/)
  })
})

describe('an impossible launch.json', () => {
  test.each<[Record<string, unknown>, RegExp]>([
    [{}, /no "program"/],
    [{ program: 7 }, /"program" is 7: it must be/],
    [{ program: ELF, memory: 'lots' }, /"memory" is "lots": it must be a size/],
    [{ program: ELF, memory: '-1M' }, /"memory"/],
    [{ program: ELF, memory: '9999G' }, /"memory"/],
    [{ program: ELF, core: '405' }, /"core" is "405": it must be one of "440ep"/],
    [{ program: ELF, reset: 'warm' }, /"reset"/],
    [{ program: ELF, console: 'paper' }, /"console"/],
    [{ program: ELF, stopOnEntry: 1 }, /"stopOnEntry" is 1: it must be true, false or the name of a function/],
    [{ program: ELF, sourceMap: ['/a'] }, /"sourceMap"/],
    [{ program: ELF, reserveSlots: ['IAC9'] }, /"reserveSlots\[0\]" is "IAC9": it must be one of "IAC1"/],
  ])('%j', async (launch, message) => {
    expect(await refusal(launch)).toMatch(message)
  })
})

test('a program without debug information runs, says so, and is debugged by function and address', async () => {
  const dap = new DapClient()
  const bare = join(folder, 'bare.elf')
  if (have('powerpc-linux-gnu-objcopy')) execFileSync('powerpc-linux-gnu-objcopy', ['--strip-debug', ELF, bare])
  else writeFileSync(bare, withoutDebugSections(readFileSync(ELF)))
  const source = resolve('examples/coffee/orders.c')
  const verdicts = await dap.launch(bare, { breakpoints: { [source]: [38] }, stopOnEntry: true })
  expect(verdicts[source]![0]).toMatchObject({ verified: false, message: expect.stringMatching(/build it with -g/) })
  await dap.stopped()
  expect(dap.events.some(each => each.event === 'output' && /no line information/.test(each.body.output))).toBe(true)
  const { breakpoints } = await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'order_place' }] })
  expect(breakpoints[0]).toMatchObject({ verified: true })
  await dap.step('continue')
  const stack = await dap.stack()
  // VS Code folds frames that are subtle or whose sources are deemphasized: their functions would not be seen.
  expect(stack[0]!.name).toBe('order_place')
  expect(stack.filter(({ presentationHint }) => presentationHint !== undefined)).toEqual([])
  dap.session.dispose()
})

/** Renames the debug sections in place, where no objcopy is at hand. */
function withoutDebugSections(bytes: Buffer): Buffer {
  for (let at = bytes.indexOf('.debug_'); at >= 0; at = bytes.indexOf('.debug_', at)) bytes.write('.nodbg_', at)
  return bytes
}

test('a source that is not found opens as a text that says where it was and what to set', async () => {
  const dap = new DapClient()
  const alone = join(folder, 'alone.elf')
  const bytes = readFileSync(ELF)
  // Compiled in a folder that does not exist, and moved away from its sources.
  for (let at = bytes.indexOf('orders.c'); at >= 0; at = bytes.indexOf('orders.c', at)) bytes.write('0rders.c', at)
  writeFileSync(alone, bytes)
  await dap.launch(alone, { stopOnEntry: true })
  await dap.stopped()
  await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'order_place' }] })
  await dap.step('continue')
  const { source } = (await dap.stack())[0]!
  expect(source).toMatchObject({ name: '0rders.c', origin: 'not found' })
  expect(source).not.toHaveProperty('presentationHint')
  const text = (await dap.ask('source', { sourceReference: source!.sourceReference!, source: source! }))!.content
  expect(text).toMatch(/0rders\.c, which is not here/)
  dap.session.dispose()
  // And what it advises works as it is written.
  const moved = mkdtempSync(join(tmpdir(), 'moved-'))
  writeFileSync(join(moved, '0rders.c'), '')
  const advice = /"sourceMap": .*/.exec(text)![0].replaceAll('${workspaceFolder}', moved)
  const again = new DapClient()
  await again.launch(alone, { stopOnEntry: true, ...JSON.parse(`{${advice}}`) })
  await again.stopped()
  await again.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'order_place' }] })
  await again.step('continue')
  expect((await again.stack())[0]!.source).toMatchObject({ path: join(moved, '0rders.c') })
  again.session.dispose()
  rmSync(moved, { recursive: true })
})

test('a request nobody knows, or one before the launch, is an error and no more', async () => {
  const dap = new DapClient()
  await expect(dap.session.request('makeCoffee', {})).rejects.toThrow(/makeCoffee/)
  await expect(dap.ask('stackTrace', { threadId: 1 })).rejects.toThrow(/no program has been launched/)
  await dap.launch(ELF, { stopOnEntry: true })
  expect(await dap.stopped()).toMatchObject({ reason: 'entry' })
  dap.session.dispose()
})
