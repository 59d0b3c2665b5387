// Signals, threads and processes as a real gdb shows them: signals as at QEMU's stub, which gives them to a real Linux;
// threads by what the program says of itself.

import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { GDB, gdbAtOurs, gdbAtQemu, linuxUser, processOf } from '../support/gdb.ts'
import { buildDebugged, GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'

const folder = mkdtempSync(join(tmpdir(), 'ppc440-gdb-'))
const build = (name: string): string => buildDebugged(name, join(folder, name))
const lineOf = (name: string, text: string): number =>
  readFileSync(fileURLToPath(new URL(`../guest/linux/${name}.c`, import.meta.url)), 'utf8')
    .split('\n')
    .findIndex(line => line.includes(text)) + 1

/** But for what we say beside, the names of threads, and where the stack is. */
const comparable = (said: string): string[] =>
  said
    .replaceAll(/Thread [0-9.]+/g, 'Thread')
    .replaceAll(/\[Inferior 1 \(.*?\)/g, '[Inferior 1')
    .replaceAll(/(info|context|c|i)=0x[0-9a-f]+/g, '$1=')
    .split('\n')
    .filter(line => line.trim() !== '' && !/warning: |detached|is about to be delivered/.test(line))

const SIGNALS = [
  ...['handle SIGUSR1 stop print pass', 'handle SIGUSR2 nostop print pass', 'continue', 'bt', 'continue', 'bt 1'],
  ...['info program', 'continue'],
]

describe.skipIf(!have(GDB) || !have(GCC))('gdb', () => {
  test.skipIf(!have('qemu-ppc'))('is told of signals before their handlers, as QEMU tells', async () => {
    const program = build('handlers')
    const ours = await gdbAtOurs(program, SIGNALS.slice(0, -2), processOf(program))
    const theirs = await gdbAtQemu(program, SIGNALS.slice(0, -2), linuxUser(program))
    expect(comparable(ours)).toEqual(comparable(theirs))
    expect(ours).toMatch(/received signal SIGUSR1[\s\S]*received signal SIGUSR2[\s\S]*received signal SIGSEGV/)
  })

  test('takes a signal away, gives another, and reads what the signal tells', async () => {
    const program = build('handlers')
    const commands = ['handle SIGUSR1 stop', 'break outer', 'break inner', 'continue', 'p $_siginfo.si_signo']
    const said = await gdbAtOurs(
      program,
      [...commands, 'p $_siginfo._sifields._kill.si_pid', 'signal SIGUSR2', 'bt 1', 'continue'],
      processOf(program),
    )
    expect(said).toMatch(/^\$1 = 10$/m)
    expect(said).toMatch(/^\$2 = 1000$/m)
    expect(said).toMatch(/Breakpoint 2, inner \(signal=12\)/)
    expect(said).not.toMatch(/Breakpoint 1, outer/)
    const without = await gdbAtOurs(program, [...commands, 'signal 0'], processOf(program))
    expect(without).not.toMatch(/Breakpoint \d, (outer|inner)/)
    expect(without).toMatch(/received signal SIGSEGV/)
  })

  test('steps to the first instruction of a handler, and back', async () => {
    const program = build('handlers')
    const said = await gdbAtOurs(
      program,
      [
        ...['handle SIGUSR1 stop', 'continue', 'set $at = $pc', 'stepi', 'p $pc == (unsigned long)outer', 'p $r3'],
        // Back before the signal it is told again that it comes.
        ...['reverse-stepi', 'p $pc == $at', 'stepi', 'p $pc == $at', 'stepi', 'p $pc == (unsigned long)outer'],
        ...['stepi', 'p (unsigned long)$pc - (unsigned long)outer'],
        ...['handle SIGUSR2 nostop', 'break inner', 'continue', 'finish', 'bt 1'],
      ],
      processOf(program),
    )
    expect(said.match(/^\$\d = .*$/gm)).toEqual([1, 10, 1, 1, 1, 4].map((value, i) => `$${i + 1} = ${value}`))
    expect(said).toMatch(/Breakpoint 1, inner \(signal=12\)/)
  })

  test('steps over a loop that waits for a signal, as fast as it runs', async () => {
    const program = build('handlers')
    const said = await gdbAtOurs(
      program,
      [
        ...[
          'handle all nostop noprint pass',
          `tbreak ${lineOf('handlers', '/* busy */')}`,
          'continue',
          'next',
          'info line',
        ],
        ...[`tbreak ${lineOf('handlers', '/* busy */')}`, 'p rung'],
      ],
      processOf(program),
    )
    expect(said).toMatch(new RegExp(`^Line ${lineOf('handlers', '/* rung */')} of`, 'm'))
    expect(said).toMatch(/^\$1 = 14$/m)
  })

  test('writes what a signal tells its handler', async () => {
    const program = build('handlers')
    const said = await gdbAtOurs(
      program,
      [
        ...['break fault', 'handle SIGUSR1 nostop', 'handle SIGUSR2 nostop', 'continue'],
        ...['p $_siginfo._sifields._sigfault.si_addr', 'p $_siginfo._sifields._sigfault.si_addr = (void *)0x1234'],
        ...['p $_siginfo.si_errno = 7', 'continue', 'p signal', 'p info->_sifields._sigfault.si_addr'],
        ...['p info->si_errno'],
      ],
      processOf(program),
    )
    const values = [...said.matchAll(/^\$\d = (?:\(void \*\) )?(.*)$/gm)].map(([, value]) => value)
    expect(values).toEqual(['0x10', '0x1234', '7', '11', '0x1234', '7'])
  })

  test('has the threads, their stacks and registers, and steps one of them', async () => {
    const program = build('workers')
    const done = lineOf('workers', '/* done */')
    const said = await gdbAtOurs(
      program,
      [
        ...[`break ${done}`, 'continue', 'info threads', 'p number', 'thread apply 1 bt', 'delete', 'next', 'p number'],
        ...['p done', `tbreak ${lineOf('workers', '/* joined */')}`, 'continue', 'info threads', 'p done', 'continue'],
      ],
      processOf(program),
    )
    // The first thread has the lock and the shorter way; main waits for it, which it says by its futex.
    expect(said).toMatch(/^\* 2 +Thread 1\.2 \(thread 1001 of process 1000 on a PPC440 core\) +work \(argument=0x1\)/m)
    expect(said).toMatch(/^ +1 +Thread 1\.1 \(process 1000 on a PPC440 core, waits for the futex at 0x[0-9a-f]{8}\)/m)
    expect(said).toMatch(/^ +3 +Thread 1\.3 \(thread 1002 of process 1000 on a PPC440 core\)/m)
    expect(said).toMatch(/^\$1 = 1$/m)
    expect(said).toMatch(/^#\d+ .* in main \(\)/m)
    expect(said).toMatch(/^\$2 = 1$[\s\S]*^\$3 = 1$/m)
    expect(said).toMatch(/^\* 1 +Thread 1\.1 \(process 1000 on a PPC440 core\) main/m)
    expect(said).toMatch(/^\$4 = 3$/m)
    expect(said).toMatch(/exited with code 07\]/)
  })
})
