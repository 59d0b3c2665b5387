// What was covered, against gcov of GCC on the same source and against QEMU's log of every instruction.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { merge } from '../../src/cli/merge.ts'
import { parseLcov } from '../../src/measure/lcov.ts'
import { buildVisited, GCC } from '../support/guest.ts'
import { runCommand } from '../support/runCommand.ts'
import { have } from '../support/tools.ts'

const folder = mkdtempSync(join(tmpdir(), 'ppc440-measure-'))
const SOURCE = resolve('test/guest/measure/branches.c')
const FLAGS = ['-g', '-mcpu=440fp', '-static', '-fno-pie', '-no-pie', SOURCE]
const GCOV = 'powerpc-linux-gnu-gcov'

const lineOf = (text: string) =>
  readFileSync(SOURCE, 'utf8')
    .split('\n')
    .findIndex(line => line.includes(text)) + 1

const run = (name: string, args: readonly string[], options: object = {}) => {
  const { status, stdout, stderr } = spawnSync(name, args, { cwd: folder, encoding: 'utf8', ...options })
  if (status === null) throw new Error(stderr)
  return { status, stdout, stderr }
}

function plain(optimisation: string): string {
  const program = join(folder, `plain${optimisation}`)
  const { status, stderr } = run(GCC, [...FLAGS, optimisation, '-o', program])
  if (status !== 0) throw new Error(stderr)
  return program
}

/** `gcov`'s counts by line, of a program built to count itself and run by QEMU. */
function gcovLines(): Map<number, number> {
  const program = join(folder, 'counting')
  run(GCC, [...FLAGS, '-O0', '--coverage', '-o', program])
  run('qemu-ppc', ['-cpu', '440EP', program])
  const notes = readdirSync(folder).find(name => name.endsWith('.gcno'))!
  run(GCOV, [join(folder, notes)])
  const listing = readFileSync(join(folder, 'branches.c.gcov'), 'utf8')
  const rows = [...listing.matchAll(/^ *(\d+\*?|#####|=====): *(\d+):/gm)]
  return new Map(
    rows.map(([, count, line]) => [
      Number(line),
      count!.startsWith('#') || count!.startsWith('=') ? 0 : Number.parseInt(count!, 10),
    ]),
  )
}

async function covered(program: string, args: readonly string[] = []) {
  const out = join(folder, `run-${Math.random().toString(36).slice(2)}.info`)
  const { status } = await runCommand(['--machine', 'linux-user', '--coverage', out, program, ...args])
  const text = readFileSync(out, 'utf8')
  return { status, text, out, file: parseLcov(text, out).find(({ path }) => path.endsWith('branches.c'))! }
}

describe.skipIf(!have(GCC) || !have('qemu-ppc') || !have(GCOV))(
  'coverage of a program that knows nothing of it',
  () => {
    test('has the counts of gcov where both count', async () => {
      const gcov = gcovLines()
      const { file } = await covered(plain('-O0'))
      const both = [...gcov.keys()].filter(line => file.lines.has(line))
      expect(both.length).toBeGreaterThan(35)
      // What setjmp returns to a second time is executed a second time, and gcov counts no way that leads there.
      const setjmp = lineOf('if (setjmp(back) == 0)')
      expect([gcov.get(setjmp), file.lines.get(setjmp)]).toEqual([1, 2])
      const differing = both.filter(line => line !== setjmp && gcov.get(line) !== file.lines.get(line))
      expect(differing.map(line => `${line}: gcov ${gcov.get(line)}, ours ${file.lines.get(line)}`)).toEqual([])
    })

    test('counts calls, and both ways of every conditional branch', async () => {
      const { file } = await covered(plain('-O0'))
      expect(Object.fromEntries([...file.functions].map(([name, { count }]) => [name, count]))).toEqual({
        ...{ unused: 0, classify: 23, loops: 1, both: 6, deep: 7, fibonacci: 109, main: 1 },
      })
      const at = (line: number) =>
        file.branches.filter(each => each.line === line).map(({ taken, passed }) => taken + passed)
      const deep = lineOf('longjmp(back, 1)') - 1
      expect(at(deep)).toEqual([7])
      expect(at(lineOf('if (a > 3 && b > 3)'))).toEqual([6, 2])
      expect(file.branches.find(({ line }) => line === deep)).toMatchObject({ taken: 6, passed: 1 })
    })

    test('is the same source with optimisation, where lines are still known', async () => {
      const { file, status } = await covered(plain('-O2'))
      expect(status).toBe((await covered(plain('-O0'))).status)
      expect(file.functions.get('main')).toMatchObject({ count: 1 })
    })

    test('of several runs adds up', async () => {
      const [one, other] = [await covered(plain('-O0')), await covered(plain('-O0'), ['more'])]
      const out = join(folder, 'all.info')
      await merge([out, one.out, other.out])
      const all = parseLcov(readFileSync(out, 'utf8'), out).find(({ path }) => path === one.file.path)!
      expect(all.functions.get('unused')!.count).toBe(1)
      expect(all.functions.get('fibonacci')!.count).toBe(218)
      for (const [line, count] of all.lines)
        expect(count).toBe((one.file.lines.get(line) ?? 0) + (other.file.lines.get(line) ?? 0))
      expect(all.branches).toHaveLength(one.file.branches.length)
    })
  },
)

test.skipIf(!have(GCC) || !have('qemu-system-ppc'))('a trace has every instruction that QEMU executes', async () => {
  const program = buildVisited('board', join(folder, 'visited.elf'))
  const [ours, theirs] = [join(folder, 'ours.txt'), join(folder, 'theirs.txt')]
  await runCommand(['--trace', `insns=${ours}`, program])
  const machine = ['-M', 'bamboo', '-nic', 'none', '-display', 'none', '-no-reboot', '-kernel', program]
  run('qemu-system-ppc', [...machine, '-singlestep', '-d', 'exec,nochain', '-D', theirs], { timeout: 20_000 })
  const addresses = readFileSync(ours, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => line.slice(0, 8))
  const log = [...readFileSync(theirs, 'utf8').matchAll(/^Trace \d+: 0x[0-9a-f]+ \[[0-9a-f]+\/([0-9a-f]+)\//gm)]
  expect(addresses.length).toBeGreaterThan(3000)
  expect(addresses).toEqual(log.map(([, address]) => address!.slice(-8)).slice(0, addresses.length))
})

test('what is no LCOV is refused with its place', () => {
  expect(() => parseLcov('TN:\nnonsense\n', 'x.info')).toThrow(/x\.info:2 is not LCOV: nonsense/)
  expect(() => parseLcov('SF:a.c\nDA:x,1\n', 'x.info')).toThrow(/x\.info:2/)
})
