// What has been compiled, and for how long it stays: asked of the store itself.

import { expect, test, vi } from 'vitest'
import { CodeStore, type PlaceHeat } from '../../src/compiler/codeStore.ts'
import type { CodeContext } from '../../src/compiler/layout.ts'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { interpret } from '../../src/cpu/interpreter.generated.ts'
import { slowWrite } from '../../src/cpu/memory.ts'
import { Word } from '../../src/cpu/state.ts'
import { WindowWord } from '../../src/cpu/windows.ts'
import { Spr } from '../../src/isa/registers.ts'
import { A, createCore, encode as e, put } from '../support/core.ts'

const MB = 1 << 20
const loop = [e.addi(3, 3, 1), e.lwz(4, 0, 5), e.bdnz(-8)]

/** Executes `code` at `address` once, without counting: CTR is 1. */
function execute(cpu: Cpu, address: number, code: readonly number[]): void {
  put(cpu, address, ...code)
  cpu.state.words[Word.ATTENTION] = 0
  cpu.state.words[Word.PC] = address
  cpu.state.gpr[5] = 0x8000
  cpu.state.spr[Spr.CTR] = 1
  expect(interpret(cpu, code.length)).toBe(code.length)
}

function storeOf(cpu: Cpu) {
  const heat = { isWarm: () => false, makeHot: vi.fn(), makeCold: vi.fn() } satisfies PlaceHeat
  const store = new CodeStore(cpu, heat)
  const context: CodeContext = store.context(0, 0)
  const compile = (pc: number): boolean => {
    for (const parts = store.compile(pc, context); parts.next().done !== true; );
    return store.isLinked(pc, context)
  }
  return { store, context, heat, compile }
}

function withLoop() {
  const cpu = createCore(MB)
  execute(cpu, A, loop)
  return { cpu, ...storeOf(cpu) }
}

test('what has been executed is compiled, what has not been is not', () => {
  const { compile } = withLoop()
  expect([compile(A), compile(A + 0x100)]).toEqual([true, false])
})

test('between the parts of a compilation the code may change: nothing comes of it', () => {
  const { cpu, store, context, compile } = withLoop()
  const parts = store.compile(A, context)
  expect(parts.next().done).toBe(false)
  put(cpu, A + 4, e.nop)
  while (parts.next().done !== true);
  expect(store.isLinked(A, context)).toBe(false)
  execute(cpu, A, [loop[0]!, e.nop, loop[2]!])
  expect(compile(A)).toBe(true)
})

test('or a breakpoint come', () => {
  const { cpu, store, context } = withLoop()
  const parts = store.compile(A, context)
  parts.next()
  cpu.fetch.setStops([{ addresses: [A + 8] }])
  while (parts.next().done !== true);
  expect(store.isLinked(A, context)).toBe(false)
})

test('code that is given up is interpreted, until translation or watches change', () => {
  const { store, context, heat, compile } = withLoop()
  expect(compile(A)).toBe(true)
  store.giveUp(A + 4, context)
  expect(heat.makeCold).toHaveBeenCalledWith(A)
  expect(store.isLinked(A, context)).toBe(false)
  expect(compile(A)).toBe(false)
  store.unlinkAll()
  expect(compile(A)).toBe(true)
})

test('what is given up is the code around that address, and no other', () => {
  const { cpu, store, context, compile } = withLoop()
  execute(cpu, A + 0x40, loop)
  expect([compile(A), compile(A + 0x40)]).toEqual([true, true])
  store.giveUp(A + 0x44, context)
  expect([store.isLinked(A, context), store.isLinked(A + 0x40, context)]).toEqual([true, false])
})

test('an access that leaves again and again moves the windows, then is looked up by its page, then by itself', () => {
  const { cpu, store, context, compile } = withLoop()
  const flush = vi.spyOn(cpu.mmu, 'flush')
  compile(A)
  flush.mockClear()
  expect(store.leavesOften(A + 4, context)).toBe(true)
  expect([flush.mock.calls.length, store.wanted()]).toEqual([1, undefined])
  for (let way = 0; way < 2; way++) {
    expect(store.leavesOften(A + 4, context)).toBe(true)
    expect(store.isLinked(A, context)).toBe(false)
    expect(store.wanted()).toEqual({ pc: A, context })
    expect(store.wanted()).toBeUndefined()
    expect(compile(A)).toBe(true)
  }
  expect(store.leavesOften(A + 4, context)).toBe(false)
  expect(store.isLinked(A, context)).toBe(true)
})

test('code that is written again and again is left to the interpreter', () => {
  const { store, compile } = withLoop()
  let times = 0
  while (compile(A) && times < 100) {
    times++
    // The line beside it changes nothing.
    store.drop(A + 0x20, 4)
    store.drop(A + 4, 4)
  }
  expect(times).toBe(21)
})

test('no more than 2000 modules are kept: then all begins anew', () => {
  const cpu = createCore(MB)
  const { store, context, compile } = storeOf(cpu)
  const place = (n: number): number => 0x10000 + 16 * n
  for (let n = 0; n < 2000; n++) {
    execute(cpu, place(n), loop)
    expect(compile(place(n))).toBe(true)
  }
  expect(store.isLinked(place(0), context)).toBe(true)
  execute(cpu, place(2000), loop)
  expect(compile(place(2000))).toBe(true)
  expect([0, 1, 1999].map(n => store.isLinked(place(n), context))).toEqual([false, false, false])
  expect(compile(place(0))).toBe(true)
  expect(store.isLinked(place(2000), context)).toBe(true)
})

test('a window for stores that was found before does not reach over what is compiled now', () => {
  const { cpu, compile } = withLoop()
  const storeAt = (ea: number): void => {
    expect(slowWrite(cpu, ea, 4, 0)).toBeUndefined()
  }
  const reaches = (): boolean => {
    const [low, small] = [WindowWord.LOW, WindowWord.SMALL].map(word => cpu.state.windows[WindowWord.WRITE + word]!)
    return A >= low! && A < low! + small!
  }
  storeAt(0x8000)
  expect(reaches()).toBe(true)
  expect(compile(A)).toBe(true)
  storeAt(0x8000)
  expect(reaches()).toBe(false)
})
