// Expectations from the interrupt controller chapter of the 440EP user's manual.

import { expect, test } from 'vitest'
import { Uic } from '../../src/devices/uic.ts'

const SR = 0xc0
const ER = 0xc2
const CR = 0xc3
const TR = 0xc5
const MSR = 0xc6
const VR = 0xc7
const VCR = 0xc8

const create = () => {
  const uic = new Uic(SR)
  const outputs = { external: false, critical: false }
  uic.onOutput = (external, critical) => Object.assign(outputs, { external, critical })
  return { uic, outputs }
}
/** Source n in a register: bit 0 is the most significant. */
const source = (n: number): number => (0x80000000 >>> n) >>> 0

test('a source interrupts when it is enabled; UICCR says which of the two ways', () => {
  const { uic, outputs } = create()
  uic.setInput(3, true)
  expect(outputs).toEqual({ external: false, critical: false })
  uic.write(ER, source(3))
  expect(outputs).toEqual({ external: true, critical: false })
  uic.write(CR, source(3))
  expect(outputs).toEqual({ external: false, critical: true })
})

test('UICSR shows every source, UICMSR the enabled ones', () => {
  const { uic } = create()
  uic.setInput(0, true)
  uic.setInput(31, true)
  uic.write(ER, source(31))
  expect([uic.read(SR) >>> 0, uic.read(MSR) >>> 0]).toEqual([0x80000001, 1])
})

test('a level-sensitive source cannot be cleared while it is active, an edge-triggered one can', () => {
  const { uic } = create()
  uic.write(TR, source(5))
  uic.setInput(4, true)
  uic.setInput(5, true)
  uic.write(SR, 0xffffffff)
  expect(uic.read(SR) >>> 0).toBe(source(4))
  uic.setInput(4, false)
  uic.write(SR, 0xffffffff)
  expect(uic.read(SR)).toBe(0)
})

test('an edge-triggered source is remembered after it has gone', () => {
  const { uic } = create()
  uic.write(TR, source(5))
  uic.setInput(5, true)
  uic.setInput(5, false)
  expect(uic.read(SR) >>> 0).toBe(source(5))
})

test('UICVR: base and 512 bytes per source, from whichever end UICVCR[31] says', () => {
  const { uic } = create()
  uic.write(ER, source(2) | source(30))
  uic.write(CR, source(2) | source(30))
  uic.setInput(2, true)
  uic.setInput(30, true)
  uic.write(VCR, 0x00100000)
  expect(uic.read(VR)).toBe(0x00100000 + 512)
  uic.write(VCR, 0x00100001)
  expect(uic.read(VR)).toBe(0x00100000 + 512 * 2)
})

test('a controller restored from what was saved has the same outputs', () => {
  const { uic } = create()
  uic.write(ER, source(3))
  uic.setInput(3, true)
  const other = create()
  other.uic.restore(structuredClone(uic.save()))
  expect(other.outputs).toEqual({ external: true, critical: false })
  expect(other.uic.read(SR)).toBe(uic.read(SR))
})
