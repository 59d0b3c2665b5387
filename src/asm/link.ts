// From an assembly to a program: sections get addresses, and relocations their values. What a linker does for one object
// whose sections need no script.

import { type AsmObject, shownName } from './assembler.ts'
import { debugSections, type PlacedRows } from './debugInfo.ts'
import { ET, elfFile, type FileSection, type FileSegment, NOT_LOADED, SHN, SHT, symbolSections } from './elfFile.ts'
import { evaluate, isAbsolute } from './expression.ts'
import { AsmError, type AsmProblem } from './problem.ts'
import { fileSymbol, plainSection } from './relocatable.ts'
import { R_PPC } from './relocations.ts'
import { type AsmRelocation, AsmSection, SECTION_FLAG } from './section.ts'
import { type AsmSymbol, isLocation } from './symbol.ts'

/** Where a program begins unless asked otherwise: RAM's first MB is left to whoever boots the board. */
export const DEFAULT_BASE = 0x00100000

const PAGE = 0x1000

export interface Linked {
  /** The bytes of the ELF file. Of no use where problems are errors. */
  readonly file: Uint8Array
  readonly problems: readonly AsmProblem[]
}

/** Links `object`, made of the file `source`, for addresses from `base` on. */
export function link(object: AsmObject, source: string, base = DEFAULT_BASE): Linked {
  return new Linker(object, source, base).run()
}

/** Code, then what is only read, then what is written, then what has no contents. */
function kindOf({ flags, isCode, isEmpty }: AsmSection): number {
  if (isEmpty) return 3
  if ((flags & SECTION_FLAG.WRITE) !== 0) return 2
  return isCode ? 0 : 1
}

class Linker {
  readonly #object: AsmObject
  readonly #source: string
  readonly #base: number
  readonly #loaded: AsmSection[]
  readonly #addresses = new Map<AsmSection, number>()
  /** Names that no source defines and every linker knows. */
  readonly #provided = new Map<string, number>()
  readonly #commons = new Map<AsmSymbol, number>()
  readonly #problems: AsmProblem[] = []
  #end = 0

  constructor(object: AsmObject, source: string, base: number) {
    this.#object = object
    this.#source = source
    this.#base = base
    this.#loaded = object.sections
      .filter(({ flags, size }) => (flags & SECTION_FLAG.ALLOC) !== 0 && size > 0)
      .sort((a, b) => kindOf(a) - kindOf(b) || a.order - b.order)
  }

