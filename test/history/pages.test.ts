// What a history knows of memory between two snapshots: which lines have certainly not been written, and nothing of what
// is not saved.

import { expect, test } from 'vitest'
import { KEPT_PAGE, TOUCHED_SHIFT } from '../../src/cpu/state.ts'
import { readElf } from '../../src/elf/elf.ts'
import { type Keeper, Pages } from '../../src/history/pages.ts'
import { Machine } from '../../src/machine/machine.ts'
import { bytesOf, writeElf } from '../support/elf.ts'

const RAM = 1 << 20
const elf = readElf(writeElf(0x1000, [{ address: 0x1000, bytes: bytesOf([0x48000000]) }]))
const stateOf = () => new Machine({ ramSize: RAM, core: '440ep', reset: 'boot' }, elf).cpu.state
const keeper = (index: number): Keeper => ({ index, pages: [], touched: undefined })

test('a line is told from its neighbours in the same page, also where snapshots between have gone', () => {
  const state = stateOf()
  const pages = new Pages(state)
  const [first, second, third] = [keeper(0), keeper(1), keeper(2)]
  pages.save(first, undefined, undefined, [])
  const write = (real: number): void => {
    state.ram.setUint32(real, 1)
    state.touch(real, 4)
  }
  write(0x20100)
  pages.save(second, first, undefined, [])
  write(0x203fc)
  write(0x30000)
  pages.save(third, second, undefined, [])
  const untouched = (real: number, bytes = 4): boolean => pages.isUntouched(third, real, bytes)
  expect([0x20000, 0x20100, 0x20200, 0x20300, 0x203fc, 0x20400, 0x30000].map(real => untouched(real))).toEqual([
    ...[true, true, true, false, false, true, false],
  ])
  // From one line into the next.
  expect([untouched(0x202fe), untouched(0x200fe), untouched(0x20000, 0x300)]).toEqual([false, true, true])
  pages.remove(second, third)
  expect([0x20000, 0x20100, 0x20200, 0x20300].map(real => untouched(real))).toEqual([true, false, true, false])
})

test('behind RAM nothing is saved, whatever is marked there', () => {
  const state = stateOf()
  const pages = new Pages(state)
  const [first, second] = [keeper(0), keeper(1)]
  state.codeLines[0] = 1
  const marksBehind = (): void => state.touch(RAM - (1 << TOUCHED_SHIFT), KEPT_PAGE)
  marksBehind()
  pages.save(first, undefined, undefined, [])
  state.codeLines[0] = 2
  marksBehind()
  pages.save(second, first, undefined, [])
  pages.restore(first, [second])
  expect(state.codeLines[0]).toBe(2)
})
