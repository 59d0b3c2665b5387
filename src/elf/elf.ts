// An ELF file: its segments, sections and symbols, each checked to lie in the file.

import { hex } from '../util/hex.ts'
import { Budget } from './budget.ts'
import { ElfError } from './error.ts'
import { readHeader } from './header.ts'
import { note } from './problems.ts'
import { readSections, SectionContents } from './sections.ts'
import { stringAt } from './strings.ts'
import {
  type ElfFile,
  type ElfHeader,
  type ElfSymbol,
  PT_LOAD,
  type Section,
  type Segment,
  SHN_UNDEF,
  SHT,
} from './types.ts'

const phdrSize = 32
const symSize = 16

/** Linker scripts make a few dozen. */
const mostSegments = 1024

/**
 * Read an executable for a 32-bit big-endian PowerPC. What is needed to run it must be right or an `ElfError` is
 * thrown; what is needed only to debug it (sections, symbols) goes to `problems` where it is damaged.
 * @param isMovable it may be one that somebody else puts at an address: position-independent, or a shared library
 */
export function readElf(bytes: Uint8Array, name = 'the program', isMovable = false): ElfFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const header = readHeader(bytes, view, name, isMovable)
  const problems: string[] = []
  const { segments, otherSegments } = readSegments(view, header, name)
  const sections = readSections(bytes, view, header, problems)
  const contents = new SectionContents(bytes, sections, problems)
  let symbols: readonly ElfSymbol[] | undefined
  return {
    bytes,
    header,
    segments,
    otherSegments,
    sections,
    problems,
    get symbols() {
      symbols ??= readSymbols(view, sections, section => contents.asWritten(section), problems)
      return symbols
    },
    segmentContents: segment => bytes.subarray(segment.offset, segment.offset + segment.filesz),
    contents: sectionName => contents.all(sectionName)[0],
  }
}

/** The entries of the program header table: those that are PT_LOAD are checked to lie in the file. */
function readSegments(view: DataView, header: ElfHeader, name: string): Pick<ElfFile, 'segments' | 'otherSegments'> {
  const where = 'program header table'
  const { phoff, phnum, phentsize } = header
  if (phnum === 0)
    throw new ElfError(where, phoff, `${name} has no program headers: nothing says what to load. Link it.`)
  if (phentsize < phdrSize) throw new ElfError(where, 42, `${name} has program headers of ${phentsize} bytes, not 32`)
  if (phoff + phnum * phentsize > view.byteLength) {
    throw new ElfError(where, phoff, `${name} is truncated: its program headers lie beyond its end`)
  }
  const segments: Segment[] = []
  const otherSegments: Segment[] = []
  for (let i = 0; i < phnum; i++) {
    const at = phoff + i * phentsize
    const word = (offset: number) => view.getUint32(at + offset)
    const segment = {
      type: word(0),
      offset: word(4),
      vaddr: word(8),
      paddr: word(12),
      filesz: word(16),
      memsz: word(20),
      flags: word(24),
      align: word(28),
    }
    if (segment.type !== PT_LOAD) {
      otherSegments.push(segment)
      continue
    }
    if (segment.offset + segment.filesz > view.byteLength) {
      const missing = segment.offset + segment.filesz - view.byteLength
      throw new ElfError(where, at, `${name} is truncated: segment ${i} lacks its last ${missing} bytes`)
    }
    if (segment.filesz > segment.memsz) {
      throw new ElfError(where, at, `segment ${i} of ${name} has more bytes in the file than in memory`)
    }
    if (segment.vaddr + segment.memsz > 2 ** 32) {
      throw new ElfError(where, at, `segment ${i} of ${name} ends beyond the 32-bit address space`)
    }
    segments.push(segment)
  }
  checkTotal(segments, view.byteLength, name)
  return { segments, otherSegments }
}

/** Segments may lie over each other, but all of them together make no more than there can be. */
function checkTotal(segments: readonly Segment[], fileSize: number, name: string): void {
  const sum = (of: (segment: Segment) => number) => segments.reduce((total, segment) => total + of(segment), 0)
  const where = 'program header table'
  if (segments.length > mostSegments)
    throw new ElfError(where, 44, `${name} has ${segments.length} segments to load; ${mostSegments} are the most`)
  if (sum(({ memsz }) => memsz) > 2 ** 32 || !new Budget(fileSize).spend(sum(({ filesz }) => filesz)))
    throw new ElfError(where, 44, `${name} has segments that lie over each other again and again`)
}

function readSymbols(
  view: DataView,
  sections: readonly Section[],
  contents: (section: Section) => Uint8Array,
  problems: string[],
): ElfSymbol[] {
  // What a file without the others exports.
  const kinds = [SHT.SYMTAB, SHT.DYNSYM]
  const [table] = kinds.flatMap(kind => sections.find(section => section.type === kind) ?? [])
  if (table === undefined) return []
  const strings = sections[table.link]
  if (strings === undefined || strings.type !== SHT.STRTAB) {
    note(problems, '.symtab names no string table; there are no symbols.')
    return []
  }
  const names = contents(strings)
  const symbols: ElfSymbol[] = []
  const budget = new Budget(names.length)
  for (let at = table.offset; at + symSize <= table.offset + table.size; at += symSize) {
    const shndx = view.getUint16(at + 14)
    const info = view.getUint8(at + 12)
    const name = stringAt(names, view.getUint32(at))
    if (!budget.spend(name.length)) {
      note(problems, `The names of symbols overlap too often; those from ${hex(at)} on were left out.`)
      break
    }
    if (shndx === SHN_UNDEF || name === '') continue
    symbols.push({
      name,
      value: view.getUint32(at + 4),
      size: view.getUint32(at + 8),
      bind: info >>> 4,
      type: info & 15,
      other: view.getUint8(at + 13),
      shndx,
    })
  }
  return symbols
}
