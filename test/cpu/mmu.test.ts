// Address translation (user's manual chapter 5, p.133-158; instructions p.435, 479): matching, permissions, page sizes,
// storage attributes, and the instructions that look at and change the TLB.

import { describe, expect, test } from 'vitest'
import { isync } from '../../src/cpu/exec/system.ts'
import { tlbsx, tlbwe } from '../../src/cpu/exec/tlb.ts'
import { Word } from '../../src/cpu/state.ts'
import { Ivor } from '../../src/isa/interrupts.ts'
import { Spr } from '../../src/isa/registers.ts'
import { A, ALL_IVORS, createCore, encode as e, pc, put, runCore, spr, stopAfter } from '../support/core.ts'

const V = 0x200
const TS = 0x100
const [I, G, E] = [0x400, 0x100, 0x80]
const [UX, UW, UR, SX, SW, SR] = [0x20, 0x10, 0x08, 0x04, 0x02, 0x01]
const ALL = UX | UW | UR | SX | SW | SR
const [PR, IS, DS] = [0x4000, 0x20, 0x10]
const SIZES = { '1K': 0, '4K': 1, '16K': 2, '64K': 3, '256K': 4, '1M': 5, '16M': 7, '256M': 9 } as const
const bytesOf = (size: number): number => 1024 * 4 ** size

interface Entry {
  readonly ea: number
  readonly ra: number
  readonly size?: number
  readonly space?: 0 | 1
  readonly tid?: number
  readonly erpn?: number
  readonly attributes?: number
}

/** A core that executes at A in both spaces and states, with the data pages of `entries` from entry 1 on. */
function core(...entries: Entry[]) {
  const cpu = createCore()
  const { tlb, spr: sprs } = cpu.state
  tlb.fill(0)
  const write = (n: number, { ea, ra, size = 1, space = 0, tid = 0, erpn = 0, attributes = ALL }: Entry): void => {
    tlb.set([ea | V | (space === 1 ? TS : 0) | (size << 4), ra | erpn, attributes, tid], 4 * n)
  }
  write(62, { ea: 0, ra: 0 })
  write(63, { ea: 0, ra: 0, space: 1 })
  write(60, { ea: A, ra: A, attributes: UX | SX })
  write(61, { ea: A, ra: A, space: 1, attributes: UX | SX })
  for (const [n, entry] of entries.entries()) write(1 + n, entry)
  for (let n = 0; n < 16; n++) sprs[Spr.IVOR0 + n] = 0x100 * n
  sprs[Spr.IVPR] = 0x00100000
  cpu.stateChanged()
  return cpu
}

type Core = ReturnType<typeof core>

/** Executes `word` at A. @returns the number of the interrupt it gives, or 'done'. */
function execute(cpu: Core, word: number, msr = 0): number | 'done' {
  put(cpu, A, word)
  cpu.setMsr(msr)
  cpu.pc = A
  stopAfter(cpu, ...ALL_IVORS)
  const exit = runCore(cpu, 1)
  return exit.kind === 'interrupt' ? exit.ivor : 'done'
}

const load = (cpu: Core, ea: number, msr = 0) => {
  cpu.state.gpr[4] = ea
  return execute(cpu, e.lwz(3, 0, 4), msr)
}
const store = (cpu: Core, ea: number, msr = 0) => {
  cpu.state.gpr[4] = ea
  return execute(cpu, e.stw(3, 0, 4), msr)
}

