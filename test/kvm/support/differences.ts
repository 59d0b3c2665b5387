import type { Cpu } from '../../../src/cpu/cpu.ts'
import { Clock, Word } from '../../../src/cpu/state.ts'

/** Everything a guest could tell two runs apart by, as far as they differ. */
export function differences(a: Cpu, b: Cpu): string[] {
  const found: string[] = []
  const compare = (name: string, left: ArrayLike<number>, right: ArrayLike<number>): void => {
    for (let n = 0; n < left.length; n++)
      if (left[n] !== right[n]) found.push(`${name}${n}: ${left[n]!.toString(16)} ${right[n]!.toString(16)}`)
  }
  const architected = [Word.PC, Word.MSR, Word.SO, Word.OV, Word.CA, Word.TBC, Word.FPSCR, Word.RESERVED]
  compare('r', a.state.gpr, b.state.gpr)
  compare('cr', a.state.cr, b.state.cr)
  for (const word of architected) compare(`word${word}.`, [a.state.words[word]!], [b.state.words[word]!])
  compare('spr', a.state.spr, b.state.spr)
  compare('tlb', a.state.tlb, b.state.tlb)
  compare('time', timeOf(a), timeOf(b))
  if (Buffer.compare(a.state.ramBytes, b.state.ramBytes) !== 0)
    for (let at = 0; at < a.state.ramBytes.length && found.length < 20; at++)
      if (a.state.ramBytes[at] !== b.state.ramBytes[at]) found.push(`ram ${at.toString(16)}`)
  return found
}

const timeOf = (cpu: Cpu): number[] => [
  cpu.state.clock[Clock.CYCLES]!,
  cpu.state.clock[Clock.RETIRED]!,
  cpu.timers.decrementer(cpu.now),
  Number(cpu.timers.timeBase(cpu.now)),
]
