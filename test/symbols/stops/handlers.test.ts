// Call stacks at every instruction of signal handlers, from their first to the interrupted code's next: as gdb sees them.

import { describe, expect, it } from 'vitest'
import { Machine } from '../../../src/machine/machine.ts'
import { Symbols } from '../../../src/symbols/symbols.ts'
import { LinuxProgram } from '../../support/linuxProgram.ts'
import { have } from '../../support/tools.ts'
import { haveGcc, loadElf } from '../guest.ts'
import { compareStops } from './compare.ts'
import { seeStops } from './stops.ts'

const skip = !haveGcc || !have('gdb-multiarch')

function createMachine(path: string): Machine {
  const options = { executable: path, args: [path], environment: [], directory: '/' }
  return new Machine({ ramSize: 64 << 20, core: '440ep', reset: 'boot', process: options }, loadElf(path))
}

function runTo(machine: Machine, count: number): void {
  while (machine.retired < count) machine.run({ budget: count - machine.retired })
}

/** The numbers of instructions after which the function at `address` is about to be entered, and has just returned. */
function activation(path: string, address: number): [number, number] {
  const machine = createMachine(path)
  machine.run({ budget: 1_000_000, stops: [{ addresses: [address] }] })
  expect(machine.cpu.pc >>> 0).toBe(address)
  const [begin, sp] = [machine.retired, machine.cpu.state.gpr[1] >>> 0]
  while (machine.cpu.state.gpr[1] >>> 0 <= sp) machine.run({ budget: 1 })
  return [begin, machine.retired]
}

/** From the first to the last, so many between. */
const spread = (begin: number, end: number, count: number): number[] => [
  ...new Set(Array.from({ length: count + 1 }, (_, n) => begin + Math.round((n * (end - begin)) / count))),
]

describe.each(['-O0', '-O2'])('built with %s', level => {
  it.each([
    ['outer', 60, /^outer < <signal handler called> < .*raise < main$/],
    ['inner', 60, /^inner < <signal handler called> < .*raise < outer < <signal handler called> < .*raise < main$/],
    // What it calls goes elsewhere; and the instruction that faulted has not been counted.
    ['fault', 1, /^fault < <signal handler called> < peek < main$/],
  ])('the frames of %s, and of what it interrupted, are those that gdb sees', { skip }, (name, count, stack) => {
    const { path } = new LinuxProgram('linux/handlers.c', level)
    const [begin, end] = activation(path, Symbols.load(loadElf(path)).functionNamed(name)!.low)
    // At the count itself the signal may not be delivered yet.
    const instructions = count === 1 ? [begin + 1, begin + 2] : spread(begin + 1, end, count)
    const stops = seeStops(path, instructions, createMachine(path), runTo)
    expect(compareStops(stops).differences).toEqual([])
    expect(stops[0].ours.map(frame => frame.function).join(' < ')).toMatch(stack)
    // The interrupted code goes on.
    if (count > 1) expect(stops.at(-1)!.ours[0].function).not.toMatch(/signal|outer$/)
  })
})