describe('matching', () => {
  test.each(Object.entries(SIZES))('a %s page maps its first and last byte and none beside', (_, size) => {
    const bytes = bytesOf(size)
    const ea = 0x40000000
    // What lies outside the 16 MB of RAM answers with a machine check, not a miss.
    const cpu = core({ ea, ra: 0, size })
    const miss = Ivor.DATA_TLB_ERROR
    expect([load(cpu, ea), load(cpu, ea - 4), load(cpu, ea + bytes)]).toEqual(['done', miss, miss])
    expect(cpu.mmu.translate(ea + bytes - 1, 'load')).toMatchObject({ kind: 'hit', real: bytes - 1 })
  })

  test.each([6, 8, 10, 11, 12, 13, 14, 15])('SIZE %i is reserved and matches nothing', size => {
    expect(load(core({ ea: 0x40000000, ra: 0, size }), 0x40000000)).toBe(Ivor.DATA_TLB_ERROR)
  })

  test('RPN bits inside the page are ignored: they come from the address', () => {
    const cpu = core({ ea: 0x40000000, ra: 0x00012c00, size: SIZES['64K'] })
    cpu.state.ram.setInt32(0x00015678, 0x1234)
    expect([load(cpu, 0x40005678), cpu.state.gpr[3]]).toEqual(['done', 0x1234])
  })

  test.each([
    ['TID 0 matches every PID', 0, 7, 'done'],
    ['TID equal to PID', 7, 7, 'done'],
    ['another TID', 8, 7, Ivor.DATA_TLB_ERROR],
  ] as const)('%s', (_, tid, pid, outcome) => {
    const cpu = core({ ea: 0x40000000, ra: 0, tid })
    cpu.state.spr[Spr.PID] = pid
    cpu.stateChanged()
    expect(load(cpu, 0x40000000)).toBe(outcome)
  })

  test.each([
    [0, 0, 'done'],
    [0, DS, Ivor.DATA_TLB_ERROR],
    [1, DS, 'done'],
    [1, 0, Ivor.DATA_TLB_ERROR],
    [1, IS, Ivor.DATA_TLB_ERROR],
  ] as const)('TS = %i and MSR = %i for data: MSR[DS] decides', (space, msr, outcome) => {
    expect(load(core({ ea: 0x40000000, ra: 0, space }), 0x40000000, msr)).toBe(outcome)
  })

  test.each([
    [0, 0, 'done'],
    [0, IS, Ivor.INSTRUCTION_TLB_ERROR],
    [1, IS, 'done'],
    [1, DS, Ivor.INSTRUCTION_TLB_ERROR],
  ] as const)('TS = %i and MSR = %i for instructions: MSR[IS] decides', (space, msr, outcome) => {
    const cpu = core({ ea: 0x40000000, ra: 0x2000, space })
    put(cpu, 0x2000, e.nop)
    cpu.setMsr(msr)
    cpu.pc = 0x40000000
    stopAfter(cpu, Ivor.INSTRUCTION_TLB_ERROR)
    const exit = runCore(cpu, 1)
    expect(exit.kind === 'interrupt' ? exit.ivor : 'done').toBe(outcome)
  })

  test('an invalid entry matches nothing', () => {
    const cpu = core({ ea: 0x40000000, ra: 0 })
    cpu.state.tlb[4] &= ~V
    cpu.stateChanged()
    expect(load(cpu, 0x40000000)).toBe(Ivor.DATA_TLB_ERROR)
  })

  describe('two entries that match (p.139): the first counts, and the programmer is told, once', () => {
    const EA = 0x40000000
    const two = () => core({ ea: EA, ra: 0x2000 }, { ea: EA & ~0xffff, ra: 0x10000, size: SIZES['64K'] })
    const told = (cpu: Core): string[] => cpu.diagnostics.map(({ text }) => text).filter(text => text.startsWith('TLB'))
    const both = ['TLB entries 1 and 2 both map 0x40000000: the part may use either, or fail']

    test('loads and stores', () => {
      const cpu = two()
      cpu.state.ram.setInt32(0x2000, 7)
      expect([load(cpu, EA), cpu.state.gpr[3], store(cpu, EA + 4), load(cpu, EA + 8)]).toEqual([
        'done',
        7,
        'done',
        'done',
      ])
      expect(told(cpu)).toEqual(both)
    })

    test('fetches', () => {
      const cpu = two()
      put(cpu, 0x2000, e.b(4), e.b(-4))
      cpu.pc = EA
      runCore(cpu, 10)
      expect(told(cpu)).toEqual(both)
    })

    test('tlbsx', () => {
      const cpu = two()
      cpu.state.gpr[4] = EA
      execute(cpu, e.tlbsx(3, 0, 4))
      expect([cpu.state.gpr[3], told(cpu)]).toEqual([1, both])
    })

    test.each([
      [3, []],
      [60, ['TLB entries 48 and 60 both map 0x00000000: the part may use either, or fail']],
    ])('the launch state maps everything in 48 to 63: an entry %i before those is no mistake', (index, said) => {
      const cpu = createCore()
      cpu.state.gpr.set([V | (SIZES['4K'] << 4), 0, 0x3f, index], 4)
      put(cpu, A, e.tlbwe(4, 7, 0), e.tlbwe(5, 7, 1), e.tlbwe(6, 7, 2), e.lwz(3, 0, 5))
      runCore(cpu, 4)
      expect(told(cpu)).toEqual(said)
    })

    test.each([
      ['another address', { ea: EA + 0x1000, ra: 0 }],
      ['the other space', { ea: EA, ra: 0, space: 1 as const }],
      ['another process', { ea: EA, ra: 0, tid: 9 }],
    ])('%s does not', (_, second) => {
      const cpu = core({ ea: EA, ra: 0x2000 }, second)
      load(cpu, EA)
      expect(told(cpu)).toEqual([])
    })
  })

  test('a device is found anew when the entry that maps it changes', () => {
    const EA = 0x40000000
    const cpu = core({ ea: EA, ra: 0x0ff00000, size: SIZES['1K'] })
    cpu.state.ram.setInt32(0x2000, 7)
    load(cpu, EA)
    load(cpu, EA)
    cpu.state.gpr[7] = 1
    cpu.state.gpr[8] = 0x2000
    execute(cpu, e.tlbwe(8, 7, 1))
    expect([load(cpu, EA), cpu.state.gpr[3]]).toEqual(['done', 7])
  })

  test('a page of 1 KB counts beside a larger one that maps the rest of its 4 KB', () => {
    const [EA, rest] = [0x40000000, 0x40000800]
    const cpu = core({ ea: EA, ra: 0x2000, size: SIZES['1K'] }, { ea: EA, ra: 0x10000, size: SIZES['64K'] })
    cpu.state.ram.setInt32(0x2000, 7)
    cpu.state.ram.setInt32(0x10800, 8)
    const values = [rest, EA, rest].map(ea => [load(cpu, ea), cpu.state.gpr[3]])
    expect(values).toEqual([
      ['done', 8],
      ['done', 7],
      ['done', 8],
    ])
  })

  test('a real address has 36 bits: ERPN is above RAM', () => {
    const cpu = core({ ea: 0x40000000, ra: 0, erpn: 4 })
    expect(cpu.mmu.translate(0x40000010, 'load')).toMatchObject({ real: 0x4_0000_0010 })
    load(cpu, 0x40000010)
    expect(cpu.diagnostics.at(-1)?.text).toContain('0x400000010')
  })
})

