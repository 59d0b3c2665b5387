// Load and store string word: how many bytes, and where they go (NB = 0 is 32: GNU as writes it so).

import { expect, test } from 'vitest'
import { Spr } from '../../../src/isa/registers.ts'
import { A, createCore, encode as e, put, runCore } from '../../support/core.ts'

const FROM = 0x2000
const TO = 0x3000

/** Runs one instruction. 40 bytes from 1 on are in memory, where r4 points, and in r6 on if `inRegisters`; r5: elsewhere. */
function execute(word: number, inRegisters: boolean) {
  const cpu = createCore(1 << 20)
  const { ram, gpr } = cpu.state
  put(cpu, A, word)
  for (let i = 0; i < 40; i++) ram.setUint8(FROM + i, i + 1)
  gpr[4] = FROM
  gpr[5] = TO
  for (let i = 0; i < 10; i++) gpr[6 + i] = inRegisters ? ram.getInt32(FROM + 4 * i) : -1
  runCore(cpu, 1)
  expect(cpu.state.spr[Spr.ESR]).toBe(0)
  return cpu.state
}

/** Bytes 1 to `count`, as words, the rest of the last one 0. */
const words = (count: number): number[] =>
  Array.from({ length: Math.ceil(count / 4) }, (_, i) =>
    [0, 1, 2, 3].reduce((word, j) => (word << 8) | (4 * i + j < count ? 4 * i + j + 1 : 0), 0),
  )

test.each([1, 4, 7, 31, 32])('lswi of %i bytes', count => {
  const { gpr } = execute(e.lswi(6, 4, count), false)
  const loaded = words(count)
  expect([...gpr.subarray(6, 6 + loaded.length + 1)]).toEqual([...loaded, -1])
})

test.each([1, 4, 7, 31, 32])('stswi of %i bytes', count => {
  const { ram } = execute(e.stswi(6, 5, count), true)
  const stored = Array.from({ length: count + 1 }, (_, i) => ram.getUint8(TO + i))
  expect(stored).toEqual([...Array.from({ length: count }, (_, i) => i + 1), 0])
})
