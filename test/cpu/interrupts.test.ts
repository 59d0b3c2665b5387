// Interrupts (user's manual chapter 6, p.159-207): where each goes, what it saves and what becomes of MSR, what enables
// the asynchronous ones, which goes first, and ESR.

import { describe, expect, test } from 'vitest'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { mtspr } from '../../src/cpu/spr.ts'
import { Word } from '../../src/cpu/state.ts'
import { Ivor } from '../../src/isa/interrupts.ts'
import { Spr } from '../../src/isa/registers.ts'
import {
  A,
  ALL_IVORS,
  createCore,
  encode as e,
  msr,
  pc,
  put,
  runCore,
  setDebug,
  spr,
  stopAfter,
} from '../support/core.ts'

const [WE, CE, EE, PR, FP, ME, FE0, DWE, DE, FE1, IS, DS] = [
  ...[0x40000, 0x20000, 0x8000, 0x4000, 0x2000, 0x1000, 0x800, 0x400, 0x200, 0x100, 0x20, 0x10],
] as const
const EVERY = CE | EE | FP | ME | FE0 | DWE | DE | FE1
const [PIL, PPR, PTR, PUO_FP] = [0x08000000, 0x04000000, 0x02000000, 0x01000000]
const MCI = 0x80000000

/** A core with its vectors at IVPR + 0x100 times their number, and user pages besides. */
function core(): Cpu {
  const cpu = createCore()
  cpu.state.spr[Spr.IVPR] = 0x00200000
  for (let n = 0; n < 16; n++) cpu.state.spr[Spr.IVOR0 + n] = 0x100 * n
  stopAfter(cpu, ...ALL_IVORS)
  for (let at = -4; at < 64; at += 4) put(cpu, A + at, e.nop)
  return cpu
}

/** Executes what is at A. @returns the IVOR of the interrupt, or the kind of exit. */
function run(cpu: Cpu, msr0: number, ...words: number[]): number | string {
  put(cpu, A, ...words)
  cpu.setMsr(msr0)
  cpu.pc = A
  const exit = runCore(cpu, 1)
  const last = exit.kind === 'budget' ? runCore(cpu, 0) : exit
  return last.kind === 'interrupt' ? last.ivor : last.kind
}

/** Makes each interrupt happen; most need no more than an instruction. */
const CAUSES: Readonly<Record<number, { readonly name: string; readonly next: 0 | 4; cause(cpu: Cpu): number[] }>> = {
  [Ivor.CRITICAL_INPUT]: { name: 'critical input', next: 4, cause: raise('critical') },
  [Ivor.MACHINE_CHECK]: { name: 'machine check', next: 4, cause: () => [e.lwz(3, 0, 20)] },
  [Ivor.DATA_STORAGE]: { name: 'data storage', next: 0, cause: permit(0x3c) },
  [Ivor.EXTERNAL_INPUT]: { name: 'external input', next: 4, cause: raise('external') },
  [Ivor.ALIGNMENT]: { name: 'alignment', next: 0, cause: () => [e.lwarx(3, 0, 21)] },
  [Ivor.PROGRAM]: { name: 'program', next: 0, cause: () => [0] },
  [Ivor.SYSTEM_CALL]: { name: 'system call', next: 4, cause: () => [e.sc] },
  [Ivor.DECREMENTER]: { name: 'decrementer', next: 4, cause: timer(0x04000000, 0x08000000) },
  [Ivor.FIXED_INTERVAL_TIMER]: { name: 'fixed interval timer', next: 4, cause: timer(0x00800000, 0x04000000) },
  [Ivor.WATCHDOG_TIMER]: { name: 'watchdog', next: 4, cause: timer(0x08000000, 0x40000000) },
  [Ivor.DATA_TLB_ERROR]: { name: 'data TLB error', next: 0, cause: unmap },
  [Ivor.DEBUG]: { name: 'debug', next: 4, cause: debugEvent },
}

function raise(line: 'external' | 'critical') {
  return (cpu: Cpu): number[] => {
    cpu.lines[line] = true
    return [e.nop]
  }
}

/** Pending already: enabled in TCR, set in TSR. */
function timer(tcr: number, tsr: number) {
  return (cpu: Cpu): number[] => {
    cpu.state.spr[Spr.TCR] |= tcr
    cpu.state.spr[Spr.TSR] |= tsr
    return [e.nop]
  }
}

/** The page of data at 0x500000 gets only `attributes`. */
function permit(attributes: number) {
  return (cpu: Cpu): number[] => {
    cpu.state.tlb.set([0x00500210, 0x00500000, attributes & ~0x38, 0], 0)
    cpu.state.tlb[2] = 0x24
    cpu.stateChanged()
    cpu.state.gpr[4] = 0x00500000
    return [e.lwz(3, 0, 4)]
  }
}

