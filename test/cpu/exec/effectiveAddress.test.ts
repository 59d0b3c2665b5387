// Effective addresses are 32 bits: sums wrap, and what is compared with them sees the wrapped number.

import { expect, test } from 'vitest'
import { Bus, DcrSpace } from '../../../src/bus/bus.ts'
import { Cpu } from '../../../src/cpu/cpu.ts'
import { Hw } from '../../../src/cpu/state.ts'
import { applyBootState } from '../../../src/machine/launchState.ts'
import { runCore } from '../../support/core.ts'

const A = 0x1000
const DAC1R = 0x00080000
const DAC1W = 0x00040000
const WATCHED = 0x80000000 | 0

function execute(word: number, base: number, index = 0): Cpu {
  const cpu = new Cpu({ ramSize: 1 << 20, bus: new Bus(), dcr: new DcrSpace(), pvr: 0x422218d3, fpu: true })
  applyBootState(cpu, A)
  cpu.state.ram.setInt32(A, word)
  cpu.state.gpr[4] = base
  cpu.state.gpr[5] = index
  cpu.state.hw[Hw.DBCR0] = DAC1R | DAC1W
  cpu.state.hw[Hw.DAC1] = WATCHED
  cpu.debugChanged()
  runCore(cpu, 1)
  return cpu
}

test.each([
  ['lwz r3,16(r4)', 0x80640010, 0x7ffffff0, 0],
  ['stw r3,16(r4)', 0x90640010, 0x7ffffff0, 0],
  ['lwzx r3,r4,r5', 0x7c64282e, 0x7ffffff0, 0x10],
  ['stbx r3,r4,r5', 0x7c6429ae, 0x7fffffff, 1],
  ['dcbf r4,r5', 0x7c0428ac, 0x7ffffff0, 0x10],
  ['lwzu r3,16(r4)', 0x84640010, 0x7ffffff0, 0],
])('%s that wraps to 0x80000000 meets DAC1 there', (_, word, base, index) => {
  expect(execute(word, base, index).state.hw[Hw.DBSR] & (DAC1R | DAC1W)).not.toBe(0)
})
