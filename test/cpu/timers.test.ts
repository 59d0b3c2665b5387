// Time base, decrementer, fixed interval timer and watchdog (user's manual chapter 7, p.209-218). One cycle is one clock.

import { describe, expect, test } from 'vitest'
import { mfspr, mtspr } from '../../src/cpu/spr.ts'
import { Clock, Hw } from '../../src/cpu/state.ts'
import { Ivor } from '../../src/isa/interrupts.ts'
import { Spr } from '../../src/isa/registers.ts'
import { A, createCore, encode as e, msr, pc, put, runCore, setDebug, spr, stopAfter } from '../support/core.ts'

const [ENW, WIS, WRS, DIS, FIS] = [0x80000000, 0x40000000, 0x30000000, 0x08000000, 0x04000000]
const [WIE, DIE, FIE, ARE] = [0x08000000, 0x04000000, 0x00800000, 0x00400000]
const [CE, EE] = [0x00020000, 0x00008000]
const WRC = (type: number): number => type << 28
const TBL_WRITE = Spr.TBL + 0x10
const TBU_WRITE = Spr.TBU + 0x10
const DECAR = 54

/** A core in a long stretch of `nop`s. */
function core() {
  const cpu = createCore()
  for (let at = 0; at < 0x8000; at += 4) put(cpu, A + at, e.nop)
  cpu.state.spr[Spr.IVOR0 + 10] = 0x1000
  cpu.state.spr[Spr.IVOR0 + 11] = 0x1010
  cpu.state.spr[Spr.IVOR0 + 12] = 0x1020
  return cpu
}

type Core = ReturnType<typeof core>

const set = (cpu: Core, number: number, value: number): void => mtspr(cpu, number, value | 0)
const get = (cpu: Core, number: number): number => mfspr(cpu, number) >>> 0
/** The bits of `mask` in TSR, unsigned. */
const tsr = (cpu: Core, mask: number): number => (get(cpu, Spr.TSR) & mask) >>> 0
/** Puts the time base `cycles` before bit `bit` of it rises. */
const beforeRise = (cpu: Core, bit: number, cycles: number): void => {
  const time = 2 ** bit - cycles
  set(cpu, TBU_WRITE, Math.floor(time / 2 ** 32))
  set(cpu, TBL_WRITE, time % 2 ** 32)
}

describe('time base', () => {
  test('counts one per cycle, and carries from TBL into TBU', () => {
    const cpu = core()
    set(cpu, TBU_WRITE, 5)
    set(cpu, TBL_WRITE, 0xfffffffe)
    runCore(cpu, 3)
    expect([get(cpu, Spr.TBU), get(cpu, Spr.TBL)]).toEqual([6, 1])
  })

  test('a write to one half leaves the other alone', () => {
    const cpu = core()
    set(cpu, TBU_WRITE, 1)
    set(cpu, TBL_WRITE, 2)
    set(cpu, TBU_WRITE, 3)
    expect([get(cpu, Spr.TBU), get(cpu, Spr.TBL)]).toEqual([3, 2])
  })

  test('mfspr reads the time at its own place', () => {
    const cpu = core()
    put(cpu, A, e.mfspr(3, Spr.TBL), e.nop, e.mfspr(4, Spr.TBL))
    runCore(cpu, 3)
    expect(cpu.state.gpr[4]! - cpu.state.gpr[3]!).toBe(2)
  })
})