describe('permissions', () => {
  const EA = 0x40000000
  const BITS = { UX, UW, UR, SX, SW, SR }
  const USES: Readonly<Record<string, { readonly bit: keyof typeof BITS; readonly msr: number }>> = {
    'user fetch': { bit: 'UX', msr: PR },
    'user store': { bit: 'UW', msr: PR },
    'user load': { bit: 'UR', msr: PR },
    'supervisor fetch': { bit: 'SX', msr: 0 },
    'supervisor store': { bit: 'SW', msr: 0 },
    'supervisor load': { bit: 'SR', msr: 0 },
  }
  const rows = Object.entries(USES).flatMap(([use, { bit, msr }]) =>
    Object.entries(BITS).map(([name, mask]) => ({ use, name, mask, granted: name === bit, msr })),
  )

  test.each(rows)('$use with only $name', ({ use, mask, granted, msr }) => {
    const cpu = core({ ea: EA, ra: 0x2000, attributes: mask })
    put(cpu, 0x2000, e.nop)
    if (use.endsWith('load')) expect(load(cpu, EA, msr)).toBe(granted ? 'done' : Ivor.DATA_STORAGE)
    else if (use.endsWith('store')) expect(store(cpu, EA, msr)).toBe(granted ? 'done' : Ivor.DATA_STORAGE)
    else {
      cpu.setMsr(msr)
      cpu.pc = EA
      stopAfter(cpu, Ivor.INSTRUCTION_STORAGE)
      expect(runCore(cpu, 1).kind).toBe(granted ? 'budget' : 'interrupt')
    }
  })

  test('a permission is asked again in the other state: the user does not get what the supervisor used', () => {
    const cpu = core({ ea: EA, ra: 0x2000, attributes: SR | SW })
    expect([store(cpu, EA, 0), load(cpu, EA, PR), load(cpu, EA, 0)]).toEqual(['done', Ivor.DATA_STORAGE, 'done'])
  })

  test('ESR[ST] tells stores from loads, DEAR the address; SRR0 is the instruction (p.181)', () => {
    const cpu = core({ ea: EA, ra: 0, attributes: UR })
    store(cpu, EA + 8)
    expect([spr(cpu, Spr.ESR), spr(cpu, Spr.DEAR), spr(cpu, Spr.SRR0)]).toEqual([0x00800000, EA + 8, A])
    load(cpu, EA + 12)
    expect([spr(cpu, Spr.ESR), spr(cpu, Spr.DEAR)]).toEqual([0, EA + 12])
  })

  test.each([
    // Checked as a store, checked as a load, never a fault (p.144).
    ['dcbz', e.dcbz(0, 4), UR | SR, Ivor.DATA_STORAGE, 0x00800000],
    ['dcbi', e.dcbi(0, 4), UR | SR, Ivor.DATA_STORAGE, 0x00800000],
    ['dcbf', e.dcbf(0, 4), UW | SW, Ivor.DATA_STORAGE, 0],
    ['dcbst', e.dcbst(0, 4), UW | SW, Ivor.DATA_STORAGE, 0],
    ['icbi', e.icbi(0, 4), UW | SW, Ivor.DATA_STORAGE, 0],
    ['dcbt', e.dcbt(0, 4), 0, 'done', undefined],
    ['dcbtst', e.dcbtst(0, 4), 0, 'done', undefined],
    ['icbt', e.icbt(0, 4), 0, 'done', undefined],
    ['dcba', e.dcba(0, 4), 0, 'done', undefined],
    ['dccci', e.dccci(0, 4), 0, 'done', undefined],
    ['iccci', e.iccci(0, 4), 0, 'done', undefined],
  ] as const)('%s', (_, word, attributes, outcome, esr) => {
    const cpu = core({ ea: EA, ra: 0x2000, attributes })
    cpu.state.gpr[4] = EA
    expect(execute(cpu, word)).toBe(outcome)
    if (esr !== undefined) expect(spr(cpu, Spr.ESR)).toBe(esr)
    // And where nothing is mapped.
    cpu.state.gpr[4] = 0x50000000
    expect(execute(cpu, word)).toBe(outcome === 'done' ? 'done' : Ivor.DATA_TLB_ERROR)
  })
})

