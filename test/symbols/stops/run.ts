// The large form: every program, level and version of DWARF, many stops each. usage: run.ts [stops] [seed]

import { programs } from '../guest.ts'
import { sample } from './sample.ts'

const count = Number(process.argv[2] ?? 40)
const seed = Number(process.argv[3] ?? 440)
const levels = ['-O0', '-Og', '-O1', '-O2', '-Os']
const versions = [2, 3, 4, 5]

const total = { stops: 0, frames: 0, values: 0, missing: 0, unexplained: 0 }
const explained = new Map<string, number>()
for (const program of Object.keys(programs)) {
  for (const level of levels) {
    for (const version of versions) {
      const result = sample(program, [level, `-gdwarf-${version}`], count, seed)
      for (const figure of ['stops', 'frames', 'values', 'missing'] as const) total[figure] += result[figure]
      total.unexplained += result.unexplained.length
      for (const [reason, times] of result.explained) explained.set(reason, (explained.get(reason) ?? 0) + times)
      for (const { kind, instruction, where, ours, theirs } of result.unexplained)
        console.log(
          `${program} ${level} -gdwarf-${version} @${instruction} ${where}: ${kind}\n  ours  ${ours}\n  gdb's ${theirs}`,
        )
    }
  }
}
for (const [reason, times] of explained) console.log(`${times} × ${reason}`)
const { stops, frames, values, missing, unexplained } = total
console.log(
  `${stops} stops, ${frames} frames, ${values} values (${missing} optimized out): ${unexplained} differ from gdb's`,
)
process.exitCode = unexplained === 0 ? 0 : 1