describe('decrementer (p.211)', () => {
  test('counts down to 0 and rests there; the 1 to 0 sets TSR[DIS]', () => {
    const cpu = core()
    set(cpu, Spr.DEC, 3)
    runCore(cpu, 2)
    expect([get(cpu, Spr.DEC), get(cpu, Spr.TSR)]).toEqual([1, 0])
    runCore(cpu, 1)
    expect([get(cpu, Spr.DEC), get(cpu, Spr.TSR)]).toEqual([0, DIS])
    runCore(cpu, 5)
    expect(get(cpu, Spr.DEC)).toBe(0)
  })

  test('writing 0 halts it without an exception (p.212)', () => {
    const cpu = core()
    set(cpu, Spr.DEC, 5)
    set(cpu, Spr.DEC, 0)
    runCore(cpu, 10)
    expect([get(cpu, Spr.DEC), get(cpu, Spr.TSR)]).toEqual([0, 0])
  })

  test('TCR[ARE]: reloaded from DECAR again and again', () => {
    const cpu = core()
    set(cpu, DECAR, 10)
    set(cpu, Spr.TCR, ARE)
    set(cpu, Spr.DEC, 3)
    runCore(cpu, 5)
    expect([get(cpu, Spr.DEC), get(cpu, Spr.TSR)]).toEqual([8, DIS])
    set(cpu, Spr.TSR, DIS)
    runCore(cpu, 8)
    expect([get(cpu, Spr.DEC), get(cpu, Spr.TSR)]).toEqual([10, DIS])
  })

  test.each([
    ['DIE and EE', DIE, EE, true],
    ['EE alone', 0, EE, false],
    ['DIE alone', DIE, 0, false],
  ] as const)('the interrupt needs both enables: %s', (_, tcr, msr0, taken) => {
    const cpu = core()
    cpu.setMsr(msr0)
    set(cpu, Spr.TCR, tcr)
    set(cpu, Spr.DEC, 2)
    stopAfter(cpu, Ivor.DECREMENTER)
    const exit = runCore(cpu, 10)
    expect(exit.kind === 'interrupt').toBe(taken)
    if (taken) expect([spr(cpu, Spr.SRR0), spr(cpu, Spr.SRR1), pc(cpu)]).toEqual([A + 8, EE, 0x00101000])
  })

  test('level-sensitive: with DIS left set the interrupt comes again as soon as EE is on (p.211)', () => {
    const cpu = core()
    put(cpu, 0x00101000, e.rfi)
    set(cpu, Spr.TCR, DIE)
    set(cpu, Spr.DEC, 1)
    cpu.setMsr(EE)
    stopAfter(cpu, Ivor.DECREMENTER)
    expect(runCore(cpu, 10).kind).toBe('interrupt')
    expect([runCore(cpu, 10).kind, spr(cpu, Spr.SRR0)]).toEqual(['interrupt', A + 4])
  })
})

describe('fixed interval timer (p.212)', () => {
  test.each([
    [0, 13],
    [1, 17],
    [2, 21],
    [3, 25],
  ])('TCR[FP] = %i: every 2^%i clocks', (fp, log) => {
    const cpu = core()
    set(cpu, Spr.TCR, fp << 24)
    beforeRise(cpu, log - 1, 3)
    runCore(cpu, 2)
    expect(tsr(cpu, FIS)).toBe(0)
    runCore(cpu, 1)
    expect(tsr(cpu, FIS)).toBe(FIS)
    // The bit falls half a period later, which is no event, and rises again after a whole one.
    set(cpu, Spr.TSR, FIS)
    cpu.state.clock[Clock.CYCLES] += 2 ** (log - 1)
    runCore(cpu, 4)
    expect(tsr(cpu, FIS)).toBe(0)
    cpu.state.clock[Clock.CYCLES] += 2 ** (log - 1) - 8
    runCore(cpu, 5)
    expect(tsr(cpu, FIS)).toBe(FIS)
  })

  test('a write to the time base that makes the bit rise counts', () => {
    const cpu = core()
    set(cpu, TBL_WRITE, 0x1000)
    expect(tsr(cpu, FIS)).toBe(FIS)
  })

  test('interrupt with FIE and EE', () => {
    const cpu = core()
    cpu.setMsr(EE)
    set(cpu, Spr.TCR, FIE)
    beforeRise(cpu, 12, 2)
    stopAfter(cpu, Ivor.FIXED_INTERVAL_TIMER)
    expect(runCore(cpu, 10)).toMatchObject({ kind: 'interrupt', ivor: Ivor.FIXED_INTERVAL_TIMER })
    expect(spr(cpu, Spr.SRR0)).toBe(A + 8)
  })
})

