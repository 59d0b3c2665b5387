// From a description to a board: a core, its devices in their places, and who interrupts whom.

import { Bus, DcrSpace } from '../bus/bus.ts'
import type { Stateful } from '../bus/device.ts'
import { createEngine, type EngineName } from '../compiler/engines.ts'
import { Cpu } from '../cpu/cpu.ts'
import { MSR_OF_INPUT } from '../cpu/interrupts.ts'
import type { Alarm } from '../devices/alarm.ts'
import { Flash, type FlashBytes } from '../devices/flash.ts'
import { FLASH_CHIPS } from '../devices/flashChips.ts'
import { MistimedRam } from '../devices/mistimedRam.ts'
import type { SerialPort } from '../devices/serialPort.ts'
import { Stub } from '../devices/stub.ts'
import { hex } from '../util/hex.ts'
import { CORES, type Core, type CoreFlavour } from './cores.ts'
import type {
  BoardDescription,
  CoreInput,
  DeviceDescription,
  InterruptInput,
  MemoryDescription,
} from './description.ts'
import { type BoardPart, DEVICE_KINDS, teller } from './deviceKinds.ts'

export interface Board {
  readonly cpu: Cpu
  /** In the order of the description. */
  readonly uarts: readonly SerialPort[]
  /** What of the board a snapshot takes along beside the core, by name; who takes interrupts before who raises them. */
  readonly devices: ReadonlyMap<string, Stateful<unknown>>
}

export interface BoardOptions {
  /** Bytes of RAM from real address 0. */
  readonly ramSize: number
  readonly core: Core
  /** It has come out of a cold reset: what is there only then, is. */
  readonly cold?: boolean
  /** See `CpuOptions.cached`. */
  readonly cached: boolean
  readonly engine: EngineName
}

/** Real addresses have 36 bits. */
const ADDRESSES = 2 ** 36
const ELSEWHERE = 'an address where nothing is'

/** @param description one that has been checked: each output leads somewhere, and no place is taken twice */
export function buildBoard(description: BoardDescription, options: BoardOptions): Board {
  const bus = new Bus()
  const dcr = new DcrSpace()
  const cpu = createCore(bus, dcr, options, description)
  const tell = (text: string): void => cpu.diagnoseOnce(text)
  const alarm: Alarm = { now: () => cpu.now, plan: (...event) => cpu.deviceClock.plan(...event) }
  const place = { bus, dcr, tell, alarm, clock: description.clock, ramSize: options.ramSize, ramTiming: mistimed(cpu) }
  const parts = new Map<string, BoardPart>()
  for (const { name, base, size, chip } of presentMemories(description, options)) {
    if (chip === undefined) continue
    const flash = new Flash(name, size, FLASH_CHIPS[chip]!, romOf(cpu, base))
    bus.map(base, flash)
    parts.set(name, { state: flash })
  }
  for (const device of busesFirst(description.devices)) {
    const sources = sourcesOf(description, device.name)
    const i2c = device.i2c && parts.get(device.i2c.controller)?.i2c
    parts.set(device.name, DEVICE_KINDS[device.type]!.create(device, { ...place, sources, ...(i2c && { i2c }) }))
  }
  if (description.elsewhere === 'stub') {
    const stub = new Stub('elsewhere', ADDRESSES)
    stub.onAccess = teller({ tell }, ELSEWHERE, at => hex(at, 9))
    bus.elsewhere = stub
    parts.set(stub.name, { state: stub })
  }
  wire(description, parts, cpu)
  const controllersFirst = [...parts].sort(([, a], [, b]) => Number(!!b.controller) - Number(!!a.controller))
  return {
    cpu,
    uarts: [...parts.values()].flatMap(({ uart }) => uart ?? []),
    devices: new Map(controllersFirst.map(([name, { state }]) => [name, state])),
  }
}

/** A core with memory and what `bus` and `dcr` will hold. @param board absent: it is hosted, and has RAM alone */
export function createCore(
  bus: Bus,
  dcr: DcrSpace,
  options: BoardOptions,
  board?: Pick<BoardDescription, 'memories' | 'aliases'>,
): Cpu {
  const { ramSize, core, cached, engine } = options
  const { pvr, fpu, indexedDcr = false }: CoreFlavour = CORES[core]
  const { aliases = [] } = board ?? {}
  const memories = presentMemories(board, options)
  const cpu = new Cpu({
    ...{ ramSize, bus, dcr, pvr, fpu, indexedDcr, cached, memories, aliases, hosted: board === undefined },
    engine: cpu => createEngine(engine, cpu),
  })
  for (const { base, size, isWritable, contents = new Uint8Array() } of memories) {
    const at = cpu.state.real.place(base)
    if (!isWritable) cpu.state.ramBytes.fill(ERASED, at, at + size)
    cpu.state.ramBytes.set(contents, at)
  }
  return cpu
}