/** Nothing is mapped but the first 4 MB. */
function unmap(cpu: Cpu): number[] {
  cpu.state.tlb.fill(0)
  for (let n = 0; n < 4; n++) cpu.state.tlb.set([(n << 20) | 0x250, n << 20, 0x3f, 0], 4 * n)
  cpu.stateChanged()
  cpu.state.gpr[4] = 0x00500000
  return [e.lwz(3, 0, 4)]
}

function debugEvent(cpu: Cpu): number[] {
  setDebug(cpu, { DBCR0: 0x48000000 })
  return [e.nop]
}

const CRITICAL: readonly number[] = [Ivor.CRITICAL_INPUT, Ivor.WATCHDOG_TIMER, Ivor.DEBUG]
const isAsynchronous = (ivor: number): boolean =>
  (
    [
      Ivor.CRITICAL_INPUT,
      Ivor.EXTERNAL_INPUT,
      Ivor.DECREMENTER,
      Ivor.FIXED_INTERVAL_TIMER,
      Ivor.WATCHDOG_TIMER,
    ] as number[]
  ).includes(ivor)

describe('classes (p.195): save registers, and what stays of MSR', () => {
  test.each(Object.entries(CAUSES).map(([ivor, { name, next, cause }]) => ({ ivor: Number(ivor), name, next, cause })))(
    '$name',
    ({ ivor, next, cause }) => {
      const cpu = core()
      cpu.state.gpr[20] = 0x70000000
      cpu.state.gpr[21] = 0x00500002
      const words = cause(cpu)
      expect(run(cpu, EVERY, ...words)).toBe(ivor)
      const [address, saved, left] =
        ivor === Ivor.MACHINE_CHECK
          ? [Spr.MCSRR0, Spr.MCSRR1, 0]
          : CRITICAL.includes(ivor)
            ? [Spr.CSRR0, Spr.CSRR1, ME]
            : [Spr.SRR0, Spr.SRR1, CE | ME | DE]
      // What is pending already comes before the first instruction.
      const at = isAsynchronous(ivor) ? A : A + next
      expect([spr(cpu, address), spr(cpu, saved), msr(cpu), pc(cpu)]).toEqual([
        at,
        EVERY,
        left,
        0x00200000 + 0x100 * ivor,
      ])
    },
  )

  test('instruction storage and instruction TLB error: SRR0 is the address that could not be fetched', () => {
    const cpu = core()
    cpu.state.tlb.set([0x00500210, 0x00500000, 0x1b, 0], 0)
    cpu.stateChanged()
    cpu.setMsr(EVERY)
    cpu.pc = 0x00500010
    expect(runCore(cpu, 1)).toMatchObject({ kind: 'interrupt', ivor: Ivor.INSTRUCTION_STORAGE })
    expect([spr(cpu, Spr.SRR0), spr(cpu, Spr.ESR)]).toEqual([0x00500010, 0])
    unmap(cpu)
    cpu.pc = 0x00600010
    expect(runCore(cpu, 1)).toMatchObject({ kind: 'interrupt', ivor: Ivor.INSTRUCTION_TLB_ERROR })
    expect(spr(cpu, Spr.SRR0)).toBe(0x00600010)
  })

  test('FP unavailable', () => {
    const cpu = core()
    expect(run(cpu, 0, e.fadd(1, 2, 3))).toBe(Ivor.FP_UNAVAILABLE)
    expect(spr(cpu, Spr.SRR0)).toBe(A)
  })

  test('the vector is IVPR[0:15] and IVORn[16:27] (p.198)', () => {
    const cpu = core()
    cpu.state.spr[Spr.IVPR] = 0x0123ffff
    cpu.state.spr[Spr.IVOR0 + Ivor.SYSTEM_CALL] = 0xffff4567 | 0
    run(cpu, 0, e.sc)
    expect(pc(cpu)).toBe(0x01234560)
  })

  test.each([
    ['rfi', e.rfi, Spr.SRR0],
    ['rfci', e.rfci, Spr.CSRR0],
    ['rfmci', e.rfmci, Spr.MCSRR0],
  ] as const)('%s restores the defined bits of MSR and a word address', (_, word, address) => {
    const cpu = core()
    cpu.state.spr[address] = 0x00003003
    cpu.state.spr[address + 1] = -1 & ~(WE | IS | DS | PR)
    run(cpu, 0, word)
    expect([pc(cpu), msr(cpu)]).toEqual([0x3000, 0x0006ff30 & ~(WE | IS | DS | PR)])
  })
})

