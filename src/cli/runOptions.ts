// The options of `ppc440 run`, checked.

import { parseArgs } from 'node:util'
import { RAM_SIZES, ramSizeOf } from '../util/ramSize.ts'
import { UserError } from '../util/userError.ts'

export const USAGE = `usage: ppc440 run [options] program.elf [arguments]

  --machine NAME     bamboo (default), the 440EP reference board, or linux-user, a static Linux executable
  --memory SIZE      RAM, for example 64M (default 128M)
  --core NAME        440ep (default) or 440-nofpu
  --max-insns N      stop after N instructions
  --strict           as exact as the part: changed code needs icbi and isync, a cold reset has one shadow translation
  --dtb FILE         the program is a kernel: hand it this device tree
  --initrd FILE      ... this initial RAM disk
  --append TEXT      ... this command line
  --engine NAME      interp
  --pace NAME        max (default), or real: never ahead of the clock on the wall
  --stats            print one line of JSON on stderr at the end

UART0, or the program's standard streams, are on standard input and output. Exit status: the program's own (linux-user);
the low byte of r3 after a reset through DBCR0[RST] or the watchdog, 0 after one with --dtb; 0 when the program is idle
forever; 124 when --max-insns ran out; 126 when the program cannot go on; 125 for our own failures; 128 + N when signal
N ended the program.`

export interface RunOptions {
  readonly program: string
  readonly args: readonly string[]
  readonly machine: 'bamboo' | 'linux-user'
  readonly ramSize: number
  readonly core: '440ep' | '440-nofpu'
  readonly maxInsns: number
  readonly pace: 'max' | 'real'
  readonly strict: boolean
  readonly kernel?: { readonly dtb: string; readonly initrd?: string; readonly append: string }
  readonly stats: boolean
}

/** @returns undefined when only help is wanted. @throws UserError */
export function parseRunOptions(argv: readonly string[]): RunOptions | undefined {
  const { own, args } = splitAtProgram(argv)
  const { values, positionals } = parseArgs({ args: own, allowPositionals: true, options: OPTIONS })
  if (values.help) return undefined
  const program = positionals[0]
  if (program === undefined) throw new UserError('no-program', 'no program is given', 'see ppc440 run --help')
  oneOf('engine', values.engine, ['interp'])
  const { dtb, initrd, append } = values
  if (dtb === undefined && (initrd !== undefined || append !== undefined))
    throw new UserError('bad-option', '--initrd and --append are for a kernel', 'give it a device tree with --dtb')
  return {
    program,
    args,
    machine: oneOf('machine', values.machine, ['bamboo', 'linux-user']),
    ramSize: ramSize(values.memory),
    core: oneOf('core', values.core, ['440ep', '440-nofpu']),
    maxInsns: count(values['max-insns']),
    pace: oneOf('pace', values.pace, ['max', 'real']),
    strict: values.strict,
    ...(dtb === undefined
      ? {}
      : { kernel: { dtb, ...(initrd === undefined ? {} : { initrd }), append: append ?? '' } }),
    stats: values.stats,
  }
}

const OPTIONS = {
  machine: { type: 'string', default: 'bamboo' },
  memory: { type: 'string', default: '128M' },
  core: { type: 'string', default: '440ep' },
  'max-insns': { type: 'string' },
  strict: { type: 'boolean', default: false },
  dtb: { type: 'string' },
  initrd: { type: 'string' },
  append: { type: 'string' },
  engine: { type: 'string', default: 'interp' },
  pace: { type: 'string', default: 'max' },
  stats: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** What follows the program is the program's, options or not. */
function splitAtProgram(argv: readonly string[]): { own: string[]; args: readonly string[] } {
  const takesValue = (argument: string): boolean => {
    const option = OPTIONS[argument.slice(2) as keyof typeof OPTIONS] as { type: string } | undefined
    return argument.startsWith('--') && option?.type === 'string'
  }
  let at = 0
  while (at < argv.length && argv[at]!.startsWith('-')) at += takesValue(argv[at]!) ? 2 : 1
  return { own: argv.slice(0, at + 1), args: argv.slice(at + 1) }
}

function oneOf<Value extends string>(option: string, value: string, allowed: readonly Value[]): Value {
  const found = allowed.find(one => one === value)
  if (found === undefined)
    throw new UserError('bad-option', `--${option} is ${value}`, `it must be ${allowed.join(' or ')}`)
  return found
}

function ramSize(value: string): number {
  const size = ramSizeOf(value)
  if (size === undefined) throw new UserError('bad-option', `--memory is ${value}`, `it must be ${RAM_SIZES}`)
  return size
}

function count(value: string | undefined): number {
  if (value === undefined) return Number.POSITIVE_INFINITY
  const most = Number(value)
  if (Number.isNaN(most) || most < 0)
    throw new UserError('bad-option', `--max-insns is ${value}`, 'it must be a number of instructions')
  return most
}
