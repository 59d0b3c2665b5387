// Where variables are, for those who read and write them: they need not know that DWARF says so.
export { type Location, type Piece, partOf, readLocation } from '../dwarf/location.ts'
