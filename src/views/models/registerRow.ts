// One register as a row of a view, with its fields under it: a snapshot (and the one of the stop before) in, rows out. Draws
// nothing, asks nobody. Registers of the core and of devices are shown alike.

import type { BankSelection, DeviceRegister } from '../../bus/registerTable.ts'
import { interruptName } from '../../isa/interrupts.ts'
import { type Field, fieldValue, flagsSet, isFlag, type Register } from '../../isa/register.ts'
import type { Snapshot } from '../../protocol/messages.ts'
import { hex, hex32 } from '../../util/hex.ts'
import { forMarkdown, forTitle } from '../../util/plainText.ts'

export interface RegisterRow {
  /** Stays the same from stop to stop, so that an opened row stays open. */
  readonly id: string
  readonly name: string
  /** What stands beside the name: the value, then what it means. */
  readonly text: string
  /** The bare value, to be copied. */
  readonly value: string
  /** What an expression calls it, if it can be set, and its value as an expression. */
  readonly expression?: string
  readonly literal?: string
  /** Of one bit: what is written at a click, so that it becomes the other. */
  readonly toggled?: string
  /** What writing does, where it does not simply put the value there. */
  readonly onWrite?: string
  /** Of a register of the core: by this name it stands at the top, or can be put there. */
  readonly pin?: { readonly name: string; readonly isPinned: boolean }
  /** Different from what it was at the stop before. */
  readonly changed: boolean
  /** Of a comparator: whether a breakpoint has it. */
  readonly slot?: 'held' | 'free'
  /** Markdown. */
  readonly tooltip: string
  /** The whole row in words, for a screen reader. */
  readonly spoken: string
  readonly children: readonly RegisterRow[]
}

export type RegisterFormat = 'hexadecimal' | 'decimal' | 'binary'
export const REGISTER_FORMATS: readonly RegisterFormat[] = ['hexadecimal', 'decimal', 'binary']

/** What is written as a number of so many bits. A word in decimal has a sign. */
function shownAs(format: RegisterFormat, value: number, width: number): string {
  if (format === 'decimal') return String(width === 32 ? value | 0 : value)
  if (format === 'hexadecimal') return hex(value >>> 0, width / 4)
  const digits = (value >>> 0).toString(2).padStart(width, '0')
  return digits.replace(/.{4}(?=.)/g, '$& ')
}

/** A heading with what changed under it. */
export function groupRow(name: string, what: string, children: readonly RegisterRow[]): RegisterRow {
  const changes = children.filter(({ changed }) => changed).length
  const text = join([what, changes ? `${changes} changed` : ''])
  const spoken = spokenOf([name, what, `${children.length} registers`, changes ? `${changes} changed` : ''], '')
  return { id: name, name, text, value: '', changed: changes > 0, tooltip: '', spoken, children }
}

/** Which register a row is of, and how it is called there. */
export interface RowSubject {
  /** In snapshots and expressions. */
  readonly name: string
  /** In the view, where a heading says the rest. */
  readonly label?: string
  readonly register: Register | DeviceRegister | undefined
  /** Said where its bits say nothing. */
  readonly text?: string
  /** Said beside all else. */
  readonly remark?: string
}

export function registerRow(
  { name, label = name, register, text = '', remark = '' }: RowSubject,
  now: Snapshot,
  before: Snapshot | undefined,
  format: RegisterFormat,
): RegisterRow {
  const shown = (number: number): string => shownAs(format, number, register?.width ?? 32)
  const value = now.registers[name]
  const expression = (register?.writable ?? true) ? { expression: `$${name}` } : {}
  const onWrite = register && writingSays(register)
  const beside = { ...expression, ...(onWrite && { onWrite }) }
  if (value === undefined) {
    const why = register ? absence(register) : ''
    const tooltip = registerTooltip(name, register, undefined, [why, onWrite ?? ''])
    const row = { id: name, name: label, text: join([why, text]), value: '', changed: false, tooltip }
    return { ...row, ...beside, literal: '0', spoken: spokenOf([label, why, text], ''), children: [] }
  }
  const old = before?.registers[name] ?? value
  const changed = old !== value
  const was = changed ? `was ${shown(old)}` : ''
  const slot = now.slots.find(candidate => candidate.name === name)
  const meaning = slot ? forTitle(slot.heldBy ?? 'free') : flagsOf(register, value) || inWords(name) || text
  const place = slot ? '' : forTitle(now.places[name] ?? '')
  return {
    id: name,
    name: label,
    text: join([shown(value), place, remark, meaning, was]),
    value: shown(value),
    ...beside,
    ...('expression' in beside && { literal: shownAs('hexadecimal', value, register?.width ?? 32) }),
    changed,
    ...(slot && { slot: slot.heldBy === undefined ? 'free' : 'held' }),
    tooltip: registerTooltip(name, register, value, [
      forMarkdown(meaning),
      remark,
      onWrite ?? '',
      was,
      partiesTable(name, now),
    ]),
    spoken: spokenOf([label, shown(value), place, remark, meaning], was),
    children: register ? fieldRows(name, register, value, old) : [],
  }
}

