// `.debug_abbrev`: the shapes of entries (DWARF 5, §7.5.3).

import { DW_FORM } from './constants.ts'
import type { Reader } from './reader.ts'

/** One attribute as an abbreviation declares it. */
export interface AttributeSpec {
  readonly name: number
  readonly form: number
  /** The value itself, for DW_FORM_implicit_const. */
  readonly implicit: number | bigint
}

/** An entry of `.debug_abbrev`: the shape of the debugging information entries that carry its code (DWARF 5, §7.5.3). */
export interface Abbreviation {
  readonly code: number
  readonly tag: number
  readonly hasChildren: boolean
  readonly attributes: readonly AttributeSpec[]
}

/** The table at the reader's offset, indexed by code. */
export function readAbbreviations(reader: Reader): Map<number, Abbreviation> {
  const table = new Map<number, Abbreviation>()
  // A table declares the same few dozen pairs again and again.
  const pairs = new Map<number, AttributeSpec>()
  const shared = (name: number, form: number): AttributeSpec => {
    const key = name * 0x10000 + form
    let spec = pairs.get(key)
    if (spec === undefined) pairs.set(key, (spec = { name, form, implicit: 0 }))
    return spec
  }
  while (!reader.atEnd) {
    const code = reader.count()
    if (code === 0) break
    const tag = reader.count()
    const hasChildren = reader.u8() !== 0
    const attributes: AttributeSpec[] = []
    for (;;) {
      const name = reader.count()
      const form = reader.count()
      if (name === 0 && form === 0) break
      attributes.push(form === DW_FORM.implicit_const ? { name, form, implicit: reader.sleb() } : shared(name, form))
    }
    // The first of two equal codes counts, as in readelf; a correct table has none.
    if (!table.has(code)) table.set(code, { code, tag, hasChildren, attributes })
  }
  return table
}
