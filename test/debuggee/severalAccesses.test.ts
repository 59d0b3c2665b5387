// One instruction that stores to what several comparators watch: it is executed once, and each change is told of.

import { describe, expect, test } from 'vitest'
import type { BreakpointRequest } from '../../src/debuggee/breakpoints.ts'
import { Continue } from '../../src/debuggee/steps/goal.ts'
import type { Stop } from '../../src/debuggee/stop.ts'
import { A, encode as e } from '../support/core.ts'
import { HandTurned, programOf, SILENT } from '../support/target.ts'

const DATA = 0x5000
const stmw = (s: number, offset: number, a: number): number => (47 << 26) | (s << 21) | (a << 16) | offset
const lis = (t: number, value: number): number => (15 << 26) | (t << 21) | value

/** r28 to r31 go to DATA and the three words behind it. */
const WORDS = [
  ...[lis(9, 0), e.addi(9, 9, DATA), e.addi(28, 0, 1), e.addi(29, 0, 2), e.addi(30, 0, 3), e.addi(31, 0, 4)],
  ...[stmw(28, 0, 9), e.nop, e.b(0)],
]
const STORE = A + 4 * 6
const END = A + 4 * 8

const watch = (n: number, more: object = {}): BreakpointRequest => ({
  ...({ kind: 'data', address: DATA + 4 * n, size: 4, access: 'write', label: `word ${n}` } as const),
  ...more,
})

function run(requests: readonly BreakpointRequest[]) {
  const loop = new HandTurned(programOf(WORDS), { tick: 1 })
  const { target } = loop
  const stops: Stop[] = []
  target.breakpoints.settled = true
  target.join({ ...SILENT, stopped: stop => void stops.push(stop) })
  const end: BreakpointRequest = { kind: 'instruction', address: END }
  target.breakpoints.replace({ owner: 'test', list: 'all' }, [...requests, end])
  target.replan()
  const goOn = (): Stop | undefined => {
    target.resume(new Continue())
    // A loop without an end would be one within a slice: the runs are counted.
    const { machine } = target
    const { run } = machine
    let runs = 0
    machine.run = request => {
      if (++runs > 100) throw new Error('the store is told of again and again')
      return run.call(machine, request)
    }
    loop.turn(3)
    machine.run = run
    return stops.at(-1)
  }
  return { target, goOn, stops }
}

describe('stmw over two words that are watched by two comparators', () => {
  test('is executed where neither wants to stop', () => {
    const { target, goOn } = run([watch(0, { hitCondition: '> 5' }), watch(2, { hitCondition: '> 5' })])
    goOn()
    expect(target.pc).toBe(END)
    expect(target.breakpoints.all.map(({ count }) => count.hits)).toEqual([1, 1, 1])
  })

  test('is told of once, with both changes', () => {
    const { target, goOn } = run([watch(0), watch(2)])
    const stop = goOn()
    expect(target.pc).toBe(STORE + 4)
    expect(stop?.description).toContain('word 0')
    expect(stop?.description).toContain('word 2')
    expect(stop?.hit).toHaveLength(2)
    goOn()
    expect([target.pc, target.state]).toEqual([END, 'stopped'])
  })

  test('where all accesses of one are told before they happen, the change of the other is told after', () => {
    const { target, goOn } = run([watch(0), watch(2, { raw: true })])
    goOn()
    expect(target.pc).toBe(STORE)
    const stop = goOn()
    expect([target.pc, stop?.description.includes('word 0')]).toEqual([STORE + 4, true])
  })
})
