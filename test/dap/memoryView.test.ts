// What the adapter tells a view of memory: bytes as the ELF file has them, gaps with their reason, symbols as nm gives them.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readElf } from '../../src/elf/elf.ts'
import { fromBase64 } from '../../src/util/base64.ts'
import { DapClient, SMALL } from '../support/dap.ts'
import { have } from '../support/tools.ts'

const NM = 'powerpc-linux-gnu-nm'

let dap: DapClient
beforeEach(async () => {
  dap = new DapClient()
  await dap.launch(SMALL, { memory: '2M', stopOnEntry: true })
  await dap.stopped()
})
afterEach(() => dap.session.dispose())

test('bytes of the program', async () => {
  const elf = readElf(new Uint8Array(readFileSync(SMALL)))
  const text = elf.sections.find(({ name }) => name === '.text')!
  const memory = await dap.ask('ppc440/memory', { address: text.addr, count: text.size })
  expect(memory.gaps).toEqual([])
  expect(memory.pieces).toHaveLength(1)
  expect(fromBase64(memory.pieces[0]!.base64)).toEqual(elf.contents('.text'))
})

test.skipIf(!have(NM))('symbols where nm has them', async () => {
  const listed = execFileSync(NM, [SMALL], { encoding: 'utf8' })
  const known = new Map(
    [...listed.matchAll(/^([0-9a-f]{8}) [A-Za-z] (\S+)$/gm)].map(([, at, name]) => [name!, Number.parseInt(at!, 16)]),
  )
  const { symbols } = await dap.ask('ppc440/memory', { address: 0x100010, count: 0x200 })
  expect(symbols[0]).toEqual({ address: 0x100000, name: '_start' })
  expect(symbols.length).toBeGreaterThan(5)
  for (const { address, name } of symbols) expect([name, address]).toEqual([name, known.get(name)])
})

test('what cannot be read says why: no translation, or nothing that answers', async () => {
  const end = await dap.ask('ppc440/memory', { address: 2 * 2 ** 20 - 4, count: 12 })
  expect(end.pieces.map(({ address }) => address)).toEqual([0x1ffffc])
  expect(end.gaps).toEqual([{ address: 0x200000, count: 8, why: 'nothing answers at real address 0x000200000' }])
  const registers = await dap.ask('ppc440/memory', { address: 0xef6002f8, count: 32 })
  expect(registers.pieces.map(({ address }) => address)).toEqual([0xef600300])
  expect(registers.gaps.map(({ address, count }) => [address, count])).toEqual([
    [0xef6002f8, 8],
    [0xef600308, 16],
  ])
})

test('without a TLB entry the reason names what was searched for', async () => {
  dap.session.dispose()
  dap = new DapClient()
  await dap.launch(SMALL, { memory: '2M', stopOnEntry: true, reset: 'cold' })
  await dap.stopped()
  const { pieces, gaps } = await dap.ask('ppc440/memory', { address: 0x40000000, count: 16 })
  expect(pieces).toEqual([])
  expect(gaps[0]!.why).toMatch(/no TLB entry maps it \(PID = 0, MSR\[IS\] = 0/)
})

test('at the end of the address space there is an end', async () => {
  const memory = await dap.ask('ppc440/memory', { address: 0xfffffff0, count: 4096 })
  expect(memory.count).toBe(16)
  await expect(dap.ask('ppc440/memory', { address: 2 ** 32, count: 1 })).rejects.toThrow(/there is no memory/)
})

test('an address as in Watch', async () => {
  const address = async (expression: string) => (await dap.ask('ppc440/address', { expression })).address
  expect(await address('0x00100000')).toBe(0x100000)
  expect(await address('_start')).toBe(0x100000)
  expect(await address('$pc + 4')).toBe(0x100004)
  await expect(address('nothing')).rejects.toThrow(/nothing/)
})

test('a write is shown at the same stop', async () => {
  const read = async () => (await dap.ask('ppc440/memory', { address: 0x101200, count: 4 })).pieces[0]!.base64
  const { stop } = await dap.ask('ppc440/memory', { address: 0x101200, count: 4 })
  const snapshots = () => dap.events.filter(({ event }) => event === 'ppc440/snapshot').length
  const before = snapshots()
  await dap.ask('writeMemory', { memoryReference: '0x101200', data: 'AQIDBA==' })
  expect(await read()).toBe('AQIDBA==')
  expect(snapshots()).toBe(before + 1)
  expect((await dap.ask('ppc440/memory', { address: 0x101200, count: 4 })).stop).toBe(stop)
})
