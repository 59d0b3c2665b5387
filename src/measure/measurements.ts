// All that a run is measured by, at its machine.

import type { ExecutionObserver } from '../cpu/observer.ts'
import { entryAt, type Program } from '../debuggee/program.ts'
import type { Machine } from '../machine/machine.ts'
import { wordAt } from '../machine/memory.ts'
import { CallTree, type CodeMap } from './callTree.ts'
import { ExecutionCounts } from './counts.ts'
import { coverageOf } from './coverage.ts'
import { type FileCoverage, lcovText } from './lcov.ts'
import { cpuProfile, foldedStacks, profileOf } from './profile.ts'
import { type TraceKind, traceOf } from './trace.ts'

export interface MeasurementsWanted {
  readonly coverage: boolean
  readonly profile: boolean
  readonly trace: readonly { readonly kind: TraceKind; readonly write: (line: string) => void }[]
}

export class Measurements {
  readonly #program: Program
  readonly #counts: ExecutionCounts | undefined
  readonly #tree: CallTree | undefined

  /** From here on `machine` is observed, if there is anything to observe. */
  constructor(machine: Machine, program: Program, { coverage, profile, trace }: MeasurementsWanted) {
    this.#program = program
    const map = codeMap(machine, program)
    this.#counts = coverage ? new ExecutionCounts() : undefined
    this.#tree = profile ? new CallTree(map) : undefined
    const traces = trace.map(({ kind, write }) => traceOf(kind, machine, map, program, write))
    const observers = [this.#counts, this.#tree, ...traces].filter(each => each !== undefined)
    if (observers.length > 0) machine.cpu.observer = observers.length === 1 ? observers[0] : all(observers)
  }

  /** @param testName what the run is called */
  lcov(testName: string): string {
    return lcovText(this.coverage(), testName)
  }

  /** What was covered of each file; nothing where that was not wanted. */
  coverage(): readonly FileCoverage[] {
    return this.#counts === undefined ? [] : coverageOf(this.#program, this.#counts)
  }

  /** For Chrome and VS Code, or as folded stacks. @param placeOf where a file of the program is found */
  profile(kind: 'cpuprofile' | 'folded', placeOf?: (path: string) => string): string {
    if (this.#tree === undefined) return ''
    const root = profileOf(this.#tree, this.#program)
    return kind === 'folded' ? foldedStacks(root) : cpuProfile(root, placeOf)
  }
}

const codeMap = ({ cpu }: Machine, { symbols }: Program): CodeMap => ({
  word: address => wordAt(cpu, address),
  functionAt: address => entryAt(symbols, address) ?? address,
})

const all = (observers: readonly ExecutionObserver[]): ExecutionObserver => ({
  executed(pc, next, times) {
    for (const observer of observers) observer.executed(pc, next, times)
  },
  interrupted(ivor, from) {
    for (const observer of observers) observer.interrupted?.(ivor, from)
  },
})
