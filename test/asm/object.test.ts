// Objects beside those of GNU as: the same bytes in the same sections, the same relocations, the same symbols.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { problemText } from '../../src/asm/problem.ts'
import { relocatable } from '../../src/asm/relocatable.ts'
import { GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'
import { GNU, gnuAs, objectAsRead, ours } from './gnu.ts'

const SOURCES = 'test/asm/sources'

describe.skipIf(![GCC, ...GNU].every(have))('the object is that of GNU as', () => {
  const folder = mkdtempSync(join(tmpdir(), 'asm-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  function compare(source: string, ...options: string[]): void {
    const [theirs, own] = [join(folder, 'theirs.o'), join(folder, 'own.o')]
    expect(gnuAs(source, theirs, ...options).refused).toEqual([])
    const { object, problems } = ours(source)
    expect(problems.map(problemText)).toEqual([])
    writeFileSync(own, relocatable(object))
    expect(objectAsRead(own)).toEqual(objectAsRead(theirs))
  }

  test.each(readdirSync(SOURCES).filter(name => name.endsWith('.s')))('of %s', name => {
    compare(join(SOURCES, name), '-I', SOURCES)
  })

  test.each([
    'examples/asm/primes.S',
    'examples/coffee/start.S',
    'test/guest/bench/bare.S',
    'test/guest/board/start.S',
    'test/guest/overlays/start.S',
    'test/guest/symbols/interrupt.S',
    'test/guest/symbols/labels.S',
    'test/guest/symbols/start.S',
  ])('of %s after the preprocessor', name => {
    const source = join(folder, `${basename(name)}.s`)
    expect(spawnSync(GCC, ['-E', name, '-o', source]).status).toBe(0)
    compare(source)
  })

  // What a compiler writes: every construct of its own, and its labels, alignments and data.
  test.each([
    ['test/guest/bench/kernels.c', '-O2'],
    ['test/guest/linux/names.c', '-O2'],
    ['test/guest/linux/names.c', '-O0', '-fPIC'],
    ['test/guest/symbols/floats.c', '-O2', '-mhard-float'],
    ['test/guest/symbols/recursion.c', '-O2', '-fPIC'],
  ])('of %s as GCC writes it, %s %s', (name, ...options) => {
    const source = join(folder, 'compiled.s')
    const flags = ['-S', '-fno-asynchronous-unwind-tables', '-fno-dwarf2-cfi-asm', '-w', ...options.filter(Boolean)]
    expect(spawnSync(GCC, [...flags, name, '-o', source], { encoding: 'utf8' })).toMatchObject({ status: 0 })
    compare(source)
  })
})
