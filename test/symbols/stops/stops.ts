// What is seen of a program at stops drawn at random, by us and by gdb, in the same plain shape.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callStack, type Frame, scopesOf } from '../../../src/debuggee/frames.ts'
import { Program } from '../../../src/debuggee/program.ts'
import { valueText } from '../../../src/debuggee/values/summary.ts'
import type { Context } from '../../../src/expr/context.ts'
import { follow } from '../../../src/expr/names.ts'
import { complexPart, elementOf, load, memberOf, type Value } from '../../../src/expr/value.ts'
import { MSR_FP } from '../../../src/isa/registers.ts'
import { PAGE } from '../../../src/linux/abi.ts'
import { Machine } from '../../../src/machine/machine.ts'
import { readRegister } from '../../../src/machine/registers.ts'
import { strip } from '../../../src/symbols/types.ts'
import { loadElf } from '../guest.ts'
import { coreFile, type Range } from './coreFile.ts'

/** A value without its type: numbers as text, `missing` where there is none. */
export type Canonical = string | readonly Canonical[]

export interface SeenFrame {
  readonly function: string | null
  readonly pc: number
  readonly file: string | null
  readonly line: number
  readonly inlined: boolean
  /** Name and value, sorted. */
  readonly variables: readonly (readonly [string, Canonical])[]
}

export interface SeenStop {
  readonly instruction: number
  readonly ours: readonly SeenFrame[]
  readonly theirs: readonly SeenFrame[]
}

const elementLimit = 24
const frameLimit = 40

/** A program that is being looked at, and where it has memory now. */
interface Looked {
  readonly machine: Machine
  readonly program: Program
  readonly memory: readonly Range[]
}

