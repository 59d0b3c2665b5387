// The large form: every program, compiler, level and version of DWARF, many stops each. usage: run.ts [stops] [seed]

import { floatPrograms, hardFloat, haveClang, namePrograms, programs } from '../../symbols/guest.ts'
import { sampleRows } from './sample.ts'

const count = Number(process.argv[2] ?? 40)
const seed = Number(process.argv[3] ?? 440)
const levels = ['-O0', '-Og', '-O1', '-O2', '-Os', '-O3']
const versions = ['-gdwarf-2', '-gdwarf-4', '-gdwarf-5']
const all = { ...programs, ...namePrograms, ...floatPrograms }

let differences = 0
/** Of the program at hand, for who waits. */
let rows = 0
const total = new Map<string, number>()
for (const [name, sources] of Object.entries(all)) {
  const isFloat = name in floatPrograms
  for (const compiler of haveClang && !isFloat ? [[], ['clang']] : [[]]) {
    for (const level of levels) {
      const language = sources.some(source => source.endsWith('.cc')) ? 'C++' : 'C'
      for (const version of versions) {
        const options = [...compiler, ...(isFloat ? hardFloat : []), level, version]
        const walked = sampleRows(sources, options, count, seed)
        const key = `${compiler[0] ?? 'gcc'} ${language} ${level}`
        total.set(key, (total.get(key) ?? 0) + walked.named)
        rows += walked.named
        differences += walked.differences.length
        for (const each of new Set(walked.differences)) console.log(`${name} ${options.join(' ')}: ${each}`)
      }
    }
  }
  console.log(`${name}: ${rows} rows`)
  rows = 0
}
for (const [key, sum] of total) console.log(`${key}: ${sum} rows`)
console.log(`${[...total.values()].reduce((a, b) => a + b, 0)} rows: ${differences} have a name that is not theirs`)
process.exitCode = differences === 0 ? 0 : 1
