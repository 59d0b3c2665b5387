// The file of a board: read, and checked so that a board can be built of it. What is wrong is said with its line.

import { Bus, DcrSpace } from '../bus/bus.ts'
import { CLOCK_HZ } from '../cpu/timers.ts'
import { FLASH_CHIPS } from '../devices/flashChips.ts'
import type { I2cBus } from '../devices/i2c/bus.ts'
import type { StubRule } from '../devices/stub.ts'
import { fromBase64 } from '../util/base64.ts'
import { beneath } from '../util/beneath.ts'
import { type JsonMember, type JsonPlace, JsonProblem, type JsonValue, readJson } from '../util/jsonText.ts'
import { nearest } from '../util/likeness.ts'
import { RAM_SIZES, ramSizeOf } from '../util/ramSize.ts'
import { UserError } from '../util/userError.ts'
import { CORE_NAMES } from './cores.ts'
import {
  type AliasDescription,
  type BoardDescription,
  type DeviceDescription,
  type I2cPlace,
  type InterruptInput,
  MEMORY_MEMBERS,
  MEMORY_STEP,
  type MemoryDescription,
  MOST_MEMORY_REGION,
  type NamedValues,
  type OptionValue,
} from './description.ts'
import { type BoardPlace, DEVICE_KINDS, type DeviceKind, type OptionRow } from './deviceKinds.ts'

const MOST_CLOCK = 10_000_000_000
const MOST_DEVICES = 1000
const MOST_DCR = 0x3ff
const MOST_ADDRESS = 2 ** 36 - 1
const MOST_MEMORY = 1280 << 20
const NAME = /^[A-Za-z]\w{0,31}$/

/**
 * @param file its name, for what is said of it
 * @throws UserError that begins with file, line and column
 */
export function readBoard(text: string, file: string): BoardDescription {
  try {
    return boardOf(readJson(text))
  } catch (problem) {
    if (!(problem instanceof JsonProblem)) throw problem
    const { line, column } = problem.at
    const advice = 'docs/boards.md says what a board may have'
    throw new UserError('board', `${file}:${line}:${column}: ${problem.message}`, advice)
  }
}

function boardOf(value: JsonValue): BoardDescription {
  const board = new Members(value, 'a board', [
    '$schema',
    'name',
    'text',
    'core',
    'clock',
    'ram',
    ...MEMORY_MEMBERS.map(([name]) => name),
    'aliases',
    'elsewhere',
    'devices',
  ])
  const name = board.text('name')
  const ram = board.required('ram')
  const ramSize = 'value' in ram.value ? ramSizeOf(ram.value.value) : undefined
  if (ramSize === undefined) throw new JsonProblem(`"ram" is ${RAM_SIZES}`, ram.value)
  const memories = MEMORY_MEMBERS.flatMap(([name, isWritable]) =>
    board.has(name) ? board.list(name).map(value => memoryOf(value, isWritable)) : [],
  )
  const aliases = board.has('aliases') ? board.list('aliases').map(aliasOf) : []
  const devices = board.list('devices').map(deviceOf)
  if (devices.length > MOST_DEVICES) throw new JsonProblem(`more than ${MOST_DEVICES} devices`, value)
  const description: BoardDescription = {
    name,
    text: board.has('text') ? board.text('text') : name,
    core: board.has('core') ? board.oneOf('core', CORE_NAMES) : '440ep',
    clock: board.has('clock') ? board.number('clock', 1, MOST_CLOCK) : CLOCK_HZ,
    ram: ramSize,
    elsewhere: board.has('elsewhere') ? board.oneOf('elsewhere', ['machineCheck', 'stub']) : 'machineCheck',
    memories: memories.map(({ memory }) => memory),
    ...(aliases.length > 0 && { aliases: aliases.map(({ memory }) => memory) }),
    devices: devices.map(({ device }) => device),
  }
  const all = [...memories, ...aliases]
  checkNames([...all.map(({ memory, at }) => ({ device: memory, at })), ...devices])
  checkMemories(all, ramSize)
  checkAliases(aliases, description)
  checkPlaces(devices, description)
  checkInterrupts(devices)
  return description
}

