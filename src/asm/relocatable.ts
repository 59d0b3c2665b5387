// The result of an assembly as a relocatable object, for a linker: what `as -o file.o` writes.

import type { AsmObject } from './assembler.ts'
import { ET, elfFile, type FileSection, type FileSymbol, NOT_LOADED, SHN, SHT, symbolSections } from './elfFile.ts'
import { type AsmExpression, evaluate, isAbsolute } from './expression.ts'
import { AsmSection } from './section.ts'
import { type AsmSymbol, isLocation } from './symbol.ts'

/** The bytes of the object file. */
export function relocatable({ sections, symbols }: AsmObject): Uint8Array {
  const number = new Map(sections.map((section, i) => [section, i + 1]))
  const ofSections = new Map(sections.map(section => [section, sectionSymbol(number.get(section)!)]))
  const ofSymbols = new Map<AsmSymbol, FileSymbol>()
  for (const symbol of symbols) {
    const made = fileSymbol(symbol, section => number.get(section)!)
    if (made !== undefined) ofSymbols.set(symbol, made)
  }
  const relocated = sections.filter(section => section.relocations.length > 0)
  const symtab = sections.length + relocated.length + 1
  const table = symbolSections([...ofSections.values(), ...ofSymbols.values()], symtab)
  const indexOf = (symbol: AsmSymbol | AsmSection): number =>
    table.indexOf.get(symbol instanceof AsmSection ? ofSections.get(symbol)! : ofSymbols.get(symbol)!)!
  const file: FileSection[] = [
    ...sections.map(plainSection),
    ...relocated.map(section => relocations(section, number.get(section)!, symtab, indexOf)),
    ...table.sections,
  ]
  return elfFile(ET.REL, 0, file, [])
}

export const plainSection = ({ name, type, flags, bytes, size, align, entrySize }: AsmSection): FileSection => ({
  name,
  type,
  flags,
  address: 0,
  bytes,
  size,
  align,
  entrySize,
})

const sectionSymbol = (section: number): FileSymbol => ({ name: '', value: 0, size: 0, info: 3, other: 0, section })

const BINDINGS = { local: 0, global: 1, weak: 2 } as const
const VISIBILITIES = { default: 0, internal: 1, hidden: 2, protected: 3 } as const

/** The entry of a symbol; undefined for one that is only for the assembler. What nothing defines is global. */
export function fileSymbol(symbol: AsmSymbol, numberOf: (section: AsmSection) => number): FileSymbol | undefined {
  const { name, value, common, visibility, binding } = symbol
  if (symbol.isTemporary) return undefined
  const isUsed = symbol.usedAt !== undefined || binding !== 'local'
  if (value === undefined && common === undefined && !isUsed) return undefined
  // What another file may define, or shares with this one, is not local.
  const bound = value === undefined && binding === 'local' ? 'global' : binding
  const { type, size } = described(symbol)
  const rest = {
    name,
    size: sizeOf(size),
    info: (BINDINGS[bound] << 4) | type,
    other: VISIBILITIES[visibility],
  }
  if (common !== undefined) return { ...rest, value: common.align, size: common.size, section: SHN.COMMON }
  if (value === undefined) return { ...rest, value: 0, section: SHN.UNDEF }
  if (isLocation(value)) return { ...rest, value: value.offset, section: numberOf(value.section) }
  const worth = evaluate(value)
  if (isAbsolute(worth)) return { ...rest, value: Number(BigInt.asUintN(32, worth.number)), section: SHN.ABS }
  if (!(worth.base instanceof AsmSection)) return undefined
  return { ...rest, value: Number(worth.number), section: numberOf(worth.base) }
}

/** The type of a symbol that is a function (System V ABI, symbol table). */
const STT_FUNC = 2

/**
 * Another name of a symbol (`.set alias, symbol`), or one of that name, is of its type and size where nothing else is
 * said of it; one of a function stays one. Names that mean each other have been refused.
 */
function described({ value, type, size }: AsmSymbol): Pick<AsmSymbol, 'type' | 'size'> {
  if (value === undefined || isLocation(value) || value.kind !== 'symbol') return { type, size }
  const meant = described(value.symbol)
  return { type: type === 0 || meant.type === STT_FUNC ? meant.type : type, size: size ?? meant.size }
}

function sizeOf(size: AsmExpression | undefined): number {
  const value = size === undefined ? undefined : evaluate(size)
  return value !== undefined && isAbsolute(value) ? Number(BigInt.asUintN(32, value.number)) : 0
}

/** `.rela` of a section: offset, symbol and type, addend. */
function relocations(
  section: AsmSection,
  number: number,
  symtab: number,
  indexOf: (symbol: AsmSymbol | AsmSection) => number,
): FileSection {
  const view = new DataView(new ArrayBuffer(12 * section.relocations.length))
  for (const [i, { offset, type, symbol, addend }] of section.relocations.entries()) {
    view.setUint32(12 * i, offset)
    view.setUint32(12 * i + 4, (indexOf(symbol) << 8) | type)
    view.setInt32(12 * i + 8, addend)
  }
  const bytes = new Uint8Array(view.buffer)
  return {
    ...NOT_LOADED,
    name: `.rela${section.name}`,
    type: SHT.RELA,
    bytes,
    align: 4,
    entrySize: 12,
    link: symtab,
    info: number,
  }
}
