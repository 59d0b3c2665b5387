// `npm run test:hostile SURFACE [COUNT [SEED]]`: many inputs to one surface, or one again by its seed.

import { fuzz, type Report } from './harness.ts'

const [surface, count = '100000', seed = '1'] = process.argv.slice(2)
if (surface === undefined) throw new Error('usage: test:hostile SURFACE [COUNT [SEED]]')

/** Nothing takes a person longer than this, or a machine more memory. */
const LIMITS = { milliseconds: 5000, bytes: 2 ** 30 }
const PROGRESS_MS = 10_000

const started = performance.now()
const line = ({ inputs, slowest, growth, failures }: Report): string =>
  [
    `${surface}: ${inputs} inputs in ${Math.round((performance.now() - started) / 1000)} s`,
    `slowest ${slowest.ms.toFixed(1)} ms (seed ${slowest.seed})`,
    `growth ${growth.bytes >>> 20} MB (seed ${growth.seed})`,
    `${failures.length} failures`,
  ].join(', ')

void main()

async function main(): Promise<void> {
  let told = 0
  let shown = started
  const report = await fuzz(surface!, Number(seed), Number(count), LIMITS, sofar => {
    for (const { seed, why } of sofar.failures.slice(told)) console.log(`seed ${seed}: ${why}`)
    told = sofar.failures.length
    if (performance.now() - shown < PROGRESS_MS) return
    shown = performance.now()
    console.log(line(sofar))
  })
  for (const { seed, why } of report.failures.slice(told)) console.log(`seed ${seed}: ${why}`)
  console.log(line(report))
  process.exitCode = report.failures.length > 0 ? 1 : 0
}
