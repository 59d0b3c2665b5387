// A static Linux executable that somebody else wrote, at stops drawn at random: does gdb say the same of each?
// usage: runProcess.ts PROGRAM STOPS SEED [ARGUMENTS OF THE PROGRAM]

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { HostEntry } from '../../../src/linux/host.ts'
import { Machine } from '../../../src/machine/machine.ts'
import { Symbols } from '../../../src/symbols/symbols.ts'
import { loadElf } from '../guest.ts'
import { compareStops } from './compare.ts'
import { explain } from './explain.ts'
import { draw, seeStops } from './stops.ts'

const [path, stops, seed, ...args] = process.argv.slice(2)
const SLICE = 10_000_000

function createMachine(): Machine {
  const executable = resolve(path)
  const options = { executable, args: [path, ...args], environment: [], directory: process.cwd() }
  return new Machine({ ramSize: 128 << 20, core: '440ep', reset: 'boot', process: options }, loadElf(path))
}

/** Until `count` instructions are retired, or the program has ended. */
function runTo(machine: Machine, count: number): void {
  while (machine.retired < count) {
    const { core } = machine.run({ budget: Math.min(SLICE, count - machine.retired) })
    if (core.kind === 'exit' || core.kind === 'signal') return
    if (core.kind !== 'wants') continue
    const { request } = core
    if (request.wants === 'path') machine.accept({ kind: 'path', path: request.path, entry: entryAt(request.path) })
    else if (request.wants === 'piece') {
      const { path, offset, length } = request
      machine.accept({ kind: 'piece', path, offset, bytes: readFileSync(path).subarray(offset, offset + length) })
    } else machine.accept({ kind: 'stdinEnd' })
  }
}

function entryAt(path: string): HostEntry {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return { kind: 'none' }
  return stats.isDirectory() ? { kind: 'directory', names: readdirSync(path) } : { kind: 'file', size: stats.size }
}

const first = createMachine()
runTo(first, Number.POSITIVE_INFINITY)
const instructions = draw(first.retired, Number(stops), Number(seed))
const seen = seeStops(path, instructions, createMachine(), runTo)
const { differences, ...figures } = compareStops(seen)
const about = { path, symbols: Symbols.load(loadElf(path)), isClang: false }
const unexplained = differences.filter(difference => explain(difference, about) === undefined)
for (const { kind, instruction, where, ours, theirs } of unexplained)
  console.log(`@${instruction} ${where}: ${kind}\n  ours  ${ours.slice(0, 400)}\n  gdb's ${theirs.slice(0, 400)}`)
console.log(
  `${first.retired} instructions;`,
  figures,
  `${differences.length} differ, ${unexplained.length} unexplained`,
)