/** A byte of flash that was never written. */
const ERASED = 0xff

/** What puts RAM out of reach of its controller's timing, and back. */
function mistimed(cpu: Cpu): (isRight: boolean) => void {
  const { ramBytes, real } = cpu.state
  cpu.bus.ram = new MistimedRam(real.ramSize, (place, byte) => {
    cpu.written(place, 1)
    ramBytes[place] = byte
  })
  return isRight => {
    real.setReadable(0, isRight)
    cpu.translationChanged()
  }
}

/** What flash is to whoever programs it. @param base its real address */
function romOf(cpu: Cpu, base: number): FlashBytes {
  const { ramBytes, real } = cpu.state
  const at = real.place(base)
  return {
    get: offset => ramBytes[at + offset]!,
    set(offset, bytes) {
      cpu.written(at + offset, bytes.length)
      ramBytes.set(bytes, at + offset)
    },
    setReadable(isReadable) {
      real.setReadable(base, isReadable)
      cpu.translationChanged()
    },
  }
}

/** Memory that is there after the reset that the board has come out of. */
const presentMemories = (
  board: Pick<BoardDescription, 'memories'> | undefined,
  options: BoardOptions,
): readonly MemoryDescription[] => (board?.memories ?? []).filter(memory => !memory.cold || options.cold)

/** What is on an I²C bus behind whoever may have one. */
const busesFirst = (devices: readonly DeviceDescription[]): readonly DeviceDescription[] =>
  [...devices].sort((a, b) => Number(a.i2c !== undefined) - Number(b.i2c !== undefined))

/** Who drives each input of a controller; a second output of a device has its name behind that of the device. */
function sourcesOf({ devices }: BoardDescription, controller: string): Record<number, string> {
  const sources: Record<number, string> = {}
  for (const { name, type, interrupts } of devices)
    for (const [n, to] of interrupts.entries())
      if (typeof to !== 'string' && to.controller === controller) sources[to.input] = `${name}${outputSign(type, n)}`
  return sources
}

/** The first output has the name of its device; others have their initials behind it, and numbered ones all: `GPT0C0`. */
function outputSign(type: string, n: number): string {
  const words = DEVICE_KINDS[type]!.outputs[n]!.split(' ')
  return n === 0 && words.length === 1 ? '' : words.map(word => word[0]!.toUpperCase()).join('')
}

function wire(description: BoardDescription, parts: ReadonlyMap<string, BoardPart>, cpu: Cpu): void {
  /** What could wake a waiting core, and by which bits of MSR: something from outside, or something that is planned. */
  const waking = { possible: [] as (() => number)[], planned: [] as (() => number)[] }
  const drive = (input: CoreInput, level: boolean): void => {
    cpu.lines[input] = level
    for (const kind of ['possible', 'planned'] as const)
      cpu.lines[kind] = waking[kind].reduce((bits, could) => bits | could(), 0)
    cpu.inputsChanged()
  }
  /** The bit of MSR that lets it into the core; 0 while a controller on the way does not pass it on. */
  const bitOf = (to: InterruptInput): number => {
    if (typeof to === 'string') return MSR_OF_INPUT[to]
    const output = parts.get(to.controller)!.controller!.outputOf(to.input)
    const next = output === undefined ? undefined : outputs.get(to.controller)![output]
    return next === undefined ? 0 : bitOf(next)
  }
  const outputs = new Map(description.devices.map(({ name, interrupts }) => [name, interrupts]))
  for (const { name, interrupts } of description.devices) {
    const { connect, couldRise, uart } = parts.get(name)!
    const inputs = interrupts.map(to => {
      if (typeof to === 'string') return (level: boolean) => drive(to, level)
      const controller = parts.get(to.controller)!.controller!
      return (level: boolean) => controller.setInput(to.input, level)
    })
    connect?.((n, level) => inputs[n]?.(level))
    if (couldRise === undefined) continue
    const wakes = waking[uart === undefined ? 'planned' : 'possible']
    for (const [n, to] of interrupts.entries()) wakes.push(() => (couldRise(n) ? bitOf(to) : 0))
  }
}
