// The engines by name.

import type { Cpu } from '../cpu/cpu.ts'
import { type Engine, InterpretingEngine } from '../cpu/engine.ts'
import { CompilingEngine } from './engine.ts'

/**
 * After so many branches to a place the code there is compiled: it costs about as much as interpreting it that often. A
 * kernel that boots has much code that never pays, a loop that matters is there in less than a millisecond. Once the loop
 * of WebAssembly interprets, which is ten times as fast, it takes as much longer to pay.
 */
const AUTO = { threshold: 2000, loopAfter: 150_000, thresholdInLoop: 40_000, inParts: true }
const COMPILER = { threshold: 1, loopAfter: 150_000, thresholdInLoop: 1, inParts: false }

/** `auto` interprets, and compiles what is hot; `compiler` compiles whatever has been executed and is met again. */
export const ENGINES = ['auto', 'compiler', 'interpreter'] as const
export type EngineName = (typeof ENGINES)[number]

export function createEngine(name: EngineName, cpu: Cpu): Engine {
  if (name === 'interpreter') return new InterpretingEngine(cpu)
  try {
    return new CompilingEngine(cpu, { name, ...(name === 'auto' ? AUTO : COMPILER) })
  } catch (error) {
    // A page whose Content-Security-Policy forbids it, Node with --jitless; there is no way to ask but to try.
    const why = error instanceof Error ? error.message : String(error)
    return new InterpretingEngine(cpu, `WebAssembly cannot be compiled here (${why}): the program is interpreted`)
  }
}
