// The time base read by compiled code: both halves as the interpreter reads them, also where the lower one wraps.

import { expect, test } from 'vitest'
import { createEngine, type EngineName } from '../../src/compiler/engines.ts'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { mtspr } from '../../src/cpu/spr.ts'
import { Spr } from '../../src/isa/registers.ts'
import { A, createCore, put, runCore } from '../support/core.ts'
import { mfspr, word } from './programs.ts'

const BACK = (18 << 26) | (-36 & 0x3fffffc)

/** As kernels and boot loaders read it: the upper half, the lower, and the upper again; a sum tells of every time. */
function loop(engine: EngineName, lower: number): Cpu {
  const cpu = createCore(1 << 20, core => createEngine(engine, core))
  put(
    cpu,
    A,
    ...[mfspr(3, Spr.TBU), mfspr(4, Spr.TBL), mfspr(5, Spr.TBU)],
    ...[word('xor', { ra: 6, rs: 3, rb: 5 }), word('add', { rt: 7, ra: 7, rb: 6 })],
    ...[word('add', { rt: 8, ra: 8, rb: 3 }), word('xor', { ra: 9, rs: 9, rb: 4 })],
    ...[word('add', { rt: 9, ra: 9, rb: 4 }), word('addi', { rt: 10, ra: 10, si: 1 })],
    BACK,
  )
  mtspr(cpu, Spr.TBL + 16, lower)
  mtspr(cpu, Spr.TBU + 16, 5)
  cpu.pc = A
  return cpu
}

const state = ({ state: { gpr } }: Cpu): number[] => [...gpr.subarray(3, 11)]

test.each([
  ['that wraps', 0xfff8_0000],
  ['that does not', 0],
])('a lower half %s', (_, lower) => {
  const [interpreted, compiled] = (['interpreter', 'compiler'] as const).map(engine => loop(engine, lower))
  for (const budget of [1000, 300_001, 1, 250_000, 99_999, 1_000_000]) {
    runCore(interpreted!, budget)
    runCore(compiled!, budget)
    expect(state(compiled!)).toEqual(state(interpreted!))
  }
  expect(interpreted!.state.gpr[3]).toBe(lower === 0 ? 5 : 6)
  expect(compiled!.engine.compiled).toBeGreaterThan(1_000_000)
})
