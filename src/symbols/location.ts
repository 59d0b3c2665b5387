// Where variables are, for those who read and write them: they need not know that DWARF says so.
export {
  bigEndian,
  type EntryItem,
  entryKey,
  integer,
  type Location,
  type Piece,
  partOf,
  partOfBits,
  readLocation,
} from '../dwarf/location.ts'