/** A device, and where it stands in the file. */
interface ReadDevice {
  readonly device: DeviceDescription
  readonly at: JsonPlace
  /** Where each of its interrupts stands. */
  readonly interruptsAt: readonly JsonPlace[]
}

interface ReadMemory<Memory = MemoryDescription> {
  readonly memory: Memory
  readonly at: JsonPlace
}

function memoryOf(value: JsonValue, isWritable: boolean): ReadMemory {
  const members = new Members(value, isWritable ? 'RAM' : 'a ROM', [
    ...['name', 'base', 'size', 'file', 'base64', 'cold', ...(isWritable ? [] : ['chip', 'keep'])],
  ])
  const size = members.number('size', MEMORY_STEP, MOST_MEMORY_REGION)
  if (size % MEMORY_STEP !== 0) throw new JsonProblem('"size" is a multiple of 64K', value)
  const contents = members.has('base64') ? fromBase64(members.text('base64', MOST_MEMORY_REGION * 2)) : undefined
  if (members.has('base64') && contents === undefined)
    throw new JsonProblem('"base64" is what base64 makes of bytes', value)
  const isKept = members.has('keep') && members.truth('keep')
  // Whatever system the folder is on.
  if (isKept && !(members.has('chip') && members.has('file') && beneath('', members.text('file'))?.length))
    throw new JsonProblem('"keep" is for flash, with a "chip" and a "file" in the folder of the board or below', value)
  return {
    memory: {
      name: nameOf(members, value),
      isWritable,
      ...{ base: members.number('base', 0, MOST_ADDRESS), size },
      ...(members.has('chip') && { chip: members.oneOf('chip', Object.keys(FLASH_CHIPS)) }),
      ...(members.has('cold') && members.truth('cold') && { cold: true }),
      ...(members.has('file') && { file: members.text('file') }),
      ...(isKept && { keep: true }),
      ...(contents && { contents }),
    },
    at: value,
  }
}

function aliasOf(at: JsonValue): ReadMemory<AliasDescription> {
  const members = new Members(at, 'an alias', ['name', 'base', 'size', 'of'])
  const name = nameOf(members, at)
  const size = members.number('size', MEMORY_STEP, MOST_MEMORY_REGION)
  if (size % MEMORY_STEP !== 0) throw new JsonProblem('"size" is a multiple of 64K', at)
  const [base, of] = [members.number('base', 0, MOST_ADDRESS), members.number('of', 0, MOST_ADDRESS)]
  return { memory: { name, base, size, of }, at }
}

function nameOf(members: Members, at: JsonPlace): string {
  const name = members.text('name')
  if (NAME.test(name)) return name
  throw new JsonProblem('"name" begins with a letter and has letters, digits and _, at most 32', at)
}

const COMMON = ['name', 'type', 'base', 'dcr', 'i2c', 'interrupts']

function deviceOf(value: JsonValue): ReadDevice {
  const type = new Members(value, 'a device').oneOf('type', Object.keys(DEVICE_KINDS))
  const kind = DEVICE_KINDS[type]!
  const members = new Members(value, `a device of type "${type}"`, [...COMMON, ...Object.keys(kind.options)])
  const name = nameOf(members, value)
  const interrupts = members.has('interrupts') ? members.list('interrupts') : []
  if (interrupts.length > kind.outputs.length) {
    const has = kind.outputs.length === 0 ? 'none' : `${kind.outputs.length} (${kind.outputs.join(', ')})`
    throw new JsonProblem(`${interrupts.length} "interrupts" are given, and a "${type}" has ${has}`, value)
  }
  return {
    device: {
      ...{ name, type },
      ...placeOf(members, kind, value),
      interrupts: interrupts.map(inputOf),
      options: optionsOf(members, kind.options),
    },
    at: value,
    interruptsAt: interrupts,
  }
}

type GivenPlace = Pick<DeviceDescription, 'base' | 'dcr' | 'i2c'>

