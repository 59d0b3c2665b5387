// The scenarios S1 to S13 of guest debugging under KVM. Their expectations are literals: DBSR and status values as the
// PPC440x5 user's manual (p.244) and the kernel's headers define them.

import { describe, expect, test } from 'vitest'
import { mtspr } from '../../src/cpu/spr.ts'
import { Spr } from '../../src/isa/registers.ts'
import { EINVAL, KVM_EXIT_DEBUG, KVM_EXIT_INTR, KVM_EXIT_SYSTEM_EVENT } from '../../src/kvm/abi.ts'
import { LIGHTWEIGHT_EXIT } from '../../src/kvm/debugState.ts'
import { A, encode as e, msr, pc, put, SYSCALL, spr, stopAfter } from '../support/core.ts'
import {
  BREAKPOINT,
  createGuest,
  dac,
  hardwareDbsr,
  iac,
  OFF,
  readHost,
  runFor,
  setDebug,
  setHost,
  WATCH_WRITE,
} from './support/guest.ts'

const G0 = A + 8
const DATA = 0x5000

/** `addi r3,r3,1` four times from A on, then an endless loop. */
function guest() {
  const vcpu = createGuest()
  put(vcpu.cpu, A, e.addi(3, 3, 1), e.addi(3, 3, 1), e.addi(3, 3, 1), e.addi(3, 3, 1), e.b(0))
  vcpu.cpu.pc = A
  return vcpu
}

