import { describe, expect, it } from 'vitest'
import { have } from '../../support/tools.ts'
import { floatPrograms, hardFloat, haveClang, haveDwp, haveGcc, programs } from '../guest.ts'
import { sample } from './sample.ts'

const skip = !haveGcc || !have('gdb-multiarch') || !have('powerpc-linux-gnu-g++')

/** Each level once with one version; run.ts has all of them with all. */
const variants = [
  '-O0 -gdwarf-4',
  '-Og -gdwarf-3',
  '-O1 -gdwarf-4 -fdebug-types-section',
  '-O2 -gdwarf-5',
  '-Os -gdwarf-2',
]

/** clang's part: programs it takes apart most. */
const clangPrograms = ['calls', 'arrays', 'generic']
const clangVariants = ['clang -O0 -gdwarf-4', 'clang -O2 -gdwarf-5']

/** What GCC and clang split off the program, in files of their own or in one. */
const splitPrograms = ['shapes', 'calls', 'objects', 'containers']
const splitVariants = [
  '-O2 -gdwarf-4 -gsplit-dwarf',
  '-O1 -gdwarf-5 -gsplit-dwarf -fdebug-types-section',
  '-O2 -gdwarf-5 -gsplit-dwarf -gz=zlib',
  '-O2 -gdwarf-4 -gsplit-dwarf -fdebug-types-section packaged',
  '-O2 -gdwarf-5 -gsplit-dwarf packaged',
]
const splitByClang = ['clang -O2 -gdwarf-4 -gsplit-dwarf packaged', 'clang -O2 -gdwarf-5 -gsplit-dwarf']

function check(program: string, variant: string): void {
  const { stops, frames, values, unexplained } = sample(program, variant.split(' '), 12, 440)
  expect(unexplained).toEqual([])
  expect(stops).toBeGreaterThan(10)
  expect(frames).toBeGreaterThanOrEqual(stops)
  expect(values).toBeGreaterThan(5)
}

describe('at stops drawn at random', () => {
  describe.each(Object.keys(programs))('%s', program => {
    it.each(variants)('built with %s has the frames, lines and values gdb sees', { skip }, variant =>
      check(program, variant),
    )
  })
  describe.each(Object.keys(floatPrograms))('%s', program => {
    it.each(['-O1 -gdwarf-4', '-O2 -gdwarf-5', '-O3 -gdwarf-5'])(
      'built with %s, in floating-point registers, has the frames, lines and values gdb sees',
      { skip },
      variant => check(program, `${hardFloat.join(' ')} ${variant}`),
    )
  })
  it('containers, whose classes have type units of their own, too', { skip }, () =>
    check('containers', '-O2 -gdwarf-5 -fdebug-types-section'),
  )
  describe.each(splitPrograms)('%s', program => {
    it.each(splitVariants)(
      'built with %s, has the frames, lines and values gdb sees',
      { skip: skip || !haveDwp },
      variant => check(program, variant),
    )
  })
  describe.each(clangPrograms)('%s', program => {
    it.each([...clangVariants, ...splitByClang])(
      'built with %s has the frames, lines and values gdb sees',
      { skip: skip || !haveClang || !haveDwp },
      variant => check(program, variant),
    )
  })
})
