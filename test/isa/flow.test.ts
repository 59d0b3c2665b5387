import { describe, expect, test } from 'vitest'
import { directTarget, isBranch, isCall, isReturn } from '../../src/isa/flow.ts'

const B = 0x4bfffff0
const BL = 0x48000011
const BLR = 0x4e800020
const BCTRL = 0x4e800421
const BEQLR = 0x4d820020
const BNE = 0x4082fff8
const BA = 0x48000402
const READ_PC = 0x429f0005
const RFI = 0x4c000064
const SC = 0x44000002
const ADDI = 0x38600001

describe('flow of control', () => {
  test('bl and bctrl call; the way position-independent code reads its address does not', () => {
    expect([BL, BCTRL, BLR, BNE, READ_PC, SC].map(isCall)).toEqual([true, true, false, false, false, false])
  })

  test('blr, its conditional forms and returns from interrupts return', () => {
    expect([BLR, BEQLR, RFI, BL, BCTRL].map(isReturn)).toEqual([true, true, true, false, false])
  })

  test('system calls and returns from interrupts are no branches', () => {
    expect([B, BL, BNE, BLR, BA, READ_PC, RFI, SC, ADDI].map(isBranch)).toEqual([
      ...[true, true, true, true, true, true],
      ...[false, false, false],
    ])
  })

  test('the target is known where the word holds it', () => {
    expect(directTarget(B, 0x1000)).toBe(0x0ff0)
    expect(directTarget(BL, 0x1000)).toBe(0x1010)
    expect(directTarget(BNE, 0x1000)).toBe(0x0ff8)
    expect(directTarget(BA, 0x1000)).toBe(0x400)
    expect([BLR, BCTRL, RFI, ADDI].map(word => directTarget(word, 0x1000))).toEqual(Array(4).fill(undefined))
  })
})
