// Why a program stops, and what is said of it: small programs in words, run through the target.

import { describe, expect, test } from 'vitest'
import type { BreakpointRequest, DataRequest } from '../../src/debuggee/breakpoints.ts'
import { Continue, type Goal } from '../../src/debuggee/steps/goal.ts'
import { NextInstruction, StepInstruction, StepRange } from '../../src/debuggee/steps/instruction.ts'
import { RunTo } from '../../src/debuggee/steps/runBack.ts'
import type { End, Stop } from '../../src/debuggee/stop.ts'
import type { Target } from '../../src/debuggee/target.ts'
import { A, encode as e } from '../support/core.ts'
import { bytesOf, writeElf } from '../support/elf.ts'
import { HandTurned, SILENT } from '../support/target.ts'

const DATA = 0x5000
const lis = (t: number, value: number): number => (15 << 26) | (t << 21) | (value & 0xffff)
/** Handlers stand at 0, as IVPR and the IVORs are after reset: this one goes on behind what caused the interrupt. */
const SKIP = [e.addi(20, 20, 1), e.mfspr(21, 26), e.addi(21, 21, 4), e.mtspr(26, 21), e.rfi]
const ILLEGAL = 0

class Debugging {
  readonly loop: HandTurned
  readonly target: Target
  readonly stops: Stop[] = []
  readonly notes: string[] = []
  readonly traced: string[] = []
  end: End | undefined

  /** @param tick milliseconds between two looks at the clock; with 8 a slice is one run */
  constructor(words: readonly number[], handler: readonly number[] = SKIP, tick = 4) {
    const parts = [
      { address: A, bytes: bytesOf([...words, e.b(0)]) },
      { address: 0, bytes: bytesOf(handler) },
    ]
    this.loop = new HandTurned(writeElf(A, parts), { tick })
    this.target = this.loop.target
    this.target.machine.setRegister('r4', DATA)
    this.target.breakpoints.settled = true
    this.target.join({
      ...SILENT,
      name: 'test',
      stopped: stop => void this.stops.push(stop),
      ended: end => (this.end = end),
      note: text => void this.notes.push(text),
      traced: events => void this.traced.push(...events.map(({ line }) => line)),
    })
  }

  set(...requests: readonly BreakpointRequest[]): readonly number[] {
    const mine = this.target.breakpoints.replace({ owner: 'test', list: 'all' }, requests)
    this.target.replan()
    return mine.map(({ id }) => id)
  }

  /** Goes on to the next stop, or the end. */
  go(goal: Goal = new Continue()): Stop | End | undefined {
    const before = this.stops.length
    this.target.resume(goal)
    for (let n = 0; n < 50 && this.target.state === 'running'; n++) this.loop.turn(1)
    return this.stops[before] ?? this.end
  }

  register(name: string): number | undefined {
    return this.target.register(name)
  }
}

const at = (address: number, more: object = {}): BreakpointRequest => ({ kind: 'instruction', address, ...more })
const watch = (more: Partial<DataRequest> = {}): DataRequest => ({
  ...{ kind: 'data', address: DATA, size: 4, access: 'write', label: 'it', ...more },
})

