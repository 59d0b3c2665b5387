// What is seen of a program at stops drawn at random, by us and by gdb, in the same plain shape.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from '../../../src/expr/context.ts'
import { follow } from '../../../src/expr/names.ts'
import { elementOf, load, memberOf, type Value } from '../../../src/expr/value.ts'
import { Machine } from '../../../src/machine/machine.ts'
import { strip } from '../../../src/symbols/types.ts'
import { callStack, type Frame, scopesOf } from '../../../src/target/frames.ts'
import { Program } from '../../../src/target/program.ts'
import { loadElf } from '../guest.ts'
import { coreFile } from './coreFile.ts'

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

/** Both views of the program after each of these numbers of instructions. */
export function seeStops(path: string, instructions: readonly number[]): SeenStop[] {
  const folder = mkdtempSync(join(tmpdir(), 'stops-'))
  try {
    const elf = loadElf(path)
    const machine = createMachine(path)
    const program = new Program(elf, each => each)
    const cores: string[] = []
    const ours = instructions.map((count, i) => {
      runTo(machine, count)
      cores.push(join(folder, `${i}.core`))
      writeFileSync(cores[i], coreFile(machine.cpu, elf))
      return ourFrames(machine, program)
    })
    const theirs = gdbFrames(path, folder, cores)
    return instructions.map((instruction, i) => ({ instruction, ours: ours[i], theirs: theirs[i] }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const createMachine = (path: string): Machine =>
  new Machine({ ramSize: 16 << 20, core: '440-nofpu', reset: 'boot' }, loadElf(path))

function runTo(machine: Machine, count: number): void {
  while (machine.retired < count) machine.run(count - machine.retired)
}

/** How many instructions the program executes before it does nothing but branch to itself. */
export function lengthOf(path: string, limit = 2_000_000): number {
  const machine = createMachine(path)
  for (let exit = machine.run(limit).core; exit?.kind !== 'idle' && machine.retired < limit; )
    exit = machine.run(limit).core
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
  return answers.map(line => (JSON.parse(line) as SeenFrame[]).map(sorted))
}

function ourFrames(machine: Machine, program: Program): SeenFrame[] {
  const frames: SeenFrame[] = []
  for (const frame of callStack(machine, program)) {
    if ('why' in frame || frames.length >= frameLimit) break
    frames.push(seen(frame, machine, program))
    if (frame.name === 'main') break
  }
  return frames
}

function seen(frame: Frame, machine: Machine, program: Program): SeenFrame {
  const context = contextOf(frame, machine, program)
  const variables = scopesOf(frame, program)
    .filter(scope => scope.kind !== 'file')
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

function contextOf({ activation, inlineDepth }: Frame, machine: Machine, program: Program): Context {
  const { readers } = activation
  // The core file has the program's own memory and no other.
  const memory = (address: number, length: number) =>
    program.elf.segments.some(({ vaddr, memsz }) => address >= vaddr && address + length <= vaddr + memsz)
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
      const inner = canonical(memberOf(seen, member), context)
      return [member.isBase ? baseName(member.type) : (member.name ?? ''), inner]
    })
  }
  if (type.kind === 'array') {
    const count = Math.min(type.count ?? 0, elementLimit)
    return Array.from({ length: count }, (_, i) => canonical(elementOf(seen, type.element, i), context))
  }
  if (type.kind === 'base' && type.encoding === 'complex') return 'complex'
  const scalar = load(seen, context)
  if (typeof scalar === 'string') return /memory/.test(scalar) ? 'unreadable' : 'missing'
  return typeof scalar.value === 'number' ? `float ${pythonFloat(scalar.value)}` : String(scalar.value)
}

const baseName = (type: Value['type']): string => {
  const stripped = strip(type)
  return (stripped.kind === 'struct' ? stripped.name : undefined) ?? ''
}

/** As Python writes it: always with a point or an exponent. */
function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (Object.is(value, -0)) return '-0.0'
  const text = Math.abs(value) >= 1e16 ? value.toExponential() : String(value)
  return (/[.e]/.test(text) ? text : `${text}.0`).replace(/e([+-])(\d)$/, 'e$10$2')
}
