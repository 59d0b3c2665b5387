// An ELF file: its segments, sections and symbols, each checked to lie in the file.

import { hex } from '../util/hex.ts'
import { Budget } from './budget.ts'
import { decompress, gnuCompressedName, roomOf } from './compressed.ts'
import { ElfError } from './error.ts'
import { readHeader } from './header.ts'
import { note } from './problems.ts'
import { stringAt } from './strings.ts'
import {
  type ElfFile,
  type ElfHeader,
  type ElfSymbol,
  PT_LOAD,
  type Section,
  type Segment,
  SHF,
  SHN_UNDEF,
  SHT,
} from './types.ts'

const phdrSize = 32
const shdrSize = 40
const symSize = 16

/** Linker scripts make a few dozen. */
const mostSegments = 1024

/**
 * Read an executable for a 32-bit big-endian PowerPC. What is needed to run it must be right or an `ElfError` is
 * thrown; what is needed only to debug it (sections, symbols) goes to `problems` where it is damaged.
 */
export function readElf(bytes: Uint8Array, name = 'the program'): ElfFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const header = readHeader(bytes, view, name)
  const problems: string[] = []
  const segments = readSegments(view, header, name)
  const sections = readSections(bytes, view, header, problems)
  const room = roomOf(bytes)
  const expanded = new Map<Section, Uint8Array | undefined>()
  let symbols: readonly ElfSymbol[] | undefined
  const sectionContents = (section: Section) => bytes.subarray(section.offset, section.offset + section.size)
  return {
    bytes,
    header,
    segments,
    sections,
    problems,
    get symbols() {
      symbols ??= readSymbols(view, sections, sectionContents, problems)
      return symbols
    },
    segmentContents: segment => bytes.subarray(segment.offset, segment.offset + segment.filesz),
    contents(sectionName) {
      const named = (name: string) => sections.find(each => each.name === name)
      const section = named(sectionName) ?? named(gnuCompressedName(sectionName))
      if (section === undefined || section.type === SHT.NOBITS) return undefined
      const contents = sectionContents(section)
      const isPlain = section.name === sectionName && !(section.flags & SHF.COMPRESSED)
      if (isPlain) return contents
      if (!expanded.has(section)) expanded.set(section, decompress(section.name, contents, room, problems))
      return expanded.get(section)
    },
  }
}

/** The PT_LOAD entries of the program header table, each checked to lie in the file. */
function readSegments(view: DataView, header: ElfHeader, name: string): Segment[] {
  const where = 'program header table'
  const { phoff, phnum, phentsize } = header
  if (phnum === 0)
    throw new ElfError(where, phoff, `${name} has no program headers: nothing says what to load. Link it.`)
  if (phentsize < phdrSize) throw new ElfError(where, 42, `${name} has program headers of ${phentsize} bytes, not 32`)
  if (phoff + phnum * phentsize > view.byteLength) {
    throw new ElfError(where, phoff, `${name} is truncated: its program headers lie beyond its end`)
  }
  const segments: Segment[] = []
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
    if (segment.type !== PT_LOAD) continue
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
  return segments
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

function readSections(bytes: Uint8Array, view: DataView, header: ElfHeader, problems: string[]): Section[] {
  const { shoff, shentsize } = header
  if (shoff === 0) return []
  if (shentsize < shdrSize || shoff + shdrSize > view.byteLength) {
    note(problems, `The section header table at ${hex(shoff)} lies outside the file; there are no symbols.`)
    return []
  }
  // With 0xff00 sections or more the number stands in sh_size of section 0, the string index in its sh_link.
  const shnum = header.shnum || view.getUint32(shoff + 20)
  const shstrndx = header.shstrndx === 0xffff ? view.getUint32(shoff + 24) : header.shstrndx
  if (shoff + shnum * shentsize > view.byteLength) {
    note(problems, `The section header table at ${hex(shoff)} is cut off by the end of the file; there are no symbols.`)
    return []
  }
  const headerAt = (index: number) => shoff + index * shentsize
  let names: Uint8Array = new Uint8Array()
  if (shstrndx < shnum) {
    const at = headerAt(shstrndx)
    names = bytes.subarray(view.getUint32(at + 16), view.getUint32(at + 16) + view.getUint32(at + 20))
  }
  const sections: Section[] = []
  const budget = new Budget(names.length)
  for (let index = 0; index < shnum; index++) {
    const at = headerAt(index)
    const word = (offset: number) => view.getUint32(at + offset)
    const section = {
      index,
      name: stringAt(names, word(0)),
      type: word(4),
      flags: word(8),
      addr: word(12),
      offset: word(16),
      size: word(20),
      link: word(24),
      info: word(28),
      addralign: word(32),
      entsize: word(36),
    }
    if (section.type !== SHT.NOBITS && section.type !== SHT.NULL && section.offset + section.size > view.byteLength) {
      note(problems, `Section ${section.name || index} is cut off by the end of the file and was left out.`)
      sections.push({ ...section, size: 0 })
    } else sections.push(section)
    if (!budget.spend(section.name.length)) {
      note(problems, `The names of sections overlap too often; those from ${index} on were left out.`)
      return sections
    }
  }
  return sections
}

function readSymbols(
  view: DataView,
  sections: readonly Section[],
  contents: (section: Section) => Uint8Array,
  problems: string[],
): ElfSymbol[] {
  const table = sections.find(section => section.type === SHT.SYMTAB)
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
