// A run in one file: which program, on which machine, and everything that came from outside with its place in the run.
// Whoever opens it, on another machine, another system or in a browser, has the same run, instruction by instruction.
//
// The file is JSON, with bytes as {"base64": …}, and a board as the text of its file.

import { CORE_NAMES } from '../boards/cores.ts'
import { readBoard } from '../boards/read.ts'
import { writeBoard } from '../boards/write.ts'
import type { Input, InputEvent } from '../machine/inputs.ts'
import type { MachineOptions } from '../machine/machine.ts'
import type { Moment } from '../machine/moment.ts'
import { hashOf } from '../machine/snapshot.ts'
import { fromBase64, toBase64 } from '../util/base64.ts'
import { UserError } from '../util/userError.ts'

/** Another number: what a machine does with the same inputs is no longer the same. */
const VERSION = 2
const FORMAT = 'ppc440-capsule'

export interface Capsule {
  readonly program: {
    readonly name: string
    /** Of its bytes, as `hashOf` gives it. */
    readonly hash: string
    /** The ELF file itself, where it was asked for. */
    readonly bytes?: Uint8Array
  }
  readonly machine: Omit<MachineOptions, 'engine'>
  readonly inputs: readonly Input[]
  /** Where the run was when it was recorded, and the hash of the machine's state there (`stateHash`), where it stood there. */
  readonly end: Moment
  readonly state?: string
  /** The exit status of a run that came to its end. */
  readonly status?: number
  /** Where a debugger stood. */
  readonly position?: Moment
  readonly breakpoints?: readonly CapsuleBreakpoint[]
}

/** A breakpoint as a person had set it: on a line, by the program's own path of the file, on a function, or on an address. */
export interface CapsuleBreakpoint {
  readonly path?: string
  readonly line?: number
  readonly name?: string
  /** Of an instruction; with `data` of the first byte that is watched. */
  readonly address?: number
  readonly data?: { readonly size: number; readonly access: 'read' | 'write' | 'readWrite'; readonly label: string }
  readonly condition?: string
  readonly hitCondition?: string
  readonly logMessage?: string
}

/** The run of a machine up to now. */
export type RecordedRun = Pick<Capsule, 'inputs' | 'end' | 'position'>

/** What of its options makes a machine what it is; the engine does not. */
export function sameMachine(options: MachineOptions): Capsule['machine'] {
  const { board, ramSize, core, reset, onReset, strict, kernel, process } = options
  return {
    ...(board && { board }),
    ...{ ramSize, core, reset },
    ...(onReset === 'restart' && { onReset }),
    ...(strict !== undefined && { strict }),
    ...(kernel && { kernel }),
    ...(process && { process }),
  }
}

export function packCapsule(capsule: Capsule): Uint8Array {
  const { board } = capsule.machine
  const machine = { ...capsule.machine, ...(board && { board: writeBoard(board) }) }
  const whole = { format: FORMAT, version: VERSION, ...capsule, machine, inputs: capsule.inputs.map(asBytes) }
  return new TextEncoder().encode(`${JSON.stringify(whole, packed)}\n`)
}

/** Keys are lists of numbers, and hosts have arrays of bytes of their own kinds. */
function asBytes(input: Input): Input {
  if ('data' in input) return { ...input, data: Uint8Array.from(input.data) }
  const isRead = input.kind === 'piece' && input.bytes !== undefined
  return isRead ? { ...input, bytes: Uint8Array.from(input.bytes) } : input
}

const packed = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? { base64: toBase64(value) } : value

/** @throws UserError for what is no capsule, or one of another version. */
export function openCapsule(bytes: Uint8Array): Capsule {
  let whole: unknown
  try {
    whole = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), unpacked)
  } catch {
    throw notACapsule('it is no JSON')
  }
  if (!isRecord(whole) || whole.format !== FORMAT) throw notACapsule(`its "format" is not "${FORMAT}"`)
  if (whole.version !== VERSION)
    throw new UserError(
      'capsule-version',
      `the capsule is of version ${String(whole.version)}, and this program repeats version ${VERSION}`,
      'open it with the version of ppc440 that has recorded it',
    )
  const wrong = wrongIn(whole)
  if (wrong !== undefined) throw notACapsule(`its "${wrong}" is not what a capsule has there`)
  return withBoard(whole as unknown as Capsule)
}

/** @throws UserError where the board of the file is none. */
function withBoard(capsule: Capsule): Capsule {
  const text = capsule.machine.board as unknown as string | undefined
  return text === undefined
    ? capsule
    : { ...capsule, machine: { ...capsule.machine, board: readBoard(text, 'the board in the capsule') } }
}

