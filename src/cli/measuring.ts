// The options by which a run is measured, and the files that come of it.

import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import type { Program } from '../debuggee/program.ts'
import type { Machine } from '../machine/machine.ts'
import { Measurements } from '../measure/measurements.ts'
import { TRACE_KINDS, type TraceKind } from '../measure/trace.ts'
import { UserError } from '../util/userError.ts'
import type { OwnValues } from './machineOptions.ts'

export const MEASURING_USAGE = `  --coverage FILE    which lines, functions and ways of branches were executed, as LCOV
  --profile FILE     instructions by function and caller: FILE.cpuprofile for Chrome and VS Code, otherwise folded stacks
  --trace KIND=FILE  insns, calls or events (interrupts), a line for each`

export const MEASURING_OPTIONS = {
  coverage: { type: 'string' },
  profile: { type: 'string' },
  trace: { type: 'string' },
} as const

export interface MeasuringOptions {
  readonly coverage?: string
  readonly profile?: string
  readonly trace?: { readonly kind: TraceKind; readonly path: string }
}

/** @throws UserError */
export function measuringOptions({ coverage, profile, trace }: OwnValues): MeasuringOptions {
  return {
    ...(typeof coverage === 'string' && { coverage }),
    ...(typeof profile === 'string' && { profile }),
    ...(typeof trace === 'string' && { trace: traceOption(trace) }),
  }
}

function traceOption(text: string): NonNullable<MeasuringOptions['trace']> {
  const [, name, path] = /^([^=]+)=(.+)$/s.exec(text) ?? []
  const kind = TRACE_KINDS.find(one => one === name)
  if (kind === undefined || path === undefined)
    throw new UserError(
      'bad-option',
      `--trace is ${text}`,
      `write ${TRACE_KINDS.map(each => `${each}=FILE`).join(' or ')}`,
    )
  return { kind, path }
}

const PIECE = 1 << 16

/** Lines into a file, in large pieces. */
class TraceFile {
  readonly #file: number
  #text = ''

  constructor(path: string) {
    this.#file = writing(path, () => openSync(path, 'w'))
  }

  write(line: string): void {
    this.#text += `${line}\n`
    if (this.#text.length >= PIECE) this.#flush()
  }

  #flush(): void {
    writeSync(this.#file, this.#text)
    this.#text = ''
  }

  close(): void {
    this.#flush()
    closeSync(this.#file)
  }
}

/** @throws UserError */
function writing<T>(path: string, write: () => T): T {
  try {
    return write()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UserError('unwritable', `cannot write ${path}: ${why}`, 'give a path that can be written')
  }
}

export interface Measuring {
  /** Writes what was asked for. @throws UserError */
  finish(): void
}

/** @param program is asked only where something is measured: it reads all symbols */
export function measuring(
  options: MeasuringOptions,
  machine: Machine,
  program: () => Program,
  testName: string,
): Measuring | undefined {
  const { coverage, profile, trace } = options
  if (coverage === undefined && profile === undefined && trace === undefined) return undefined
  const file = trace && new TraceFile(trace.path)
  const measurements = new Measurements(machine, program(), {
    coverage: coverage !== undefined,
    profile: profile !== undefined,
    trace: trace === undefined ? [] : [{ kind: trace.kind, write: line => file!.write(line) }],
  })
  return {
    finish() {
      file?.close()
      if (coverage !== undefined) writing(coverage, () => writeFileSync(coverage, measurements.lcov(testName)))
      if (profile === undefined) return
      const kind = profile.endsWith('.cpuprofile') ? 'cpuprofile' : 'folded'
      writing(profile, () => writeFileSync(profile, measurements.profile(kind)))
    },
  }
}
