// Logical breakpoints: whose they are, what they keep when lists are replaced, and what is said of them.

import { beforeEach, describe, expect, test } from 'vitest'
import {
  type BreakpointRequest,
  Breakpoints,
  type DataRequest,
  type Resolution,
} from '../../src/debuggee/breakpoints.ts'
import { ALWAYS } from '../../src/debuggee/conditions.ts'
import { HitCount } from '../../src/debuggee/hitCount.ts'

/** Function names and lines are addresses here; `none` is nowhere. */
function resolve(request: BreakpointRequest): Resolution {
  const found = (...addresses: readonly number[]) => ({ kind: 'found', addresses, conditions: ALWAYS }) as const
  switch (request.kind) {
    case 'source':
      return { ...found(0x1000 + 0x100 * request.line), line: request.line + 1 }
    case 'function':
      if (request.name === 'none') return { kind: 'nowhere', why: 'There is none.' }
      return found(...request.name.split(',').map(Number))
    default:
      return found(request.address)
  }
}

const at = (address: number) => ({ kind: 'instruction', address }) as const
const line = (n: number) => ({ kind: 'source', path: '/src/main.c', line: n }) as const
const fn = (name: string) => ({ kind: 'function', name }) as const
const watch = (address: number, more: Partial<DataRequest> = {}): DataRequest => ({
  ...{ kind: 'data', address, size: 4, access: 'write', label: `at ${address}` },
  ...more,
})

let breakpoints: Breakpoints
beforeEach(() => {
  breakpoints = new Breakpoints(resolve)
  breakpoints.settled = true
})

const set = (list: string, ...requests: readonly BreakpointRequest[]) => {
  const mine = breakpoints.replace({ owner: 'me', list }, requests)
  breakpoints.replan()
  return mine
}
const messages = () => breakpoints.all.map(({ message }) => message)
const slots = (): Record<string, string> =>
  Object.fromEntries(breakpoints.all.map(({ label, slots }) => [label, slots.join(' ')]))

test('nothing is armed, and no plan made, before one is asked for', () => {
  const fresh = new Breakpoints(resolve)
  expect([fresh.all, fresh.code.grants, fresh.watches, fresh.soft, fresh.settled]).toEqual([[], [], [], [], false])
  expect(fresh.reserves).toEqual({ reserved: [], softAllowed: false })
  expect(fresh.replace({ owner: 'me', list: 'list' }, [at(4), at(8)])).toMatchObject([
    { id: 1, slots: [], verified: false, message: '', count: new HitCount() },
    { id: 2, slots: [], verified: false, message: '', count: new HitCount() },
  ])
})

describe('a list that is replaced', () => {
  test('keeps the breakpoints that are asked for again: their ids, slots and hit counts', () => {
    const [first, second] = set('list', at(0x1000), { ...at(0x2000), hitCondition: '3' })
    const [third, again] = set('list', at(0x3000), { ...at(0x2000), hitCondition: '> 4' })
    expect([again!.id, again!.slots, again!.owner]).toEqual([second!.id, ['IAC2'], 'me'])
    expect(again!.count).toBe(second!.count)
    expect(third!.id).not.toBe(first!.id)
    // IAC1 is taken last: whoever had it may come back.
    expect(slots()).toEqual({ '0x00003000': 'IAC3', '0x00002000': 'IAC2' })
    expect(set('list', at(0x3000))[0]!.count).toBe(third!.count)
  })

  test.each<[string, BreakpointRequest, BreakpointRequest]>([
    ['lines', line(1), line(2)],
    ['functions', fn('1'), fn('2')],
    ['addresses', at(4), at(8)],
    ['what is watched', watch(0), watch(4)],
    ['bytes watched', watch(0), watch(0, { size: 2 })],
    ['accesses', watch(0), watch(0, { access: 'read' })],
    ['calls', watch(0, { lifetime: { resume: 0, cfa: 0x100 } }), watch(0, { lifetime: { resume: 0, cfa: 0x200 } })],
  ])('other %s are other breakpoints', (_, one, other) => {
    const [before] = set('list', one)
    const [same] = set('list', { ...one, condition: '1' })
    const [after] = set('list', other)
    expect([same!.id === before!.id, after!.id === before!.id]).toEqual([true, false])
  })

  test('two of the same kind stay two', () => {
    const before = set('list', at(4), at(4), at(4)).map(({ id }) => id)
    expect(new Set(before).size).toBe(3)
    expect(set('list', at(4), at(4), at(4)).map(({ id }) => id)).toEqual(before)
  })

  test('leaves the other lists alone, and another owner’s of the same name', () => {
    set('list', at(4))
    set('other', at(8))
    breakpoints.replace({ owner: 'you', list: 'list' }, [at(12)])
    set('list')
    expect(breakpoints.all.map(({ owner, label }) => `${owner} ${label}`)).toEqual(['me 0x00000008', 'you 0x0000000c'])
    breakpoints.removeOwner('me')
    expect(breakpoints.all.map(({ owner }) => owner)).toEqual(['you'])
  })
})