/** @throws UserError unless `bytes` are the program the capsule was recorded with. */
export function checkProgram({ program }: Capsule, bytes: Uint8Array, name: string): void {
  if (hashOf(bytes) === program.hash) return
  throw new UserError(
    'capsule-program',
    `the capsule is of another program than ${name}: it was recorded with ${program.name} of hash ${program.hash}`,
    'give the very file it was recorded with; a program that was built again is another one',
  )
}

const notACapsule = (why: string): UserError =>
  new UserError('no-capsule', `this is no capsule: ${why}`, 'ppc440 run --record makes one')

function unpacked(_: string, value: unknown): unknown {
  if (!isRecord(value) || typeof value.base64 !== 'string') return value
  return fromBase64(value.base64) ?? value
}

type Plain = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isText = (value: unknown): boolean => typeof value === 'string'
const isBytes = (value: unknown): boolean => value instanceof Uint8Array
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)
const orNothing =
  (is: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || is(value)
const shaped =
  (shape: Readonly<Record<string, (value: unknown) => boolean>>) =>
  (value: unknown): boolean =>
    isRecord(value) && Object.entries(shape).every(([name, is]) => is(value[name]))
const oneOf =
  (...values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value)

const MOMENT = {
  ...{ retired: isCount, cycle: isCount, interrupts: orNothing(isCount) },
  ...{ turns: orNothing(isCount), progress: orNothing(isCount), thread: orNothing(isCount) },
}

/** What each kind of input has beside its moment. */
const INPUTS: Readonly<Record<InputEvent['kind'], (value: unknown) => boolean>> = {
  uart: shaped({ uart: isCount, data: isBytes }),
  stdin: shaped({ data: isBytes }),
  stdinEnd: shaped({}),
  signal: shaped({ signal: value => isCount(value) && (value as number) <= 64 }),
  siginfo: shaped({ data: isBytes }),
  path: shaped({ path: isText, entry: isRecord }),
  piece: shaped({ path: isText, offset: isCount, bytes: orNothing(isBytes) }),
  memory: shaped({ ea: Number.isSafeInteger, data: isBytes }),
  register: shaped({ name: isText, value: Number.isSafeInteger }),
  float: shaped({
    register: value => isCount(value) && (value as number) < 32,
    words: value => Array.isArray(value) && value.length === 2 && value.every(Number.isSafeInteger),
  }),
  unconditionalEvent: shaped({}),
  facility: shaped({ owner: oneOf('guest', 'debugger') }),
}

const isInput = (value: unknown): boolean =>
  shaped(MOMENT)(value) &&
  Object.hasOwn(INPUTS, (value as InputEvent).kind) &&
  INPUTS[(value as InputEvent).kind](value)

const isBreakpoint = shaped({
  path: orNothing(isText),
  line: orNothing(isCount),
  name: orNothing(isText),
  address: orNothing(value => isCount(value) && (value as number) <= 0xffffffff),
  data: orNothing(shaped({ size: isCount, access: oneOf('read', 'write', 'readWrite'), label: isText })),
  condition: orNothing(isText),
  hitCondition: orNothing(isText),
  logMessage: orNothing(isText),
})

const PARTS: Readonly<Record<keyof Capsule, (value: unknown) => boolean>> = {
  program: shaped({ name: isText, hash: isText, bytes: orNothing(isBytes) }),
  machine: shaped({
    board: orNothing(isText),
    ramSize: value => isCount(value) && (value as number) >= 65536 && (value as number) <= 2 ** 30,
    core: oneOf(...CORE_NAMES),
    reset: oneOf('boot', 'cold'),
    onReset: orNothing(oneOf('end', 'restart')),
    strict: orNothing(oneOf(true, false)),
    kernel: orNothing(shaped({ deviceTree: isBytes, initrd: orNothing(isBytes), append: isText })),
    process: orNothing(shaped({ executable: isText, args: isTexts, environment: isTexts, directory: isText })),
  }),
  inputs: value => Array.isArray(value) && value.every(isInput),
  end: shaped(MOMENT),
  state: orNothing(isText),
  status: orNothing(isCount),
  position: orNothing(shaped(MOMENT)),
  breakpoints: orNothing(value => Array.isArray(value) && value.every(isBreakpoint)),
}

/** The first part that is not as it has to be. */
const wrongIn = (whole: Plain): string | undefined => Object.entries(PARTS).find(([name, is]) => !is(whole[name]))?.[0]