describe('cache locking (p.148-151)', () => {
  const EA = 0x40000000
  const [DULXE, IULXE] = [0x00080000, 0x00040000]
  const [dcbf, icbi] = [e.dcbf(0, 4), e.icbi(0, 4)]

  test.each([
    ['dcbf, DULXE, user', dcbf, DULXE, PR, 0x00100000],
    ['dcbf, DULXE, supervisor', dcbf, DULXE, 0, undefined],
    ['dcbf, IULXE, user', dcbf, IULXE, PR, undefined],
    ['icbi, IULXE, user', icbi, IULXE, PR, 0x00200000],
    ['icbi, IULXE, supervisor', icbi, IULXE, 0, undefined],
    ['icbi, DULXE, user', icbi, DULXE, PR, undefined],
    ['dcbst, both, user', e.dcbst(0, 4), DULXE | IULXE, PR, undefined],
    ['dcbz, both, user', e.dcbz(0, 4), DULXE | IULXE, PR, undefined],
    ['all other bits of MMUCR', dcbf, 0x016100ff, PR, undefined],
  ] as const)('%s', (_, word, mmucr, msr, esr) => {
    const cpu = core({ ea: EA, ra: 0x2000 })
    cpu.state.spr[Spr.MMUCR] = mmucr
    cpu.state.gpr[4] = EA + 4
    expect(execute(cpu, word, msr)).toBe(esr === undefined ? 'done' : Ivor.DATA_STORAGE)
    if (esr !== undefined) expect([spr(cpu, Spr.ESR), spr(cpu, Spr.DEAR), spr(cpu, Spr.SRR0)]).toEqual([esr, EA + 4, A])
  })

  test('a DTLB miss comes first (p.203)', () => {
    const cpu = core()
    cpu.state.spr[Spr.MMUCR] = DULXE
    cpu.state.gpr[4] = EA
    expect(execute(cpu, dcbf, PR)).toBe(Ivor.DATA_TLB_ERROR)
  })
})

