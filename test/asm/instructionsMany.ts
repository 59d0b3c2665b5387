// `npm run test:asm [ROUNDS [SEED]]`: instructions at random by our assembler and by GNU as, some 170,000 a round.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareLines } from './compareLines.ts'
import { randomLines } from './randomLines.ts'

const [rounds = 6, first = 1] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'asm-'))
let total = 0
for (let seed = first; seed < first + rounds; seed++) {
  const { assembled, differences } = compareLines(randomLines(seed, 256, 100_000), folder)
  total += assembled
  console.log(`seed ${seed}: ${assembled} instructions assembled, ${differences.length} differences`)
  for (const difference of differences.slice(0, 20)) console.log(`  ${difference}`)
  if (differences.length > 0) process.exitCode = 1
}
console.log(`${total} instructions`)
rmSync(folder, { recursive: true })
