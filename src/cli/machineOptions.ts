// What the commands that run a program say about it and its machine: one set of options, checked, and what is made of it.

import { parseArgs } from 'node:util'
import { type ChosenMachine, chooseMachine, isMachine, LINUX_USER, machineAdvice } from '../boards/chosen.ts'
import { CORE_NAMES, type Core } from '../boards/cores.ts'
import { RAM_SIZES, ramSizeOf } from '../util/ramSize.ts'
import { UserError } from '../util/userError.ts'
import { programBytes, readFile } from './program.ts'

export const MACHINE_USAGE = `  --machine NAME     a board: bamboo (default), the 440EP reference board, or the file of one, .json or .dtb
                     (ppc440 boards lists them); or linux-user, a static Linux executable
  --memory SIZE      RAM, for example 64M, instead of what the board has
  --core NAME        another core than the board has: ${CORE_NAMES.slice(0, 4).join(', ')},
                     ${CORE_NAMES.slice(4).join(', ')}
  --engine NAME      what executes: auto (default) interprets, and compiles what is hot; compiler; interpreter
  --reset NAME       the state to start in: boot (default), as a boot loader leaves it, or cold, the true state after reset,
                     in which a ROM begins at 0xfffffffc
  --on-reset NAME    what a reset by the program does: end (default) ends the run; restart, with --reset cold, starts the
                     board again from its ROM
  --strict           as exact as the part: changed code needs icbi and isync, a cold reset has one shadow translation
  --dtb FILE         the program is a kernel: hand it this device tree
  --initrd FILE      ... this initial RAM disk
  --append TEXT      ... this command line
  --env NAME=VALUE   of a Linux program: a variable of its environment, which is empty otherwise; can be repeated
  --root DIR         ... the directory that is / for it, instead of seeing the working directory where it is
  --pace NAME        max (default), or real: never ahead of the clock on the wall`

/** The machine and the program in it. */
export interface MachineChoice {
  readonly program: string
  readonly args: readonly string[]
  readonly machine: string
  readonly ramSize: number | undefined
  readonly core: Core | undefined
  readonly pace: 'max' | 'real'
  readonly engine: 'auto' | 'compiler' | 'interpreter'
  readonly reset: 'boot' | 'cold'
  readonly onReset: 'end' | 'restart'
  readonly strict: boolean
  /** NAME=VALUE, of a process. */
  readonly environment: readonly string[]
  /** The folder that is / for a process. */
  readonly root?: string
  readonly kernel?: { readonly dtb: string; readonly initrd?: string; readonly append: string }
}

export const MACHINE_OPTIONS = {
  machine: { type: 'string', default: 'bamboo' },
  memory: { type: 'string' },
  core: { type: 'string' },
  engine: { type: 'string', default: 'auto' },
  reset: { type: 'string', default: 'boot' },
  'on-reset': { type: 'string', default: 'end' },
  strict: { type: 'boolean', default: false },
  dtb: { type: 'string' },
  initrd: { type: 'string' },
  append: { type: 'string' },
  pace: { type: 'string', default: 'max' },
  env: { type: 'string', multiple: true },
  root: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

interface Option {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  readonly multiple?: boolean
  readonly default?: string | boolean
}

/** Values of a command's own options by name. */
export type OwnValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/**
 * Those of the machine, those of the command, and the program with its arguments.
 * @param own the command's @param needsNone whether it goes without a program, whose path is empty then
 * @returns undefined when only help is wanted. @throws UserError
 */
export function parseMachineOptions(
  command: string,
  argv: readonly string[],
  own: Readonly<Record<string, Option>>,
  needsNone: (values: OwnValues) => boolean = () => false,
): { readonly choice: MachineChoice; readonly values: OwnValues } | undefined {
  const options = { ...MACHINE_OPTIONS, ...own }
  const { ours, args } = splitAtProgram(argv, options)
  const { values, positionals } = parse(command, ours, options)
  if (values.help === true) return undefined
  const program = positionals[0] ?? (needsNone(values) ? '' : undefined)
  if (program === undefined) throw new UserError('no-program', 'no program is given', `see ppc440 ${command} --help`)
  const text = (name: string): string | undefined => values[name] as string | undefined
  const [dtb, initrd, append, root] = [text('dtb'), text('initrd'), text('append'), text('root')]
  if (text('machine') !== LINUX_USER && (root !== undefined || values.env !== undefined))
    throw new UserError('bad-option', '--env and --root are for a Linux program', 'add --machine linux-user')
  if (dtb === undefined && (initrd !== undefined || append !== undefined))
    throw new UserError('bad-option', '--initrd and --append are for a kernel', 'give it a device tree with --dtb')
  if (values.reset === 'cold' && (dtb !== undefined || text('machine') === LINUX_USER))
    throw new UserError('bad-option', '--reset cold is for a ROM', 'a kernel or a Linux program starts without it')
  if (values['on-reset'] === 'restart' && values.reset !== 'cold')
    throw new UserError('bad-option', '--on-reset restart is for a board that starts from its ROM', 'add --reset cold')
  const choice: MachineChoice = {
    program,
    args,
    machine: machineNamed(text('machine')!),
    ramSize: given(text('memory'), ramSize),
    core: given(text('core'), name => oneOf('core', name, CORE_NAMES)),
    pace: oneOf('pace', text('pace')!, ['max', 'real']),
    engine: oneOf('engine', text('engine')!, ['auto', 'compiler', 'interpreter']),
    reset: oneOf('reset', text('reset')!, ['boot', 'cold']),
    onReset: oneOf('on-reset', text('on-reset')!, ['end', 'restart']),
    strict: values.strict === true,
    environment: environmentOf(values.env as readonly string[] | undefined),
    ...(root !== undefined && { root }),
    ...(dtb === undefined
      ? {}
      : { kernel: { dtb, ...(initrd === undefined ? {} : { initrd }), append: append ?? '' } }),
  }
  return { choice, values }
}

function parse(command: string, args: string[], options: Readonly<Record<string, Option>>) {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options })
    return { values: values as OwnValues, positionals }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    throw new UserError('bad-option', error.message, `see ppc440 ${command} --help`)
  }
}