const WRITTEN = {
  plain: undefined,
  oneToClear: 'Bits written as 1 are cleared, the others stay.',
  oneToSet: 'Bits written as 1 are set, the others stay.',
} as const

const writingSays = ({ write }: Register): string | undefined => WRITTEN[write]

/** Why a register has no value. */
function absence(register: Register | DeviceRegister): string {
  if (!register.readable) return 'only written'
  const selection = 'onlyWhile' in register ? register.onlyWhile : undefined
  return selection ? `there while ${selected(selection)}` : ''
}

const selected = ({ register, field, value }: BankSelection): string => `${register}[${field}] is ${value}`

/** `IVOR6`: whose vector it is. */
function inWords(name: string): string {
  const ivor = /^IVOR(\d+)$/.exec(name)?.[1]
  return ivor === undefined ? '' : interruptName(Number(ivor))
}

/** Names of the one-bit fields that are on: what DBCR0 or MSR says at a glance. */
function flagsOf(register: Register | undefined, value: number): string {
  return register === undefined ? '' : flagsSet(register, value).join(' ')
}

function fieldRows(full: string, register: Register, value: number, old: number): readonly RegisterRow[] {
  const { writable, write } = register
  return Object.entries(register.fields).map(([name, field]) => {
    const { bits, text, values } = field
    const current = fieldValue(register, value, name)
    const former = fieldValue(register, old, name)
    const changed = former !== current
    const was = changed ? `was ${former}` : ''
    const shown = values?.[current] === undefined ? `${current}` : `${current} = ${values[current]}`
    const place = isFlag(field) ? `bit ${bits[0]}` : `bits ${bits[0]}–${bits[1]}`
    const toggled = writable && isFlag(field) ? otherOf(current, write) : undefined
    const onWrite = { plain: '', oneToClear: 'Written as 1 it is cleared.', oneToSet: 'Written as 1 it is set.' }[write]
    return {
      id: `${full}.${name}`,
      name,
      text: join([shown, text, was]),
      value: `${current}`,
      ...(writable && { expression: `$${full}.${name}`, literal: `${current}` }),
      ...(toggled !== undefined && { toggled }),
      ...(onWrite && { onWrite }),
      changed,
      tooltip: paragraphs([
        `**${full}[${name}]**, ${place}: ${text}`,
        values ? valueList(values, current) : '',
        onWrite,
      ]),
      spoken: spokenOf([name, shown, text], was),
      children: [],
    }
  })
}

/** What is to be written, so that a bit becomes the other; undefined where no write does that. */
function otherOf(current: number, write: Register['write']): string | undefined {
  if (write === 'plain') return current === 1 ? '0' : '1'
  return (write === 'oneToClear') === (current === 1) ? '1' : undefined
}

function valueList(values: NonNullable<Field['values']>, current: number): string {
  return Object.entries(values)
    .map(([value, meaning]) => (Number(value) === current ? `- **${value}: ${meaning}**` : `- ${value}: ${meaning}`))
    .join('\n')
}

function registerTooltip(
  name: string,
  register: Register | DeviceRegister | undefined,
  value: number | undefined,
  remarks: readonly string[],
): string {
  const { number, text, page, width = 32 } = register ?? {}
  const bits = value === undefined ? '' : shownAs('binary', value, width)
  const onRead = register && 'onRead' in register ? register.onRead : undefined
  return paragraphs([
    `**${name}**${text ? `, ${text}` : ''}${number === undefined ? '' : ` (SPR ${number})`}`,
    value === undefined ? '' : `\`${shownAs('hexadecimal', value, width)}\` = \`${bits}\``,
    ...remarks,
    onRead ? `The program’s read ${onRead}; looking here does not.` : '',
    page ? `*${page.replace(/^UM p\./, "PPC440x5 user's manual, page ")}*` : '',
  ])
}

/** While a debugger has the facility, the same register is not the same for everybody. */
function partiesTable(name: string, { parties }: Snapshot): string {
  const party = parties.find(each => each.name === name)
  if (party?.debugger === undefined) return ''
  const rows = [
    ['the program reads', party.guest],
    ['the debugger asked for', party.debugger],
    ['while the program runs', party.running],
    ['the host kernel has', party.host],
  ] as const
  return ['| | |', '|---|---|', ...rows.map(([who, value]) => `| ${who} | \`${hex32(value)}\` |`)].join('\n')
}

const join = (parts: readonly string[]) => parts.filter(Boolean).join(' · ')
const paragraphs = (parts: readonly string[]) => parts.filter(Boolean).join('\n\n')
const spokenOf = (parts: readonly string[], was: string) =>
  [...parts, was && `changed, ${was}`].filter(Boolean).join(', ')