  run(): Linked {
    this.#place()
    for (const section of this.#object.sections)
      if (this.#addresses.has(section) || section.name.startsWith('.debug')) this.#patch(section)
    return { file: this.#file(), problems: this.#problems }
  }

  /** Gives every section its address; what is written begins on a page of its own. */
  #place(): void {
    let at = this.#base
    const ends: number[] = []
    for (const [i, section] of this.#loaded.entries()) {
      const isFirstWritten = kindOf(section) >= 2 && (i === 0 || kindOf(this.#loaded[i - 1]!) < 2)
      at = alignUp(at, Math.max(section.align, isFirstWritten && i > 0 ? PAGE : 1))
      this.#addresses.set(section, at)
      at += section.size
      ends[kindOf(section)] = at
    }
    const bss = this.#loaded.find(({ isEmpty }) => isEmpty)
    const edata = Math.max(this.#base, ends[0] ?? 0, ends[1] ?? 0, ends[2] ?? 0)
    for (const symbol of this.#object.symbols) {
      if (symbol.common === undefined || symbol.isDefined) continue
      at = alignUp(at, symbol.common.align)
      this.#commons.set(symbol, at)
      at += symbol.common.size
    }
    this.#end = at
    const addressOf = (name: string): number | undefined => {
      const section = this.#loaded.find(each => each.name === name)
      return section && this.#addresses.get(section)
    }
    const provided: Readonly<Record<string, number>> = {
      _etext: ends[0] ?? this.#base,
      _edata: edata,
      __bss_start: bss === undefined ? edata : this.#addresses.get(bss)!,
      _end: at,
      end: at,
      _SDA_BASE_: (addressOf('.sdata') ?? addressOf('.sbss') ?? edata) + 0x8000,
      _SDA2_BASE_: (addressOf('.sdata2') ?? addressOf('.sbss2') ?? edata) + 0x8000,
    }
    for (const [name, address] of Object.entries(provided)) this.#provided.set(name, address)
  }

  /** The address of what a relocation is about. @throws AsmError where nothing defines it */
  #addressOf(target: AsmSymbol | AsmSection, depth = 0): number {
    if (target instanceof AsmSection) {
      const address = this.#addresses.get(target)
      if (address !== undefined || target.size === 0) return address ?? this.#base
      // A debug section is no place in memory: what refers to it means its beginning.
      return 0
    }
    const { value } = target
    if (value === undefined) {
      const address = this.#commons.get(target) ?? this.#provided.get(target.name)
      if (address !== undefined) return address
      if (target.binding === 'weak') return 0
      throw new AsmError(`nothing defines ${shownName(target)}`)
    }
    if (isLocation(value)) return this.#addressOf(value.section) + value.offset
    const worth = evaluate(value)
    if (isAbsolute(worth)) return Number(worth.number)
    if (worth.base === undefined || worth.minus !== undefined || depth > 100)
      throw new AsmError(`${shownName(target)} has no address`)
    return this.#addressOf(worth.base, depth + 1) + Number(worth.number)
  }

  #patch(section: AsmSection): void {
    const view = new DataView(section.bytes.buffer, section.bytes.byteOffset, section.bytes.length)
    for (const relocation of section.relocations) {
      try {
        this.#apply(section, view, relocation)
      } catch (error) {
        if (!(error instanceof AsmError)) throw error
        this.#problems.push({ place: relocation.place, message: error.message, severity: 'error' })
      }
    }
  }

  /** Fields and values of the ABI's table of relocations: S + A, or S + A - P. */
  #apply(section: AsmSection, view: DataView, { offset, type, symbol, addend }: AsmRelocation): void {
    const value = (this.#addressOf(symbol) + addend) | 0
    const relative = (value - (this.#addresses.get(section) ?? 0) - offset) | 0
    const word = (mask: number, field: number) =>
      view.setInt32(offset & ~3, (view.getInt32(offset & ~3) & ~mask) | (field & mask))
    switch (type) {
      case R_PPC.ADDR32:
        return view.setInt32(offset, value)
      case R_PPC.REL32:
        return view.setInt32(offset, relative)
      case R_PPC.ADDR16:
        return view.setInt16(offset, inReach(value, -0x8000, 0xffff, 'the address'))
      case R_PPC.ADDR16_LO:
        return view.setInt16(offset, value)
      case R_PPC.ADDR16_HI:
        return view.setInt16(offset, value >> 16)
      case R_PPC.ADDR16_HA:
        return view.setInt16(offset, (value + 0x8000) >> 16)
      case R_PPC.REL16:
        return view.setInt16(offset, inReach(relative, -0x8000, 0x7fff, 'the distance'))
      case R_PPC.REL16_LO:
        return view.setInt16(offset, relative)
      case R_PPC.REL16_HI:
        return view.setInt16(offset, relative >> 16)
      case R_PPC.REL16_HA:
        return view.setInt16(offset, (relative + 0x8000) >> 16)
      case R_PPC.ADDR24:
        return word(0x03fffffc, inReach(value, -0x02000000, 0x01fffffc, 'the address'))
      case R_PPC.REL24:
      case R_PPC.PLTREL24:
      case R_PPC.LOCAL24PC:
        return word(0x03fffffc, inReach(relative, -0x02000000, 0x01fffffc, 'the distance'))
      case R_PPC.ADDR14:
        return word(0xfffc, inReach(value, -0x8000, 0x7ffc, 'the address'))
      case R_PPC.REL14:
        return word(0xfffc, inReach(relative, -0x8000, 0x7ffc, 'the distance'))
      case R_PPC.SDAREL16: {
        const distance = value - this.#smallDataBase('_SDA_BASE_')
        return view.setInt16(offset, inReach(distance, -0x8000, 0x7fff, 'the distance to _SDA_BASE_'))
      }
      case R_PPC.EMB_SDA21: {
        const { register, base } = this.#smallData(symbol)
        const distance = inReach(value - base, -0x8000, 0x7fff, 'the distance to the small data area')
        return word(0x001fffff, (register << 16) | (distance & 0xffff))
      }
    }
  }

  #smallDataBase(name: string): number {
    const symbol = this.#object.symbols.find(each => each.name === name && each.isDefined)
    return symbol === undefined ? this.#provided.get(name)! : this.#addressOf(symbol)
  }

  /** The register that holds the area in which the symbol lies (Embedded ABI, EMB_SDA21). @throws AsmError */
  #smallData(target: AsmSymbol | AsmSection): { register: number; base: number } {
    const section =
      target instanceof AsmSection
        ? target
        : target.value !== undefined && isLocation(target.value)
          ? target.value.section
          : undefined
    switch (section?.name) {
      case '.sdata':
      case '.sbss':
        return { register: 13, base: this.#smallDataBase('_SDA_BASE_') }
      case '.sdata2':
      case '.sbss2':
        return { register: 2, base: this.#smallDataBase('_SDA2_BASE_') }
      default:
        throw new AsmError('@sda21 wants something of .sdata, .sbss, .sdata2 or .sbss2')
    }
  }

  #file(): Uint8Array {
    const sections: FileSection[] = this.#loaded.map(section => ({
      ...plainSection(section),
      address: this.#addresses.get(section)!,
    }))
    const last = sections.at(-1)
    const commonEnd = this.#end
    if (last !== undefined && this.#commons.size > 0)
      sections.push({
        ...NOT_LOADED,
        name: '.common',
        type: SHT.NOBITS,
        flags: 3,
        bytes: new Uint8Array(),
        address: last.address + last.size,
        size: commonEnd - last.address - last.size,
      })
    const firstWritten = sections.findIndex(({ flags }) => (flags & SECTION_FLAG.WRITE) !== 0)
    const split = firstWritten < 0 ? sections.length : firstWritten
    const segments: FileSegment[] = [
      ...(split > 0 ? [{ first: 0, end: split, flags: 5 }] : []),
      ...(split < sections.length ? [{ first: split, end: sections.length, flags: 6 }] : []),
    ]
    const others = this.#object.sections.filter(
      section => !this.#addresses.has(section) && section.size > 0 && (section.flags & SECTION_FLAG.ALLOC) === 0,
    )
    const own = others.some(({ name }) => name === '.debug_info') ? [] : debugSections(this.#source, this.#rows())
    const unloaded = [...others.map(plainSection), ...own]
    const { sections: table } = symbolSections(this.#symbols(), sections.length + unloaded.length + 1)
    return elfFile(ET.EXEC, this.#entry(), [...sections, ...unloaded, ...table], segments)
  }

  #rows(): PlacedRows[] {
    return this.#loaded
      .filter(({ rows }) => rows.length > 0)
      .map(section => ({ address: this.#addresses.get(section)!, size: section.size, rows: section.rows }))
  }

  #symbols() {
    return this.#object.symbols.flatMap(symbol => {
      const made = fileSymbol(symbol, section => this.#loaded.indexOf(section) + 1)
      if (made === undefined || made.section === SHN.UNDEF) return []
      const { value } = symbol
      if (made.section === SHN.COMMON)
        return [{ ...made, value: this.#commons.get(symbol)!, section: this.#loaded.length + 1 }]
      const section = value !== undefined && isLocation(value) ? value.section : undefined
      if (made.section === SHN.ABS) return [made]
      return [
        {
          ...made,
          value: this.#addressOf(symbol),
          section: section === undefined ? made.section : this.#loaded.indexOf(section) + 1 || SHN.ABS,
        },
      ]
    })
  }

  /** `_start` or `start`, or else the first instruction. */
  #entry(): number {
    for (const name of ['_start', 'start']) {
      const symbol = this.#object.symbols.find(each => each.name === name && each.isDefined)
      if (symbol !== undefined) return this.#addressOf(symbol)
    }
    return this.#base
  }
}

const alignUp = (address: number, to: number): number => Math.ceil(address / to) * to

function inReach(value: number, first: number, last: number, what: string): number {
  if (value < first || value > last) {
    const hex = (n: number): string => `${n < 0 ? '-' : ''}0x${Math.abs(n).toString(16)}`
    throw new AsmError(`${what} ${hex(value)} is out of reach: ${hex(first)} to ${hex(last)}`)
  }
  return value
}
