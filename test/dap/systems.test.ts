// An operating system that is the program: the places at which it says that something is wrong, and its log. A small guest
// has a kernel's names and types; systemsKernel.test.ts asks the real one.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { DapClient, SMALL } from '../support/dap.ts'
import { buildSystem, GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'

const directory = mkdtempSync(join(tmpdir(), 'systems-'))
afterAll(() => rmSync(directory, { recursive: true }))

const BOXES = ['linuxPanic', 'linuxOops', 'linuxWarn']
const MORE = [...BOXES, 'program']

async function session(program: string, filters: readonly string[], launch = {}) {
  const dap = new DapClient()
  await dap.launch(program, { stopOnEntry: true, ...launch })
  await dap.stopped()
  const { breakpoints } = (await dap.ask('setExceptionBreakpoints', { filters: [...filters] }))!
  return { dap, verdicts: breakpoints! }
}

const go = (dap: DapClient) => dap.step('continue')
const dmesg = (dap: DapClient) => dap.evaluate('dmesg', 'repl')

test('another program has neither places nor log, and is told so', async () => {
  const { dap, verdicts } = await session(SMALL, MORE)
  const message = 'This program is no Linux kernel: it has not the symbols linux_banner and init_task.'
  expect(verdicts).toEqual([...BOXES.map(() => ({ verified: false, message })), { verified: true }])
  expect(await dmesg(dap)).toBe(`${message}\n`)
  expect(await dap.evaluate('help', 'repl')).toContain('dmesg\n')
})

describe.skipIf(!have(GCC))('a guest with the names of a kernel', () => {
  const program = have(GCC) ? buildSystem('kernel', join(directory, 'kernel.elf')) : ''

  test('stops at its functions, says why, and takes no comparator', async () => {
    const { dap, verdicts } = await session(program, BOXES)
    expect(verdicts).toEqual(BOXES.map(() => ({ verified: true })))
    expect(await dap.evaluate('slots', 'repl')).not.toMatch(/IAC\d {2}0x|trap word/)
    const [main, trapped] = [await dap.evaluate('&main,x'), await dap.evaluate('&trapped,x')]
    const stop = await go(dap)
    expect(stop.reason).toBe('exception')
    expect(stop.description).toMatch(/^Linux oops: "Kernel access of bad area" at 0x[0-9a-f]{8} <main> kernel\.c:\d+$/)
    expect(stop.text).toMatch(/\. die\(\) was called at 0x[0-9a-f]{8} <main\+0x[0-9a-f]+> kernel\.c:\d+\.$/)
    expect(stop.description).toContain(main.slice(0, 10))
    expect((await go(dap)).description).toBe(
      `Linux BUG: "Exception in kernel mode" at ${trapped.slice(0, 10)} <trapped>`,
    )
    expect((await go(dap)).description).toMatch(
      /^Linux WARN of kernel\/test\.c:123 at 0x[0-9a-f]{8} <main> kernel\.c:\d+$/,
    )
    expect((await go(dap)).description).toMatch(/^Linux WARN at 0x[0-9a-f]{8} <main> kernel\.c:\d+$/)
    // As printf writes it: the last number takes r9 and r10, so that the character is on the stack.
    expect((await go(dap)).description).toBe('Linux panic: "init died: -7%, 42   |0beef|123456789abc %c"')
    expect((await go(dap)).description).toBe('Linux panic: "no %pS for %d"')
  })

  test('is stopped once at each, by a step too, beside a breakpoint, and not when unchecked', async () => {
    const { dap } = await session(program, ['linuxPanic'])
    await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: '__warn' }] })
    const warned = await go(dap)
    expect(warned.reason).toBe('breakpoint')
    await go(dap)
    await dap.step('stepOut')
    expect((await dap.step('next')).description).toMatch(/^Linux panic: "init/)
    await dap.ask('setExceptionBreakpoints', { filters: [] })
    await dap.ask('continue', { threadId: 1 })
    await dap.next('terminated')
  })

  test('is not stopped again where an interrupt comes before the first instruction of the function', async () => {
    const { dap } = await session(program, ['linuxOops'])
    await go(dap)
    for (const assignment of ['$tcr.DIE = 1', '$dec = 1']) await dap.evaluate(assignment, 'repl')
    expect((await go(dap)).description).toContain('Linux BUG')
    // It is due since then, and comes at once; the handler returns with MSR[EE] = 0.
    await dap.evaluate('$msr.EE = 1', 'repl')
    await dap.ask('continue', { threadId: 1 })
    await dap.next('terminated')
  })

  test('has the log that it has written: the newest last, nothing that is not whole', async () => {
    const { dap } = await session(program, [])
    await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'logged' }] })
    await go(dap)
    expect(await dmesg(dap)).toBe('The log is empty.\n')
    await go(dap)
    const time = (n: number) => `[    1.${String(Math.floor((1234567 * n - 1000) / 1000)).padStart(6, '0')}]`
    const early = [`${time(2)} first`, `${time(3)} two`, `${time(3)} lines`]
    expect(await dmesg(dap)).toBe([`${time(1)} long gone`, ...early, ''].join('\n'))
    await go(dap)
    // The texts of the first ones have been written over, one record is being written, and one was lost.
    expect((await dmesg(dap)).split('\n')).toEqual([
      `${time(4)} `,
      `${time(7)} a line with [31mcolours, as long as it gets`,
      `${time(8)} this one lies at the beginning again`,
      `${time(9)} last`,
      '',
    ])
  })

  test('with a damaged ring is answered, and soon', async () => {
    const { dap } = await session(program, ['linuxOops'])
    await go(dap)
    const damage = async (assignment: string) => {
      const [place] = assignment.split(' = ')
      const before = await dap.evaluate(place!)
      await dap.evaluate(assignment, 'repl')
      const said = await dmesg(dap).catch((error: Error) => error.message)
      await dap.evaluate(`${place} = ${before.split(' ')[0]}`, 'repl')
      return said
    }
    const whole = await dmesg(dap)
    expect(await damage('ring.desc_ring.count_bits = 60')).toContain('the log of the kernel is damaged')
    expect(await damage('ring.desc_ring.head_id.counter = 0x3ffffff')).toBe('The log is empty.\n')
    expect(await damage('ring.desc_ring.count_bits = 28')).toMatch(/\] last\n$/)
    expect(await damage('ring.text_data_ring.data = 0xf0000000')).toBe('[    1.004937] \n')
    expect(await damage('ring.desc_ring.descs = 0xf0000000')).toBe('The log is empty.\n')
    expect(await damage('infos[id % 8].text_len = 65535')).toContain('] last')
    expect(await damage('prb = 0xf0000000')).toContain('the log of this kernel cannot be read here')
    expect(await dmesg(dap)).toBe(whole)
  })

  test('without debug information keeps its places, and says why it has no log', async () => {
    const { dap, verdicts } = await session(buildSystem('kernel', join(directory, 'stripped.elf'), '-g0'), BOXES)
    expect(verdicts).toEqual(BOXES.map(() => ({ verified: true })))
    expect((await go(dap)).description).toBe('Linux oops: "Kernel access of bad area"')
    await expect(dmesg(dap)).rejects.toThrow('it needs debug information')
  })
})

