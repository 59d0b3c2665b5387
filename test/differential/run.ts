// `npm run test:differential [rounds [seed]]`: 100,000 cases of each kind per round.

import { KINDS } from './cases.ts'
import { differential } from './differential.ts'

const CASES = 100_000
const [rounds = 3, first = Date.now() % 1_000_000] = process.argv.slice(2).map(Number)

async function main(): Promise<void> {
  for (let seed = first; seed < first + rounds; seed++)
    for (const kind of KINDS) {
      const { unexplained } = await differential(kind, CASES, seed)
      console.log(`${kind}, seed ${seed}: ${CASES} cases, ${unexplained.length} differences`)
      for (const line of unexplained.slice(0, 20)) console.log(`  ${line}`)
      if (unexplained.length > 0) process.exitCode = 1
    }
}

void main()