describe('a breakpoint', () => {
  const counting = () => new Debugging([e.addi(3, 3, 1), e.nop, e.b(-8)])

  test('says which comparator has matched, with the bits of DBSR', () => {
    const debug = counting()
    const [first, second] = debug.set(at(A + 4), at(A + 8))
    expect(debug.go()).toEqual({
      reason: 'breakpoint',
      description: 'IAC1 matched 0x00001004',
      text: 'IAC1 matched 0x00001004; DBSR = 0x00800000 (IAC1)',
      hit: [first],
    })
    expect(debug.go()).toMatchObject({ description: 'IAC2 matched 0x00001008', hit: [second] })
  })

  test('in a trap word says so', () => {
    const debug = counting()
    debug.target.breakpoints.reserves = { reserved: ['IAC1', 'IAC2', 'IAC3', 'IAC4'], softAllowed: true }
    debug.set(at(A + 4))
    expect(debug.go()).toMatchObject({
      reason: 'breakpoint',
      description: 'Trap word at 0x00001004',
      text: 'Trap word at 0x00001004; DBSR = 0x00000000 ()',
    })
    expect([debug.register('r3'), debug.target.machine.retired]).toEqual([1, 1])
  })

  test('in a trap word set where the program stands is for the next time', () => {
    const debug = counting()
    debug.go(new StepInstruction())
    debug.target.breakpoints.reserves = { reserved: ['IAC1', 'IAC2', 'IAC3', 'IAC4'], softAllowed: true }
    debug.set(at(A + 4))
    expect(debug.go()).toMatchObject({ description: 'Trap word at 0x00001004' })
    expect(debug.register('r3')).toBe(2)
  })

  test('stops where its condition holds, and counts what its condition lets through', () => {
    const debug = counting()
    const [id] = debug.set(at(A + 4, { condition: '$r3 % 3 == 0', hitCondition: '% 2' }))
    expect([debug.go(), debug.register('r3')]).toMatchObject([{ hit: [id] }, 6])
    expect(debug.target.breakpoints.byId(id!)!.count.hits).toBe(2)
    debug.go()
    expect([debug.register('r3'), debug.target.breakpoints.byId(id!)!.count.hits]).toEqual([12, 4])
    debug.target.restart()
    expect(debug.target.breakpoints.byId(id!)!.count.hits).toBe(0)
  })

  test('whose condition has no answer stops and says why', () => {
    const debug = counting()
    debug.set(at(A + 4, { condition: 'missing == 1' }))
    expect(debug.go()).toMatchObject({ reason: 'breakpoint' })
    expect(debug.notes).toEqual([
      expect.stringMatching(/^0x00001004 stops, because its condition has no answer here: .*missing/),
    ])
  })

  test('with a log message speaks as often as it is hit, and never stops', () => {
    const debug = counting()
    debug.set(
      at(A + 4, { logMessage: 'r3 is {$r3,d}', condition: '$r3 < 5', hitCondition: '> 1' }),
      at(A + 8, { condition: '$r3 == 7' }),
    )
    debug.go()
    expect([debug.notes, debug.register('r3')]).toEqual([['r3 is 2', 'r3 is 3', 'r3 is 4'], 7])
  })

  test('that a step ends at is hit, and going on leaves it behind', () => {
    const debug = counting()
    const [id, log] = debug.set(at(A + 4), at(A + 4, { logMessage: 'here' }), at(A + 8, { condition: '0' }))
    expect(debug.go(new StepInstruction())).toMatchObject({
      reason: 'step',
      description: 'Paused after Step',
      hit: [id],
    })
    expect([debug.notes, debug.target.breakpoints.byId(log!)!.count.hits]).toEqual([['here'], 1])
    expect(debug.go(new StepInstruction())).toMatchObject({ hit: [] })
    expect([debug.go(), debug.target.pc, debug.notes]).toMatchObject([{ hit: [id] }, A + 4, ['here', 'here']])
  })

  test('that is set where the program stands is for the next time', () => {
    const debug = counting()
    debug.target.reportStop({ reason: 'entry', description: 'Paused on entry', hit: [] })
    debug.set(at(A))
    debug.go()
    expect([debug.target.pc, debug.register('r3')]).toEqual([A, 1])
  })

  test('at the program’s first instruction is hit at its entry', () => {
    const debug = counting()
    const [id] = debug.set(at(A))
    debug.target.reportStop({ reason: 'entry', description: 'Paused on entry', hit: [] })
    expect(debug.stops).toEqual([{ reason: 'entry', description: 'Paused on entry', hit: [id] }])
  })
})

