// What a step sees of a machine: the core as it stands, and of the program what its symbols say.

import { describe, expect, test } from 'vitest'
import { CodeFrames } from '../../../src/debuggee/codeFrames.ts'
import type { Program } from '../../../src/debuggee/program.ts'
import { createView, framesToEndIn } from '../../../src/debuggee/steps/machineView.ts'
import type { Activation } from '../../../src/debuggee/unwind.ts'
import type { FunctionInfo, InlineInstance } from '../../../src/symbols/functions.ts'
import type { FrameReaders } from '../../../src/symbols/scopes.ts'
import type { Symbols } from '../../../src/symbols/symbols.ts'
import { A, encode as e } from '../../support/core.ts'
import { HandTurned, programOf } from '../../support/target.ts'

const FUNCTION = { name: 'f', low: A, high: A + 16, assembly: true } as Partial<FunctionInfo> as FunctionInfo
const copy = (offset: number, more: Partial<InlineInstance> = {}): InlineInstance =>
  ({ ...{ name: `copy ${offset}`, ranges: [], die: { offset } }, ...more }) as unknown as InlineInstance
const RANGE = { low: A, high: A + 8 }

/** Symbols that know of one function, and of what is inlined in it. */
const knowing = (more: Partial<Symbols> = {}): Symbols =>
  ({
    functionAt: pc => (pc >= A && pc < A + 16 ? FUNCTION : undefined),
    symbolAt: pc => (pc >= A + 32 ? { name: 'g', address: A + 32, offset: pc - A - 32 } : undefined),
    stepRange: pc => (pc === A ? [RANGE] : []),
    isStatement: pc => pc === A,
    statementsOf: entry => [entry, entry + 8],
    afterPrologue: info => info.low + 4,
    inlineChainAt: () => [],
    lineAt: () => undefined,
    ...more,
  }) as Partial<Symbols> as Symbols

const { target } = new HandTurned(programOf([e.addi(3, 3, 1), e.nop]))
const viewOf = (symbols = knowing(), hidden = 0) =>
  createView(target.machine, { symbols, codeFrames: new CodeFrames() } as Partial<Program> as Program, hidden)

test('the core as it stands', () => {
  target.machine.setRegister('r1', 0xfffffff0)
  expect(viewOf(knowing(), 2)).toMatchObject({ pc: A, sp: 0xfffffff0, hidden: 2 })
  expect(viewOf().word(A)! >>> 0).toBe(e.addi(3, 3, 1) >>> 0)
})

test('lines and functions', () => {
  const view = viewOf()
  expect([view.lineRanges(A), view.lineRanges(A + 4)]).toEqual([[RANGE], undefined])
  expect([view.isStatement(A), view.isStatement(A + 4)]).toEqual([true, false])
  expect([view.functionAt(A + 4), view.functionAt(A + 16)]).toEqual([
    { entry: A, body: A + 4, isAssembly: true },
    undefined,
  ])
  expect(view.statementsOf(A)).toEqual([A, A + 8])
})

describe('what is inlined', () => {
  const inner = copy(2, { ranges: [{ low: A + 4, high: A + 8 }], callPath: '/src/a.h', callLine: 7 })
  const outer = copy(1)
  const asked: unknown[] = []
  const symbols = knowing({
    inlineChainAt: () => [inner, outer],
    rangesOfLine: (pc, { path, line }) => [{ low: pc, high: asked.push(`${path}:${line}`) }],
    inlinedBy: (_, { path, line }) => [copy(line, { callPath: path })],
    lineAt: () => ({ path: '/src/main.c', line: 12 }) as ReturnType<Symbols['lineAt']>,
  })

  test('is there outermost first, with the line that calls it and that line’s code', () => {
    const [first, second] = viewOf(symbols).inlinedAt(A)
    expect([first, second]).toMatchObject([
      { id: 1, name: 'copy 1', entry: 0, callSite: ':0' },
      { id: 2, name: 'copy 2', entry: A + 4, callSite: '/src/a.h:7' },
    ])
    expect([second!.callRanges()[0]!.low, asked]).toEqual([A, ['/src/a.h:7']])
  })

  test('by the line where the person stands: of what is not entered yet the line that calls it', () => {
    const idsAt = (hidden: number, of = symbols) =>
      viewOf(of, hidden)
        .copiesCalledHere()
        .map(({ id }) => id)
    expect([idsAt(0), idsAt(1), idsAt(2)]).toEqual([[12], [7], [0]])
    expect(idsAt(0, knowing())).toEqual([])
  })
})

describe('the stack', () => {
  const activation = (pc: number, kind?: 'signal' | 'jumped'): Pick<Activation, 'pc' | 'readers' | 'kind'> => ({
    pc,
    readers: { pc: pc - 4, cfa: () => pc + 100 } as Partial<FrameReaders> as FrameReaders,
    ...(kind && { kind }),
  })
  const pcs = (...activations: Parameters<typeof framesToEndIn>[0] extends Iterable<infer T> ? T[] : never) =>
    [...framesToEndIn(activations, pc => pc * 2)].map(({ pc }) => pc)

  test('is its frames by address and function', () => {
    expect([...framesToEndIn([activation(8)], pc => pc * 2)]).toEqual([{ id: { cfa: 108, entry: 8 }, pc: 8 }])
  })

  test('leaves out where nothing goes on, but not where the machine stands', () => {
    expect(pcs(activation(8, 'signal'), activation(16, 'jumped'), activation(24))).toEqual([8, 24])
    expect(pcs(activation(8), activation(16, 'signal'), activation(24))).toEqual([8, 24])
  })

  test('takes a function’s entry, or its symbol’s, or none', () => {
    const real = target.program.symbols
    const own = knowing()
    const mixed = new Proxy(real, {
      get(_, name: keyof Symbols) {
        if (name === 'functionAt' || name === 'symbolAt') return own[name]
        const value = real[name]
        return typeof value === 'function' ? value.bind(real) : value
      },
    })
    const entries = [A + 8, A + 40, A + 20].map(pc => {
      target.machine.setRegister('pc', pc)
      const [first] = viewOf(mixed).frames()
      return first!.id.entry
    })
    expect(entries).toEqual([A, A + 32, 0])
    target.machine.setRegister('pc', A)
  })
})
