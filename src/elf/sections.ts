// The sections of an ELF file (gABI, "Sections") and what they hold.

import { hex } from '../util/hex.ts'
import { Budget } from './budget.ts'
import { decompress, gnuCompressedName, type InflateRoom, roomOf } from './compressed.ts'
import { note } from './problems.ts'
import { stringAt } from './strings.ts'
import { type ElfHeader, type Section, SHF, SHT } from './types.ts'

const shdrSize = 40

/** The section header table, as far as it lies in the file; the rest is noted. */
export function readSections(bytes: Uint8Array, view: DataView, header: ElfHeader, problems: string[]): Section[] {
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

/** What the sections of a file hold; those that are compressed are expanded once. */
export class SectionContents {
  readonly #bytes: Uint8Array
  readonly #sections: readonly Section[]
  readonly #problems: string[]
  readonly #room: InflateRoom
  readonly #byName = new Map<string, readonly Uint8Array[]>()
  readonly #expanded = new Map<Section, Uint8Array | undefined>()

  /** @param problems where it is noted that one cannot be expanded */
  constructor(bytes: Uint8Array, sections: readonly Section[], problems: string[]) {
    this.#bytes = bytes
    this.#sections = sections
    this.#problems = problems
    this.#room = roomOf(bytes)
  }

  asWritten({ offset, size }: Section): Uint8Array {
    return this.#bytes.subarray(offset, offset + size)
  }

  /** Of every section of this name, or of the one that GNU's tools have compressed; without those that are damaged. */
  all(name: string): readonly Uint8Array[] {
    let found = this.#byName.get(name)
    if (found === undefined) this.#byName.set(name, (found = this.#find(name)))
    return found
  }

  #find(name: string): Uint8Array[] {
    const named = (wanted: string) => this.#sections.filter(section => section.name === wanted)
    const plain = named(name)
    const found = plain.length > 0 ? plain : named(gnuCompressedName(name))
    return found.flatMap(section => this.#contentsOf(section) ?? [])
  }

  #contentsOf(section: Section): Uint8Array | undefined {
    if (section.type === SHT.NOBITS) return undefined
    const isPlain = !section.name.startsWith('.zdebug_') && !(section.flags & SHF.COMPRESSED)
    if (isPlain) return this.asWritten(section)
    if (!this.#expanded.has(section))
      this.#expanded.set(section, decompress(section.name, this.asWritten(section), this.#room, this.#problems))
    return this.#expanded.get(section)
  }
}
