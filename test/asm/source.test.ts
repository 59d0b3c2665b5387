// A source where a program is wanted: run, and debugged from the first F5 on.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { DapClient } from '../support/dap.ts'
import { runCommand } from '../support/runCommand.ts'

const HELLO = `	.set UART, 0xef600300
	.set DBCR0_RST_SYSTEM, 0x20000000
	.globl _start
_start:	lis r4, UART@h
	ori r4, r4, UART@l
	lis r5, text@ha
	la r5, text@l(r5)
next:	lbz r3, 0(r5)
	cmpwi r3, 0
	beq done
	stb r3, 0(r4)
	addi r5, r5, 1
	b next
done:	li r3, 42
	lis r6, DBCR0_RST_SYSTEM@h
	mtdbcr0 r6
	.section .rodata
text:	.asciz "hello from a source\\n"
`

describe('a source', () => {
  const folder = mkdtempSync(join(tmpdir(), 'source-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const written = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }

  test('runs as it is', async () => {
    expect(await runCommand([written('hello.s', HELLO)])).toEqual({
      status: 42,
      out: 'hello from a source\n',
      error: '',
    })
  })

  test('the example runs as what the GNU tools have made of it', async () => {
    const theirs = await runCommand(['examples/asm/primes.elf'])
    expect(theirs.out).toContain('97')
    expect(await runCommand(['examples/asm/primes.S'])).toEqual(theirs)
  })

  test('with a mistake, does not run: the mistake is told', async () => {
    const wrong = written('wrong.s', HELLO.replace('beq done', 'beq doen'))
    const error = `ppc440: the source has errors: \n${wrong}:10:2: error: nothing defines doen\n`
    expect(await runCommand([wrong])).toEqual({ status: 125, out: '', error })
  })

  test('is debugged: a breakpoint in a line, steps, the label as a function', async () => {
    const path = written('debugged.s', HELLO)
    const dap = new DapClient()
    await dap.launch(path, { breakpoints: { [path]: [13] } })
    await dap.stopped()
    const [frame] = await dap.stack()
    expect([frame!.line, frame!.name, frame!.source!.path]).toEqual([13, 'next', path])
    expect((await dap.ask('evaluate', { expression: '$r3', frameId: frame!.id })).result).toBe('0x00000068')
    await dap.ask('next', { threadId: 1 })
    await dap.stopped()
    expect((await dap.stack())[0]!.line).toBe(8)
    dap.session.dispose()
  })
})
