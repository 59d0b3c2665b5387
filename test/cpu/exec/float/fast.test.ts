// The fast path against the exact one: the same instruction, once as it is and once with FPSCR[XE] set, which sends it
// the long way and changes nothing but FEX.

import { expect, test } from 'vitest'
import { Bus, DcrSpace } from '../../../../src/bus/bus.ts'
import { Cpu } from '../../../../src/cpu/cpu.ts'
import * as arithmetic from '../../../../src/cpu/exec/float/arithmetic.ts'
import { Word } from '../../../../src/cpu/state.ts'
import { randomWords } from '../../../support/random.ts'

const XE = 0x8
const FEX = 0x40000000
const CASES = 4000

const { fadd, fsub, fmul, fdiv, fadds, fsubs, fmuls, fdivs } = arithmetic
const { fmadd, fmsub, fnmadd, fnmsub, fmadds, fmsubs, fnmadds, fnmsubs } = arithmetic
const { fsqrt, fsqrts, frsp } = arithmetic

const TWO = { fadd, fsub, fmul, fdiv, fadds, fsubs, fmuls, fdivs }
const THREE = { fmadd, fmsub, fnmadd, fnmsub, fmadds, fmsubs, fnmadds, fnmsubs }
const ONE = { fsqrt, fsqrts, frsp }

const cpu = new Cpu({ ramSize: 1 << 20, bus: new Bus(), dcr: new DcrSpace(), pvr: 0x422218d3, fpu: true })

/** Short, long, full and nearly empty significands; exponents mostly near 0. */
function numberFrom(random: () => number): number {
  const view = new DataView(new ArrayBuffer(8))
  const exponent = random() % 12 === 0 ? random() % 2047 : 963 + (random() % 120)
  const [high, low] = [
    [random(), 0],
    [0xff000, 0],
    [0xfffff, 0xffffffff],
    [random(), random() & 0xe0000000],
    [0, random() % 4],
    [random(), random()],
  ][random() % 6] as [number, number]
  view.setInt32(0, (random() & 0x80000000) | (exponent << 20) | (high & 0xfffff))
  view.setInt32(4, low)
  return view.getFloat64(0)
}

/** An addend near the product, so that most of the sum cancels. */
function near(product: number, random: () => number): number {
  const nudge = random() % 2 === 0 ? 1 : 1 + ((random() % 8) - 4) * 2 ** -(48 + (random() % 6))
  return (random() % 2 === 0 ? -product : product) * nudge
}

function outcome(instruction: () => void, operands: readonly number[], status: number): string {
  const { fpr, fprWords, words } = cpu.state
  fpr.set([0, ...operands])
  words[Word.FPSCR] = status
  instruction()
  return [fprWords[1], fprWords[0], words[Word.FPSCR] & ~(FEX | XE)].map(word => (word >>> 0).toString(16)).join(' ')
}

const all: readonly (readonly [string, boolean, () => void])[] = [
  ...Object.entries(TWO).map(([name, execute]) => [name, false, () => execute(cpu, 0, 1, 2)] as const),
  ...Object.entries(THREE).map(([name, execute]) => [name, true, () => execute(cpu, 0, 1, 3, 2)] as const),
  ...Object.entries(ONE).map(([name, execute]) => [name, false, () => execute(cpu, 0, 1)] as const),
]

test.each(all)('%s gives the same on both paths', (_, fused, instruction) => {
  const random = randomWords(1)
  for (let i = 0; i < CASES; i++) {
    const a = numberFrom(random)
    const c = numberFrom(random)
    const b = fused && random() % 2 === 0 ? near(a * c, random) : numberFrom(random)
    const fast = outcome(instruction, [a, b, c], 0)
    expect(fast, `${a} ${b} ${c}`).toBe(outcome(instruction, [a, b, c], XE))
  }
})
