// `npm run test:linux:programs [SUITE [CASE …]]`: programs of others, beside qemu-ppc. Scripts of scripts/guests build them.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { countCalls } from './callCounts.ts'
import { type Case, type Comparison, compare } from './compare.ts'
import { SUITES, type Suite } from './suites.ts'

const [chosen, ...names] = process.argv.slice(2)

async function main(): Promise<void> {
  const counts = countCalls()
  for (const [name, suite] of Object.entries(SUITES)) {
    if (chosen !== undefined && chosen !== name) continue
    const { done, refused } = counts
    const result = await runSuite(suite)
    console.log(`${name}: ${result}; calls: ${counts.done - done} done, ${counts.refused - refused} refused`)
  }
  for (const [name, count] of counts.unknown) console.log(`not there: ${name}, ${count} times`)
}

/** @returns how many do as they should, of how many */
async function runSuite({ script: [script, ...args], cases }: Suite): Promise<string> {
  const path = fileURLToPath(new URL(`../../../scripts/guests/${script}`, import.meta.url))
  if (spawnSync('bash', [path, ...args], { stdio: 'inherit' }).status !== 0) return `${script} failed`
  const all = [...cases()].filter(([name]) => names.length === 0 || names.includes(name))
  const sum = { good: 0, same: 0, commands: 0, judged: 0, rightThere: 0 }
  for (const [name, each] of all) {
    const comparison = await compare(each)
    sum.commands += each.commands.length
    if (comparison.differences.length === 0) sum.same++
    if (comparison.isRightThere !== undefined) sum.judged++
    if (comparison.isRightThere === true) sum.rightThere++
    if (isGood(each, comparison)) {
      sum.good++
      continue
    }
    if (each.known !== undefined) {
      console.log(`${name}: fails, since ${each.known}`)
      continue
    }
    process.exitCode = 1
    for (const difference of comparison.differences) console.log(`${name}: ${difference}`)
    if (comparison.differences.length === 0) console.log(`${name}: fails here as it does under qemu-ppc`)
  }
  const { good, same, commands, judged, rightThere } = sum
  const judgement = judged === 0 ? '' : `; under qemu-ppc ${rightThere} of ${judged} as its own tests want`
  return `${good} of ${all.length} good, ${same} the same as under qemu-ppc, in ${commands} commands${judgement}`
}

/** As under qemu-ppc; where that is wrong, or the case judges itself, as its own tests want. */
const isGood = ({ judgesItself }: Case, { differences, isRightHere }: Comparison): boolean =>
  judgesItself === true ? isRightHere === true : differences.length === 0 || isRightHere === true

void main()