function placeOf(members: Members, { place }: DeviceKind, at: JsonPlace): GivenPlace {
  if (members.has('i2c') !== (place === 'i2c'))
    throw new JsonProblem(
      place === 'i2c'
        ? `"i2c" is wanted: ${I2C_PLACE}`
        : '"i2c" is of no use here: it has registers of its own on the bus',
      at,
    )
  if (place === 'i2c') {
    const taken = ['base', 'dcr'].find(name => members.has(name))
    if (taken !== undefined) throw new JsonProblem(`"${taken}" is of no use here: it is on an I²C bus, with "i2c"`, at)
    return { i2c: i2cOf(members.required('i2c').value) }
  }
  const [onBus, onDcr] = [members.has('base'), members.has('dcr')]
  if (place === 'either' && onBus === onDcr)
    throw new JsonProblem('either "base" (its address) or "dcr" (its first number) is wanted', at)
  if (place === 'bus' && onDcr) throw new JsonProblem('"dcr" is of no use here: it is on the bus, with "base"', at)
  if (place === 'dcr' && onBus) throw new JsonProblem('"base" is of no use here: it has device control registers', at)
  if (place === 'dcr' || onDcr) return { dcr: members.number('dcr', 0, MOST_DCR) }
  return { base: members.number('base', 0, MOST_ADDRESS) }
}

const I2C_PLACE = 'the name of a controller and the address there, "IIC0:0x50"'

function i2cOf(value: JsonValue): I2cPlace {
  const text = value.kind === 'text' ? value.value : ''
  const [, controller, address] = /^(\w+):(0[xX][0-9a-fA-F]{1,2}|\d{1,3})$/.exec(text) ?? []
  if (controller === undefined || Number(address) > 0x7f)
    throw new JsonProblem(`"i2c" is ${I2C_PLACE}, of 7 bits`, value)
  return { controller, address: Number(address) }
}

function inputOf(value: JsonValue): InterruptInput {
  const text = value.kind === 'text' ? value.value : ''
  if (text === 'external' || text === 'critical') return text
  const [, controller, input] = /^(\w+):(\d{1,3})$/.exec(text) ?? []
  if (controller === undefined)
    throw new JsonProblem(
      'an interrupt leads to "NAME:n", input n of a controller, or to "external" or "critical"',
      value,
    )
  return { controller, input: Number(input) }
}

function optionsOf(members: Members, rows: Readonly<Record<string, OptionRow>>): Record<string, OptionValue> {
  const options: Record<string, OptionValue> = {}
  for (const [name, { kind, isRequired }] of Object.entries(rows)) {
    if (!members.has(name) && isRequired !== true) continue
    if (kind === 'number') options[name] = members.number(name, 0, MOST_ADDRESS)
    else if (kind === 'text') options[name] = members.text(name)
    else if (kind === 'base64') options[name] = members.text(name, MOST_MEMORY_REGION * 2)
    else if (kind === 'values') options[name] = valuesOf(members.required(name).value, name)
    else options[name] = members.list(name).map(ruleOf)
  }
  return options
}

function valuesOf(value: JsonValue, what: string): NamedValues {
  const members = new Members(value, `"${what}"`)
  return Object.fromEntries(members.names.map(name => [name, members.number(name, 0, 0xffffffff)]))
}

function ruleOf(value: JsonValue): StubRule {
  const rule = new Members(value, 'a rule', ['at', 'read', 'readToClear'])
  const read = rule.has('read') ? rule.required('read').value : undefined
  return {
    at: rule.number('at', 0, MOST_ADDRESS),
    read: (read?.kind === 'list' ? read.items : read === undefined ? [] : [read]).map(each =>
      numberOf(each, '"read"', 0, 0xffffffff),
    ),
    readToClear: rule.has('readToClear') && rule.truth('readToClear'),
  }
}

// ---- what concerns several devices -----------------------------------------------------------------------------------

function checkNames(devices: readonly { readonly device: { readonly name: string }; readonly at: JsonPlace }[]): void {
  const taken = new Set<string>()
  for (const { device, at } of devices) {
    const name = device.name.toUpperCase()
    if (taken.has(name)) throw new JsonProblem(`there is a ${device.name} already`, at)
    taken.add(name)
  }
}

