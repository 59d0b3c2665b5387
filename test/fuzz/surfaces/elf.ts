// A debugging session over a damaged program: guests of GCC and clang in all versions of DWARF, a section of them
// damaged at a time (as gimli fuzzes section by section), and some of what a person asks of a stopped program.

import { readFileSync } from 'node:fs'
import { disassembleRow } from '../../../src/debuggee/disassembly.ts'
import { callStack, scopesOf } from '../../../src/debuggee/frames.ts'
import { Program } from '../../../src/debuggee/program.ts'
import { row, scopeRows } from '../../../src/debuggee/values.ts'
import { readElf } from '../../../src/elf/elf.ts'
import { readObjectFile } from '../../../src/elf/objectFile.ts'
import type { ElfFile } from '../../../src/elf/types.ts'
import { compile } from '../../../src/expr/compile.ts'
import { type Context, typesHere } from '../../../src/expr/context.ts'
import { Machine } from '../../../src/machine/machine.ts'
import type { FrameReaders } from '../../../src/symbols/scopes.ts'
import { Symbols } from '../../../src/symbols/symbols.ts'
import type { Random } from '../../support/random.ts'
import { build, loadElf, packaged, programs } from '../../symbols/guest.ts'
import { mutate } from '../mutate.ts'
import type { Surface } from '../surface.ts'

interface Target {
  /** The file that is damaged: the program, or one split off it. */
  readonly bytes: Uint8Array
  /** The program with these bytes in its place. */
  open(bytes: Uint8Array): ElfFile
  /** Where in the file lie the sections that a debugger reads. */
  readonly sections: readonly { readonly offset: number; readonly size: number }[]
  readonly pcs: readonly number[]
  readonly files: readonly string[]
}

const BUILDS: readonly (readonly [string, ...string[]])[] = [
  ['calls', '-O2', '-gdwarf-5'],
  ['calls', 'clang', '-O2', '-gdwarf-5'],
  ['arrays', '-Os', '-gdwarf-2'],
  ['kinds', '-O2', '-gdwarf-3'],
  ['shapes', '-O1', '-gdwarf-4'],
  ['classes', '-O2', '-gdwarf-5'],
  ['objects', 'clang', '-O2', '-gdwarf-4'],
  ['generic', '-O2', '-gdwarf-4', '-fdebug-types-section'],
  ['threads', 'clang', '-O2', '-gdwarf-5', '-gsplit-dwarf'],
  ['shapes', '-O2', '-g3', '-gdwarf-5'],
  ['kinds', '-O2', '-gdwarf-5', '-gz=zlib'],
]

/** Of these, one of the files split off is damaged. */
const SPLIT: readonly (readonly [string, ...string[]])[] = [
  ['shapes', '-O2', '-g3', '-gdwarf-5', '-gsplit-dwarf'],
  ['calls', '-O2', '-gdwarf-4', '-gsplit-dwarf', '-fdebug-types-section'],
  ['objects', '-O2', '-gdwarf-5', '-gsplit-dwarf', packaged],
]
const SPLIT_SECTIONS = [
  ...['info', 'types', 'abbrev', 'line', 'str', 'str_offsets', 'loc', 'loclists', 'rnglists', 'macro'].map(
    name => `.debug_${name}.dwo`,
  ),
  '.debug_cu_index',
  '.debug_tu_index',
]

const NAMES = [
  'main',
  'total',
  'flags',
  'point',
  'GREEN',
  'nodes',
  'net::Device',
  'u32',
  'this',
  'outer::hidden',
  'LIMIT',
]
const EXPRESSIONS = [
  '*nodes',
  'point.x',
  'nodes[3].next->value',
  '(struct node *)16',
  'sizeof(point)',
  'flags + 1',
  '&point',
]

let targets: Target[] = []

/** One machine for all: its memory is that of the first program, its registers are anything. */
let machine: Machine | undefined

function splitTarget([program, ...options]: readonly [string, ...string[]]): Target {
  const elf = loadElf(build(programs[program]!, ...options))
  const [first, ...others] = elf.splitFiles!
  const bytes = readFileSync(first!.name)
  const file = readObjectFile(bytes, first!.name)
  const open = (damaged: Uint8Array): ElfFile => ({
    ...elf,
    splitFiles: [readObjectFile(damaged, 'damaged.dwo'), ...others],
  })
  const sections = SPLIT_SECTIONS.flatMap(name => file.allContents(name)).map(({ byteOffset, length }) => ({
    offset: byteOffset - bytes.byteOffset,
    size: length,
  }))
  return { ...about(elf), bytes, open, sections: sections.filter(({ size }) => size > 0) }
}

function target([program, ...options]: readonly [string, ...string[]]): Target {
  const bytes = readFileSync(build(programs[program]!, ...options))
  const elf = readElf(bytes)
  const read = elf.sections.filter(({ name, size }) => /debug|eh_frame|symtab|strtab/.test(name) && size > 0)
  return { ...about(elf), bytes, open: damaged => readElf(damaged), sections: read }
}

function about(elf: ElfFile): Pick<Target, 'pcs' | 'files'> {
  const text = elf.sections.find(({ name }) => name === '.text')!
  const pcs = Array.from({ length: 16 }, (_, i) => text.addr + 4 * Math.floor((i * text.size) / 64))
  const files = Symbols.load(elf).files()
  return { pcs, files: files.map(({ path }) => path) }
}

