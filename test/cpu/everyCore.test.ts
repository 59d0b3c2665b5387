// The debug facility on every core that a board may have: what the manual's tables say of one they say of all. Each of
// these files is loaded once for each core, whose tests run under its name.

import { beforeEach, describe, expect, test } from 'vitest'
import { CORE_NAMES, CORES } from '../../src/boards/cores.ts'
import { Ivor } from '../../src/isa/interrupts.ts'
import { Spr } from '../../src/isa/registers.ts'
import { A, beCore, createCore, hasFpu, put, runCore, spr, stopAfter } from '../support/core.ts'

const PR = 0x4000
const [PIL, PPR] = [0x08000000, 0x04000000]
const FILES = ['debug', 'debugDecisions', 'debugErrors', 'debugModes', 'dataAddress', 'priorities', 'timers']

describe.each(CORE_NAMES)('%s', async core => {
  beforeEach(() => {
    beCore(core)
    return () => beCore('440ep')
  })

  test('is the one that is tested', () => {
    const { state } = createCore()
    expect([state.spr[Spr.PVR] >>> 0, hasFpu()]).toEqual([CORES[core].pvr, CORES[core].fpu])
  })

  test('has mfdcrx and mtdcrx if it is the 460EX; elsewhere they are illegal in either state', () => {
    const [mfdcrx, mtdcrx] = [0x7c640206, 0x7ca30306]
    for (const [state, word] of [0, PR].flatMap(state => [mtdcrx, mfdcrx].map(word => [state, word] as const))) {
      const cpu = createCore()
      const numbers: number[] = []
      cpu.dcr.map({
        ...{ name: 'X', text: '', registers: [], first: 0x0c2, last: 0x0c2, peek: () => 0 },
        read: number => numbers.push(number) + 76,
        write: (number, value) => numbers.push(number, value),
      })
      // More than ten bits: the number is the lower ones.
      Object.assign(cpu.state.gpr, { 3: 0xfc0c2 | 0, 4: 0xc2, 5: 55 })
      put(cpu, A, word)
      cpu.setMsr(state)
      cpu.pc = A
      stopAfter(cpu, Ivor.PROGRAM)
      const { kind } = runCore(cpu, 1)
      const moves = core === '460ex' && state === 0
      expect(kind).toBe(moves ? 'budget' : 'interrupt')
      if (moves)
        expect(word === mtdcrx ? numbers : [...numbers, cpu.state.gpr[3]]).toEqual([0xc2, word === mtdcrx ? 55 : 77])
      else expect([spr(cpu, Spr.ESR), numbers]).toEqual([core === '460ex' ? PPR : PIL, []])
    }
  })

  for (const file of FILES) await import(/* @vite-ignore */ new URL(`${file}.test.ts?${core}`, import.meta.url).href)
})
