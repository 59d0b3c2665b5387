// The register view as data: a snapshot (and the one of the stop before) in, rows out. Draws nothing, asks nobody.

import { interruptName } from '../../isa/interrupts.ts'
import { type Field, fieldValue, flagsSet, isFlag, type Register } from '../../isa/register.ts'
import { REGISTER_GROUPS } from '../../isa/registerGroups.ts'
import { registerByName } from '../../isa/registers.ts'
import type { Snapshot } from '../../protocol/messages.ts'
import { hex32 } from '../../util/hex.ts'
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
  /** One bit: it is set or cleared at a click. */
  readonly isFlag?: boolean
  /** What writing does, where it does not simply put the value there. */
  readonly onWrite?: string
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

const FORMATS = {
  hexadecimal: hex32,
  decimal: (value: number) => String(value | 0),
  binary: (value: number) => inBinary(value),
} as const
export type RegisterFormat = keyof typeof FORMATS
export const REGISTER_FORMATS = Object.keys(FORMATS) as readonly RegisterFormat[]

/** The debug facility comes first and lies open; the rest is gathered in groups. Only what a snapshot has is shown. */
const [FACILITY, ...GROUPS] = REGISTER_GROUPS

export function registerRows(
  now: Snapshot,
  before?: Snapshot,
  format: RegisterFormat = 'hexadecimal',
): readonly RegisterRow[] {
  const rows = (names: readonly string[]) =>
    names.filter(name => name in now.registers).map(name => registerRow(name, now, before, FORMATS[format]))
  return [
    ...rows(FACILITY.names),
    ...GROUPS.map(({ title, names }) => groupRow(title, rows(names))).filter(({ children }) => children.length > 0),
  ]
}

function groupRow(name: string, children: readonly RegisterRow[]): RegisterRow {
  const changes = children.filter(({ changed }) => changed).length
  const text = changes ? `${changes} changed` : ''
  const spoken = `${name}, ${children.length} registers${changes ? `, ${changes} changed` : ''}`
  return { id: name, name, text, value: '', changed: changes > 0, tooltip: '', spoken, children }
}

function registerRow(
  name: string,
  now: Snapshot,
  before: Snapshot | undefined,
  shown: (value: number) => string,
): RegisterRow {
  const register = registerByName(name)
  const value = now.registers[name]!
  const old = before?.registers[name] ?? value
  const changed = old !== value
  const was = changed ? `was ${shown(old)}` : ''
  const slot = now.slots.find(candidate => candidate.name === name)
  const meaning = slot ? forTitle(slot.heldBy ?? 'free') : flags(register, value) || inWords(name)
  const place = slot ? '' : forTitle(now.places[name] ?? '')
  const onWrite = register?.write === 'oneToClear' ? 'Bits written as 1 are cleared, as mtspr does.' : undefined
  return {
    id: name,
    name,
    text: join([shown(value), place, meaning, was]),
    value: shown(value),
    ...((register?.writable ?? true) && { expression: `$${name}`, literal: hex32(value) }),
    ...(onWrite && { onWrite }),
    changed,
    ...(slot && { slot: slot.heldBy === undefined ? 'free' : 'held' }),
    tooltip: registerTooltip(name, register, value, [
      forMarkdown(meaning),
      onWrite ?? '',
      was,
      partiesTable(name, now),
    ]),
    spoken: spokenOf([name, shown(value), place, meaning], was),
    children: register ? fieldRows(register, value, old) : [],
  }
}

/** `IVOR6`: whose vector it is. */
function inWords(name: string): string {
  const ivor = /^IVOR(\d+)$/.exec(name)?.[1]
  return ivor === undefined ? '' : interruptName(Number(ivor))
}

/** Names of the one-bit fields that are on: what DBCR0 or MSR says at a glance. */
function flags(register: Register | undefined, value: number): string {
  return register === undefined ? '' : flagsSet(register, value).join(' ')
}

function fieldRows(register: Register, value: number, old: number): readonly RegisterRow[] {
  return Object.entries(register.fields).map(([name, field]) => {
    const { bits, text, values } = field
    const current = fieldValue(register, value, name)
    const former = fieldValue(register, old, name)
    const changed = former !== current
    const was = changed ? `was ${former}` : ''
    const shown = values?.[current] === undefined ? `${current}` : `${current} = ${values[current]}`
    const place = isFlag(field) ? `bit ${bits[0]}` : `bits ${bits[0]}–${bits[1]}`
    return {
      id: `${register.name}.${name}`,
      name,
      text: join([shown, text, was]),
      value: `${current}`,
      ...(register.writable && { expression: `$${register.name}.${name}`, literal: `${current}` }),
      ...(register.writable && isFlag(field) && { isFlag: true }),
      ...(register.write === 'oneToClear' && { onWrite: 'Written as 1 it is cleared, as mtspr does.' }),
      changed,
      tooltip: paragraphs([
        `**${register.name}[${name}]**, ${place}: ${text}`,
        values ? valueList(values, current) : '',
      ]),
      spoken: spokenOf([name, shown, text], was),
      children: [],
    }
  })
}

function valueList(values: NonNullable<Field['values']>, current: number): string {
  return Object.entries(values)
    .map(([value, meaning]) => (Number(value) === current ? `- **${value}: ${meaning}**` : `- ${value}: ${meaning}`))
    .join('\n')
}

function registerTooltip(name: string, register: Register | undefined, value: number, remarks: string[]): string {
  const { number, text, page } = register ?? {}
  const binary = inBinary(value)
  return paragraphs([
    `**${name}**${text ? `, ${text}` : ''}${number === undefined ? '' : ` (SPR ${number})`}`,
    `\`${hex32(value)}\` = \`${binary}\``,
    ...remarks,
    page ? `*${page.replace(/^UM p\./, "PPC440x5 user's manual, page ")}*` : '',
  ])
}

const inBinary = (value: number): string =>
  (value >>> 0)
    .toString(2)
    .padStart(32, '0')
    .replace(/.{4}(?=.)/g, '$& ')

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
