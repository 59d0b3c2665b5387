// The register table against literal numbers of the user's manual.

import { describe, expect, test } from 'vitest'
import { fieldsSet, fieldValue } from '../../src/isa/register.ts'
import * as isa from '../../src/isa/registers.ts'

const MASKS: Readonly<Record<string, number>> = {
  // p.165
  ...{ MSR_WE: 0x00040000, MSR_CE: 0x00020000, MSR_EE: 0x8000, MSR_PR: 0x4000, MSR_FP: 0x2000, MSR_ME: 0x1000 },
  ...{ MSR_FE0: 0x800, MSR_DWE: 0x400, MSR_DE: 0x200, MSR_FE1: 0x100, MSR_IS: 0x20, MSR_DS: 0x10 },
  ...{ XER_SO: 0x80000000, XER_OV: 0x40000000, XER_CA: 0x20000000, XER_TBC: 0x7f },
  // p.239
  ...{ DBCR0_EDM: 0x80000000, DBCR0_IDM: 0x40000000, DBCR0_RST: 0x30000000, DBCR0_ICMP: 0x08000000 },
  ...{ DBCR0_BRT: 0x04000000, DBCR0_IRPT: 0x02000000, DBCR0_TRAP: 0x01000000, DBCR0_IAC1: 0x00800000 },
  ...{ DBCR0_IAC2: 0x00400000, DBCR0_IAC3: 0x00200000, DBCR0_IAC4: 0x00100000, DBCR0_DAC1R: 0x00080000 },
  ...{ DBCR0_DAC1W: 0x00040000, DBCR0_DAC2R: 0x00020000, DBCR0_DAC2W: 0x00010000, DBCR0_RET: 0x8000, DBCR0_FT: 1 },
  // p.241
  ...{ DBCR1_IAC1US: 0xc0000000, DBCR1_IAC1ER: 0x30000000, DBCR1_IAC2US: 0x0c000000, DBCR1_IAC2ER: 0x03000000 },
  ...{ DBCR1_IAC12AT: 0x00010000, DBCR1_IAC3US: 0xc000, DBCR1_IAC4ER: 0x0300, DBCR1_IAC34AT: 1 },
  // p.244
  ...{ DBSR_IDE: 0x80000000, DBSR_UDE: 0x40000000, DBSR_MRR: 0x30000000, DBSR_ICMP: 0x08000000 },
  ...{ DBSR_BRT: 0x04000000, DBSR_IRPT: 0x02000000, DBSR_TRAP: 0x01000000, DBSR_IAC1: 0x00800000 },
  ...{ DBSR_IAC2: 0x00400000, DBSR_IAC3: 0x00200000, DBSR_IAC4: 0x00100000, DBSR_RET: 0x8000 },
  ...{ DBSR_IAC12ATS: 2, DBSR_IAC34ATS: 1 },
  // p.172
  ...{ ESR_MCI: 0x80000000, ESR_PIL: 0x08000000, ESR_PPR: 0x04000000, ESR_PTR: 0x02000000, ESR_FP: 0x01000000 },
  ...{ ESR_ST: 0x00800000, ESR_PUO: 0x00040000, ESR_PIE: 0x00010000 },
  // p.174
  ...{ MCSR_MCS: 0x80000000, MCSR_IB: 0x40000000, MCSR_DRB: 0x20000000, MCSR_DWB: 0x10000000 },
  // p.214
  ...{ TCR_WP: 0xc0000000, TCR_WRC: 0x30000000, TCR_WIE: 0x08000000, TCR_DIE: 0x04000000, TCR_FP: 0x03000000 },
  ...{ TCR_FIE: 0x00800000, TCR_ARE: 0x00400000, TSR_ENW: 0x80000000, TSR_WIS: 0x40000000, TSR_WRS: 0x30000000 },
  ...{ TSR_DIS: 0x08000000, TSR_FIS: 0x04000000 },
  ...{ MMUCR_STS: 0x00010000, MMUCR_STID: 0xff, CCR0_FLSTA: 0x100, CCR0_CRPE: 0x08000000 },
}

