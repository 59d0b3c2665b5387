// BusyBox as it is built by scripts/guests/busybox.sh, and the directory in which its applets are tried.

import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMMANDS } from './busyboxCommands.ts'
import { BUSYBOX, type Case, QEMU } from './compare.ts'

export const busybox = (name: string): Case => ({
  ...{ program: BUSYBOX, commands: COMMANDS[name]!, scratch, input: 'typed one\ntyped two\n' },
})

function scratch(directory: string): void {
  mkdirSync(join(directory, 'sub/in'), { recursive: true })
  const put = (path: string, text: string | Uint8Array): void => writeFileSync(join(directory, path), text)
  put('a.txt', 'beta\nalpha\ngamma\nalpha\n')
  put('b.txt', 'beta\nALPHA\tx\ngamma\n')
  put('numbers', Array.from({ length: 3000 }, (_, i) => `${i}\n`).join(''))
  put('sub/in/deep.txt', 'deep\n')
  put('sub/w.txt', 'one two three\nfour five six\n')
  put('pairs', 'a b\nb c\n')
  put('sums.bc', 'scale=20\n2/3\n')
  put('change.diff', '--- a.txt\n+++ a.txt\n@@ -1,3 +1,3 @@\n beta\n-alpha\n+changed\n gamma\n')
  put('busybox.copy', Buffer.from('\0\x01some text here\0\x02another piece\0'))
  symlinkSync('a.txt', join(directory, 'link'))
  mkdirSync(join(directory, 'tree/x'), { recursive: true })
  put('tree/x/file', 'in an archive\n')
  const shell = (command: string): void => void spawnSync('sh', ['-c', command], { cwd: directory })
  shell(
    'md5sum a.txt b.txt > sums; printf "packed text\\n" | xz > packed.xz; printf "lzma text\\n" | xz --format=lzma > packed.lzma',
  )
  shell(
    `find tree | ${QEMU} ${BUSYBOX} cpio -o -H newc > given.cpio 2> /dev/null; ar rcD given.a a.txt b.txt; rm -r tree`,
  )
  shell('mkdir zipped; cp a.txt zipped; python3 -m zipfile -c given.zip zipped; rm -r zipped')
}
