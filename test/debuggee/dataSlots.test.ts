// Which data breakpoint gets which DAC, and in which mode.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DataWanted, planData } from '../../src/debuggee/dataSlots.ts'
import { conditionOn, valueAskedFor } from '../../src/debuggee/dataValue.ts'
import { DAC_SLOTS, type DacSlot, type Facility } from '../../src/debuggee/slots.ts'

const nobody: Facility<DacSlot> = { slots: DAC_SLOTS, reserved: [], held: [] }
const one = (id: number, address: number, size = 4): DataWanted => ({ id, label: `v${id}`, address, size })

const settings = (wanted: readonly DataWanted[], facility = nobody): string[] =>
  planData(wanted, facility).grants.map(
    ({ slots, low, high }) => `${slots.join(' ')} ${low.toString(16)}-${high.toString(16)}`,
  )

describe('planData', () => {
  test('one alone has the range of every access that can touch its bytes', () => {
    expect(settings([one(1, 0x1000)])).toEqual(['DAC1 DAC2 ff9-1004'])
    expect(settings([one(1, 0x1000, 24)])).toEqual(['DAC1 DAC2 ff9-1018'])
  })

  test('two have a comparator each', () => {
    expect(settings([one(1, 0x1000), one(2, 0x2000, 8)])).toEqual(['DAC1 1000-1004', 'DAC2 2000-2008'])
  })

  test('a third is refused', () => {
    const { slots } = planData([one(1, 0x1000), one(2, 0x2000), one(3, 0x3000)], nobody)
    expect([...slots.values()]).toEqual([['DAC1'], ['DAC2'], undefined])
  })

  test('what one access cannot hold needs both, and is refused where one is taken', () => {
    expect(planData([one(1, 0x1000), one(2, 0x2000, 24)], nobody).slots.get(2)).toBeUndefined()
    const held = planData([one(2, 0x2000, 24)], nobody).grants
    const { slots } = planData([one(1, 0x1000), one(2, 0x2000, 24)], { ...nobody, held })
    expect([slots.get(1), slots.get(2)]).toEqual([undefined, ['DAC1', 'DAC2']])
  })

  test('at one address they share', () => {
    const { grants } = planData([one(1, 0x1000), one(2, 0x1000, 2), one(3, 0x2000)], nobody)
    expect(grants.map(({ holders }) => holders)).toEqual([[1, 2], [3]])
  })

  test('who has a comparator keeps it', () => {
    const held = planData([one(0, 0x500), one(1, 0x1000)], nobody).grants
    expect(settings([one(1, 0x1000), one(2, 0x2000)], { ...nobody, held })).toEqual([
      'DAC1 2000-2004',
      'DAC2 1000-1004',
    ])
  })

  test('and is not put out by one at its address that is too long to share', () => {
    const old = [one(1, 0x1000), one(2, 0x2000)]
    const { slots } = planData([one(3, 0x1000, 24), ...old], { ...nobody, held: planData(old, nobody).grants })
    expect([...slots]).toEqual([
      [3, undefined],
      [1, ['DAC1']],
      [2, ['DAC2']],
    ])
  })

  test('of any watchpoints, those that have a comparator are not refused when others come', () => {
    const watchpoint = fc.record({ address: fc.constantFrom(0x1000, 0x2000, 0x3000), size: fc.constantFrom(1, 4, 24) })
    const numbered = (first: number) =>
      fc
        .array(watchpoint, { maxLength: 4 })
        .map(list => list.map(({ address, size }, n) => one(first + n, address, size)))
    fc.assert(
      fc.property(numbered(10), numbered(0), (old, newcomers) => {
        const first = planData(old, nobody)
        const { slots } = planData([...newcomers, ...old], { ...nobody, held: first.grants })
        for (const { id } of old) if (first.slots.get(id) !== undefined) expect(slots.get(id)).toBeDefined()
      }),
    )
  })

  test('with one of them reserved the other is exact, and holds what one access can', () => {
    const facility = { ...nobody, reserved: ['DAC1'] as const }
    expect(settings([one(1, 0x1000)], facility)).toEqual(['DAC2 1000-1004'])
    expect(settings([one(1, 0x1000, 24)], facility)).toEqual([])
  })

  test('of those with one name the older comes first', () => {
    const named = (id: number, address: number): DataWanted => ({ ...one(id, address), label: 'x' })
    const { slots } = planData([named(3, 0x3000), named(2, 0x2000), named(1, 0x1000)], nobody)
    expect([slots.get(1), slots.get(2), slots.get(3)]).toEqual([['DAC1'], ['DAC2'], undefined])
  })

  test('a range knows what is watched in it', () => {
    expect(planData([one(1, 0x1000)], nobody).grants).toEqual([
      { slots: ['DAC1', 'DAC2'], mode: 'range', low: 0xff9, high: 0x1004, addresses: [0x1000], holders: [1] },
    ])
  })

  test('at both ends of memory a range stays in 32 bits', () => {
    expect(settings([one(1, 0)])).toEqual(['DAC1 DAC2 0-4'])
    expect(settings([one(1, 0xfffffffc)])).toEqual(['DAC1 DAC2 fffffff5-ffffffff'])
  })
})