describe('a watchpoint', () => {
  const storing = () =>
    new Debugging([
      e.stw(3, 0, 4),
      e.addi(3, 3, 1),
      e.stw(3, 0, 4),
      e.lwz(5, 0, 4),
      e.stb(3, 3, 4),
      e.lbz(6, 2, 4),
      e.stw(3, 4, 4),
    ])

  test('on a change tells old and new value and who wrote, behind the store', () => {
    const debug = storing()
    const [id] = debug.set(watch())
    expect(debug.go()).toEqual({
      reason: 'data breakpoint',
      description: 'DAC1 and DAC2 matched a change of it: 0x00000000 → 0x00000001',
      text: 'DAC1 and DAC2 matched a change of it: 0x00000000 → 0x00000001; DBSR = 0x00050000 (DAC1W, DAC2W). stw r3,0(r4) at 0x00001008 wrote it.',
      hit: [id],
    })
    expect(debug.target.pc).toBe(A + 12)
    // What is stored again is no change, and a neighbour is none of its own.
    expect(debug.go()).toMatchObject({ description: 'Idle forever' })
  })

  test('on a read stops before it', () => {
    const debug = storing()
    const [id] = debug.set(watch({ access: 'read' }))
    expect(debug.go()).toEqual({
      reason: 'data breakpoint',
      description: 'DAC1 and DAC2 matched a read of 0x00005000: it',
      text: 'DAC1 and DAC2 matched a read of 0x00005000: it; DBSR = 0x000a0000 (DAC1R, DAC2R). The instruction is lwz r5,0(r4).',
      accessed: DATA,
      hit: [id],
    })
    expect([debug.target.pc, debug.register('r5')]).toEqual([A + 12, 0])
    expect([debug.go(), debug.target.pc]).toMatchObject([{ description: expect.stringContaining('a read of') }, A + 20])
    expect(debug.go()).toMatchObject({ description: 'Idle forever' })
  })

  test('of a few bytes sees what touches them, and nothing beside them', () => {
    const byte = (offset: number) => {
      const debug = storing()
      debug.set(watch({ access: 'read', address: DATA + offset, size: 1 }))
      debug.go()
      const first = debug.target.pc
      debug.go()
      return [first, debug.target.pc]
    }
    const idle = A + 28
    expect([byte(2), byte(3), byte(4)]).toEqual([
      [A + 12, A + 20],
      [A + 12, idle],
      [idle, idle],
    ])
  })

  test('of a large object shows where it begins', () => {
    const debug = storing()
    debug.set(watch({ size: 24 }))
    expect(debug.go()).toMatchObject({
      description: 'DAC1 and DAC2 matched a change of it: 0x0000000000000000… → 0x0000000100000000…',
    })
  })

  test('counts changes, and its condition sees the new value', () => {
    const debug = storing()
    debug.set(watch({ size: 8, condition: '$r3 == 1', hitCondition: '2' }))
    expect(debug.go()).toMatchObject({ description: expect.stringMatching(/0x0000000100000000 → 0x0000000100000001$/) })
  })

  test('of a call ends where the call returns to, and says so', () => {
    const debug = storing()
    const sp = debug.register('r1')!
    const lifetime = { resume: A + 8, cfa: sp }
    const [id] = debug.set(watch({ lifetime }))
    expect(debug.go()).toMatchObject({ description: 'Idle forever' })
    expect(debug.notes).toEqual(['it is not watched any more: the call it belongs to has returned.'])
    expect(debug.target.breakpoints.byId(id!)!.verified).toBe(false)
  })

  test('of a call that is still there, on a deeper stack, goes on', () => {
    const debug = storing()
    debug.set(watch({ lifetime: { resume: A + 8, cfa: debug.register('r1')! + 16 } }))
    expect(debug.go()).toMatchObject({ reason: 'data breakpoint' })
    expect(debug.notes).toEqual([])
  })

  test('whose store is interrupted before it is made is told of when it is made, once, like a breakpoint on it', () => {
    const handler = [e.addi(20, 20, 1), e.mtspr(336, 7), e.rfi]
    const debug = new Debugging([...new Array(8).fill(e.nop), e.addi(3, 0, 7), e.stw(3, 0, 4)], handler, 8)
    const { target, loop } = debug
    // The decrementer has run out and may not interrupt; TSR[DIS] is what the handler clears.
    for (const [name, value] of Object.entries({ DEC: 5, TCR: 0x04000000, r7: 0x08000000 }))
      target.machine.setRegister(name, value)
    const [counted] = debug.set(at(A + 36, { hitCondition: '> 9' }), watch())
    target.resume(new Continue())
    while (target.pc !== A + 36) loop.turn(1)
    // The breakpoint is past now; in the next slice the comparators tell of the store.
    loop.turn(1)
    expect(debug.register('r20')).toBe(0)
    target.machine.setRegister('MSR', 0x8000)
    loop.turn()
    expect(debug.stops.map(({ description }) => description)).toEqual([
      'DAC1 and DAC2 matched a change of it: 0x00000000 → 0x00000007',
    ])
    expect([target.pc, debug.register('r20')]).toEqual([A + 40, 1])
    expect(target.breakpoints.byId(counted!)!.count.hits).toBe(1)
  })
})

