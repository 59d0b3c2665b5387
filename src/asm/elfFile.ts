// An ELF file of 32-bit big-endian PowerPC as bytes (gABI, "Object Files").

export interface FileSection {
  readonly name: string
  readonly type: number
  readonly flags: number
  readonly address: number
  readonly bytes: Uint8Array
  /** Bytes in memory: larger than `bytes` for .bss. */
  readonly size: number
  readonly align: number
  readonly entrySize: number
  /** The number of another section, for those that refer to one. */
  readonly link?: number
  readonly info?: number
}

/** A piece that is loaded: sections that follow each other, as indices from `first` to before `end`. */
export interface FileSegment {
  readonly first: number
  readonly end: number
  /** PF_X 1, PF_W 2, PF_R 4. */
  readonly flags: number
}

export interface FileSymbol {
  readonly name: string
  readonly value: number
  readonly size: number
  /** STB_ in the upper half, STT_ in the lower. */
  readonly info: number
  readonly other: number
  /** Section number, or SHN_ABS, SHN_COMMON, 0 for undefined. */
  readonly section: number
}

export const SHN = { UNDEF: 0, ABS: 0xfff1, COMMON: 0xfff2 } as const
export const SHT = { PROGBITS: 1, SYMTAB: 2, STRTAB: 3, RELA: 4, NOBITS: 8 } as const
export const ET = { REL: 1, EXEC: 2 } as const

const EM_PPC = 20
const HEADER = 52
const SEGMENT = 32
const SECTION = 40

/** What a section has that is only in the file. */
export const NOT_LOADED = { flags: 0, address: 0, size: 0, align: 1, entrySize: 0 }

/** Names one after the other, each with its offset. */
class StringTable {
  readonly #offsets = new Map<string, number>([['', 0]])
  #text = '\0'

  add(text: string): number {
    let offset = this.#offsets.get(text)
    if (offset === undefined) {
      offset = this.#text.length
      this.#offsets.set(text, offset)
      // One character a byte, so that a length is an offset.
      this.#text += `${String.fromCharCode(...new TextEncoder().encode(text))}\0`
    }
    return offset
  }

  get bytes(): Uint8Array {
    return Uint8Array.from(this.#text, char => char.charCodeAt(0))
  }
}

/** The symbol table and its names as sections of which the first has number `number`, and where each symbol came to stand. */
export function symbolSections(
  symbols: readonly FileSymbol[],
  number: number,
): { sections: FileSection[]; indexOf: ReadonlyMap<FileSymbol, number> } {
  const names = new StringTable()
  // Local ones first, as the gABI wants.
  const isLocal = ({ info }: FileSymbol): boolean => info >> 4 === 0
  const sorted = [...symbols.filter(isLocal), ...symbols.filter(symbol => !isLocal(symbol))]
  const view = new DataView(new ArrayBuffer(16 * (sorted.length + 1)))
  const indexOf = new Map<FileSymbol, number>()
  for (const [i, symbol] of sorted.entries()) {
    const at = 16 * (i + 1)
    indexOf.set(symbol, i + 1)
    view.setUint32(at, names.add(symbol.name))
    view.setUint32(at + 4, symbol.value)
    view.setUint32(at + 8, symbol.size)
    view.setUint8(at + 12, symbol.info)
    view.setUint8(at + 13, symbol.other)
    view.setUint16(at + 14, symbol.section)
  }
  const table = { type: SHT.SYMTAB, bytes: new Uint8Array(view.buffer), align: 4, entrySize: 16 }
  const firstGlobal = 1 + symbols.filter(isLocal).length
  const sections = [
    { ...NOT_LOADED, ...table, name: '.symtab', link: number + 1, info: firstGlobal },
    { ...NOT_LOADED, type: SHT.STRTAB, bytes: names.bytes, name: '.strtab' },
  ]
  return { sections, indexOf }
}

/** The file. Section 0 of the gABI is put before `sections`, so that the first of them has number 1. */
export function elfFile(
  type: number,
  entry: number,
  sections: readonly FileSection[],
  segments: readonly FileSegment[],
): Uint8Array {
  const names = new StringTable()
  const all = [...sections, { ...STRINGS, name: '.shstrtab' }]
  const nameOffsets = all.map(({ name }) => names.add(name))
  const contents = all.map(({ bytes }, i) => (i === all.length - 1 ? names.bytes : bytes))
  let end = HEADER + SEGMENT * segments.length
  const offsets = contents.map((bytes, i) => {
    // What is loaded lies at the same distance from a page in the file as in memory.
    const { address, align } = all[i]!
    const unit = address === 0 ? Math.max(1, align) : Math.max(PAGE, align)
    end += (((address - end) % unit) + unit) % unit
    const offset = end
    end += bytes.length
    return offset
  })
  const table = (end + 3) & ~3
  const file = new Uint8Array(table + SECTION * (all.length + 1))
  const view = new DataView(file.buffer)
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 2, 1])
  const halves = {
    16: type,
    18: EM_PPC,
    40: HEADER,
    42: SEGMENT,
    44: segments.length,
    46: SECTION,
    48: all.length + 1,
    50: all.length,
  }
  const words = { 20: 1, 24: entry, 28: segments.length === 0 ? 0 : HEADER, 32: table }
  for (const [at, value] of Object.entries(halves)) view.setUint16(Number(at), value)
  for (const [at, value] of Object.entries(words)) view.setUint32(Number(at), value)
  const put = (at: number, fields: readonly number[]) => {
    for (const [i, value] of fields.entries()) view.setUint32(at + 4 * i, value)
  }
  for (const [i, segment] of segments.entries())
    put(HEADER + SEGMENT * i, segmentFields(segment, all, offsets, contents))
  for (const [i, section] of all.entries()) {
    file.set(contents[i]!, offsets[i]!)
    const { type: kind, flags, address, size, link = 0, info = 0, align, entrySize } = section
    const bytes = kind === SHT.NOBITS ? size : contents[i]!.length
    put(table + SECTION * (i + 1), [
      nameOffsets[i]!,
      kind,
      flags,
      address,
      offsets[i]!,
      bytes,
      link,
      info,
      align,
      entrySize,
    ])
  }
  return file
}

const PAGE = 0x1000
const STRINGS = { ...NOT_LOADED, type: SHT.STRTAB, bytes: new Uint8Array() }

/** PT_LOAD over its sections. */
function segmentFields(
  { first, end, flags }: FileSegment,
  sections: readonly FileSection[],
  offsets: readonly number[],
  contents: readonly Uint8Array[],
): number[] {
  const start = sections[first]!.address
  const last = sections[end - 1]!
  let fileEnd = offsets[first]!
  for (let i = first; i < end; i++) if (sections[i]!.type !== SHT.NOBITS) fileEnd = offsets[i]! + contents[i]!.length
  const inFile = fileEnd - offsets[first]!
  return [1, offsets[first]!, start, start, inFile, last.address + last.size - start, flags, PAGE]
}
