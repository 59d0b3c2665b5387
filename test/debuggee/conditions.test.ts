// What the names in a condition mean.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConditionContexts } from '../../src/debuggee/conditionContexts.ts'
import { contextHere } from '../../src/debuggee/evaluation.ts'
import { callStack } from '../../src/debuggee/frames.ts'
import { Program } from '../../src/debuggee/program.ts'
import { build, guestFolder, haveGcc, loadElf } from '../symbols/guest.ts'
import { createMachine } from '../symbols/stops/stops.ts'

const SOURCE = join(guestFolder, 'around.c')
const line =
  readFileSync(SOURCE, 'utf8')
    .split('\n')
    .findIndex(text => text.includes('sum += ')) + 1

describe('on a line with code of a header', { skip: !haveGcc }, () => {
  it.each(['-O0', '-Og', '-O1'])('they are names of that line, with %s', level => {
    const path = build(['start.S', 'around.c'], level, '-g')
    const program = new Program(loadElf(path))
    const resolution = program.resolve({ kind: 'source', path: SOURCE, line, condition: 'round == 3' })
    if (resolution.kind !== 'found') throw new Error(resolution.why)
    const machine = createMachine(path)
    const contexts = new ConditionContexts(machine, program)
    const truths: boolean[] = []
    let innermost = ''
    while (truths.length < 6) {
      machine.run({ budget: 1 })
      if (!resolution.addresses.includes(machine.cpu.pc >>> 0)) continue
      const [frame] = callStack(machine, program)
      innermost = 'why' in frame! ? '' : frame!.name
      const { condition } = resolution.conditions
      const truth = condition!.truth(contextHere(machine, program, 'around.c'))
      truths.push(truth)
      expect(condition!.truth(contexts.here('/src/around.c'))).toBe(truth)
    }
    if (level !== '-O0') expect(innermost).toBe('mixed')
    expect(truths).toEqual([false, false, false, true, false, false])
  })
})

describe('a text of 200 KB beside a breakpoint', { skip: !haveGcc }, () => {
  const program = () => new Program(loadElf(build(['start.S', 'around.c'], '-O0', '-g')))
  const resolve = (beside: object) => program().resolve({ kind: 'source', path: SOURCE, line, ...beside })

  it.each([
    ['hit count of blanks', { hitCondition: `${' '.repeat(200_000)}x` }],
    ['condition of blanks between brackets', { condition: `a<b${' '.repeat(90_000)}>` }],
    ['condition of all sorts', { condition: '(('.repeat(100_000) }],
  ])('is refused with a sentence: %s', (_, beside) => {
    expect(resolve(beside)).toMatchObject({ kind: 'nowhere' })
  })

  it('is a log message, whatever braces it has', () => {
    expect(resolve({ logMessage: '{'.repeat(200_000) })).toMatchObject({ kind: 'found' })
  })
})
