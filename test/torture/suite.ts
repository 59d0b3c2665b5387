// GCC's own execution tests (gcc.c-torture/execute), which abort when a compiled program computes something wrong. What
// each needs is in its comments (`dg-options` and the like), in a side file, and in the .exp file of its folder.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CACHE = fileURLToPath(new URL('../../.cache/guests', import.meta.url))
export const SOURCES = join(CACHE, 'src/gcc/gcc/testsuite/gcc.c-torture/execute')

export interface TortureTest {
  readonly name: string
  readonly sources: readonly string[]
  readonly options: readonly string[]
}

/** What ieee.exp and builtins.exp add. */
const FOLDER_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  ieee: ['-fno-inline'],
  builtins: [
    ...['-fno-tree-dse', '-fno-tree-loop-distribute-patterns', '-fno-tracer', '-fno-ipa-ra'],
    ...['-fno-inline-functions', '-Wl,--allow-multiple-definition'],
  ],
}

/** Targets that this one is not. */
const ABSENT = /\b(int128|dfp|label_offset|ptr_eq_short|longlong128|x32|lp64)\b/

/**
 * Tests that fail on any 440, and why. The chk ones replace a function that musl's printf family calls, which only
 * works with a C library that has the checking variants.
 */
export const EXCLUDED: Readonly<Record<string, string>> = {
  '20101011-1': 'wants an integer division by zero to trap, which PowerPC does not do',
  'builtins/abs-1': 'replaces abs, which its own library calls by another name',
}
/** These need glibc's checking functions. */
export const NEEDS_GLIBC = /^builtins\/(.*printf|pr23484)-chk$/

export function tortureTests(): readonly TortureTest[] {
  return [
    ...cFiles('').map(name => describeTest(name, [`${name}.c`], '')),
    ...cFiles('ieee').map(name => describeTest(`ieee/${name}`, [`ieee/${name}.c`], 'ieee')),
    ...cFiles('builtins')
      .filter(name => !name.endsWith('-lib'))
      .map(name => describeTest(`builtins/${name}`, builtinSources(name), 'builtins')),
  ].filter((test): test is TortureTest => test !== undefined && !(test.name in EXCLUDED))
}

const cFiles = (folder: string): string[] =>
  readdirSync(join(SOURCES, folder))
    .filter(name => name.endsWith('.c'))
    .map(name => name.slice(0, -2))
    .sort()

function builtinSources(name: string): string[] {
  const library = `builtins/${name}-lib.c`
  return [`builtins/${name}.c`, ...(existsSync(join(SOURCES, library)) ? [library] : []), 'builtins/lib/main.c']
}

function describeTest(name: string, sources: readonly string[], folder: string): TortureTest | undefined {
  const text = readFileSync(join(SOURCES, sources[0]!), 'latin1')
  const directives = [...text.matchAll(/\{\s*dg-([\w-]+)\s+(.*)\}/g)].map(([, kind, rest]) => ({ kind, rest: rest! }))
  if (directives.some(({ kind, rest }) => isForOthers(kind!, rest))) return undefined
  const options = directives.flatMap(({ kind, rest }) =>
    kind === 'options' || kind === 'additional-options' ? optionsOf(rest) : [],
  )
  return {
    name,
    sources: sources.map(source => join(SOURCES, source)),
    options: [...options, ...(FOLDER_OPTIONS[folder] ?? []), ...sideFileOptions(join(SOURCES, `${name}.x`))],
  }
}

const isForOthers = (kind: string, rest: string): boolean =>
  (kind === 'require-effective-target' && ABSENT.test(rest)) || (kind === 'skip-if' && /!\s*\{\s*i\?86/.test(rest))

/** `"-O2 -fwrapv" { target ... }`: unless the targets are others. */
function optionsOf(rest: string): string[] {
  const [, options = '', target] = /"([^"]*)"\s*\}?\s*(\{.*\})?/.exec(rest) ?? []
  if (target !== undefined && !/\*-\*-\*|powerpc/.test(target)) return []
  return options.split(/\s+/).filter(option => option !== '')
}

function sideFileOptions(file: string): string[] {
  if (!existsSync(file)) return []
  const lines = [...readFileSync(file, 'latin1').matchAll(/^lappend additional_flags "([^"]*)"/gm)]
  return lines.flatMap(([, options]) => options!.split(/\s+/).filter(option => option !== ''))
}
