// launch.json, checked: every attribute in its final form, or an error that says what it must be.

import { isMachine, LINUX_USER, machineAdvice } from '../boards/chosen.ts'
import type { Formatter } from '../debuggee/launch.ts'
import type { Slot } from '../debuggee/slots.ts'
import { nearest } from '../util/likeness.ts'
import { RAM_SIZES, ramSizeOf } from '../util/ramSize.ts'
import { badAttribute, noProgram } from './errors.ts'
import { formattersOf } from './formatterRows.ts'
import { type Attribute, LAUNCH_ATTRIBUTES, type LaunchValues } from './launchAttributes.ts'
import { conform, describe, Misfit } from './shapes.ts'
import { type SymbolFiles, symbolFilesOf } from './symbolFileRows.ts'

export interface Launch
  extends SymbolFiles,
    Omit<
      LaunchValues,
      | 'program'
      | 'memory'
      | 'history'
      | 'stopOnEntry'
      | 'sourceMap'
      | 'symbolFiles'
      | 'formatters'
      | 'dtb'
      | 'initrd'
      | 'append'
    > {
  /** Empty: it is in the capsule. */
  readonly program: string
  /** Absent: as much as the board has. */
  readonly ramSize: number | undefined
  /** Bytes; 0: none is kept. */
  readonly history: number
  /** At the first instruction, or where the function of this name begins. */
  readonly stopOnEntry: boolean | string
  /** Prefixes of source paths in the debug information, and what stands for them here; longest first. */
  readonly sourceMap: readonly (readonly [from: string, to: string])[]
  /** The program is a kernel, and this is what it is handed, by path. */
  readonly kernel: { readonly dtb: string; readonly initrd: string | undefined; readonly append: string } | undefined
  readonly reserveSlots: readonly Slot[]
  readonly formatters: readonly Formatter[]
}

type Given = Readonly<Record<string, unknown>>

const ATTRIBUTES: readonly (readonly [name: string, Attribute])[] = Object.entries(LAUNCH_ATTRIBUTES)

/** @throws UserError */
export function parseLaunch(args: Given): Launch {
  const { program, memory, history, stopOnEntry, sourceMap, dtb, initrd, append, formatters, symbolFiles, ...rest } =
    valuesOf(args)
  if (!program && !rest.capsule) throw noProgram()
  const ramSize = memory === undefined ? undefined : ramSizeOf(memory)
  if (memory !== undefined && ramSize === undefined) throw badAttribute('memory', memory, RAM_SIZES)
  if (!isMachine(rest.machine)) throw badAttribute('machine', rest.machine, machineAdvice(rest.machine))
  if (rest.capsule && rest.measure.length > 0)
    throw badAttribute('measure', rest.measure, 'absent where a capsule is gone through')
  const historySize = isNothing(history) ? 0 : ramSizeOf(history)
  if (historySize === undefined) throw badAttribute('history', history, HISTORY_SIZES)
  if (rest.onReset === 'restart' && rest.reset !== 'cold')
    throw badAttribute('onReset', rest.onReset, '"end", or "restart" together with "reset": "cold"')
  if (typeof stopOnEntry !== 'boolean' && !isName(stopOnEntry))
    throw badAttribute('stopOnEntry', stopOnEntry, 'true, false or the name of a function')
  return {
    ...rest,
    ...fitting(() => symbolFilesOf(symbolFiles)),
    program: program ?? '',
    ramSize,
    // Whoever goes back runs a second time, and would be counted twice.
    history: rest.measure.length > 0 ? 0 : historySize,
    stopOnEntry,
    formatters: fitting(() => formattersOf(formatters)),
    sourceMap: Object.entries(sourceMap).sort(([a], [b]) => b.length - a.length),
    kernel: kernel(rest.machine, dtb, initrd, append),
  }
}

const HISTORY_SIZES = `"0" or ${RAM_SIZES}`
const isNothing = (value: unknown): boolean => value === 0 || value === '0'

const isName = (value: unknown): value is string => typeof value === 'string' && /^\S.{0,999}$/.test(value)

function valuesOf(args: Given): LaunchValues {
  const values = ATTRIBUTES.map(([name, { shape, default: standard }]) => {
    const given = Object.hasOwn(args, name) ? args[name] : undefined
    return [name, given === undefined || given === null ? standard : fitting(() => conform(given, shape, name))]
  })
  return Object.fromEntries(values) as LaunchValues
}

/** @throws UserError for a value that does not fit. */
function fitting<T>(check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (error instanceof Misfit) throw badAttribute(error.path, error.value, error.wanted)
    throw error
  }
}

/** What only goes together: there is no initial RAM disk without a device tree that tells of it. */
function kernel(
  machine: LaunchValues['machine'],
  dtb: string | undefined,
  initrd: string | undefined,
  append: string | undefined,
): Launch['kernel'] {
  if (dtb === undefined && initrd === undefined && append === undefined) return undefined
  if (machine === LINUX_USER)
    throw badAttribute('machine', machine, '"bamboo" or another board for a kernel ("dtb", "initrd", "append")')
  if (dtb === undefined) throw badAttribute('dtb', dtb, 'the device tree of a kernel that has "initrd" or "append"')
  return { dtb, initrd, append: append ?? '' }
}

/** What the editor puts into every configuration, or reads from it for itself. */
const EDITORS: ReadonlySet<string> = new Set([
  ...['type', 'request', 'name', 'noDebug', 'presentation', 'preLaunchTask', 'postDebugTask', 'debugServer'],
  ...['internalConsoleOptions', 'suppressMultipleSessionWarning', 'serverReadyAction', 'windows', 'osx', 'linux'],
])
const MOST_REMARKS = 10

/** A sentence for each attribute that has no meaning here: most are slips. */
export function unknownAttributes(args: Given): readonly string[] {
  const names = ATTRIBUTES.map(([name]) => name)
  return Object.keys(args)
    .filter(name => !names.includes(name) && !EDITORS.has(name) && !name.startsWith('__'))
    .slice(0, MOST_REMARKS)
    .map(name => {
      const meant = nearest(name, names)
      const advice = meant === undefined ? 'it is ignored' : `did you mean "${meant}"?`
      return `launch.json: ${describe(name)} is not an attribute of ppc440: ${advice}`
    })
}
