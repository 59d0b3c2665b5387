// Floating point against an independent model: exact rational arithmetic on BigInts, rounded by definition (the nearest
// of two neighbours), and against cases worked out by hand from IEEE 754 and the architecture.

import { describe, expect, test } from 'vitest'
import { Bus, DcrSpace } from '../../../../src/bus/bus.ts'
import { Cpu } from '../../../../src/cpu/cpu.ts'
import * as instructions from '../../../../src/cpu/exec/float/arithmetic.ts'
import { fcmpo, fcmpu, fctiw, fctiwz, fsel } from '../../../../src/cpu/exec/float/compare.ts'
import * as moves from '../../../../src/cpu/exec/float/moves.ts'
import { loadSingle, singleBits, storeDouble } from '../../../../src/cpu/exec/float/storage.ts'
import { Word } from '../../../../src/cpu/state.ts'
import { applyBootState } from '../../../../src/machine/launchState.ts'
import { runCore, stopAfter } from '../../../support/core.ts'
import { randomWords } from '../../../support/random.ts'

const FX = 0x80000000
const FEX = 0x40000000
const VX = 0x20000000
const OX = 0x10000000
const UX = 0x08000000
const ZX = 0x04000000
const XX = 0x02000000
const VXSNAN = 0x01000000
const VXISI = 0x00800000
const VXIDI = 0x00400000
const VXZDZ = 0x00200000
const VXIMZ = 0x00100000
const VXVC = 0x00080000
const FR = 0x00040000
const FI = 0x00020000
const VXSQRT = 0x00000200
const VXCVI = 0x00000100
const VE = 0x80
const OE = 0x40
const UE = 0x20
const ZE = 0x10
const [NEAREST, ZERO, UP, DOWN] = [0, 1, 2, 3]

const QNAN = 0x7ff8000000000000n
const SNAN = 0x7ff0000000000001n
const INF = 0x7ff0000000000000n
const NEG = 0x8000000000000000n
const MAX = 0x7fefffffffffffffn
const ONE = 0x3ff0000000000000n

const view = new DataView(new ArrayBuffer(8))
const bitsOf = (x: number): bigint => {
  view.setFloat64(0, x)
  return view.getBigUint64(0)
}

/** A core with a floating-point unit and memory mapped one to one. */
function createCore(): Cpu {
  const core = new Cpu({ ramSize: 1 << 20, bus: new Bus(), dcr: new DcrSpace(), pvr: 0x422218d3, fpu: true })
  applyBootState(core, 0x1000)
  core.state.words[Word.MSR] = 0
  return core
}

const setRegister = (cpu: Cpu, n: number, bits: bigint): void => {
  cpu.state.fprWords[2 * n] = Number(bits & 0xffffffffn)
  cpu.state.fprWords[2 * n + 1] = Number(bits >> 32n)
}
const register = (cpu: Cpu, n: number): bigint =>
  (BigInt(cpu.state.fprWords[2 * n + 1] >>> 0) << 32n) | BigInt(cpu.state.fprWords[2 * n] >>> 0)
const fpscr = (cpu: Cpu): number => cpu.state.words[Word.FPSCR] >>> 0

type Name = 'fadd' | 'fsub' | 'fmul' | 'fdiv' | 'fmadd' | 'fsqrt'
const cpu = createCore()

const arithmetic = { ...instructions }

/** Executes `name` on f1 (fra), f2 (frb), f3 (frc) for f0. */
function execute(name: keyof typeof arithmetic, operands: readonly bigint[], status = 0) {
  for (const [i, bits] of operands.entries()) setRegister(cpu, i + 1, bits)
  setRegister(cpu, 0, 0x1234n)
  cpu.state.words[Word.FPSCR] = status
  cpu.state.words[Word.ATTENTION] = 0
  const stem = name.replace(/s$/, '')
  if (/^fn?m(add|sub)$/.test(stem)) (arithmetic[name] as typeof arithmetic.fmadd)(cpu, 0, 1, 3, 2)
  else if (['fadd', 'fsub', 'fmul', 'fdiv'].includes(stem)) (arithmetic[name] as typeof arithmetic.fadd)(cpu, 0, 1, 2)
  else (arithmetic[name] as typeof arithmetic.fsqrt)(cpu, 0, 1)
  return { bits: register(cpu, 0), fpscr: fpscr(cpu) }
}

