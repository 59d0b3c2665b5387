// What there is to say of a mnemonic, from the table of instructions: operands, meaning, effects.

import { decode } from '../../isa/decode.ts'
import { spellingsOf } from '../../isa/encode.ts'
import type { Insn } from '../../isa/insn.ts'

/** The row of what `mnemonic` encodes, simplified or not; undefined for what is no instruction. */
export function rowOf(mnemonic: string): Insn | undefined {
  const [spelling] = spellingsOf(mnemonic)
  return spelling && decode(spelling.form.pattern.match)?.insn
}

/** Markdown about a mnemonic, or undefined for what is none. */
export function aboutMnemonic(mnemonic: string): string | undefined {
  const row = rowOf(mnemonic)
  if (row === undefined) return undefined
  const ways = [
    ...new Set(spellingsOf(mnemonic).map(({ form, places }) => syntax(mnemonic, form.form.operands, places.length))),
  ]
  const isOther = row.name !== mnemonic.replace(/[.+-]+$/, '').replace(/o$/, '') && row.name !== mnemonic
  const lines = [
    `**${mnemonic}**: ${row.text}${isOther ? ` (a form of \`${row.name}\`)` : ''}`,
    ['```', ...ways, ...(row.meaning === '' ? [] : ['', ...row.meaning.split('; ')]), '```'].join('\n'),
    ...effects(row, mnemonic),
  ]
  return lines.join('\n\n')
}

/** `lwz RT, D(RA|0)`. */
function syntax(mnemonic: string, operands: string, count: number): string {
  const shown = operands === '' ? [] : operands.split(', ')
  const list = shown
    .slice(0, count)
    .map(operand => operand.replace(/=.*/, rest => (operand.startsWith('=') ? rest.slice(1) : '')))
    .map(operand => operand.replace('ra0', 'ra|0').replace(/_abs|\?/, ''))
    .map(operand => (/^\d/.test(operand) ? operand : operand.toUpperCase()))
  return [mnemonic, list.join(', ')].join(' ').trim()
}

/** Registers beside the operands that it changes, and who may execute it. */
function effects({ meaning, overflow, pattern, privileged, unit }: Insn, mnemonic: string): string[] {
  const has = (field: string): boolean => pattern.split(' ').includes(field)
  const changed = [
    ...(has('rc:1') && mnemonic.endsWith('.') ? ['CR0'] : []),
    ...(/\bCR\[0\] =/.test(meaning) && !has('rc:1') ? ['CR0'] : []),
    ...(/\bCRF =/.test(meaning) ? ['a field of CR'] : []),
    ...(/\bCA =/.test(meaning) ? ['XER[CA]'] : []),
    ...(has('oe:1') && overflow !== undefined && /o\.?$/.test(mnemonic) ? ['XER[OV,SO]'] : []),
    ...['LR', 'CTR', 'MSR'].filter(name => new RegExp(`\\b${name} =`).test(meaning)),
  ]
  return [
    ...(changed.length > 0 ? [`Changes ${changed.join(', ')}.`] : []),
    ...(privileged === true ? ['Privileged: a Program interrupt in user mode.'] : []),
    ...(unit === 'float' ? ['Of the floating-point unit, which not every part has; MSR[FP] must be 1.'] : []),
  ]
}
