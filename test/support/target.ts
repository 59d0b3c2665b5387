// A target without a session, whose loop a test turns by hand: nothing happens that the test does not ask for.

import type { EngineName } from '../../src/compiler/engines.ts'
import type { FrontEnd } from '../../src/debuggee/frontEnd.ts'
import type { TargetHost } from '../../src/debuggee/host.ts'
import { createDebuggee, type ProcessOptions } from '../../src/debuggee/launch.ts'
import { type Debuggee, Target } from '../../src/debuggee/target.ts'
import { readElf } from '../../src/elf/elf.ts'
import { A } from './core.ts'
import { bytesOf, writeElf } from './elf.ts'

/** An ELF file with these instructions from A on. */
export const programOf = (words: readonly number[]): Uint8Array => writeElf(A, [{ address: A, bytes: bytesOf(words) }])

/** A front end that does nothing about what it hears. */
export const SILENT: FrontEnd = {
  name: 'silent',
  continued() {},
  stopped() {},
  ended() {},
  replanned() {},
  note() {},
  traced() {},
  written() {},
}

interface Options {
  readonly pace?: 'max' | 'real'
  /** Milliseconds that pass whenever somebody looks at the clock. It moves by itself no more than that. */
  readonly tick?: number
  /** A static Linux executable, which asks for no files. */
  readonly process?: ProcessOptions
  /** Bytes of history. */
  readonly history?: number
  readonly engine?: EngineName
}

export class HandTurned {
  readonly target: Target
  /** The time on the wall, and how much of it was waited for. */
  ms = 0
  slept = 0
  readonly #options: Options
  readonly #tasks: (() => void)[] = []

  constructor(elf: Uint8Array, options: Options = {}) {
    const { tick = 0 } = options
    this.#options = options
    const host: TargetHost = {
      schedule: (task, wait = 0) => {
        this.ms += wait
        this.slept += wait
        this.#tasks.push(task)
      },
      now: () => (this.ms += tick),
      answer: () => new Promise(() => {}),
      outputWait: () => 0,
    }
    this.target = new Target(this.debuggee(elf), host)
  }

  /** Of another program, for a restart. */
  debuggee(elf: Uint8Array): Debuggee {
    const { pace = 'max', process, history, engine } = this.#options
    const options = {
      ...({ ramSize: process === undefined ? 2 << 20 : 64 << 20, core: '440ep', reset: 'boot' } as const),
      ...{ interactive: false, pace },
      ...(process && { process }),
      ...(history && { history }),
      ...(engine && { engine }),
    }
    return createDebuggee(readElf(elf), { ...options, filesMeant: path => ({ files: [path] }), onTransmit: () => {} })
  }

  /** Runs so many slices, or until nothing is left to do. */
  turn(slices = Number.POSITIVE_INFINITY): void {
    for (let n = 0; n < slices; n++) {
      const task = this.#tasks.shift()
      if (task === undefined) return
      task()
    }
  }
}
