// Flash that is kept in a file: what a program has programmed is there when it is asked for, at the end of the session and
// after a restart; what nobody has asked to keep is never written.

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readBoard } from '../../src/boards/read.ts'
import { writeBoard } from '../../src/boards/write.ts'
import { nodeFiles } from '../../src/host/nodeFiles.ts'
import { writeBack } from '../../src/host/writeBack.ts'
import { DapClient } from '../support/dap.ts'
import { runCommand } from '../support/runCommand.ts'

/** Clears one bit more of the byte at 0x10, and leaves the chip saying what it is. r20: what the byte was. */
const source = (end: string): string => `
        .globl  _start
_start: lis     3, 0x9000
        ori     4, 3, 0x290
        li      5, 0x507
        li      6, 5
        tlbwe   3, 6, 1
        tlbwe   5, 6, 2
        tlbwe   4, 6, 0
        isync
        lbz     20, 0x10(3)
        slwi    21, 20, 1
        li      7, 0xaa
        li      8, 0x55
        li      9, 0xa0
        stb     7, 0x555(3)
        stb     8, 0x2aa(3)
        stb     9, 0x555(3)
        stb     21, 0x10(3)
        li      9, 0x90
        stb     7, 0x555(3)
        stb     8, 0x2aa(3)
        stb     9, 0x555(3)
        ${end}
`
const STANDS = 'b .'
const RESETS = 'lis 4, 0x3000\n mtspr 308, 4'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-'))
  mkdirSync(join(folder, 'images'))
  writeFileSync(flash(), new Uint8Array(0x20).fill(0xff))
  chmodSync(flash(), 0o640)
})
let dap: DapClient | undefined
afterEach(() => {
  dap?.session.dispose()
  dap = undefined
  rmSync(folder, { recursive: true })
})

const flash = (): string => join(folder, 'images', 'flash.bin')
const byte = (): number => readFileSync(flash())[0x10]!
const rom = {
  name: 'FLASH',
  base: '0x90000000',
  size: '512K',
  chip: 'am29lv040b',
  file: 'images/flash.bin',
  keep: true,
}
const boardText = (more: object): string =>
  JSON.stringify({ name: 'mine', text: 'ours', ram: '4M', roms: [{ ...rom, ...more }], devices: [] })

function files(end: string, more: object) {
  const [machine, program] = [join(folder, 'mine.board.json'), join(folder, 'program.s')]
  writeFileSync(machine, boardText(more))
  writeFileSync(program, source(end))
  return { machine, program }
}
async function session(end: string, more: object = {}, host: object = { writeBack }) {
  const { machine, program } = files(end, more)
  dap = new DapClient(nodeFiles, host)
  await dap.launch(program, { machine, ...(end === STANDS ? {} : { stopOnEntry: true }) })
  if (end === STANDS) await dap.stopped()
  else {
    await dap.stopped()
    await dap.ask('continue', { threadId: 1 })
    await dap.next('terminated')
  }
  return dap
}
const outputs = ({ events }: DapClient): string =>
  events.flatMap(({ event, body }) => (event === 'output' ? [body.output] : [])).join('')

test('at the end of the program it is in the file, of which nothing else changes', async () => {
  const ended = await session(RESETS)
  expect(outputs(ended)).toContain('Flash was written to images/flash.bin.\n')
  const expected = Buffer.alloc(0x20, 0xff)
  expected[0x10] = 0xfe
  expect(readFileSync(flash())).toEqual(expected)
  expect(statSync(flash()).mode & 0o777).toBe(0o640)
  expect(readdirSync(join(folder, 'images'))).toEqual(['flash.bin'])
})

test.each(['terminate', 'disconnect'] as const)('%s writes it before it answers', async request => {
  const stopped = await session(STANDS)
  expect(byte()).toBe(0xff)
  await stopped.ask(request, {})
  expect(byte()).toBe(0xfe)
})

test('when it is asked for it is written, and a restart has what it has been left with', async () => {
  const stopped = await session(STANDS)
  await stopped.evaluate('save flash', 'repl')
  await expect.poll(() => outputs(stopped)).toContain('Flash was written')
  expect(byte()).toBe(0xfe)
  await stopped.ask('restart', {})
  await stopped.stopped()
  expect(await stopped.evaluate('$r20,x')).toBe('0xfe')
  expect(byte()).toBe(0xfe)
  // Which is written by a restart, too.
  await stopped.ask('restart', {})
  await stopped.stopped()
  expect([await stopped.evaluate('$r20,x'), byte()]).toEqual(['0xfc', 0xfc])
})

test('a file gets longer as far as something is programmed behind its end', async () => {
  writeFileSync(flash(), new Uint8Array(8).fill(0xff))
  await session(RESETS)
  expect([...readFileSync(flash())]).toEqual([...Array<number>(16).fill(0xff), 0xfe])
})

test('what is not to be kept is never written, and says so when it is asked for', async () => {
  const stopped = await session(STANDS, { keep: false })
  expect(await stopped.evaluate('save flash', 'repl')).toContain('No flash of this board is kept in a file')
  await stopped.ask('terminate', {})
  expect([byte(), outputs(stopped)]).toEqual([0xff, expect.not.stringContaining('Flash was')])
})

test('what cannot be written is said, and tried again', async () => {
  let isRefused = true
  const host = {
    writeBack: (...given: Parameters<typeof writeBack>) =>
      isRefused ? Promise.reject(new Error('the disk is full')) : writeBack(...given),
  }
  const stopped = await session(STANDS, {}, host)
  await stopped.evaluate('save flash', 'repl')
  await expect.poll(() => outputs(stopped)).toContain('Flash was not written to images/flash.bin: the disk is full.')
  expect(byte()).toBe(0xff)
  isRefused = false
  await stopped.ask('terminate', {})
  expect(byte()).toBe(0xfe)
})

test('a browser has no folders, and says so', async () => {
  const ended = await session(RESETS, {}, {})
  expect(outputs(ended)).toContain('Flash was not written to images/flash.bin: a browser has no folders.')
})

test('ppc440 run writes it at the end', async () => {
  const { machine, program } = files(RESETS, {})
  const { error } = await runCommand(['--machine', machine, program], { input: '' })
  expect([byte(), error]).toEqual([0xfe, expect.stringContaining('Flash was written to images/flash.bin.')])
})

test.each([
  ['no file', { file: undefined }],
  ['no chip', { chip: undefined }],
  ['a file that is elsewhere', { file: '/etc/passwd' }],
  ['a file that is above', { file: '../flash.bin' }],
  ['a file that is elsewhere on Windows', { file: 'C:\\flash.bin' }],
])('it is refused of %s', (_of, more) => {
  expect(() => readBoard(boardText(more), 'mine.json')).toThrow('"keep" is for flash, with a "chip" and a "file"')
})

test('whoever reads a description that was made of one keeps nothing', () => {
  expect(writeBoard(readBoard(boardText({}), 'mine.json'))).not.toContain('keep')
})
