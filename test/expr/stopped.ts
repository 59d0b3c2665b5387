import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { contextOf } from '../../src/debuggee/evaluation.ts'
import { callStack } from '../../src/debuggee/frames.ts'
import { Program } from '../../src/debuggee/program.ts'
import type { Context } from '../../src/expr/context.ts'
import { guestFolder, loadElf } from '../symbols/guest.ts'
import { createMachine } from '../symbols/stops/stops.ts'

/** The frames, innermost first, of a guest program that has come to the line of `source` with this text in it. */
export function contextsAtLine(path: string, source: string, text: string): Context[] {
  const [machine, program] = [createMachine(path), new Program(loadElf(path))]
  const file = join(guestFolder, source)
  const line =
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex(each => each.includes(text)) + 1
  const addresses = program.symbols.locationsFor(file, line)?.addresses ?? []
  for (let left = 2_000_000; !addresses.includes(machine.cpu.pc >>> 0); left--) {
    if (left === 0) throw new Error(`${source}:${line} is not reached`)
    machine.run({ budget: 1 })
  }
  return [...callStack(machine, program)].flatMap(frame => ('why' in frame ? [] : contextOf(machine, program, frame)))
}