describe('enables', () => {
  test.each([
    ['external input', Ivor.EXTERNAL_INPUT, EE],
    ['decrementer', Ivor.DECREMENTER, EE],
    ['fixed interval timer', Ivor.FIXED_INTERVAL_TIMER, EE],
    ['critical input', Ivor.CRITICAL_INPUT, CE],
    ['watchdog', Ivor.WATCHDOG_TIMER, CE],
  ] as const)('%s waits for its bit of MSR, and comes as soon as that is set', (_, ivor, enable) => {
    const cpu = core()
    CAUSES[ivor]!.cause(cpu)
    expect(run(cpu, 0, e.mtmsr(5), e.nop)).toBe('budget')
    cpu.state.gpr[5] = enable
    expect(run(cpu, 0x0006ff30 & ~(enable | WE | PR | IS | DS), e.mtmsr(5), e.nop)).toBe(ivor)
    expect(spr(cpu, CRITICAL.includes(ivor) ? Spr.CSRR0 : Spr.SRR0)).toBe(A + 4)
  })

  test('wrteei 1 lets a pending external interrupt in before the next instruction', () => {
    const cpu = core()
    cpu.lines.external = true
    expect(run(cpu, 0, e.wrteei(1), e.addi(3, 3, 1))).toBe(Ivor.EXTERNAL_INPUT)
    expect([spr(cpu, Spr.SRR0), cpu.state.gpr[3]]).toEqual([A + 4, 0])
  })

  test('wrteei touches EE only', () => {
    const cpu = core()
    run(cpu, CE | ME | DE | FP, e.wrteei(1))
    expect(msr(cpu)).toBe(CE | ME | DE | FP | EE)
    run(cpu, EVERY, e.wrteei(0))
    expect(msr(cpu)).toBe(EVERY & ~EE)
  })

  test('wrtee copies EE of its register and nothing else', () => {
    const wrtee = (31 << 26) | (3 << 21) | (131 << 1)
    const write = (before: number, value: number): number => {
      const cpu = core()
      cpu.state.gpr[3] = value
      run(cpu, before, wrtee)
      return msr(cpu)
    }
    expect([write(CE | DE, -1), write(EVERY, ~EE)]).toEqual([CE | DE | EE, EVERY & ~EE])
  })

  test('machine check: level-sensitive on MCSR[MCS], waits for ME (p.178)', () => {
    const cpu = core()
    cpu.state.gpr[4] = 0x70000000
    expect(run(cpu, 0, e.lwz(3, 0, 4))).toBe('budget')
    expect(spr(cpu, Spr.MCSR)).toBe(0xa0000000)
    expect(run(cpu, ME, e.nop)).toBe(Ivor.MACHINE_CHECK)
    expect(run(cpu, ME, e.nop)).toBe(Ivor.MACHINE_CHECK)
    mtspr(cpu, Spr.MCSR, 0xa0000000 | 0)
    expect(run(cpu, ME, e.nop)).toBe('budget')
  })

  test('a store nobody answers: MCSR[DWB]', () => {
    const cpu = core()
    cpu.state.gpr[4] = 0x70000000
    run(cpu, 0, e.stw(3, 0, 4))
    expect(spr(cpu, Spr.MCSR)).toBe(0x90000000)
  })
})

describe('priorities (p.201)', () => {
  const ORDER = [
    Ivor.MACHINE_CHECK,
    Ivor.DEBUG,
    Ivor.CRITICAL_INPUT,
    Ivor.WATCHDOG_TIMER,
    Ivor.EXTERNAL_INPUT,
    Ivor.FIXED_INTERVAL_TIMER,
    Ivor.DECREMENTER,
  ]
  const pend: Readonly<Record<number, (cpu: Cpu) => void>> = {
    ...asynchronousCauses(),
    [Ivor.MACHINE_CHECK]: cpu => {
      cpu.state.spr[Spr.MCSR] = 0x80000000 | 0
    },
    [Ivor.DEBUG]: cpu => setDebug(cpu, { DBCR0: 0x40000000, DBSR: 0x40000000 }),
  }

  function asynchronousCauses(): Record<number, (cpu: Cpu) => void> {
    return Object.fromEntries(
      Object.entries(CAUSES)
        .filter(([ivor]) => isAsynchronous(Number(ivor)))
        .map(([ivor, { cause }]) => [ivor, (cpu: Cpu) => void cause(cpu)]),
    )
  }

  test.each(ORDER.flatMap((first, i) => ORDER.slice(i + 1).map(second => ({ first, second }))))(
    'of IVOR $first and IVOR $second the former goes first',
    ({ first, second }) => {
      const cpu = core()
      pend[first]!(cpu)
      pend[second]!(cpu)
      expect(run(cpu, EVERY, e.nop)).toBe(first)
    },
  )

  test('a synchronous exception goes before anything that is pending since', () => {
    const cpu = core()
    put(cpu, A, e.sc)
    cpu.setMsr(EE)
    cpu.pc = A
    cpu.state.spr[Spr.TCR] = 0x04000000
    cpu.timers.setDecrementer(cpu.now, 1)
    expect(runCore(cpu, 1)).toMatchObject({ kind: 'interrupt', ivor: Ivor.SYSTEM_CALL })
  })
})

