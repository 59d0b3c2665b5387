// What may be written at a place.

import { mnemonics } from '../../isa/encode.ts'
import { rowOf } from './instructionText.ts'
import { namesIn } from './names.ts'
import { operandAt, statementAt, type TextPosition } from './position.ts'
import { directiveNames, sprNames } from './words.ts'

export interface AsmCompletion {
  readonly label: string
  readonly kind: 'mnemonic' | 'directive' | 'register' | 'label' | 'constant' | 'macro'
  readonly detail: string
}

/** Everything that can stand there; the editor shows what fits what is typed. */
export function completionsAt(text: string, position: TextPosition): AsmCompletion[] {
  const statement = statementAt(text, position)
  const op = statement?.opWord
  const isOp = op === undefined || position.column <= op.column + op.text.length
  const names = [...new Map(namesIn(text).map(each => [each.name, each])).values()].filter(
    ({ name }) => !/^\d/.test(name),
  )
  if (isOp) return [...words(), ...names.flatMap(each => (each.kind === 'macro' ? [own(each)] : []))]
  const kind = operandAt(statement!, position.column)?.codec?.kind
  if (kind === 'spr') return sprNames().map(({ name, text: detail }) => ({ label: name, kind: 'register', detail }))
  if (kind === undefined || kind === 'number' || kind.startsWith('branch'))
    return names.flatMap(each => (each.kind === 'macro' || each.kind === 'section' ? [] : [own(each)]))
  return []
}

const own = ({ name, kind, text }: ReturnType<typeof namesIn>[number]): AsmCompletion => ({
  label: name,
  kind: kind === 'section' ? 'label' : kind,
  detail: text,
})

let all: readonly AsmCompletion[] | undefined
const words = (): readonly AsmCompletion[] => (all ??= build())

/** Mnemonics without those that differ in a hint alone. */
const build = (): AsmCompletion[] => [
  ...mnemonics()
    .filter(name => !/[-+]$/.test(name))
    .map((label): AsmCompletion => ({ label, kind: 'mnemonic', detail: rowOf(label)?.text ?? '' })),
  ...directiveNames().map(
    ([label, detail]): AsmCompletion => ({ label, kind: 'directive', detail: detail.replace(/[*`]/g, '') }),
  ),
]
