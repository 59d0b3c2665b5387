// Members of a class, as the versions of DWARF write them.

import { DW_AT, DW_TAG } from '../dwarf/constants.ts'
import type { Die } from '../dwarf/die.ts'

/** Static members of C++ are declared in their class and lie elsewhere; from DWARF 5 they are variables there (§5.7.7). */
export const isStaticMember = (die: Die): boolean =>
  (die.tag === DW_TAG.member || die.tag === DW_TAG.variable) &&
  (die.flag(DW_AT.external) || die.flag(DW_AT.declaration))
