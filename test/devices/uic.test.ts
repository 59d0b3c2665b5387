// Expectations from the interrupt controller chapter of the 440EP user's manual.

import { describe, expect, test } from 'vitest'
import { Uic } from '../../src/devices/uic.ts'

const SR = 0xc0
const SRS = 0xc1
const ER = 0xc2
const CR = 0xc3
const TR = 0xc5
const MSR = 0xc6
const VR = 0xc7
const VCR = 0xc8

const create = () => {
  const uic = new Uic('UIC0', SR)
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

test('UICVCR[30] does not exist', () => {
  const { uic } = create()
  uic.write(VCR, -1)
  expect(uic.read(VCR) >>> 0).toBe(0xfffffffd)
})

test('UICSRS sets bits of UICSR', () => {
  const { uic, outputs } = create()
  uic.write(ER, source(7))
  uic.write(SRS, source(7) | source(9))
  expect([uic.read(SR), uic.read(SRS)]).toEqual([source(7) | source(9), source(7) | source(9)])
  expect(outputs).toEqual({ external: true, critical: false })
  uic.write(SR, source(7) | source(9))
  expect([uic.read(SR), outputs.external]).toEqual([0, false])
})

describe('UICVR: base, and 512 bytes for each source between the most urgent end and the first pending critical one', () => {
  // UICVCR[31], priority ordering: 0, source 0 is the most urgent; 1, source 31 is. The last row is the example of the 405GP's
  // manual, p.10-20.
  test.each([
    [0, [0], 0],
    [0, [31], 31],
    [0, [2, 30], 2],
    [1, [31], 0],
    [1, [0], 31],
    [1, [2, 30], 1],
    [1, [27], 4],
  ])('UICVCR[31] = %i, sources %o', (ordering, sources, steps) => {
    const { uic } = create()
    uic.write(VCR, 0x00100000 | ordering)
    for (const n of sources) uic.setInput(n, true)
    const all = sources.reduce((bits, n) => bits | source(n), 0)
    uic.write(ER, all)
    expect(uic.read(VR)).toBe(0)
    uic.write(CR, all)
    expect(uic.read(VR)).toBe(0x00100000 + 512 * steps)
  })
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