test('labels are what people call them', () => {
  set('list', line(7), fn('0x40'), at(16), watch(0x500))
  expect(breakpoints.all.map(({ label }) => label)).toEqual(['main.c:8', 'function 0x40', '0x00000010', 'at 1280'])
})

describe('a plan', () => {
  test('tells which breakpoints have changed', () => {
    set('list', at(4))
    expect(breakpoints.replan()).toEqual([])
    const [before, added] = breakpoints.replace({ owner: 'me', list: 'list' }, [at(4), at(8)])
    expect(breakpoints.replan()).toEqual([before, added])
    expect(before!.message).toBe('IAC1 · exact · 0x00000004 (2 of 4 slots used)')
  })

  test('refuses the fifth, which gets the slot that is given up', () => {
    set('list', at(0x1000), at(0x2000), at(0x3000), at(0x4000))
    const [fifth] = set('other', at(0x10000))
    expect([fifth!.verified, fifth!.slots, fifth!.message]).toEqual([
      false,
      [],
      'No IAC slot free:\nIAC1 0x00001000, IAC2 0x00002000, IAC3 0x00003000, IAC4 0x00004000.\nRemove one and this one takes its place.',
    ])
    expect([breakpoints.at(0x10000), breakpoints.soft]).toEqual([[], []])
    set('list', at(0x1000), at(0x3000), at(0x4000))
    expect([fifth!.verified, fifth!.slots, breakpoints.at(0x10000)]).toEqual([true, ['IAC2'], [fifth]])
  })

  test('uses trap words where that is allowed, for all addresses of a breakpoint', () => {
    breakpoints.reserves = { reserved: ['IAC1', 'IAC2', 'IAC3'], softAllowed: true }
    set('list', at(4))
    const [soft] = set('other', fn('0x100,0x9000'))
    expect([soft!.verified, soft!.slots, soft!.message]).toEqual([
      true,
      [],
      'soft · a trap word at 0x00000100, 0x00009000: IAC1–IAC4 are taken',
    ])
    expect(breakpoints.soft).toEqual([0x100, 0x9000])
    expect(breakpoints.at(0x9000)).toEqual([soft])
    expect(set('data', watch(0), watch(0x1000), watch(0x2000)).map(({ verified }) => verified)).toEqual([
      true,
      true,
      false,
    ])
    expect(breakpoints.soft).toEqual([0x100, 0x9000])
  })

  test('until the client has sent its first set, nobody holds a slot', () => {
    breakpoints.settled = false
    breakpoints.reserves = { reserved: ['IAC1', 'IAC2', 'IAC3'], softAllowed: false }
    set('list', line(9))
    set('other', line(3))
    expect(slots()).toEqual({ 'main.c:10': '', 'main.c:4': 'IAC4' })
    breakpoints.settled = true
    set('another', line(1))
    expect(slots()).toEqual({ 'main.c:10': '', 'main.c:4': 'IAC4', 'main.c:2': '' })
  })

  test('of nowhere has no slot and says why', () => {
    const [none] = set('list', fn('none'))
    expect([none!.verified, none!.message, none!.slots]).toEqual([false, 'There is none.', []])
    breakpoints.reserves = { reserved: [], softAllowed: true }
    breakpoints.replan()
    expect([none!.verified, breakpoints.soft, breakpoints.code.grants]).toEqual([false, [], []])
  })
})

