// Where compiled code may load and store without another look: the windows, which move to where a look was needed.

import { expect, test } from 'vitest'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { read32, write32 } from '../../src/cpu/memory.ts'
import { WindowWord } from '../../src/cpu/windows.ts'
import { createCore } from '../support/core.ts'

const DATA = 0x8000
const CODE = 0x20000
const END = 1 << 20

/** The window of the present context: its lowest address and the one behind its last, or neither. */
function windowOf(cpu: Cpu, kind: 'loads' | 'stores'): readonly [number, number] | undefined {
  const at = kind === 'loads' ? 0 : WindowWord.WRITE
  const { windows } = cpu.state
  const [low, small] = [windows[at + WindowWord.LOW], windows[at + WindowWord.SMALL]]
  return small === 0 ? undefined : [low, low + small + 7]
}

function coreWithCode(): Cpu {
  const cpu = createCore(END)
  cpu.state.compiledPages[CODE >>> 12] = 1
  return cpu
}

test('for stores a window ends at compiled code, on either side', () => {
  const cpu = coreWithCode()
  write32(cpu, DATA, 1)
  expect(windowOf(cpu, 'loads')).toEqual([0, END])
  expect(windowOf(cpu, 'stores')).toEqual([0, CODE])
  cpu.mmu.flush()
  expect([windowOf(cpu, 'loads'), windowOf(cpu, 'stores')]).toEqual([undefined, undefined])
  write32(cpu, CODE + 0x1000, 1)
  expect(windowOf(cpu, 'stores')).toEqual([CODE + 0x1000, END])
})

test('a load from a page with compiled code leaves the window for stores where it is', () => {
  const cpu = coreWithCode()
  write32(cpu, DATA, 1)
  read32(cpu, CODE)
  expect(windowOf(cpu, 'stores')).toEqual([0, CODE])
  expect(windowOf(cpu, 'loads')).toEqual([0, END])
})

test('where an access lies in a window already, that stays', () => {
  const cpu = coreWithCode()
  write32(cpu, DATA, 1)
  // Another page, which the soft TLB does not know: a look, and the same windows.
  write32(cpu, DATA + 0x1000, 1)
  expect(windowOf(cpu, 'stores')).toEqual([0, CODE])
  // Behind the code it moves.
  write32(cpu, CODE + 0x3000, 1)
  expect(windowOf(cpu, 'stores')).toEqual([CODE + 0x1000, END])
})

test('a page that gets compiled code ends the window, whatever was found before', () => {
  const cpu = coreWithCode()
  write32(cpu, CODE + 0x1000, 1)
  expect(windowOf(cpu, 'stores')).toEqual([CODE + 0x1000, END])
  cpu.state.compiledPages[(CODE >>> 12) + 4] = 1
  cpu.windows.codeAdded()
  cpu.mmu.flush()
  write32(cpu, CODE + 0x1000, 1)
  expect(windowOf(cpu, 'stores')).toEqual([CODE + 0x1000, CODE + 0x4000])
})