describe.skipIf(!have(GCC))('a guest with the log of an older kernel', () => {
  const program = have(GCC) ? buildSystem('oldKernel', join(directory, 'old.elf')) : ''
  const time = (n: number) => `[    1.${String(Math.floor((1234567 * n - 1000) / 1000)).padStart(6, '0')}]`

  test('has what it has written: the newest last, without what has been written over', async () => {
    const { dap } = await session(program, [])
    await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'logged' }] })
    await go(dap)
    expect(await dmesg(dap)).toBe('The log is empty.\n')
    await go(dap)
    expect(await dmesg(dap)).toBe(
      [`${time(1)} first`, `${time(2)} two`, `${time(2)} lines`, `${time(3)} `, ''].join('\n'),
    )
    await go(dap)
    expect((await dmesg(dap)).split('\n')).toEqual([
      `${time(4)} with [31mcolours`,
      `${time(5)} this lies at the beginning again`,
      `${time(6)} last`,
      '',
    ])
    expect(await dap.evaluate('log_first_idx > log_next_idx')).toBe('1')
  })

  test('with damage in it is answered, and soon', async () => {
    const { dap } = await session(program, [])
    await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'logged' }] })
    await go(dap)
    await go(dap)
    const damaged = async (place: string, value: string) => {
      const before = (await dap.evaluate(place)).split(' ')[0]
      await dap.evaluate(`${place} = ${value}`, 'repl')
      const said = await dmesg(dap).catch((error: Error) => error.message)
      await dap.evaluate(`${place} = ${before}`, 'repl')
      return said
    }
    for (const [place, value] of [
      ['log_next_seq', '0xfffffffffffffff'],
      ['log_next_seq', '0'],
      ['log_first_idx', '150'],
      ['log_buf_len', '0xffffffff'],
      ['log_buf', '0xf0000000'],
      ['((struct printk_log *)buffer)->text_len', '65535'],
      ['((struct printk_log *)buffer)->len', '65535'],
    ] as const)
      expect([place, await damaged(place, value)]).toEqual([place, expect.stringContaining('damaged')])
    expect(await dmesg(dap)).toContain(' first\n')
  })
})
