// A core that is observed computes what it computes unobserved, and tells of every instruction.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Word } from '../../src/cpu/state.ts'
import { readElf } from '../../src/elf/elf.ts'
import { Machine } from '../../src/machine/machine.ts'

const ELF = readElf(new Uint8Array(readFileSync('examples/coffee/coffee.elf')))

function run(isObserved: boolean, budget: number) {
  const machine = new Machine({ ramSize: 16 << 20, core: '440ep', reset: 'boot' }, ELF)
  const told = { instructions: 0, interrupts: 0, breaks: 0 }
  let expected: number | undefined
  if (isObserved)
    machine.cpu.observer = {
      executed(pc, next, times) {
        if (expected !== undefined && pc !== expected) told.breaks++
        told.instructions += times
        expected = next
      },
      interrupted(_, from) {
        if (from !== expected) told.breaks++
        told.interrupts++
        expected = undefined
      },
    }
  let out = ''
  machine.uarts[0]!.onTransmit = byte => (out += String.fromCharCode(byte))
  // Slices of odd sizes: a run may be cut anywhere.
  for (let left = budget; left > 0; left -= 7919) machine.run({ budget: Math.min(left, 7919) })
  // How far the last call of the interpreter had come says nothing of the guest.
  machine.cpu.state.words[Word.LEFT] = 0
  const { gpr, words, cr, spr, ramBytes } = machine.cpu.state
  const sum = ramBytes.reduce((all, byte) => (Math.imul(all, 31) + byte) | 0, 0)
  const state = {
    out,
    pc: machine.cpu.pc,
    gpr: [...gpr],
    cr: [...cr],
    words: [...words],
    spr: [...spr],
    sum,
    retired: machine.retired,
    now: machine.cpu.now,
  }
  return { state, told }
}

test('the same state after every so many instructions, with timer interrupts on the way', () => {
  const budget = 1_500_000
  const [plain, observed] = [run(false, budget), run(true, budget)]
  expect(observed.state).toEqual(plain.state)
  expect(observed.told.instructions).toBe(plain.state.retired)
  expect(observed.told.interrupts).toBeGreaterThan(3)
  expect(observed.told.breaks).toBe(0)
})
