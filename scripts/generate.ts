// Writes src/cpu/interpreter.generated.ts: a `switch` over the common instructions and one over the rare ones, from the
// meanings in src/isa/insns. `npm run generate` writes it; a test holds the file against a fresh generation.
//
// The engine optimises no function of more than 60 KB of bytecode and inlines little into one as large as the loop, so
// the loop holds what programs are made of, with the helpers and the path of a soft-TLB hit written out in place.

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Variant, variants } from '../src/isa/decode.ts'
import { BO } from '../src/isa/flow.ts'
import type { Insn } from '../src/isa/insn.ts'
import { mac } from '../src/isa/insns/mac.ts'
import { registers } from '../src/isa/insns/registers.ts'
import { storage } from '../src/isa/insns/storage.ts'
import { CALLS, closing, PARTS, PURE, parseMeaning, type Statement } from '../src/isa/rtl.ts'

const OUTPUT = fileURLToPath(new URL('../src/cpu/interpreter.generated.ts', import.meta.url))

/** A name of the language in TypeScript. The instruction word is `w`, the words of the state `words`. */
const NAMES: Readonly<Record<string, string>> = {
  RT: 'g[(w >>> 21) & 31]',
  RS: 'g[(w >>> 21) & 31]',
  RA: 'g[(w >>> 16) & 31]',
  RB: 'g[(w >>> 11) & 31]',
  RA0: '((w & 0x1f0000) === 0 ? 0 : g[(w >>> 16) & 31])',
  RTN: '((w >>> 21) & 31)',
  RAN: '((w >>> 16) & 31)',
  RBN: '((w >>> 11) & 31)',
  SI: '((w << 16) >> 16)',
  D: '((w << 16) >> 16)',
  UI: '(w & 0xffff)',
  LI: '(((w << 6) >> 6) & ~3)',
  BD: '(((w << 16) >> 16) & ~3)',
  SH: '((w >>> 11) & 31)',
  NB: '(((w >>> 11) & 31) || 32)',
  WS: '((w >>> 11) & 31)',
  TO: '((w >>> 21) & 31)',
  FRT: '((w >>> 21) & 31)',
  FRS: '((w >>> 21) & 31)',
  FRA: '((w >>> 16) & 31)',
  FRB: '((w >>> 11) & 31)',
  FRC: '((w >>> 6) & 31)',
  FLM: '((w >>> 17) & 0xff)',
  BFF: '((w >>> 23) & 7)',
  BTF: '((w >>> 21) & 31)',
  U: '((w >>> 12) & 15)',
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
const FAULTING: ReadonlySet<string> = new Set(Object.values(CALLS).flat())
const TAKES_CORE: ReadonlySet<string> = new Set([...FAULTING, ...PARTS])
const PURE_CALLS: ReadonlySet<string> = new Set(PURE)

/** Helpers whose calls would cost more than their work: written out in place, arguments and all. */
const INLINE: Readonly<Record<string, (...args: string[]) => string>> = {
  ltu: (a, b) => `((${a}) >>> 0 < (${b}) >>> 0)`,
  rotl: (x, n) => `((${x} << (${n})) | (${x} >>> (32 - (${n}))))`,
  low: x => `(((${x}) << 16) >> 16)`,
  high: x => `((${x}) >> 16)`,
  imul: (a, b) => `Math.imul(${a}, ${b})`,
  clz: x => `Math.clz32(${x})`,
}

/** An expression of the language in TypeScript. */
function expression(text: string): string {
  return inlined(
    text
      .replace(EFFECTIVE_ADDRESS, '(($1) | 0)')
      .replace(/\bCRBIT\((\w+)\)/g, (_, n: string) => `((cr[${NAMES[n]} >>> 2] >>> (3 - (${NAMES[n]} & 3))) & 1)`),
  )
    .replace(/\b[A-Za-z]\w*\b(?!\()/g, name => NAMES[name] ?? name)
    .replace(/(?<!\.)\b([A-Za-z]\w*)\(/g, (call, name: string) => {
      if (TAKES_CORE.has(name)) return `${call}cpu, `
      if (PURE_CALLS.has(name)) return call
      throw new Error(`${name} is not a function of the language`)
    })
    .replace(/\(cpu, \)/g, '(cpu)')
}

/** An address that is a sum goes to a function as 32 bits. */
const EFFECTIVE_ADDRESS = /\b(RA0? \+ (?:RB|D))(?=[,)])/g

function inlined(text: string): string {
  const call = /\b(\w+)\(/.exec(text)
  if (call === null) return text
  const open = call.index + call[0].length - 1
  const end = closing(text, open)
  const inside = inlined(text.slice(open + 1, end))
  const write = INLINE[call[1]!]
  const written = write === undefined ? `${call[1]}(${inside})` : write(...inside.split(', '))
  return text.slice(0, call.index) + written + inlined(text.slice(end + 1))
}

/** Calls that can end the instruction with a fault, or that look at the time. */
const reachesOut = (text: string): boolean => [...text.matchAll(/\b(\w+)\(/g)].some(([, name]) => FAULTING.has(name!))

/** Where code stands: the loop leaves a case with `break`, the function of the rare ones returns where to go on. */
interface Place {
  /** The instruction is done; it has raised a fault and is not. */
  readonly done: string
  readonly faulted: string
  /** After a call of the core: whether there was a fault. The loop learns here, and only here, of wanted attention. */
  readonly hasFaulted: string
  /** What is written down before a call that may ask for place and time. */
  readonly before: readonly string[]
}

const LOOP: Place = {
  done: 'break',
  faulted: 'continue',
  hasFaulted: '((attention = words[ATTENTION]) & FAULT) !== 0',
  before: ['words[PC] = pc', 'words[LEFT] = remaining'],
}
const RARE: Place = {
  done: 'return next',
  faulted: 'return pc',
  hasFaulted: '(words[ATTENTION] & FAULT) !== 0',
  before: [],
}

const isTemporary = (name: string): boolean => /^[a-z]+$/.test(name)

function statement(s: Statement, place: Place): string[] {
  switch (s.kind) {
    case 'if':
      return conditional(s.condition, statement(s.body, place))
    case 'call':
      return access(s.value, place) ?? guarded(expression(s.value), place)
    case 'assign':
      return assignment(s, place)
  }
}

/** A bit of BO where it stands in the word, bits 6 to 10. */
const inWord = (bit: number): string => `0x${(bit << 21).toString(16).padStart(8, '0')}`

function conditional(condition: string, then: readonly string[]): string[] {
  if (condition !== 'TAKEN') return [`if (${expression(condition)}) {`, ...then.map(line => `  ${line}`), '}']
  return [
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
    ...then.map((line, i) => (i === 0 ? `if (taken) ${line}` : line)),
  ]
}

function assignment({ target, value, wide }: Statement & { kind: 'assign' }, place: Place): string[] {
  const load = access(value, place, target)
  if (load !== undefined) return load
  const right = expression(value)
  if (target === 'CR0') return [record(right)]
  if (FLAGS.has(target)) return [`${NAMES[target]} = ${right} ? 1 : 0`]
  if (target === 'NIA') return guarded(`next = (${right}) | 0`, place)
  if (isTemporary(target))
    return guarded(wide || reachesOut(right) ? `const ${target} = ${right}` : `const ${target} = (${right}) | 0`, place)
  return guarded(`${target.replace(/^\w+/, name => NAMES[name] ?? name)} = ${right}`, place)
}

/** A call that leaves the interpreter gets the exact place and time before, and is asked for a fault after. */
function guarded(line: string, { before, faulted, hasFaulted }: Place): string[] {
  if (!reachesOut(line)) return [line]
  return [...before, line, `if (${hasFaulted}) ${faulted}`]
}

/** How the state's DataView reads and writes each size. */
const VIEW: Readonly<Record<string, string>> = {
  ...{ read8: 'getUint8', read16: 'getUint16', read32: 'getInt32' },
  ...{ write8: 'setInt8', write16: 'setInt16', write32: 'setInt32' },
}

/** A load or store: through the soft TLB where it has the page, by a call of the core otherwise. */
function access(text: string, place: Place, target?: string): string[] | undefined {
  const [, name, size] = /^((?:read|write)(8|16|32))\(/.exec(text) ?? []
  if (name === undefined || place !== LOOP) return undefined
  const [ea, ...values] = text.slice(name.length + 1, -1).split(', ')
  const value = values.map(v => `, ${expression(v)}`).join('')
  const last = Number(size) / 8 - 1
  const page = `${last === 0 ? 'at' : `(at + ${last})`} & ~0xfff`
  const assign = target === undefined ? '' : `${target} = `
  return [
    `const at = (${expression(ea!)}) | 0`,
    'const slot = (at >>> 10) & 0xffc',
    ...(target === undefined ? [] : [`let ${target} = 0`]),
    `if ((${page}) === t[slot${target === undefined ? ' + 1' : ''}]) ${assign}ram.${VIEW[name]}((at + t[slot + 2]) | 0${value})`,
    'else {',
    ...guarded(`${assign}${name}(cpu, at${value})`, place).map(line => `  ${line}`),
    '}',
  ]
}

/** CR0 for a result. */
const record = (result: string): string =>
  `const result = ${result}; cr[0] = (result < 0 ? 8 : result > 0 ? 4 : 2) | words[SO]`

/** The register whose value a record form compares with 0: the first operand. */
const resultOf = ({ insn }: Variant): string => NAMES[insn.operands.split(',')[0]!.toUpperCase()]!

function body(variant: Variant, place: Place): string[] {
  const { insn, oe, rc } = variant
  const lines: string[] = []
  if (insn.privileged) lines.push('if ((words[MSR] & PR) !== 0) {', '  cpu.program(ESR_PPR)', `  ${place.faulted}`, '}')
  if (insn.unit === 'float') lines.push(`if (!floatAvailable(cpu)) ${place.faulted}`)
  for (const s of parseMeaning(insn.meaning)) lines.push(...statement(s, place))
  if (oe) lines.push(`overflowed(words, ${expression(insn.overflow ?? 'false')})`)
  // A few say themselves what their record form does to CR0.
  if (rc && insn.unit === 'float') lines.push('cr[1] = words[FPSCR] >>> 28')
  else if (rc && !insn.meaning.includes('CR[0]')) lines.push(record(resultOf(variant)))
  return [...lines, place.done]
}

const RARE_GROUPS: readonly (readonly Insn[])[] = [mac, storage, registers]
const rareRows: ReadonlySet<Insn> = new Set(RARE_GROUPS.flat())
const RARE_NAMES =
  /^(l|st)(sw[ix]|hbrx|wbrx|warx|wcx\.)|^rf(i|ci|mci)$|^(sc|tw|twi|dlmzb|addme|subfme|mulhw)$|^cr[a-z]+c$/

/** What compiled programs seldom or never contain. */
const isRare = ({ insn, oe }: Variant): boolean =>
  oe || insn.unit !== undefined || rareRows.has(insn) || RARE_NAMES.test(insn.name)

/** The cases of one switch. Consecutive variants with the same code share one. */
function cases(place: Place): string {
  const out: string[] = []
  const chosen = variants().filter(variant => isRare(variant) === (place === RARE))
  chosen.forEach((variant, i) => {
    const code = body(variant, place)
    out.push(`case ${variant.opcode}: // ${variant.name}`)
    const next = chosen[i + 1]
    if (next !== undefined && body(next, place).join() === code.join()) return
    out.push('{', ...code.map(line => `  ${line}`), '}')
  })
  return out.map(line => `      ${line}`).join('\n')
}

/** The imports from one file, of which only those that the code uses are written. */
const imports = (code: string, file: string, names: readonly string[]): string => {
  const used = names.filter(name => new RegExp(`\\b${name}\\(|\\b${name}\\[`).test(code)).sort()
  return used.length === 0 ? '' : `import { ${used.join(', ')} } from '${file}'\n`
}

export function generate(): string {
  const loop = cases(LOOP)
  const rare = cases(RARE)
  const code = loop + rare
  return `// Generated by scripts/generate.ts from src/isa/insns. Do not edit: edit the meaning of the instruction there.

import { ESR_PIL, ESR_PPR, MSR_PR as PR } from '../isa/registers.ts'
import { OP_ATTEND } from './codePages.ts'
import type { Cpu } from './cpu.ts'
${imports(code, './exec/cr.ts', PARTS)}\
${Object.entries(CALLS)
  .map(([file, names]) => imports(code, `./${file}.ts`, names))
  .join('')}\
import { floatAvailable } from './exec/float/unit.ts'
${imports(
  code,
  './exec/integer.ts',
  PURE.filter(name => !(name in INLINE)),
)}\
${imports(code, './exec/record.ts', ['MASKS', 'overflowed'])}\
import { Attention, Word } from './state.ts'

const { PC, MSR, SO, OV, CA, TBC, FPSCR, ATTENTION, LEFT } = Word
const { FAULT, IAC } = Attention

/**
 * Executes up to \`budget\` instructions from PC on, and fewer when attention is wanted.
 * @returns how many were retired.
 */
export function interpret(cpu: Cpu, budget: number): number {
  const { state } = cpu
  const { gpr: g, cr, words, spr, ram, code } = state
  let t = state.softTlb
  let pc = words[PC]
  let remaining = budget
  let attention = words[ATTENTION]
  if (attention !== 0) return 0
  let page = cpu.fetch.page(pc)
  if (page === null) return 0
  let { va, offset, ops, words: known } = page
  while (remaining > 0 && attention === 0) {
    const at = pc - va
    if (at >>> 0 > 0x3ff) {
      words[PC] = pc
      words[LEFT] = remaining
      page = cpu.fetch.page(pc)
      if (page === null) break
      va = page.va
      offset = page.offset
      ops = page.ops
      known = page.words
      continue
    }
    const i = at >>> 2
    const w = code.getInt32(offset + at)
    let op = ops[i]
    if (w !== known[i]) op = cpu.fetch.decodeAt(page, i, w)
    let next = (pc + 4) | 0
    switch (op) {
${loop}
      case OP_ATTEND:
        attention = words[ATTENTION] |= IAC
        continue
      default:
        words[PC] = pc
        words[LEFT] = remaining
        next = rare(cpu, op, w, pc)
        t = state.softTlb
        if (((attention = words[ATTENTION]) & FAULT) !== 0) continue
    }
    pc = next
    remaining--
  }
  words[PC] = pc
  return budget - remaining
}

/**
 * Executes one instruction that programs seldom contain.
 * @returns where to go on, which means nothing after a fault.
 */
function rare(cpu: Cpu, op: number, w: number, pc: number): number {
  const { gpr: g, cr, words, spr } = cpu.state
  let next = (pc + 4) | 0
  switch (op) {
${rare.replace(/^ {2}/gm, '')}
    default:
      cpu.program(ESR_PIL)
      return pc
  }
}
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(OUTPUT, generate())
