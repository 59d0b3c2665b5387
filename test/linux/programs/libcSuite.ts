// musl's libc-test: each of its programs, built with musl for the 440EP. One that finds nothing wrong says nothing.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Case } from './compare.ts'

const CC = fileURLToPath(new URL('../../../scripts/guests/cc440', import.meta.url))
const FLAGS = ['-O1', '-w', '-std=c99', '-D_POSIX_C_SOURCE=200809L', '-fno-builtin', '-frounding-math']

/** What is of shared libraries: there are none in a static program. */
const NOT_STATIC = /_dso$|dlopen|^tls_init$|^tls_get_new-dtv$/

/** Why some fail here. */
const KNOWN: Readonly<Record<string, string>> = {
  'functional/socket': 'there are no sockets',
  'functional/strptime': "musl 1.2.3 does not know all that it asks for; on the board's Linux it says the same",
  'regression/flockfile-list': "musl 1.2.3's allocator keeps what it would have again; it fails under qemu-ppc alike",
  'regression/malloc-brk-fail': "Linux since 4.7 counts mapped memory as data; on the board's it says the same",
}

/** Programs that are linked with the object of another source as well. */
const WITH: Readonly<Record<string, string>> = { tls_align: 'tls_align_dso' }

/** @param source where libc-test is @param out where its programs are built @throws where one cannot be built */
export function libcTests(source: string, out: string): ReadonlyMap<string, Case> {
  mkdirSync(out, { recursive: true })
  const common = join(source, 'src/common')
  const objects = sourcesIn(common)
    .filter(name => name !== 'runtest')
    .map(name => {
      const object = join(out, `${name}.o`)
      if (!existsSync(object)) compile(common, ['-c', join(common, `${name}.c`), '-o', object])
      return object
    })
  const all = ['functional', 'regression'].flatMap(group => {
    const directory = join(source, 'src', group)
    const names = sourcesIn(directory).filter(name => !NOT_STATIC.test(name))
    return names.map((name): [string, Case] => {
      const program = join(out, `${group}-${name}`)
      const files = [name, ...(WITH[name] === undefined ? [] : [WITH[name]])].map(each => join(directory, `${each}.c`))
      if (!existsSync(program)) compile(common, [...files, ...objects, '-o', program])
      return [`${group}/${name}`, { ...selfJudging(program), known: KNOWN[`${group}/${name}`] }]
    })
  })
  return new Map(all)
}

const selfJudging = (program: string): Case => ({
  ...{ program, scratch: () => {}, commands: [[]], shell: true, judgesItself: true },
  isRight: ({ status, out, error }) => status === 0 && out === '' && error === '',
})

const sourcesIn = (directory: string): readonly string[] =>
  readdirSync(directory)
    .filter(name => name.endsWith('.c'))
    .map(name => name.slice(0, -2))

function compile(common: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(CC, ['hard', ...FLAGS, `-I${common}`, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}
