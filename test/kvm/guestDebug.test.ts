// KVM_SET_GUEST_DEBUG and its predecessor: what a request makes of the comparators, and what is refused.

import { describe, expect, test } from 'vitest'
import {
  EINVAL,
  KVM_DEBUG_GUEST,
  KVM_EXIT_INTR,
  KVM_SET_GUEST_DEBUG,
  type KvmGuestDebugExt,
} from '../../src/kvm/abi.ts'
import { A, put } from '../support/core.ts'
import { encode as e } from './support/encode.ts'
import {
  BREAKPOINT,
  createGuest,
  detach,
  iac,
  OFF,
  runFor,
  setDebug,
  WATCH_READ,
  WATCH_WRITE,
} from './support/guest.ts'

const DATA = 0x5000
const ENABLE_HW = 0x00020001

/** Eight additions and an endless loop. */
function adding() {
  const vcpu = createGuest()
  put(vcpu.cpu, A, ...new Array(8).fill(e.addi(3, 3, 1)), e.b(0))
  vcpu.cpu.pc = A
  return vcpu
}

/** One storage instruction on r3 and DATA + r5, r4 = DATA. */
function accessing(word: number, value = 0, offset = 0) {
  const vcpu = createGuest()
  put(vcpu.cpu, A, word, e.nop, e.nop)
  const { gpr, ram } = vcpu.cpu.state
  gpr[3] = value | 0
  gpr[4] = DATA
  gpr[5] = offset
  ram.setUint32(DATA, value)
  vcpu.cpu.pc = A
  return vcpu
}

const watch = (first: number, second: number, type: number, ext: KvmGuestDebugExt) =>
  [[OFF, OFF, OFF, OFF, { addr: first, type }, { addr: second, type: 0 }], ext] as const

describe('without ext, as in the kernel', () => {
  const asKernel = (bp: { addr: number; type: number }[]) => {
    const vcpu = adding()
    const result = vcpu.ioctl(KVM_SET_GUEST_DEBUG, { control: ENABLE_HW, arch: { bp } })
    return { vcpu, result }
  }

  test('each breakpoint takes the next IAC, whatever stands between them', () => {
    const { vcpu } = asKernel([OFF, { addr: A + 8, type: BREAKPOINT }, OFF, { addr: A + 16, type: BREAKPOINT }])
    expect(runFor(vcpu)).toMatchObject({ address: A + 8, dbsr: 0x00800000 })
  })

  test('a watchpoint may stand before a breakpoint', () => {
    const { vcpu, result } = asKernel([
      { addr: DATA, type: WATCH_READ },
      { addr: A + 4, type: BREAKPOINT },
    ])
    expect(result).toBe(0)
    expect(runFor(vcpu)).toMatchObject({ address: A + 4, dbsr: 0x00800000 })
  })

  test('four instruction addresses and two of data, and no more', () => {
    const four = [0, 4, 8, 12].map(n => ({ addr: A + n, type: BREAKPOINT }))
    const two = [0, 4].map(n => ({ addr: DATA + n, type: WATCH_WRITE }))
    expect(asKernel([...two, ...four]).result).toBe(0)
    expect(asKernel([...four, { addr: A + 16, type: BREAKPOINT }]).result).toBe(-EINVAL)
    expect(asKernel([...two, { addr: DATA + 8, type: WATCH_READ }]).result).toBe(-EINVAL)
  })

  test('only the first six entries are looked at', () => {
    expect(asKernel([OFF, OFF, OFF, OFF, OFF, OFF, { addr: A, type: 0x40 }]).result).toBe(0)
  })

  test('unknown types are refused', () => {
    expect(asKernel([{ addr: A, type: 1 }]).result).toBe(-EINVAL)
    expect(asKernel([{ addr: A, type: BREAKPOINT | 0x10 }]).result).toBe(-EINVAL)
  })
})