describe('an interrupt', () => {
  test('that is asked about stops before it is taken, once, and then it is taken', () => {
    const debug = new Debugging([e.nop, ILLEGAL, e.nop])
    debug.target.exceptions.replace([{ ivors: [6] }], debug.target.program)
    expect(debug.go()).toEqual({
      reason: 'exception',
      description: 'Program interrupt (IVOR6)',
      text: '.long 0x0: the core has no such instruction. ESR = 0x08000000 (PIL). Going on takes the interrupt, to 0x00000000.',
      hit: [],
    })
    expect([debug.target.pc, debug.register('r20')]).toEqual([A + 4, 0])
    expect(debug.go()).toMatchObject({ description: 'Idle forever' })
    expect(debug.register('r20')).toBe(1)
  })

  test('with a condition stops where that holds of the registers as its handler will see them', () => {
    const debug = new Debugging([ILLEGAL, e.trap, ILLEGAL])
    const { program, exceptions } = debug.target
    expect(exceptions.replace([{ ivors: [6], condition: 'esr == 0x02000000' }], program)).toEqual([undefined])
    debug.go()
    expect(debug.target.pc).toBe(A + 4)
    expect(debug.go()).toMatchObject({ description: 'Idle forever' })
  })

  test('whose condition is none is refused with a sentence, and the others are not', () => {
    const { program, exceptions } = new Debugging([]).target
    const answers = exceptions.replace([{ ivors: [6], condition: '1 +' }, { ivors: [2, 3] }], program)
    expect(answers).toEqual([expect.stringMatching(/not complete/), undefined])
    expect([...exceptions.wanted]).toEqual([2, 3])
    exceptions.replace([], program)
    expect([...exceptions.wanted]).toEqual([])
  })

  test('whose condition has no answer stops and says why', () => {
    const debug = new Debugging([ILLEGAL])
    debug.target.exceptions.replace([{ ivors: [6], condition: 'missing' }], debug.target.program)
    expect(debug.go()).toMatchObject({ reason: 'exception' })
    expect(debug.notes).toEqual([
      expect.stringMatching(/^The Program interrupt stops, because its condition has no answer/),
    ])
  })

  test('that strikes a step by instruction ends it in its handler', () => {
    const debug = new Debugging([ILLEGAL])
    expect(debug.go(new StepInstruction())).toEqual({
      reason: 'step',
      description: 'Step: Program interrupt taken',
      hit: [],
    })
    expect([debug.target.pc, debug.register('srr0')]).toEqual([0, A])
  })
})

describe('a step', () => {
  test('over a call ends behind it, and its name is in the stop', () => {
    const debug = new Debugging([e.b(8) | 1, e.b(0), e.addi(3, 3, 1), e.blr])
    expect(debug.go(new NextInstruction())).toMatchObject({ reason: 'step', description: 'Paused after Step' })
    expect([debug.target.pc, debug.register('r3')]).toEqual([A + 4, 1])
  })

  test('to an address takes no comparator and counts as a step of that name', () => {
    const debug = new Debugging([e.nop, e.nop, e.nop])
    expect(debug.go(new RunTo([A + 8], 'Run to there'))).toEqual({
      reason: 'step',
      description: 'Paused after Run to there',
      hit: [],
    })
    expect(debug.target.pc).toBe(A + 8)
  })

  test('that ended otherwise says how, as a sentence', () => {
    const debug = new Debugging([e.nop])
    const goal: Goal = {
      description: 'Odd',
      passesInterrupts: true,
      remark: 'it went elsewhere',
      next: () => undefined,
    }
    expect(debug.go(goal)).toEqual({
      reason: 'step',
      description: 'Paused after Odd: it went elsewhere',
      text: 'It went elsewhere.',
      hit: [],
    })
  })
})

