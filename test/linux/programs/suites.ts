// Programs of others and what they are asked to do, by suite: from Debian's source packages, which scripts of
// scripts/guests bring and build.

import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { busybox } from './busybox.ts'
import { COMMANDS } from './busyboxCommands.ts'
import type { Case } from './compare.ts'
import { gawkTests } from './gawkSuite.ts'
import { libcTests } from './libcSuite.ts'
import { LUA_SCRIPTS, SQL } from './scripts.ts'

export interface Suite {
  /** A script of scripts/guests with its arguments. */
  readonly script: readonly string[]
  /** By name. @throws where something cannot be built */
  readonly cases: () => ReadonlyMap<string, Case>
}

const CACHE = fileURLToPath(new URL('../../../.cache/guests', import.meta.url))
const program = (name: string): string => join(CACHE, 'programs', name)
const sources = (...names: string[]): string => join(CACHE, 'src', ...names)
const nothing = (): void => {}

// ---- GCC's tests of exceptions ------------------------------------------------------------------------------------------

const EH = sources('gcc-eh/gcc/testsuite/g++.dg/eh')

function exceptions(): ReadonlyMap<string, Case> {
  const built = join(CACHE, 'programs/eh')
  mkdirSync(built, { recursive: true })
  const names = readdirSync(EH).filter(name => name.endsWith('.C'))
  const runs = names.filter(name => /\{\s*dg-do run\b/.test(readFileSync(join(EH, name), 'latin1')))
  const cases = runs.flatMap((name): [string, Case][] => {
    const elf = join(built, name.slice(0, -2))
    const [, options = ''] = /\{\s*dg-options "([^"]*)"/.exec(readFileSync(join(EH, name), 'latin1')) ?? []
    const args = ['-mcpu=440fp', '-static', '-w', ...options.split(' ').filter(each => each !== ''), join(EH, name)]
    if (!existsSync(elf)) spawnSync('powerpc-linux-gnu-g++', [...args, '-o', elf, '-lpthread'])
    return existsSync(elf) ? [[name, { program: elf, scratch: nothing, commands: [[]] }]] : []
  })
  return new Map(cases)
}

// ---- Lua, SQLite ----------------------------------------------------------------------------------------------------------

const lua = (): ReadonlyMap<string, Case> =>
  new Map(
    Object.entries(LUA_SCRIPTS).map(([name, script]) => [
      name,
      {
        program: program('lua'),
        scratch: directory => writeFileSync(join(directory, 'script.lua'), script),
        input: '10 20\nlast line',
        commands: [['script.lua', 'one', 'two']],
      },
    ]),
  )

const LUA_TESTS = sources('lua-tests/testes')
/** It is for no test but runs all, needs gigabytes, or is part of another. */
const NOT_LUA = /^(all|heavy|tracegc)$/

/** Why some fail here. */
const KNOWN_OF_LUA: Readonly<Record<string, string>> = {
  'main.lua': 'Lua is built without readline, whose echo it expects',
  'files.lua': "BusyBox's shell executes the last command in its own place, so that a signal ends the shell too",
  'strings.lua': 'there are no locales for a static program; it fails under qemu-ppc alike',
}

/** Those that take very long, or much memory, unless they are told to be soft. */
const SHORTER = ['constructs.lua', 'errors.lua']
/** How it wants to be run. */
const IN_A_COROUTINE = "local f = coroutine.wrap(assert(loadfile('big.lua'))) assert(f() == 'b') assert(f() == 'a')"

/** Lua's own tests, a file each: an assertion that does not hold ends it. Those that start Lua need it beside them. */
function luaTests(): ReadonlyMap<string, Case> {
  const names = readdirSync(LUA_TESTS).filter(name => name.endsWith('.lua') && !NOT_LUA.test(name.slice(0, -4)))
  const scratch = (directory: string): void => {
    cpSync(LUA_TESTS, directory, { recursive: true })
    cpSync(program('lua'), join(directory, 'lua'))
  }
  return new Map(
    names.map(name => [
      name,
      {
        ...{ program: './lua', scratch, shell: true, judgesItself: true },
        commands: [
          name === 'big.lua' ? ['-e', IN_A_COROUTINE] : SHORTER.includes(name) ? ['-e', '_soft = true', name] : [name],
        ],
        isRight: ({ status }) => status === 0,
        known: KNOWN_OF_LUA[name],
      },
    ]),
  )
}