// ---- the model: a number is numerator / denominator, a format its list of neighbours -----------------------------------

interface Ratio {
  readonly n: bigint
  readonly d: bigint
}

function ratioOf(bits: bigint): Ratio {
  const exponent = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  const significand = exponent === 0 ? fraction : fraction | (1n << 52n)
  const power = Math.max(exponent, 1) - 1075
  const n = bits & NEG ? -significand : significand
  return power >= 0 ? { n: n << BigInt(power), d: 1n } : { n, d: 1n << BigInt(-power) }
}

const compare = (a: Ratio, b: Ratio): number => {
  const left = a.n * b.d
  const right = b.n * a.d
  return left < right ? -1 : left > right ? 1 : 0
}

/** Step between neighbours in the double's bits: 1, or a unit of single precision where the number lies. */
function neighbour(magnitude: bigint, single: boolean): bigint {
  if (!single) return 1n
  const exponent = Number(magnitude >> 52n) - 1023
  return exponent >= -126 ? 1n << 29n : 1n << BigInt(29 + Math.min(-126 - exponent, 23))
}

/** The largest number of the format not above |x| (bits), found by bisection on the bits, which order magnitudes. */
function floorOf(x: Ratio, single: boolean): bigint {
  let low = 0n
  let high = INF
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (compare(ratioOf(middle), x) <= 0) low = middle
    else high = middle
  }
  if (!single) return low
  if (low < bitsOf(2 ** -149)) return 0n
  const step = neighbour(low, true)
  return low - (low % step)
}

/** Magnitude, rounded; undefined where it overflows. */
function model(x: Ratio, mode: number, single: boolean) {
  const negative = x.n < 0n
  const magnitude = { n: negative ? -x.n : x.n, d: x.d }
  const below = floorOf(magnitude, single)
  const above = below === 0n && single ? bitsOf(2 ** -149) : below + neighbour(below, single)
  const inexact = compare(ratioOf(below), magnitude) !== 0
  const twice = { n: 2n * magnitude.n, d: magnitude.d }
  const a = ratioOf(below)
  const b = ratioOf(above)
  const half = compare(twice, { n: a.n * b.d + b.n * a.d, d: a.d * b.d })
  const even = (below / neighbour(below, single)) % 2n === 0n
  const nearest = half > 0 || (half === 0 && !even)
  const up = inexact && [nearest, false, !negative, negative][mode]!
  const limit = single ? bitsOf(2 ** 128) : INF
  // Too large in any mode, even one that rounds back to the largest number.
  const tooLarge = compare(magnitude, { n: 1n << (single ? 128n : 1024n), d: 1n }) >= 0
  const result = up ? above : below
  const tiny = compare(magnitude, ratioOf(bitsOf(single ? 2 ** -126 : 2 ** -1022))) < 0
  return { bits: negative ? NEG | result : result, inexact, up, overflow: tooLarge || result >= limit, tiny }
}

/** FPRF by the definition of the classes. */
function flags(bits: bigint, single: boolean): number {
  const negative = (bits & NEG) !== 0n
  const magnitude = bits & ~NEG
  if (magnitude === 0n) return negative ? 0x12000 : 0x02000
  if (magnitude < bitsOf(single ? 2 ** -126 : 2 ** -1022)) return negative ? 0x18000 : 0x14000
  return negative ? 0x08000 : 0x04000
}

const plus = (a: Ratio, b: Ratio): Ratio => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d })
const times = (a: Ratio, b: Ratio): Ratio => ({ n: a.n * b.n, d: a.d * b.d })
const minus = (a: Ratio): Ratio => ({ n: -a.n, d: a.d })

const EXACT: Readonly<Record<Exclude<Name, 'fsqrt'>, (a: Ratio, b: Ratio, c: Ratio) => Ratio>> = {
  fadd: (a, b) => plus(a, b),
  fsub: (a, b) => plus(a, minus(b)),
  fmul: (a, b) => times(a, b),
  fdiv: (a, b) => (b.n < 0n ? { n: -a.n * b.d, d: -a.d * b.n } : { n: a.n * b.d, d: a.d * b.n }),
  fmadd: (a, b, c) => plus(times(a, c), b),
}

