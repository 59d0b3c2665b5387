// Symbols of a source: labels, names given to expressions, and what other files define.

import type { AsmExpression } from './expression.ts'
import type { SourcePlace } from './problem.ts'
import type { AsmSection } from './section.ts'

/** Where a label stands. */
export interface SectionPlace {
  readonly section: AsmSection
  readonly offset: number
}

/** Stands between the digits of a label like `1:` and how many of that name came before: no source can write it. */
export const NUMBERED = '\ufffe'

export class AsmSymbol {
  readonly name: string
  /** A label's place, the expression of `.set`, or undefined: nothing here defines it. */
  value: SectionPlace | AsmExpression | undefined
  binding: 'local' | 'global' | 'weak' = 'local'
  visibility: 'default' | 'internal' | 'hidden' | 'protected' = 'default'
  /** STT_: 0 none, 1 object, 2 function. */
  type = 0
  size: AsmExpression | undefined
  /** Whether .local asked for it: such a common block is room in .bss. */
  isDeclaredLocal = false
  /** `.comm`: bytes and alignment that the linker is to give it. */
  common: { readonly size: number; readonly align: number } | undefined
  /** Where it was defined, for whoever goes there. */
  definedAt: SourcePlace | undefined
  /** Where it was first used, for the message that nothing defines it. */
  usedAt: SourcePlace | undefined

  constructor(name: string) {
    this.name = name
  }

  /** Whether it is for the assembler only: `1:`, and names that begin with `.L` or two dots. */
  get isTemporary(): boolean {
    return /^\.[.L]/.test(this.name) || this.name.includes(NUMBERED)
  }

  get isDefined(): boolean {
    return this.value !== undefined
  }
}

export const isLocation = (value: SectionPlace | AsmExpression): value is SectionPlace =>
  'section' in value && 'offset' in value