/** On a file that another SQLite has made. */
const sqlite = (): ReadonlyMap<string, Case> =>
  new Map(
    Object.entries(SQL).map(([name, commands]) => [
      name,
      { program: program('sqlite3'), scratch: existingDatabase, commands: commands.map(each => ['data.db', each]) },
    ]),
  )

const MAKE_DATABASE = `
import sqlite3
d = sqlite3.connect('data.db')
d.execute('create table words(id integer primary key, word text, n real)')
d.executemany('insert into words values(?, ?, ?)', [(i, 'word%d' % (i * 7919 % 1000), i / 7) for i in range(5000)])
d.execute('create index byWord on words(word)')
d.commit()
`

function existingDatabase(directory: string): void {
  const { status, stderr } = spawnSync('python3', ['-c', MAKE_DATABASE], { cwd: directory, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

// ---- programs that compress -----------------------------------------------------------------------------------------------

const XZ_FILES = sources('xz-utils/tests/files')

function text(directory: string): void {
  const lines = Array.from({ length: 4000 }, (_, i) => `line ${i} ${(i * 7919) % 1000}\n`)
  writeFileSync(join(directory, 'text'), lines.join(''))
  writeFileSync(
    join(directory, 'bytes'),
    Uint8Array.from({ length: 50_000 }, (_, i) => (i * i * 31) >> 7),
  )
  writeFileSync(join(directory, 'empty'), '')
}

function compressors(): ReadonlyMap<string, Case> {
  const there = (name: string, ending: string): readonly string[] => [
    ...[`-k text`, `-1 -k -c bytes`, `-6 -f -k bytes empty`, `-t text.${ending} bytes.${ending}`],
    ...[
      `-d -c text.${ending}`,
      `-d -f bytes.${ending}`,
      `text`,
      `text`,
      `-d text.${ending}`,
      `-d text`,
      `-d nothing.${ending}`,
    ],
    ...(name === 'lz4' ? [] : [`-l text.${ending}`]),
  ]
  const all: [string, Case][] = (
    [
      ['gzip', 'gz'],
      ['xz', 'xz'],
      ['bzip2', 'bz2'],
      ['lz4', 'lz4'],
    ] as const
  ).map(([name, ending]) => [name, { program: program(name), scratch: text, commands: there(name, ending) }])
  const threads: Case = {
    ...{ program: program('xz'), scratch: text },
    commands: ['-T2 --block-size=20000 -k text', '-l text.xz', '-T2 -d -c text.xz', '-T3 -d text.xz -f'],
  }
  const files = readdirSync(XZ_FILES).filter(name => /\.(xz|lzma|lz)$/.test(name))
  const given: Case = {
    program: program('xz'),
    scratch: directory => {
      for (const name of files) cpSync(join(XZ_FILES, name), join(directory, name))
    },
    commands: files.map(name => ['-d', '-c', name]),
  }
  return new Map([...all, ['xz with threads', threads], ['files of xz', given]])
}

// ---- all of them ----------------------------------------------------------------------------------------------------------

const built = (...names: string[]): readonly string[] => ['programs.sh', ...names]

export const SUITES: Readonly<Record<string, Suite>> = {
  busybox: {
    script: ['busybox.sh'],
    cases: () => new Map(Object.keys(COMMANDS).map(name => [name, busybox(name)])),
  },
  gawk: { script: built('gawk'), cases: () => gawkTests(sources('gawk/test'), program('gawk')) },
  libc: { script: ['sources.sh', 'libc-test'], cases: () => libcTests(sources('libc-test'), program('libc-test')) },
  eh: { script: ['sources.sh', 'eh'], cases: exceptions },
  lua: { script: built('lua'), cases: lua },
  luaTests: { script: ['sources.sh', 'lua-tests'], cases: luaTests },
  sqlite: { script: built('sqlite3'), cases: sqlite },
  compress: { script: built('gzip', 'xz', 'bzip2', 'lz4'), cases: compressors },
}
