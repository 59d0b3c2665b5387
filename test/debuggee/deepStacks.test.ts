// Stacks as deep as programs make them, and code that ends where no function should.

import { describe, expect, it } from 'vitest'
import { ReadFunction } from '../../src/debuggee/codeFrame.ts'
import { contextOf } from '../../src/debuggee/evaluation.ts'
import { callStack, type Frame, scopesOf } from '../../src/debuggee/frames.ts'
import { Program } from '../../src/debuggee/program.ts'
import { scopeRows } from '../../src/debuggee/values.ts'
import { DWARF_LR } from '../../src/isa/dwarf.ts'
import { LazyList } from '../../src/util/lazyList.ts'
import { A } from '../support/core.ts'
import { build, haveGcc, loadElf } from '../symbols/guest.ts'
import { createMachine } from '../symbols/stops/stops.ts'

const STACK = 0x00f0_0000

describe('a recursion', () => {
  /** Stopped in its innermost call, of so many. */
  function stopped(depth: number) {
    const path = build(['start.S', 'recursion.c'], '-O2', '-gdwarf-5')
    const program = new Program(loadElf(path))
    const machine = createMachine(path)
    const addressOf = (name: string) => program.symbols.symbolNamed(name)!.value
    const runTo = (address: number) => {
      while (machine.cpu.pc >>> 0 !== address) machine.run({ budget: 1 })
    }
    runTo(addressOf('main'))
    machine.setRegister('r1', STACK)
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setUint32(0, depth)
    machine.poke(addressOf('depth'), bytes)
    runTo(addressOf('deepest'))
    return { program, machine }
  }

  it('shows in every frame what its arguments were, which each computes from the next', { skip: !haveGcc }, () => {
    const { program, machine } = stopped(3000)
    const frames = [...callStack(machine, program)] as Frame[]
    const locals = (frame: Frame) =>
      scopesOf(frame, program)
        .filter(({ kind }) => kind === 'function')
        .flatMap(scope => scopeRows(scope, { context: contextOf(machine, program, frame) }))
        .map(({ name, value }) => `${name} = ${value}`)
    // What the C of it says.
    let [a, b] = [1, 1]
    const expected: string[][] = []
    for (let n = 3000; n >= 0; n--) {
      expected.unshift([`a = ${a}`, `b = ${b}`, `n = ${n}`])
      ;[a, b] = [(a + b) | 0, a]
    }
    expect(frames.slice(0, 3001).map(frame => locals(frame).slice(0, 3))).toEqual(expected)
    expect(frames[3001].name).toBe('main')
  })

  it('costs what is looked at, and ends with a row that says so', { skip: !haveGcc }, () => {
    const { program, machine } = stopped(10_100)
    let walked = 0
    const rows = new LazyList(
      (function* () {
        for (const frame of callStack(machine, program)) {
          walked++
          yield frame
        }
      })(),
    )
    expect(rows.slice(0, 20)).toHaveLength(20)
    expect(walked).toBe(20)
    expect(rows.slice(9_999, 20_000).map(frame => ('why' in frame ? frame.why : frame.name))).toEqual([
      'fold',
      'fold',
      'it has more than 10000 frames',
    ])
  })
})

describe('a function without call frame information', () => {
  const MFLR = 0x7c0802a6
  const [STWU, STW] = [0x9421fff0, 0x90010014]
  const [BL, B] = [0x48010001, 0x48000000]
  /** What is read of it, beyond its end as well. */
  const reading = (words: readonly number[]) => {
    const asked: number[] = []
    const word = (address: number): number => {
      asked.push(address)
      if (asked.length > 10_000) throw new Error('there is no end to it')
      return words[(address - A) >>> 2] ?? 0x60000000
    }
    return { asked, read: new ReadFunction({ low: A, high: A + 4 * words.length, word }) }
  }

  it('that ends in a call is read to there', () => {
    const { asked, read } = reading([MFLR, STWU, STW, BL])
    expect(read.frameAt(A + 12)!.saved.get(DWARF_LR)).toBe(4)
    expect(read.frameAt(A + 16)).toBeUndefined()
    expect(asked.length).toBeLessThan(50)
  })

  it('of 8,192 branches and stores is read with bounded work, or not at all', () => {
    const words = Array.from({ length: 8192 }, (_, i) =>
      // beq to somewhere before or behind it; stw r3, n(r1)
      i % 2 === 0 ? 0x41820000 | ((((i % 1000) - 500) * 4) & 0xfffc) : 0x90610000 | ((4 * i) & 0x7ffc),
    )
    const word = (address: number): number => words[(address - A) >>> 2] ?? B
    expect(new ReadFunction({ low: A, high: A + 4 * words.length, word }).work).toBeLessThan(1_100_000)
  })
})
