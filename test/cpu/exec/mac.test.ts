// Multiply-accumulate against what the name says, in BigInt: QEMU, the judge of the other instructions, gets these
// wrong (test/differential/compare.ts).

import { describe, expect, test } from 'vitest'
import { Bus, DcrSpace } from '../../../src/bus/bus.ts'
import { Cpu } from '../../../src/cpu/cpu.ts'
import { Word } from '../../../src/cpu/state.ts'
import { type Variant, variants } from '../../../src/isa/decode.ts'
import { applyBootState } from '../../../src/machine/launchState.ts'
import { runCore } from '../../support/core.ts'
import { randomWords } from '../../support/random.ts'

const A = 0x1000
const [RT, RA, RB] = [3, 4, 5]
const EDGES = [0, 1, 0x7fff, 0x8000, 0xffff, 0x7fff8000, 0x80007fff, 0x7fffffff, 0x80000000, 0xffffffff]
const NAME = /^(n?mac)(chw|hhw|lhw)(s?)(u?)(o?)(\.?)$/

const cpu = new Cpu({ ramSize: 1 << 20, bus: new Bus(), dcr: new DcrSpace(), pvr: 0x422218d3, fpu: false })

/** chw: low half of RA and high half of RB; hhw: both high; lhw: both low. */
function expected(name: string, rt: number, ra: number, rb: number): { value: number; overflow: boolean } {
  const [, operation, halves, saturates, unsigned] = NAME.exec(name)!
  const take = unsigned === 'u' ? BigInt.asUintN : BigInt.asIntN
  const half = (x: number, high: boolean): bigint => take(16, BigInt(high ? x >>> 16 : x))
  const product = half(ra, halves === 'hhw') * half(rb, halves !== 'lhw')
  const sum = take(32, BigInt(rt)) + (operation === 'nmac' ? -product : product)
  const overflow = take(32, sum) !== sum
  const limit = unsigned === 'u' ? 0xffffffffn : sum > 0n ? 0x7fffffffn : -0x80000000n
  return { value: Number(BigInt.asIntN(32, overflow && saturates === 's' ? limit : sum)), overflow }
}

function execute({ pattern, oe, rc }: Variant, rt: number, ra: number, rb: number): void {
  applyBootState(cpu, A)
  const word = pattern.match | (RT << 21) | (RA << 16) | (RB << 11) | (oe ? 0x400 : 0) | (rc ? 1 : 0)
  cpu.state.ram.setInt32(A, word)
  cpu.state.gpr.set([rt, ra, rb], RT)
  for (const flag of [Word.SO, Word.OV]) cpu.state.words[flag] = 0
  cpu.state.cr[0] = 0
  runCore(cpu, 1)
}

describe.each(variants().filter(({ name }) => NAME.test(name)))('$name', variant => {
  test('accumulates, saturates and records as named', () => {
    const random = randomWords(variant.opcode)
    const operand = (): number => (random() % 2 === 0 ? EDGES[random() % EDGES.length]! : random())
    for (let n = 0; n < 200; n++) {
      const [rt, ra, rb] = [operand(), operand(), operand()]
      const { value, overflow } = expected(variant.name, rt, ra, rb)
      execute(variant, rt, ra, rb)
      const { gpr, words, cr } = cpu.state
      const so = variant.oe && overflow ? 1 : 0
      expect([gpr[RT], words[Word.OV], words[Word.SO]]).toEqual([value, so, so])
      if (variant.rc) expect(cr[0]).toBe((value < 0 ? 8 : value > 0 ? 4 : 2) | so)
    }
  })
})

test('there are 18 operations with four forms each', () => {
  expect(variants().filter(({ name }) => NAME.test(name)).length).toBe(72)
})
