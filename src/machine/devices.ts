// The devices of a board as debuggers and views see them: where each sits, and its registers by name, as UIC0_SR. Looking
// changes nothing; writing is what the program's own write would be.

import type { Described, Size } from '../bus/device.ts'
import type { DeviceRegister } from '../bus/registerTable.ts'
import type { Cpu } from '../cpu/cpu.ts'
import { CLOCK_HZ } from '../cpu/timers.ts'
import { fieldValue } from '../isa/register.ts'
import { hex } from '../util/hex.ts'

/** Its registers have their full names. */
export interface MachineDevice extends Described {
  /** `0xef600300`, a real address, or `DCR 0x0c0`. */
  readonly where: string
}

/** One register of a device, where it is. */
interface Placed {
  readonly register: DeviceRegister
  peek(): number
  write(value: number): void
}

interface Devices {
  readonly all: readonly MachineDevice[]
  /** By name. */
  readonly registers: ReadonlyMap<string, Placed>
}

/** When the timers of the core are due, in timer clocks, of which `frequency` make a second. */
export const timersOf = ({ timers, now }: Cpu) => ({ frequency: CLOCK_HZ, ...timers.upcoming(now) })

/** A board is made once, and its devices stay where they are. */
const known = new WeakMap<Cpu, Devices>()

/** In the order in which the board has them, those on the bus first. */
export const devicesOf = (cpu: Cpu): readonly MachineDevice[] => devices(cpu).all

/** What is said of a register by its full name, in any case; undefined where the board has none of that name. */
export const deviceRegister = (cpu: Cpu, name: string): DeviceRegister | undefined => placedAt(cpu, name)?.register

const placedAt = (cpu: Cpu, name: string): Placed | undefined => devices(cpu).registers.get(name.toUpperCase())

/** What the program would read, unsigned; undefined where there is no such register, or it cannot be read now. */
export function peekDevice(cpu: Cpu, name: string): number | undefined {
  const placed = placedAt(cpu, name)
  return placed?.register.readable && isThere(placed, cpu) ? placed.peek() >>> 0 : undefined
}

/** @returns false where there is no such register, or it cannot be written now. */
export function pokeDevice(cpu: Cpu, name: string, value: number): boolean {
  const placed = placedAt(cpu, name)
  if (!placed?.register.writable || !isThere(placed, cpu)) return false
  placed.write(value)
  return true
}

/** Of several registers at one place it is the one that is selected. */
function isThere({ register: { onlyWhile } }: Placed, cpu: Cpu): boolean {
  const selector = onlyWhile && placedAt(cpu, onlyWhile.register)
  return !selector || fieldValue(selector.register, selector.peek(), onlyWhile.field) === onlyWhile.value
}

function devices(cpu: Cpu): Devices {
  let found = known.get(cpu)
  if (found === undefined) known.set(cpu, (found = look(cpu)))
  return found
}

function look({ bus, dcr }: Cpu): Devices {
  const all: MachineDevice[] = []
  const registers = new Map<string, Placed>()
  const add = (
    device: Described,
    where: string,
    place: (register: DeviceRegister) => Pick<Placed, 'peek' | 'write'>,
  ): void => {
    const named = device.registers.map(register => withFullName(register, device.name))
    for (const register of named) registers.set(register.name, { register, ...place(register) })
    all.push({ name: device.name, text: device.text, registers: named, where })
  }
  for (const { base, device } of bus.regions) {
    add(device, hex(base, 8), ({ offset, width, isLittleEndian }) => {
      const size = (width / 8) as Size
      const inOrder = (value: number): number => (isLittleEndian ? reversed(value, size) : value)
      return {
        peek: () => inOrder(device.peek(offset, size)),
        write: value => device.write(offset, size, inOrder(value)),
      }
    })
    for (const part of device.behind ?? [])
      add(part, part.where, ({ offset }) => ({
        peek: () => part.peek(offset),
        write: value => part.poke(offset, value),
      }))
  }
  for (const block of dcr.blocks)
    add(block, `DCR ${hex(block.first, 3)}`, ({ offset, index }) => {
      const [registers, number] = index === undefined ? [block, block.first + offset] : [block.indirect!, index]
      return { peek: () => registers.peek(number), write: value => registers.write(number, value) }
    })
  return { all, registers }
}

/** The bytes of a value the other way round. */
function reversed(value: number, size: Size): number {
  let result = 0
  for (let i = 0; i < size; i++) result = (result << 8) | ((value >>> (8 * i)) & 0xff)
  return result
}

/** `UIC0_SR`, as the manual names it. */
function withFullName(register: DeviceRegister, device: string): DeviceRegister {
  const { onlyWhile } = register
  const full = (name: string): string => `${device}_${name}`.toUpperCase()
  return {
    ...register,
    name: full(register.name),
    ...(onlyWhile && { onlyWhile: { ...onlyWhile, register: full(onlyWhile.register) } }),
  }
}
