// Pointers to members, as the Itanium C++ ABI (§2.3) lays them out and gdb writes them: `&Point::y`.

import type { Context } from '../../expr/context.ts'
import { type MemberPointerType, type StructType, strip } from '../../symbols/types.ts'
import { hex32 } from '../../util/hex.ts'

export function memberPointerText(bytes: Uint8Array, type: MemberPointerType, context: Context): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const structure = strip(type.of)
  const of = structure.kind === 'struct' ? structure : undefined
  if (strip(type.target).kind === 'function') return functionText(view.getUint32(0), view.getInt32(4), of, context)
  // An offset; nothing lies at -1.
  const offset = view.getInt32(0)
  if (offset === -1) return 'NULL'
  return (of && memberAt(of, offset)) ?? `offset ${offset}`
}

/** An address, or the odd number behind a place in the virtual table; and what is added to `this`. */
function functionText(pointer: number, adjustment: number, of: StructType | undefined, { symbols }: Context): string {
  if (pointer === 0) return 'NULL'
  const moved = adjustment === 0 ? '' : `, this adjustment ${adjustment}`
  if (pointer % 2 === 1) {
    const index = (pointer - 1) / 4
    const name = of?.memberFunctions.find(({ virtualIndex }) => virtualIndex === index)?.name
    return `&virtual ${name === undefined ? `table offset ${pointer - 1}` : `${of?.name ?? ''}::${name}`}${moved}`
  }
  const name = symbols.functionAt(pointer)?.name ?? symbols.symbolAt(pointer)?.name
  return hex32(pointer) + (name === undefined ? '' : ` <${name}>`) + moved
}

/** The member that begins at an offset, under the name of the class or base class that declares it. */
function memberAt({ name, members }: StructType, offset: number, depth = 0): string | undefined {
  for (const member of members) {
    if (member.locate !== undefined || member.bits !== undefined) continue
    if (!member.isBase && member.name !== undefined && member.offset === offset) return `&${name ?? ''}::${member.name}`
    const inner = strip(member.type)
    const isOpen = member.isBase || member.name === undefined
    const found = isOpen && inner.kind === 'struct' && depth < 20 && memberAt(inner, offset - member.offset, depth + 1)
    if (found) return found
  }
  return undefined
}