describe('KVM_DEBUG_GUEST, the call of 2008', () => {
  const call = (enabled: number, singlestep: number, ...at: number[]) => {
    const vcpu = adding()
    const breakpoints = at.map(address => ({ enabled: 1, address }))
    expect(vcpu.ioctl(KVM_DEBUG_GUEST, { enabled, breakpoints, singlestep })).toBe(0)
    return vcpu
  }

  test('arms the same comparators', () => {
    const vcpu = call(1, 0, A + 12, A + 8)
    expect(runFor(vcpu)).toEqual({ address: A + 8, status: BREAKPOINT, dbsr: 0x00400000 })
  })

  test('a slot that is not enabled is not armed', () => {
    const vcpu = adding()
    const breakpoints = [{ enabled: 0, address: A + 4 }]
    vcpu.ioctl(KVM_DEBUG_GUEST, { enabled: 1, breakpoints, singlestep: 0 })
    expect(runFor(vcpu, 3)).toBe(KVM_EXIT_INTR)
  })

  test('address 0 is an address: it was none in 2008', () => {
    const vcpu = call(1, 0, 0)
    put(vcpu.cpu, 0, e.nop)
    vcpu.cpu.pc = 0
    expect(runFor(vcpu)).toMatchObject({ address: 0, status: BREAKPOINT })
  })

  test('steps, and lets go', () => {
    const vcpu = call(1, 1)
    expect(runFor(vcpu)).toEqual({ address: A + 4, status: 0, dbsr: 0x08000000 })
    vcpu.ioctl(KVM_DEBUG_GUEST, { enabled: 0, breakpoints: [], singlestep: 1 })
    expect([vcpu.guest_debug, runFor(vcpu, 3)]).toEqual([0, KVM_EXIT_INTR])
  })
})

describe('ext: ranges of instructions', () => {
  const ranged = (low: number, high: number, mode: 'inclusive' | 'exclusive') => {
    const vcpu = adding()
    setDebug(
      vcpu,
      [
        { addr: low, type: BREAKPOINT },
        { addr: high, type: 0 },
      ],
      { iac12: mode },
    )
    return vcpu
  }

  test('inclusive: from the lower bound up to, not including, the upper', () => {
    const vcpu = ranged(A + 8, A + 16, 'inclusive')
    expect(runFor(vcpu)).toEqual({ address: A + 8, status: BREAKPOINT, dbsr: 0x00800000 })
    vcpu.cpu.pc = A + 12
    expect(runFor(vcpu)).toMatchObject({ address: A + 12 })
    vcpu.cpu.pc = A + 16
    expect(runFor(vcpu, 3)).toBe(KVM_EXIT_INTR)
  })

  test('exclusive: everywhere else', () => {
    const vcpu = ranged(A, A + 8, 'exclusive')
    expect(runFor(vcpu)).toMatchObject({ address: A + 8 })
  })

  test('the pair 3 and 4 at the same time as two exact ones', () => {
    const vcpu = adding()
    const bp = [...iac(A + 20, A + 8), { addr: A + 12, type: BREAKPOINT }, { addr: A + 16, type: BREAKPOINT }]
    setDebug(vcpu, bp, { iac34: 'inclusive' })
    expect(runFor(vcpu)).toMatchObject({ address: A + 8, dbsr: 0x00400000 })
    vcpu.cpu.pc = A + 12
    // Both enables of the pair are set, so both bits are (p.223).
    expect(runFor(vcpu)).toMatchObject({ address: A + 12, dbsr: 0x00300000 })
  })
})

