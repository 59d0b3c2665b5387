// A program that goes on in a copy of itself, as U-Boot does: breakpoints go with it, and so do lines, stacks and variables.
// test/machines/uboot.ts asks the real one.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readElf } from '../../src/elf/elf.ts'
import { DapClient } from '../support/dap.ts'
import { buildRelocated, GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'

const source = resolve('test/guest/systems/relocated.c')
const lineOf = (text: string): number =>
  readFileSync(source, 'utf8')
    .split('\n')
    .findIndex(line => line.includes(text)) + 1

const OBJCOPY = 'powerpc-linux-gnu-objcopy'
const MOVED_BY = 0x8_0000
const MOVED =
  'The program has moved itself to 0x00180000, 0x00080000 further on than it is linked: so have its breakpoints, lines and variables.\n'

describe.skipIf(!have(GCC))('a program that moves itself', () => {
  const directory = mkdtempSync(join(tmpdir(), 'system-moved-'))
  const program = have(GCC) ? buildRelocated(join(directory, 'loader.elf')) : ''
  const symbols = program === '' ? [] : readElf(new Uint8Array(readFileSync(program))).symbols
  const linked = (name: string): number => symbols.find(each => each.name === name)!.value
  const address = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`
  let dap: DapClient
  beforeEach(() => {
    dap = new DapClient()
  })
  afterEach(() => dap.session.dispose())
  afterAll(() => rmSync(directory, { recursive: true }))

  const start = async ({ program: path = program, ...launch }: Record<string, unknown> & { program?: string } = {}) => {
    await dap.launch(path, { stopOnEntry: true, memory: '2M', ...launch })
    await dap.stopped()
  }
  const setFunctions = async (...names: string[]) =>
    (await dap.ask('setFunctionBreakpoints', { breakpoints: names.map(name => ({ name })) })).breakpoints
  const setLines = async (...lines: number[]) =>
    (await dap.ask('setBreakpoints', { source: { path: source }, breakpoints: lines.map(line => ({ line })) }))
      .breakpoints
  const stack = async () => (await dap.stack()).map(({ name, line }) => `${name} ${line}`)
  const said = () => dap.events.filter(({ event }) => event === 'output').map(({ body }) => body.output as string)
  const told = (id: number | undefined) =>
    dap.events.filter(({ event, body }) => event === 'breakpoint' && body.breakpoint.id === id).at(-1)!.body.breakpoint

  test('takes its breakpoints along, in one comparator each', async () => {
    await start()
    const sum = lineOf('both_times = sum')
    const [line] = await setLines(sum)
    const [begins, both] = await setFunctions('board_init_r', 'both')
    expect(begins).toMatchObject({ verified: true, message: expect.stringContaining('(3 of 4 slots used)') })
    await dap.step('continue')
    expect((await stack())[0]).toMatch(/^both /)
    expect(await dap.evaluate('&calls')).toContain(address(linked('calls')))
    expect(said()).not.toContain(MOVED)
    await dap.step('continue')
    expect((await stack())[0]).toMatch(/^board_init_r /)
    expect(said().filter(each => each === MOVED)).toHaveLength(1)
    expect(told(begins!.id)).toMatchObject({
      verified: true,
      instructionReference: address(linked('board_init_r') + MOVED_BY),
      message: expect.stringContaining('(3 of 4 slots used)'),
    })
    const stop = await dap.step('continue')
    expect(stop.hitBreakpointIds).toEqual([both!.id])
    expect((await stack()).slice(0, 3)).toEqual([
      expect.stringMatching(/^both /),
      `do_bdinfo ${lineOf('int sum = both')}`,
      `board_init_r ${lineOf('commands[0](4)')}`,
    ])
    expect(await dap.evaluate('by')).toBe('4')
    await dap.step('continue')
    expect((await dap.stack())[0]).toMatchObject({ name: 'do_bdinfo', line: sum })
    expect(told(line!.id).instructionReference).toMatch(/^0x0018/)
    expect(await dap.evaluate('sum')).toBe('2')
    // 1, as it was linked, and 1 before the move, which has copied it.
    expect(await dap.evaluate('calls')).toBe('6')
    expect(await dap.evaluate('&calls')).toContain(address(linked('calls') + MOVED_BY))
    expect(await dap.evaluate('*pointer')).toBe('6')
    expect(await dap.evaluate(`*(int *)${linked('calls')}`)).toBe('2')
    expect(await dap.evaluate('do_bdinfo')).toContain(address(linked('do_bdinfo') + MOVED_BY))
    expect(await dap.evaluate('gd->flags')).toBe('1')
    await dap.step('next')
    await dap.step('stepOut')
    expect((await stack())[0]).toBe(`board_init_r ${lineOf('commands[0](8)')}`)
  })

  test('ends a step over the move where it goes on', async () => {
    await start()
    await setLines(lineOf('relocate_code(0xf8000'))
    await dap.step('continue')
    await setLines()
    expect(await dap.step('next')).toMatchObject({
      reason: 'step',
      description: 'Paused after Step: the program has moved itself',
    })
    expect((await dap.stack())[0]).toMatchObject({ name: 'in_ram', source: { name: 'relocated.S' } })
    const { line } = (await dap.stack())[0]!
    await dap.step('next')
    expect((await dap.stack())[0]!.line).toBe(line + 1)
  })

  test('is stepped instruction by instruction and line by line into its copy', async () => {
    await start()
    await setFunctions('relocate_code')
    await dap.step('continue')
    await setFunctions()
    const listed = await dap.ask('disassemble', {
      memoryReference: address(linked('relocate_code')),
      instructionCount: 40,
    })
    const blr = listed!.instructions.find(({ instruction }) => instruction.startsWith('blr'))!
    await dap.ask('setInstructionBreakpoints', { breakpoints: [{ instructionReference: blr.address }] })
    await dap.step('continue')
    await dap.step('stepIn', 'instruction')
    const [top] = await dap.stack()
    expect(top).toMatchObject({ name: 'in_ram', instructionPointerReference: address(linked('in_ram') + MOVED_BY) })
  })

  test('begins where "stopOnEntry" says, in its copy', async () => {
    await start({ stopOnEntry: 'do_bdinfo' })
    expect((await dap.stack())[0]).toMatchObject({
      name: 'do_bdinfo',
      instructionPointerReference: expect.stringMatching(/^0x0018/),
    })
    expect(await dap.evaluate('count')).toBe('4')
  })

  test('lies where it did again, before the move, when one goes back, and when it begins anew', async () => {
    await start()
    const [both] = await setFunctions('both', 'do_bdinfo')
    await dap.step('continue')
    await dap.step('continue')
    expect((await stack())[0]).toMatch(/^do_bdinfo /)
    expect(told(both!.id).instructionReference).toMatch(/^0x0018/)
    await dap.step('reverseContinue')
    expect(await dap.evaluate('&calls')).toContain(address(linked('calls')))
    expect(told(both!.id).instructionReference).toMatch(/^0x0010/)
    await dap.step('continue')
    await dap.step('continue')
    expect((await stack())[0]).toMatch(/^do_bdinfo /)
    await dap.ask('restart', {})
    await dap.stopped()
    expect(await dap.evaluate('&calls')).toContain(address(linked('calls')))
    expect((await setFunctions('both'))[0]!.instructionReference).toMatch(/^0x0010/)
  })

  test('lies where it is linked for whoever has no such global data', async () => {
    await start()
    const [both] = await setFunctions('both', 'do_bdinfo')
    await dap.step('continue')
    await dap.step('continue')
    // To nothing, to no word, to code, to memory that is all zeros.
    for (const r2 of ['0xfffffff0', '0xe0002', '0x100000', '0xf0000']) {
      const global = await dap.evaluate('$r2')
      await dap.evaluate(`$r2 = ${r2}`, 'repl')
      await dap.step('stepIn', 'instruction')
      expect({ r2, at: told(both!.id).instructionReference }).toEqual({ r2, at: expect.stringMatching(/^0x0010/) })
      await dap.evaluate(`$r2 = ${global}`, 'repl')
      await dap.step('stepIn', 'instruction')
      expect(told(both!.id).instructionReference).toMatch(/^0x0018/)
    }
  })

  describe('that no system is known to do', () => {
    const unknown = join(directory, 'unknown.elf')
    beforeAll(() => {
      execFileSync(OBJCOPY, ['--redefine-sym', 'board_init_r=second_part', program, unknown])
    })
    const startUnknown = (...symbolFiles: unknown[]) => start({ program: unknown, symbolFiles })

    test.each([
      ['where .text begins', { address: '0x180000' }],
      ['by how much', { offset: MOVED_BY }],
    ])('has its second place from launch.json, %s', async (_, place) => {
      await startUnknown({ file: unknown, ...place })
      const [line] = await setLines(lineOf('both_times = sum'))
      expect(line!.message).toContain('2 of 4 slots used')
      await setFunctions('jump_to_copy')
      await dap.step('continue')
      expect(await dap.evaluate('&calls')).toContain(address(linked('calls')))
      await dap.step('continue')
      expect((await stack()).slice(0, 2)).toEqual([
        expect.stringMatching(/^do_bdinfo /),
        `board_init_r ${lineOf('commands[0](4)')}`,
      ])
      expect(await dap.evaluate('sum')).toBe('2')
      expect(said()).not.toContain(MOVED)
    })

    test('or is told what is wrong there', async () => {
      await startUnknown({ file: resolve('README.md') })
      expect(said().join('')).toContain('"symbolFiles": README.md is not an ELF file')
      const wrong = async (row: object) => {
        dap.session.dispose()
        dap = new DapClient()
        return await startUnknown(row).catch((error: Error) => error.message)
      }
      expect(await wrong({ file: unknown, address: 'top' })).toContain(
        '"symbolFiles[0].address" is "top": it must be an address such as "0x0ff9b000"',
      )
      expect(await wrong({ file: unknown, address: '0x100', offset: '-0x10' })).toContain('"symbolFiles[0].offset"')
      expect(await wrong({ address: '0x100' })).toContain('"symbolFiles[0].file" is missing')
      expect(await wrong({ file: unknown, offset: '-0x80000' })).toBeUndefined()
      expect((await setFunctions('both'))[0]!.message).toContain('0x00080')
    })
  })
})