function checkMemories(memories: readonly ReadMemory<MemoryDescription | AliasDescription>[], ramSize: number): void {
  let all = ramSize
  for (const [n, { memory, at }] of memories.entries()) {
    const contents = 'contents' in memory ? (memory.contents?.length ?? 0) : 0
    if (memory.base < ramSize) throw new JsonProblem(`${memory.name} ${IN_RAM}`, at)
    if (memory.base % MEMORY_STEP !== 0) throw new JsonProblem(`"base" of ${memory.name} is a multiple of 64K`, at)
    const other = memories.slice(0, n).find(each => meets(memory, each.memory))
    if (other !== undefined) throw new JsonProblem(`${memory.name} would overlap ${other.memory.name}`, at)
    const chip = 'chip' in memory ? FLASH_CHIPS[memory.chip!] : undefined
    if (chip !== undefined && memory.size % chip.size !== 0)
      throw new JsonProblem(`"size" of ${memory.name} is not that of one or more ${chip.name}, ${chip.size} bytes`, at)
    if (contents > memory.size) throw new JsonProblem(`${memory.name} holds more than its size`, at)
    all += 'of' in memory ? 0 : memory.size
    if (all > MOST_MEMORY) throw new JsonProblem('RAM and ROMs are more than 1280 MB together', at)
  }
}

function checkAliases(aliases: readonly ReadMemory<AliasDescription>[], { ram, memories }: BoardDescription): void {
  const all: readonly Span[] = [{ base: 0, size: ram }, ...memories]
  for (const { memory, at } of aliases) {
    const { name, of, size } = memory
    const isThere = all.some(each => of >= each.base && of + size <= each.base + each.size)
    if (of % MEMORY_STEP !== 0 || !isThere)
      throw new JsonProblem(`"of" of ${name} is where memory has all of it, a multiple of 64K`, at)
  }
}

const IN_RAM = 'lies in RAM, which is at every address below its size'

const meets = (a: Span, b: Span): boolean => a.base < b.base + b.size && b.base < a.base + a.size
type Span = Pick<MemoryDescription, 'base' | 'size'>

/** Puts each in its place, as the board will be built: where one does not fit in, it is said of it. */
function checkPlaces(devices: readonly ReadDevice[], { ram, memories, aliases = [] }: BoardDescription): void {
  const nothing = (): void => {}
  const alarm = { now: () => 0, plan: nothing }
  const place: BoardPlace = {
    ...{
      bus: new Bus(),
      dcr: new DcrSpace(),
      sources: {},
      alarm,
      clock: CLOCK_HZ,
      ramSize: ram,
      tell: nothing,
      ramTiming: nothing,
    },
  }
  const buses = new Map<string, I2cBus | undefined>()
  for (const { device, at } of [...devices].sort((a, b) => Number(!!a.device.i2c) - Number(!!b.device.i2c))) {
    const { base, i2c } = device
    if (base !== undefined && base < ram) throw new JsonProblem(`${device.name} ${IN_RAM}`, at)
    const memory =
      base === undefined ? undefined : [...memories, ...aliases].find(each => meets({ base, size: 1 }, each))
    if (memory !== undefined) throw new JsonProblem(`${device.name} lies in ${memory.name}`, at)
    const bus = i2c && buses.get(i2c.controller)
    if (i2c !== undefined && bus === undefined) {
      const known = [...buses].flatMap(([name, each]) => (each === undefined ? [] : name))
      throw new JsonProblem(`${i2c.controller} has no I²C bus (${known.join(', ') || 'no device has one'})`, at)
    }
    try {
      const part = DEVICE_KINDS[device.type]!.create(device, { ...place, ...(bus && { i2c: bus }) })
      buses.set(device.name, part.i2c)
    } catch (error) {
      throw new JsonProblem((error as Error).message, at)
    }
  }
}

