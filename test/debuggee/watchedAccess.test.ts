// Which accesses are of watched bytes, and what a change of them is told as.

import { describe, expect, test } from 'vitest'
import type { DataBreakpoint, DataRequest } from '../../src/debuggee/breakpoints.ts'
import { ALWAYS } from '../../src/debuggee/conditions.ts'
import { HitCount } from '../../src/debuggee/hitCount.ts'
import { changeOf, mayWrite, remember, toldBefore } from '../../src/debuggee/watchedAccess.ts'
import { HandTurned, programOf } from '../support/target.ts'

const DATA = 0x5000

function watching(more: Partial<DataRequest> = {}): DataBreakpoint {
  const request = { ...({ kind: 'data', address: DATA, size: 4, access: 'readWrite', label: 'it' } as const), ...more }
  const resolution = { kind: 'found', addresses: [DATA], conditions: ALWAYS } as const
  const count = new HitCount()
  return { id: 1, owner: 'me', request, label: 'it', resolution, slots: [], verified: true, message: '', count }
}
const load = (ea: number, size = 4) => ({ ea, size, write: false })
const store = { ...load(DATA), write: true }

describe('a load', () => {
  test('reads the watched bytes where it has one of them', () => {
    const is = (ea: number, size: number, mnemonic = 'lwz') => toldBefore(watching(), load(ea, size), mnemonic)
    expect([is(DATA - 4, 4), is(DATA - 3, 4), is(DATA + 3, 1), is(DATA + 4, 1)]).toEqual([false, true, true, false])
    // dcbt and its like have no size.
    expect([is(DATA, 0, 'dcbt'), is(DATA - 1, 0, 'dcbt')]).toEqual([true, false])
  })

  test('of several registers may go on to them', () => {
    const is = (ea: number, mnemonic: string) => toldBefore(watching(), load(ea), mnemonic)
    expect(['lmw', 'lswi', 'lswx', 'lwz', 'lswix'].map(each => is(DATA - 124, each))).toEqual([
      ...[true, true, true],
      ...[false, false],
    ])
    expect([is(DATA - 127, 'lmw'), is(DATA - 128, 'lmw')]).toEqual([true, false])
  })

  test('is not told of where writes are asked for, and never writes', () => {
    expect(toldBefore(watching({ access: 'write' }), load(DATA), 'lwz')).toBe(false)
    expect(toldBefore(watching({ access: 'read' }), load(DATA), 'lwz')).toBe(true)
    expect(mayWrite(watching(), load(DATA))).toBe(false)
  })
})

test('a store is no read, and may write where reads alone are not asked for', () => {
  expect(toldBefore(watching(), store, 'stw')).toBe(false)
  expect((['read', 'write', 'readWrite'] as const).map(access => mayWrite(watching({ access }), store))).toEqual([
    false,
    true,
    true,
  ])
})

test('a store is told before it happens where all accesses are, if it may write the watched bytes', () => {
  const is = (more: Partial<DataRequest>, access: typeof store, mnemonic = 'stw') =>
    toldBefore(watching({ raw: true, ...more }), access, mnemonic)
  expect([is({}, store), is({ access: 'write' }, store), is({ access: 'read' }, store)]).toEqual([true, true, false])
  expect([is({}, { ...store, ea: DATA + 4 }), is({}, { ...store, ea: DATA - 3 })]).toEqual([false, true])
  expect([is({}, { ...store, ea: DATA - 124 }, 'stmw'), is({}, { ...store, ea: DATA - 124 })]).toEqual([true, false])
  expect(is({}, { ...load(DATA) }, 'lwz')).toBe(true)
})

describe('a change', () => {
  const { machine, program } = new HandTurned(programOf([0])).target
  const changed = (breakpoint: DataBreakpoint, ...bytes: readonly number[]) => {
    machine.poke(DATA, new Uint8Array(16))
    const before = remember(breakpoint, machine, program)
    machine.poke(DATA, Uint8Array.from(bytes))
    return changeOf(before, machine, program)
  }

  test('is shown as the Variables view shows what its name means', () => {
    expect(changed(watching({ label: '*(int *)0x5000' }), 0xff, 0xff, 0xff, 0xfe)).toBe('0 → -2')
  })

  test('is shown as bytes where its name means something else here, or nothing', () => {
    expect(changed(watching({ label: '*(int *)0x6000' }), 1, 2)).toBe('0x00000000 → 0x01020000')
    expect(changed(watching({ label: 'gone' }), 1, 2)).toBe('0x00000000 → 0x01020000')
  })

  test('of many bytes shows eight', () => {
    expect(changed(watching({ size: 8 }), 1)).toBe('0x0000000000000000 → 0x0100000000000000')
    expect(changed(watching({ size: 9 }), 1)).toBe('0x0000000000000000… → 0x0100000000000000…')
  })

  test('is none where the bytes are the same', () => {
    expect(changed(watching(), 0, 0, 0, 0, 1)).toBeUndefined()
  })

  test('is one where the memory has gone', () => {
    const breakpoint = watching({ address: 0xa0000000 })
    const before = { breakpoint, before: Uint8Array.of(0, 0, 0, 0), shown: '0x00000000' }
    expect(changeOf(before, machine, program)).toBe('0x00000000 → 0x')
  })
})
