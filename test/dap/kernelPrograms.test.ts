// Linux as it is, built by scripts/guests/bamboo.sh, with a position-independent program of Debian's compiler and C library, and
// a library of its own: what lies where, it says itself (/proc/self/maps), and the stack through both libraries gdb. By hand,
// named, where the kernels have been built.

import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openGdb } from '../../src/host/gdbServer.ts'
import { nodeFiles } from '../../src/host/nodeFiles.ts'
import { until } from '../e2e/support/until.ts'
import { DapClient } from '../support/dap.ts'
import { gdb } from '../support/gdb.ts'
import { GCC } from '../support/guest.ts'
import { saidBy, typeTo } from '../support/kernelConsole.ts'

const PATIENCE = 120_000
const SOURCES = resolve('test/guest/kernel/programs')
const lineOf = (file: string, text: string): number =>
  readFileSync(join(SOURCES, file), 'utf8')
    .split('\n')
    .findIndex(line => line.includes(`/* ${text} */`)) + 1

describe.each(['6.1', '6.12'])('Linux %s', version => {
  const built = resolve(`.cache/guests/linux-${version}`)
  const isBuilt = existsSync(join(built, 'console.cpio.gz'))
  const it = test.skipIf(!isBuilt)
  const directory = mkdtempSync(join(tmpdir(), 'kernel-programs-'))
  const root = join(directory, 'root')
  const [program, library, initrd] = ['root/bin/sorting', 'root/lib/libcomparing.so', 'initrd'].map(name =>
    join(directory, name),
  ) as [string, string, string]
  let dap: DapClient

  beforeAll(() => {
    if (!isBuilt) return
    for (const folder of ['bin', 'lib']) mkdirSync(join(root, folder), { recursive: true })
    const compile = (...args: string[]) => execFileSync(GCC, ['-g', '-O1', ...args], { cwd: directory })
    compile('-shared', '-fPIC', '-Wl,-soname,libcomparing.so', join(SOURCES, 'comparing.c'), '-o', library)
    compile('-pie', '-fPIE', join(SOURCES, 'sorting.c'), library, '-Wl,-rpath,/lib', '-o', program)
    for (const name of ['ld.so.1', 'libc.so.6'])
      cpSync(join('/usr/powerpc-linux-gnu/lib', name), join(root, 'lib', name), { dereference: true })
    // The kernel unpacks one after the other.
    execFileSync('sh', ['-c', 'find . | cpio --quiet -o -H newc | gzip -1n > ../ours.cpio.gz'], { cwd: root })
    const archives = [join(built, 'console.cpio.gz'), join(directory, 'ours.cpio.gz')]
    writeFileSync(initrd, Buffer.concat(archives.map(file => readFileSync(file))))
  })
  afterAll(() => rmSync(directory, { recursive: true }))
  afterEach(() => dap?.session.dispose())

  const said = () => saidBy(dap)
  const prompt = (times: number) =>
    until('the prompt', () => said().split('\n# ').length > times || undefined, PATIENCE)
  const type = (line: string) => typeTo(dap, line)
  /** At the shell's prompt. */
  const start = async (append = '') => {
    dap = new DapClient(nodeFiles, { openGdb })
    await dap.launch(join(built, 'vmlinux'), {
      ...{ stopOnEntry: true, console: 'terminal', dtb: join(built, 'board.dtb'), initrd },
      ...{ append: `console=ttyS0,115200 ${append}`, systemRoot: root, programs: { '/bin/sorting': program } },
    })
    await dap.stopped()
  }
  const setLine = async (file: string, text: string) => {
    const breakpoints = [{ line: lineOf(file, text) }]
    return (await dap.ask('setBreakpoints', { source: { path: join(SOURCES, file) }, breakpoints })).breakpoints[0]!
  }
  const clear = (file: string) => dap.ask('setBreakpoints', { source: { path: join(SOURCES, file) }, breakpoints: [] })

  it.each(['', 'norandmaps'])(
    'has the lines, variables and stack of a position-independent program and its libraries %s',
    async append => {
      await start(append)
      expect(await setLine('comparing.c', 'compare')).toMatchObject({ verified: false, reason: 'pending' })
      await dap.ask('continue', { threadId: 1 })
      await prompt(1)
      for (let n = 1; n < 3; n++) {
        await type('sorting')
        await dap.stopped()
        const frames = await dap.stack()
        const names = frames.map(({ name }) => name)
        expect(names[0]).toBe('compare')
        const main = names.indexOf('main')
        expect(names[main - 1]).toBe('sorted')
        expect(names.slice(1, main - 1).some(name => name.startsWith('qsort'))).toBe(true)
        expect([await dap.evaluate('a'), await dap.evaluate('compared')]).toEqual(['440', '1'])
        const outer = await dap.ask('evaluate', {
          ...{ expression: 'numbers[1]', context: 'watch', frameId: frames[main]!.id },
        })
        expect(outer.result).toBe('440')

        const maps = [...said().matchAll(/^([0-9a-f]+)-[0-9a-f]+ \S+ 00000000 \S+ \d+ +(\/\S+)$/gm)]
        const placeOf = (path: string) => maps.filter(map => map[2] === path).at(-1)![1]!
        const files = {
          '/bin/sorting': program,
          '/lib/libcomparing.so': library,
          '/lib/libc.so.6': join(root, 'lib/libc.so.6'),
        }
        const libc = Number(`0x${placeOf('/lib/libc.so.6')}`)
        const { address } = await dap.ask('ppc440/gdb', { port: 0 })
        const theirs = await gdb(undefined, [
          'set architecture powerpc:common',
          ...Object.entries(files).map(([path, file]) => `add-symbol-file ${file} -o 0x${placeOf(path)}`),
          ...[`target remote ${address}`, 'backtrace', 'detach'],
        ])
        const named = [...theirs.matchAll(/^#\d+ +(?:(0x[0-9a-f]+) in )?([\w?]+)/gm)].map(([, at, name]) =>
          name === '??' ? `libc.so.6+0x${(Number(at) - libc).toString(16)}` : name,
        )
        expect(names.slice(0, main + 1)).toEqual(named)
        // The others are compared without a stop.
        await clear('comparing.c')
        await setLine('sorting.c', 'sorted')
        await dap.step('continue')
        expect((await dap.stack())[0]).toMatchObject({ name: 'sorted', line: lineOf('sorting.c', 'sorted') })
        await clear('sorting.c')
        await setLine('comparing.c', 'compare')
        await dap.ask('continue', { threadId: 1 })
        await prompt(n + 1)
      }
    },
    PATIENCE,
  )
})
