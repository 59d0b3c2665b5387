// `evaluateName` is "the evaluatable name of this variable" (DAP): it gives the row again, whatever hides its plain name.

import { describe, expect, it } from 'vitest'
import { have } from '../../support/tools.ts'
import { floatPrograms, hardFloat, haveGcc, namePrograms, programs } from '../../symbols/guest.ts'
import { sampleRows } from './sample.ts'

const skip = !haveGcc || !have('powerpc-linux-gnu-g++')

/** Every stop of the programs that are about names; of the others a few. run.ts has all levels, versions and compilers. */
const samples: readonly [string, number, string][] = [
  ...Object.keys(namePrograms).flatMap(name =>
    ['-O0 -gdwarf-4', '-O1 -gdwarf-5', '-O2 -gdwarf-5'].map((options): [string, number, string] => [name, 30, options]),
  ),
  ...Object.keys(programs).map((name, i): [string, number, string] => [
    name,
    3,
    ['-O0 -gdwarf-4', '-O2 -gdwarf-5'][i % 2],
  ]),
  ...Object.keys(floatPrograms).map((name): [string, number, string] => [
    name,
    3,
    `${hardFloat.join(' ')} -O1 -gdwarf-4`,
  ]),
]

describe('the name that a row is evaluated by', { skip }, () => {
  it.each(samples)('gives the row again: %s, at %d stops, built with %s', (name, count, options) => {
    const sources = programs[name] ?? namePrograms[name] ?? floatPrograms[name]
    const { named, differences } = sampleRows(sources, options.split(' '), count, 440)
    expect(differences).toEqual([])
    expect(named).toBeGreaterThan(10)
  })
})
