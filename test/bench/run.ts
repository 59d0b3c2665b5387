// `npm run bench [ROUNDS [KERNEL]]`: our core beside qemu-system-ppc -M bamboo and qemu-ppc, on the same kernels, alternating in
// one run. Seconds are processor time; what counts are the ratios. A table, and test/bench/results.json.

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, KERNELS, type Kernel } from './build.ts'
import { measureConditions } from './conditions.ts'
import { bundle, median, type Run, timed } from './measure.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const ours = bundle('ours')
const ROUNDS = Number(process.argv[2] ?? 3)
/** Chosen so that compiled code and QEMU take about a second: steady speed. */
const REPEAT: Readonly<Record<Kernel, number>> = {
  ...{ sieve: 20_000, quicksort: 8000, digest: 20_000, recursion: 6000, lists: 6000, matrices: 12_000 },
  ...{ text: 3000, mix: 800 },
}

/** A run that is over soon has this share of that, as has the interpreter's. */
const SHORT = 1 / 20

interface OurRun extends Run {
  readonly instructions: number
  readonly rss: number
}

const oursOn = (program: string, ...options: string[]): OurRun =>
  JSON.parse(spawnSync(process.execPath, [ours, program, ...options], { encoding: 'utf8' }).stdout) as OurRun

const QEMU_BAMBOO = ['qemu-system-ppc', '-M', 'bamboo', '-nic', 'none', '-nographic', '-no-reboot', '-kernel']

function measure(kernel: Kernel) {
  const bare = build(kernel, REPEAT[kernel], 'bare')
  const linux = build(kernel, REPEAT[kernel], 'linux')
  const short = build(kernel, REPEAT[kernel] * SHORT, 'bare')
  const shortRounds = Array.from({ length: ROUNDS }, () => ({
    auto: oursOn(short),
    interpreter: oursOn(short, '--engine=interpreter'),
    bamboo: timed([...QEMU_BAMBOO, short]),
  }))
  const shortSeconds = (of: 'auto' | 'interpreter' | 'bamboo'): number =>
    median(shortRounds.map(round => round[of].seconds))
  const rounds = Array.from({ length: ROUNDS }, () => ({
    plain: oursOn(bare),
    armed: oursOn(bare, '--armed'),
    bamboo: timed([...QEMU_BAMBOO, bare]),
    user: timed(['qemu-ppc', linux]),
  }))
  const outputs = new Set(
    rounds.flatMap(({ plain, armed, bamboo, user }) => [plain, armed, bamboo, user].map(run => run.output)),
  )
  if (outputs.size !== 1) throw new Error(`${kernel}: the results differ: ${[...outputs].join(', ')}`)
  const seconds = (of: 'plain' | 'armed' | 'bamboo' | 'user'): number => median(rounds.map(round => round[of].seconds))
  const { instructions, rss } = rounds[0]!.plain
  return {
    kernel,
    instructions,
    mips: Math.round(instructions / seconds('plain') / 1e6),
    interpreted: Math.round(shortRounds[0]!.auto.instructions / shortSeconds('interpreter') / 1e6),
    short: round(shortSeconds('bamboo') / shortSeconds('auto')),
    armed: round(seconds('plain') / seconds('armed')),
    bamboo: round(seconds('bamboo') / seconds('plain')),
    user: round(seconds('user') / seconds('plain')),
    megabytes: Math.round(rss),
  }
}

const round = (ratio: number): number => Number(ratio.toFixed(3))

const results = KERNELS.filter(kernel => kernel.includes(process.argv[3] ?? '')).map(kernel => {
  const result = measure(kernel)
  console.log(JSON.stringify(result))
  return result
})
console.table(results)
console.log('mips: auto; interpreted: the interpreter. short: speed relative to bamboo in a run a twentieth as long.')
console.log('armed: speed with four IACs elsewhere, relative to none. bamboo, user: our speed relative to QEMU.')
const conditions = measureConditions(ROUNDS)
console.table(conditions)
console.log('A false condition, by breakpoints armed: microseconds in our target and in gdb with qemu-ppc.')
writeFileSync(
  join(root, 'test/bench/results.json'),
  `${JSON.stringify({ kernels: results, conditions }, undefined, 2)}\n`,
)