describe('masks', () => {
  test.each(Object.entries(MASKS))('%s = 0x%s', (name, mask) => {
    expect((isa as unknown as Record<string, number>)[name]! >>> 0).toBe(mask)
  })

  test('what is not defined reads as 0', () => {
    expect(isa.MSR.defined).toBe(0x0006ff30)
    expect(isa.XER.defined >>> 0).toBe(0xe000007f)
    expect(isa.DBCR0.defined >>> 0).toBe(0xffff8001)
    expect(isa.IVPR.defined >>> 0).toBe(0xffff0000)
    expect(isa.sprByNumber(0x190)!.defined).toBe(0xfff0)
  })

  test('a field is found by its name', () => {
    expect(fieldValue(isa.DBSR, 0x20000000, 'MRR')).toBe(2)
    expect(fieldsSet(isa.DBSR, 0x00810000)).toEqual(['IAC1', 'DAC2W'])
  })
})

/**
 * Name, number and access of every SPR (manual p.454): r, w, rw, and c for those that a 1 clears. `IAC1-4` are four
 * registers at consecutive numbers.
 */
const SPRS = `
  XER 001 rw      LR 008 rw        CTR 009 rw       DEC 016 rw       SRR0-1 01a rw    PID 030 rw
  DECAR 036 rw    CSRR0-1 03a rw   DEAR 03d rw      ESR 03e rw       IVPR 03f rw      USPRG0 100 rw
  SPRG4-7 104 r   TBL 10c r        TBU 10d r        SPRG0-3 110 rw   SPRG4-7 114 w    TBL 11c w
  TBU 11d w       PIR 11e r        PVR 11f r        DBSR 130 c       DBCR0-2 134 rw   IAC1-4 138 rw
  DAC1-2 13c rw   DVC1-2 13e rw    TSR 150 c        TCR 154 rw       IVOR0-15 190 rw  MCSRR0-1 23a rw
  MCSR 23c c      INV0-3 370 rw    ITV0-3 374 rw    CCR1 378 rw      DNV0-3 390 rw    DTV0-3 394 rw
  DVLIM 398 rw    IVLIM 399 rw     RSTCFG 39b r     DCDBTRL 39c r    DCDBTRH 39d r    ICDBTRL 39e r
  ICDBTRH 39f r   MMUCR 3b2 rw     CCR0 3b3 rw      ICDBDR 3d3 r     DBDR 3f3 rw
`

const listed = [...SPRS.matchAll(/(\S*?)(?:(\d+)-(\d+))? ([0-9a-f]{3}) (\w+)/g)].flatMap(
  ([, name, first, last, number, access]) =>
    Array.from({ length: first === undefined ? 1 : Number(last) - Number(first) + 1 }, (_, n) => {
      const suffix = first === undefined ? '' : Number(first) + n
      return `${Number.parseInt(number!, 16) + n} ${name}${suffix} ${access}`
    }),
)

describe('special purpose registers', () => {
  test('have the numbers and the access of the manual, and there are no others', () => {
    const found = Array.from({ length: 1024 }, (_, number) => isa.sprByNumber(number)).flatMap((spr, number) => {
      if (spr === undefined) return []
      const access = spr.write === 'oneToClear' ? 'c' : `${spr.readable ? 'r' : ''}${spr.writable ? 'w' : ''}`
      return [`${number} ${spr.name} ${access}`]
    })
    expect(found.sort()).toEqual(listed.sort())
  })
})

test('CCR1 keeps every bit written, described or not', () => {
  const ccr1 = isa.sprByNumber(888)!
  expect([ccr1.mask, ccr1.defined]).toEqual([{ DPC: 0x100, TCS: 0x80 }, -1])
})

test.each([
  ['r0', 'r0'],
  ['R31', 'r31'],
  ['f0', 'f0'],
  ['F31', 'f31'],
  ['nip', 'PC'],
  ['lr', 'LR'],
  ['dbcr0', 'DBCR0'],
  ['fpscr', 'FPSCR'],
  ['r32', undefined],
  ['f32', undefined],
])('registerByName(%s) is %s', (name, found) => {
  expect(isa.registerByName(name)?.name).toBe(found)
})
