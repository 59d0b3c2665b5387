// From an exit of the machine to what the user is told: the comparators behind the bits of DBSR (user's manual p.244), who
// wants to stop, and the sentences.

import { describe, expect, test } from 'vitest'
import type { Breakpoint, BreakpointRequest, Resolution } from '../../src/debuggee/breakpoints.ts'
import type { ConditionContexts } from '../../src/debuggee/conditionContexts.ts'
import { ALWAYS, type Conditions } from '../../src/debuggee/conditions.ts'
import { HitCount } from '../../src/debuggee/hitCount.ts'
import type { Program } from '../../src/debuggee/program.ts'
import {
  codeStop,
  dataStop,
  eventStop,
  judgeFinalExit,
  slotsOf,
  stopStateReached,
  wanting,
} from '../../src/debuggee/verdicts.ts'
import type { Context } from '../../src/expr/context.ts'
import { HandTurned, programOf } from '../support/target.ts'

test.each([
  ['IAC1', 0x00800000, ['IAC1']],
  ['IAC4 and IAC2', 0x00500000, ['IAC2', 'IAC4']],
  ['DAC1R', 0x00080000, ['DAC1']],
  ['DAC2W, with IDE', 0x80010000, ['DAC2']],
  ['IAC12ATS and IAC34ATS, which are no events', 0x00000003, []],
  ['MRR, ICMP, TRAP', 0x39000000, []],
])('%s', (_, dbsr, slots) => {
  expect(slotsOf(dbsr)).toEqual(slots)
})

const debug = (dbsr: number) => ({ dbsr, address: 0, status: 0 }) as const
const breakpoint = (request: BreakpointRequest, conditions: Partial<Conditions> = {}): Breakpoint => ({
  ...{ id: 7, owner: 'me', request, label: 'it', slots: [], verified: true, message: '', count: new HitCount() },
  resolution: { kind: 'found', addresses: [], conditions: { ...ALWAYS, ...conditions } },
})
const { machine } = new HandTurned(programOf([0])).target
const here = { describe: () => '0x00001000 <main>' } as Partial<Program> as Program

describe('a stop', () => {
  const instruction = breakpoint({ kind: 'instruction', address: 0x1000 })

  test('by several IACs names all of them, and no DAC that has matched as well', () => {
    expect(codeStop([instruction], debug(0x00c80000), machine)).toEqual({
      kind: 'stop',
      stop: {
        reason: 'breakpoint',
        description: 'IAC1 and IAC2 matched 0x00001000',
        text: 'IAC1 and IAC2 matched 0x00001000; DBSR = 0x00c80000 (IAC1, IAC2, DAC1R)',
        hit: [7],
      },
    })
  })

  test('by a DAC names no IAC that has matched as well', () => {
    expect(dataStop([instruction], 'a read', 0x00880000)).toEqual({
      kind: 'stop',
      stop: {
        reason: 'data breakpoint',
        description: 'DAC1 matched a read',
        text: 'DAC1 matched a read; DBSR = 0x00880000 (IAC1, DAC1R)',
        hit: [7],
      },
    })
  })

  test('by an event that nobody has asked for names it', () => {
    expect(eventStop(debug(0x05000000))).toEqual({
      kind: 'stop',
      stop: {
        reason: 'breakpoint',
        description: 'Debug event: BRT, TRAP',
        text: 'Debug event: BRT, TRAP; DBSR = 0x05000000 (BRT, TRAP)',
        hit: [],
      },
    })
  })

  test('in the stop state names every event', () => {
    machine.vcpu.cpu.state.spr[304] = 0x00c00000
    expect(stopStateReached(machine)).toMatchObject({
      stop: { text: expect.stringContaining('an event (DBSR = 0x00c00000: IAC1, IAC2) stopped the core') },
    })
  })
})

describe('who wants to stop', () => {
  const asked: (string | undefined)[] = []
  const contexts = { here: (path?: string) => void asked.push(path) as unknown as Context }
  const program = { isThere: () => true } as Partial<Program> as Program
  const place = {
    machine,
    program,
    contexts: contexts as Partial<ConditionContexts> as ConditionContexts,
    note: () => {},
  }
  const counted = { wantsHit: () => true }
  const condition = { text: '', format: undefined, truth: () => true } as unknown as Conditions['condition']

  test('is not one of nowhere', () => {
    const resolution: Resolution = { kind: 'nowhere', why: 'It has gone.' }
    expect(wanting([{ ...breakpoint({ kind: 'function', name: 'f' }), resolution }], place)).toEqual([])
  })

  test('is who holds, where that is asked of the machine itself', () => {
    const request = (holds: boolean) => ({ kind: 'instruction', address: 0x1000, holds: () => holds }) as const
    const [yes, no] = [breakpoint(request(true), counted), breakpoint(request(false), counted)]
    expect(wanting([yes, no], place)).toEqual([yes])
    expect([yes.count.hits, no.count.hits]).toEqual([1, 0])
  })

  test('is asked in the file where a source breakpoint stands, and else where the program does', () => {
    const line = breakpoint({ kind: 'source', path: '/src/main.c', line: 1 }, { condition })
    const name = breakpoint({ kind: 'function', name: 'f' }, { condition })
    expect(wanting([line, name], place)).toEqual([line, name])
    expect(asked).toEqual(['/src/main.c', undefined])
    expect([line.count.hits, name.count.hits]).toEqual([1, 1])
  })
})

describe('a program that', () => {
  test('exits ends with its status', () => {
    expect(judgeFinalExit({ kind: 'exit', status: 3 }, machine, here)).toEqual({
      kind: 'end',
      end: { text: 'The program has ended with status 3.', exitCode: 3 },
    })
  })

  test('a signal would end stops where it was', () => {
    const exit = { kind: 'signal', signal: 8, text: 'A division by zero' } as const
    expect(judgeFinalExit(exit, machine, here)).toEqual({
      kind: 'stop',
      stop: {
        reason: 'exception',
        description: 'Signal 8',
        text: 'A division by zero at 0x00001000 <main>.',
        signal: 8,
        hit: [],
      },
    })
  })

  test('the watchdog has reset says so', () => {
    expect(judgeFinalExit({ kind: 'reset', cause: 'watchdog', type: 2 }, machine, here)).toMatchObject({
      end: { text: 'The program ended by a chip reset through the watchdog.' },
    })
  })
})
