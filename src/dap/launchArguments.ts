// launch.json, checked: every attribute in its final form, or an error that says what it must be.

import { DAC_SLOTS, IAC_SLOTS, type Slot } from '../debuggee/slots.ts'
import { badAttribute, noProgram } from './errors.ts'
import type { LaunchArguments } from './types.ts'

export interface Launch {
  readonly program: string
  readonly ramSize: number
  readonly machine: 'bamboo' | 'linux-user'
  /** Of the process, beside its name. */
  readonly args: readonly string[]
  readonly core: '440ep' | '440-nofpu'
  readonly reset: 'boot' | 'cold'
  readonly stopOnEntry: boolean
  readonly console: 'debugConsole' | 'terminal'
  /** Prefixes of source paths in the debug information, and what stands for them here; longest first. */
  readonly sourceMap: readonly (readonly [from: string, to: string])[]
  /** The program is a kernel, and this is what it is handed, by path. */
  readonly kernel: { readonly dtb: string; readonly initrd: string | undefined; readonly append: string } | undefined
  /** ELF files that may have the program's debug information. */
  readonly symbolFiles: readonly string[]
  readonly reserveSlots: readonly Slot[]
  /** As fast as it goes, or never ahead of the clock on the wall. */
  readonly pace: 'max' | 'real'
  /** Changed code and a cold reset as on the part. */
  readonly strict: boolean
  /** Trap words in memory for breakpoints that find no comparator. */
  readonly softBreakpoints: boolean
}

const KB = 1024
const DEFAULT_MEMORY = '128M'
const GRANULE = 64 * KB
const MOST_MEMORY = 1024 * KB * KB

export function parseLaunch(args: LaunchArguments): Launch {
  if (args.program === undefined || args.program === '') throw noProgram()
  return {
    program: text('program', args.program),
    ramSize: memory(args.memory ?? DEFAULT_MEMORY),
    machine: oneOf('machine', args.machine ?? 'bamboo', ['bamboo', 'linux-user']),
    args: texts('args', args.args ?? []),
    core: oneOf('core', args.core ?? '440ep', ['440ep', '440-nofpu']),
    reset: oneOf('reset', args.reset ?? 'boot', ['boot', 'cold']),
    console: oneOf('console', args.console ?? 'debugConsole', ['debugConsole', 'terminal']),
    stopOnEntry: flag('stopOnEntry', args.stopOnEntry ?? false),
    sourceMap: sourceMap(args.sourceMap ?? {}),
    kernel: kernel(args),
    symbolFiles: texts('symbolFiles', args.symbolFiles ?? []),
    reserveSlots: slots(args.reserveSlots ?? []),
    pace: oneOf('pace', args.pace ?? 'max', ['max', 'real']),
    strict: flag('strict', args.strict ?? false),
    softBreakpoints: flag('softBreakpoints', args.softBreakpoints ?? false),
  }
}

/** What only goes together: there is no initial RAM disk without a device tree that tells of it. */
function kernel({ dtb, initrd, append, machine }: LaunchArguments): Launch['kernel'] {
  if (dtb === undefined && initrd === undefined && append === undefined) return undefined
  if (machine === 'linux-user')
    throw badAttribute('machine', machine, '"bamboo" for a kernel ("dtb", "initrd", "append")')
  if (dtb === undefined) throw badAttribute('dtb', dtb, 'the device tree of a kernel that has "initrd" or "append"')
  return {
    dtb: text('dtb', dtb),
    initrd: initrd === undefined ? undefined : text('initrd', initrd),
    append: text('append', append ?? ''),
  }
}

function text(name: string, value: unknown): string {
  if (typeof value !== 'string') throw badAttribute(name, value, 'a text')
  return value
}

function texts(name: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw badAttribute(name, value, 'a list of texts such as ["-v", "input.txt"]')
  return value.map(each => text(name, each))
}

function flag(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw badAttribute(name, value, 'true or false')
  return value
}

function oneOf<T extends string>(name: string, value: unknown, choices: readonly T[]): T {
  const choice = choices.find(c => c === value)
  if (choice === undefined) throw badAttribute(name, value, `one of ${choices.map(c => `"${c}"`).join(', ')}`)
  return choice
}

/** `64M`, `512K`, `0x4000000` or a number of bytes. */
export function memory(value: unknown): number {
  const match = /^\s*(\d+)\s*([kKmMgG]?)i?[bB]?\s*$/.exec(String(value))
  const hex = /^0x[0-9a-f]+$/i.test(String(value)) ? Number(value) : undefined
  const unit = { '': 1, k: KB, m: KB * KB, g: KB * KB * KB }[(match?.[2] ?? '').toLowerCase()] ?? 1
  const bytes = hex ?? (match ? Number(match[1]) * unit : Number.NaN)
  if (!(bytes >= GRANULE && bytes <= MOST_MEMORY) || bytes % GRANULE !== 0)
    throw badAttribute('memory', value, 'a size such as "128M", from 64K to 1024M, a multiple of 64K')
  return bytes
}

function sourceMap(value: unknown): readonly (readonly [string, string])[] {
  const entries =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined
  if (entries === undefined || !entries.every(([, to]) => typeof to === 'string'))
    throw badAttribute('sourceMap', value, 'an object such as { "/build/src": "${workspaceFolder}/src" }')
  return entries.map(([from, to]) => [from, String(to)] as const).sort((a, b) => b[0].length - a[0].length)
}

function slots(value: unknown): readonly Slot[] {
  if (!Array.isArray(value)) throw badAttribute('reserveSlots', value, 'a list such as ["IAC4"]')
  return value.map(slot => oneOf('reserveSlots', slot, [...IAC_SLOTS, ...DAC_SLOTS]))
}
