// What is left to the linker: the relocations of the 32-bit PowerPC ABI (its section 4.13) that an assembler writes.

import type { Spelling } from '../isa/encode.ts'
import { type AddressPart, type AsmExpression, type AsmValue, evaluate } from './expression.ts'
import { AsmError } from './problem.ts'
import { AsmSection, type Patch } from './section.ts'
import type { AsmSymbol } from './symbol.ts'

export const R_PPC = {
  ADDR32: 1,
  ADDR24: 2,
  ADDR16: 3,
  ADDR16_LO: 4,
  ADDR16_HI: 5,
  ADDR16_HA: 6,
  ADDR14: 7,
  REL24: 10,
  REL14: 11,
  PLTREL24: 18,
  LOCAL24PC: 23,
  REL32: 26,
  SDAREL16: 32,
  EMB_SDA21: 109,
  REL16: 249,
  REL16_LO: 250,
  REL16_HI: 251,
  REL16_HA: 252,
} as const

/** The parts that are half an address, and so known where the address is. */
export const isHalf = (part: AddressPart | undefined): part is 'l' | 'h' | 'ha' => /^(l|h|ha)$/.test(part ?? '')

/** Half of an address, unsigned: for @ha the upper one, so that adding the lower, which has a sign, gives the whole. */
export const partOf = (part: 'l' | 'h' | 'ha', value: bigint): number =>
  Number(BigInt.asUintN(16, part === 'l' ? value : (value + (part === 'ha' ? 0x8000n : 0n)) >> 16n))

interface RelocationTarget {
  readonly symbol: AsmSymbol | AsmSection
  readonly addend: number
  /** The address that is to be taken off is in this section. */
  readonly minus: AsmSection | undefined
}

/**
 * What a relocation is about: a symbol that others may see stays a symbol, any other becomes a place in its section
 * unless the relocation keeps it, as GNU as does.
 */
function targetOf(expression: AsmExpression, value: AsmValue, keeps = false): RelocationTarget {
  const { base, minus, number } = value
  if (base === undefined) throw new AsmError('an address with a sign: only one of the two may be subtracted')
  if (minus !== undefined && !(minus instanceof AsmSection)) throw new AsmError(`nothing defines ${minus.name}`)
  const seen = visibleSymbol(expression, keeps)
  if (seen !== undefined && base instanceof AsmSection) {
    const own = evaluate({ kind: 'symbol', symbol: seen })
    return { symbol: seen, addend: Number(number - own.number), minus }
  }
  return { symbol: base, addend: Number(number), minus }
}

/** The global or weak label that the expression is made of, as in `start+8`; any label where the relocation keeps it. */
function visibleSymbol(expression: AsmExpression, keeps = false): AsmSymbol | undefined {
  if (expression.kind === 'symbol') {
    const { symbol } = expression
    return symbol.binding === 'local' && !(keeps && !symbol.isTemporary) ? undefined : symbol
  }
  if (expression.kind !== 'binary' || !/^[-+]$/.test(expression.operator)) return undefined
  const left = visibleSymbol(expression.left, keeps)
  return left ?? (expression.operator === '+' ? visibleSymbol(expression.right, keeps) : undefined)
}

const HALVES: Readonly<Record<AddressPart | '', { absolute?: number; relative?: number }>> = {
  '': { absolute: R_PPC.ADDR16, relative: R_PPC.REL16 },
  l: { absolute: R_PPC.ADDR16_LO, relative: R_PPC.REL16_LO },
  h: { absolute: R_PPC.ADDR16_HI, relative: R_PPC.REL16_HI },
  ha: { absolute: R_PPC.ADDR16_HA, relative: R_PPC.REL16_HA },
  sdarel: { absolute: R_PPC.SDAREL16 },
  sda21: { absolute: R_PPC.EMB_SDA21 },
  plt: {},
  local: {},
}

/** For 16 bits of an instruction or of data. EMB_SDA21 is about the whole word, the others about its last half. */
export function halfRelocation(
  expression: AsmExpression,
  value: AsmValue,
  part: AddressPart | undefined,
  section: AsmSection,
  instruction: number,
): Patch {
  const offset = part === 'sda21' ? instruction : instruction + 2
  return relocation(HALVES[part ?? ''], expression, value, part, section, offset)
}

/** For `width` bytes of data at `offset`. */
export function dataRelocation(
  expression: AsmExpression,
  value: AsmValue,
  part: AddressPart | undefined,
  section: AsmSection,
  offset: number,
  width: number,
): Patch {
  if (width === 2) return relocation(HALVES[part ?? ''], expression, value, part, section, offset)
  if (width !== 4 || part !== undefined)
    throw new AsmError(`an address does not fit into ${width} byte${width === 1 ? '' : 's'}`)
  return relocation({ absolute: R_PPC.ADDR32, relative: R_PPC.REL32 }, expression, value, part, section, offset)
}

function relocation(
  types: { readonly absolute?: number; readonly relative?: number },
  expression: AsmExpression,
  value: AsmValue,
  part: AddressPart | undefined,
  section: AsmSection,
  offset: number,
): Patch {
  const { symbol, addend, minus } = targetOf(expression, value, part === 'sdarel')
  const type = minus === undefined ? types.absolute : types.relative
  if (type === undefined) throw new AsmError(`@${part} means nothing here`)
  if (minus !== undefined && minus !== section)
    throw new AsmError('the difference of addresses in two sections is not known before they are linked')
  return { offset, type, symbol, addend: minus === undefined ? addend : addend + offset }
}

/** For a branch; undefined where its distance is known already. */
export function branchRelocation(
  expression: AsmExpression,
  value: AsmValue,
  part: AddressPart | undefined,
  isRelative: boolean,
  { form }: Spelling,
  section: AsmSection,
  offset: number,
): Patch | undefined {
  const isFar = 'li' in form.pattern.fields
  const seen = visibleSymbol(expression)
  // @local and @plt say how the linker is to find what is not here.
  if (isRelative && value.base === section && value.minus === undefined && seen === undefined) return undefined
  const { symbol, addend, minus } = targetOf(expression, value)
  if (minus !== undefined) throw new AsmError('a branch to the difference of two addresses')
  return { offset, type: branchType(isFar, isRelative, part), symbol, addend }
}

function branchType(isFar: boolean, isRelative: boolean, part: AddressPart | undefined): number {
  if (part === 'plt' && isFar) return R_PPC.PLTREL24
  if (part === 'local' && isFar) return R_PPC.LOCAL24PC
  if (part !== undefined) throw new AsmError(`@${part} means nothing for a branch`)
  if (isRelative) return isFar ? R_PPC.REL24 : R_PPC.REL14
  return isFar ? R_PPC.ADDR24 : R_PPC.ADDR14
}
