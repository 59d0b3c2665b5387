// What a person asks of a stopped program, in C and in the manual's names, answered as rows of a tree.

import { compile } from '../expr/compile.ts'
import { type Context, describeRegister, typesHere } from '../expr/context.ts'
import { ExpressionError } from '../expr/error.ts'
import { type Style, withoutFormat } from '../expr/format.ts'
import { load, toInteger, type Value } from '../expr/value.ts'
import { DWARF_FPR0 } from '../isa/dwarf.ts'
import type { Machine } from '../machine/machine.ts'
import { peekMemory } from '../machine/memory.ts'
import { builtin } from '../symbols/types.ts'
import { fileName } from '../util/fileName.ts'
import { hex32 } from '../util/hex.ts'
import { namedRegisters } from './frameRegisters.ts'
import { callStack, type Frame, scopesOf } from './frames.ts'
import type { Program } from './program.ts'
import { registerRow, registerTree } from './registerRows.ts'
import type { Child, Container } from './tree.ts'
import { row, scopeRows } from './values.ts'

export type { Context } from '../expr/context.ts'
export type { Style } from '../expr/format.ts'

export interface FrameScope {
  readonly name: string
  readonly rows: Container
  /** Not to be fetched before somebody opens it. */
  readonly isCostly: boolean
  readonly hint: 'locals' | 'registers'
}

/** Where expressions are evaluated: in `frame`, or where no frame is known with what is static alone. */
export function contextOf(machine: Machine, program: Program, frame: Frame | undefined, style?: () => Style): Context {
  const { cpu } = machine
  const activation = frame?.activation
  return {
    symbols: program.symbols,
    formatters: program.formatters,
    pc: activation?.readers.pc ?? cpu.pc >>> 0,
    inlineDepth: frame?.inlineDepth ?? 0,
    frame: activation?.readers,
    ...(style && { style }),
    readMemory(address, length) {
      const bytes = peekMemory(cpu, address >>> 0, length)
      return bytes.length === length ? bytes : undefined
    },
    writeMemory: (address, bytes) => machine.poke(address >>> 0, bytes),
    ...namedRegisters(machine, activation),
    writeFrameRegister: (number, bytes) => activation?.writeRegister(number, bytes) ?? false,
  }
}

/**
 * The context of the innermost frame: where the program stands. With `file`, of the innermost that is in a file of that
 * name: what a header has inlined at a line is not what the names beside a breakpoint on that line mean.
 */
export function contextHere(machine: Machine, program: Program, file?: string): Context {
  let innermost: Frame | undefined
  for (const frame of callStack(machine, program)) {
    if ('why' in frame) break
    innermost ??= frame
    const isThere = file === undefined || (frame.place !== undefined && fileName(frame.place.path) === file)
    if (isThere) return contextOf(machine, program, frame)
    if (!frame.isInlined) break
  }
  return contextOf(machine, program, innermost)
}

/** What the Variables view shows of a frame. Where there are no variables, the registers lie open. */
export function frameScopes(
  machine: Machine,
  program: Program,
  frame: Frame | undefined,
  context = contextOf(machine, program, frame),
): FrameScope[] {
  const scopes = frame === undefined ? [] : scopesOf(frame, program)
  const locals = scopes.filter(({ kind }) => kind !== 'file' && kind !== 'enclosing').reverse()
  const enclosing = scopes.filter(({ kind }) => kind === 'enclosing').reverse()
  const files = scopes.filter(({ kind, variables }) => kind === 'file' && variables.length > 0)
  const shown: FrameScope[] = []
  if (locals.length > 0)
    shown.push({ name: 'Locals', rows: localRows(locals, context), isCostly: false, hint: 'locals' })
  if (enclosing.length > 0)
    shown.push({ name: 'Enclosing function', rows: localRows(enclosing, context), isCostly: false, hint: 'locals' })
  for (const file of files) {
    const name = `File ${fileName(file.name ?? '')}`
    shown.push({ name, rows: { children: () => scopeRows(file, { context }) }, isCostly: true, hint: 'locals' })
  }
  const floats = machine.cpu.fpu ? Array.from({ length: 32 }, (_, n) => floatRow(n, context)) : []
  const registers = registerTree(machine, context, text => numberOf(text, context), floats)
  return [...shown, { name: 'Registers', rows: registers, isCostly: locals.length > 0, hint: 'registers' }]
}

function floatRow(n: number, context: Context): Child {
  const value: Value = { type: builtin.double, place: { kind: 'register', register: DWARF_FPR0 + n } }
  return row(`f${n}`, value, { context }, `$f${n}`)
}

/**
 * The function's scope first, then its blocks. A name that a block declares again is that block's from there on; of
 * several in one scope, e.g. the parts of a parameter that GCC has split, it is the first one's.
 */
function localRows(scopes: readonly Parameters<typeof scopeRows>[0][], context: Context): Container {
  return {
    children() {
      const meant = new Map<string, Child>()
      const rows = scopes.flatMap(scope => {
        const own = scopeRows(scope, { context })
        for (const each of [...own].reverse()) meant.set(each.name, each)
        return own
      })
      return rows.map(each => {
        const isHidden = each.name !== '…' && meant.get(each.name) !== each
        return isHidden ? { ...each, name: `${each.name} (hidden)` } : each
      })
    },
  }
}

/** @throws ExpressionError where `text` is no expression, or has no value here. */
export function evaluate(context: Context, text: string, options: { assignment?: boolean } = {}): Child {
  const expression = compile(text, { types: typesHere(context), ...options })
  const value = expression.evaluate(context)
  const { format } = expression
  if (format !== undefined || !isRegister(text, value, context))
    return row(text, value, { context, format }, format === undefined ? text : withoutFormat(text))
  if (value.place.kind === 'named') {
    const register = registerRow(context, value.place.name, typed => numberOf(typed, context))
    if (register !== undefined) return register
  }
  const word = load(value, context)
  const shown = row(text, value, { context }, text)
  return typeof word === 'string' ? shown : { ...shown, value: hex32(Number(word.value)) }
}

/** A register of 32 bits by name, of the machine or as the frame has it: shown as the manual would. */
const isRegister = (text: string, { type, place, bits }: Value, context: Context): boolean =>
  (place.kind === 'named' || (place.kind === 'register' && type === builtin.uint)) &&
  bits === undefined &&
  describeRegister(text.trim().replace(/^\$/, ''), context) !== undefined

/** The 32 bits of what a person typed as a register's new value. */
function numberOf(text: string, context: Context): number {
  const scalar = load(compile(text, { types: typesHere(context) }).evaluate(context), context)
  if (typeof scalar === 'string') throw new ExpressionError(0, `${text} is not a number`, scalar)
  const value = toInteger(scalar.value)
  if (value < -0x8000_0000n || value > 0xffff_ffffn)
    throw new ExpressionError(0, `${text} does not fit`, 'a register has 32 bits')
  return Number(BigInt.asIntN(32, value))
}
