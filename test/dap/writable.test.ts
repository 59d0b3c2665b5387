// "writable": what a Linux program has changed below a folder is there when it has ended, and the Debug Console says so.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { writeBack } from '../../src/host/writeBack.ts'
import { DapClient } from '../support/dap.ts'
import { have } from '../support/tools.ts'

const CHANGES = `
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
static void put(const char *path) { int fd = open(path, O_CREAT | O_WRONLY, 0644); write(fd, "made\\n", 5); close(fd); }
int main(int argc, char **argv)
{
  if (argc > 1) return 4;
  put("above"); mkdir("out/sub", 0755); put("out/sub/new"); put("out/there"); unlink("out/old");
  return 3;
}
`

describe.skipIf(!have('powerpc-linux-gnu-gcc'))('"writable"', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ppc440-writable-'))
  const [program, out] = [join(folder, 'changes'), join(folder, 'out')]
  let dap: DapClient

  beforeAll(() => {
    writeFileSync(join(folder, 'changes.c'), CHANGES)
    const flags = ['-O0', '-g', '-w', '-mcpu=440fp', '-static']
    execFileSync('powerpc-linux-gnu-gcc', [...flags, join(folder, 'changes.c'), '-o', program])
    mkdirSync(out)
    for (const name of ['old', 'there']) writeFileSync(join(out, name), 'before, and longer\n')
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  afterEach(() => dap.session.dispose())

  const start = (launch: Record<string, unknown>, host = { writeBack }) => {
    dap = new DapClient(undefined, host)
    return dap.launch(program, { machine: 'linux-user', ...launch })
  }
  const said = () => dap.events.filter(({ event }) => event === 'output').map(({ body }) => body.output as string)

  test('a session that is stopped before the end changes nothing', async () => {
    await start({ writable: out, stopOnEntry: true })
    await dap.stopped()
    await dap.ask('terminate')
    expect(readdirSync(out).sort()).toEqual(['old', 'there'])
  })

  test('it is there before the session says that it is over, with a sentence', async () => {
    await start({ writable: `${out}/` })
    await dap.next('exited')
    expect(readdirSync(out).sort()).toEqual(['sub', 'there'])
    expect([join(out, 'sub/new'), join(out, 'there')].map(path => readFileSync(path, 'utf8'))).toEqual([
      'made\n',
      'made\ne, and longer\n',
    ])
    expect(existsSync(join(folder, 'above'))).toBe(false)
    expect(said()).toContain(`Written below ${out}/: there, sub/, sub/new.\nRemoved below ${out}/: old.\n`)
  })

  test('nothing changed is said too', async () => {
    await start({ writable: out, args: ['nothing'] })
    await dap.next('exited')
    expect(said()).toContain(`Nothing was changed below ${out}.\n`)
  })

  test.each([
    ['nowhere', 'a folder that is there'],
    [tmpdir(), 'the folder that the program sees ("root"), or one below it'],
  ])('%s is refused', async (writable, wanted) => {
    const path = writable.startsWith('/') ? writable : join(folder, writable)
    await expect(start({ writable: path })).rejects.toThrow(wanted)
  })

  test('a board has no files, and a browser no folders', async () => {
    await expect(start({ writable: out, machine: 'bamboo' })).rejects.toThrow('"machine": "linux-user"')
    dap.session.dispose()
    await expect(start({ writable: out }, {} as never)).rejects.toThrow('in a browser')
  })
})
