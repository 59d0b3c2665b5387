// Where variables are, for those who read and write them: they need not know that DWARF says so.
export {
  bigEndian,
  doubleOf,
  type EntryItem,
  entryKey,
  FLOAT_BYTES,
  integer,
  type Location,
  type Piece,
  partOf,
  partOfBits,
  readLocation,
} from '../dwarf/location.ts'
export type { StackEntry as EntryValue } from '../dwarf/stack.ts'
