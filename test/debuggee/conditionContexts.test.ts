// What conditions are judged over, made once for a place: it is still right when the program comes there again.

import { beforeEach, expect, test } from 'vitest'
import { ConditionContexts } from '../../src/debuggee/conditionContexts.ts'
import { contextHere } from '../../src/debuggee/evaluation.ts'
import type { Program } from '../../src/debuggee/program.ts'
import type { Machine } from '../../src/machine/machine.ts'
import type { Symbols } from '../../src/symbols/symbols.ts'
import { A, encode as e } from '../support/core.ts'
import { HandTurned, programOf } from '../support/target.ts'

let machine: Machine
let program: Program
beforeEach(() => {
  ;({ machine, program } = new HandTurned(programOf([e.nop, e.blr])).target)
  machine.setRegister('r1', 0x8000)
  machine.setRegister('LR', A + 0x100)
})
const stand = (pc: number): void => void machine.setRegister('pc', pc)

/** The program with frames of 16 bytes, and this rule for their addresses. */
function withRule(cfa: NonNullable<ReturnType<Symbols['cfiAt']>>['cfa']): Program {
  const { symbols } = program
  const callerOf: Symbols['callerOf'] = ({ register }) => ({
    cfa: (register(1)! + 16) >>> 0,
    returnAddress: undefined,
    registers: new Map(),
    isSignalFrame: false,
  })
  const told = new Proxy(symbols, {
    get(_, name: keyof Symbols) {
      if (name === 'cfiAt') return () => ({ cfa })
      if (name === 'callerOf') return callerOf
      const value = symbols[name]
      return typeof value === 'function' ? value.bind(symbols) : value
    },
  })
  return new Proxy(program, {
    get: (_, name: keyof Program) => (name === 'symbols' ? told : program[name]),
  })
}

test('a place has one for each file, which is kept', () => {
  const contexts = new ConditionContexts(machine, program)
  const first = contexts.here()
  const ofFile = contexts.here('/src/main.c')
  stand(A + 4)
  const second = contexts.here()
  expect([contexts.here(), second === first, ofFile === first]).toEqual([second, false, false])
  stand(A)
  expect(contexts.here() === first).toBe(true)
  expect(contexts.here('/src/main.c') === ofFile).toBe(true)
})

test('256 places are kept of a file; for one more all are forgotten', () => {
  const contexts = new ConditionContexts(machine, program)
  const at = (n: number) => {
    stand(A + 4 * n)
    return contexts.here()
  }
  const first = at(0)
  for (let n = 1; n < 256; n++) at(n)
  expect(at(0) === first).toBe(true)
  at(256)
  expect(at(0) === first).toBe(false)
})

test('memory and registers are read as they are', () => {
  const { live, frame, writeFrameRegister } = new ConditionContexts(machine, program).here()
  machine.setRegister('r3', 0xfffffffe)
  machine.setRegister('LR', A + 0x200)
  const now = contextHere(machine, program).frame!
  expect([live!.peek(A, 4), live!.gpr[3]]).toEqual([e.nop >>> 0, -2])
  expect([3, 65, 32].map(n => frame!.register(n))).toEqual([0xfffffffe, now.register(65), now.register(32)])
  expect(now.register(65)).toBe(A + 0x200)
  expect(writeFrameRegister(3, new Uint8Array(4))).toBe(false)
})

test('a frame whose address no rule tells is found anew', () => {
  const { live, frame } = new ConditionContexts(machine, program).here()
  expect([live!.cfa, frame!.cfa()]).toEqual([undefined, 0x8000])
  machine.setRegister('r1', 0x7000)
  expect(frame!.cfa()).toBe(0x7000)
})

test('a rule of a general register is followed where it gives what the stack gives', () => {
  const rule = { register: 1, offset: 16 }
  const told = withRule({ kind: 'register', ...rule })
  let looked = 0
  const counting = new Proxy(told, {
    get(_, name: keyof Program) {
      looked++
      return told[name]
    },
  })
  const { live, frame } = new ConditionContexts(machine, counting).here()
  looked = 0
  expect([live!.cfa, frame!.cfa(), frame!.register(1)]).toEqual([rule, 0x8010, 0x8000])
  machine.setRegister('r1', 0x7000)
  expect([frame!.cfa(), looked]).toEqual([0x7010, 0])
})

test('no other rule is', () => {
  const ruleOf = (cfa: Parameters<typeof withRule>[0]) => new ConditionContexts(machine, withRule(cfa)).here().live!.cfa
  expect(ruleOf({ kind: 'register', register: 1, offset: 0x1234 })).toBeUndefined()
  expect(ruleOf({ kind: 'register', register: 65, offset: 0 })).toBeUndefined()
  // Nor is what is no general register taken for one that holds 0.
  machine.setRegister('r1', 0xfffffff0)
  expect(ruleOf({ kind: 'register', register: 32, offset: 0 })).toBeUndefined()
})
