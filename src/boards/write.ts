// A description as the text of a file: what a device tree has become, for a person to go on with.

import { toBase64 } from '../util/base64.ts'
import {
  type AliasDescription,
  type BoardDescription,
  type DeviceDescription,
  type InterruptInput,
  MEMORY_MEMBERS,
  type MemoryDescription,
  type OptionValue,
} from './description.ts'

export function writeBoard({ devices, memories, aliases = [], ...board }: BoardDescription): string {
  const members = Object.entries(board).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
  for (const [name, isWritable] of MEMORY_MEMBERS) {
    const rows = memories.filter(each => each.isWritable === isWritable)
    if (rows.length > 0) members.push(list(name, rows.map(memoryMember)))
  }
  if (aliases.length > 0) members.push(list('aliases', aliases.map(aliasMember)))
  return `{\n  ${[...members, list('devices', devices.map(memberOf))].join(',\n  ')}\n}\n`
}

function list(name: string, rows: readonly object[]): string {
  return `"${name}": [\n${rows.map(row => `    ${oneLine(row)}`).join(',\n')}\n  ]`
}

/** What it holds stands in the text itself: whoever reads it need not have the file. */
const memoryMember = ({ name, base, size, chip, cold, file, contents }: MemoryDescription): object => ({
  ...{ name, base: address(base), size },
  ...(chip !== undefined && { chip }),
  ...(cold && { cold }),
  ...(file !== undefined && { file }),
  ...(contents && { base64: toBase64(contents) }),
})

const aliasMember = ({ name, base, size, of }: AliasDescription): object => ({
  ...{ name, base: address(base), size, of: address(of) },
})

function memberOf({
  name,
  type,
  base,
  dcr,
  i2c,
  interrupts,
  options,
}: DeviceDescription): Readonly<Record<string, unknown>> {
  return {
    ...{ name, type },
    ...(base !== undefined && { base: address(base) }),
    ...(dcr !== undefined && { dcr: address(dcr) }),
    ...(i2c && { i2c: `${i2c.controller}:${address(i2c.address)}` }),
    ...(interrupts.length > 0 && { interrupts: interrupts.map(inputText) }),
    ...Object.fromEntries(Object.entries(options).map(([option, value]) => [option, optionOf(value)])),
  }
}

const address = (value: number): string => `0x${value.toString(16)}`
const inputText = (to: InterruptInput): string => (typeof to === 'string' ? to : `${to.controller}:${to.input}`)
const optionOf = (value: OptionValue): unknown => (typeof value === 'number' && value > 9 ? address(value) : value)
const oneLine = (value: object): string =>
  JSON.stringify(value, null, 1)
    .replace(/\n\s*/g, ' ')
    .replace(/([[]) | (\])/g, '$1$2')
