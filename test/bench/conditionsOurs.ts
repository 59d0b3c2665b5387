// Breakpoints whose conditions are false, in our target, in a process of its own: PROGRAM ROUNDS LINE:CONDITION…
// Prints microseconds of processor time for each time one of them was judged, as JSON.

import { readFileSync } from 'node:fs'
import { createTarget } from '../../src/debuggee/launch.ts'
import { Continue } from '../../src/debuggee/steps/goal.ts'
import { readElf } from '../../src/elf/elf.ts'
import { SILENT } from '../support/target.ts'

const [program, rounds, ...breakpoints] = process.argv.slice(2)

const target = createTarget(
  readElf(readFileSync(program!)),
  {
    ramSize: 128 << 20,
    core: '440ep',
    reset: 'boot',
    process: { executable: program!, args: [program!, rounds!], environment: [], directory: '/' },
    interactive: false,
    pace: 'max',
    filesMeant: path => ({ files: [path] }),
    onTransmit: () => {},
  },
  {
    schedule: task => void setImmediate(task),
    now: () => performance.now(),
    answer: () => new Promise(() => {}),
    outputWait: () => 0,
  },
)
target.join({
  ...SILENT,
  name: 'bench',
  stopped: stop => fail(stop.description),
  ended: ({ exitCode }) => (exitCode === 0 ? done() : fail(`status ${exitCode}`)),
  note: fail,
})
const requests = breakpoints.map(text => {
  const [line, condition] = text.split(':')
  return { kind: 'source', path: 'conditions.c', line: Number(line), condition } as const
})
const list = target.breakpoints.replace({ owner: 'bench', list: 'conditions.c' }, requests)
target.breakpoints.settled = true
target.replan()
for (const { verified, message } of list) if (!verified) fail(message)

const before = process.cpuUsage()
target.resume(new Continue())

function done(): void {
  const { user, system } = process.cpuUsage(before)
  console.log(JSON.stringify({ microseconds: (user + system) / (Number(rounds) * breakpoints.length) }))
}

function fail(why: string): never {
  throw new Error(why)
}
