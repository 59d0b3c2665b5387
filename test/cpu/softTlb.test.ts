// Where the entry of a page is in a soft TLB.

import { expect, test } from 'vitest'
import { SOFT_TLB_SLOTS, softTlbSlot } from '../../src/cpu/state.ts'

const PAGE = 0x1000
const PAGES = 2 ** 20

// An access is looked up by the slot of its first byte and the page of its last: were both pages in one slot, the entry
// of the second would be used for the first.
test('pages beside each other are in different slots, from the last of all to the first, too', () => {
  const same: string[] = []
  for (let page = 0; page < PAGES; page++)
    if (softTlbSlot(page * PAGE) === softTlbSlot((page + 1) * PAGE)) same.push((page * PAGE).toString(16))
  expect(same).toEqual([])
})

test('every byte of a page has one slot, and every slot is used', () => {
  const slots = new Set<number>()
  for (let page = 0; page < PAGES; page += 1) {
    const slot = softTlbSlot(page * PAGE)
    slots.add(slot)
    if (softTlbSlot(page * PAGE + PAGE - 1) !== slot || slot % 4 !== 0) expect.fail(page.toString(16))
  }
  expect(slots.size).toBe(SOFT_TLB_SLOTS / 4 + 1)
})

test('regions that are 16 MB, 256 MB or more from each other do not share the slot of their first page', () => {
  for (const apart of [2 ** 24, 2 ** 28, 2 ** 29, 2 ** 30, 2 ** 31]) expect(softTlbSlot(apart)).not.toBe(softTlbSlot(0))
})
