// From the statements of a meaning to lines of TypeScript.

import { BO } from '../../src/isa/flow.ts'
import type { Pattern } from '../../src/isa/pattern.ts'
import type { RtlCall, RtlExpression, RtlTarget, Statement } from '../../src/isa/rtl/tree.ts'
import { flattened } from '../../src/isa/rtl/walk.ts'
import { ExpressionWriter, PLACES, reachesOut } from './expressions.ts'

/** Where code stands: the loop leaves a case with `break`, the function of the rare ones returns where to go on. */
export interface Surrounding {
  /** The instruction is done; it has raised a fault and is not. */
  readonly done: string
  readonly faulted: string
  /** After a call of the core: whether there was a fault. The loop learns here, and only here, of wanted attention. */
  readonly hasFaulted: string
  /** What is written down before a call that may ask for place and time. */
  readonly before: readonly string[]
  /** Whether loads and stores look into the soft TLB themselves. */
  readonly looksIntoSoftTlb: boolean
  /** What follows where `next` has become the target of a branch. */
  readonly afterTransfer: readonly string[]
}

/** Names that the code around has already. */
const TAKEN = [
  ...['cpu', 'state', 'g', 'cr', 'words', 'spr', 'ram', 'code', 't', 'pc', 'remaining', 'attention', 'page', 'va'],
  ...['offset', 'ops', 'known', 'at', 'i', 'w', 'op', 'next', 'rare', 'slot', 'taken', 'heat', 'h'],
]

/** How the state's DataView reads and writes each size. */
const VIEW: Readonly<Record<string, { readonly method: string; readonly bytes: number } | undefined>> = {
  read8: { method: 'getUint8', bytes: 1 },
  read16: { method: 'getUint16', bytes: 2 },
  read32: { method: 'getInt32', bytes: 4 },
  write8: { method: 'setInt8', bytes: 1 },
  write16: { method: 'setInt16', bytes: 2 },
  write32: { method: 'setInt32', bytes: 4 },
}

/** A bit of BO where it stands in the word, bits 6 to 10. */
const inWord = (bit: number): string => `0x${(bit << 21).toString(16).padStart(8, '0')}`

/** TAKEN: CTR and the bit of CR that BI names, as BO asks (manual p.46). */
const DECIDES: readonly string[] = [
  'let taken = true',
  `if ((w & ${inWord(BO.KEEPS_CTR)}) === 0) {`,
  '  const left = (spr[9] - 1) | 0',
  '  spr[9] = left',
  `  taken = (left === 0) === ((w & ${inWord(BO.IF_ZERO)}) !== 0)`,
  '}',
  `if ((w & ${inWord(BO.ANY_CONDITION)}) === 0) {`,
  '  const bit = (cr[(w >>> 18) & 7] >>> (3 - ((w >>> 16) & 3))) & 1',
  `  taken = taken && (bit !== 0) === ((w & ${inWord(BO.IF_SET)}) !== 0)`,
  '}',
]

const indented = (lines: readonly string[]): string[] => lines.map(line => `  ${line}`)

/** The lines of one case. @param called takes the names of the functions that they call */
export function statementLines(
  statements: readonly Statement[],
  pattern: Pattern,
  surrounding: Surrounding,
  called: Set<string>,
): string[] {
  const writer = new StatementWriter(statements, pattern, surrounding, called)
  return statements.flatMap(each => writer.lines(each))
}

class StatementWriter {
  readonly #surrounding: Surrounding
  readonly #expressions: ExpressionWriter
  readonly #names: Set<string>
  readonly #called: Set<string>
  /** Of the statement that is being written. */
  #lines: string[] = []

  constructor(statements: readonly Statement[], pattern: Pattern, surrounding: Surrounding, called: Set<string>) {
    const temporaries = flattened(statements).flatMap(each => (each.kind === 'let' ? [each.name] : []))
    const clash = temporaries.find(name => TAKEN.includes(name))
    if (clash !== undefined) throw new Error(`a temporary cannot be named ${clash}: the interpreter has that name`)
    this.#names = new Set([...TAKEN, ...temporaries])
    this.#surrounding = surrounding
    this.#called = called
    this.#expressions = new ExpressionWriter(
      pattern,
      { once: (name, value) => this.#once(name, value), reachOut: call => this.#reachOut(call) },
      called,
    )
  }

  lines(statement: Statement): string[] {
    const outer = this.#lines
    this.#lines = []
    this.#write(statement)
    const lines = this.#lines
    this.#lines = outer
    return lines
  }