/** Operands that meet: small exponents, short and long significands, singles, and now and then the edges. */
function operandOf(random: () => number): bigint {
  const kind = random() % 8
  const sign = random() & 1 ? NEG : 0n
  const fraction = (BigInt(random()) << 20n) | BigInt(random() & 0xfffff)
  const edge = [1n, 2045n, 2046n, 0n, 1023n - 126n, 1023n - 149n, 1023n + 127n, 1023n - 500n][random() % 8]!
  const exponent = kind < 5 ? BigInt(1000 + (random() % 46)) : kind < 6 ? BigInt(1 + (random() % 2046)) : edge
  const kept = [fraction, fraction & ~0x1fffffffn, fraction & ~0xffffffffffn, 0xfffffffffffffn, 0n][random() % 5]!
  const bits = (exponent << 52n) | kept
  return sign | (bits === 0n ? 1n : bits)
}

describe.each([
  ['fadd', false],
  ['fsub', false],
  ['fmul', false],
  ['fdiv', false],
  ['fmadd', false],
  ['fadds', true],
  ['fsubs', true],
  ['fmuls', true],
  ['fdivs', true],
  ['fmadds', true],
] as const)('%s', (name, single) => {
  test.each([
    ['to nearest', NEAREST],
    ['toward zero', ZERO],
    ['toward +infinity', UP],
    ['toward -infinity', DOWN],
  ])('rounds the exact result once, %s, with FR, FI, XX, OX, UX and FPRF', (_, mode) => {
    const random = randomWords(440 + mode)
    const exact = EXACT[name.replace(/s$/, '') as keyof typeof EXACT]
    for (let i = 0; i < 1500; i++) {
      const operands = [operandOf(random), operandOf(random), operandOf(random)]
      const [a, b, c] = operands.map(ratioOf)
      const x = exact(a!, b!, c!)
      if (x.n === 0n) continue
      const expected = model(x, mode, single)
      const got = execute(name, operands, mode)
      const context = `${operands.map(bits => bits.toString(16))}, mode ${mode}`
      if (expected.overflow) {
        expect(got.fpscr & (OX | XX | FI), context).toBe(OX | XX | FI)
        continue
      }
      const status =
        flags(expected.bits, single) |
        (expected.inexact ? FI | XX : 0) |
        (expected.up ? FR : 0) |
        (expected.tiny && expected.inexact ? UX : 0) |
        mode
      expect({ ...got, context }).toEqual({
        bits: expected.bits,
        fpscr: (status | (status & (XX | UX) ? FX : 0)) >>> 0,
        context,
      })
    }
  })
})

test('fsqrt: the root is the number whose square encloses the operand', () => {
  const random = randomWords(2)
  for (let i = 0; i < 3000; i++) {
    const bits = operandOf(random) & ~NEG
    for (const mode of [NEAREST, ZERO, UP, DOWN]) {
      const { bits: root, fpscr: status } = execute('fsqrt', [bits], mode)
      const up = (status & FR) !== 0
      const below = up ? root - 1n : root
      const square = (b: bigint): Ratio => times(ratioOf(b), ratioOf(b))
      expect(compare(square(below), ratioOf(bits))).toBeLessThanOrEqual(0)
      expect(compare(square(below + 1n), ratioOf(bits))).toBe(1)
      expect((status & FI) !== 0).toBe(compare(square(below), ratioOf(bits)) !== 0)
      if (mode === NEAREST && (status & FI) !== 0) {
        const middle = plus(ratioOf(below), ratioOf(below + 1n))
        expect(compare(times(middle, middle), times(ratioOf(bits), { n: 4n, d: 1n })) < 0).toBe(up)
      }
    }
  }
})

