// The engine that compiles is not asked for every few instructions where nothing can be compiled.

import { expect, test, vi } from 'vitest'
import { CompilingEngine } from '../../src/compiler/engine.ts'
import { createEngine } from '../../src/compiler/engines.ts'
import { DBCR0 } from '../../src/isa/registers.ts'
import { A, createCore, put, runCore, setDebug } from '../support/core.ts'
import { word } from './programs.ts'

const INSTRUCTIONS = 1_000_000

test('a loop in the page of a breakpoint is interpreted in long stretches', () => {
  const execute = vi.spyOn(CompilingEngine.prototype, 'execute')
  const cpu = createCore(1 << 20, core => createEngine('auto', core))
  put(cpu, A, word('addi', { rt: 3, ra: 3, si: 1 }), (18 << 26) | (-4 & 0x3fffffc))
  setDebug(cpu, { IAC1: A + 0x100, DBCR0: DBCR0.mask.IDM | DBCR0.mask.IAC1 })
  cpu.pc = A
  runCore(cpu, INSTRUCTIONS)
  expect(cpu.state.gpr[3]).toBe(INSTRUCTIONS / 2)
  expect(execute.mock.calls.length).toBeLessThan(INSTRUCTIONS / 200)
  execute.mockRestore()
})
