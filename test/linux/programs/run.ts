// `npm run test:linux:programs [CASE …]`: BusyBox's applets, beside qemu-ppc. It is built by scripts/guests/busybox.sh.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { differences } from './applets.ts'
import { CASES } from './cases.ts'

const script = fileURLToPath(new URL('../../../scripts/guests/busybox.sh', import.meta.url))

async function main(chosen: readonly string[]): Promise<void> {
  if (spawnSync('bash', [script], { stdio: 'inherit' }).status !== 0) throw new Error('BusyBox could not be built')
  let commands = 0
  let failed = 0
  for (const name of chosen.length > 0 ? chosen : Object.keys(CASES)) {
    const found = await differences(CASES[name]!)
    commands += CASES[name]!.length
    failed += found.length
    console.log(`${name}: ${found.length === 0 ? 'the same' : `${found.length} differences`}`)
    for (const each of found) console.log(each)
  }
  console.log(`${commands} commands, ${failed} differences`)
  process.exitCode = failed === 0 ? 0 : 1
}

void main(process.argv.slice(2))
