// The register view as data: a snapshot (and the one of the stop before) in, rows out. Draws nothing, asks nobody.

import { registerByName } from '../../isa/registers.ts'
import type { Snapshot } from '../../protocol/messages.ts'
import { hex32 } from '../../util/hex.ts'

export interface Row {
  /** Stays the same from stop to stop, so that an opened row stays open. */
  readonly id: string
  readonly name: string
  /** What stands beside the name: the value, then what it means. */
  readonly text: string
  /** The bare value, to be copied. */
  readonly value: string
  /** Different from what it was at the stop before. */
  readonly changed: boolean
  /** Of a comparator: whether a breakpoint has it. */
  readonly slot?: 'held' | 'free'
  /** Markdown. */
  readonly tooltip: string
  /** The whole row in words, for a screen reader. */
  readonly spoken: string
  readonly children: readonly Row[]
}

/** The debug facility comes first and lies open; the rest is gathered in groups. Only what a snapshot has is shown. */
const FACILITY = [
  ...['DBCR0', 'DBCR1', 'DBCR2', 'DBSR', 'IAC1', 'IAC2', 'IAC3', 'IAC4', 'DAC1', 'DAC2', 'DVC1', 'DVC2'],
  ...['MSR', 'CSRR0', 'CSRR1', 'SRR0', 'SRR1'],
]
const GENERAL = [...Array.from({ length: 32 }, (_, n) => `r${n}`), 'PC', 'CR', 'XER', 'LR', 'CTR']
const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ['General purpose', GENERAL],
  [
    'Interrupts',
    ['ESR', 'DEAR', 'MCSR', 'MCSRR0', 'MCSRR1', 'IVPR', ...Array.from({ length: 16 }, (_, n) => `IVOR${n}`)],
  ],
  ['Timers', ['TBU', 'TBL', 'DEC', 'DECAR', 'TCR', 'TSR']],
  ['Memory management', ['PID', 'MMUCR']],
]

export function registerRows(now: Snapshot, before?: Snapshot): readonly Row[] {
  const rows = (names: readonly string[]) =>
    names.filter(name => name in now.registers).map(name => registerRow(name, now, before))
  const placed = new Set([...FACILITY, ...GROUPS.flatMap(([, names]) => names)])
  const others = Object.keys(now.registers).filter(name => !placed.has(name))
  return [
    ...rows(FACILITY),
    ...[...GROUPS, ['Others', others] as const]
      .map(([title, names]) => groupRow(title, rows(names)))
      .filter(({ children }) => children.length > 0),
  ]
}

function groupRow(name: string, children: readonly Row[]): Row {
  const changes = children.filter(({ changed }) => changed).length
  const text = changes ? `${changes} changed` : ''
  const spoken = `${name}, ${children.length} registers${changes ? `, ${changes} changed` : ''}`
  return { id: name, name, text, value: '', changed: changes > 0, tooltip: '', spoken, children }
}

function registerRow(name: string, now: Snapshot, before: Snapshot | undefined): Row {
  const value = now.registers[name]!
  const old = before?.registers[name]
  const changed = old !== undefined && old !== value
  const children = fieldRows(name, value, old)
  const slot = now.slots.find(candidate => candidate.name === name)
  const meaning = slot ? (slot.heldBy ?? 'free') : setBits(name, value)
  const was = changed ? `was ${hex32(old)}` : ''
  return {
    id: name,
    name,
    text: join([hex32(value), meaning, was]),
    value: hex32(value),
    changed,
    ...(slot && { slot: slot.heldBy === undefined ? 'free' : 'held' }),
    tooltip: registerTooltip(name, value, meaning, was),
    spoken: [name, hex32(value), meaning, was && `changed, ${was}`].filter(Boolean).join(', '),
    children,
  }
}

const join = (parts: readonly string[]) => parts.filter(Boolean).join(' · ')

/** Names of the one-bit fields that are on: what DBCR0 or MSR says at a glance. */
function setBits(name: string, value: number): string {
  return fieldsOf(name)
    .filter(([, { bits }]) => bits[0] === bits[1] && extract(value, bits) === 1)
    .map(([field]) => field)
    .join(' ')
}

function fieldRows(register: string, value: number, old: number | undefined): readonly Row[] {
  return fieldsOf(register).map(([name, { bits, text, values }]) => {
    const field = extract(value, bits)
    const was = old === undefined ? field : extract(old, bits)
    const changed = was !== field
    const meaning = values?.[field]
    const shown = meaning === undefined ? `${field}` : `${field} = ${meaning}`
    const change = changed ? `was ${was}` : ''
    const place = bits[0] === bits[1] ? `bit ${bits[0]}` : `bits ${bits[0]}–${bits[1]}`
    return {
      id: `${register}.${name}`,
      name,
      text: join([shown, text, change]),
      value: `${field}`,
      changed,
      tooltip: `**${register}[${name}]**, ${place}: ${text}${values ? `\n\n${valueTable(values, field)}` : ''}`,
      spoken: [name, shown, text, change && `changed, ${change}`].filter(Boolean).join(', '),
      children: [],
    }
  })
}

function valueTable(values: Readonly<Record<number, string>>, current: number): string {
  return Object.entries(values)
    .map(([value, meaning]) => (Number(value) === current ? `- **${value}: ${meaning}**` : `- ${value}: ${meaning}`))
    .join('\n')
}

function registerTooltip(name: string, value: number, meaning: string, was: string): string {
  const row = registerByName.get(name)
  const number = row?.number === undefined ? '' : ` (SPR ${row.number})`
  const head = `**${name}**${number}: \`${hex32(value)}\`${was && `, ${was}`}`
  const bits = `\`${(value >>> 0)
    .toString(2)
    .padStart(32, '0')
    .replace(/(.{4})(?!$)/g, '$1 ')}\``
  const page = row?.page ? `PPC440x5 user's manual, p. ${row.page}` : ''
  return [head, meaning, bits, page].filter(Boolean).join('\n\n')
}

type Field = {
  readonly bits: readonly [number, number]
  readonly text: string
  readonly values?: Readonly<Record<number, string>>
}

const fieldsOf = (register: string): readonly (readonly [string, Field])[] =>
  Object.entries<Field>(registerByName.get(register)?.fields ?? {})

/** IBM numbering: bit 0 is the most significant of 32. */
function extract(value: number, [from, to]: readonly [number, number]): number {
  const width = to - from + 1
  return (value >>> (31 - to)) & (width === 32 ? -1 : (1 << width) - 1)
}
