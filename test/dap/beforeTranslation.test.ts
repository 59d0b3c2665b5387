// Breakpoints on a kernel that has not mapped yet where it is linked: it begins at real addresses.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { DapClient } from '../support/dap.ts'
import { buildTranslation, GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'

const folder = mkdtempSync(join(tmpdir(), 'translation-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.skipIf(!have(GCC) || !have('dtc'))(
  'a breakpoint that is set before a kernel maps itself is hit after',
  async () => {
    const [tree, dtb] = [join(folder, 'board.dts'), join(folder, 'board.dtb')]
    writeFileSync(tree, '/dts-v1/; / { memory { device_type = "memory"; reg = <0 0 0>; }; };')
    execFileSync('dtc', ['-I', 'dts', '-O', 'dtb', '-o', dtb, tree], { stdio: 'ignore' })
    const dap = new DapClient()
    await dap.launch(buildTranslation(join(folder, 'kernel')), { stopOnEntry: true, dtb })
    await dap.stopped()
    expect(await dap.evaluate('$pc')).toContain('0x00100000')
    expect(await dap.evaluate('*(int *)0xc0100000')).toContain('cannot read memory')
    const { breakpoints } = (await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'arrived' }] }))!
    expect(breakpoints).toMatchObject([{ verified: true }])
    const { description } = await dap.step('continue')
    expect(description).toMatch(/IAC1 matched 0xc01000/)
    const { stackFrames } = (await dap.ask('stackTrace', { threadId: 1, startFrame: 0, levels: 2 }))!
    expect(stackFrames[0]!.name).toBe('arrived')
    dap.session.dispose()
  },
)
