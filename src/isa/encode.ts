// From a mnemonic and its operands to the instruction word: the forms of the disassembler read the other way round,
// and those that only people write.

import { INSNS } from './insns/index.ts'
import { refusal } from './invalidForms.ts'
import { BRANCHES, WRITTEN_BRANCHES } from './mnemonics/branches.ts'
import { type Form, type FormFields, type ParsedForm, parseForm } from './mnemonics/form.ts'
import { LATER_ARCHITECTURES } from './mnemonics/laterArchitectures.ts'
import { SIMPLIFIED } from './mnemonics/simplified.ts'
import { SPR_MOVES } from './mnemonics/sprs.ts'
import { FIELD_ROTATIONS, WRITTEN } from './mnemonics/written.ts'
import type { OperandPlace } from './operands.ts'

/** One way to write an instruction: a form under one of its names. */
export interface Spelling {
  readonly name: string
  readonly form: ParsedForm
  /** What the operands that are written stand for; those of the form but for the rotations named by bit fields. */
  readonly places: readonly OperandPlace[]
  /** What the name itself says: `oe`, `rc`, and the hint of a branch. */
  readonly fields: FormFields
  readonly hint: '+' | '-' | ''
  /** The numbers of the form's operands from those that are written. */
  readonly numbers?: (written: readonly number[]) => readonly number[]
}

let byName: ReadonlyMap<string, readonly Spelling[]> | undefined

/** The ways to write what `mnemonic` names, in the order in which they are tried. None: it is no instruction of the 440. */
export const spellingsOf = (mnemonic: string): readonly Spelling[] => (byName ??= build()).get(mnemonic) ?? []

/** Every mnemonic that an assembler takes, with hints, `o` and dot. */
export const mnemonics = (): string[] => [...(byName ??= build()).keys()]

function build(): Map<string, Spelling[]> {
  const map = new Map<string, Spelling[]>()
  const printed = [...SIMPLIFIED, ...BRANCHES, ...SPR_MOVES, ...INSNS, ...LATER_ARCHITECTURES]
  for (const form of [...WRITTEN, ...WRITTEN_BRANCHES, ...printed.filter(isWritten)]) add(map, parseForm(form))
  for (const { name, becomes, numbers } of FIELD_ROTATIONS)
    for (const dot of ['', '.']) {
      const of = map.get(becomes + dot)!.find(({ places }) => places.length === 5)!
      const adapted = ([ra, rs, first, second]: readonly number[]) => [ra!, rs!, ...numbers(first!, second!)]
      map.set(name + dot, [{ ...of, name: name + dot, places: of.places.slice(0, 4), numbers: adapted }])
    }
  return map
}

/** Not the reserved no-ops; nor hints and mftb, which people's own forms stand for (mnemonics/written.ts). */
const isWritten = ({ name, pattern }: Form): boolean => !/^nop\d|\+$/.test(name) && !pattern.includes('tbr:')

function add(map: Map<string, Spelling[]>, form: ParsedForm): void {
  const { name } = form.form
  const { fields } = form.pattern
  for (const hint of name.includes('~') ? (['', '+', '-'] as const) : ([''] as const))
    for (const oe of 'oe' in fields ? [0, 1] : [0])
      for (const rc of 'rc' in fields ? [0, 1] : [0]) {
        const written = name.replace('~', hint) + (oe === 1 ? 'o' : '') + (rc === 1 ? '.' : '')
        const spelling = { name: written, form, places: form.places, fields: { oe, rc }, hint }
        const others = map.get(written)
        if (others === undefined) map.set(written, [spelling])
        else others.push(spelling)
      }
}

/** The places that `count` written operands stand for: all, or without those that may be left out. */
export function placesFor({ places }: Spelling, count: number): readonly OperandPlace[] | undefined {
  const surplus = places.length - count
  if (surplus === 0) return places
  if (surplus < 0) return undefined
  const optional = places.filter(place => place.optional)
  if (optional.length < surplus) return undefined
  const left = new Set(optional.length === surplus ? optional : optional.slice(-surplus))
  return places.filter(place => !left.has(place))
}

/** What came of an attempt to encode: the word, or what is wrong with which of the written operands. */
export type Encoded = { readonly word: number } | { readonly operand: number | undefined; readonly problem: string }

/** A written operand: its number, and that of the register in parentheses behind it. */
export interface WrittenOperand {
  readonly value: number
  readonly base?: number
}

/** The word of `spelling` at address `pc` for operands of which each stands at its place (`placesFor`). */
export function encode(spelling: Spelling, written: readonly WrittenOperand[], pc: number): Encoded {
  const { form, numbers } = spelling
  const places = placesFor(spelling, written.length)!
  const values = numbers?.(written.map(({ value }) => value)).map((value): WrittenOperand => ({ value })) ?? written
  const fields: Record<string, number> = { ...spelling.fields }
  for (const [i, { operand, base }] of (numbers === undefined ? places : form.places).entries()) {
    const { value, base: register = 0 } = values[i]!
    const own = operand.write(value, pc) ?? operand.write(value | 0, pc)
    if (own === undefined) return { operand: i, problem: `${value} is none of ${operand.takes}` }
    const second = base?.write(register, pc) ?? {}
    Object.assign(fields, own, second)
  }
  if (spelling.hint !== '') setHint(fields, spelling.hint)
  if (form.form.when?.(fields) === false) return { operand: undefined, problem: 'these operands have no such form' }
  const lost = Object.entries(fields).find(([name, value]) => value >= 2 ** (form.pattern.fields[name]?.width ?? 0))
  if (lost !== undefined) return { operand: undefined, problem: `no such form: ${lost[0].toUpperCase()} = ${lost[1]}` }
  const name = spelling.form.form.name.replace('~', '')
  const because = refusal(name, fields)
  if (because !== undefined) return { operand: undefined, problem: `${spelling.name} has no result with ${because}` }
  return { word: wordOf(form, fields) }
}

/** y says the opposite of what is expected without it: that a branch backward is taken, and no other. */
function setHint(fields: Record<string, number>, hint: '+' | '-'): void {
  const y = (hint === '+') === (fields.bd ?? 0) < 0x2000 ? 1 : 0
  if (fields.bo === undefined) fields.y = y
  else fields.bo |= y
}

function wordOf({ pattern }: ParsedForm, fields: FormFields): number {
  let word = pattern.match
  for (const name in pattern.fields) {
    const { shift, width } = pattern.fields[name]!
    word += ((fields[name] ?? 0) & (2 ** width - 1)) * 2 ** shift
  }
  return word >>> 0
}
