// What a run is asked for: where to stop, after and before which interrupts, what has been reported already.

import { describe, expect, test } from 'vitest'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { InterpretingEngine } from '../../src/cpu/engine.ts'
import { type Reported, withReport } from '../../src/cpu/request.ts'
import { Hw } from '../../src/cpu/state.ts'
import { Ivor } from '../../src/isa/interrupts.ts'
import { Spr } from '../../src/isa/registers.ts'
import { A, createCore, encode as e, PGM, pc, put, SYSCALL, setDebug } from '../support/core.ts'

const IAC1 = 0x00800000
const IDM = 0x40000000
const STACK = 0x8000

function core(...words: number[]): Cpu {
  const cpu = createCore()
  put(cpu, A, ...words)
  cpu.pc = A
  cpu.state.gpr[1] = STACK
  return cpu
}

/** A core whose IAC1 is at `address`, as a debugger in user space has it. */
function broken(address: number, ...words: number[]): Cpu {
  const cpu = core(...words)
  cpu.state.hw[Hw.OWNED] = 1
  cpu.state.hw[Hw.SHADOW] = 0x200 // DE
  setDebug(cpu, { DBCR0: IDM | IAC1, IAC1: address })
  return cpu
}

const report = (at: number, more: Partial<Reported> = {}): Reported => ({
  ...{ pc: at, sp: STACK, events: IAC1, soft: false, interrupts: 0 },
  ...more,
})

/** Runs on, having acknowledged what was reported. */
function goOn(cpu: Cpu, reported: readonly Reported[]): string {
  cpu.state.hw[Hw.DBSR] = 0
  return cpu.run({ budget: 100, reported }).kind
}

describe('stops', () => {
  test('the place a run begins at is none; the next time around it is', () => {
    const cpu = core(e.addi(3, 3, 1), e.b(-4))
    expect(cpu.run({ budget: 100, stops: [{ addresses: [A] }] })).toEqual({ kind: 'stopAddress' })
    expect([pc(cpu), cpu.retired]).toEqual([A, 2])
  })

  test('deeper in the stack than asked for is none', () => {
    const cpu = core(e.addi(1, 1, 4), e.nop, e.b(-8))
    const stops = [{ addresses: [A + 4], sp: STACK + 12 }, { addresses: [A + 0x100] }]
    expect(cpu.run({ budget: 100, stops })).toEqual({ kind: 'stopAddress' })
    expect([pc(cpu), cpu.state.gpr[1], cpu.retired]).toEqual([A + 4, STACK + 12, 7])
  })

  test('nothing of a request is left for the next run', () => {
    const cpu = core(e.addi(3, 3, 1), e.sc, e.b(-8))
    put(cpu, SYSCALL, e.rfi)
    cpu.run({ budget: 2, stops: [{ addresses: [A + 4] }] })
    cpu.run({ budget: 1, stopAfter: new Set([8]), stopAtReturn: true, horizon: 3 })
    expect(cpu.run({ budget: 20 })).toEqual({ kind: 'budget' })
  })
})

describe('returns from interrupts', () => {
  test('rfi ends the run where it leads', () => {
    const cpu = core(e.sc, e.nop)
    put(cpu, SYSCALL, e.nop, e.rfi)
    expect(cpu.run({ budget: 100, stopAtReturn: true })).toEqual({ kind: 'returned' })
    expect([pc(cpu), cpu.retired]).toEqual([A + 4, 3])
  })

  test('a stop that a device asks for is told as that', () => {
    const cpu = core(e.rfi)
    cpu.requestStop()
    expect(cpu.run({ budget: 100, stopAtReturn: true })).toEqual({ kind: 'requested' })
  })
})

