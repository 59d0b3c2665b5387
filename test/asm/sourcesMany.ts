// `npm run test:asm:sources`: the PowerPC assembly of Linux 6.1 and of glibc, after the C preprocessor, assembled here and
// by GNU as: the same bytes, relocations and symbols. What GNU as refuses for a 440, and what has instructions of another
// PowerPC, does not count. Needs the cross compiler; the sources come from Debian's.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { problemText } from '../../src/asm/problem.ts'
import { relocatable } from '../../src/asm/relocatable.ts'
import { GCC } from '../support/guest.ts'
import { gnuAs, objectAsRead, ours } from './gnu.ts'

const SOURCES = '.cache/guests/src'
/** Of an instruction, or a form of one, that GNU as takes with -m440 and a 440 does not have: see decision 29. */
const NOT_OF_THE_440 =
  /is no instruction of the (PowerPC )?440|unknown (mnemonic|instruction)|dcbt(st)? takes 2 operands/
/** Of sources for others, by which GNU as chooses its instructions and hints. */
const MACHINE = /^\s*\.machine\s+"?(power|a2|476|ppc64)/m
/** Relocations of dynamic linking, which are not there. */
const DYNAMIC = /@(got|plt|dtprel|tprel)/

interface Tree {
  readonly name: string
  /** The argument of scripts/guests/sources.sh, or of another script there. */
  readonly script: readonly string[]
  readonly folders: readonly string[]
  readonly flags: readonly string[]
}

const glibc = (path: string): string => join(SOURCES, 'glibc', path)
const include = (folder: string): readonly string[] => ['-I', folder]
const headers = (path: string): string => join('.cache/guests/linux-headers', path)
const linux = (path: string): string => join(SOURCES, 'linux', path)

/** In the order in which glibc's own Makefiles have them for a 440 with floating point. */
const GLIBC_FOLDERS = [
  'sysdeps/unix/sysv/linux/powerpc/powerpc32/fpu',
  'sysdeps/unix/sysv/linux/powerpc/powerpc32',
  'sysdeps/unix/sysv/linux/powerpc',
  'sysdeps/powerpc/nptl',
  'sysdeps/unix/sysv/linux/include',
  'sysdeps/unix/sysv/linux',
  'sysdeps/nptl',
  'sysdeps/unix/sysv',
  'sysdeps/unix/powerpc',
  'sysdeps/unix',
  'sysdeps/powerpc/powerpc32/fpu',
  'sysdeps/powerpc/powerpc32',
  'sysdeps/powerpc/fpu',
  'sysdeps/powerpc',
  'sysdeps/wordsize-32',
  'sysdeps/ieee754',
  'sysdeps/generic',
  'include',
  '.',
]

/** What glibc's build makes of its configuration and of C: empty, but for the library that all is a part of. */
const GENERATED = {
  'config.h': '',
  'libc-modules.h': '#define MODULE_libc 1\n',
  ...Object.fromEntries(
    ['abi-versions', 'first-versions', 'misc/bits/syscall', 'rtld-global-offsets', 'locale-defines', 'ucontext_i'].map(
      name => [`${name}.h`, ''],
    ),
  ),
}

const TREES: readonly Tree[] = [
  {
    name: 'glibc',
    script: ['sources.sh', 'glibc'],
    folders: ['sysdeps/powerpc/powerpc32', 'sysdeps/unix/sysv/linux/powerpc/powerpc32'].map(glibc),
    flags: [
      ...GLIBC_FOLDERS.map(glibc).flatMap(include),
      ...['-D_LIBC_REENTRANT', '-include', glibc('include/libc-symbols.h'), '-DMODULE_NAME=libc'],
      ...['-DTOP_NAMESPACE=glibc', '-DC_SYMBOL_NAME(name)=name', '-Dlibc_hidden_builtin_def(name)='],
      ...['-Dlibc_hidden_def(name)=', '-Dweak_alias(name,alias)=.weak alias; alias = name'],
      ...['-Dstrong_alias(name,alias)=.globl alias; alias = name'],
    ],
  },
  {
    name: 'Linux',
    script: ['linux.sh', 'headers'],
    folders: ['arch/powerpc/lib', 'arch/powerpc/kernel', 'arch/powerpc/boot'].map(linux),
    flags: [
      ...[linux('arch/powerpc/include'), headers('arch/powerpc/include/generated'), linux('include')].flatMap(include),
      ...[headers('include'), linux('arch/powerpc/include/uapi'), linux('include/uapi')].flatMap(include),
      ...[headers('arch/powerpc/include/generated/uapi'), headers('include/generated/uapi')].flatMap(include),
      ...[linux('arch/powerpc/boot'), linux('arch/powerpc/kernel'), linux('arch/powerpc')].flatMap(include),
      ...['-D__KERNEL__', '-D__ASSEMBLY__', '-include', linux('include/linux/kconfig.h'), '-msoft-float'],
    ],
  },
]

/** What is no difference. */
const VERDICTS = ['same', 'not preprocessed', 'GNU as refuses', 'another processor', 'dynamic linking']

function verdictOf(source: string, flags: readonly string[], folder: string): string {
  const [text, theirs, own] = ['x.s', 'theirs.o', 'own.o'].map(name => join(folder, name)) as [string, string, string]
  const preprocessed = spawnSync(GCC, ['-E', '-I', folder, ...flags, source, '-o', text], { encoding: 'utf8' })
  if (preprocessed.status !== 0) return 'not preprocessed'
  if (gnuAs(text, theirs, '-mregnames').status !== 0) return 'GNU as refuses'
  if (MACHINE.test(readFileSync(text, 'utf8'))) return 'another processor'
  const { object, problems } = ours(text)
  const errors = problems.filter(({ severity }) => severity === 'error').map(problemText)
  if (errors.length > 0 && errors.every(each => DYNAMIC.test(each))) return 'dynamic linking'
  if (errors.length > 0) return errors.every(each => NOT_OF_THE_440.test(each)) ? 'another processor' : errors[0]!
  writeFileSync(own, relocatable(object))
  return isDeepStrictEqual(objectAsRead(own), objectAsRead(theirs)) ? 'same' : 'differs'
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'asm-'))
  mkdirSync(join(folder, 'misc/bits'), { recursive: true })
  for (const [name, text] of Object.entries(GENERATED)) writeFileSync(join(folder, name), text)
  let wrong = 0
  for (const { name, script, folders, flags } of TREES) {
    const [file, ...args] = script
    if (spawnSync('bash', [join('scripts/guests', file!), ...args], { stdio: 'inherit' }).status !== 0)
      throw new Error(`${file} failed`)
    const tally = new Map<string, number>()
    for (const each of folders)
      for (const source of readdirSync(each, { recursive: true, encoding: 'utf8' }).filter(path =>
        path.endsWith('.S'),
      )) {
        const verdict = verdictOf(join(each, source), flags, folder)
        const kind = VERDICTS.includes(verdict) ? verdict : 'wrong'
        tally.set(kind, (tally.get(kind) ?? 0) + 1)
        if (kind !== 'wrong') continue
        wrong++
        console.log(`${join(each, source)}: ${verdict}`)
      }
    console.log(`${name}: ${[...tally].map(([kind, count]) => `${count} ${kind}`).join(', ')}`)
  }
  rmSync(folder, { recursive: true })
  process.exitCode = wrong > 0 ? 1 : 0
}

main()
