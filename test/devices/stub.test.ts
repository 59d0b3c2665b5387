// Stubs: what they answer, by rule or by memory, and that looking changes nothing.

import { describe, expect, test } from 'vitest'
import { DcrStub, Stub } from '../../src/devices/stub.ts'

describe('on the bus', () => {
  test('holds what was written last, byte by byte in big-endian order, and 0 before that', () => {
    const stub = new Stub('X', 0x100)
    expect(stub.read(0x10, 4)).toBe(0)
    stub.write(0x10, 4, 0x11223344)
    expect([stub.read(0x10, 1), stub.read(0x12, 2), stub.read(0x10, 4)]).toEqual([0x11, 0x3344, 0x11223344])
    stub.write(0x13, 1, 0xff)
    expect(stub.read(0x10, 4)).toBe(0x112233ff)
  })

  test('a rule says what is read: one value for ever, or one after the other', () => {
    const stub = new Stub('X', 0x100, [
      { at: 0, read: [0x80000001], readToClear: false },
      { at: 4, read: [1, 2, 3], readToClear: false },
    ])
    stub.write(0, 4, 5)
    expect([stub.read(0, 4) >>> 0, stub.read(0, 1)]).toEqual([0x80000001, 1])
    expect(stub.peek(4, 4)).toBe(1)
    expect([1, 2, 3, 4].map(() => stub.read(4, 4))).toEqual([1, 2, 3, 3])
  })

  test('read to clear: 0 is left behind, by reading and not by looking', () => {
    const stub = new Stub('X', 0x100, [{ at: 8, read: [], readToClear: true }])
    stub.write(8, 4, 7)
    expect([stub.peek(8, 4), stub.read(8, 4), stub.read(8, 4)]).toEqual([7, 7, 0])
  })

  test('goes on from where its state was saved', () => {
    const rules = [{ at: 4, read: [1, 2, 3], readToClear: false }]
    const stub = new Stub('X', 0x100, rules)
    stub.write(0, 2, 0xabcd)
    stub.read(4, 4)
    const other = new Stub('X', 0x100, rules)
    other.restore(JSON.parse(JSON.stringify(stub.save())))
    expect([other.read(0, 2), other.read(4, 4)]).toEqual([0xabcd, 2])
  })
})

test('among device control registers a place is a word', () => {
  const heard: unknown[] = []
  const stub = new DcrStub('X', 0x10, 2, [{ at: 1, read: [9], readToClear: false }])
  stub.onAccess = (...access) => heard.push(access)
  stub.write(0x10, -1)
  expect([stub.read(0x10), stub.read(0x11), stub.peek(0x11)]).toEqual([-1, 9, 9])
  expect(heard).toEqual([
    ['store', 0, -1],
    ['load', 0, -1],
    ['load', 1, 9],
  ])
})
