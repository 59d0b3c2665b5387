// `npm run test:disasm [ROUNDS [SEED]]`: the disassembler against objdump, 400,000 words per round.

import { variants } from '../../src/isa/decode.ts'
import { randomWords } from '../support/random.ts'
import { anyWords, compare, wordOf } from './compare.ts'

const RANDOM_WORDS = 150_000
const PER_VARIANT = 256
const [rounds = 3, first = 1] = process.argv.slice(2).map(Number)

for (let seed = first; seed < first + rounds; seed++) {
  const random = randomWords(seed)
  const forms = variants().flatMap(variant => Array.from({ length: PER_VARIANT }, (_, n) => wordOf(variant, n, random)))
  const words = [...forms, ...anyWords(RANDOM_WORDS, random)]
  const { unexplained, needed } = compare(words)
  console.log(`seed ${seed}: ${words.length} words, ${unexplained.length} differences, ${needed.size} kinds explained`)
  for (const difference of unexplained.slice(0, 20)) console.log(`  ${JSON.stringify(difference)}`)
  if (unexplained.length > 0) process.exitCode = 1
}