describe('a value that DVC can compare', () => {
  const ask = (condition: string, address = 0x1000, size = 4, access: 'write' | 'read' = 'write') =>
    valueAskedFor({ kind: 'data', address, size, access, label: 'state', condition })

  // Byte lanes as in the manual (p.231): lane 0 is the byte at the word's address.
  test.each([
    ['state == 5', 0x1000, 4, { value: 5, bytes: 15, mode: 'and' }],
    ['state == -1', 0x1000, 4, { value: 0xffffffff, bytes: 15, mode: 'and' }],
    ['state == 0x12', 0x1001, 1, { value: 0x00120000, bytes: 4, mode: 'and' }],
    ['state==258', 0x1002, 2, { value: 258, bytes: 3, mode: 'and' }],
    ['state == 255', 0x1000, 1, { value: 0xff000000, bytes: 8, mode: 'and' }],
    ['state == -32768', 0x1000, 2, { value: 0x80000000, bytes: 12, mode: 'and' }],
    ['state == -128', 0x1003, 1, { value: 0x80, bytes: 1, mode: 'and' }],
  ] as const)('%s at %i, %i bytes', (condition, address, size, value) => {
    expect(ask(condition, address, size)).toEqual(value)
  })

  test.each(['state > 5', 'other == 5', 'state == x', 'state == 4294967296'])('not %s', condition => {
    expect(ask(condition)).toBeUndefined()
  })

  test('not what does not fit in its bytes', () => {
    expect([ask('state == 256', 0x1000, 1), ask('state == -129', 0x1000, 1)]).toEqual([undefined, undefined])
  })

  test('not without a condition, nor where it has a line before', () => {
    const request = { kind: 'data', address: 0x1000, size: 4, access: 'write', label: 'state' } as const
    expect([valueAskedFor(request), ask('1\nstate == 5')]).toEqual([undefined, undefined])
  })

  test('not across words, of a read, or of eight bytes', () => {
    expect([ask('state == 1', 0x1003, 2), ask('state == 1', 0x1000, 4, 'read'), ask('state == 1', 0x1000, 8)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

test.each([
  [undefined, undefined],
  ['== 5', 'it == 5'],
  ['  != 3', 'it   != 3'],
  ['> 1', 'it > 1'],
  ['<= 1', 'it <= 1'],
  ['a== 5', 'a== 5'],
  ['!flag', '!flag'],
  ['= 5', '= 5'],
])('a condition %s may leave out what is watched', (condition, expected) => {
  expect(conditionOn('it', condition)).toBe(expected)
})
