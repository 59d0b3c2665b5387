// Which machine somebody has named: a built-in board, the file of one, a device tree, or none for a Linux executable.

import { toBase64 } from '../util/base64.ts'
import { beforeName, fileName } from '../util/fileName.ts'
import { nearest } from '../util/likeness.ts'
import { UserError } from '../util/userError.ts'
import { BUILT_IN_BOARDS } from './builtIn.ts'
import type { Core } from './cores.ts'
import type { BoardDescription, DeviceDescription, MemoryDescription } from './description.ts'
import { boardOfDeviceTree } from './fromDeviceTree.ts'
import { readBoard } from './read.ts'

/** What is named, and what is said beside it, which goes before what the board has. */
export interface MachineWish {
  readonly machine: string
  readonly ramSize: number | undefined
  readonly core: Core | undefined
}

export interface ChosenMachine {
  /** Absent: a Linux executable, which has none. */
  readonly board?: BoardDescription
  readonly ramSize: number
  readonly core: Core
}

export const LINUX_USER = 'linux-user'
/** What may be named without a file. */
export const MACHINE_NAMES = [...BUILT_IN_BOARDS.map(({ name }) => name), LINUX_USER]
const PROCESS = { ram: 128 << 20, core: '440ep' } as const

const isFile = (machine: string): boolean => /\.(json|jsonc|dtb)$/i.test(machine)

/** Whether a machine of this name can be looked for. */
export const isMachine = (machine: string): boolean => MACHINE_NAMES.includes(machine) || isFile(machine)

/** What to say of a name that is none. */
export function machineAdvice(machine: string): string {
  const meant = nearest(machine, MACHINE_NAMES)
  const known = MACHINE_NAMES.join(', ')
  return `${meant === undefined ? known : `${meant} (did you mean that?), ${known}`}, or the path of a board’s .json or device tree (.dtb)`
}

/** @throws UserError */
export async function chooseMachine(
  { machine, ramSize, core }: MachineWish,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<ChosenMachine> {
  const board = machine === LINUX_USER ? undefined : await boardOf(machine, readFile)
  const { ram, core: own } = board ?? PROCESS
  const chosen = { ramSize: ramSize ?? ram, core: core ?? own }
  const { aliases = [] } = board ?? {}
  const others = [...(board?.devices ?? []), ...(board?.memories ?? []), ...aliases]
  const drowned = others.find(({ base }) => base !== undefined && base < chosen.ramSize)
  if (drowned !== undefined)
    throw new UserError('board', `RAM would reach over ${drowned.name} of ${board!.name}`, 'give it less "memory"')
  const dry = aliases.find(({ of, size }) => of < ram && of + size > chosen.ramSize)
  if (dry !== undefined)
    throw new UserError('board', `${dry.name} of ${board!.name} would end beyond RAM`, 'give it more "memory"')
  return { ...(board && { board }), ...chosen }
}

async function boardOf(machine: string, readFile: (path: string) => Promise<Uint8Array>): Promise<BoardDescription> {
  const known = BUILT_IN_BOARDS.find(({ name }) => name === machine)
  if (known !== undefined) return known
  const name = fileName(machine)
  const bytes = await readFile(machine)
  if (/\.dtb$/i.test(machine)) return boardOfDeviceTree(bytes, name)
  const board = readBoard(new TextDecoder().decode(bytes), name)
  const memories = board.memories.map(async each => ({ ...each, ...(await contentsOf(each, machine, readFile)) }))
  const devices = board.devices.map(async device => ({ ...device, ...(await optionsOf(device, machine, readFile)) }))
  return { ...board, memories: await Promise.all(memories), devices: await Promise.all(devices) }
}

/** What a file holds that a device has stands in its options then. */
async function optionsOf(
  { name, options }: DeviceDescription,
  machine: string,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<Pick<DeviceDescription, 'options'>> {
  const { file, ...others } = options
  if (typeof file !== 'string') return { options }
  const contents = await readFile(beside(machine, file))
  const size = Number(options.size ?? contents.length)
  if (contents.length > size) throw tooLarge(file, contents.length, name, size)
  return { options: { ...others, base64: toBase64(contents) } }
}

/** The path of a file that a description names. */
const beside = (machine: string, file: string): string =>
  /^([/\\]|\w+:)/.test(file) ? file : beforeName(machine) + file

async function contentsOf(
  { name, size, file }: MemoryDescription,
  machine: string,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<Pick<MemoryDescription, 'contents'>> {
  if (file === undefined) return {}
  const contents = await readFile(beside(machine, file))
  if (contents.length > size) throw tooLarge(file, contents.length, name, size)
  return { contents }
}

const tooLarge = (file: string, length: number, name: string, size: number): UserError =>
  new UserError('board', `${file} has ${length} bytes, and ${name} holds ${size}`, 'give it more "size"')
