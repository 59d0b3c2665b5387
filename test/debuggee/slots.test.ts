import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { grantedMessage, refusedCodeMessage } from '../../src/debuggee/slotMessages.ts'
import {
  byLabel,
  type Facility,
  IAC_SLOTS,
  type IacSlot,
  type Plan,
  plan,
  type Wanted,
} from '../../src/debuggee/slots.ts'

const nobody: Facility<IacSlot> = { slots: IAC_SLOTS, reserved: [], held: [] }
/** What each grant is set to: `IAC1 1000`, `IAC1 IAC2 1000-1010`. */
const settings = ({ grants }: Plan<IacSlot>): string[] =>
  grants.map(({ slots, mode, low, high }) =>
    [...slots, mode === 'exact' ? low.toString(16) : `${low.toString(16)}-${high.toString(16)}`].join(' '),
  )

const one = (id: number, ...addresses: number[]): Wanted => ({ id, label: `main.c:${id}`, addresses })

describe('plan', () => {
  test('gives the lowest free slots, and refuses the fifth address', () => {
    const result = plan(
      [1, 2, 3, 4, 5].map(id => one(id, 0x1000 * id)),
      nobody,
    )
    expect(settings(result)).toEqual(['IAC1 1000', 'IAC2 2000', 'IAC3 3000', 'IAC4 4000'])
    expect(result.slots.get(5)).toBeUndefined()
  })

  test('breakpoints at one address share its slot', () => {
    const { grants, slots } = plan([one(1, 0x1000), one(2, 0x1000), one(3, 0x2000)], nobody)
    expect(grants.map(({ holders }) => holders)).toEqual([[1, 2], [3]])
    expect(slots.get(2)).toEqual(['IAC1'])
  })

  test('a line of several addresses gets all of them or none', () => {
    const { slots } = plan([one(1, 0x1000, 0x1100, 0x1200), one(2, 0x20000, 0x21000), one(3, 0x3000)], nobody)
    expect([slots.get(1), slots.get(2), slots.get(3)]).toEqual([['IAC1', 'IAC2', 'IAC3'], undefined, ['IAC4']])
  })

  test('main.c:9 comes before main.c:12', () => {
    const { slots } = plan([one(12, 12), one(9, 9)], { ...nobody, reserved: ['IAC1', 'IAC2', 'IAC3'] })
    expect([slots.get(9), slots.get(12)]).toEqual([['IAC4'], undefined])
  })

  test('of two with one label the older comes first', () => {
    const named = (id: number): Wanted => ({ ...one(id, 0x1000 * id), label: 'main.c:5' })
    const { slots } = plan([named(2), named(1), named(3)], { ...nobody, reserved: ['IAC3', 'IAC4'] })
    expect([slots.get(1), slots.get(2), slots.get(3)]).toEqual([['IAC1'], ['IAC2'], undefined])
  })

  test('a label before a longer one that begins with it', () => {
    const order = (a: string, b: string): number => Math.sign(byLabel({ label: a }, { label: b }))
    expect([order('f', 'f1'), order('f1', 'f'), order('f1', 'f1')]).toEqual([-1, 1, 0])
  })
})

