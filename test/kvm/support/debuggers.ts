// Random debuggers and random hosts.

import fc from 'fast-check'
import type { KvmBreakpoint, KvmGuestDebugExt } from '../../../src/kvm/abi.ts'
import {
  DEBUG_HANDLER,
  LIGHTWEIGHT_EXIT,
  LOAD_GUEST_DEBUGSTATE,
  LOAD_HOST_DEBUGSTATE,
  RESTART_INTERRUPT,
  RESUME_HOST,
} from '../../../src/kvm/debugState.ts'
import { A } from '../../support/core.ts'
import { BREAKPOINT, type HostState, OFF, WATCH_READ, WATCH_WRITE } from './guest.ts'
import { DATA } from './randomGuest.ts'

/** The routines of the host that a run passes through, in order; the Debug handler only where something latched. */
export const WAY_IN = [LOAD_GUEST_DEBUGSTATE, LIGHTWEIGHT_EXIT]
export const WAY_OUT = [RESUME_HOST, RESTART_INTERRUPT, LOAD_HOST_DEBUGSTATE]

/** An address of host code that a run executes, or just about. */
export const hostAddress = fc
  .tuple(fc.constantFrom(...WAY_IN, DEBUG_HANDLER, ...WAY_OUT), fc.integer({ min: 0, max: 35 }))
  .map(([routine, n]) => routine.address + 4 * n)

const guestAddress = fc.oneof(
  fc.integer({ min: 0, max: 80 }).map(n => A + 4 * n),
  fc.integer({ min: 0, max: 15 }).map(ivor => 0x00100000 + 0x100 * ivor),
)
const dataAddress = fc.integer({ min: 0, max: 44 }).map(n => DATA + n)

const iac = fc.oneof(
  fc.constant(OFF),
  guestAddress.map(addr => ({ addr, type: BREAKPOINT })),
)
const dac = fc.oneof(
  fc.constant(OFF),
  fc.tuple(dataAddress, fc.constantFrom(WATCH_READ, WATCH_WRITE, WATCH_READ | WATCH_WRITE)).map(([addr, type]) => ({
    addr,
    type,
  })),
)

/** Four IACs, two DACs, any of them off. */
export const breakpoints: fc.Arbitrary<KvmBreakpoint[]> = fc.tuple(iac, iac, iac, iac, dac, dac)

export const softBreakpoints = fc.array(guestAddress, { maxLength: 8 })

/** A host that uses the debug facility for itself, in any way: DBCR0 without RST, DBSR with anything latched. */
export const hosts: fc.Arbitrary<HostState> = fc.record({
  DBCR0: fc.integer().map(bits => (bits & 0x4fff8001) >>> 0),
  DBCR1: word(),
  DBCR2: word(),
  IAC1: fc.oneof(hostAddress, guestAddress),
  IAC2: fc.oneof(hostAddress, guestAddress),
  IAC3: word(),
  IAC4: hostAddress,
  DAC1: fc.oneof(dataAddress, word()),
  DAC2: dataAddress,
  DVC1: word(),
  DVC2: word(),
  DBSR: fc.constantFrom(0, 0x80800000, 0x30000000),
  MSR: fc.constantFrom(0x00029000, 0x00029200, 0x00021200, 0),
})

function word(): fc.Arbitrary<number> {
  return fc.nat({ max: 0xffffffff })
}

/** Pairs as ranges or under a mask, where both of a pair are on or neither is. */
export const modes: fc.Arbitrary<{ bp: KvmBreakpoint[]; ext: KvmGuestDebugExt }> = fc
  .record({
    bp: breakpoints,
    iac12: fc.constantFrom(undefined, 'inclusive', 'exclusive'),
    iac34: fc.constantFrom(undefined, 'inclusive', 'exclusive'),
    dac12: fc.constantFrom(undefined, 'mask', 'inclusive', 'exclusive'),
    mask: fc.constantFrom(0xfffffffc, 0xffffffe0, 0xffffffff, 0xfffffff3),
  })
  .map(({ bp, iac12, iac34, dac12, mask }) => {
    const on = (n: number): boolean => bp[n]!.type !== 0 || bp[n + 1]!.type !== 0
    return {
      bp: dac12 === 'mask' ? [...bp.slice(0, 5), { addr: mask, type: bp[5]!.type }] : bp,
      ext: {
        ...(iac12 && on(0) && { iac12 }),
        ...(iac34 && on(2) && { iac34 }),
        ...(dac12 && on(4) && { dac12 }),
      },
    }
  })

export const ranges: fc.Arbitrary<KvmGuestDebugExt> = fc.record({
  iac12: fc.constantFrom<'inclusive' | 'exclusive'>('inclusive', 'exclusive'),
  iac34: fc.constantFrom<'inclusive' | 'exclusive'>('inclusive', 'exclusive'),
})

interface Request {
  readonly bp: readonly KvmBreakpoint[]
  readonly ext?: KvmGuestDebugExt
  readonly control?: number
}

const some: KvmBreakpoint = { addr: A, type: BREAKPOINT }

/** Requests that nothing can fulfil, one mistake in each. */
export const invalidRequests: fc.Arbitrary<Request> = fc.oneof(
  // An instruction breakpoint in a DAC's place, a watchpoint in an IAC's, anything beyond the sixth.
  fc.constantFrom<Request>(
    { bp: [some, some, some, some, some] },
    { bp: [{ addr: DATA, type: WATCH_WRITE }] },
    { bp: [OFF, OFF, OFF, OFF, OFF, OFF, { addr: DATA, type: WATCH_READ }] },
  ),
  // Addresses that a 440 does not have.
  fc.constantFrom(0x1_0000_0000, 0x1_0000_1000, 1.5, Number.NaN).map(addr => ({ bp: [{ addr, type: BREAKPOINT }] })),
  // Types nobody knows.
  fc
    .integer({ min: 16, max: 0x7fffffff })
    .chain(type => fc.integer({ min: 0, max: 5 }).map(n => ({ bp: [...new Array(n).fill(OFF), { addr: A, type }] }))),
  // Modes without a comparator that could report them; a value without a lane.
  fc.constantFrom<Request>(
    { bp: [], ext: { iac12: 'inclusive' } },
    { bp: [some, some], ext: { iac34: 'exclusive' } },
    { bp: [some], ext: { dac12: 'mask' } },
    { bp: [some], ext: { dvc: [{ value: 1, bytes: 15, mode: 'and' }, undefined] } },
    {
      bp: [OFF, OFF, OFF, OFF, { addr: DATA, type: 4 }],
      ext: { dvc: [{ value: 1, bytes: 0, mode: 'or' }, undefined] },
    },
  ),
  // Control bits nobody knows.
  fc.constantFrom(4, 0x00040000, 0x8).map(control => ({ bp: [some], control })),
)
