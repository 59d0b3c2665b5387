// Writes src/cpu/interpreter.generated.ts: one `switch` over every instruction, from the meanings in src/isa/insns.
// `npm run generate` writes it; a test holds the file against a fresh generation.

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Variant, variants } from '../src/isa/decode.ts'
import { CORE, PURE, parseMeaning, STEPS, type Statement } from '../src/isa/rtl.ts'

const OUTPUT = fileURLToPath(new URL('../src/cpu/interpreter.generated.ts', import.meta.url))

/** A name of the language in TypeScript. The instruction word is `w`, the words of the state `words`. */
const NAMES: Readonly<Record<string, string>> = {
  RT: 'g[(w >>> 21) & 31]',
  RS: 'g[(w >>> 21) & 31]',
  RA: 'g[(w >>> 16) & 31]',
  RB: 'g[(w >>> 11) & 31]',
  RA0: '((w & 0x1f0000) === 0 ? 0 : g[(w >>> 16) & 31])',
  RTN: '((w >>> 21) & 31)',
  SI: '((w << 16) >> 16)',
  D: '((w << 16) >> 16)',
  UI: '(w & 0xffff)',
  LI: '(((w << 6) >> 6) & ~3)',
  BD: '(((w << 16) >> 16) & ~3)',
  SH: '((w >>> 11) & 31)',
  NB: '(((w >>> 11) & 31) || 32)',
  WS: '((w >>> 11) & 31)',
  TO: '((w >>> 21) & 31)',
  BT: '((w >>> 21) & 31)',
  BA: '((w >>> 16) & 31)',
  BB: '((w >>> 11) & 31)',
  BC: '((w >>> 6) & 31)',
  BFA: '((w >>> 18) & 7)',
  FXM: '((w >>> 12) & 0xff)',
  E: '(w & 0x8000)',
  SPRN: '(((w >>> 16) & 31) | ((w >>> 6) & 0x3e0))',
  MASK: 'MASKS[(w >>> 1) & 0x3ff]',
  RC: '((w & 1) !== 0)',
  LR: 'spr[8]',
  CTR: 'spr[9]',
  MSR: 'words[MSR]',
  CA: 'words[CA]',
  OV: 'words[OV]',
  SO: 'words[SO]',
  TBC: 'words[TBC]',
  CRF: 'cr[(w >>> 23) & 7]',
  CR: 'cr',
  NIA: 'next',
  CIA: 'pc',
  LT: '8',
  GT: '4',
  EQ: '2',
  INT_MIN: '-0x80000000',
}

/** Places that hold 0 or 1 and are assigned from a condition. */
const FLAGS: ReadonlySet<string> = new Set(['CA', 'OV', 'SO'])
const CORE_CALLS: ReadonlySet<string> = new Set(CORE)
const STEP_CALLS: ReadonlySet<string> = new Set(STEPS)
const PURE_CALLS: ReadonlySet<string> = new Set(PURE)

