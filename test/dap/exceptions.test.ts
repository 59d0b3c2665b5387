// Check boxes for interrupts: a stop before each that says what it is about, and the interrupt afterwards.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { A, encode as e } from '../support/core.ts'
import { DapClient } from '../support/dap.ts'
import { bytesOf, writeElf } from '../support/elf.ts'

const lis = (t: number, value: number): number => (15 << 26) | (t << 21) | (value & 0xffff)
const ILLEGAL = 0
/** Handlers stand at 0, as IVPR and the IVORs are after reset: this one counts in r20 and goes on behind. */
const HANDLER = [e.addi(20, 20, 1), e.mfspr(21, 26), e.addi(21, 21, 4), e.mtspr(26, 21), e.rfi]
const HANDLER_OF_SC = [e.addi(20, 20, 1), e.rfi]

const directory = mkdtempSync(join(tmpdir(), 'exceptions-'))
afterAll(() => rmSync(directory, { recursive: true }))

function program(words: readonly number[], handler: readonly number[] = HANDLER): string {
  const path = join(directory, 'program.elf')
  const parts = [
    { address: A, bytes: bytesOf([...words, e.b(0)]) },
    { address: 0, bytes: bytesOf(handler) },
  ]
  writeFileSync(path, writeElf(A, parts))
  return path
}

/** A session stopped on entry, with these check boxes set. */
async function session(path: string, ...filterOptions: { filterId: string; condition?: string }[]) {
  const dap = new DapClient()
  await dap.launch(path, { stopOnEntry: true })
  await dap.stopped()
  const { breakpoints } = (await dap.ask('setExceptionBreakpoints', { filters: [], filterOptions }))!
  return { dap, verdicts: breakpoints! }
}

const go = async (dap: DapClient) => {
  await dap.ask('continue', { threadId: 1 })
  return await dap.stopped()
}

test('the check boxes cover every interrupt the core has but Debug, and Machine Check is on', async () => {
  const { exceptionBreakpointFilters } = await new DapClient().ask('initialize', { adapterID: 'ppc440' })
  const ivors = exceptionBreakpointFilters!.flatMap(({ description }) => description!.match(/IVOR\d+/g) ?? [])
  // Not that of a unit it does not have (9) either.
  const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14].map(ivor => `IVOR${ivor}`)
  expect(ivors.sort()).toEqual(all.sort())
  expect(exceptionBreakpointFilters!.filter(each => each.default).map(({ label }) => label)).toEqual(['Machine Check'])
})

describe('a stop', () => {
  test('at an illegal instruction: where it stands, what its handler will find, then the handler', async () => {
    const { dap, verdicts } = await session(program([ILLEGAL, e.nop]), { filterId: 'program' })
    expect(verdicts).toEqual([{ verified: true }])
    const stop = await go(dap)
    expect(stop).toMatchObject({ reason: 'exception', description: 'Program interrupt (IVOR6)' })
    expect(stop.text).toContain('the core has no such instruction. ESR = 0x08000000 (PIL).')
    expect(await dap.ask('exceptionInfo', { threadId: 1 })).toEqual({
      exceptionId: 'Program interrupt (IVOR6)',
      description: stop.text,
      breakMode: 'always',
    })
    expect(await dap.evaluate('$pc')).toBe('0x00001000')
    expect(await dap.evaluate('$r20')).toBe('0x00000000')
    await dap.step('next', 'instruction')
    expect(await dap.evaluate('$pc')).toBe('0x00000000')
    expect(await dap.evaluate('$srr0')).toBe('0x00001000')
    expect(await dap.evaluate('$esr')).toContain('0x08000000')
  })

  test('at a store nobody answers names the address, which no register does', async () => {
    const path = program([lis(4, 0xa000), e.stw(3, 0, 4), e.nop, e.nop])
    const { dap } = await session(path, { filterId: 'machineCheck' })
    const stop = await go(dap)
    expect(stop.description).toBe('Machine Check interrupt (IVOR1)')
    expect(stop.text).toMatch(/^A store to 0xa0000000 .*MCSR = 0x90000000 \(MCS, DWB\)/)
  })

  test('at sc, whose interrupt is not lost', async () => {
    const { dap } = await session(program([e.sc, e.addi(22, 0, 7)], HANDLER_OF_SC), { filterId: 'others' })
    expect((await go(dap)).description).toBe('System Call interrupt (IVOR8)')
    await dap.ask('continue', { threadId: 1 })
    await dap.idle()
    expect([await dap.evaluate('$r20'), await dap.evaluate('$r22')]).toEqual(['0x00000001', '0x00000007'])
  })

  test('comes for every interrupt, also where a breakpoint is, after that', async () => {
    const { dap } = await session(program([ILLEGAL, ILLEGAL]), { filterId: 'program' })
    await dap.ask('setInstructionBreakpoints', { breakpoints: [{ instructionReference: '0x1004' }] })
    const reasons = [(await go(dap)).reason, (await go(dap)).reason, (await go(dap)).reason]
    expect(reasons).toEqual(['exception', 'breakpoint', 'exception'])
    await dap.ask('continue', { threadId: 1 })
    await dap.idle()
    expect(await dap.evaluate('$r20')).toBe('0x00000002')
  })
})

describe('a condition', () => {
  test('is asked of the registers as the interrupt will leave them', async () => {
    const condition = 'esr == 0x02000000'
    const { dap } = await session(program([ILLEGAL, e.trap, ILLEGAL]), { filterId: 'program', condition })
    await go(dap)
    expect(await dap.evaluate('$pc')).toBe('0x00001004')
    await dap.ask('continue', { threadId: 1 })
    await dap.idle()
    expect(await dap.evaluate('$r20')).toBe('0x00000003')
  })

  test('that is none says what is wrong with it', async () => {
    const { verdicts } = await session(
      program([e.nop]),
      { filterId: 'program', condition: 'esr ==' },
      { filterId: 'storage' },
    )
    expect(verdicts).toEqual([
      { verified: false, message: expect.stringContaining('the expression is not complete') },
      { verified: true },
    ])
  })
})

test('what is unchecked does not stop any more', async () => {
  const { dap } = await session(program([ILLEGAL, ILLEGAL]), { filterId: 'program' })
  await go(dap)
  await dap.ask('setExceptionBreakpoints', { filters: [] })
  await dap.ask('continue', { threadId: 1 })
  await dap.idle()
})