describe('program interrupts and ESR (p.172, 187)', () => {
  const word = (opcode: number, extended: number): number => (opcode << 26) | (extended << 1)

  /** What other PowerPCs have and the 440 has not, by primary and extended opcode (programming model 7). */
  const ABSENT: readonly (readonly [name: string, word: number])[] = [
    ['all zeroes', 0],
    ['tdi', 2 << 26],
    ['vaddubm', 4 << 26],
    ['evaddw', (4 << 26) | 0x200],
    ['rldicl', 30 << 26],
    ['ld', 58 << 26],
    ['std', 62 << 26],
    ['rfdi', word(19, 39)],
    ['fcfid, of 64 bits', word(63, 846)],
    ['fctid', word(63, 814)],
    ...Object.entries({
      ...{ ldx: 21, stdx: 149, ldarx: 84, mulld: 233, mulhd: 73, mulhdu: 9, divd: 489, sld: 27, srd: 539, srad: 794 },
      ...{ sradi: 826, cntlzd: 58, extsw: 986, td: 68, tlbivax: 786, tlbie: 306, tlbia: 370, mfapidi: 275 },
      ...{ mfsr: 595, mfsrin: 659, mtsr: 210, mtsrin: 242, eciwx: 310, ecowx: 438, mfdcrx: 259, mtdcrx: 387 },
      ...{ wait: 62, ehpriv: 270, popcntb: 122, cmpb: 508, lvx: 103, stvx: 231 },
    }).map(([name, extended]) => [name, word(31, extended)] as const),
  ]

  test.each(ABSENT)('%s is illegal in either state', (_, instruction) => {
    for (const state of [0, PR]) {
      const cpu = core()
      expect(run(cpu, state | FP, instruction)).toBe(Ivor.PROGRAM)
      expect([spr(cpu, Spr.ESR), spr(cpu, Spr.SRR0), spr(cpu, Spr.SRR1)]).toEqual([PIL, A, state | FP])
    }
  })

  test.each([['trap', e.trap, PTR]])('%s in supervisor state', (_, instruction, esr) => {
    const cpu = core()
    cpu.state.spr[Spr.ESR] = 0x00800000
    expect(run(cpu, 0, instruction)).toBe(Ivor.PROGRAM)
    expect([spr(cpu, Spr.ESR), spr(cpu, Spr.SRR0)]).toEqual([esr, A])
  })

  test.each([
    ['mfspr SRR0', e.mfspr(3, Spr.SRR0), PPR],
    ['mtspr SPRG0', e.mtspr(Spr.SPRG0, 3), PPR],
    ['mfspr of a privileged number nobody has', e.mfspr(3, 0x3f0 | 0x10), PPR],
    ['mfspr of a user number nobody has', e.mfspr(3, 0x3e0), PIL],
    ['mtspr SPRG4 by its user number', e.mtspr(0x104, 3), PIL],
    ['an instruction there is not', 0, PIL],
  ])('%s in user state', (_, instruction, esr) => {
    const cpu = core()
    expect(run(cpu, PR, instruction)).toBe(Ivor.PROGRAM)
    expect(spr(cpu, Spr.ESR)).toBe(esr)
    expect(spr(cpu, Spr.SRR1)).toBe(PR)
  })

  test.each([
    ['mfspr USPRG0', e.mfspr(3, 0x100)],
    ['mfspr SPRG4 by its user number', e.mfspr(3, 0x104)],
    ['mfspr TBL', e.mfspr(3, Spr.TBL)],
    ['mftb of TBL', 0x7c6c42e6],
    ['mftb of TBU', 0x7c6d42e6],
    ['dcbf', e.dcbf(0, 4)],
    ['dcba', e.dcba(0, 4)],
  ])('%s is allowed in user state', (_, instruction) => {
    const cpu = core()
    expect(run(cpu, PR, instruction)).toBe('budget')
  })

  test('without an FPU a floating-point instruction is illegal whatever MSR[FP] says (p.188)', async () => {
    const { Cpu: Core } = await import('../../src/cpu/cpu.ts')
    const { Bus, DcrSpace } = await import('../../src/bus/bus.ts')
    const { applyBootState } = await import('../../src/machine/launchState.ts')
    const cpu = new Core({ ramSize: 1 << 20, bus: new Bus(), dcr: new DcrSpace(), pvr: 0x40120481, fpu: false })
    applyBootState(cpu, A)
    stopAfter(cpu, Ivor.PROGRAM)
    for (const msr0 of [0, FP]) {
      expect(run(cpu, msr0, e.fadd(1, 2, 3))).toBe(Ivor.PROGRAM)
      expect(spr(cpu, Spr.ESR)).toBe(PIL)
    }
  })

  test('interrupts that own ESR clear what is not theirs, except MCI; others leave it alone (p.172)', () => {
    const cpu = core()
    cpu.state.spr[Spr.ESR] = MCI | PPR | PUO_FP | 0
    run(cpu, 0, e.sc)
    expect(spr(cpu, Spr.ESR)).toBe((MCI | PPR | PUO_FP) >>> 0)
    run(cpu, 0, 0)
    expect(spr(cpu, Spr.ESR)).toBe((MCI | PIL) >>> 0)
  })

  test.each([530, 562, 594, 626, 658, 690, 722, 754])('31/%i is reserved as a no-op (p.558)', extended => {
    const cpu = core()
    expect(run(cpu, PR, word(31, extended) | (3 << 21) | (4 << 16))).toBe('budget')
    expect([pc(cpu), cpu.state.gpr[3]]).toEqual([A + 4, 0])
  })
})