/** An expression of the language in TypeScript. */
function expression(text: string): string {
  return text
    .replace(/\bCRBIT\((\w+)\)/g, (_, n: string) => `((cr[${NAMES[n]} >>> 2] >>> (3 - (${NAMES[n]} & 3))) & 1)`)
    .replace(/\b[A-Za-z]\w*\b(?!\()/g, name => NAMES[name] ?? name)
    .replace(/\b([A-Za-z]\w*)\(/g, (call, name: string) => {
      if (CORE_CALLS.has(name)) return `cpu.${call}`
      if (STEP_CALLS.has(name)) return `${call}cpu, `
      if (PURE_CALLS.has(name)) return call
      throw new Error(`${name} is not a function of the language`)
    })
    .replace(/\(cpu, \)/g, '(cpu)')
}

/** Calls that can end the instruction with a fault, or that look at the time. */
const reachesOut = (text: string): boolean => /\b(cpu\.\w+|(load|store)(Multiple|String))\(/.test(text)

const isTemporary = (name: string): boolean => /^[a-z]+$/.test(name)

function statement(s: Statement): string[] {
  switch (s.kind) {
    case 'if':
      return conditional(s.condition, statement(s.then))
    case 'call':
      return guarded(expression(s.value))
    case 'assign':
      return assignment(s)
  }
}

function conditional(condition: string, then: readonly string[]): string[] {
  if (condition !== 'TAKEN') return [`if (${expression(condition)}) {`, ...then.map(line => `  ${line}`), '}']
  return [
    'let taken = true',
    'if ((w & 0x00800000) === 0) {',
    '  const left = (spr[9] - 1) | 0',
    '  spr[9] = left',
    '  taken = (left === 0) === ((w & 0x00400000) !== 0)',
    '}',
    'if ((w & 0x02000000) === 0) {',
    '  const bit = (cr[(w >>> 18) & 7] >>> (3 - ((w >>> 16) & 3))) & 1',
    '  taken = taken && (bit !== 0) === ((w & 0x01000000) !== 0)',
    '}',
    ...then.map((line, i) => (i === 0 ? `if (taken) ${line}` : line)),
  ]
}

function assignment({ target, value, wide }: Statement & { kind: 'assign' }): string[] {
  const right = expression(value)
  if (target === 'CR0') return [`cr[0] = recorded(${right}, words[SO])`]
  if (FLAGS.has(target)) return [`${NAMES[target]} = ${right} ? 1 : 0`]
  if (target === 'NIA') return guarded(`next = (${right}) | 0`)
  if (isTemporary(target))
    return guarded(wide || reachesOut(right) ? `const ${target} = ${right}` : `const ${target} = (${right}) | 0`)
  return guarded(`${target.replace(/^\w+/, name => NAMES[name] ?? name)} = ${right}`)
}

/** A call that leaves the interpreter gets the exact place and time before, and is asked for a fault after. */
function guarded(line: string): string[] {
  if (!reachesOut(line)) return [line]
  return ['words[PC] = pc', 'words[LEFT] = remaining', line, 'if ((words[ATTENTION] & FAULT) !== 0) continue']
}

/** The register whose value a record form compares with 0: the first operand. */
const resultOf = ({ insn }: Variant): string => NAMES[insn.operands.split(',')[0]!.toUpperCase()]!

/** Forms of a row that share one piece of code with a test of their bits; hot rows get a case for each. */
function body(variant: Variant): string[] {
  const { insn, oe, rc } = variant
  const lines: string[] = []
  if (insn.privileged) lines.push('if ((words[MSR] & PR) !== 0) {', '  cpu.program(ESR_PPR)', '  continue', '}')
  if (insn.meaning === undefined) return [...lines, 'words[PC] = pc', 'floatUnit(cpu)', 'continue']
  for (const s of parseMeaning(insn.meaning)) lines.push(...statement(s))
  if (oe) lines.push(`overflowed(words, ${expression(insn.overflow ?? 'false')})`)
  // A few say themselves what their record form does to CR0.
  if (rc && !insn.meaning.includes('CR[0]')) lines.push(`cr[0] = recorded(${resultOf(variant)}, words[SO])`)
  return [...lines, 'break']
}

/** Rows in the order they stand in src/isa/insns; consecutive variants with the same code share a case. */
function cases(): string[] {
  const out: string[] = []
  const all = variants()
  all.forEach((variant, i) => {
    const code = body(variant)
    out.push(`case ${variant.opcode}: // ${variant.name}`)
    const next = all[i + 1]
    if (next !== undefined && body(next).join() === code.join()) return
    out.push('{', ...code.map(line => `  ${line}`), '}')
  })
  return out.map(line => `      ${line}`)
}

export const generate =
  (): string => `// Generated by scripts/generate.ts from src/isa/insns. Do not edit: edit the meaning of the instruction there.

import { ESR_PIL, ESR_PPR, MSR_PR as PR } from '../isa/registers.ts'
import { OP_ATTEND } from './codePages.ts'
import type { Cpu } from './cpu.ts'
import { packCr, setCrBit, unpackCr } from './exec/cr.ts'
import { floatUnit } from './exec/float.ts'
import {
  ${PURE.join(',\n  ')},
} from './exec/integer.ts'
import { loadMultiple, loadString, storeMultiple, storeString } from './exec/multiple.ts'
import { MASKS, overflowed, recorded } from './exec/record.ts'
import { Attention, Word } from './state.ts'

const { PC, MSR, SO, OV, CA, TBC, ATTENTION, LEFT } = Word
const { FAULT, IAC } = Attention

/**
 * Executes up to \`budget\` instructions from PC on, and fewer when attention is wanted.
 * @returns how many were retired.
 */
export function interpret(cpu: Cpu, budget: number): number {
  const { gpr: g, cr, words, spr, ram } = cpu.state
  let pc = words[PC]
  let remaining = budget
  let page = cpu.fetch(pc)
  while (page !== null && remaining > 0 && words[ATTENTION] === 0) {
    if (((pc ^ page.va) & ~0x3ff) !== 0) {
      words[PC] = pc
      words[LEFT] = remaining
      page = cpu.fetch(pc)
      if (page === null) break
    }
    const i = (pc & 0x3ff) >>> 2
    const w = ram.getInt32(page.offset + (pc & 0x3ff))
    let op = page.ops[i]
    if (w !== page.words[i]) op = cpu.decodeAt(page, i, w)
    let next = (pc + 4) | 0
    switch (op) {
${cases().join('\n')}
      case OP_ATTEND:
        words[ATTENTION] |= IAC
        continue
      default:
        cpu.program(ESR_PIL)
        continue
    }
    pc = next
    remaining--
  }
  words[PC] = pc
  return budget - remaining
}
`

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(OUTPUT, generate())