  #write(statement: Statement): void {
    switch (statement.kind) {
      case 'if': {
        const condition = this.#expressions.exact(statement.condition)
        this.#lines.push(`if (${condition}) {`, ...indented(this.lines(statement.body)), '}')
        return
      }
      case 'ifTaken': {
        const body = this.lines(statement.body)
        this.#lines.push(
          ...DECIDES,
          ...(body.length === 1 ? [`if (taken) ${body[0]}`] : ['if (taken) {', ...indented(body), '}']),
        )
        return
      }
      case 'call':
        this.#call(statement.call)
        return
      case 'let':
        this.#let(statement.name, statement.value)
        return
      case 'assign':
        this.#assign(statement.target, statement.value)
    }
  }

  #assign(target: RtlTarget, value: RtlExpression): void {
    switch (target.op) {
      case 'record': {
        const result = this.#once('result', this.#expressions.exact(value))
        this.#lines.push(`cr[0] = (${result} < 0 ? 8 : ${result} > 0 ? 4 : 2) | words[SO]`)
        return
      }
      case 'nextInstruction':
        this.#lines.push(`next = ${this.#expressions.exact(value)}`, ...this.#surrounding.afterTransfer)
        return
      case 'place':
        this.#lines.push(`${PLACES[target.name]} = ${this.#expressions.stored(value)}`)
        return
      default: {
        const right = this.#expressions.stored(value)
        this.#lines.push(`${this.#expressions.stored(target)} = ${right}`)
      }
    }
  }

  #let(name: string, value: RtlExpression): void {
    if (value.op === 'call' && reachesOut(value.name)) this.#reached(value, name)
    else this.#lines.push(`const ${name} = ${this.#expressions.exact(value)}`)
  }

  #call(call: RtlCall): void {
    if (VIEW[call.name] !== undefined && this.#surrounding.looksIntoSoftTlb) return this.#access(call, undefined)
    const line = this.#expressions.call(call)
    this.#lines.push(...(reachesOut(call.name) ? this.#guarded(line) : [line]))
  }

  // ---- calls that may fault ----------------------------------------------------------------------------------------

  #reachOut(call: RtlCall): string {
    const name = this.#fresh('v')
    this.#reached(call, name)
    return name
  }

  /** Leaves what the call returns in `name`. */
  #reached(call: RtlCall, name: string): void {
    if (VIEW[call.name] !== undefined && this.#surrounding.looksIntoSoftTlb) return this.#access(call, name)
    this.#lines.push(...this.#guarded(`const ${name} = ${this.#expressions.call(call)}`))
  }

  #guarded(line: string): string[] {
    const { before, faulted, hasFaulted } = this.#surrounding
    return [...before, line, `if (${hasFaulted}) ${faulted}`]
  }

  /** A load or store: through the soft TLB where it has the page, by a call of the core otherwise. */
  #access(call: RtlCall, name: string | undefined): void {
    const { method, bytes } = VIEW[call.name]!
    const [address, ...values] = call.args
    this.#called.add(call.name)
    const value = values.map(each => `, ${this.#expressions.exact(each)}`).join('')
    const page = `${bytes === 1 ? 'at' : `(at + ${bytes - 1})`} & ~0xfff`
    const isStore = name === undefined
    const assign = isStore ? '' : `${name} = `
    this.#lines.push(`const at = ${this.#expressions.exact(address!)}`, 'const slot = softTlbSlot(at)')
    if (!isStore) this.#lines.push(`let ${name} = 0`)
    this.#lines.push(
      `if ((${page}) === t[slot${isStore ? ' + 1' : ''}]) {`,
      '  const real = (at + t[slot + 2]) | 0',
      `  ${assign}ram.${method}(real${value})`,
      ...(isStore ? ['  touched[real >>> TOUCHED_SHIFT] = 1'] : []),
      ...(isStore && bytes > 1 ? [`  touched[(real + ${bytes - 1}) >>> TOUCHED_SHIFT] = 1`] : []),
      '} else {',
      ...indented(this.#guarded(`${assign}${call.name}(cpu, at${value})`)),
      '}',
    )
  }

  // ---- names -------------------------------------------------------------------------------------------------------

  #once(name: string, value: string): string {
    const fresh = this.#fresh(name)
    this.#lines.push(`const ${fresh} = ${value}`)
    return fresh
  }

  #fresh(name: string): string {
    let fresh = name
    for (let i = 2; this.#names.has(fresh); i++) fresh = `${name}${i}`
    this.#names.add(fresh)
    return fresh
  }
}