/** A frame in which registers are anything and memory is a pattern. */
const frameAt = (pc: number, random: Random): FrameReaders => {
  const registers = Array.from({ length: 8 }, () =>
    random.chance(50) ? 0x10_0000 + random.below(0x4000) : random.word() >>> 0,
  )
  return {
    pc,
    register: number => registers[number % 8],
    memory: (address, length) => (address < 0x100 ? undefined : new Uint8Array(length).fill(address >>> 3)),
    cfa: () => 0x10_0000,
    entryValue: () => ({ type: { size: 4, encoding: 'generic' }, value: 7n }),
  }
}

function ask(program: Program, { pcs, files }: Target, random: Random): void {
  const { symbols } = program
  const pc = random.pick(pcs)
  const name = random.pick(NAMES)
  switch (random.below(9)) {
    case 0: {
      const path = random.pick(files) ?? ''
      for (const line of symbols.breakpointLines(path, 1, 200).slice(0, 3)) symbols.locationsFor(path, line)
      return
    }
    case 1:
      symbols.lineAt(pc)
      symbols.stepRange(pc)
      symbols.statementsOf(pc)
      symbols.inlineChainAt(pc)
      return
    case 2: {
      const frame = frameAt(pc, random)
      symbols.callerOf(frame)
      for (const site of symbols.callsTo(pc, pc + 4, frame) ?? []) symbols.entryValue(site, Uint8Array.of(0x53), frame)
      return
    }
    case 3:
      symbols.functionAddresses(name)
      symbols.functionNamed(name)
      symbols.symbolAt(pc)
      symbols.macroNamed(name, pc)
      return
    case 4: {
      const info = symbols.functionAt(pc)
      if (info !== undefined) symbols.functionType(info)
      symbols.enumeratorNamed(name, pc)
      symbols.typeNamed(name, random.pick([undefined, 'struct', 'enum']), pc)
      return
    }
    case 5:
      walk(program, pc, random)
      return
    case 6: {
      const context = contextAt(symbols, pc, random)
      const text = random.pick(random.chance(50) ? EXPRESSIONS : NAMES)
      const value = compile(text, { types: typesHere(context) }).evaluate(context)
      row(text, value, { context }, text).container?.children(0, 4)
      return
    }
    default: {
      const context = contextAt(symbols, pc, random)
      for (const scope of symbols.scopesAt(pc, context.inlineDepth))
        for (const shown of scopeRows(scope, { context }).slice(0, 12))
          for (const child of shown.container?.children(0, 4).slice(0, 4) ?? []) child.container?.children(0, 3)
    }
  }
}

/** The call stack from some place, and the instructions there. */
function walk(program: Program, pc: number, random: Random): void {
  if (machine === undefined) return
  machine.cpu.pc = pc
  for (const number of [0, 1, 11, 30, 31]) machine.cpu.state.gpr[number] = 0x10_0000 + 4 * random.below(0x2000)
  let rows = 0
  for (const frame of callStack(machine, program)) {
    if (++rows > 12 || 'why' in frame) break
    scopesOf(frame, program)
  }
  for (let address = pc; address < pc + 16; address += 4) disassembleRow(machine, program, address)
}

function contextAt(symbols: Symbols, pc: number, random: Random): Context {
  const frame = frameAt(pc, random)
  return {
    symbols,
    pc,
    inlineDepth: random.below(2),
    frame,
    readMemory: frame.memory,
    writeMemory: () => false,
    readRegister: () => 0,
    writeRegister: () => false,
    writeFrameRegister: () => false,
  }
}

export const surface: Surface = {
  small: 1500,
  tools: ['powerpc-linux-gnu-gcc', 'powerpc-linux-gnu-g++', 'clang-14'],
  prepare() {
    targets = [...BUILDS.map(target), ...SPLIT.map(splitTarget)]
    machine = new Machine({ ramSize: 2 << 20, core: '440-nofpu', reset: 'boot' }, readElf(targets[0]!.bytes))
  },
  run(random) {
    const chosen = random.pick(targets)
    const damaged = Uint8Array.from(chosen.bytes)
    const headers = random.below(12)
    if (headers === 0) mutate(damaged, 0, 52 + 32 * 3, random)
    else if (headers === 1) mutate(damaged, new DataView(damaged.buffer).getUint32(32), damaged.length, random)
    else {
      const { offset, size } = random.pick(chosen.sections)
      for (let i = 1 + random.below(6); i > 0; i--) mutate(damaged, offset, offset + size, random)
    }
    const program = new Program(chosen.open(damaged))
    const { symbols } = program
    for (let i = 1 + random.below(3); i > 0; i--) {
      try {
        ask(program, chosen, random)
      } catch (error) {
        // A question that is refused is answered; the next one has to be, too.
        if (!(error instanceof Error) || error.name !== 'ExpressionError') throw error
      }
    }
    for (const problem of symbols.problems) if (/Internal error|undefined|NaN/.test(problem)) throw new Error(problem)
    if (new Set(symbols.problems).size < symbols.problems.length) throw new Error('a problem is told twice')
  },
}