describe('what nobody can fetch', () => {
  /** Executes from real address 0x70000000, where there is no RAM. */
  const fetchNothing = (msr0: number): ReturnType<typeof core> => {
    const cpu = core()
    stopAfter(cpu)
    cpu.state.spr[Spr.ESR] = PPR
    cpu.state.spr[Spr.MCSRR0] = 0x1111
    cpu.setMsr(msr0)
    cpu.pc = 0x70000000
    return cpu
  }

  test('is an Instruction Synchronous Machine Check with ME = 1: MCSRR0 the instruction, MCI alone in ESR, MCSR as it was (p.180)', () => {
    const cpu = fetchNothing(EVERY)
    stopAfter(cpu, Ivor.MACHINE_CHECK)
    expect(runCore(cpu, 1)).toMatchObject({ kind: 'interrupt', ivor: Ivor.MACHINE_CHECK })
    expect([spr(cpu, Spr.ESR), spr(cpu, Spr.MCSR)]).toEqual([MCI, 0])
    expect([spr(cpu, Spr.MCSRR0), spr(cpu, Spr.MCSRR1), msr(cpu)]).toEqual([0x70000000, EVERY, 0])
    // Where Linux looks for it on a 440EP (its table of processors has machine_check_4xx there).
    expect([spr(cpu, Spr.CSRR0), spr(cpu, Spr.CSRR1)]).toEqual([0x70000000, EVERY])
  })

  test('is no interrupt with ME = 0, ever, though ESR[MCI] is set (p.179): the run ends there and says so', () => {
    const cpu = fetchNothing(EVERY & ~ME)
    for (let again = 0; again < 2; again++) {
      expect(runCore(cpu, 1000)).toEqual({ kind: 'stuck', why: 'noMemory', ivor: Ivor.MACHINE_CHECK })
      expect([spr(cpu, Spr.ESR), spr(cpu, Spr.MCSR), spr(cpu, Spr.MCSRR0)]).toEqual([MCI, 0, 0x1111])
      expect([pc(cpu), msr(cpu), cpu.retired]).toEqual([0x70000000, EVERY & ~ME, 0])
    }
    // Software that comes back with ME set later finds the bit and gets no interrupt for it.
    expect(run(cpu, ME, e.nop)).toBe('budget')
  })

  test('a handler that cannot be fetched is reported, not tried for ever', () => {
    const cpu = core()
    stopAfter(cpu)
    cpu.state.spr[Spr.IVPR] = 0x70000000
    unmap(cpu)
    put(cpu, A, e.sc)
    cpu.setMsr(0)
    cpu.pc = A
    expect(runCore(cpu, 100)).toEqual({ kind: 'stuck', why: 'storm', ivor: Ivor.INSTRUCTION_TLB_ERROR })
    expect(cpu.state.words[Word.PC]).not.toBe(A)
  })
})
