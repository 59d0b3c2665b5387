// Writes schemas/board.json, by which the editor completes and explains the file of a board, from the tables that boards
// are read by. `npm run generate` does it; a test compares.

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CORE_NAMES, CORES } from '../src/boards/cores.ts'
import { DEVICE_KINDS, type DeviceKind, type OptionRow } from '../src/boards/deviceKinds.ts'
import { FLASH_CHIPS } from '../src/devices/flashChips.ts'

type Schema = Readonly<Record<string, unknown>>

const text = (description: string): Schema => ({ type: 'string', minLength: 1, description })

/** Numbers are written as such, or as text: hexadecimal, or with a unit. */
const number = (description: string): Schema => ({
  oneOf: [
    { type: 'integer', minimum: 0 },
    { type: 'string', pattern: '^(0[xX][0-9a-fA-F]{1,10}|\\d{1,15}[KMG]?)$' },
  ],
  description,
})

const record = (properties: Readonly<Record<string, Schema>>, required: readonly string[]): Schema => ({
  ...{ type: 'object', properties, required },
  additionalProperties: false,
})

const RULES = {
  type: 'array',
  items: record(
    {
      at: number('where, from the beginning of the stub'),
      read: {
        oneOf: [number(''), { type: 'array', items: number('') }],
        description: 'what is read; of a list one after the other, the last stays',
      },
      readToClear: { type: 'boolean', description: 'reading leaves 0 behind' },
    },
    ['at'],
  ),
}

function optionOf({ kind, text: description }: OptionRow): Schema {
  if (kind === 'rules') return { ...RULES, description }
  if (kind === 'values') return { type: 'object', additionalProperties: number(''), description }
  return kind === 'number' ? number(description) : text(description)
}

function deviceOf([type, kind]: readonly [string, DeviceKind]): Schema {
  const { place, options, outputs } = kind
  const base = number('real address of its first register, up to 36 bits')
  const dcr = number('number of its first device control register')
  const i2c = {
    ...{ type: 'string', pattern: '^\\w+:(0[xX][0-9a-fA-F]{1,2}|\\d{1,3})$' },
    description: 'where it is on an I²C bus: "IIC0:0x50"',
  }
  const properties = {
    name: text('stands before the names of its registers'),
    type: { const: type, description: kind.text },
    ...((place === 'bus' || place === 'either') && { base }),
    ...((place === 'dcr' || place === 'either') && { dcr }),
    ...(place === 'i2c' && { i2c }),
    interrupts: {
      type: 'array',
      maxItems: outputs.length,
      items: { type: 'string', pattern: '^(external|critical|\\w+:\\d{1,3})$' },
      description: `where its outputs lead (${outputs.join(', ') || 'it has none'}): "NAME:n", "external" or "critical"`,
    },
    ...Object.fromEntries(Object.entries(options).map(([name, row]) => [name, optionOf(row)])),
  }
  const wanted = Object.entries(options).flatMap(([name, { isRequired }]) => (isRequired === true ? name : []))
  return record(properties, [
    'name',
    'type',
    ...(place === 'either' ? [] : [place === 'bus' ? 'base' : place]),
    ...wanted,
  ])
}

/** The kind decides what else there is: so a completion offers what fits, and a mistake is said of one kind. */
function devices(): Schema {
  const kinds = Object.entries(DEVICE_KINDS)
  const types = {
    type: 'string',
    enum: kinds.map(([name]) => name),
    enumDescriptions: kinds.map(([, kind]) => kind.text),
    description: 'what it is',
  }
  return {
    type: 'array',
    items: {
      type: 'object',
      properties: { type: types },
      required: ['type'],
      allOf: kinds.map(each => ({
        if: { properties: { type: { const: each[0] } }, required: ['type'] },
        // biome-ignore lint/suspicious/noThenProperty: what JSON schema calls it.
        then: deviceOf(each),
      })),
    },
    description: 'what is around the core',
  }
}

export function boardSchema(): Schema {
  const span = {
    name: text('what it is called'),
    base: number('real address, a multiple of 64K'),
    size: number('a multiple of 64K'),
  }
  const alias = record({ ...span, of: number('real address of what is there once more, a multiple of 64K') }, [
    'name',
    'base',
    'size',
    'of',
  ])
  const contents = {
    file: text('what it holds, by its path from the folder of this file'),
    base64: text('what it holds, in the file itself'),
  }
  const cold = { type: 'boolean', description: 'there after a cold reset only' }
  const required = ['name', 'base', 'size']
  const chip = {
    ...{
      type: 'string',
      enum: Object.keys(FLASH_CHIPS),
      enumDescriptions: Object.values(FLASH_CHIPS).map(({ text }) => text),
    },
    description: 'the flash chips that it is made of: it can be programmed',
  }
  const ram = record({ ...span, ...contents, cold }, required)
  const keep = { type: 'boolean', description: 'what is programmed is written to the file: at the end, or when asked' }
  const rom = record({ ...span, ...contents, cold, chip, keep }, required)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A board for a PowerPC 440',
    ...record(
      {
        $schema: { type: 'string' },
        name: text('what the board is called'),
        text: text('what it is, for people'),
        core: {
          ...{ type: 'string', enum: CORE_NAMES, enumDescriptions: CORE_NAMES.map(name => CORES[name].text) },
          ...{ default: '440ep', description: 'they differ in PVR and floating point' },
        },
        clock: { ...number('of core and time base, in Hz'), default: 400_000_000 },
        ram: number('size of RAM, from address 0: "64M"'),
        roms: { type: 'array', items: rom, description: 'memory that stores do not change' },
        moreRam: { type: 'array', items: ram, description: 'RAM elsewhere than from address 0, as SRAM of a board' },
        aliases: { type: 'array', items: alias, description: 'where memory is once more' },
        elsewhere: {
          ...{ type: 'string', enum: ['machineCheck', 'stub'], default: 'machineCheck' },
          description:
            'what answers where nothing is: a machine check, or what was written last, told once for each place',
        },
        devices: devices(),
      },
      ['name', 'ram', 'devices'],
    ),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(
    fileURLToPath(new URL('../schemas/board.json', import.meta.url)),
    `${JSON.stringify(boardSchema(), null, 2)}\n`,
  )