describe('a program that cannot go on', () => {
  test('idle for ever at a branch', () => {
    expect(new Debugging([]).go()).toEqual({
      reason: 'pause',
      description: 'Idle forever',
      text: 'The program is idle forever at 0x00001000, which branches to itself with nothing left to interrupt it.',
      hit: [],
    })
  })

  test('idle for ever in its wait state', () => {
    const debug = new Debugging([lis(5, 4), e.mtmsr(5)])
    expect(debug.go()).toMatchObject({ text: expect.stringContaining('which waits (MSR[WE]) with nothing left') })
  })

  test.each([
    ['core', 0x1000],
    ['chip', 0x2000],
    ['system', 0x3000],
  ])('ends by a %s reset, with what r3 says', (name, value) => {
    const debug = new Debugging([lis(5, value), e.addi(3, 0, 0x142), e.mtspr(308, 5)])
    expect(debug.go()).toEqual({ text: `The program ended by a ${name} reset through DBCR0[RST].`, exitCode: 0x42 })
    expect([debug.target.state, debug.stops]).toEqual(['ended', []])
    debug.target.resume(new Continue())
    expect(debug.target.state).toBe('ended')
  })

  test('with no memory to execute', () => {
    const debug = new Debugging([lis(5, 0x9000), e.mtspr(8, 5), e.blr])
    debug.target.machine.setRegister('MSR', 0)
    expect(debug.go()).toEqual({
      reason: 'exception',
      description: 'The core cannot go on: there is no memory to execute',
      text: 'Nothing answers at 0x90000000, and with MSR[ME] = 0 there is no Machine Check interrupt: the part would execute whatever the bus happens to hold.',
      hit: [],
    })
  })

  test('with no memory at a vector', () => {
    const debug = new Debugging([lis(5, 0x9000), e.mtspr(63, 5), e.sc])
    expect(debug.go()).toMatchObject({
      text: expect.stringMatching(
        /^Nothing answers at 0x90000000, where IVPR and IVOR\d+ \([A-Za-z ]+\) lead, and with/,
      ),
    })
  })

  test('in a storm of interrupts', () => {
    const debug = new Debugging([ILLEGAL], [ILLEGAL])
    expect(debug.go()).toEqual({
      reason: 'exception',
      description: 'The core cannot go on: Program interrupts without end',
      text: 'The handler at 0x00000000 raises a Program interrupt itself before it executes one instruction. Look at IVPR and IVOR6, and at what is mapped there.',
      hit: [],
    })
  })

  test('in its stop state', () => {
    // IAC1 at the nop, with EDM.
    const words = [e.addi(5, 0, A + 24), e.mtspr(312, 5), lis(6, 0x8080), e.mtspr(308, 6), e.isync, e.nop, e.nop]
    expect(new Debugging(words).go()).toEqual({
      reason: 'exception',
      description: 'The core is in its stop state',
      text: 'The program uses the debug facility itself, and an event (DBSR = 0x00800000: IAC1) stopped the core: DBCR0[EDM] or MSR[DWE] asks for that. Clear DBCR0 to go on.',
      hit: [],
    })
  })
})

describe('a pause', () => {
  test('stops between two slices, and not what is asked for afterwards', () => {
    const debug = new Debugging([e.addi(3, 3, 1), e.b(-4)])
    debug.target.resume(new Continue())
    debug.loop.turn(1)
    debug.target.pause()
    debug.loop.turn(1)
    expect(debug.stops).toEqual([{ reason: 'pause', description: 'Paused', hit: [] }])
    expect(debug.go(new StepInstruction())).toMatchObject({ reason: 'step' })
  })

  test('at a breakpoint is a hit of it', () => {
    const debug = new Debugging([e.addi(3, 3, 1), e.b(-4)])
    const [id] = debug.set(at(A))
    debug.target.resume(new Continue())
    debug.target.pause()
    debug.loop.turn(1)
    expect(debug.stops).toEqual([{ reason: 'pause', description: 'Paused', hit: [id] }])
    debug.go()
    expect([debug.register('r3'), debug.stops.at(-1)]).toMatchObject([1, { hit: [id] }])
  })
})

describe('a restart', () => {
  test('is a machine as it was, from which nothing of before goes on', () => {
    const debug = new Debugging([e.addi(3, 3, 1), e.b(-4)])
    const { target, loop } = debug
    target.resume(new Continue())
    loop.turn(1)
    const before = target.machine
    target.restart()
    expect([target.state, target.pc, target.machine === before, target.register('r3')]).toEqual([
      'stopped',
      A,
      false,
      0,
    ])
    loop.turn()
    expect([target.machine.retired, debug.stops]).toEqual([0, []])
  })

  test('forgets what had been reported: a breakpoint where it begins stops', () => {
    const debug = new Debugging([e.addi(3, 3, 1), e.b(-4)])
    debug.set(at(A))
    debug.go()
    debug.target.restart()
    expect([debug.go(), debug.register('r3')]).toMatchObject([{ reason: 'breakpoint' }, 0])
  })
})