describe('data breakpoints', () => {
  test('say their mode, and which value a DVC compares', () => {
    const [alone] = set('list', watch(0x1000))
    expect(alone!.message).toBe('DAC1–2 · range · 0x00000ff9–0x00001003 (2 of 2 slots used)')
    const [first, second] = set('list', watch(0x1000), watch(0x2000, { label: 'x', condition: 'x == 5' }))
    expect(first!.message).toBe('DAC1 · exact · 0x00001000 (2 of 2 slots used)')
    expect(second!.message).toBe('DAC2 · exact · 0x00002000 (2 of 2 slots used) · DVC2 compares 0x00000005')
    expect(breakpoints.watches).toMatchObject([
      { access: 'write' },
      { access: 'write', value: { value: 5, bytes: 15, mode: 'and' } },
    ])
    expect(breakpoints.watches[0]).not.toHaveProperty('value')
  })

  test('that are refused say who has the DACs, and what they need', () => {
    const [, , third] = set('list', watch(0x1000), watch(0x2000), watch(0x3000))
    expect(third!.message).toBe(
      'No DAC slot free:\nDAC1 at 4096, DAC2 at 8192.\nRemove one and this one takes its place.',
    )
    const [, large] = set('list', watch(0x1000), watch(0x2000, { size: 24, label: 'queue' }))
    expect(large!.message).toMatch(
      /^queue has 24 bytes and needs both DACs for a range\. No DAC slot free:\nDAC1 at 4096, DAC2 at 4096\./,
    )
  })

  test('at one address share a comparator, which looks for what one of them asks for', () => {
    const access = () => breakpoints.watches.map(each => each.access)
    set('list', watch(0, { access: 'read' }))
    expect(access()).toEqual(['read'])
    set('list', watch(0, { access: 'read' }), watch(0, { access: 'read', size: 2 }))
    expect(access()).toEqual(['read'])
    const both = set('list', watch(0, { access: 'read' }), watch(0))
    expect([access(), breakpoints.watching(['DAC1'])]).toEqual([['readWrite'], both])
  })

  test('with a value share no value comparator', () => {
    // Its label is the first of the plan.
    const five = watch(0, { label: 'a', condition: 'a == 5' })
    set('list', five, watch(0, { size: 2 }), watch(0x100))
    expect(breakpoints.watches.map(({ grant, value }) => [grant.holders.length, value])).toEqual([
      [2, undefined],
      [1, undefined],
    ])
  })

  test('of which one has both DACs has no value comparator: a range is not of one place', () => {
    set('list', watch(0x1000, { label: 'x', condition: 'x == 5' }))
    expect([breakpoints.watches.length, breakpoints.watches[0]!.value]).toEqual([1, undefined])
    expect(messages()).toEqual(['DAC1–2 · range · 0x00000ff9–0x00001003 (2 of 2 slots used)'])
  })

  test('are found by the comparator that has matched', () => {
    const [first, second] = set('list', watch(0x1000), watch(0x2000))
    set('code', at(4))
    expect(breakpoints.watching(['DAC2'])).toEqual([second])
    expect(breakpoints.watching(['IAC1', 'DAC1'])).toEqual([first])
    expect(breakpoints.watching([])).toEqual([])
    expect(breakpoints.at(0x1000)).toEqual([])
  })

  test('of a call end with it and say so, until they are asked for again', () => {
    const lifetime = { resume: 0x400, cfa: 0x8000 }
    const [lasting, local] = set('list', watch(0x1000), watch(0x7ff0, { lifetime }))
    expect(breakpoints.mortal).toEqual([local])
    breakpoints.expire([local!])
    breakpoints.replan()
    const gone = breakpoints.byId(local!.id)!
    expect([gone.verified, gone.message]).toEqual([
      false,
      'The call whose variable this watched has returned. Ask for it again in the next one.',
    ])
    expect(breakpoints.byId(lasting!.id)).toMatchObject({ verified: true, slots: ['DAC1', 'DAC2'] })
    // The client sends its list again, and nobody has looked at the variable.
    expect(set('list', watch(0x1000), watch(0x7ff0, { lifetime }))[1]!.verified).toBe(false)
    breakpoints.revive(watch(0x7ff0, { lifetime }))
    expect(set('list', watch(0x1000), watch(0x7ff0, { lifetime }))[1]!.verified).toBe(true)
  })
})

describe('the holder of a slot', () => {
  test('is named, with the address that its comparator has', () => {
    set('list', at(4), line(1))
    set('data', watch(0x1000))
    const [list, , data] = breakpoints.all.map(({ id }) => [id])
    expect(breakpoints.holder('IAC1')).toEqual({ heldBy: '0x00000004', address: 4, mode: 'exact', ids: list })
    expect(breakpoints.holder('IAC2')).toMatchObject({ heldBy: 'main.c:2', address: 0x1100 })
    expect(breakpoints.holder('IAC3')).toBeUndefined()
    expect(breakpoints.holder('IAC1', 'gdb')!.heldBy).toMatch(/^0x00000004 \(.+\)$/)
    expect(breakpoints.holder('DAC1')).toEqual({ heldBy: 'at 4096', address: 0xff9, mode: 'range', ids: data })
    expect(breakpoints.holder('DAC2')).toEqual({ heldBy: 'at 4096', address: 0x1004, mode: 'range', ids: data })
  })

  test('of many is the first four, and how many more', () => {
    set('list', ...[1, 2, 3, 4, 5, 6].map(n => fn(`0x40${' '.repeat(n)}`)), at(0x40))
    expect(breakpoints.holder('IAC1')!.heldBy).toMatch(
      /^0x00000040, function 0x40 +, function 0x40 +, function 0x40 +, 3 more$/,
    )
  })
})
