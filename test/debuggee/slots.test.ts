import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Facility,
  IAC_SLOTS,
  type IacSlot,
  type Plan,
  plan,
  refusedMessage,
  type Wanted,
} from '../../src/debuggee/slots.ts'

const nobody: Facility<IacSlot> = { slots: IAC_SLOTS, reserved: [], held: new Map() }
const held = ({ grants }: Plan<IacSlot>): Facility<IacSlot>['held'] =>
  new Map(grants.map(({ slot, address }) => [slot, address]))

const one = (id: number, ...addresses: number[]): Wanted => ({ id, label: `main.c:${id}`, addresses })

describe('plan', () => {
  test('gives the lowest free slots, and refuses the fifth address', () => {
    const { grants, slots } = plan(
      [1, 2, 3, 4, 5].map(id => one(id, 0x1000 * id)),
      nobody,
    )
    expect(grants.map(({ slot, address }) => [slot, address])).toEqual([
      ['IAC1', 0x1000],
      ['IAC2', 0x2000],
      ['IAC3', 0x3000],
      ['IAC4', 0x4000],
    ])
    expect(slots.get(5)).toBeUndefined()
  })

  test('breakpoints at one address share its slot', () => {
    const { grants, slots } = plan([one(1, 0x1000), one(2, 0x1000), one(3, 0x2000)], nobody)
    expect(grants.map(({ holders }) => holders)).toEqual([[1, 2], [3]])
    expect(slots.get(2)).toEqual(['IAC1'])
  })

  test('a line of several addresses gets all of them or none', () => {
    const { slots } = plan([one(1, 0x1000, 0x1100, 0x1200), one(2, 0x2000, 0x2100), one(3, 0x3000)], nobody)
    expect([slots.get(1), slots.get(2), slots.get(3)]).toEqual([['IAC1', 'IAC2', 'IAC3'], undefined, ['IAC4']])
  })

  test('main.c:9 comes before main.c:12', () => {
    const { slots } = plan([one(12, 12), one(9, 9)], { ...nobody, reserved: ['IAC1', 'IAC2', 'IAC3'] })
    expect([slots.get(9), slots.get(12)]).toEqual([['IAC4'], undefined])
  })

  test('a refusal names the holder of every slot, reserved ones too', () => {
    const facility = { ...nobody, reserved: ['IAC4' as const] }
    const wanted = [1, 2, 3, 4].map(id => one(id, id))
    const message = refusedMessage(wanted[3]!, plan(wanted, facility), facility, id => `main.c:${id}`)
    expect(message).toBe(
      'No IAC slot free:\nIAC1 main.c:1, IAC2 main.c:2, IAC3 main.c:3, IAC4 reserved.\nRemove one and this one takes its place.',
    )
  })
})

const address = fc.nat(12).map(n => 0x1000 + 4 * n)
const wantedSets = fc
  .uniqueArray(fc.record({ line: fc.nat(40), addresses: fc.uniqueArray(address, { minLength: 1, maxLength: 3 }) }), {
    selector: ({ line }) => line,
    maxLength: 8,
  })
  .map(list => list.map(({ line, addresses }) => one(line, ...addresses)))
const reserved = fc.subarray<IacSlot>([...IAC_SLOTS])

describe('plan, for any set of breakpoints', () => {
  test('no slot twice, none of the reserved, every granted address armed once', () => {
    fc.assert(
      fc.property(wantedSets, reserved, (wanted, out) => {
        const { grants, slots } = plan(wanted, { ...nobody, reserved: out })
        expect(new Set(grants.map(({ slot }) => slot)).size).toBe(grants.length)
        expect(new Set(grants.map(grant => grant.address)).size).toBe(grants.length)
        expect(grants.some(({ slot }) => out.includes(slot))).toBe(false)
        for (const { id, addresses } of wanted) {
          const mine = slots.get(id)
          if (mine !== undefined)
            expect(
              grants
                .filter(({ slot }) => mine.includes(slot))
                .map(grant => grant.address)
                .sort(),
            ).toEqual([...addresses].sort())
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
            const { grants, slots } = plan(list, nobody)
            return [grants.map(({ slot, address }) => [slot, address]), [...slots].sort((a, b) => a[0] - b[0])]
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
        expect(plan(wanted, { ...nobody, held: held(first) })).toEqual(first)
      }),
    )
  })

  test('who has a slot keeps it when others come', () => {
    fc.assert(
      fc.property(wantedSets, wantedSets, (old, others) => {
        const first = plan(old, nobody)
        const known = new Set(old.map(({ id }) => id))
        const newcomers = others.filter(({ id }) => !known.has(id))
        const second = plan([...newcomers, ...old], { ...nobody, held: held(first) })
        for (const { id } of old) if (first.slots.get(id)) expect(second.slots.get(id)).toEqual(first.slots.get(id))
      }),
    )
  })

  test('nobody is refused while there is room for all it needs', () => {
    fc.assert(
      fc.property(wantedSets, wanted => {
        const { grants, slots } = plan(wanted, nobody)
        for (const { id, addresses } of wanted) {
          if (slots.get(id) !== undefined) continue
          const missing = addresses.filter(each => !grants.some(grant => grant.address === each))
          expect(missing.length).toBeGreaterThan(IAC_SLOTS.length - grants.length)
        }
      }),
    )
  })
})
