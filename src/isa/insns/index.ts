// The instruction set, from its groups.

import type { Insn } from '../insn.ts'
import { arithmetic } from './arithmetic.ts'
import { branch } from './branch.ts'
import { compare } from './compare.ts'
import { cr } from './cr.ts'
import { float } from './float.ts'
import { load } from './load.ts'
import { logical } from './logical.ts'
import { mac } from './mac.ts'
import { registers } from './registers.ts'
import { rotate } from './rotate.ts'
import { storage } from './storage.ts'
import { store } from './store.ts'

/** The complete instruction set of the 440, with the floating-point unit some parts attach. */
export const INSNS: readonly Insn[] = [
  ...arithmetic,
  ...logical,
  ...rotate,
  ...compare,
  ...branch,
  ...cr,
  ...load,
  ...store,
  ...mac.map(insn => ({ ...insn, unit: 'mac' as const, seldom: true as const })),
  ...registers.map(insn => ({ ...insn, seldom: true as const })),
  ...storage.map(insn => ({ ...insn, seldom: true as const })),
  ...float.map(insn => ({ ...insn, unit: 'float' as const, seldom: true as const })),
]