describe('S: scenarios', () => {
  test('S1: IAC1 at G0: one exit, and G0 has not been executed', () => {
    const vcpu = guest()
    setDebug(vcpu, iac(G0))
    expect(runFor(vcpu)).toEqual({ address: G0, status: BREAKPOINT, dbsr: 0x00800000 })
    expect(vcpu.run.exit_reason).toBe(KVM_EXIT_DEBUG)
    expect([pc(vcpu.cpu), vcpu.cpu.state.gpr[3]]).toEqual([G0, 2])
  })

  test('S2: IAC1 and IAC3 at G0: one exit that tells of both', () => {
    const vcpu = guest()
    setDebug(vcpu, [...iac(G0), OFF, ...iac(G0)])
    expect(runFor(vcpu)).toEqual({ address: G0, status: BREAKPOINT, dbsr: 0x00a00000 })
  })

  test("S3: the host's values survive", () => {
    const vcpu = guest()
    const host = { IAC1: 0xc0008000, DBCR0: 0x40800000, DBCR1: 0x00c00000, DBCR2: 0x00400000, MSR: 0x00029200 }
    setHost(vcpu, host)
    setDebug(vcpu, iac(G0))
    const before = readHost(vcpu)
    expect(runFor(vcpu)).toMatchObject({ address: G0 })
    expect(readHost(vcpu)).toEqual(before)
    expect(readHost(vcpu)).toMatchObject(host)
  })

  describe("S4: IAC1 at an address of the host's entry path", () => {
    const entry = LIGHTWEIGHT_EXIT.address

    test('qualified as usual, nothing latches', () => {
      const vcpu = guest()
      setDebug(vcpu, iac(entry))
      expect(runFor(vcpu, 3)).toBe(KVM_EXIT_INTR)
      expect([pc(vcpu.cpu), vcpu.arch.discarded_before_entry, vcpu.log]).toEqual([A + 12, 0, []])
    })

    test('without the qualifiers it latches, is discarded, and the guest does not notice', () => {
      const vcpu = guest()
      vcpu.arch.unqualified = true
      setDebug(vcpu, iac(entry))
      expect(runFor(vcpu, 3)).toBe(KVM_EXIT_INTR)
      expect([pc(vcpu.cpu), vcpu.arch.discarded_before_entry]).toEqual([A + 12, 0x00800000])
    })
  })

  test('S5: UDE where a breakpoint is programmed but not reached: reported as UDE, with a diagnostic', () => {
    const vcpu = guest()
    setDebug(vcpu, iac(A + 4))
    vcpu.requestUnconditionalEvent()
    expect(runFor(vcpu)).toEqual({ address: A, status: 0, dbsr: 0x40000000 })
    expect(vcpu.log).toEqual(['unexpected DBSR bits: UDE'])
  })

  const resetByGuest = () => {
    const vcpu = guest()
    put(vcpu.cpu, A, e.mtspr(Spr.DBCR0, 4), e.mfspr(5, Spr.DBCR0), e.mfspr(6, Spr.DBSR))
    vcpu.cpu.state.gpr[4] = 0x30000000
    return vcpu
  }

  test('S6: the guest resets itself while user space owns the facility: the guest is reset, the host is not', () => {
    const vcpu = resetByGuest()
    setHost(vcpu, { DBCR0: 0x40000000, DBSR: 0x10000000 })
    setDebug(vcpu, iac(G0))
    const before = readHost(vcpu)
    expect(runFor(vcpu)).toBe(KVM_EXIT_SYSTEM_EVENT)
    expect(vcpu.run.core).toEqual({ kind: 'reset', type: 3, cause: 'DBCR0' })
    expect(readHost(vcpu)).toEqual(before)
    // After the reset RST reads 0 and the guest's own DBSR[MRR] tells its type (p.85).
    expect([spr(vcpu.cpu, Spr.DBCR0), spr(vcpu.cpu, Spr.DBSR)]).toEqual([0, 0x30000000])
  })

  test('S7: the same while the guest owns it', () => {
    const vcpu = resetByGuest()
    setHost(vcpu, { DBCR0: 0x40000000 })
    const before = readHost(vcpu)
    expect(runFor(vcpu)).toBe(KVM_EXIT_SYSTEM_EVENT)
    expect(vcpu.run.core).toEqual({ kind: 'reset', type: 3, cause: 'DBCR0' })
    expect(readHost(vcpu)).toEqual(before)
    expect([spr(vcpu.cpu, Spr.DBCR0), spr(vcpu.cpu, Spr.DBSR)]).toEqual([0, 0x30000000])
  })

  test('S8: a guest that clears its MSR is stopped all the same', () => {
    const vcpu = guest()
    put(vcpu.cpu, A, e.mtmsr(4))
    vcpu.cpu.setMsr(0x1200)
    setDebug(vcpu, iac(G0))
    expect(runFor(vcpu)).toMatchObject({ address: G0, dbsr: 0x00800000 })
    expect(msr(vcpu.cpu)).toBe(0)
  })

  test('S9: a fifth IAC is refused, and the four before it stay', () => {
    const vcpu = guest()
    setDebug(vcpu, iac(G0))
    expect(setDebug(vcpu, iac(A, A + 4, A + 8, A + 12, A + 16))).toBe(-EINVAL)
    expect(runFor(vcpu)).toEqual({ address: G0, status: BREAKPOINT, dbsr: 0x00800000 })
  })

  test('S10: DAC1W: the store that hits is not done, PC is the store', () => {
    const vcpu = guest()
    put(vcpu.cpu, A, e.addi(3, 3, 1), e.stw(3, 0, 4))
    vcpu.cpu.state.gpr[4] = DATA
    setDebug(vcpu, dac(DATA, WATCH_WRITE))
    expect(runFor(vcpu)).toEqual({ address: DATA, status: WATCH_WRITE, dbsr: 0x00040000 })
    expect([pc(vcpu.cpu), vcpu.cpu.state.ram.getUint32(DATA)]).toEqual([A + 4, 0])
  })

  describe('S11: single step', () => {
    const SINGLESTEP = 2
    const stepped = (word: number, prepare: (vcpu: ReturnType<typeof guest>) => void = () => {}) => {
      const vcpu = guest()
      put(vcpu.cpu, A, word)
      put(vcpu.cpu, SYSCALL, e.nop, e.nop)
      put(vcpu.cpu, 0x00100000, e.nop, e.nop)
      prepare(vcpu)
      setDebug(vcpu, [], {}, SINGLESTEP)
      const exit = runFor(vcpu)
      return { vcpu, exit }
    }
    const ICMP = 0x08000000

    test.each([
      ['addi', e.addi(3, 3, 1), A + 4],
      ['a taken branch', e.b(0x100), A + 0x100],
      ['a branch not taken', e.bne(0x100), A + 4],
      ['mtmsr', e.mtmsr(4), A + 4],
      ['sc: the step ends at its handler', e.sc, SYSCALL],
    ])('%s', (_, word, after) => {
      const { vcpu, exit } = stepped(word, ({ cpu }) => {
        cpu.state.cr[0] = 2
      })
      expect(exit).toEqual({ address: after, status: 0, dbsr: ICMP })
      expect([pc(vcpu.cpu), vcpu.cpu.retired]).toEqual([after, 1])
    })

    test('mtmsr of any value: DE of the guest has no say', () => {
      const { vcpu, exit } = stepped(e.mtmsr(4), ({ cpu }) => {
        cpu.setMsr(0x200)
        cpu.state.gpr[4] = 0x1000
      })
      expect(exit).toMatchObject({ address: A + 4, dbsr: ICMP })
      expect(msr(vcpu.cpu)).toBe(0x1000)
    })

    test('rfi: the step ends at its target', () => {
      const { vcpu, exit } = stepped(e.rfi, ({ cpu }) => {
        cpu.state.spr[Spr.SRR0] = G0
        cpu.state.spr[Spr.SRR1] = 0x1000
      })
      expect(exit).toEqual({ address: G0, status: 0, dbsr: ICMP })
      expect(msr(vcpu.cpu)).toBe(0x1000)
    })

    test('a load that faults does not complete: the step ends after the first instruction of the handler', () => {
      const { vcpu, exit } = stepped(e.lwz(3, 0, 4), ({ cpu }) => {
        // Only the first 16 MB stay mapped.
        cpu.state.tlb.fill(0, 0, 4 * 48)
        cpu.state.tlb.fill(0, 4 * 49)
        cpu.state.gpr[4] = 0x20000000
        cpu.stateChanged()
      })
      // IVOR13 is 0 in this core: the data TLB handler begins at IVPR.
      expect(exit).toEqual({ address: 0x00100004, status: 0, dbsr: ICMP })
      expect([spr(vcpu.cpu, Spr.SRR0), spr(vcpu.cpu, Spr.DEAR)]).toEqual([A, 0x20000000])
    })

    test('lwarx, stwcx.: stepping through the pair does not lose the reservation', () => {
      const vcpu = guest()
      const lwarx = (31 << 26) | (5 << 21) | (4 << 11) | (20 << 1)
      const stwcx = (31 << 26) | (6 << 21) | (4 << 11) | (150 << 1) | 1
      put(vcpu.cpu, A, lwarx, e.addi(6, 5, 7), stwcx)
      vcpu.cpu.state.gpr[4] = DATA
      vcpu.cpu.state.ram.setUint32(DATA, 100)
      setDebug(vcpu, [], {}, SINGLESTEP)
      for (let n = 1; n <= 3; n++) expect(runFor(vcpu)).toEqual({ address: A + 4 * n, status: 0, dbsr: ICMP })
      expect([vcpu.cpu.state.ram.getUint32(DATA), vcpu.cpu.state.cr[0] & 2]).toEqual([107, 2])
    })

    test('an IAC at the next instruction is reported on the following run, once', () => {
      const vcpu = guest()
      setDebug(vcpu, iac(A + 4), {}, SINGLESTEP)
      expect(runFor(vcpu)).toEqual({ address: A + 4, status: 0, dbsr: ICMP })
      expect(runFor(vcpu)).toEqual({ address: A + 4, status: BREAKPOINT, dbsr: 0x00800000 })
    })
  })

  test('S12: a breakpoint on an unmapped address comes before the ITLB miss, which the guest gets afterwards', () => {
    const vcpu = guest()
    const { state } = vcpu.cpu
    state.tlb.fill(0, 0, 4 * 48)
    state.tlb.fill(0, 4 * 49)
    vcpu.cpu.stateChanged()
    put(vcpu.cpu, 0x00100000, e.b(0))
    vcpu.cpu.pc = 0x20000000
    setDebug(vcpu, iac(0x20000000))
    expect(runFor(vcpu)).toEqual({ address: 0x20000000, status: BREAKPOINT, dbsr: 0x00800000 })
    expect(vcpu.arch.last_inst).toBeUndefined()
    // Stepped over: the comparator is off for one instruction, which here is the handler's.
    setDebug(vcpu, [])
    runFor(vcpu, 1)
    expect([spr(vcpu.cpu, Spr.SRR0), pc(vcpu.cpu)]).toEqual([0x20000000, 0x00100000])
  })

  describe("S13: a debug event and the guest's decrementer at one boundary", () => {
    const DEC_HANDLER = 0x00100a00
    const decrementing = (...words: number[]) => {
      const vcpu = guest()
      const { cpu } = vcpu
      put(cpu, A, ...words)
      put(cpu, DEC_HANDLER, e.rfi)
      cpu.state.spr[Spr.IVOR0 + 10] = 0x0a00
      cpu.state.gpr[4] = 0x8000
      mtspr(cpu, Spr.TCR, 0x04000000)
      return vcpu
    }

    test('Debug is reported first (p.201), the decrementer comes with the next entry', () => {
      const vcpu = decrementing(e.mtmsr(4))
      mtspr(vcpu.cpu, Spr.DEC, 1)
      setDebug(vcpu, [], {}, 2)
      expect(runFor(vcpu)).toEqual({ address: A + 4, status: 0, dbsr: 0x08000000 })
      setDebug(vcpu, [])
      runFor(vcpu, 0)
      expect([pc(vcpu.cpu), spr(vcpu.cpu, Spr.SRR0)]).toEqual([DEC_HANDLER, A + 4])
    })

    test('an interrupt that keeps G0 from being attempted: G0 is reported when it is', () => {
      const vcpu = decrementing(e.mtmsr(4), e.nop)
      mtspr(vcpu.cpu, Spr.DEC, 2)
      setDebug(vcpu, iac(G0))
      stopAfter(vcpu.cpu, 10)
      expect(runFor(vcpu)).toBe(KVM_EXIT_INTR)
      expect([pc(vcpu.cpu), spr(vcpu.cpu, Spr.SRR0)]).toEqual([DEC_HANDLER, G0])
      stopAfter(vcpu.cpu)
      // The handler leaves its request standing; without it the return reaches G0.
      mtspr(vcpu.cpu, Spr.TSR, 0x08000000)
      expect(runFor(vcpu)).toEqual({ address: G0, status: BREAKPOINT, dbsr: 0x00800000 })
    })
  })

  test('after a scenario nothing is left in DBSR', () => {
    const vcpu = guest()
    setDebug(vcpu, iac(G0))
    runFor(vcpu)
    expect(hardwareDbsr(vcpu)).toBe(0)
  })
})
