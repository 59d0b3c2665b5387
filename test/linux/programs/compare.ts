// BusyBox, command by command: in a directory under qemu-ppc, which gives its system calls to a real Linux, and in one
// like it here, to which its changes are brought after each. What it prints, how it ends, and what is there have to be the same.

import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  lchownSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../../support/runCommand.ts'

export const BUSYBOX = fileURLToPath(new URL('../../../.cache/guests/busybox/busybox', import.meta.url))
const QEMU = 'qemu-ppc'
/** As a process here is: an ordinary user. */
const USER = 1000
/** When the clock here begins, and what a process finds was there. */
const DATE = 946_684_800

/** Compares what the commands of a case do. @returns what differs */
export async function differences(commands: readonly (string | readonly string[])[]): Promise<readonly string[]> {
  const outer = mkdtempSync(join(tmpdir(), 'applets-'))
  try {
    chmodSync(outer, 0o755)
    const made = scratch(join(outer, 'work'))
    const [theirs, own] = ['theirs', 'own'].map(name => copied(made, join(outer, name)))
    const found: string[] = []
    for (const command of commands) {
      const args = typeof command === 'string' ? command.split(' ') : command
      const real = underQemu(args, theirs!)
      const options = ['--machine', 'linux-user', '--writable', '.', '--max-insns', '2000000000']
      const ours = await runCommand([...options, BUSYBOX, ...args], { directory: own!, input: INPUT })
      date(own!)
      const what = args.join(' ')
      const told = (text: string): string => (UNORDERED.test(what) ? text.split('\n').sort().join('\n') : text)
      const seen = [told(plain(ours.out, own!)), `${ours.status} ${plain(ours.error, own!)}`]
      const wanted = [told(plain(real.out, theirs!)), `${real.status} ${plain(real.error, theirs!)}`]
      for (const [i, each] of seen.entries())
        if (each !== wanted[i]) found.push(`${what}:\n${wanted[i]}\n--- here:\n${each}`)
      const [there, here] = [tree(theirs!), tree(own!)]
      if (there !== here) return [...found, `${what} leaves:\n${there}\n--- here:\n${here}`]
    }
    return found
  } finally {
    rmSync(outer, { recursive: true })
  }
}

/** They go through directories as these have their names, which is in no order. */
const UNORDERED = /^(find|du|grep -r|tar tf)/

const INPUT = 'typed one\ntyped two\n'

/** Neither where it is, nor which inodes there are, nor how long something took. */
const plain = (text: string, directory: string): string =>
  text
    .replaceAll(directory, '/work')
    .replace(/^ppc440: .*does not exist here: ENOSYS\n/gm, '')
    .replace(/copied, .*/g, 'copied')

function underQemu(args: readonly string[], directory: string) {
  const user = process.getuid?.() === 0 ? { uid: USER, gid: USER } : {}
  const { stdout, stderr, status, signal } = spawnSync(QEMU, ['-cpu', '440EP', BUSYBOX, ...args], {
    ...{ cwd: directory, input: INPUT, env: {}, encoding: 'utf8', ...user },
  })
  date(directory)
  return { out: stdout, error: stderr, status: status ?? signal }
}

function scratch(directory: string): string {
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
  return directory
}

/** The same again, as a process's own user has it. */
function copied(from: string, to: string): string {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true })
  if (process.getuid?.() === 0) for (const path of [to, ...everything(to)]) lchownSync(path, USER, USER)
  date(to)
  return to
}

const everything = (directory: string): string[] =>
  existsSync(directory)
    ? readdirSync(directory, { recursive: true, encoding: 'utf8' })
        .map(name => join(directory, name))
        .sort()
    : []

/** What a process finds here has one date. */
function date(directory: string): void {
  for (const path of [directory, ...everything(directory)]) lutimesSync(path, DATE, DATE)
}

/** What there is, with types, permissions and contents. */
function tree(directory: string): string {
  return everything(directory)
    .map(path => {
      const stats = lstatSync(path)
      const name = path.slice(directory.length + 1)
      if (stats.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`
      if (stats.isDirectory()) return `${name}/`
      // There, a tape has the names of users.
      const contents = name.endsWith('.tar') ? `${stats.size} bytes` : readFileSync(path, 'latin1')
      return `${name} ${(stats.mode & 0o777).toString(8)} ${contents}`
    })
    .join('\n')
}