describe('watchdog (p.213-215)', () => {
  test.each([
    [0, 21],
    [1, 25],
    [2, 29],
    [3, 33],
  ])('TCR[WP] = %i: every 2^%i clocks', (wp, log) => {
    const cpu = core()
    set(cpu, Spr.TCR, wp << 30)
    beforeRise(cpu, log - 1, 2)
    runCore(cpu, 1)
    expect(tsr(cpu, ENW)).toBe(0)
    runCore(cpu, 1)
    expect(tsr(cpu, ENW)).toBe(ENW)
  })

  /** The state of TSR before and after one time-out. */
  const timeOut = (tsr: number, tcr: number) => {
    const cpu = core()
    set(cpu, Spr.TCR, tcr)
    beforeRise(cpu, 20, 1)
    cpu.state.spr[Spr.TSR] = tsr
    const exit = runCore(cpu, 1)
    return { cpu, exit, after: get(cpu, Spr.TSR) & ~FIS }
  }

  test.each([
    [0, ENW],
    [WIS, ENW | WIS],
    [ENW, ENW | WIS],
    [ENW | WIS, ENW | WIS],
  ])('without WRC: TSR %i becomes %i', (before, after) => {
    const { exit, after: seen } = timeOut(before, 0)
    expect([seen >>> 0, exit.kind]).toEqual([after >>> 0, 'budget'])
  })

  test.each([
    [0, ENW],
    [WIS, ENW | WIS],
    [ENW, ENW | WIS],
  ])('with WRC the others are as without, and reset nothing: TSR %i becomes %i', (before, after) => {
    for (const type of [1, 2, 3]) {
      const { cpu, exit, after: seen } = timeOut(before, WRC(type))
      expect([seen >>> 0, exit.kind, runCore(cpu, 1).kind]).toEqual([after >>> 0, 'budget', 'budget'])
      expect(get(cpu, Spr.TCR)).toBe(WRC(type))
    }
  })

  test('a write to either half of the time base that makes the bit rise counts', () => {
    const lower = core()
    set(lower, TBL_WRITE, 0x00100000)
    expect(tsr(lower, ENW)).toBe(ENW)
    const upper = core()
    set(upper, Spr.TCR, 3 << 30)
    set(upper, TBU_WRITE, 1)
    expect(tsr(upper, ENW)).toBe(ENW)
    // Already 1: no rise.
    set(upper, Spr.TSR, ENW)
    set(upper, TBU_WRITE, 3)
    expect(tsr(upper, ENW)).toBe(0)
  })

  test('by mtspr, the third resets, too', () => {
    const cpu = core()
    set(cpu, Spr.TCR, WRC(2))
    cpu.state.spr[Spr.TSR] = ENW | WIS | 0
    put(cpu, A, e.mtspr(TBL_WRITE, 3))
    cpu.state.gpr[3] = 0x00100000
    expect(runCore(cpu, 2)).toMatchObject({ kind: 'reset', type: 2, cause: 'watchdog' })
  })

  test.each([1, 2, 3])('the third with WRC = %i resets: TSR[WRS], DBSR[MRR] tell the type, WRC is cleared', type => {
    const { cpu, exit, after } = timeOut(ENW | WIS, WRC(type))
    // The reset is reported at the boundary after the instruction.
    expect(exit.kind === 'budget' ? runCore(cpu, 0) : exit).toMatchObject({ kind: 'reset', type, cause: 'watchdog' })
    expect((after & WRS) >>> 28).toBe(type)
    expect([(cpu.state.hw[Hw.DBSR]! >>> 28) & 3, get(cpu, Spr.TCR) & WRC(3)]).toEqual([type, 0])
  })

  test('the second is a critical interrupt with WIE and CE', () => {
    const cpu = core()
    cpu.setMsr(CE | 0x1000)
    set(cpu, Spr.TCR, WIE)
    beforeRise(cpu, 20, 1)
    cpu.state.spr[Spr.TSR] = ENW
    stopAfter(cpu, Ivor.WATCHDOG_TIMER)
    expect(runCore(cpu, 5)).toMatchObject({ kind: 'interrupt', ivor: Ivor.WATCHDOG_TIMER })
    expect([spr(cpu, Spr.CSRR0), spr(cpu, Spr.CSRR1), msr(cpu)]).toEqual([A + 4, 0x00021000, 0x1000])
  })

  test('TCR[WRC] can be set by software but not cleared', () => {
    const cpu = core()
    set(cpu, Spr.TCR, WRC(2))
    set(cpu, Spr.TCR, 0)
    expect(get(cpu, Spr.TCR) >>> 0).toBe(WRC(2))
    set(cpu, Spr.TCR, WRC(1))
    expect(get(cpu, Spr.TCR) >>> 0).toBe(WRC(3))
  })
})

