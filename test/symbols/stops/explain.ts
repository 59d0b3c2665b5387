import type { Symbols } from '../../../src/symbols/symbols.ts'
import { objdumpRows, output } from '../guest.ts'
import type { Difference } from './compare.ts'

interface Program {
  readonly path: string
  readonly symbols: Symbols
  readonly isClang: boolean
}

/** Where gdb 13 is known to be wrong, or the standard leaves it the choice: a name for the reason, and how to tell. */
type Reason = (difference: Difference, program: Program) => boolean

const reasons: Readonly<Record<string, Reason>> = {
  // The expression reads a register of the call that the call has spoilt; gdb objects to how GCC says so.
  'gdb refuses DW_OP_GNU_uninit before DW_OP_piece': ({ theirs }) => theirs.includes('DW_OP_GNU_uninit must always'),

  // clang computes in 64 bits with constants of the generic type; gdb takes the standard (DWARF 5, §2.5.1.4) at its word.
  'gdb refuses to mix types in an expression': ({ theirs }) => theirs.includes('Incompatible types on DWARF stack'),

  // An empty range covers nothing (DWARF 5, §2.6.2); gdb takes it for the value at the function's entry.
  'gdb uses empty ranges of a location list at the entry of a function': ({ kind, pc }, { symbols }) =>
    kind === 'value' && symbols.functionAt(pc)?.low === pc,

  // Registers of this architecture hold doubles; a piece of four bytes is a float.
  'gdb takes the lower half of a register for a float that is a piece': ({ kind, ours, theirs }) =>
    kind === 'value' && areHalves(JSON.parse(ours), JSON.parse(theirs)),

  // The source says { seed & 1, 3, -2, 5, 6 }: GCC in DW_OP_bit_pieces, clang in a constant of 8 bytes; and
  // 0xcbf29ce484222325.
  'gdb loses the upper bits of what has more than 32': ({ where, ours, theirs }) =>
    (/ flags$/.test(where) && ours.replace('"wide","5"', '"wide","0"') === theirs) ||
    (/ state$/.test(where) && ours === `"${0xcbf29ce484222325n}"` && theirs === `"${0x84222325n}"`),

  // A part that no piece describes is not known (DWARF 5, §2.6.1.2); to gdb it is 0.
  'gdb shows zeros for parts of an object that were optimized out': ({ kind, ours, theirs }) =>
    kind === 'value' &&
    (new RegExp(`^${escaped(ours).replaceAll('"missing"', '"(missing|0)"')}$`).test(theirs) ||
      (ours === '"missing"' && (isHalfZero(theirs) || /^\[\[.*"missing"/.test(theirs))) ||
      (ours.includes('"missing"') && theirs.includes('outside bounds of object referenced via synthetic pointer'))),

  // `int copy[count]` with a count of 5, `short cells[rows][columns]` with 3 rows and 4 columns.
  'gdb makes one element of an array whose length is an optimized variable': ({ where, ours, theirs }) =>
    ((/ copy$/.test(where) && (JSON.parse(ours) as unknown[]).length === 5) ||
      (/ cells$/.test(where) && (JSON.parse(ours) as unknown[][]).map(row => row.length).join() === '4,4,4')) &&
    /^\[?\["[^"]*"\]\]?$/.test(theirs),

  // GCC and clang give it the first encoding that the standard leaves to them.
  'gdb knows no complex integers': ({ where, theirs }) =>
    / (steps|twice)$/.test(where) && /Cannot convert value to long|^"missing"$/.test(theirs),

  // A relocation in a split file, which nobody does.
  'GCC does not say where an implicit pointer in a split file leads': ({ ours, theirs }) =>
    ours === '"missing"' && theirs.includes('Cannot find DIE at 0x0 referenced'),

  'gdb takes nullptr for a pointer to void that it cannot follow': ({ where, ours, theirs }) =>
    / none$/.test(where) && ours === '"0"' && theirs.startsWith('"error: '),

  'gdb does not know where thread-local variables are without a thread library': ({ where, theirs }) =>
    / calls$/.test(where) && theirs.includes('Cannot find thread-local'),

  // With which split files have the addresses of thread-local variables.
  'gdb does not know DW_OP_constx': ({ theirs }) => theirs.includes('Unhandled DWARF expression opcode 0xa2'),

  // `struct _Guard` of basic_string::_M_construct.
  'gdb does not read what an abstract instance of a function declares': ({ where, ours, theirs }) =>
    / __guard$/.test(where) && ours.includes('_M_guarded') && theirs === '"missing"',

  // DW_AT_GNU_call_site_data_value: what was there when the function was entered; what is there now, we show.
  'gdb shows of a reference what it referred to at the entry of the function': ({ kind, where }) =>
    kind === 'value' && /^std::operator\+.* __x$/.test(where),

  // Before the constructor has run there is no virtual table to say where it is; of the rest we show what is there.
  'gdb shows nothing of an object whose virtual base it cannot find': ({ ours, theirs }) =>
    theirs.includes('"unreadable"') && covers(JSON.parse(theirs), JSON.parse(ours)),

  // `dwarf2_tailcall_sniffer_first` belongs to the unwinder that goes by call frame information.
  'gdb shows no tail calls to a function without call frame information': ({ kind, innermost, ours, theirs }, about) =>
    kind === 'frames' &&
    about.symbols.cfiAt(innermost) === undefined &&
    isWithin(theirs.split(' < '), ours.split(' < ')),

  // clang describes no epilogue in its call frame information, and gdb takes what it says for the whole function.
  'gdb loses the callers in an epilogue of clang': ({ innermost }, { path, isClang }) =>
    isClang && isEpilogue(path, innermost),

  // `dwarf_record_line_p`: a row is dropped that repeats the line before it with a discriminator.
  'gdb drops rows of the line table that have a discriminator': ({ kind, pc, ours, theirs }, { path }) => {
    if (kind !== 'place') return false
    const rows = objdumpRows(path).map(row => row.split(' '))
    const address = Math.max(...rows.map(row => Number.parseInt(row[2], 16)).filter(each => each <= pc))
    const here = rows.filter(row => Number.parseInt(row[2], 16) === address).map(([file, line]) => `${file}:${line}`)
    return here.includes(ours) && !here.includes(theirs)
  },
}

/** Why the two differ, where that is known. */
export function explain(difference: Difference, program: Program): string | undefined {
  return Object.keys(reasons).find(name => reasons[name](difference, program))
}

const escaped = (text: string): string => text.replace(/[[\]{}()*+?.^$|\\]/g, '\\$&')

/** Whether `theirs` says the same as `ours`, but for parts that it calls unreadable because something in them is. */
function covers(theirs: unknown, ours: unknown): boolean {
  if (theirs === 'unreadable') return JSON.stringify(ours).includes('"unreadable"')
  if (!Array.isArray(theirs) || !Array.isArray(ours)) return theirs === ours
  return theirs.length === ours.length && theirs.every((part, i) => covers(part, ours[i]))
}

/** Whether `theirs` is `ours`, but for floats of which it has the lower half of what they are as doubles. */
function areHalves(ours: unknown, theirs: unknown): boolean {
  if (Array.isArray(ours) && Array.isArray(theirs))
    return ours.length === theirs.length && ours.every((part, i) => areHalves(part, theirs[i]))
  if (ours === theirs) return true
  const [number, other] = [ours, theirs].map(each => Number(/^float (.*)$/.exec(String(each))?.[1] ?? 'none'))
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, number)
  return Math.fround(number) === number && Object.is(view.getFloat32(4), other)
}

/** A number of 64 bits of which one half is known and the other was taken for 0. */
function isHalfZero(text: string): boolean {
  if (!/^"-?\d+"$/.test(text)) return false
  const value = BigInt.asUintN(64, BigInt(text.slice(1, -1)))
  return value % 2n ** 32n === 0n || value >> 32n === 0n
}

/** Whether `few` are all among `many`, in that order. */
function isWithin(few: readonly string[], many: readonly string[]): boolean {
  let at = 0
  for (const each of many) if (each === few[at]) at++
  return at === few.length
}

/** Whether nothing but loads and moves stands between here and the return, by objdump's listing. */
function isEpilogue(path: string, pc: number): boolean {
  const range = [`--start-address=${pc}`, `--stop-address=${pc + 24}`]
  const listing = output('powerpc-linux-gnu-objdump', '-d', '--no-show-raw-insn', ...range, path)
  const mnemonics = [...listing.matchAll(/^ +[0-9a-f]+:\t(\S+)/gm)].map(match => match[1])
  const end = mnemonics.findIndex(mnemonic => mnemonic === 'blr' || mnemonic === 'b')
  return end >= 0 && mnemonics.slice(0, end).every(mnemonic => ['lwz', 'lmw', 'addi', 'mtlr', 'mr'].includes(mnemonic))
}
