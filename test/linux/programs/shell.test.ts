// A shell and what it starts: BusyBox's here, with its applets as programs of their own, beside the shell of this machine.
// Every construct has a meaning that POSIX gives it, so that what they print and how they end has to be the same.

import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runCommand } from '../../support/runCommand.ts'
import { BUSYBOX } from './compare.ts'

const APPLETS = ['cat', 'env', 'grep', 'head', 'seq', 'sleep', 'sort', 'tr', 'uniq', 'wc', 'yes', 'sh']

const CONSTRUCTS = [
  'echo $((6 * 7)); x=5; echo ${x}a ${#x} ${x:-no} ${y:-no}',
  'x=$(echo inner; echo two); echo "$x"',
  '(echo sub; exit 3); echo $?',
  'f() { echo in $1; return 4; }; f a; echo $?',
  'sleep 1 & wait $!; echo waited $?',
  '(exit 5) & wait $!; echo $?',
  'for i in 1 2 3; do (echo $i; exit $i) & wait $!; echo $?; done',
  "trap 'echo trapped' USR1; kill -USR1 $$; echo after",
  "trap 'echo bye' EXIT; exit 7",
  '(sleep 5) & kill $!; wait $!; echo $?',
  'kill -TERM $$; echo never',
  'read x < a.txt; echo $x; while read l; do echo "<$l>"; done < a.txt',
  '(echo x; echo y) | (while read l; do echo $l; done) | while read m; do echo "[$m]"; done',
  'yes | head -n 3',
  'cat a.txt | sort | uniq -c | head -n 2',
  'echo $(seq 1 300 | grep 7 | wc -l)',
  '(seq 3; cat a.txt) | tr a-z A-Z | wc -c',
  'cat <<X | tr a-z A-Z\nhere $((1 + 1))\nX',
  'seq 1 5 > made; cat made; cat < made | wc -l; cat missing 2> none || echo no',
  'A=5 env | grep ^A=; sh -c "echo nested \\$0 \\$1" a b; exec sh -c "exit 9"',
  'set -- a b c; shift; echo $# $*; case $1 in b) echo B;; esac; ! true; echo $?',
  'seq 1 300 | sort | tr 0-9 a-j | uniq | wc -l',
]

describe.skipIf(!existsSync(BUSYBOX))('a shell', () => {
  const [here, there] = ['here', 'there'].map(name => mkdtempSync(join(tmpdir(), `shell-${name}-`)))
  for (const directory of [here!, there!]) writeFileSync(join(directory, 'a.txt'), 'one\ntwo\nthree\none\n')
  cpSync(BUSYBOX, join(here!, 'busybox'))
  for (const name of APPLETS) symlinkSync('busybox', join(here!, name))
  afterAll(() => {
    for (const directory of [here!, there!]) rmSync(directory, { recursive: true })
  })

  test.each(CONSTRUCTS)('%s', async construct => {
    const real = spawnSync('sh', ['-c', construct], { cwd: there!, encoding: 'utf8', input: '' })
    const options = ['--machine', 'linux-user', '--env', 'PATH=.']
    const ours = await runCommand([...options, join(here!, 'busybox'), 'sh', '-c', construct], { directory: here! })
    expect([ours.out, ours.status]).toEqual([real.stdout, real.status ?? 128 + 15])
  })
})