describe('registers', () => {
  test('TSR is cleared by writing ones', () => {
    const cpu = core()
    cpu.state.spr[Spr.TSR] = DIS | FIS | ENW | 0
    set(cpu, Spr.TSR, FIS)
    expect(get(cpu, Spr.TSR) >>> 0).toBe((DIS | ENW) >>> 0)
  })

  test('reserved bits of TCR read as 0', () => {
    const cpu = core()
    set(cpu, Spr.TCR, 0xcfffffff)
    expect(get(cpu, Spr.TCR)).toBe(0xcfc00000)
  })
})

describe('freeze (p.238)', () => {
  const frozen = () => {
    const cpu = core()
    set(cpu, Spr.DEC, 100)
    setDebug(cpu, { DBCR0: 1, DBSR: 0x00800000 })
    return cpu
  }

  test('with DBCR0[FT] and an event in DBSR time base and decrementer stand still', () => {
    const cpu = frozen()
    const before = get(cpu, Spr.TBL)
    runCore(cpu, 50)
    expect([get(cpu, Spr.TBL), get(cpu, Spr.DEC)]).toEqual([before, 100])
    setDebug(cpu, { DBSR: 0 })
    runCore(cpu, 10)
    expect([get(cpu, Spr.TBL), get(cpu, Spr.DEC)]).toEqual([before + 10, 90])
  })

  test('nor do the fixed interval timer and the watchdog go on', () => {
    const cpu = core()
    beforeRise(cpu, 12, 3)
    setDebug(cpu, { DBCR0: 1, DBSR: 0x00800000 })
    runCore(cpu, 20)
    expect(tsr(cpu, FIS)).toBe(0)
    setDebug(cpu, { DBCR0: 0 })
    runCore(cpu, 2)
    expect(tsr(cpu, FIS)).toBe(0)
    runCore(cpu, 1)
    expect(tsr(cpu, FIS)).toBe(FIS)
  })

  test.each([0x80000000, 0x30000000, 0x00000003])(
    'IDE, MRR and the toggle status do not freeze (D11): DBSR = %i',
    dbsr => {
      const cpu = frozen()
      setDebug(cpu, { DBSR: dbsr | 0 })
      const before = get(cpu, Spr.TBL)
      runCore(cpu, 5)
      expect(get(cpu, Spr.TBL)).toBe(before + 5)
    },
  )
})