describe('invalid operations', () => {
  test.each([
    ['fadd', [INF, NEG | INF], VXISI],
    ['fsub', [INF, INF], VXISI],
    ['fmul', [INF, 0n], VXIMZ],
    ['fdiv', [INF, INF], VXIDI],
    ['fdiv', [0n, 0n], VXZDZ],
    ['fsqrt', [NEG | ONE], VXSQRT],
    ['frsqrte', [NEG | ONE], VXSQRT],
    ['fmadd', [INF, ONE, NEG], VXIMZ],
    ['fmadd', [INF, NEG | INF, ONE], VXISI],
  ] as const)('%s %s gives the default NaN, or leaves the target when enabled', (name, operands, cause) => {
    expect(execute(name, operands)).toEqual({ bits: QNAN, fpscr: (FX | VX | cause | 0x11000) >>> 0 })
    const enabled = execute(name, operands, VE | 0x4000)
    expect(enabled).toEqual({ bits: 0x1234n, fpscr: (FX | FEX | VX | cause | VE | 0x4000) >>> 0 })
  })

  test('a signalling NaN is quieted; the first NaN in the order A, B, C is the result', () => {
    expect(execute('fadd', [SNAN, QNAN | 5n])).toEqual({ bits: SNAN | QNAN, fpscr: (FX | VX | VXSNAN | 0x11000) >>> 0 })
    expect(execute('fmadd', [ONE, QNAN | 1n, QNAN | 2n]).bits).toBe(QNAN | 1n)
    expect(execute('fnmadd', [ONE, QNAN | 1n, ONE]).bits).toBe(QNAN | 1n)
  })

  test('infinity times zero is invalid even beside a NaN, which is the result', () => {
    expect(execute('fmadd', [INF, QNAN | 7n, 0n])).toEqual({
      bits: QNAN | 7n,
      fpscr: (FX | VX | VXIMZ | 0x11000) >>> 0,
    })
  })
})

describe('enabled exceptions', () => {
  test('overflow wraps the exponent down by 1536 (192 for singles)', () => {
    const { bits, fpscr: status } = execute('fmul', [bitsOf(2 ** 1000), bitsOf(2 ** 100)], OE)
    expect(bits).toBe(bitsOf(2 ** (1100 - 1536)))
    expect(status).toBe((FX | FEX | OX | OE | 0x4000) >>> 0)
    expect(execute('fmuls', [bitsOf(2 ** 100), bitsOf(2 ** 100)], OE).bits).toBe(bitsOf(2 ** (200 - 192)))
  })

  test('underflow wraps it up, and needs no inexactness', () => {
    const { bits, fpscr: status } = execute('fmul', [bitsOf(2 ** -1000), bitsOf(2 ** -60)], UE)
    expect(bits).toBe(bitsOf(2 ** (-1060 + 1536)))
    expect(status).toBe((FX | FEX | UX | UE | 0x4000) >>> 0)
    expect(execute('fmul', [bitsOf(2 ** -1000), bitsOf(2 ** -60)]).fpscr).toBe(0x14000)
  })

  test('zero divide leaves the target', () => {
    expect(execute('fdiv', [ONE, NEG], ZE)).toEqual({ bits: 0x1234n, fpscr: (FX | FEX | ZX | ZE) >>> 0 })
    expect(execute('fdiv', [ONE, NEG])).toEqual({ bits: NEG | INF, fpscr: (FX | ZX | 0x9000) >>> 0 })
  })
})

test('disabled overflow goes to infinity or to the largest number, by mode and sign', () => {
  const results = [NEAREST, ZERO, UP, DOWN].map(mode => execute('fmul', [NEG | MAX, bitsOf(2)], mode).bits)
  expect(results).toEqual([NEG | INF, NEG | MAX, NEG | MAX, NEG | INF])
})

test('a sum of opposites is +0, and -0 toward -infinity', () => {
  expect([NEAREST, ZERO, UP, DOWN].map(mode => execute('fsub', [ONE, ONE], mode).bits)).toEqual([0n, 0n, 0n, NEG])
})

test('fnmadd and fnmsub negate after rounding', () => {
  const third = bitsOf(1 / 3)
  for (const mode of [NEAREST, ZERO, UP, DOWN]) {
    const plain = execute('fmadd', [third, ONE, third], mode)
    expect(execute('fnmadd', [third, ONE, third], mode).bits).toBe(plain.bits ^ NEG)
    const difference = execute('fmsub', [third, ONE, third], mode)
    expect(execute('fnmsub', [third, ONE, third], mode).bits).toBe(difference.bits ^ NEG)
  }
})

test('fres and frsqrte are correctly rounded and say nothing of it', () => {
  expect(execute('fres', [bitsOf(3)])).toEqual({ bits: bitsOf(Math.fround(1 / 3)), fpscr: 0x4000 })
  expect(execute('frsqrte', [bitsOf(4)])).toEqual({ bits: bitsOf(0.5), fpscr: 0x4000 })
  expect(execute('frsqrte', [NEG])).toEqual({ bits: NEG | INF, fpscr: (FX | ZX | 0x9000) >>> 0 })
})