/** Both views of the program after each of these numbers of instructions, run by `runTo`. */
export function seeStops(
  path: string,
  instructions: readonly number[],
  machine = createMachine(path),
  run = runTo,
  /** The same code, where gdb is to be asked about another file. */
  asked = path,
): SeenStop[] {
  const folder = mkdtempSync(join(tmpdir(), 'stops-'))
  try {
    const program = new Program(loadElf(path))
    const cores: string[] = []
    const ours = instructions.map((count, i) => {
      run(machine, count)
      const memory = memoryOf(machine, program)
      cores.push(join(folder, `${i}.core`))
      writeFileSync(cores[i], coreFile(machine.cpu, memory))
      return ourFrames({ machine, program, memory })
    })
    const theirs = gdbFrames(asked, folder, cores)
    return instructions.map((instruction, i) => ({ instruction, ours: ours[i], theirs: theirs[i] }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The memory of a program on a board is its segments; of a process, what it has mapped. */
export function memoryOf({ process }: Machine, { elf }: Program): Range[] {
  if (process === undefined) return elf.segments.map(({ vaddr, memsz }) => ({ address: vaddr, length: memsz }))
  const ranges: Range[] = []
  let address = process.space.base
  for (const [pages, protection] of process.space.save().protection) {
    const length = pages * PAGE
    if (protection !== 0) ranges.push({ address, length })
    address += length
  }
  return ranges
}

/** With floating-point registers in use, whether the program has them or not. */
export function createMachine(path: string): Machine {
  const machine = new Machine({ ramSize: 16 << 20, core: '440ep', reset: 'boot' }, loadElf(path))
  machine.setRegister('MSR', readRegister(machine.vcpu, 'MSR')! | MSR_FP)
  return machine
}

function runTo(machine: Machine, count: number): void {
  while (machine.retired < count) machine.run({ budget: count - machine.retired })
}

/** How many instructions the program executes before it does nothing but branch to itself. */
export function lengthOf(path: string, limit = 2_000_000): number {
  const machine = createMachine(path)
  for (let exit = machine.run({ budget: limit }).core; exit?.kind !== 'idle' && machine.retired < limit; )
    exit = machine.run({ budget: limit }).core
  return machine.retired
}

/** `count` different numbers below `length`, ascending; the same ones for the same seed. */
export function draw(length: number, count: number, seed: number): number[] {
  const drawn = new Set<number>()
  let state = seed >>> 0 || 1
  while (drawn.size < Math.min(count, length)) {
    // xorshift32
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    drawn.add(state % length)
  }
  return [...drawn].sort((a, b) => a - b)
}

function gdbFrames(path: string, folder: string, cores: readonly string[]): SeenFrame[][] {
  const env = { ...process.env, STOPS: join(folder, 'names'), ANSWERS: join(folder, 'answers') }
  writeFileSync(env.STOPS, cores.join('\n'))
  const script = join(import.meta.dirname, 'gdbStops.py')
  execFileSync('gdb-multiarch', ['-nx', '-batch', '-iex', 'set osabi GNU/Linux', path, '-x', script], {
    env,
    stdio: 'ignore',
  })
  const answers = readFileSync(env.ANSWERS, 'utf8').trimEnd().split('\n')
  // gdb shows the end of the chain as a frame at 0.
  return answers.map(line => (JSON.parse(line) as SeenFrame[]).filter(({ pc }) => pc !== 0).map(sorted))
}

function ourFrames(looked: Looked): SeenFrame[] {
  const frames: SeenFrame[] = []
  for (const frame of callStack(looked.machine, looked.program)) {
    if ('why' in frame || frames.length >= frameLimit) break
    frames.push(seen(frame, looked))
    if (frame.name === 'main') break
  }
  return frames
}

function seen(frame: Frame, looked: Looked): SeenFrame {
  const context = contextOf(frame, looked)
  const variables = scopesOf(frame, looked.program)
    .filter(({ kind }) => kind !== 'file' && kind !== 'enclosing')
    .flatMap(scope => scope.variables)
    .map(variable => {
      const value = { type: variable.typeIn(context.frame), place: variable.locate(context.frame) }
      return [variable.name, canonical(value, context)] as const
    })
  return sorted({
    function: frame.name,
    pc: frame.activation.pc,
    file: frame.place?.path.replace(/.*\//, '') ?? null,
    line: frame.place?.line ?? 0,
    inlined: frame.isInlined,
    variables,
  })
}

function contextOf({ activation, inlineDepth }: Frame, { machine, program, memory: ranges }: Looked): Context {
  const { readers } = activation
  // The core file has the program's own memory and no other.
  const memory = (address: number, length: number) =>
    ranges.some(range => address >= range.address && address + length <= range.address + range.length)
      ? readers.memory(address, length)
      : undefined
  return {
    symbols: program.symbols,
    pc: readers.pc,
    inlineDepth,
    frame: { ...readers, memory },
    readMemory: memory,
    writeMemory: () => false,
    readRegister: name => (name.toUpperCase() === 'PC' ? machine.cpu.pc >>> 0 : undefined),
    writeRegister: () => false,
    writeFrameRegister: () => false,
  }
}

const sorted = (frame: SeenFrame): SeenFrame => ({
  ...frame,
  variables: [...frame.variables].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
})

function canonical(value: Value, context: Context): Canonical {
  const seen = follow(value, context)
  const type = strip(seen.type)
  if (type.kind === 'struct') {
    return type.members.map(member => {
      const inner = canonical(memberOf(seen, member, context), context)
      return [member.isBase ? '' : (member.name ?? ''), inner]
    })
  }
  if (type.kind === 'array') {
    const count = Math.min(type.count ?? 0, elementLimit)
    return Array.from({ length: count }, (_, i) => canonical(elementOf(seen, type.element, i), context))
  }
  if (type.kind === 'complex')
    return (['real', 'imaginary'] as const).map(which => canonical(complexPart(seen, type, which), context))
  if (type.kind === 'memberPointer') return memberPointer(valueText(seen, { context }))
  const scalar = load(seen, context)
  if (typeof scalar === 'string') return /memory/.test(scalar) ? 'unreadable' : 'missing'
  return typeof scalar.value === 'number' ? `float ${pythonFloat(scalar.value)}` : String(scalar.value)
}

/** Its name, or the address of a function. */
function memberPointer(text: string): Canonical {
  const found = /(0x[0-9a-f]+)|NULL|&(virtual )?[\w:$]+/.exec(text)
  return found?.[1] ? String(Number(found[1])) : (found?.[0] ?? 'missing')
}

/** As Python writes it: always with a point or an exponent. */
function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (Object.is(value, -0)) return '-0.0'
  const text = Math.abs(value) >= 1e16 ? value.toExponential() : String(value)
  return (/[.e]/.test(text) ? text : `${text}.0`).replace(/e([+-])(\d)$/, 'e$10$2')
}