describe('wait state', () => {
  const WE = 0x00040000

  test('time goes on to the next timer event, without instructions, and the interrupt clears MSR[WE]', () => {
    const cpu = core()
    put(cpu, A, e.mtmsr(3))
    cpu.state.gpr[3] = WE | EE
    set(cpu, Spr.TCR, DIE)
    set(cpu, Spr.DEC, 100_000)
    stopAfter(cpu, Ivor.DECREMENTER)
    expect(runCore(cpu, 1000)).toMatchObject({ kind: 'interrupt', ivor: Ivor.DECREMENTER })
    expect([cpu.retired, cpu.now, spr(cpu, Spr.SRR0), spr(cpu, Spr.SRR1), msr(cpu)]).toEqual([
      1,
      100_000,
      A + 4,
      WE | EE,
      0,
    ])
  })

  test('what nothing can end is reported', () => {
    const cpu = core()
    cpu.setMsr(WE)
    expect(runCore(cpu, 1000)).toMatchObject({ kind: 'idle', how: 'wait', waitsForInput: false })
  })

  test('what only a device can end says so', () => {
    const cpu = core()
    cpu.lines.possible = EE
    cpu.setMsr(WE | EE)
    expect(runCore(cpu, 1000)).toMatchObject({ kind: 'idle', how: 'wait', waitsForInput: true })
  })

  test('what MSR does not let in ends nothing', () => {
    const cpu = core()
    cpu.lines.possible = EE
    cpu.setMsr(WE | CE)
    expect(runCore(cpu, 1000)).toMatchObject({ kind: 'idle', how: 'wait', waitsForInput: false })
  })

  test('a branch to itself passes the time in one step, instruction by instruction exact', () => {
    const cpu = core()
    put(cpu, A, e.b(0))
    cpu.setMsr(EE)
    set(cpu, Spr.TCR, DIE)
    set(cpu, Spr.DEC, 1_000_000)
    stopAfter(cpu, Ivor.DECREMENTER)
    expect(runCore(cpu, 2_000_000)).toMatchObject({ kind: 'interrupt', ivor: Ivor.DECREMENTER })
    expect([cpu.retired, cpu.now, spr(cpu, Spr.SRR0)]).toEqual([1_000_000, 1_000_000, A])
  })
})

describe('reset by DBCR0[RST] (p.85, 238)', () => {
  test.each([1, 2, 3])('RST = %i: reported at once, RST reads 0, DBSR[MRR] tells the type, events stay', type => {
    const cpu = core()
    put(cpu, A, e.mtspr(Spr.DBCR0, 3), e.mfspr(4, Spr.DBCR0), e.nop)
    cpu.state.gpr[3] = (type << 28) | 0x00800000
    setDebug(cpu, { DBSR: 0x30000000 | 0x01000000 })
    expect(runCore(cpu, 10)).toMatchObject({ kind: 'reset', type, cause: 'DBCR0' })
    expect(cpu.retired).toBe(1)
    expect([cpu.state.hw[Hw.DBCR0]! >>> 0, cpu.state.hw[Hw.DBSR]! >>> 0]).toEqual([
      0x00800000,
      ((type << 28) | 0x01000000) >>> 0,
    ])
  })

  test('RST = 0 is none', () => {
    const cpu = core()
    put(cpu, A, e.mtspr(Spr.DBCR0, 3))
    cpu.state.gpr[3] = 0x8000
    expect(runCore(cpu, 2).kind).toBe('budget')
  })
})

test('TBU is the upper half of the time base, wherever TBL wraps', () => {
  const cpu = createCore()
  const { timers, state } = cpu
  const offsets = [
    0n,
    1n,
    -1n,
    0xffffffffn,
    0x1_0000_0000n,
    -0x1_0000_0000n,
    0x7fff_ffff_ffff_ffffn,
    0x1234_5678_9abc_def0n,
  ]
  const moments = [0, 1, 0xffffffff, 0x1_0000_0000, 0x1_ffff_ffff, 2 ** 51 + 12345]
  for (const offset of offsets)
    for (const now of moments) {
      state.timeBaseOffset[0] = offset
      expect([offset, now, timers.timeBaseUpper(now)]).toEqual([offset, now, Number(timers.timeBase(now) >> 32n) | 0])
    }
})