/** What parts make of a NaN that no single is; the architecture leaves it undefined. */
test.each([
  ...['fadds', 'fsubs', 'fmuls', 'fdivs', 'fmadds', 'fmsubs', 'fnmadds', 'fnmsubs', 'fsqrts', 'fres', 'frsp'],
] as const)('%s cuts a NaN to a single', name => {
  expect(execute(name, [0x7ff7ffffffffffffn, ONE, ONE]).bits).toBe(0x7fffffffe0000000n)
})

test('frsp keeps -0, and of a NaN what a single has', () => {
  expect(execute('frsp', [NEG]).bits).toBe(NEG)
  expect(execute('frsp', [0xfff8000000000001n]).bits).toBe(0xfff8000000000000n)
  expect(execute('frsp', [bitsOf(0.1)])).toEqual({
    bits: bitsOf(Math.fround(0.1)),
    fpscr: (FX | XX | FI | FR | 0x4000) >>> 0,
  })
})

describe('fctiw', () => {
  const convert = (instruction: typeof fctiw, x: number | bigint, status = 0) => {
    setRegister(cpu, 0, 0n)
    setRegister(cpu, 1, typeof x === 'bigint' ? x : bitsOf(x))
    cpu.state.words[Word.FPSCR] = status
    instruction(cpu, 0, 1)
    return [cpu.state.fprWords[0], fpscr(cpu)]
  }

  test('rounds by RN, ties to even; fctiwz toward zero', () => {
    expect([0.5, 1.5, 2.5, -2.5, 2 ** -1074].map(x => convert(fctiw, x)[0])).toEqual([0, 2, 2, -2, 0])
    expect([NEAREST, ZERO, UP, DOWN].map(mode => convert(fctiw, -1.25, mode)[0])).toEqual([-1, -1, -1, -2])
    expect(convert(fctiwz, -1.9)[0]).toBe(-1)
    expect(convert(fctiw, 1.75)).toEqual([2, (FX | XX | FR | FI) >>> 0])
    expect(convert(fctiw, 2147483646.5)[0]).toBe(2147483646)
  })

  test('saturates, invalid', () => {
    expect(convert(fctiw, 2147483647.5)).toEqual([0x7fffffff, (FX | VX | VXCVI) >>> 0])
    expect(convert(fctiwz, 2147483647.5)[0]).toBe(0x7fffffff)
    expect(convert(fctiwz, -2147483648.5)).toEqual([-0x80000000, (FX | XX | FI) >>> 0])
    expect(convert(fctiw, -1e300)[0]).toBe(-0x80000000)
    expect(convert(fctiw, SNAN)).toEqual([-0x80000000, (FX | VX | VXSNAN | VXCVI) >>> 0])
    expect(convert(fctiw, INF, VE)).toEqual([0, (FX | FEX | VX | VXCVI | VE) >>> 0])
  })
})

test('fcmpu and fcmpo order numbers and flag NaNs', () => {
  const compared = (instruction: typeof fcmpu, a: bigint, b: bigint, status = 0) => {
    setRegister(cpu, 1, a)
    setRegister(cpu, 2, b)
    cpu.state.words[Word.FPSCR] = status
    return [instruction(cpu, 1, 2), fpscr(cpu)]
  }
  expect(compared(fcmpu, NEG, 0n)).toEqual([2, 0x2000])
  expect(compared(fcmpu, NEG | ONE, ONE)).toEqual([8, 0x8000])
  expect(compared(fcmpu, QNAN, ONE)).toEqual([1, 0x1000])
  expect(compared(fcmpo, QNAN, ONE)).toEqual([1, (FX | VX | VXVC | 0x1000) >>> 0])
  expect(compared(fcmpo, SNAN, ONE)).toEqual([1, (FX | VX | VXSNAN | VXVC | 0x1000) >>> 0])
  expect(compared(fcmpo, SNAN, ONE, VE)).toEqual([1, (FX | FEX | VX | VXSNAN | VE | 0x1000) >>> 0])
})

