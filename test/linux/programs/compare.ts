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
import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../../support/runCommand.ts'

/** What a program is asked to do, one after the other in one directory. */
export interface Case {
  /** Absolute path, or one from the directory on. */
  readonly program: string
  /** Arguments of each, split at blanks where they are a text. */
  readonly commands: readonly (string | readonly string[])[]
  /** Puts into a directory what is there at first. */
  readonly scratch: (directory: string) => void
  readonly input?: string
  /** It calls a shell: there is one, which is BusyBox's here, with its applets. */
  readonly shell?: boolean
  /** Whether a command has done what the program's own tests want of it. */
  readonly isRight?: (ended: Ended) => boolean
  /** That alone says whether it is good: what it prints is different each time, or qemu-ppc fails as well. */
  readonly judgesItself?: boolean
  /** Why it is not good, where that is known and stays so. */
  readonly known?: string | undefined
}

/** How a command ended, and what it printed. */
export interface Ended {
  readonly status: number
  readonly out: string
  readonly error: string
}

/** How the commands of a case did beside qemu-ppc. */
export interface Comparison {
  /** What is otherwise than there. */
  readonly differences: readonly string[]
  /** All have done what the program's own tests want, here and there; undefined where these do not say. */
  readonly isRightHere: boolean | undefined
  readonly isRightThere: boolean | undefined
}

export const BUSYBOX = fileURLToPath(new URL('../../../.cache/guests/busybox/busybox', import.meta.url))
export const QEMU = 'qemu-ppc'
/** As a process here is: an ordinary user. */
const USER = 1000
/** What waits for ever there has an end, and what prints for ever. */
const MOST_MS = 60_000
const MOST_OUTPUT = 1 << 28
const MOST_INSTRUCTIONS = '40000000000'
/** When the clock here begins, and what a process finds was there. */
const DATE = 946_684_800

/** @returns what differs */
export const differences = async (each: Case): Promise<readonly string[]> => (await compare(each)).differences

export async function compare({
  program,
  commands,
  scratch,
  input = '',
  shell = false,
  isRight,
}: Case): Promise<Comparison> {
  const outer = mkdtempSync(join(tmpdir(), 'programs-'))
  try {
    chmodSync(outer, 0o755)
    const made = join(outer, 'work')
    mkdirSync(made)
    scratch(made)
    const [theirs, own] = ['theirs', 'root/work'].map(name => copied(made, join(outer, name)))
    const root = shell ? withApplets(join(outer, 'root')) : undefined
    const found: string[] = []
    const right = { here: true, there: true }
    const told = (): Comparison => ({
      differences: found,
      isRightHere: isRight === undefined ? undefined : right.here,
      isRightThere: isRight === undefined ? undefined : right.there,
    })
    for (const command of commands) {
      const args = typeof command === 'string' ? command.split(' ') : command
      const real = underQemu(program, args, theirs!, { input, env: shell ? { PATH: '/bin:/usr/bin' } : {} })
      const options = ['--machine', 'linux-user', '--writable', '.', '--max-insns', MOST_INSTRUCTIONS]
      if (root !== undefined) options.push('--root', root, '--env', 'PATH=/bin')
      if (!isAbsolute(program)) process.chdir(own!)
      const ours = await runCommand([...options, program, ...args], { directory: own!, input })
      date(own!)
      const what = args.join(' ')
      const ordered = (text: string): string => (UNORDERED.test(what) ? text.split('\n').sort().join('\n') : text)
      const [seenEnd, wantedEnd] = [plain(ours, own!), plain(real, theirs!)]
      right.here &&= isRight?.(seenEnd) === true
      right.there &&= isRight?.(wantedEnd) === true
      const [seen, wanted] = [seenEnd, wantedEnd].map(({ out, error, status }) => [ordered(out), `${status} ${error}`])
      for (const [i, each] of seen!.entries())
        if (each !== wanted![i]) found.push(`${what}:\n${wanted![i]}\n--- here:\n${each}`)
      const [there, here] = [tree(theirs!), tree(own!)]
      if (there !== here) {
        found.push(`${what} leaves:\n${there}\n--- here:\n${here}`)
        break
      }
    }
    return told()
  } finally {
    rmSync(outer, { recursive: true })
  }
}

/** They go through directories as these have their names, which is in no order. */
const UNORDERED = /^(find|du|grep -r|tar tf)/

/** gawk says when it has written a profile. */
const CREATED = /(?<=# gawk profile, )created .*/g

/** Neither where it is, nor which inodes there are, nor how long something took. */
function plain({ status, out, error }: Ended, directory: string): Ended {
  const each = (text: string): string =>
    text
      .replaceAll(directory, '/work')
      .replace(/^ppc440: .*\n/gm, '')
      .replace(/^qemu: .*\n/gm, '')
      .replace(/copied, .*/g, 'copied')
      .replace(CREATED, '')
  return { status, out: each(out), error: each(error) }
}

interface Given {
  readonly input: string
  readonly env: Readonly<Record<string, string>>
}

function underQemu(program: string, args: readonly string[], directory: string, given: Given): Ended {
  const user = process.getuid?.() === 0 ? { uid: USER, gid: USER } : {}
  const { stdout, stderr, status, signal } = spawnSync(QEMU, ['-cpu', '440EP', program, ...args], {
    ...{ cwd: directory, encoding: 'utf8', maxBuffer: MOST_OUTPUT, timeout: MOST_MS, ...given, ...user },
  })
  date(directory)
  return { out: stdout, error: stderr, status: status ?? 128 + (signal === null ? 0 : constants.signals[signal]) }
}

function withApplets(root: string): string {
  mkdirSync(join(root, 'bin'))
  cpSync(BUSYBOX, join(root, 'bin/busybox'))
  const { stdout } = spawnSync(QEMU, [BUSYBOX, '--list'], { encoding: 'utf8' })
  for (const name of stdout.split('\n').filter(each => each !== '' && each !== 'busybox'))
    symlinkSync('busybox', join(root, 'bin', name))
  mkdirSync(join(root, 'tmp'))
  chmodSync(join(root, 'tmp'), 0o1777)
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
      const contents = name.endsWith('.tar') ? `${stats.size} bytes` : readFileSync(path, 'latin1').replace(CREATED, '')
      return `${name} ${(stats.mode & 0o777).toString(8)} ${contents}`
    })
    .join('\n')
}