function checkInterrupts(devices: readonly ReadDevice[]): void {
  const controllers = new Map(devices.map(({ device }) => [device.name, DEVICE_KINDS[device.type]!.inputs]))
  const taken = new Map<string, string>()
  for (const { device, interruptsAt } of devices)
    for (const [n, to] of device.interrupts.entries()) {
      const at = interruptsAt[n]!
      if (typeof to !== 'string') {
        const inputs = controllers.get(to.controller)
        if (inputs === undefined) {
          const known = [...controllers].flatMap(([name, count]) => (count === undefined ? [] : name))
          throw new JsonProblem(`${to.controller} is no interrupt controller of this board (${known.join(', ')})`, at)
        }
        if (to.input >= inputs)
          throw new JsonProblem(`${to.controller} has inputs 0 to ${inputs - 1}, and no ${to.input}`, at)
        if (to.controller === device.name) throw new JsonProblem(`${device.name} would interrupt itself`, at)
      }
      const key = typeof to === 'string' ? to : `${to.controller}:${to.input}`
      const other = taken.get(key)
      if (other !== undefined) throw new JsonProblem(`${key} is driven by ${other} already`, at)
      taken.set(key, device.name)
    }
}

// ---- members of a record ---------------------------------------------------------------------------------------------

class Members {
  readonly #members: ReadonlyMap<string, JsonMember>
  readonly #at: JsonPlace
  readonly #what: string

  /** @param what for the messages @param allowed every name there may be; absent: any */
  constructor(value: JsonValue, what: string, allowed?: readonly string[]) {
    if (value.kind !== 'record') throw new JsonProblem(`${what} is written in braces: { … }`, value)
    this.#members = value.members
    this.#at = value
    this.#what = what
    for (const [name, { at }] of value.members) {
      if (allowed === undefined || allowed.includes(name)) continue
      const meant = nearest(name, allowed)
      const advice = meant === undefined ? `it may have ${allowed.join(', ')}` : `did you mean "${meant}"?`
      throw new JsonProblem(`${what} has no "${name}": ${advice}`, at)
    }
  }

  get names(): readonly string[] {
    return [...this.#members.keys()]
  }

  has(name: string): boolean {
    return this.#members.has(name)
  }

  required(name: string): JsonMember {
    const member = this.#members.get(name)
    if (member === undefined) throw new JsonProblem(`${this.#what} needs "${name}"`, this.#at)
    return member
  }

  text(name: string, most = 1000): string {
    const { value } = this.required(name)
    if (value.kind !== 'text' || value.value === '' || value.value.length > most)
      throw new JsonProblem(`"${name}" is a text in quotes`, value)
    return value.value
  }

  truth(name: string): boolean {
    const { value } = this.required(name)
    if (value.kind !== 'truth') throw new JsonProblem(`"${name}" is true or false`, value)
    return value.value
  }

  number(name: string, least: number, most: number): number {
    return numberOf(this.required(name).value, `"${name}"`, least, most)
  }

  list(name: string): readonly JsonValue[] {
    const { value } = this.required(name)
    if (value.kind !== 'list') throw new JsonProblem(`"${name}" is a list in brackets: [ … ]`, value)
    return value.items
  }

  oneOf<Value extends string>(name: string, values: readonly Value[]): Value {
    const { value } = this.required(name)
    const found = values.find(each => value.kind === 'text' && value.value === each)
    if (found !== undefined) return found
    const meant = value.kind === 'text' ? nearest(value.value, values) : undefined
    const advice = meant === undefined ? '' : `: did you mean "${meant}"?`
    throw new JsonProblem(`"${name}" is one of ${values.join(', ')}${advice}`, value)
  }
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }

/** A number, or one as text, which may be hexadecimal or have a unit. */
function numberOf(value: JsonValue, what: string, least: number, most: number): number {
  const given = value.kind === 'number' || value.kind === 'text' ? String(value.value) : ''
  const [, hexadecimal, digits, unit] = /^(?:(0[xX][0-9a-fA-F]{1,10})|(\d{1,15})([KMG]?))$/.exec(given) ?? []
  const number = hexadecimal === undefined ? Number(digits) * UNITS[unit ?? '']! : Number(hexadecimal)
  if (number >= least && number <= most) return number
  throw new JsonProblem(`${what} is a number from ${least} to 0x${most.toString(16)}, for example "0xef600300"`, value)
}
