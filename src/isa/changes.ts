// Which general registers an instruction changes, read off its meaning.

import { decode, type Variant } from './decode.ts'
import type { Insn } from './insn.ts'
import type { Pattern } from './pattern.ts'
import { fieldValue } from './rtl/fields.ts'
import { FUNCTIONS } from './rtl/language.ts'
import { parseMeaning } from './rtl/parse.ts'
import type { GeneralRegister, RtlCall, RtlExpression } from './rtl/tree.ts'
import { assignedRegisters, flattened } from './rtl/walk.ts'

interface Changes {
  readonly assigned: readonly GeneralRegister[]
  /** A call that loads several. */
  readonly filling: RtlCall | undefined
}

const known = new Map<Insn, Changes>()

/** General registers that `word` changes if it is executed; of a branch to a subroutine, itself none. */
export function changedRegisters(word: number): number[] {
  const variant = decode(word)
  if (variant === undefined) return []
  const { pattern } = variant
  const { assigned, filling } = changesOf(variant)
  if (filling !== undefined) return filled(filling, pattern, word)
  return assigned.map(({ field }) => (word >>> pattern.fields[field]!.shift) & 31)
}

function changesOf({ insn }: Variant): Changes {
  let changes = known.get(insn)
  if (changes !== undefined) return changes
  const statements = parseMeaning(insn)
  const calls = flattened(statements).flatMap(each => (each.kind === 'call' ? [each.call] : []))
  changes = {
    assigned: assignedRegisters(statements),
    filling: calls.find(({ name }) => FUNCTIONS[name].fills !== undefined),
  }
  known.set(insn, changes)
  return changes
}

function filled({ name, args }: RtlCall, pattern: Pattern, word: number): number[] {
  const value = (of: RtlExpression): number | undefined =>
    of.op === 'field' ? fieldValue(pattern, of.name, word) : undefined
  const first = value(args[0]!)!
  if (FUNCTIONS[name].fills === 'toLast') return Array.from({ length: 32 - first }, (_, i) => first + i)
  // How many bytes lswx loads is in XER: enough for all.
  const bytes = value(args.at(-1)!) ?? 128
  return Array.from({ length: Math.ceil(bytes / 4) }, (_, i) => (first + i) & 31)
}