/** What follows the program is the program's, options or not. */
function splitAtProgram(
  argv: readonly string[],
  options: Readonly<Record<string, Option>>,
): { ours: string[]; args: readonly string[] } {
  const takesValue = (argument: string): boolean =>
    argument.startsWith('--') && options[argument.slice(2)]?.type === 'string'
  let at = 0
  while (at < argv.length && argv[at]!.startsWith('-')) at += takesValue(argv[at]!) ? 2 : 1
  return { ours: argv.slice(0, at + 1), args: argv.slice(at + 1) }
}

export function oneOf<Value extends string>(option: string, value: string, allowed: readonly Value[]): Value {
  const found = allowed.find(one => one === value)
  if (found === undefined)
    throw new UserError('bad-option', `--${option} is ${value}`, `it must be ${allowed.join(' or ')}`)
  return found
}

const given = <Value>(text: string | undefined, read: (text: string) => Value): Value | undefined =>
  text === undefined ? undefined : read(text)

function machineNamed(machine: string): string {
  if (isMachine(machine)) return machine
  throw new UserError('bad-option', `--machine is ${machine}`, `it must be ${machineAdvice(machine)}`)
}

function environmentOf(given: readonly string[] = []): readonly string[] {
  const wrong = given.find(each => !/^[^=]+=/.test(each))
  if (wrong === undefined) return given
  throw new UserError('bad-option', `--env is ${wrong}`, 'it must be NAME=VALUE')
}

function ramSize(value: string): number {
  const size = ramSizeOf(value)
  if (size === undefined) throw new UserError('bad-option', `--memory is ${value}`, `it must be ${RAM_SIZES}`)
  return size
}

/** Bytes that a history may take; 0: none is kept. */
export function historyOf(value: string): number {
  const size = value === '0' ? 0 : ramSizeOf(value)
  if (size === undefined) throw new UserError('bad-option', `--history is ${value}`, `it must be 0 or ${RAM_SIZES}`)
  return size
}

/** A number of instructions; without one there is no limit. */
export function count(option: string, value: string | undefined): number {
  if (value === undefined) return Number.POSITIVE_INFINITY
  const most = Number(value)
  if (Number.isNaN(most) || most < 0)
    throw new UserError('bad-option', `--${option} is ${value}`, 'it must be a number of instructions')
  return most
}

export function portOf(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535)
    throw new UserError(
      'bad-option',
      `--port is ${text}`,
      'it must be a port number up to 65535, or 0 for any free one',
    )
  return Number(text)
}

/** The board, the program, and what a kernel is handed. */
export interface ChosenFiles {
  readonly machine: ChosenMachine
  readonly program: Uint8Array
  readonly deviceTree: Uint8Array | undefined
  readonly initrd: Uint8Array | undefined
}

/** @throws UserError */
export async function readFiles({ program, kernel, ...choice }: MachineChoice): Promise<ChosenFiles> {
  return {
    machine: await chooseMachine(choice, readFile),
    program: await programBytes(program),
    deviceTree: kernel && (await readFile(kernel.dtb)),
    initrd: kernel?.initrd === undefined ? undefined : await readFile(kernel.initrd),
  }
}
