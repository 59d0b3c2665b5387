// Which general registers an instruction changes, read off its meaning.

import { decode } from './decode.ts'
import { parseMeaning, type Statement } from './rtl.ts'

/** Shift of the field that names the register assigned to. */
const FIELDS: Readonly<Record<string, number>> = { RT: 21, RS: 21, RA: 16, RB: 11 }

/** Fields of the registers that the meaning of a row assigns to, by row's meaning. */
const known = new Map<string, readonly number[]>()

/** General registers that `word` changes if it is executed; of a branch to a subroutine, itself none. */
export function changedRegisters(word: number): number[] {
  const meaning = decode(word)?.insn.meaning
  if (meaning === undefined) return []
  let fields = known.get(meaning)
  if (fields === undefined) known.set(meaning, (fields = parseMeaning(meaning).flatMap(assigned)))
  const rt = (word >>> 21) & 31
  if (meaning.includes('loadMultiple')) return Array.from({ length: 32 - rt }, (_, i) => rt + i)
  // How many lswx loads is in XER: at most 32.
  if (meaning.includes('loadString'))
    return Array.from({ length: stringRegisters(meaning, word) }, (_, i) => (rt + i) & 31)
  return fields.map(shift => (word >>> shift) & 31)
}

function assigned(statement: Statement): number[] {
  if (statement.kind === 'if') return assigned(statement.body)
  const field = statement.kind === 'assign' ? FIELDS[statement.target] : undefined
  return field === undefined ? [] : [field]
}

const stringRegisters = (meaning: string, word: number): number =>
  meaning.includes('TBC') ? 32 : Math.ceil(((word >>> 11) & 31 || 32) / 4)
