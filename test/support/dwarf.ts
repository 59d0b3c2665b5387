// Debug information written by hand: entries as a tree, for what no compiler makes.

import { DW_FORM } from '../../src/dwarf/constants.ts'

/** A debugging information entry. A value is a number, bytes, a text, or for a reference the entry itself. */
export interface Entry {
  readonly tag: number
  readonly attributes: [name: number, form: number, value: number | string | Uint8Array | Entry][]
  readonly children: Entry[]
}

export const entry = (tag: number, attributes: Entry['attributes'], ...children: Entry[]): Entry => ({
  tag,
  attributes,
  children,
})

const word = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]

export function uleb(value: number | bigint): number[] {
  const bytes: number[] = []
  let rest = BigInt(value)
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return bytes
}

const HEADER = 11

/** `.debug_info` with one unit of DWARF 4, and its `.debug_abbrev`. */
export function writeUnit(root: Entry): { info: Uint8Array; abbrev: Uint8Array } {
  const places = new Map<Entry, number>()
  const abbreviations: number[] = []
  const layout = (write: boolean): number[] => {
    const bytes: number[] = []
    let code = 0
    const add = (each: Entry): void => {
      places.set(each, HEADER + bytes.length)
      const { tag, attributes, children } = each
      code++
      if (write) {
        const pairs = attributes.flatMap(([name, form]) => [...uleb(name), ...uleb(form)])
        abbreviations.push(...uleb(code), ...uleb(tag), children.length > 0 ? 1 : 0, ...pairs, 0, 0)
      }
      bytes.push(...uleb(code))
      for (const [, form, value] of attributes) bytes.push(...valueBytes(form, value, places))
      for (const child of children) add(child)
      if (children.length > 0) bytes.push(0)
    }
    add(root)
    return bytes
  }
  layout(false)
  const entries = layout(true)
  return {
    info: Uint8Array.from([...word(entries.length + HEADER - 4), 0, 4, ...word(0), 4, ...entries]),
    abbrev: Uint8Array.from([...abbreviations, 0]),
  }
}

function valueBytes(form: number, value: Entry['attributes'][number][2], places: Map<Entry, number>): number[] {
  if (value instanceof Uint8Array) return [...uleb(value.length), ...value]
  if (typeof value === 'string') return [...new TextEncoder().encode(value), 0]
  if (typeof value === 'object') return word(places.get(value) ?? 0)
  return form === DW_FORM.data1 ? [value] : word(value)
}