describe('storage attributes', () => {
  const EA = 0x40000000
  const little = { ea: EA, ra: 0x2000, attributes: ALL | E }

  test('E: a little-endian page reverses each access by its size', () => {
    const cpu = core(little)
    cpu.state.ram.setUint32(0x2000, 0x11223344)
    cpu.state.gpr[4] = EA
    execute(cpu, e.lwz(3, 0, 4))
    expect(cpu.state.gpr[3]).toBe(0x44332211)
    execute(cpu, e.lhz(3, 0, 4))
    expect(cpu.state.gpr[3]).toBe(0x2211)
    execute(cpu, e.lbz(3, 1, 4))
    expect(cpu.state.gpr[3]).toBe(0x22)
    execute(cpu, e.lwbrx(3, 0, 4))
    expect(cpu.state.gpr[3]).toBe(0x11223344)
  })

  test('E: stores, and doubles as eight bytes', () => {
    const cpu = core(little)
    cpu.state.gpr[3] = 0x01020304
    store(cpu, EA)
    expect(cpu.state.ram.getUint32(0x2000)).toBe(0x04030201)
    cpu.state.fpr[1] = 1.5
    execute(cpu, e.stfd(1, 8, 4), 0x2000)
    expect(cpu.state.ram.getFloat64(0x2008, true)).toBe(1.5)
    execute(cpu, e.lfd(2, 8, 4), 0x2000)
    expect(cpu.state.fpr[2]).toBe(1.5)
  })

  test('E: multiples reverse each word, strings nothing: the first byte is leftmost (p.46)', () => {
    for (const offset of [0, 1]) {
      const cpu = core(little)
      for (let i = 0; i < 16; i++) cpu.state.ramBytes[0x2000 + i] = 0x10 + i
      cpu.state.gpr[4] = EA + offset
      execute(cpu, e.lswi(6, 4, 7))
      expect([...cpu.state.gpr.slice(6, 8)]).toEqual([
        0x10111213 + 0x01010101 * offset,
        0x14151600 + 0x01010100 * offset,
      ])
      execute(cpu, e.lmw(30, 0, 4))
      expect([...cpu.state.gpr.slice(30)]).toEqual([0x13121110 + 0x01010101 * offset, 0x17161514 + 0x01010101 * offset])
      cpu.state.gpr[4] = EA + 0x20 + offset
      execute(cpu, e.stswi(6, 4, 7))
      expect([...cpu.state.ramBytes.slice(0x2020 + offset, 0x2027 + offset)]).toEqual(
        Array.from({ length: 7 }, (_, i) => 0x10 + i + offset),
      )
      cpu.state.gpr.set([0x01020304, 0x05060708], 30)
      execute(cpu, e.stmw(30, 0, 4))
      expect([...cpu.state.ramBytes.slice(0x2020 + offset, 0x2028 + offset)]).toEqual([4, 3, 2, 1, 8, 7, 6, 5])
    }
  })

  test('E: stwbrx reverses once more; singles and stfiwx are words', () => {
    const cpu = core(little)
    cpu.state.gpr.set([0x01020304, EA], 3)
    execute(cpu, e.stwbrx(3, 0, 4))
    expect(cpu.state.ram.getUint32(0x2000)).toBe(0x01020304)
    cpu.state.fpr[1] = 1.5
    execute(cpu, e.stfs(1, 4, 4), 0x2000)
    expect(cpu.state.ram.getFloat32(0x2004, true)).toBe(1.5)
    execute(cpu, e.lfs(2, 4, 4), 0x2000)
    expect(cpu.state.fpr[2]).toBe(1.5)
    cpu.state.fprWords[2] = 0x11223344
    execute(cpu, e.stfiwx(1, 0, 4), 0x2000)
    expect(cpu.state.ram.getUint32(0x2000)).toBe(0x44332211)
  })

  test('E: an access over the edge of two byte orders takes each byte where it lies', () => {
    const cpu = core({ ea: EA, ra: 0x2000 }, { ea: EA + 0x1000, ra: 0x3000, attributes: ALL | E })
    cpu.state.gpr[3] = 0x01020304
    expect(store(cpu, EA + 0xffe)).toBe('done')
    expect(cpu.state.ram.getUint16(0x2ffe)).toBe(0x0102)
  })

  test('E: code is fetched in little-endian order, and a changed word is seen at its next fetch', () => {
    const cpu = core(little)
    const put32 = (at: number, word: number): void => cpu.state.ram.setInt32(at, word, true)
    put32(0x2000, e.addi(5, 5, 1))
    put32(0x2004, e.stw(6, 0, 7))
    put32(0x2008, e.nop)
    put32(0x200c, e.b(-12))
    cpu.state.gpr[6] = e.addi(5, 5, 100)
    cpu.state.gpr[7] = EA + 8
    cpu.pc = EA
    runCore(cpu, 4)
    expect([cpu.state.gpr[5], pc(cpu)]).toEqual([101, EA])
  })

  test('dcbz zeroes 32 bytes; where the page is write-through or uncached it is an Alignment interrupt (p.186)', () => {
    const cpu = core({ ea: EA, ra: 0x2000 }, { ea: EA + 0x1000, ra: 0x3000, attributes: ALL | I | G })
    cpu.state.ramBytes.fill(0xff, 0x2000, 0x2080)
    cpu.state.gpr[4] = EA + 0x2c
    expect(execute(cpu, e.dcbz(0, 4))).toBe('done')
    expect([0x201f, 0x2020, 0x203f, 0x2040].map(at => cpu.state.ramBytes[at])).toEqual([0xff, 0, 0, 0xff])
    cpu.state.gpr[4] = EA + 0x1000
    expect(execute(cpu, e.dcbz(0, 4))).toBe(Ivor.ALIGNMENT)
  })
})

