// The large form: every program, compiler, level and version of DWARF, many stops each. usage: run.ts [stops] [seed]

import { floatPrograms, hardFloat, haveClang, packaged, programs } from '../guest.ts'
import { sample } from './sample.ts'

const count = Number(process.argv[2] ?? 40)
const seed = Number(process.argv[3] ?? 440)
const compilers = [[], ...(haveClang ? [['clang']] : [])]
const levels = ['-O0', '-Og', '-O1', '-O2', '-Os']
const versions = [2, 3, 4, 5]

const total = { stops: 0, frames: 0, values: 0, missing: 0, unexplained: 0 }
const explained = new Map<string, number>()
/** What compilers can do otherwise. */
const others = [
  ['-O2', '-gdwarf-4', '-fdebug-types-section'],
  ['-O2', '-gdwarf-5', '-fdebug-types-section'],
  ['-O2', '-gdwarf-5', '-gdwarf64'],
  ['-O2', '-gdwarf-4', '-gstrict-dwarf'],
  ['-O2', '-g', '-ffunction-sections', '-freorder-blocks-and-partition'],
  ['-O3', '-g', '-funroll-loops'],
  ['-O2', '-g', '-fno-var-tracking'],
  ...['-O0', '-O2'].flatMap(level => [4, 5].map(version => [level, `-gdwarf-${version}`, '-gsplit-dwarf'])),
  ...[4, 5].map(version => ['-O1', `-gdwarf-${version}`, '-gsplit-dwarf', '-fdebug-types-section']),
  ...[4, 5].map(version => ['-O2', `-gdwarf-${version}`, '-gsplit-dwarf', '-fdebug-types-section', packaged]),
  ['-O2', '-gdwarf-5', '-gsplit-dwarf', '-gz=zlib'],
  ['-O2', '-gdwarf-5', '-gsplit-dwarf', '-gdwarf64'],
]
if (haveClang)
  others.push(
    ...[4, 5].map(version => ['clang', '-O2', `-gdwarf-${version}`, '-gsplit-dwarf']),
    ...[4, 5].map(version => ['clang', '-O1', `-gdwarf-${version}`, '-gsplit-dwarf', packaged]),
  )
const variants = compilers.flatMap(compiler =>
  levels.flatMap(level => versions.map(version => [...compiler, level, `-gdwarf-${version}`])),
)
variants.push(...others)
const hardFloats = ['-O1', '-O2', '-O3'].flatMap(level =>
  versions.map(version => [...hardFloat, level, `-gdwarf-${version}`]),
)
const runs = [
  ...Object.keys(programs).map(program => ({ program, variants })),
  ...Object.keys(floatPrograms).map(program => ({ program, variants: hardFloats })),
]
for (const { program, variants } of runs) {
  for (const variant of variants) {
    const result = sample(program, variant, count, seed)
    for (const figure of ['stops', 'frames', 'values', 'missing'] as const) total[figure] += result[figure]
    total.unexplained += result.unexplained.length
    for (const [reason, times] of result.explained) explained.set(reason, (explained.get(reason) ?? 0) + times)
    for (const { kind, instruction, where, ours, theirs } of result.unexplained)
      console.log(
        `${program} ${variant.join(' ')} @${instruction} ${where}: ${kind}\n  ours  ${ours}\n  gdb's ${theirs}`,
      )
  }
}
for (const [reason, times] of explained) console.log(`${times} × ${reason}`)
const { stops, frames, values, missing, unexplained } = total
console.log(
  `${stops} stops, ${frames} frames, ${values} values (${missing} optimized out): ${unexplained} differ from gdb's`,
)
process.exitCode = unexplained === 0 ? 0 : 1
