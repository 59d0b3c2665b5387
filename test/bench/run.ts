// `npm run bench [ROUNDS [KERNEL]]`: our core beside qemu-system-ppc -M bamboo and qemu-ppc, on the same kernels, alternating in
// one run. Seconds are processor time; what counts are the ratios. A table, and test/bench/results.json.

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, KERNELS, type Kernel } from './build.ts'
import { measureConditions } from './conditions.ts'
import { measureLinux } from './linux.ts'
import { bundle, median, type Run, timed } from './measure.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const ours = bundle('ours')
const ROUNDS = Number(process.argv[2] ?? 3)
/** Chosen so that compiled code and QEMU take about a second: steady speed. */
const REPEAT: Readonly<Record<Kernel, number>> = {
  ...{ sieve: 40_000, quicksort: 20_000, digest: 60_000, recursion: 18_000, lists: 18_000, matrices: 36_000 },
  ...{ text: 9000, mix: 2400, small: 2400, mandelbrot: 1200 },
}

/** A run that is over soon has this share of that, as has the interpreter's. */
const SHORT = 1 / 20

interface OurRun extends Run {
  readonly instructions: number
  readonly rss: number
  readonly compiled: number
  readonly generator: number
  readonly longest: number
  readonly warm: number
}

/** A page that no kernel touches. */
const ELSEWHERE = '0x00400000'
/** An address, never accessed itself, in the page of the stack of `recursion` where its frames are. */
const STACK_PAGE = '0x0011f000'

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
    watched: oursOn(bare, `--watch=${ELSEWHERE}`),
  }))
  const outputs = new Set(
    rounds.flatMap(({ plain, armed, bamboo, user, watched }) =>
      [plain, armed, bamboo, user, watched].map(run => run.output),
    ),
  )
  if (outputs.size !== 1) throw new Error(`${kernel}: the results differ: ${[...outputs].join(', ')}`)
  const seconds = (of: 'plain' | 'armed' | 'watched' | 'bamboo' | 'user'): number =>
    median(rounds.map(round => round[of].seconds))
  const { instructions, rss } = rounds[0]!.plain
  const of = (what: 'generator' | 'longest' | 'warm'): number => median(rounds.map(({ plain }) => plain[what]))
  return {
    kernel,
    instructions,
    mips: Math.round(instructions / seconds('plain') / 1e6),
    interpreted: Math.round(shortRounds[0]!.auto.instructions / shortSeconds('interpreter') / 1e6),
    short: round(shortSeconds('bamboo') / shortSeconds('auto')),
    armed: round(seconds('plain') / seconds('armed')),
    bamboo: round(seconds('bamboo') / seconds('plain')),
    user: round(seconds('user') / seconds('plain')),
    watched: round(seconds('plain') / seconds('watched')),
    generator: Number(of('generator').toFixed(1)),
    longest: Number(of('longest').toFixed(1)),
    warm: Math.round(of('warm')),
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
console.log('armed, watched: speed with four IACs, with a DAC elsewhere, relative to none. bamboo, user: to QEMU.')
console.log(
  'generator: microseconds for an instruction; longest: milliseconds for what holds a run up at once, a part of a',
)
console.log(
  'compilation, that of V8 included: both are processor time of the thread, where the system tells. warm: milliseconds',
)
console.log('by the clock on the wall until four fifths of the speed that it reaches.')
const integer = results.filter(({ kernel }) => kernel !== 'mandelbrot')
const mean = Math.exp(integer.reduce((sum, { bamboo }) => sum + Math.log(bamboo), 0) / integer.length)
console.log(`bamboo, geometric mean without the floating-point kernel: ${mean.toFixed(2)}`)
const hot = median(
  Array.from({ length: ROUNDS }, () => oursOn(build('recursion', 200, 'bare'), `--watch=${STACK_PAGE}`)).map(
    ({ instructions, seconds }) => instructions / seconds / 1e6,
  ),
)
console.log(`recursion with the page of its stack watched: ${hot.toFixed(1)} MIPS`)
const linux = measureLinux(ROUNDS)
console.log(
  linux === undefined
    ? 'no Linux kernel: npm run test:linux builds one, or PPC440_LINUX names one'
    : `Linux to its restart: ${linux.ours.toFixed(2)} s, qemu-system-ppc ${linux.bamboo.toFixed(2)} s`,
)
const conditions = measureConditions(ROUNDS)
console.table(conditions)
console.log('A false condition, by breakpoints armed: microseconds in our target and in gdb with qemu-ppc.')
writeFileSync(
  join(root, 'test/bench/results.json'),
  `${JSON.stringify({ kernels: results, mean, hot, linux, conditions }, undefined, 2)}\n`,
)