describe('TLB instructions', () => {
  const write = (cpu: Core, index: number, words: readonly number[]): void => {
    cpu.state.gpr[5] = index
    for (const [ws, word] of words.entries()) {
      cpu.state.gpr[3] = word
      execute(cpu, e.tlbwe(3, 5, ws))
    }
  }
  const read = (cpu: Core, index: number, ws: number): number => {
    cpu.state.gpr[5] = index
    execute(cpu, e.tlbre(3, 5, ws))
    return cpu.state.gpr[3]! >>> 0
  }

  test('what tlbwe writes tlbre reads, without the bits that do not exist; TID travels in MMUCR[STID]', () => {
    const cpu = core()
    cpu.state.spr[Spr.MMUCR] = 0x00010055
    write(cpu, 9, [0xffffffff, 0xffffffff, 0xffffffff])
    cpu.state.spr[Spr.MMUCR] = 0
    // TPAR, PAR1 and PAR2 read as 0 unless CCR0[CRPE]; bit 6 of word 2 does not exist (p.150).
    expect([read(cpu, 9, 0), read(cpu, 9, 1), read(cpu, 9, 2)]).toEqual([0xfffffff0, 0xfffffc0f, 0x0000ffbf])
    expect(spr(cpu, Spr.MMUCR)).toBe(0x55)
  })

  test('only the low six bits of RA choose the entry', () => {
    const cpu = core()
    write(cpu, 64 + 9, [0x40000210])
    expect(read(cpu, 9, 0)).toBe(0x40000210)
  })

  test('a page mapped by tlbwe can be used at once, and unmapped again', () => {
    const cpu = core()
    write(cpu, 5, [0x40000000 | V | 0x10, 0x2000, ALL])
    expect(load(cpu, 0x40000000)).toBe('done')
    write(cpu, 5, [0x40000000 | 0x10])
    expect(load(cpu, 0x40000000)).toBe(Ivor.DATA_TLB_ERROR)
  })

  test('unmapping the page of code: the next instruction misses', () => {
    const cpu = core()
    cpu.state.gpr[5] = 60
    cpu.state.gpr[3] = 0
    put(cpu, A, e.tlbwe(3, 5, 0), e.nop)
    cpu.pc = A
    stopAfter(cpu, Ivor.INSTRUCTION_TLB_ERROR)
    expect(runCore(cpu, 10)).toMatchObject({ kind: 'interrupt', ivor: Ivor.INSTRUCTION_TLB_ERROR })
    expect([spr(cpu, Spr.SRR0), cpu.retired]).toEqual([A + 4, 1])
  })

  test('tlbsx asks for MMUCR[STID] and MMUCR[STS], not for PID and MSR[DS]; tlbsx. says in CR0 whether it found', () => {
    const cpu = core({ ea: 0x40000000, ra: 0, tid: 3 }, { ea: 0x40000000, ra: 0, tid: 3, space: 1 })
    const search = (mmucr: number): [number, number] => {
      cpu.state.spr[Spr.MMUCR] = mmucr
      cpu.state.gpr.set([99, 0x40000000, 0x123], 3)
      execute(cpu, e.tlbsxRecord(3, 4, 5))
      return [cpu.state.gpr[3]!, cpu.state.cr[0]!]
    }
    expect(search(0x3)).toEqual([1, 2])
    expect(search(0x10003)).toEqual([2, 2])
    expect(search(0x4)).toEqual([99, 0])
    cpu.state.words[Word.SO] = 1
    expect(search(0x3)).toEqual([1, 3])
  })

  test('tlbre and tlbwe of a word there is not: boundedly undefined, with a diagnostic (p.435)', () => {
    const cpu = core()
    cpu.state.gpr[5] = 5
    execute(cpu, e.tlbre(3, 5, 3))
    execute(cpu, e.tlbwe(3, 5, 3))
    const told = cpu.diagnostics.map(({ text }) => text).filter(text => text.startsWith('tlb'))
    expect(told.map(text => text.split(' ')[0])).toEqual(['tlbre', 'tlbwe'])
  })
})

