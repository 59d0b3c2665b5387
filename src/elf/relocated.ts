// A relocatable object file as it lies in memory, once somebody has loaded it: a kernel's module. Sections and symbols have
// their addresses, and what debug information says of them is relocated (Power Architecture 32-bit ABI supplement, §4.13.5).

import { readAnyHeader } from './header.ts'
import { note } from './problems.ts'
import { readSections, SectionContents } from './sections.ts'
import { stringAt } from './strings.ts'
import { type ElfFile, type ElfSymbol, type Section, SHF, SHN_UNDEF, SHT } from './types.ts'

const SHT_RELA = 4
const RELA_SIZE = 12
const SYM_SIZE = 16

/** Those that debug information has. */
const R_PPC = { ADDR32: 1, UADDR32: 24, REL32: 26 } as const

/**
 * @param addressOf where a section lies by its name; undefined for one that is not, or no longer, in memory
 * @throws ElfError for what is no ELF file of our machine; damage goes to `problems`
 */
export function relocatedElf(
  bytes: Uint8Array,
  name: string,
  addressOf: (section: string) => number | undefined,
): ElfFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const header = readAnyHeader(bytes, view, name)
  const problems: string[] = []
  const sections = readSections(bytes, view, header, problems).map(section => placed(section, addressOf))
  const contents = new SectionContents(bytes, sections, problems)
  const symbols = readSymbols(view, sections, contents)
  const relocated = new Map<string, Uint8Array | undefined>()
  return {
    ...{ bytes, header, sections, problems, segments: [], otherSegments: [] },
    symbols: symbols.filter(
      (symbol): symbol is ElfSymbol =>
        symbol !== undefined && symbol.name !== '' && ((sections[symbol.shndx]?.flags ?? 0) & SHF.ALLOC) !== 0,
    ),
    segmentContents: () => new Uint8Array(),
    contents(sectionName) {
      if (!relocated.has(sectionName)) {
        const plain = contents.all(sectionName)[0]
        relocated.set(sectionName, plain && relocate(plain, sectionName, { view, sections, symbols, problems }))
      }
      return relocated.get(sectionName)
    },
  }
}

/** What is not in memory is none of the program's code: it has no size there. */
function placed(section: Section, addressOf: (section: string) => number | undefined): Section {
  if ((section.flags & SHF.ALLOC) === 0) return section
  const addr = addressOf(section.name)
  return addr === undefined ? { ...section, flags: section.flags & ~SHF.ALLOC } : { ...section, addr }
}

/** By their numbers; undefined for those that are of another file. */
function readSymbols(
  view: DataView,
  sections: readonly Section[],
  contents: SectionContents,
): readonly (ElfSymbol | undefined)[] {
  const table = sections.find(({ type }) => type === SHT.SYMTAB)
  const strings = table && sections[table.link]
  if (table === undefined || strings?.type !== SHT.STRTAB) return []
  const names = contents.asWritten(strings)
  return Array.from({ length: Math.floor(table.size / SYM_SIZE) }, (_, n) => {
    const at = table.offset + n * SYM_SIZE
    const info = view.getUint8(at + 12)
    const shndx = view.getUint16(at + 14)
    if (shndx === SHN_UNDEF) return undefined
    const value = (view.getUint32(at + 4) + (sections[shndx]?.addr ?? 0)) >>> 0
    const size = view.getUint32(at + 8)
    const name = stringAt(names, view.getUint32(at))
    return { name, value, size, bind: info >>> 4, type: info & 15, other: view.getUint8(at + 13), shndx }
  })
}

interface Relocating {
  readonly view: DataView
  readonly sections: readonly Section[]
  readonly symbols: readonly (ElfSymbol | undefined)[]
  readonly problems: string[]
}

function relocate(plain: Uint8Array, name: string, { view, sections, symbols, problems }: Relocating): Uint8Array {
  const target = sections.find(section => section.name === name)
  const tables = sections.filter(({ type, info }) => type === SHT_RELA && info === target?.index)
  if (target === undefined || tables.length === 0) return plain
  const bytes = plain.slice()
  const written = new DataView(bytes.buffer)
  for (const { offset, size } of tables) {
    for (let at = offset; at + RELA_SIZE <= offset + size; at += RELA_SIZE) {
      const place = view.getUint32(at)
      const info = view.getUint32(at + 4)
      const value = (symbols[info >>> 8]?.value ?? 0) + view.getInt32(at + 8)
      const type = info & 0xff
      if (place + 4 > bytes.length) {
        note(problems, `A relocation of ${name} lies outside of it.`)
        break
      }
      if (type === R_PPC.ADDR32 || type === R_PPC.UADDR32) written.setUint32(place, value >>> 0)
      else if (type === R_PPC.REL32) written.setUint32(place, (value - target.addr - place) >>> 0)
    }
  }
  return bytes
}
