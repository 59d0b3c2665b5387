import type { Symbols } from '../../../src/symbols/symbols.ts'
import { objdumpRows } from '../guest.ts'
import type { Difference } from './compare.ts'

/** Where gdb 13 is known to be wrong, or the standard leaves it the choice: a name for the reason, and how to tell. */
type Reason = (difference: Difference, program: { readonly path: string; readonly symbols: Symbols }) => boolean

const reasons: Readonly<Record<string, Reason>> = {
  // The expression reads a register of the call that the call has spoilt; gdb objects to how GCC says so.
  'gdb refuses DW_OP_GNU_uninit before DW_OP_piece': ({ theirs }) => theirs.includes('DW_OP_GNU_uninit must always'),

  // An empty range covers nothing (DWARF 5, §2.6.2); gdb takes it for the value at the function's entry.
  'gdb uses empty ranges of a location list at the entry of a function': ({ kind, pc }, { symbols }) =>
    kind === 'value' && symbols.functionAt(pc)?.low === pc,

  // The source says { seed & 1, 3, -2, 5, 6 }.
  'gdb loses the bits of DW_OP_bit_piece on big-endian machines': ({ where, ours, theirs }) =>
    / flags$/.test(where) &&
    /"mode","3"\],\["level","-2"\],\["wide","5"\],\["tail","6"\]/.test(ours) &&
    /"wide","0"/.test(theirs),

  // `dwarf_record_line_p`: a row is dropped that repeats the line before it with a discriminator.
  'gdb drops rows of the line table that have a discriminator': ({ kind, pc, ours, theirs }, { path }) => {
    if (kind !== 'place') return false
    const rows = objdumpRows(path).map(row => row.split(' '))
    const address = Math.max(...rows.map(row => Number.parseInt(row[2], 16)).filter(each => each <= pc))
    const here = rows.filter(row => Number.parseInt(row[2], 16) === address).map(([file, line]) => `${file}:${line}`)
    return address < pc && here.includes(ours) && !here.includes(theirs)
  },
}

/** Why the two differ, where that is known. */
export function explain(difference: Difference, path: string, symbols: Symbols): string | undefined {
  return Object.keys(reasons).find(name => reasons[name](difference, { path, symbols }))
}
