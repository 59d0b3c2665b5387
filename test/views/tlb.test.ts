// The view of the TLB, made of snapshots as the adapter sends them.

import { describe, expect, test } from 'vitest'
import type { Snapshot, TlbRow } from '../../src/protocol/messages.ts'
import { tlbRows, tlbSummary } from '../../src/views/models/tlb.ts'
import { DapClient } from '../support/dap.ts'
import { EMPTY_SNAPSHOT } from '../support/snapshot.ts'

const entry = (index: number, more: Partial<TlbRow> = {}): TlbRow => ({
  ...{ index, ea: 0xc0000000, real: 0, size: '256 MB', space: 0, pid: 0, attributes: ['G', 'SX', 'SW', 'SR'] },
  ...more,
})

function snapshot(entries: TlbRow[], fetch?: number): Snapshot {
  const tlb = { entries, size: 64, ...(fetch !== undefined && { fetch }) }
  return { ...EMPTY_SNAPSHOT, tlb }
}

describe('an entry', () => {
  test('says where it leads, for whom, and what it permits', () => {
    const rows = tlbRows(snapshot([entry(3, { ea: 0x10000000, real: 0x4ef600000, size: '4 KB', space: 1, pid: 7 })]))
    expect(rows.map(({ name, text }) => `${name} ${text}`)).toEqual([
      '0x10000000 → 0x4ef600000 · 4 KB · space 1 · PID 7 · rwx · user --- · G',
    ])
    expect(rows[0]!.tooltip).toContain('**Entry 3**')
    expect(rows[0]!.tooltip).toMatch(/`SW` .*write/)
  })

  test('stands at its address, that of the next instruction is marked, and so is one that changed', () => {
    const before = snapshot([entry(1), entry(2, { ea: 0x1000 })])
    const now = snapshot([entry(1), entry(2, { ea: 0x1000, attributes: ['UR'] }), entry(9, { ea: 0x2000 })], 1)
    expect(tlbRows(now, before).map(({ id, look }) => `${id} ${look}`)).toEqual(['2 changed', '9 changed', '1 fetch'])
    expect(tlbRows(now).map(({ look }) => look)).toEqual(['plain', 'plain', 'fetch'])
    expect(tlbRows(now, before)[0]!.spoken).toMatch(/^entry 2, 0x00001000 to .*user r--, changed$/)
  })
})

test('the summary counts, and says what it means that nothing is valid', () => {
  expect(tlbSummary(snapshot([entry(0), entry(1)]))).toBe('2 of 64 entries are valid')
  expect(tlbSummary(snapshot([]))).toMatch(/every access is a TLB Error interrupt/)
})

test("a program's snapshot has the entries that its console lists, and the one it is fetched through", async () => {
  const dap = new DapClient()
  await dap.launch('examples/coffee/coffee.elf', { stopOnEntry: true })
  await dap.stopped()
  const { tlb, registers } = (await dap.ask('ppc440/snapshot')) as Snapshot
  const listed = (await dap.evaluate('tlb', 'repl')).trim().split('\n')
  expect(tlb.entries.map(({ index }) => index)).toEqual(listed.map(line => Number(line.trim().split(/\s+/)[0])))
  const through = tlb.entries.find(({ index }) => index === tlb.fetch)!
  expect((registers.PC! - through.ea) >>> 0).toBeLessThan(2 ** 28)
  dap.session.dispose()
})