describe('ext: data', () => {
  test.each([
    ['stb into the masked word', e.stb(3, 3, 4), true],
    ['sth into it', e.sth(3, 2, 4), true],
    ['stw of it', e.stw(3, 0, 4), true],
    ['stw of the next', e.stw(3, 4, 4), false],
  ])('mask: %s', (_, word, hits) => {
    const vcpu = accessing(word)
    setDebug(vcpu, ...watch(DATA, 0xfffffffc, WATCH_WRITE, { dac12: 'mask' }))
    const exit = runFor(vcpu, 2)
    if (hits) expect(exit).toEqual({ address: DATA, status: WATCH_WRITE, dbsr: 0x00040000 })
    else expect(exit).toBe(KVM_EXIT_INTR)
  })

  test.each([
    ['inclusive', 0, true],
    ['inclusive', 12, true],
    ['inclusive', 16, false],
    ['exclusive', 12, false],
    ['exclusive', 16, true],
  ] as const)('range %s: a store at offset %i', (mode, offset, hits) => {
    const vcpu = accessing(e.stwx(3, 4, 5), 1, offset)
    setDebug(vcpu, ...watch(DATA, DATA + 16, WATCH_WRITE, { dac12: mode }))
    expect(typeof runFor(vcpu, 2) === 'object').toBe(hits)
  })

  const value = (wanted: number, bytes: number, mode: 'and' | 'or' | 'andOr') => ({
    dvc: [{ value: wanted, bytes, mode }, undefined] as const,
  })

  test.each([
    ['the whole word', value(0x11223344, 15, 'and'), 0x11223344, true],
    ['one byte of it differs', value(0x11223344, 15, 'and'), 0x11223345, false],
    ['that byte is not compared', value(0x11223344, 14, 'and'), 0x11223345, true],
    ['any byte', value(0x11000000, 15, 'or'), 0x11223345, true],
    ['no byte', value(0x99999999, 15, 'or'), 0x11223345, false],
    ['one half', value(0x99993345, 15, 'andOr'), 0x11223345, true],
    ['no half', value(0x99229945, 15, 'andOr'), 0x11223345, false],
  ])('value: %s', (_, ext, stored, hits) => {
    const vcpu = accessing(e.stw(3, 0, 4), stored)
    setDebug(vcpu, ...watch(DATA, 0, WATCH_WRITE, ext))
    const exit = runFor(vcpu, 2)
    if (hits) expect(exit).toEqual({ address: DATA, status: WATCH_WRITE, dbsr: 0x00040000 })
    else expect(exit).toBe(KVM_EXIT_INTR)
  })

  test('a value that is read', () => {
    const vcpu = accessing(e.lwz(6, 0, 4), 0xcafe0000)
    setDebug(vcpu, ...watch(DATA, 0, WATCH_READ, value(0xcafe0000, 12, 'and')))
    expect(runFor(vcpu)).toEqual({ address: DATA, status: WATCH_READ, dbsr: 0x00080000 })
    expect(vcpu.cpu.state.gpr[6]).toBe(0)
  })

  test('the second DAC with a value of its own', () => {
    const vcpu = accessing(e.stb(3, 1, 4), 0x77)
    const bp = [OFF, OFF, OFF, OFF, { addr: DATA, type: WATCH_WRITE }, { addr: DATA + 1, type: WATCH_WRITE }]
    setDebug(vcpu, bp, { dvc: [undefined, { value: 0x00770000, bytes: 4, mode: 'and' }] })
    expect(runFor(vcpu)).toEqual({ address: DATA + 1, status: WATCH_WRITE, dbsr: 0x00010000 })
  })
})

test('an IAC and a DAC of one store: two exits, neither lost', () => {
  const vcpu = accessing(e.stw(3, 0, 4), 5)
  const bp = [...iac(A), OFF, OFF, OFF, { addr: DATA, type: WATCH_WRITE }]
  setDebug(vcpu, bp)
  expect(runFor(vcpu)).toEqual({ address: A, status: BREAKPOINT, dbsr: 0x00800000 })
  setDebug(vcpu, [OFF, ...bp.slice(1)])
  expect(runFor(vcpu)).toEqual({ address: DATA, status: WATCH_WRITE, dbsr: 0x00040000 })
})

test('an IAC and a DAC in one DBSR: the status tells of both, the address is where the guest stands', () => {
  const vcpu = accessing(e.stw(3, 0, 4), 5)
  setDebug(vcpu, [...iac(A), OFF, OFF, OFF, { addr: DATA, type: WATCH_WRITE }])
  vcpu.arch.queued_dbsr = 0x00840000
  expect(runFor(vcpu)).toEqual({ address: A, status: BREAKPOINT | WATCH_WRITE, dbsr: 0x00840000 })
})

test('a guest that stops itself in external debug mode halts; that is no debug exit of ours', () => {
  const vcpu = adding()
  // EDM and IAC1 at A + 8.
  put(vcpu.cpu, A, e.mtspr(312, 7), e.mtspr(308, 8))
  vcpu.cpu.state.gpr[7] = A + 8
  vcpu.cpu.state.gpr[8] = 0x80800000 | 0
  expect(runFor(vcpu)).toBe(5) // KVM_EXIT_HLT
  expect([vcpu.cpu.pc, vcpu.cpu.state.spr[304]! >>> 0]).toEqual([A + 8, 0x00800000])
})

test('EDM as a hint that somebody else has the facility: only where it is asked for, and only while it is so', () => {
  const vcpu = adding()
  put(vcpu.cpu, A, e.mfspr(5, 308), e.mfspr(6, 308), e.mfspr(7, 308))
  setDebug(vcpu, [])
  runFor(vcpu, 1)
  vcpu.dbcr0_hint = 0x80000000 | 0
  runFor(vcpu, 1)
  detach(vcpu)
  runFor(vcpu, 1)
  expect([...vcpu.cpu.state.gpr.subarray(5, 8)].map(value => value >>> 0)).toEqual([0, 0x80000000, 0])
})