describe('a plan after another', () => {
  const planAfter = (old: readonly Wanted[], wanted: readonly Wanted[], more: Partial<Facility<IacSlot>> = {}) =>
    settings(plan(wanted, { ...nobody, ...more, held: plan(old, nobody).grants }))

  test('takes a comparator that is reserved now from its holder, and a range of which it is one', () => {
    const reserved = ['IAC1'] as const
    expect(planAfter([one(1, 0x1000)], [one(1, 0x1000)], { reserved })).toEqual(['IAC2 1000'])
    const line = one(1, 0x1000, 0x1004, 0x1008, 0x100c, 0x1010)
    expect(planAfter([line], [line], { reserved })).toEqual(['IAC2 1010', 'IAC3 IAC4 1000-1010'])
  })

  test('arms the addresses that a breakpoint has got since', () => {
    expect(planAfter([one(1, 0x1000)], [one(1, 0x1000, 0x2000)])).toEqual(['IAC1 1000', 'IAC2 2000'])
  })

  test('leaves an address where it was, whoever asks for it now', () => {
    const old = [one(1, 0x1000), one(2, 0x2000), one(3, 0x3000), one(4, 0x4000)]
    expect(planAfter(old, [one(9, 0x3000)])).toEqual(['IAC3 3000'])
    expect(planAfter(old, [one(9, 0x100, 0x3000)])).toEqual(['IAC1 100', 'IAC3 3000'])
    expect(planAfter(old, [one(9, 0x100, 0x1000)])).toEqual(['IAC1 1000', 'IAC2 100'])
    expect(planAfter(old, [one(9, 0x2000, 0x9000, 0xa000)])).toEqual(['IAC1 9000', 'IAC2 2000', 'IAC3 a000'])
  })

  test('uses last what somebody may come back to, of a range too', () => {
    const line = one(1, 0x1000, 0x1004, 0x1008, 0x100c, 0x1010)
    const reserved = ['IAC3', 'IAC4'] as const
    const { grants } = plan([one(1, 0x1000, 0x1004, 0x1008)], { ...nobody, reserved })
    expect(settings(plan([one(2, 0x5000)], { ...nobody, held: grants }))).toEqual(['IAC3 5000'])
    expect(planAfter([line], [one(2, 0x5000)])).toEqual(['IAC1 5000'])
  })
})

describe('ranges', () => {
  const far = [1, 2, 3].map(id => one(id, 0x10000 * id))

  test('a line with more addresses than slots gets a pair, and single comparators for what lies apart', () => {
    expect(settings(plan([one(1, 0x1000, 0x1010, 0x1020, 0x9000, 0xa000)], nobody))).toEqual([
      'IAC1 IAC2 1000-1024',
      'IAC3 9000',
      'IAC4 a000',
    ])
  })

  test('or both pairs, cut where the gap is widest', () => {
    expect(settings(plan([one(1, 0x1000, 0x1010, 0x1020, 0x1800, 0x1810, 0x1820)], nobody))).toEqual([
      'IAC1 IAC2 1000-1024',
      'IAC3 IAC4 1800-1824',
    ])
  })

  test('of all ways the one that covers least, in whatever order its addresses are found', () => {
    expect(settings(plan([one(1, 0x1f00, 0x1804, 0x1000, 0x1808, 0x1800)], nobody))).toEqual([
      'IAC1 IAC2 1800-180c',
      'IAC3 1000',
      'IAC4 1f00',
    ])
  })

  test('either pair may be the one of the lower addresses', () => {
    const neighbour = one(1, 0x9000)
    const line = one(2, 0x1000, 0x1010, 0x1020, 0x9008, 0x9010)
    expect(settings(plan([neighbour, line], nobody))).toEqual(['IAC1 IAC2 9000-9014', 'IAC3 IAC4 1000-1024'])
  })

  test('neighbours share one where they would else be refused', () => {
    const near = [one(11, 0x1014), one(12, 0x1008), one(13, 0x1000)]
    const result = plan([...near, ...far.slice(0, 2)], nobody)
    expect(settings(result)).toEqual(['IAC1 10000', 'IAC2 20000', 'IAC3 IAC4 1000-1018'])
    expect(result.grants[2]).toMatchObject({ holders: [11, 12, 13], addresses: [0x1000, 0x1008, 0x1014] })
    expect(result.slots.get(13)).toEqual(['IAC3', 'IAC4'])
  })

  test('but only neighbours: what lies between two breakpoints is not slowed down', () => {
    expect(plan([one(11, 0x1000), one(12, 0x1008), one(13, 0x1040), ...far.slice(0, 2)], nobody).slots.get(13)).toBe(
      undefined,
    )
  })

  test('a breakpoint of its own may spread a page, and no more', () => {
    const spread = (last: number) => plan([one(9, 0x1000, 0x1800, last), ...far.slice(0, 2)], nobody).slots.get(9)
    expect([spread(0x1ffc), spread(0x2000)]).toEqual([['IAC3', 'IAC4'], undefined])
  })

  test('none over a reserved comparator', () => {
    const facility = { ...nobody, reserved: ['IAC2' as const] }
    expect(settings(plan([one(1, 0x1000, 0x1004, 0x1008, 0x100c)], facility))).toEqual([
      'IAC1 100c',
      'IAC3 IAC4 1000-100c',
    ])
  })
})

