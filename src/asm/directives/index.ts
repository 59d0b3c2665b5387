// The directives by name. Those about files, macros and conditions are in ../input.ts.

import { ALIGNMENT } from './alignment.ts'
import { DATA } from './data.ts'
import type { Directive } from './directive.ts'
import { IGNORED } from './ignored.ts'
import { SECTIONS } from './sections.ts'
import { SYMBOLS } from './symbols.ts'

export const DIRECTIVES: Readonly<Record<string, Directive>> = {
  ...DATA,
  ...ALIGNMENT,
  ...SECTIONS,
  ...SYMBOLS,
  ...IGNORED,
}
