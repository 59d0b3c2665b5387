import { describe, expect, test } from 'vitest'
import { LOAD_GUEST_DEBUGSTATE } from '../../src/kvm/debugState.ts'
import { tracedEvent } from '../../src/kvm/traceText.ts'
import { A, DBG, put } from '../support/core.ts'
import { encode as e } from './support/encode.ts'
import { createGuest, detach, iac, runFor, setDebug, setHost } from './support/guest.ts'

const IAC1 = 0x00800000

function guest(...words: number[]) {
  const vcpu = createGuest()
  put(vcpu.cpu, A, ...words, e.b(0))
  vcpu.cpu.pc = A
  return vcpu
}

describe('the trace of the debug facility', () => {
  test('an event of the debugger: latched at the guest, acknowledged by the host', () => {
    const vcpu = guest(e.nop, e.nop, e.nop)
    setDebug(vcpu, iac(A + 8))
    const trace = vcpu.cpu.traceDebug()
    runFor(vcpu)
    expect(trace.entries).toEqual([
      { insn: 2, pc: A + 8, owner: 'debugger', kind: 'event', before: 0, after: IAC1 },
      { insn: 2, pc: A + 8, owner: 'host', kind: 'acknowledged', before: IAC1, after: 0 },
    ])
  })

  test('an event of the guest: latched, interrupted for, acknowledged, all by itself', () => {
    const vcpu = guest(e.mtspr(312, 7), e.mtspr(308, 8), e.nop)
    put(vcpu.cpu, DBG, e.mfspr(9, 304), e.mtspr(304, 9), e.b(0))
    vcpu.cpu.state.gpr[7] = A + 8
    vcpu.cpu.state.gpr[8] = 0x40800000
    vcpu.cpu.setMsr(0x1200)
    const trace = vcpu.cpu.traceDebug()
    runFor(vcpu)
    expect(trace.entries).toEqual([
      { insn: 2, pc: A + 8, owner: 'guest', kind: 'event', before: 0, after: IAC1 },
      { insn: 2, pc: A + 8, owner: 'guest', kind: 'interrupt', before: IAC1, after: IAC1 },
      { insn: 3, pc: DBG + 4, owner: 'guest', kind: 'acknowledged', before: IAC1, after: 0 },
    ])
  })

  test("an event of the host's on the way in, at the address of its code", () => {
    const vcpu = guest(e.nop)
    const at = LOAD_GUEST_DEBUGSTATE.address + 16
    setHost(vcpu, { DBCR0: 0x40800000, IAC1: at })
    const trace = vcpu.cpu.traceDebug()
    runFor(vcpu, 1)
    expect(trace.entries).toMatchObject([
      { insn: 0, pc: at, owner: 'host', kind: 'event', before: 0, after: 0x80800000 },
      { insn: 0, owner: 'host', kind: 'acknowledged', before: 0x80800000, after: 0 },
    ])
  })

  test('reads as a log', () => {
    const vcpu = guest(e.nop, e.nop)
    const trace = vcpu.cpu.traceDebug()
    setDebug(vcpu, iac(A + 4))
    runFor(vcpu)
    expect(trace.entries.map(entry => tracedEvent(entry).line)).toEqual([
      "0 0x00001000 debugger has the facility now; the guest's DBSR 0x00000000",
      '1 0x00001004 debugger: IAC1 latched; DBSR 0x00000000 -> 0x00800000',
      '1 0x00001004 host: IAC1 acknowledged; DBSR 0x00800000 -> 0x00000000',
    ])
  })

  test('who comes and who goes', () => {
    const vcpu = guest(e.nop, e.nop)
    const trace = vcpu.cpu.traceDebug()
    setDebug(vcpu, [])
    setDebug(vcpu, iac(A + 4))
    detach(vcpu)
    const owners = trace.entries.map(({ kind, owner }) => `${kind} ${owner}`)
    expect(owners).toEqual(['owner debugger', 'owner guest'])
  })

  test('keeps the newest, in order, and no more than it may', () => {
    const vcpu = guest(e.nop)
    const trace = vcpu.cpu.traceDebug(5)
    setDebug(vcpu, [], {}, 2)
    for (let n = 0; n < 20; n++) runFor(vcpu)
    const insns = trace.entries.map(entry => entry.insn)
    expect(insns).toEqual([18, 19, 19, 20, 20])
  })

  test('is off unless asked for, and off again', () => {
    const vcpu = guest(e.nop, e.nop)
    expect(vcpu.cpu.debug.trace).toBeUndefined()
    const trace = vcpu.cpu.traceDebug()
    vcpu.cpu.debug.trace = undefined
    setDebug(vcpu, iac(A + 4))
    runFor(vcpu)
    detach(vcpu)
    expect(trace.entries).toEqual([])
  })
})
