import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Activation, unwind } from '../../src/debuggee/unwind.ts'
import { readElf } from '../../src/elf/elf.ts'
import type { ElfFile } from '../../src/elf/types.ts'
import { Machine } from '../../src/machine/machine.ts'
import { pokeMemory, wordAt } from '../../src/machine/memory.ts'
import { Symbols } from '../../src/symbols/symbols.ts'
import { A, encode as e } from '../support/core.ts'
import { bytesOf, writeElf } from '../support/elf.ts'
import { have } from '../support/tools.ts'
import { build, haveClang, haveGcc, loadElf, programs } from '../symbols/guest.ts'
import { createMachine } from '../symbols/stops/stops.ts'

const BLR = 0x4e800020
const BCTRL = 0x4e800421
const SC = 0x44000002
const isCall = (word: number) => word === BCTRL || (word & 0xfc000003) >>> 0 === 0x48000001

/**
 * Where each activation returns to, by having watched every call and return. A return that comes back further out than
 * one call has passed through functions that ended in jumps: those pushed nothing.
 */
class CallWatch {
  readonly returns: number[] = []

  step(machine: Machine): void {
    const pc = machine.cpu.pc >>> 0
    const word = wordAt(machine.cpu, pc)!
    machine.run({ budget: 1 })
    const next = machine.cpu.pc >>> 0
    if (word === SC || (isCall(word) && next !== pc + 4)) this.returns.push(pc + 4)
    // Conditional returns are no `blr`, but come back all the same.
    else if (next === this.returns.at(-1) && (word === BLR || word >>> 26 === 19)) this.returns.pop()
  }
}

/** Stacks are looked at after every so many instructions: at each, PPC440_STACKS_EVERY=1, takes five minutes. */
const EVERY = Number(process.env.PPC440_STACKS_EVERY ?? 7)

/**
 * Along the program up to its last instruction: the return addresses we find, and those that were watched.
 * @returns the functions' names, too.
 */
function watchProgram(path: string, most: number, every = EVERY): string[][] {
  const machine = createMachine(path)
  const symbols = Symbols.load(loadElf(path))
  const watch = new CallWatch()
  const names: string[][] = []
  const look = (count: number, pc: number): void => {
    const activations = [...unwind(machine, symbols)].filter(({ kind }) => kind !== 'jumped')
    const found = activations.map(activation => activation.pc)
    names.push(activations.map(({ readers }) => symbols.symbolAt(readers.pc)?.name ?? '?'))
    const expected = [pc, ...[...watch.returns].reverse()]
    if (found.join() !== expected.join())
      expect({ count, function: symbols.functionAt(pc)?.name, found }).toEqual({ count, found: expected })
  }
  for (let count = 0; count < most; count++) {
    const pc = machine.cpu.pc >>> 0
    if (wordAt(machine.cpu, pc) === 0x48000000) return names
    if (count % every === 0) look(count, pc)
    watch.step(machine)
  }
  return names
}

const CALLEE_SAVED = Array.from({ length: 18 }, (_, n) => 14 + n)

/** Along the program: what is found by call frame information, and with that taken away by reading the code. */
function compareWithout(path: string, most: number): void {
  const machine = createMachine(path)
  const elf = loadElf(path)
  const stripped: ElfFile = {
    ...elf,
    contents: name => (/^\.(debug_frame|eh_frame)$/.test(name) ? undefined : elf.contents(name)),
  }
  const [symbols, others] = [Symbols.load(elf), Symbols.load(stripped)]
  // Of what is written by hand nothing tells, and of what restores registers that it restores all there are.
  const described = (pc: number) =>
    symbols.cfiAt(pc) !== undefined && !symbols.symbolAt(pc)?.name.startsWith('_restgpr')
  const seen = ({ pc, readers }: Activation) => [
    pc,
    readers.cfa(),
    ...CALLEE_SAVED.map(register => readers.register(register)),
  ]
  const look = (count: number): void => {
    const [told, read] = [symbols, others].map(each => [...unwind(machine, each)])
    const known = told.findIndex(({ readers }) => !described(readers.pc))
    const upTo = known < 0 ? told.length : known
    expect([count, ...read.slice(0, upTo).map(seen)]).toEqual([count, ...told.slice(0, upTo).map(seen)])
  }
  for (let count = 0; count < most && wordAt(machine.cpu, machine.cpu.pc >>> 0) !== 0x48000000; count++) {
    if (count % EVERY === 0) look(count)
    machine.run({ budget: 1 })
  }
}

