// A program that lies at other addresses than it is linked at, all of them further on by the same: one that has moved itself, a
// position-independent one, a shared library. What debug information says of addresses is moved where it is read
// (dwarf/reader.ts).

import { type ElfFile, type ElfSymbol, SHF, SHN_ABS, SHN_UNDEF, STT } from './types.ts'

/** @param by how much further on it lies, modulo 2^32 @returns the same file; what lies in it where is said of there */
export function movedElf(elf: ElfFile, by: number): ElfFile {
  const moved = (address: number): number => (address + by) >>> 0
  const sections = elf.sections.map(each =>
    (each.flags & SHF.ALLOC) === 0 ? each : { ...each, addr: moved(each.addr) },
  )
  let symbols: readonly ElfSymbol[] | undefined
  return {
    ...{ bytes: elf.bytes, sections, movedBy: moved(elf.movedBy ?? 0) },
    header: { ...elf.header, entry: moved(elf.header.entry) },
    segments: elf.segments.map(each => ({ ...each, vaddr: moved(each.vaddr) })),
    otherSegments: elf.otherSegments.map(each => ({ ...each, vaddr: moved(each.vaddr) })),
    get symbols() {
      symbols ??= elf.symbols.map(each => (isPlace(each) ? { ...each, value: moved(each.value) } : each))
      return symbols
    },
    get problems() {
      return elf.problems
    },
    // Of segments only the addresses are others.
    segmentContents: segment => elf.segmentContents(segment),
    contents: name => elf.contents(name),
    ...(elf.splitFiles && { splitFiles: elf.splitFiles }),
  }
}

/** A symbol whose value is an address in the program: not a number, nor an offset into what each thread has. */
const isPlace = ({ type, shndx }: ElfSymbol): boolean =>
  shndx !== SHN_UNDEF && shndx !== SHN_ABS && type !== STT.TLS && type !== STT.FILE
