// Records of a 32-bit ELF file, named as in the System V ABI (gABI 4.1, chapters 4 and 5) without the prefixes.

/** `Elf32_Ehdr` without the identification, which has been checked when this exists. */
export interface ElfHeader {
  readonly type: number
  readonly machine: number
  readonly version: number
  /** The address of the first instruction. */
  readonly entry: number
  readonly phoff: number
  readonly shoff: number
  readonly flags: number
  readonly phentsize: number
  readonly phnum: number
  readonly shentsize: number
  readonly shnum: number
  readonly shstrndx: number
}

/** `Elf32_Phdr`. */
export interface Segment {
  readonly type: number
  readonly offset: number
  readonly vaddr: number
  readonly paddr: number
  /** Bytes in the file; the rest up to `memsz` is zero. */
  readonly filesz: number
  readonly memsz: number
  readonly flags: number
  readonly align: number
}

/** `Elf32_Shdr`, with its name resolved. */
export interface Section {
  readonly index: number
  readonly name: string
  readonly type: number
  readonly flags: number
  readonly addr: number
  readonly offset: number
  readonly size: number
  readonly link: number
  readonly info: number
  readonly addralign: number
  readonly entsize: number
}

/** `Elf32_Sym`, with its name resolved and `st_info` taken apart. */
export interface ElfSymbol {
  readonly name: string
  readonly value: number
  readonly size: number
  readonly bind: number
  readonly type: number
  readonly other: number
  readonly shndx: number
}

export interface ElfFile {
  readonly bytes: Uint8Array
  readonly header: ElfHeader
  /** What is to be loaded, PT_LOAD. */
  readonly segments: readonly Segment[]
  /** Of other types: they say something and load nothing, and nobody has checked them. */
  readonly otherSegments: readonly Segment[]
  readonly sections: readonly Section[]
  /** Of `.symtab`; read when first asked for. */
  readonly symbols: readonly ElfSymbol[]
  /** What is wrong with the parts that are needed to debug but not to run. */
  readonly problems: readonly string[]
  /** How much further on it lies than it is linked, modulo 2^32: sections, symbols and segments say where it lies. */
  readonly movedBy?: number
  /** The bytes of a segment that are in the file. */
  segmentContents(segment: Segment): Uint8Array
  /** The bytes of the first section of this name, if the file has it and it is intact. */
  contents(sectionName: string): Uint8Array | undefined
  /** Files with debug information that the compiler left out of the program, as far as they were looked for and found. */
  readonly splitFiles?: readonly ObjectFile[]
}

/** A file of sections that is not run: debug information that `-gsplit-dwarf` has split off (`.dwo`, `.dwp`). */
export interface ObjectFile {
  /** For messages: a file name. */
  readonly name: string
  readonly problems: readonly string[]
  /** The bytes of each section of this name that is intact, in order: an object file may have several. */
  allContents(sectionName: string): readonly Uint8Array[]
}

/** Of a header: position-independent, a program or a library. */
export const ET_DYN = 3

export const PT_LOAD = 1
/** Segment permissions. */
export const PF = { X: 1, W: 2, R: 4 } as const

export const SHT = { NULL: 0, PROGBITS: 1, SYMTAB: 2, STRTAB: 3, NOBITS: 8, DYNSYM: 11 } as const
export const SHF = { WRITE: 1, ALLOC: 2, EXECINSTR: 4, COMPRESSED: 0x800 } as const
export const SHN_UNDEF = 0
export const SHN_ABS = 0xfff1

export const STT = { NOTYPE: 0, OBJECT: 1, FUNC: 2, SECTION: 3, FILE: 4, COMMON: 5, TLS: 6 } as const
export const STB = { LOCAL: 0, GLOBAL: 1, WEAK: 2 } as const