describe('callers are found from any instruction', () => {
  const skip = !haveGcc || !have('powerpc-linux-gnu-g++')
  const levels = ['-O0', '-Og', '-O1', '-O2', '-Os', '-O2 -fomit-frame-pointer', '-O0 -fno-omit-frame-pointer']

  describe.each(Object.keys(programs))('of %s', program => {
    it.each(levels)('built with %s', { skip }, level => {
      watchProgram(build(programs[program], ...level.split(' '), '-g'), 3000)
    })
    it.each(['-O0', '-O1', '-O2', '-Os'])('built by clang with %s', { skip: skip || !haveClang }, level => {
      watchProgram(build(programs[program], 'clang', level, '-g'), 3000)
    })
  })

  it.each(['-O0', '-O2'])('through an interrupt handler written by hand, built with %s', { skip }, level => {
    const seen = watchProgram(build(['start.S', 'interrupt.S', 'calls_system.c'], level, '-g'), 1000, 1)
    const handled = seen.filter(names => names.includes('handler'))
    expect(handled.length).toBeGreaterThan(30)
    for (const names of handled) expect(names.join(' ')).toMatch(/handler system_call ask(\.\S+)? main _start$/)
    expect(handled.some(names => names[0] !== 'handler')).toBe(true)
  })

  // Read off the instructions.
  describe.each(Object.keys(programs))('of %s', program => {
    it.each(levels.slice(0, 5))('built with %s, without call frame information', { skip }, level => {
      const options = ['-g0', '-fno-asynchronous-unwind-tables', '-fno-unwind-tables']
      watchProgram(build(programs[program], level, ...options), 3000)
    })
    it.each(['-O0', '-O2'])('built with %s, with neither call frame information nor symbols', { skip }, level => {
      const options = ['-g0', '-fno-asynchronous-unwind-tables', '-fno-unwind-tables', '-Wl,-s']
      watchProgram(build(programs[program], level, ...options), 3000)
    })
    it.each(['-O0', '-O2'])(
      'built by clang with %s, without call frame information',
      { skip: skip || !haveClang },
      level => {
        const options = ['-g0', '-fno-asynchronous-unwind-tables', '-fno-unwind-tables']
        watchProgram(build(programs[program], 'clang', level, ...options), 3000)
      },
    )
    it.each(levels.slice(0, 5))(
      'built with %s, with the registers and frames that call frame information tells',
      {
        skip,
      },
      level => {
        compareWithout(build(programs[program], level, '-g'), 1500)
      },
    )
  })
})

describe('a damaged stack', () => {
  /** The program stopped deep in its recursion, and the address of its innermost frame. */
  function stopped(): { machine: Machine; symbols: Symbols; sp: number } {
    const path = build(programs.shapes, '-O0', '-g')
    const machine = createMachine(path)
    const symbols = Symbols.load(loadElf(path))
    const { low } = symbols.functionNamed('total')!
    while (machine.cpu.pc >>> 0 !== low + 24) machine.run({ budget: 1 })
    return { machine, symbols, sp: machine.cpu.state.gpr[1] >>> 0 }
  }
  const rows = (machine: Machine, symbols: Symbols) => [...unwind(machine, symbols)]

  it('ends with a row that says so where it leads nowhere', { skip: !haveGcc }, () => {
    const { machine, symbols, sp } = stopped()
    const whole = rows(machine, symbols)
    expect(whole.length).toBeGreaterThan(4)
    expect(whole.at(-1)!.broken).toBeUndefined()
    const cfa = whole[0].readers.cfa()!
    expect(cfa).toBeGreaterThan(sp)
    pokeMemory(machine.cpu, cfa + 4, Uint8Array.of(0xde, 0xad, 0xbe, 0xe0))
    const broken = rows(machine, symbols)
    expect(broken.at(-1)!.broken).toMatch(/no memory at the return address 0xdeadbee0/)
    expect(broken).toHaveLength(1)
  })

  it('ends where it leads back into itself', { skip: !haveGcc }, () => {
    const { machine, symbols } = stopped()
    const [first, second] = rows(machine, symbols)
    // The caller's caller is said to be where the caller is, on a stack pointer that never moves.
    const address = new DataView(new ArrayBuffer(4))
    address.setUint32(0, first.pc)
    for (let at = first.readers.cfa()!; at < first.readers.cfa()! + 4096; at += 4)
      pokeMemory(machine.cpu, at, new Uint8Array(address.buffer))
    const broken = rows(machine, symbols)
    expect(broken.length).toBeLessThan(10_001)
    expect(broken.at(-1)!.broken).toBeDefined()
    expect(second.pc).not.toBe(first.pc)
  })

  it('of any kind ends, and never by throwing', { skip: !haveGcc }, () => {
    const { machine, symbols, sp } = stopped()
    const before = machine.cpu.state.gpr.slice()
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(400), fc.integer()), { maxLength: 40 }),
        fc.array(fc.tuple(fc.nat(31), fc.integer()), { maxLength: 4 }),
        (words, registers) => {
          const view = new DataView(new ArrayBuffer(4))
          for (const [index, value] of words) {
            view.setInt32(0, value)
            pokeMemory(machine.cpu, sp + 4 * index, new Uint8Array(view.buffer))
          }
          machine.cpu.state.gpr.set(before)
          for (const [number, value] of registers) machine.cpu.state.gpr[number] = value
          expect(rows(machine, symbols).length).toBeLessThanOrEqual(10_001)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('without any symbols', () => {
  const [F, LEAF] = [A + 0x20, A + 0x40]
  const call = (from: number, to: number): number => (18 << 26) | ((to - from) & 0x03fffffc) | 1
  const [MFLR, MTLR, STWU, STW, LWZ] = [0x7c0802a6, 0x7c0803a6, 0x9421fff0, 0x90010014, 0x80010014]
  const program: Readonly<Record<number, readonly number[]>> = {
    [A]: [call(A, F), e.b(0)],
    [F]: [MFLR, STWU, STW, e.nop, call(F + 16, LEAF), LWZ, MTLR, e.addi(1, 1, 16), BLR],
    [LEAF]: [e.nop, BLR],
  }
  const parts = Object.entries(program).map(([address, words]) => ({ address: Number(address), bytes: bytesOf(words) }))

  it.each([
    ['before the first call', 0, [A]],
    ['in a prologue', 1, [F, A + 4]],
    ['behind it, where LR is in its place and still itself', 4, [F + 12, A + 4]],
    ['in a leaf', 6, [LEAF, F + 20, A + 4]],
  ])('the back chain and LR tell the callers: %s', (_, instructions, pcs) => {
    const elf = readElf(writeElf(A, parts))
    const machine = new Machine({ ramSize: 1 << 20, core: '440ep', reset: 'boot' }, elf)
    machine.run({ budget: instructions })
    expect([...unwind(machine, Symbols.load(elf))].map(({ pc }) => pc)).toEqual(pcs)
  })
})
