// A guest that tries to get out of its directory, watched by strace: which files the emulator opened for it, and whether
// it changed any. What Node opens for itself is known from a guest that does nothing.

import { execFileSync, spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildGuest, GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'

const LINKS: Readonly<Record<string, string>> = {
  file: '../secret.txt',
  folder: '..',
  root: '/',
  etc: '/etc',
  passwd: '/etc/passwd',
  environ: '/proc/self/environ',
  mem: '/proc/self/mem',
  fd: '/proc/self/fd',
  zero: '/dev/zero',
  tty: '/dev/tty',
  twice: 'file',
  deep: 'folder/secret.txt',
  linkedPipe: '../pipe',
  insideLink: 'sub/deep.txt',
}
const PATHS = [
  ...Object.keys(LINKS),
  ...['pipe', 'folder/secret.txt', 'root/etc/passwd', 'etc/passwd', 'fd/0', 'folder/project/folder/secret.txt'],
  ...[
    '../secret.txt',
    '..',
    '/',
    '/etc/passwd',
    '/proc/self/environ',
    '/proc/self/exe',
    '/dev/zero',
    '/dev/mem',
    '/tmp',
  ],
  ...['..\\secret.txt', '%2e%2e/secret.txt', '/dev/fd/0', '/proc/1/root/etc/passwd', 'sub/../../secret.txt'],
]
/** What the C library looks up for Node's memory, now or later. */
const LIBRARY = ['/sys/devices/system/cpu/online', '/proc/sys/vm/overcommit_memory']
/** Calls that change files. */
const CHANGES = /^\d+ +(unlink|rename|mkdir|rmdir|symlink|link|mknod|chmod|chown|truncate|creat|utime|setxattr)/
const OPENS = /^\d+ +open(?:at2?)?\(.*?"((?:[^"\\]|\\.)*)", ([^)]*?)(?:, 0\d+)?\) += (\d+)/

describe.skipIf(![GCC, 'strace', 'mkfifo'].every(have))('a guest in its directory (strace)', () => {
  const outer = realpathSync(mkdtempSync(join(tmpdir(), 'escape-')))
  const project = join(outer, 'project')
  const cli = join(outer, 'cli.cjs')
  const entry = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

  beforeAll(() => {
    mkdirSync(join(project, 'sub'), { recursive: true })
    writeFileSync(join(outer, 'secret.txt'), 'secret')
    writeFileSync(join(project, 'inside.txt'), 'inside')
    writeFileSync(join(project, 'sub', 'deep.txt'), 'deep')
    for (const [link, target] of Object.entries(LINKS)) symlinkSync(target, join(project, link))
    execFileSync('mkfifo', [join(project, 'pipe'), join(outer, 'pipe')])
    for (const name of ['escape', 'ends']) buildGuest(`hostile/${name}`, join(project, name))
    buildSync({ entryPoints: [entry], outfile: cli, bundle: true, platform: 'node', format: 'cjs' })
  })
  afterAll(() => rmSync(outer, { recursive: true }))

  const watched = (guest: string, ...args: string[]) => {
    const log = join(outer, `${guest}.strace`)
    const command = [process.execPath, cli, 'run', '--machine', 'linux-user', join(project, guest), ...args]
    const { stdout, stderr, status } = spawnSync(
      'strace',
      ['-f', '-s', '4096', '-e', 'trace=%file', '-o', log, ...command],
      {
        cwd: project,
        encoding: 'utf8',
        input: '',
        timeout: 120_000,
      },
    )
    const lines = readFileSync(log, 'utf8').split('\n')
    const opened = lines.flatMap(line => {
      const match = OPENS.exec(line)
      return match === null ? [] : [{ path: match[1]!, flags: match[2]! }]
    })
    return { stdout, stderr, status, opened, changes: lines.filter(line => CHANGES.test(line)) }
  }

  test('nothing outside is opened, nothing anywhere is changed', { timeout: 240_000 }, () => {
    const before = readdirSync(project)
    const idle = watched('ends')
    const usual = new Set([...LIBRARY, ...idle.opened.map(({ path }) => path)])
    const { stdout, stderr, status, opened, changes } = watched('escape', ...PATHS)
    expect([stderr, status]).toEqual(['', 0])
    // What is inside it reads, and who the machine's own user is; by a link that stays inside, too. What it writes to /dev/tty comes out.
    expect(stdout).toMatch(/GOT inside: inside/)
    expect(stdout).toMatch(/GOT insideLink: deep/)
    const contents = new Set(stdout.split('\n').map(line => line.replace(/^(written)*GOT .*: /, '')))
    const inside = ['inside', 'deep', 'writte', '\x7fELF\x01\x02', 'user:x', '']
    expect([...contents].filter(each => !inside.includes(each))).toEqual([])
    const beyond = opened.filter(({ path }) => !usual.has(path) && !`${path}/`.startsWith(`${project}/`))
    expect(beyond).toEqual([])
    expect(opened.filter(({ path }) => path.startsWith(project)).length).toBeGreaterThan(3)
    expect(opened.filter(({ path, flags }) => path.startsWith(outer) && !flags.startsWith('O_RDONLY'))).toEqual([])
    expect(changes).toEqual([])
    expect(readdirSync(project)).toEqual(before)
    expect(readFileSync(join(project, 'inside.txt'), 'utf8')).toBe('inside')
  })
})
