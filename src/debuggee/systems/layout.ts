// Where the members of a system's structures are, as the program's own debug information has it, and what they hold. Lists
// of thousands of structures are read by it: a path is looked up once.

import type { Context } from '../../expr/context.ts'
import type { Symbols } from '../../symbols/symbols.ts'
import { type CType, sizeOf, strip } from '../../symbols/types.ts'

interface MemberPlace {
  readonly offset: number
  /** Undefined for `[]`. */
  readonly size: number | undefined
}

const MOST_NESTED = 20

/** The places of members in a program's structures, by `task_struct.thread.ksp`; asked for once each. */
export class Layout {
  readonly #symbols: Symbols
  readonly #known = new Map<string, MemberPlace | undefined>()

  constructor(symbols: Symbols) {
    this.#symbols = symbols
  }

  /** Bytes from the structure's start, of one that has it; undefined where debug information tells of no such member. */
  offset(path: string): number | undefined {
    return this.#place(path)?.offset
  }

  /** Bytes of a structure, a union or a member of one. */
  size(path: string): number | undefined {
    return this.#place(path)?.size
  }

  #place(path: string): MemberPlace | undefined {
    if (!this.#known.has(path)) this.#known.set(path, this.#find(path))
    return this.#known.get(path)
  }

  #find(path: string): MemberPlace | undefined {
    const [structure, ...names] = path.split('.')
    const keywords = ['struct', 'union', undefined] as const
    let type = keywords.map(each => this.#symbols.typeNamed(structure!, each)).find(each => each !== undefined)
    let offset = 0
    for (const name of names) {
      const member = type && memberNamed(type, name)
      if (member === undefined) return undefined
      offset += member.offset
      type = member.type
    }
    return type && { offset, size: sizeOf(type) }
  }
}

/** Members of what has no name are the outer one's. */
function memberNamed(type: CType, name: string, depth = 0): { offset: number; type: CType } | undefined {
  const structure = strip(type)
  if (structure.kind !== 'struct' || depth > MOST_NESTED) return undefined
  for (const member of structure.members) {
    if (member.name === name) return { offset: member.offset, type: member.type }
    const inner = member.name === undefined ? memberNamed(member.type, name, depth + 1) : undefined
    if (inner !== undefined) return { ...inner, offset: member.offset + inner.offset }
  }
  return undefined
}

const layouts = new WeakMap<Symbols, Layout>()

export function layoutOf({ symbols }: Context): Layout {
  const known = layouts.get(symbols) ?? new Layout(symbols)
  layouts.set(symbols, known)
  return known
}

/** The 32 bits at an address; undefined where there is no memory, or the address is none of a word. */
export function wordIn({ readMemory }: Context, address: number): number | undefined {
  const bytes = (address & 3) === 0 ? readMemory(address >>> 0, 4) : undefined
  return bytes && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
}