describe('cold reset (p.85-91)', () => {
  const reset = async (strict: boolean) => {
    const { applyColdReset } = await import('../../src/machine/launchState.ts')
    const cpu = createCore()
    cpu.state.tlb.fill(0)
    applyColdReset(cpu, strict)
    return cpu
  }

  test('PC is the last word of the address space, MSR is 0, and one page of 4 KB is mapped, not for stores', async () => {
    const cpu = await reset(true)
    expect([pc(cpu), cpu.state.words[Word.MSR]]).toEqual([0xfffffffc, 0])
    expect(cpu.mmu.translate(0xfffff000 | 0, 'fetch').kind).toBe('hit')
    expect(cpu.mmu.translate(0xfffff000 | 0, 'load').kind).toBe('hit')
    expect(cpu.mmu.translate(0xfffff000 | 0, 'store').kind).toBe('denied')
    expect(cpu.mmu.translate(0xffffe000 | 0, 'fetch').kind).toBe('miss')
  })

  test.each([true, false])('strict %s: whether the first context synchronisation ends that mapping', async strict => {
    const cpu = await reset(strict)
    isync(cpu)
    expect(cpu.mmu.translate(0xfffff000 | 0, 'fetch').kind).toBe(strict ? 'miss' : 'hit')
  })

  test.each([true, false])('strict %s: no instruction finds the shadow entry', async strict => {
    const cpu = await reset(strict)
    expect(tlbsx(cpu, 0xfffff000 | 0)).toBe(-1)
  })

  test.each([true, false])('strict %s: what is half written to the TLB has no effect until then', async strict => {
    const cpu = await reset(strict)
    // As U-Boot begins: an entry for the last 256 MB gets its words one after the other, all others are cleared.
    Object.assign(cpu.state.gpr, { 3: 0xf0000000 | V | (SIZES['256M'] << 4), 4: 0xf0000000, 5: SX | SR, 6: 0 })
    for (const [ws, register] of [3, 4, 5].entries()) {
      expect(cpu.mmu.translate(0xfffff000 | 0, 'fetch').kind).toBe('hit')
      tlbwe(cpu, cpu.state.gpr[register], 0, ws)
    }
    expect(cpu.mmu.translate(0xfffff000 | 0, 'fetch')).toMatchObject({ entry: 64 })
    isync(cpu)
    expect(cpu.mmu.translate(0xfffff000 | 0, 'fetch')).toMatchObject({ kind: 'hit', entry: 0 })
    expect(cpu.state.tlb[4 * 63]).toBe(0)
  })

  test('not strict, and nothing else maps the page: the last entry has it, unless that is taken', async () => {
    const cpu = await reset(false)
    isync(cpu)
    expect(tlbsx(cpu, 0xfffff000 | 0)).toBe(63)
    const other = await reset(false)
    tlbwe(other, 0x10000000 | V, 63, 0)
    isync(other)
    expect(other.mmu.translate(0xfffff000 | 0, 'fetch').kind).toBe('miss')
  })
})
