import type { Machine } from '../machine/machine.ts'
import { wordAt } from '../machine/memory.ts'
import { callerOf } from './frames.ts'
import type { Program } from './program.ts'
import type { View } from './stepping.ts'

/** What a step sees of the machine where it stands. */
export function createView(machine: Machine, program: Program): View {
  const { symbols } = program
  return {
    pc: machine.cpu.pc >>> 0,
    sp: machine.cpu.state.gpr[1] >>> 0,
    word: address => wordAt(machine.cpu, address),
    lineRanges(pc) {
      const ranges = symbols.stepRange(pc)
      return ranges.length > 0 ? ranges : undefined
    },
    isStatement: pc => symbols.stepRange(pc).some(range => range.low === pc),
    functionAt(pc) {
      const info = symbols.functionAt(pc)
      if (info === undefined) return undefined
      const body = symbols.functionAddresses(info.name).find(address => address >= info.low && address < info.high)
      return { low: info.low, high: info.high, body: body ?? info.low }
    },
    caller: () => callerOf(machine, program),
  }
}
