// The tasks of an operating system that is the program, as a real gdb shows them.

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { GDB, gdbAtOurs } from '../support/gdb.ts'
import { buildSystem, GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'

const folder = mkdtempSync(join(tmpdir(), 'ppc440-gdb-'))

describe.skipIf(!have(GDB) || !have(GCC))('gdb', () => {
  test('has the tasks as threads, with stacks, registers and variables, which it can write', async () => {
    const program = buildSystem('tasks', join(folder, 'tasks.elf'))
    // By the numbers that gdb gives them in the order of the list.
    const commands = ['break stopped if at == 1', 'continue', 'info threads', 'thread 3', 'bt', 'frame 2', 'p asked']
    const written = [
      'p asked = 7',
      'p asked',
      'p $r3',
      'p $r2',
      'p/x &others[0]',
      'p $r3 = 1',
      'p $msr',
      'thread 6',
      'bt',
    ]
    const said = await gdbAtOurs(program, [...commands, ...written, 'thread 1', 'bt 1', 'info registers msr'])
    expect(said).toMatch(/\* 1 +Thread 1\.1 .*worker.* stopped \(at=at@entry=1\)/)
    expect(said).toMatch(/2 +Thread 1\.2 "swapper" \(swapper \(0\): ready\) +0x[0-9a-f]+ in run \(/)
    expect(said).toMatch(/3 +Thread 1\.59 "sh" \(sh \(57\): sleeping\) +0x[0-9a-f]+ in run \(/)
    expect(said).toMatch(/Thread 1\.62 "new" \(new \(60\): ready\) +0x[0-9a-f]+ in ret_from_fork/)
    const stack = [
      'run',
      'asks .*depth@entry=0',
      'asks .*depth@entry=1',
      'asks .*depth@entry=2',
      'sleeper',
      'ret_from_fork',
    ]
    expect(said).toMatch(new RegExp(stack.map((name, n) => `#${n} .*${name}.*\n`).join('')))
    expect(said).toMatch(/\$1 = 57001\n\$2 = 7\n\$3 = 7\n\$4 = <unavailable>\n/)
    expect(said).toMatch(/\$7 = <unavailable>\n/)
    expect(said).toContain('r3 of this task is kept nowhere')
    const [, current, task] = /\$5 = (\d+)\n\$6 = (0x[0-9a-f]+)\n/.exec(said) ?? []
    expect(Number(current)).toBe(Number(task))
    expect(said).toMatch(/msr +0x1000 /)
  })
})