describe('what has been reported', () => {
  const LOAD = A + 4
  /** A load of an address that nothing maps; the handler maps nothing, but the second time the address is another. */
  const faulting = (): Cpu => {
    const cpu = broken(LOAD, e.nop, e.lwz(5, 0, 4), e.nop, e.b(-12))
    cpu.state.gpr[4] = 0x90000000
    cpu.state.spr[0x19d] = 0x0d00 // IVOR13, data TLB error
    cpu.state.tlb[4 * 57] = 0
    return cpu
  }

  test('is not reported of the attempt at hand, and is of the next', () => {
    const cpu = broken(A, e.addi(3, 3, 1), e.b(-4))
    expect(goOn(cpu, [report(A)])).toBe('debugInterrupt')
    expect([cpu.state.gpr[3], cpu.reported]).toEqual([1, []])
  })

  test('but for what has not', () => {
    const cpu = broken(A, e.addi(3, 3, 1), e.b(-4))
    expect(goOn(cpu, [report(A, { events: 0x00400000 })])).toBe('debugInterrupt')
    expect(cpu.state.gpr[3]).toBe(0)
  })

  test('waits for the return of an interrupt that the instruction itself has raised', () => {
    const cpu = faulting()
    put(cpu, 0x00100d00, e.addi(4, 0, 0x100), e.rfi)
    cpu.state.tlb.fill(0, 4 * 57, 4 * 58)
    cpu.stateChanged()
    cpu.pc = LOAD
    cpu.state.hw[Hw.DBSR] = 0
    expect(cpu.run({ budget: 1, stopAfter: new Set([13]), reported: [report(LOAD)] }).kind).toBe('interrupt')
    expect(cpu.reported).toEqual([report(LOAD, { interrupts: 1 })])
    expect(goOn(cpu, cpu.reported)).toBe('debugInterrupt')
    // Once around: the load, the nop, the branch, the nop; the handler's two before.
    expect([pc(cpu), cpu.retired, cpu.reported]).toEqual([LOAD, 6, []])
  })

  test('is over where the handler goes elsewhere: the next attempt is reported', () => {
    const cpu = faulting()
    put(cpu, 0x00100d00, e.mfspr(6, 26), e.addi(6, 6, 4), e.mtspr(26, 6), e.rfi)
    cpu.pc = LOAD
    expect(goOn(cpu, [report(LOAD)])).toBe('debugInterrupt')
    expect([pc(cpu), cpu.retired]).toEqual([LOAD, 7])
  })

  test('an rfi that returns to itself is another attempt each time', () => {
    const cpu = broken(A, e.rfi)
    cpu.state.spr[26] = A // SRR0
    cpu.state.spr[27] = 0 // SRR1
    expect(goOn(cpu, [report(A)])).toBe('debugInterrupt')
    expect(cpu.retired).toBe(1)
  })

  test('is about one stack: the same instruction on another is reported', () => {
    const cpu = broken(A, e.nop)
    cpu.state.gpr[1] = STACK - 64
    expect(goOn(cpu, [report(A)])).toBe('debugInterrupt')
    expect(cpu.retired).toBe(0)
  })

  test('two reports of one attempt are one', () => {
    const first = withReport([], { pc: A, sp: STACK, events: IAC1, soft: false })
    const both = withReport(first, { pc: A, sp: STACK, events: 0x00040000, soft: true })
    expect(both).toEqual([report(A, { events: IAC1 | 0x00040000, soft: true })])
    const waiting = report(A, { interrupts: 1 })
    expect(withReport([waiting], report(A + 8))).toEqual([waiting, report(A + 8)])
  })
})

test('interrupts without an instruction in between end at the same place, wherever a run was cut before', () => {
  const ends = [1, 2, 3].map(cut => {
    const cpu = core(e.nop, e.nop, e.sc)
    put(cpu, SYSCALL, 0)
    // The handler of an illegal instruction is not aligned, and that of an Alignment interrupt is illegal.
    put(cpu, PGM, e.lwarx(3, 0, 4))
    cpu.state.gpr[4] = 1
    cpu.state.spr[Spr.IVOR0 + Ivor.ALIGNMENT] = 0x500
    put(cpu, 0x0010_0500, 0)
    expect(cpu.run({ budget: cut })).toEqual({ kind: 'budget' })
    return [cpu.run({ budget: 100 }), pc(cpu)]
  })
  expect(ends[0]).toMatchObject([{ kind: 'stuck', why: 'storm' }, expect.anything()])
  expect(ends).toEqual([ends[0], ends[0], ends[0]])
})

/** An endless loop, interpreted: nothing but instructions takes time. */
function interpretedLoop(): Cpu {
  const cpu = createCore(1 << 20, cpu => new InterpretingEngine(cpu))
  put(cpu, A, e.addi(3, 3, 1), e.b(-4))
  return cpu
}

test('a run asks again when it has executed as much as before, and at the latest after 250,000 instructions', () => {
  const cpu = interpretedLoop()
  const asked: number[] = []
  cpu.run({ budget: 1_000_000, isOver: () => asked.push(cpu.retired) === 0 })
  const doubled = [2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000]
  expect(asked).toEqual([...doubled, 506_000, 756_000])
  asked.length = 0
  cpu.run({ budget: 5000, isOver: () => asked.push(cpu.retired) === 0 })
  expect(asked).toEqual([1_002_000, 1_004_000])
})

test('what an engine does besides executing counts as instructions do', () => {
  class Busy extends InterpretingEngine {
    override work = 0
    override execute(budget: number): number {
      this.work += 100_000
      return super.execute(Math.min(budget, 100))
    }
  }
  const cpu = createCore(1 << 20, cpu => new Busy(cpu))
  put(cpu, A, e.addi(3, 3, 1), e.b(-4))
  cpu.pc = A
  const asked: number[] = []
  cpu.run({ budget: 1000, isOver: () => asked.push(cpu.retired) === 0 })
  // After 100,100 as many again, then 250,000 at a time.
  expect(asked).toEqual([100, 200, 400, 700])
})

test('a run that is over ends as if its budget were spent, soon after it says so', () => {
  const cpu = interpretedLoop()
  let questions = 0
  expect(cpu.run({ budget: 1_000_000, isOver: () => ++questions === 5 })).toEqual({ kind: 'budget' })
  expect([questions, cpu.state.gpr[3]! > 5, cpu.state.gpr[3]! < 100_000]).toEqual([5, true, true])
  const { retired } = cpu
  expect(cpu.run({ budget: 1_000_000, isOver: () => false })).toEqual({ kind: 'budget' })
  expect(cpu.retired).toBe(retired + 1_000_000)
})