test('nothing runs once it is disposed of', () => {
  const debug = new Debugging([e.addi(3, 3, 1), e.b(-4)])
  debug.target.resume(new Continue())
  debug.target.dispose()
  debug.loop.turn()
  expect([debug.target.state, debug.target.machine.retired]).toEqual(['ended', 0])
})

test('every stop tells what the facility did since the last one, while the trace is on, and after a restart too', () => {
  const debug = new Debugging([e.addi(3, 3, 1), e.b(-4)])
  const { target } = debug
  debug.set(at(A + 4))
  debug.go()
  target.restart()
  debug.go()
  expect(debug.traced).toEqual([])
  target.trace(true)
  debug.go()
  const [line] = debug.traced.splice(0)
  expect(line).toContain('IAC1')
  debug.go()
  expect(debug.traced.filter(each => each === line)).toEqual([])
  expect(debug.traced.splice(0).join('\n')).toContain('IAC1')
  target.restart()
  debug.go()
  expect(debug.traced.splice(0).join('\n')).toContain('IAC1')
  target.trace(false)
  debug.go()
  expect(debug.traced).toEqual([])
})

test('memory is read and written as far as there is any', () => {
  const { target } = new Debugging([e.nop])
  expect([...target.readMemory(A, 4)]).toEqual([0x60, 0, 0, 0])
  expect(target.writeMemory((2 << 20) - 2, new Uint8Array([1, 2, 3]))).toBe(false)
  expect(target.writeMemory(DATA, new Uint8Array([1, 2]))).toBe(true)
  expect([...target.readMemory(DATA, 2)]).toEqual([1, 2])
  expect([target.writable(DATA, 8), target.writable((2 << 20) - 2, 8)]).toEqual([8, 2])
})

describe('what a debugger that thinks in accesses and addresses asks for', () => {
  const STORES = [e.stw(3, 0, 4), e.addi(3, 3, 1), e.stw(3, 4, 4), e.b(-12)]

  test('a raw watchpoint stops before the store, whether it changes anything or not', () => {
    const debugging = new Debugging(STORES)
    debugging.set(watch({ raw: true, access: 'readWrite' }))
    const stop = { reason: 'data breakpoint', accessed: DATA }
    expect(debugging.go()).toMatchObject(stop)
    expect(debugging.register('pc')).toBe(A)
    expect(debugging.go()).toMatchObject(stop)
    expect([debugging.register('pc'), debugging.register('r3')]).toEqual([A, 1])
  })

  test('a trap word takes no comparator, and a comparator no trap word', () => {
    const debugging = new Debugging([e.nop, e.nop, e.nop])
    debugging.set(at(A + 4, { mode: 'trapWord' }), at(A + 8))
    const [soft, hard] = debugging.target.breakpoints.all
    expect([soft!.slots, hard!.slots]).toEqual([[], ['IAC1']])
    expect(soft!.message).toBe(`soft · a trap word at 0x0000${(A + 4).toString(16)}`)
    expect(debugging.go()).toMatchObject({ description: expect.stringMatching(/^Trap word at/) })
    expect(debugging.go()).toMatchObject({ description: expect.stringMatching(/^IAC1 matched/) })
  })

  test('a range of addresses is left by a step, with the interrupts on the way run through', () => {
    const acknowledge = [lis(21, 0x0800), e.mtspr(336, 21), e.addi(20, 20, 1), e.rfi]
    const debugging = new Debugging([e.addi(3, 3, 1), e.nop, e.addi(3, 3, 1), e.nop, e.nop], acknowledge)
    const { machine } = debugging.target
    for (const [name, value] of Object.entries({ TCR: 0x04000000, DEC: 1, MSR: 0x8000 }))
      machine.setRegister(name, value)
    expect(debugging.go(new StepRange(A, A + 12))).toMatchObject({ reason: 'step' })
    expect(['pc', 'r3', 'r20'].map(name => debugging.register(name))).toEqual([A + 12, 2, 1])
    machine.setRegister('DEC', 1)
    for (let n = 0; n < 2; n++) expect(debugging.go(new StepRange())).toMatchObject({ reason: 'step' })
    expect(['pc', 'r20'].map(name => debugging.register(name))).toEqual([A + 20, 2])
  })
})