test('fsel takes C for what is not below zero, B for negatives and NaNs', () => {
  const chosen = [NEG, ONE, NEG | ONE, QNAN].map(a => {
    setRegister(cpu, 1, a)
    setRegister(cpu, 2, 2n)
    setRegister(cpu, 3, SNAN)
    fsel(cpu, 0, 1, 3, 2)
    return register(cpu, 0)
  })
  expect(chosen).toEqual([SNAN, SNAN, 2n, 2n])
})

test('moves change the sign and nothing else, signalling NaNs included', () => {
  setRegister(cpu, 1, SNAN)
  const moved = [moves.fmr, moves.fneg, moves.fabs, moves.fnabs].map(move => {
    move(cpu, 0, 1)
    return register(cpu, 0)
  })
  expect(moved).toEqual([SNAN, NEG | SNAN, SNAN, NEG | SNAN])
})

describe('FPSCR', () => {
  test('FEX and VX cannot be set, they follow', () => {
    cpu.state.words[Word.FPSCR] = 0
    moves.mtfsb1(cpu, 1)
    moves.mtfsb1(cpu, 2)
    expect(fpscr(cpu)).toBe(0)
    setRegister(cpu, 1, 0xffffffffn)
    moves.mtfsf(cpu, 0xff, 1)
    expect(fpscr(cpu)).toBe(0xfffff7ff)
    moves.mtfsfi(cpu, 0, 0)
    expect(fpscr(cpu) >>> 28).toBe(6)
  })

  test('mtfsb1 of an exception sets FX, of an enable does not', () => {
    cpu.state.words[Word.FPSCR] = 0
    moves.mtfsb1(cpu, 24)
    expect(fpscr(cpu)).toBe(VE)
    moves.mtfsb1(cpu, 21)
    expect(fpscr(cpu)).toBe((FX | FEX | VX | 0x400 | VE) >>> 0)
    moves.mtfsb0(cpu, 21)
    expect(fpscr(cpu)).toBe((FX | VE) >>> 0)
  })

  test('FX is set by an exception that is new, not by one that is still there', () => {
    for (const mode of [NEAREST, ZERO]) {
      expect(execute('fdiv', [ONE, bitsOf(3)], mode).fpscr & FX).not.toBe(0)
      expect(execute('fdiv', [ONE, bitsOf(3)], XX | mode).fpscr & FX).toBe(0)
    }
  })

  test('mcrfs hands a field to CR and clears its exceptions', () => {
    cpu.state.words[Word.FPSCR] = FX | VX | ZX | VXSNAN | 0
    expect(moves.mcrfs(cpu, 1)).toBe(5)
    expect(fpscr(cpu)).toBe(FX)
    expect(moves.mcrfs(cpu, 0)).toBe(8)
    expect(fpscr(cpu)).toBe(0)
  })
})

describe('storage', () => {
  test('stfs cuts without rounding, and denormalises below the range of singles', () => {
    const single = (x: number): number => {
      const bits = bitsOf(x)
      return singleBits(Number(bits >> 32n) | 0, Number(bits & 0xffffffffn) | 0) >>> 0
    }
    expect([1, -0, 0.1, 2 ** -126, 2 ** -127, 2 ** -149, 2 ** -150].map(single)).toEqual([
      0x3f800000, 0x80000000, 0x3dcccccc, 0x00800000, 0x00400000, 1, 0,
    ])
  })

  test('lfs keeps a signalling NaN, and widens a denormal', () => {
    const core = createCore()
    core.state.ram.setUint32(0x5000, 0x7f800001)
    loadSingle(core, 1, 0x5000)
    expect(register(core, 1)).toBe(0x7ff0000020000000n)
    core.state.ram.setUint32(0x5000, 1)
    loadSingle(core, 1, 0x5000)
    expect(core.state.fpr[1]).toBe(2 ** -149)
  })

  test('a double over a 16-byte boundary is an Alignment interrupt, nothing is stored', () => {
    const core = createCore()
    core.state.fpr[1] = 1
    stopAfter(core, 5)
    storeDouble(core, 1, 0x500c)
    expect(core.state.ram.getUint32(0x500c)).toBe(0)
    expect(runCore(core, 1)).toMatchObject({ kind: 'interrupt', ivor: 5 })
    expect(core.state.spr[62] >>> 0).toBe(0x01800000)
    expect(core.state.spr[61]).toBe(0x500c)
  })
})
