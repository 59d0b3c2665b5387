// Linux that is the program, an unmodified one: its log is compared with what the same boot has written on the UART. By
// hand, named, where `npm run test:linux` has built it.

import { describe, expect, test } from 'vitest'
import { DapClient } from '../support/dap.ts'
import { kernelFiles } from '../support/linuxKernel.ts'

const go = (dap: DapClient) => dap.step('continue')
/** To the next exception. @returns what it is called */
async function exception(dap: DapClient): Promise<string> {
  await go(dap)
  return (await dap.ask('exceptionInfo', { threadId: 1 })).exceptionId
}
const dmesg = (dap: DapClient) => dap.evaluate('dmesg', 'repl')

const kernel = kernelFiles()

describe.skipIf(kernel === undefined)('an unmodified kernel', () => {
  const start = async (append: string) => {
    const { program, dtb } = kernel!
    const dap = new DapClient()
    await dap.launch(program, { stopOnEntry: true, dtb, append: `console=ttyS0,115200 ${append}` })
    await dap.stopped()
    await dap.ask('setExceptionBreakpoints', { filters: ['linuxPanic', 'linuxOops', 'linuxWarn'] })
    return dap
  }

  test('that finds no root file system panics, and its log is what it has written on the UART', async () => {
    const dap = await start('ignore_loglevel')
    await expect(dmesg(dap)).rejects.toThrow('its memory mapped')
    expect(await exception(dap)).toBe('Linux panic: "VFS: Unable to mount root fs on unknown-block(0,0)"')
    expect((await dap.ask('exceptionInfo', { threadId: 1 })).description).toContain('<mount_block_root+')
    const outputs = dap.events.filter(({ event, body }) => event === 'output' && body.category === 'stdout')
    const written = outputs
      .map(({ body }) => body.output)
      .join('')
      .replaceAll('\r', '')
      .split('\n')
    const log = (await dmesg(dap)).split('\n').slice(0, -1)
    // While one console takes over from the other some lines come twice, and none while there is no console.
    const seen = new Set(written)
    const ends = log.map(line => line.replace(/.*console /, ''))
    const last = (what: string) => ends.lastIndexOf(`[ttyS0] ${what}`)
    const unseen = log.slice(last('disabled') + 1, last('enabled'))
    expect(unseen).toEqual(expect.arrayContaining(log.filter(line => !seen.has(line))))
    expect(unseen.length).toBeLessThan(5)
    const lines = [...new Set(written.filter(line => line.startsWith('[')))]
    const known = new Set(lines)
    expect([...new Set(log.filter(line => known.has(line)))]).toEqual(lines)
    expect(log.length).toBeGreaterThan(50)
  }, 60_000)

  test('says BUG, WARN and oops of code that is at fault', async () => {
    const dap = await start('')
    await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'kernel_init' }] })
    await go(dap)
    // The kernel's own table of its traps (include/asm-generic/bug.h): places relative to themselves.
    const entry = (n: number) => `((struct bug_entry *)&__start___bug_table)[${n}]`
    const number = async (text: string) => Number.parseInt(await dap.evaluate(`(unsigned)(${text}),d`), 10)
    const trapOf = async (isWarning: boolean): Promise<number> => {
      for (let n = 0; n < 200; n++) if (((await number(`${entry(n)}.flags`)) & 1) === Number(isWarning)) return n
      throw new Error('no such entry')
    }
    const placeOf = async (n: number) =>
      `0x${(await number(`(long)&${entry(n)}.bug_addr_disp + ${entry(n)}.bug_addr_disp`)).toString(16)}`
    const [warn, bug] = [await placeOf(await trapOf(true)), await placeOf(await trapOf(false))]
    await dap.evaluate(`$pc = ${warn}`, 'repl')
    // It is configured without names of files (CONFIG_DEBUG_BUGVERBOSE).
    expect(await exception(dap)).toMatch(new RegExp(`^Linux WARN at ${warn} <`))
    await dap.evaluate(`$pc = ${bug}`, 'repl')
    const bugged = await exception(dap)
    expect(bugged).toMatch(/^Linux BUG: "Exception in kernel mode" at /)
    expect(bugged).toContain(bug)
  }, 60_000)

  test('says oops of an access to nothing', async () => {
    const dap = await start('')
    await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'kernel_init' }] })
    await go(dap)
    await dap.evaluate('$pc = 0x10', 'repl')
    expect(await exception(dap)).toBe('Linux oops: "Kernel access of bad area" at 0x00000010')
  }, 60_000)
})
