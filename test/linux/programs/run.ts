// `npm run test:linux:programs [SUITE [CASE …]]`: programs of others, beside qemu-ppc. Scripts of scripts/guests build them.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { countCalls } from './callCounts.ts'
import { differences } from './compare.ts'
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

/** @returns how many are the same, of how many */
async function runSuite({ script: [script, ...args], cases }: Suite): Promise<string> {
  const path = fileURLToPath(new URL(`../../../scripts/guests/${script}`, import.meta.url))
  if (spawnSync('bash', [path, ...args], { stdio: 'inherit' }).status !== 0) throw new Error(`${script} failed`)
  const all = [...cases()].filter(([name]) => names.length === 0 || names.includes(name))
  let same = 0
  let commands = 0
  for (const [name, each] of all) {
    const found = await differences(each)
    commands += each.commands.length
    if (found.length === 0) same++
    else process.exitCode = 1
    for (const difference of found) console.log(`${name}: ${difference}`)
  }
  return `${same} of ${all.length} the same, in ${commands} commands`
}

void main()
