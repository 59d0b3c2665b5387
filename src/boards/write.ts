// A description as the text of a file: what a device tree has become, for a person to go on with.

import type { BoardDescription, DeviceDescription, InterruptInput, OptionValue } from './description.ts'

export function writeBoard({ devices, ...board }: BoardDescription): string {
  const members = Object.entries(board).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`)
  const rows = devices.map(device => `    ${oneLine(memberOf(device))}`)
  return `{\n${members.join('')}  "devices": [\n${rows.join(',\n')}\n  ]\n}\n`
}

function memberOf({
  name,
  type,
  base,
  dcr,
  interrupts,
  options,
}: DeviceDescription): Readonly<Record<string, unknown>> {
  return {
    ...{ name, type },
    ...(base !== undefined && { base: address(base) }),
    ...(dcr !== undefined && { dcr: address(dcr) }),
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
