// A program, command by command: in a directory under qemu-ppc, which gives its system calls to a real Linux, and in one
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
} from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../../support/runCommand.ts'

/** What a program is asked to do, one after the other in one directory. */
export interface Case {
  /** Absolute path. */
  readonly program: string
  /** Arguments of each, split at blanks where they are a text. */
  readonly commands: readonly (string | readonly string[])[]
  /** Puts into a directory what is there at first. */
  readonly scratch: (directory: string) => void
  readonly input?: string
  /** It calls a shell: there is one, which is BusyBox's here, with its applets. */
  readonly shell?: boolean
}

export const BUSYBOX = fileURLToPath(new URL('../../../.cache/guests/busybox/busybox', import.meta.url))
export const QEMU = 'qemu-ppc'
/** As a process here is: an ordinary user. */
const USER = 1000
/** When the clock here begins, and what a process finds was there. */
const DATE = 946_684_800

/** @returns what differs */
export async function differences({
  program,
  commands,
  scratch,
  input = '',
  shell = false,
}: Case): Promise<readonly string[]> {
  const outer = mkdtempSync(join(tmpdir(), 'programs-'))
  try {
    chmodSync(outer, 0o755)
    const made = join(outer, 'work')
    mkdirSync(made)
    scratch(made)
    const [theirs, own] = ['theirs', 'root/work'].map(name => copied(made, join(outer, name)))
    const root = shell ? withApplets(join(outer, 'root')) : undefined
    const found: string[] = []
    for (const command of commands) {
      const args = typeof command === 'string' ? command.split(' ') : command
      const real = underQemu(program, args, theirs!, { input, env: shell ? { PATH: '/bin:/usr/bin' } : {} })
      const options = ['--machine', 'linux-user', '--writable', '.', '--max-insns', '2000000000']
      if (root !== undefined) options.push('--root', root, '--env', 'PATH=/bin')
      const ours = await runCommand([...options, program, ...args], { directory: own!, input })
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

/** Neither where it is, nor which inodes there are, nor how long something took. */
const plain = (text: string, directory: string): string =>
  text
    .replaceAll(directory, '/work')
    .replace(/^ppc440: .*\n/gm, '')
    .replace(/^qemu: .*\n/gm, '')
    .replace(/copied, .*/g, 'copied')

interface Given {
  readonly input: string
  readonly env: Readonly<Record<string, string>>
}

function underQemu(program: string, args: readonly string[], directory: string, given: Given) {
  const user = process.getuid?.() === 0 ? { uid: USER, gid: USER } : {}
  const { stdout, stderr, status, signal } = spawnSync(QEMU, ['-cpu', '440EP', program, ...args], {
    ...{ cwd: directory, encoding: 'utf8', ...given, ...user },
  })
  date(directory)
  return { out: stdout, error: stderr, status: status ?? (signal === null ? signal : 128 + constants.signals[signal]) }
}

const APPLETS = [
  'sh',
  'cat',
  'date',
  'echo',
  'false',
  'ls',
  'mv',
  'rm',
  'sleep',
  'sort',
  'tr',
  'true',
  'wc',
  'env',
  'od',
]

function withApplets(root: string): string {
  mkdirSync(join(root, 'bin'))
  cpSync(BUSYBOX, join(root, 'bin/busybox'))
  for (const name of APPLETS) symlinkSync('busybox', join(root, 'bin', name))
  return root
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