describe('messages', () => {
  const label = (id: number): string => `main.c:${id}`
  const wanted = [1, 2, 3, 4].map(id => one(id, 0x1000 * id))

  test('a grant says its mode and how much is used', () => {
    const result = plan([one(1, 0x1000, 0x1010, 0x1020, 0x9000, 0xa000)], nobody)
    expect(grantedMessage(1, result, nobody)).toBe(
      'IAC1–2 · range · 0x00001000–0x00001023, IAC3 · exact · 0x00009000, IAC4 · exact · 0x0000a000 (4 of 4 slots used)',
    )
  })

  test('a refusal names the holder of every slot, reserved ones too', () => {
    const facility = { ...nobody, reserved: ['IAC4' as const] }
    expect(refusedCodeMessage(wanted[3]!, plan(wanted, facility), facility, label)).toBe(
      'No IAC slot free:\nIAC1 main.c:1, IAC2 main.c:2, IAC3 main.c:3, IAC4 reserved.\nRemove one and this one takes its place.',
    )
  })

  test('and all who share one', () => {
    const shared = [one(1, 0x1000), one(2, 0x1000), one(3, 0x3000)]
    const facility = { ...nobody, reserved: ['IAC3', 'IAC4', 'DAC1', 'DAC2'] as const }
    const two = one(9, 0x20000, 0x30000)
    expect(refusedCodeMessage(two, plan([...shared.slice(0, 2), two], facility), facility, label)).toBe(
      'main.c:9 needs 2 addresses. Too few IAC slots free:\nIAC1 main.c:1 and main.c:2, IAC2 free, IAC3 reserved, IAC4 reserved.\nRemove one and this one takes its place.',
    )
  })

  test('of several addresses it says how many are needed', () => {
    const two = one(9, 0x20000, 0x30000)
    const result = plan([...wanted.slice(0, 3), two], nobody)
    expect(refusedCodeMessage(two, result, nobody, label)).toMatch(
      /^main\.c:9 needs 2 addresses\. Too few IAC slots free:\nIAC1 main\.c:1, .*IAC4 free\./,
    )
  })

  test('what fits in no four comparators is not told to wait for one', () => {
    const many = one(5, ...[0, 1, 2, 3, 4, 5, 6].map(n => 0x10000 * n))
    const message = refusedCodeMessage(many, plan([many], nobody), nobody, label)
    expect(message).toMatch(/^main\.c:5 needs 7 addresses, 4 slots: .*softBreakpoints/)
    expect(message).not.toMatch(/free|Remove/)
    const facility = { ...nobody, reserved: ['IAC4' as const] }
    expect(refusedCodeMessage(many, plan([many], facility), facility, label)).toBe(
      'main.c:5 needs 7 addresses, 3 slots: the 7 lie too far apart for the range pairs of the 3 IACs. With "softBreakpoints": true in launch.json it gets trap words.',
    )
  })
})

const address = fc.oneof(
  fc.nat(40).map(n => 0x1000 + 4 * n),
  fc.nat(6).map(n => 0x10000 * n),
)
const wantedSets = fc
  .uniqueArray(fc.record({ line: fc.nat(40), addresses: fc.uniqueArray(address, { minLength: 1, maxLength: 3 }) }), {
    selector: ({ line }) => line,
    maxLength: 8,
  })
  .map(list => list.map(({ line, addresses }) => one(line, ...addresses)))
const reserved = fc.subarray<IacSlot>([...IAC_SLOTS])

