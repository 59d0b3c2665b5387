// The launch attribute `formatters`: how a user's own containers are shown, row by row, each held against what its kind of
// row has.

import type { Formatter } from '../debuggee/launch.ts'
import { nearest } from '../util/likeness.ts'
import { conform, describe, Misfit, type RecordShape, type Shape } from './shapes.ts'

type Show = Formatter['show']

const texts = { mapOf: 'text' } as const

/** What rows of each kind must have beside `type` and `show`, and what they may. */
const SHOWS: Readonly<Record<Show, RecordShape>> = {
  as: { required: { value: 'text' }, optional: {} },
  parts: { required: { parts: texts }, optional: {} },
  array: { required: { first: 'text', size: 'text' }, optional: {} },
  text: { required: { first: 'text', size: 'text' }, optional: {} },
  items: { required: { size: 'text', item: 'text' }, optional: {} },
  list: { required: { first: 'text', next: 'text', end: 'text', value: 'text' }, optional: { size: 'text' } },
  tree: { required: { size: 'text', root: 'text', left: 'text', right: 'text', value: 'text' }, optional: {} },
  bases: { required: { member: 'text' }, optional: {} },
  pointer: { required: { pointer: 'text' }, optional: { notes: texts } },
  optional: { required: { has: 'text', value: 'text' }, optional: { notes: texts } },
  variant: { required: { index: 'text', storage: 'text' }, optional: {} },
}

const EVERY: RecordShape = {
  required: { type: 'text', show: { oneOf: Object.keys(SHOWS) } },
  optional: { names: texts, valid: texts, isMap: 'flag' },
}

/** Every member that a row may have, for the editor of launch.json. */
export const FORMATTER_MEMBERS: Readonly<Record<string, Shape>> = Object.fromEntries(
  [EVERY, ...Object.values(SHOWS)].flatMap(({ required, optional }) => Object.entries({ ...required, ...optional })),
)

/** The rows as formatters, in their order. @throws Misfit, with the row's number, counted from 0 as in `formatters[0]` */
export function formattersOf(rows: readonly unknown[]): Formatter[] {
  return rows.map((row, i) => {
    const path = `formatters[${i}]`
    const { show } = conform(row, { ...EVERY, optional: {} }, path) as { readonly show: Show }
    const own = SHOWS[show]
    const shape = {
      required: { ...EVERY.required, ...own.required },
      optional: { ...EVERY.optional, ...own.optional },
    }
    const members = Object.keys({ ...shape.required, ...shape.optional })
    for (const name of Object.keys(row as object)) {
      if (members.includes(name)) continue
      const meant = nearest(name, members)
      const wanted =
        meant === undefined ? `left out: a row that shows "${show}" has ${members.join(', ')}` : `"${meant}"`
      throw new Misfit(`${path}.${describe(name).slice(1, -1)}`, (row as Record<string, unknown>)[name], wanted)
    }
    return { ...(conform(row, shape, path) as Formatter), origin: `"${path}" in launch.json` }
  })
}
