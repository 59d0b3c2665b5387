// Several front ends at one target: each owns its breakpoints, and all hear what happens.

import { expect, test } from 'vitest'
import type { BreakpointRequest } from '../../src/debuggee/breakpoints.ts'
import type { FrontEnd } from '../../src/debuggee/frontEnd.ts'
import { Continue, type Goal } from '../../src/debuggee/steps/goal.ts'
import { StepInstruction } from '../../src/debuggee/steps/instruction.ts'
import type { Target } from '../../src/debuggee/target.ts'
import { A, encode as e } from '../support/core.ts'
import { HandTurned, programOf } from '../support/target.ts'

/** A front end that writes down what it hears, until it is asked. */
class Listener implements FrontEnd {
  readonly name: string
  readonly #target: Target
  #heard: string[] = []

  constructor(name: string, target: Target) {
    this.name = name
    this.#target = target
    target.join(this)
  }

  continued(): void {
    this.#heard.push('continued')
  }
  stopped({ hit }: { readonly hit: readonly number[] }): void {
    const names = hit.map(id => this.#target.breakpoints.byId(id)!.owner)
    this.#heard.push(['stopped', ...names].join(' '))
  }
  ended({ text }: { readonly text: string }): void {
    this.#heard.push(text)
  }
  replanned(changed: Parameters<FrontEnd['replanned']>[0]): void {
    for (const { owner, label, verified } of changed)
      this.#heard.push(`${owner} ${label} ${verified ? 'has a slot' : 'has none'}`)
  }
  note(text: string): void {
    this.#heard.push(text)
  }
  traced(events: readonly { readonly line: string }[]): void {
    this.#heard.push(...events.map(({ line }) => line))
  }
  written(what: string): void {
    this.#heard.push(`written: ${what}`)
  }

  /** What it has heard since it was last asked. */
  get heard(): readonly string[] {
    const heard = this.#heard
    this.#heard = []
    return heard
  }

  set(...addresses: readonly number[]): void {
    const requests = addresses.map(address => ({ kind: 'instruction', address }) as const)
    this.request(...requests)
  }

  request(...requests: readonly BreakpointRequest[]): void {
    this.#target.replan(this.#target.breakpoints.replace({ owner: this.name, list: 'instructions' }, requests))
  }
}

function two() {
  const loop = new HandTurned(programOf([e.nop, e.addi(3, 3, 1), e.addi(4, 4, 1), e.b(-8)]))
  const { target } = loop
  target.breakpoints.settled = true
  const one = new Listener('one', target)
  const other = new Listener('other', target)
  const go = (by: FrontEnd, goal: Goal = new Continue()): void => {
    target.resume(goal, by)
    loop.turn()
  }
  return { loop, target, one, other, go }
}

test('each has its own breakpoints, and both hear of a stop at one of them', () => {
  const { target, one, other, go } = two()
  one.set(A + 4)
  other.set(A + 8)
  // More slots are used now, which the first one's message says.
  const news = ['one 0x00001004 has a slot']
  expect([one.heard, other.heard]).toEqual([news, news])
  go(one)
  expect([target.pc, one.heard, other.heard]).toEqual([A + 4, ['stopped one'], ['continued', 'stopped one']])
  go(other)
  expect([target.pc, one.heard, other.heard]).toEqual([A + 8, ['continued', 'stopped other'], ['stopped other']])
})

test('one steps, and the other hears that it went on and where it stopped', () => {
  const { target, one, other, go } = two()
  go(one, new StepInstruction())
  expect([target.pc, one.heard, other.heard]).toEqual([A + 4, ['stopped'], ['continued', 'stopped']])
})

test('lists of the same name are not the same list', () => {
  const { target, one, other } = two()
  one.set(A + 4)
  other.set(A + 4, A + 8)
  one.set()
  expect(target.breakpoints.all.map(({ owner, label }) => `${owner} ${label}`)).toEqual([
    'other 0x00001004',
    'other 0x00001008',
  ])
})

test('one that leaves takes its breakpoints with it, and hears nothing any more', () => {
  const { target, one, other, go } = two()
  one.set(A, A + 4, A + 8, A + 12)
  other.set(A + 0x100)
  expect(target.breakpoints.at(A + 0x100)).toEqual([])
  void [one.heard, other.heard]
  target.leave(one)
  expect([one.heard, other.heard]).toEqual([[], ['other 0x00001100 has a slot']])
  other.set(A + 12)
  go(other)
  expect([target.pc, one.heard, other.heard]).toEqual([A + 12, [], ['stopped other']])
})

test('one may leave while it is told: the others are told all the same', () => {
  const { target, one, other, go } = two()
  one.set(A + 4)
  const leaving = new Listener('leaving', target)
  leaving.stopped = () => target.leave(leaving)
  const last = new Listener('last', target)
  go(other)
  expect([leaving.heard, last.heard]).toEqual([['continued'], ['continued', 'stopped one']])
})

test('what a log point says, and what is written into the program, everybody hears', () => {
  const { target, one, other, go } = two()
  one.request(
    { kind: 'instruction', address: A + 4, logMessage: 'r4 is {$r4}' },
    { kind: 'instruction', address: A + 8 },
  )
  void other.heard
  go(one)
  expect(other.heard).toEqual(['continued', 'r4 is 0', 'stopped one'])
  void one.heard
  target.writing(() => target.readMemory(A, 4))
  expect([one.heard, other.heard]).toEqual([[], []])
  expect(target.writing(() => target.writeMemory(A, new Uint8Array(4)))).toBe(true)
  expect([one.heard, other.heard]).toEqual([['written: variables'], ['written: variables']])
  target.writing(() => target.machine.setRegister('pc', A))
  expect([one.heard, other.heard]).toEqual([['written: all'], ['written: all']])
})

test('one puts an end to it: the others are told, once', () => {
  const { target, one, other } = two()
  target.dispose(one)
  target.dispose(other)
  expect([one.heard, other.heard]).toEqual([[], ['The debug session was ended.']])
})

test('who asks for what runs already disturbs nobody', () => {
  const { target, one, other, loop } = two()
  target.resume(new Continue(), one)
  target.resume(new StepInstruction(), other)
  expect([one.heard, other.heard]).toEqual([[], ['continued']])
  target.pause()
  loop.turn()
  expect([one.heard, other.heard]).toEqual([['stopped'], ['stopped']])
})

test('a restart with another program tells everybody where all breakpoints are now', () => {
  const { target, loop, one, other, go } = two()
  one.set(A + 4)
  void [one.heard, other.heard]
  target.restart(loop.debuggee(programOf([e.nop, e.nop, e.nop, e.b(-4)])))
  const told = [expect.stringMatching(/^one .* has a slot$/)]
  expect([one.heard, other.heard]).toEqual([told, told])
  go(one)
  expect([target.pc, target.readMemory(A + 4, 4)[0]]).toEqual([A + 4, 0x60])
})

test('a restart keeps the breakpoints of all, and tells nobody', () => {
  const { target, one, other, go } = two()
  one.set(A + 4)
  other.set(A + 8)
  go(one)
  go(one)
  expect([one.heard, other.heard].flat()).not.toEqual([])
  target.restart()
  expect([one.heard, other.heard]).toEqual([[], []])
  go(one)
  expect(target.pc).toBe(A + 4)
  go(one)
  expect(target.pc).toBe(A + 8)
})