describe('plan, for any set of breakpoints', () => {
  test('a range is not taken apart by a newcomer at one of its addresses', () => {
    const old = [one(0, 0x1040, 0x1004), one(2, 0, 0x1000, 0x1038)]
    const first = plan(old, nobody)
    const second = plan([one(1, 0x1038), ...old], { ...nobody, held: first.grants })
    expect([...second.slots].sort()).toEqual([
      [0, ['IAC1', 'IAC2']],
      [1, ['IAC1', 'IAC2']],
      [2, ['IAC1', 'IAC2', 'IAC3', 'IAC4']],
    ])
  })

  test('a range of which two addresses are left is two comparators again', () => {
    const old = [one(0, 0x1000), one(1, 0x1004), one(2, 0x1008), one(3, 0x20000)]
    const first = plan([...old, one(4, 0x100c)], nobody)
    expect(settings(first)).toEqual(['IAC1 IAC2 1000-1010', 'IAC3 1008', 'IAC4 20000'])
    expect(settings(plan(old, { ...nobody, held: first.grants }))).toEqual([
      'IAC1 1000',
      'IAC2 1004',
      'IAC3 1008',
      'IAC4 20000',
    ])
  })

  test('no slot twice, none of the reserved, every granted address armed once', () => {
    fc.assert(
      fc.property(wantedSets, reserved, (wanted, out) => {
        const { grants, slots } = plan(wanted, { ...nobody, reserved: out })
        const used = grants.flatMap(grant => grant.slots)
        expect(new Set(used).size).toBe(used.length)
        expect(used.some(slot => out.includes(slot))).toBe(false)
        const armed = grants.flatMap(grant => grant.addresses)
        expect(new Set(armed).size).toBe(armed.length)
        for (const { addresses, low, high } of grants)
          expect([low, high]).toEqual([Math.min(...addresses), Math.max(...addresses) + 4])
        for (const { id, addresses } of wanted) {
          const mine = slots.get(id)
          if (mine === undefined) continue
          const covered = grants.filter(({ holders }) => holders.includes(id))
          expect(covered.flatMap(grant => grant.slots)).toEqual(mine)
          for (const address of addresses) expect(covered.flatMap(grant => grant.addresses)).toContain(address)
        }
      }),
    )
  })

  test('the order of arrival changes nothing', () => {
    fc.assert(
      fc.property(
        wantedSets.chain(list => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([wanted, shuffled]) => {
          const view = (list: readonly Wanted[]) => {
            const result = plan(list, nobody)
            return [settings(result), [...result.slots].sort((a, b) => a[0] - b[0])]
          }
          expect(view(shuffled)).toEqual(view(wanted))
        },
      ),
    )
  })

  test('planning twice is planning once', () => {
    fc.assert(
      fc.property(wantedSets, wanted => {
        const first = plan(wanted, nobody)
        expect(plan(wanted, { ...nobody, held: first.grants })).toEqual(first)
      }),
    )
  })

  test('who has a slot keeps it when others come', () => {
    fc.assert(
      fc.property(wantedSets, wantedSets, (old, others) => {
        const first = plan(old, nobody)
        const known = new Set(old.map(({ id }) => id))
        const newcomers = others.filter(({ id }) => !known.has(id))
        const second = plan([...newcomers, ...old], { ...nobody, held: first.grants })
        // It may have become part of a range, of which its slot is one.
        for (const { id } of old)
          expect(second.slots.get(id) ?? []).toEqual(expect.arrayContaining([...(first.slots.get(id) ?? [])]))
      }),
    )
  })

  test('nobody is refused while there is room for all it needs, also of what others have left', () => {
    fc.assert(
      fc.property(wantedSets, wantedSets, (old, wanted) => {
        const { grants, slots } = plan(wanted, { ...nobody, held: plan(old, nobody).grants })
        const free = IAC_SLOTS.length - grants.flatMap(grant => grant.slots).length
        for (const { id, addresses } of wanted) {
          if (slots.get(id) !== undefined) continue
          const missing = addresses.filter(each => !grants.some(grant => grant.addresses.includes(each)))
          expect(missing.length).toBeGreaterThan(free)
        }
      }),
    )
  })
})
