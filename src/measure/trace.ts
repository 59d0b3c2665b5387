// What a run did, a line for each thing: every instruction, every call, or every interrupt.

import type { ExecutionObserver } from '../cpu/observer.ts'
import { disassembleWord } from '../debuggee/disassembly.ts'
import type { Program } from '../debuggee/program.ts'
import { interruptName } from '../isa/interrupts.ts'
import type { Machine } from '../machine/machine.ts'
import { vectorOf } from '../machine/registers.ts'
import { hex32 } from '../util/hex.ts'
import { CallTree, type CodeMap } from './callTree.ts'

export type TraceKind = 'events' | 'calls' | 'insns'
export const TRACE_KINDS: readonly TraceKind[] = ['events', 'calls', 'insns']

type Write = (line: string) => void

const digits = (value: number): string => (value >>> 0).toString(16).padStart(8, '0')

/** `00100100 3c200010 lis r1,16` */
class InstructionTrace implements ExecutionObserver {
  readonly #map: CodeMap
  readonly #program: Program
  readonly #write: Write
  /** Texts by address, of the word that stood there last. */
  readonly #known = new Map<number, readonly [word: number, line: string]>()

  constructor(map: CodeMap, program: Program, write: Write) {
    this.#map = map
    this.#program = program
    this.#write = write
  }

  executed(pc: number, _next: number, times: number): void {
    const word = this.#map.word(pc >>> 0) ?? 0
    let known = this.#known.get(pc)
    if (known === undefined || known[0] !== word) {
      const { text } = disassembleWord(word, pc >>> 0, this.#program)
      this.#known.set(pc, (known = [word, `${digits(pc)} ${digits(word)} ${text}`]))
    }
    // A branch to itself that waits for an interrupt is said once.
    this.#write(times === 1 ? known[1] : `${known[1]} (${times} times)`)
  }
}

/** `      1234 interrupt Decrementer (IVOR10) at 0x00101234 <main+0x10> main.c:12, to 0x00000000` */
class EventTrace implements ExecutionObserver {
  readonly #machine: Machine
  readonly #program: Program
  readonly #write: Write

  constructor(machine: Machine, program: Program, write: Write) {
    this.#machine = machine
    this.#program = program
    this.#write = write
  }

  executed(): void {}

  interrupted(ivor: number, from: number): void {
    const { retired, vcpu } = this.#machine
    const where = this.#program.describe(from >>> 0)
    const to = hex32(vectorOf(ivor, vcpu))
    this.#write(`${String(retired).padStart(10)} interrupt ${interruptName(ivor)} (IVOR${ivor}) at ${where}, to ${to}`)
  }
}

/** `      1234   > square from 0x00100140` and `      1250   < square`, two spaces further in for each call. */
function callTrace(machine: Machine, map: CodeMap, program: Program, write: Write): CallTree {
  const name = (entry: number): string => program.symbols.symbolAt(entry >>> 0)?.name ?? hex32(entry)
  const line = (depth: number, text: string): void =>
    write(`${String(machine.retired).padStart(10)} ${'  '.repeat(Math.min(depth, MOST_INDENT))}${text}`)
  return new CallTree(map, {
    entered: (entry, depth, from) => line(depth, `> ${name(entry)} from ${hex32(from)}`),
    left: (entry, depth) => line(depth, `< ${name(entry)}`),
  })
}

const MOST_INDENT = 60

export function traceOf(
  kind: TraceKind,
  machine: Machine,
  map: CodeMap,
  program: Program,
  write: Write,
): ExecutionObserver {
  switch (kind) {
    case 'insns':
      return new InstructionTrace(map, program, write)
    case 'events':
      return new EventTrace(machine, program, write)
    case 'calls':
      return callTrace(machine, map, program, write)
  }
}
