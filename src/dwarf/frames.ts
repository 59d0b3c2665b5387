// `.debug_frame` and `.eh_frame`: the frame descriptions of all functions (DWARF 5, §6.4.1).

import { DwarfError, tolerate } from './error.ts'
import type { OffsetSize, Reader } from './reader.ts'
import type { DwarfSections } from './sections.ts'

/** What the frame descriptions of several functions have in common (DWARF 5, §6.4.1). */
export interface Cie {
  readonly codeAlign: number
  readonly dataAlign: number
  /** The column that stands for the return address. */
  readonly returnAddress: number
  /** The `S` augmentation: the frame of a signal or interrupt handler, whose caller did not call. */
  readonly isSignalFrame: boolean
  readonly initialInstructions: Reader
  /** DW_EH_PE encoding of addresses in its FDEs. */
  readonly addressEncoding: number
  /** FDEs carry augmentation data, with its length. */
  readonly hasAugmentationData: boolean
}

/** The frame description of a function or a part of one. */
export interface Fde {
  readonly cie: Cie
  readonly low: number
  readonly high: number
  readonly instructions: Reader
}

/** Pointer encodings of `.eh_frame` (LSB 5.0, "DWARF Exception Header Encoding"). */
const DW_EH_PE = {
  absptr: 0,
  uleb128: 1,
  udata2: 2,
  udata4: 3,
  udata8: 4,
  sleb128: 9,
  sdata2: 10,
  sdata4: 11,
  sdata8: 12,
}
const DW_EH_PE_pcrel = 0x10
const DW_EH_PE_omit = 0xff

/** `zRS` and the like. */
const longestAugmentation = 32

/**
 * Every FDE of `.debug_frame` and `.eh_frame`, by ascending address. What is damaged is left out. At address 0 are those of
 * functions that the linker threw away, too.
 */
export function readFrames(sections: DwarfSections, problems: string[]): Fde[] {
  const all: Fde[] = []
  for (const name of ['.debug_frame', '.eh_frame']) {
    if (sections.has(name)) tolerate(problems, undefined, () => readSection(sections, name, all, problems))
  }
  // `.debug_frame` was read first and wins where both describe a function.
  return all.sort((a, b) => a.low - b.low)
}

function readSection(sections: DwarfSections, name: string, all: Fde[], problems: string[]): void {
  const reader = sections.reader(name)
  const isEh = name === '.eh_frame'
  const cies = new Map<number, Cie>()
  const cieAt = (offset: number): Cie => {
    let cie = cies.get(offset)
    if (cie === undefined) {
      cie = readCie(reader.at(offset), isEh, sections.address(name))
      cies.set(offset, cie)
    }
    return cie
  }
  const readEntry = (body: Reader, offsetSize: OffsetSize) => {
    const idOffset = body.offset
    // In .eh_frame the id has 4 bytes always, 0 means a CIE, and it counts back from itself.
    const id = body.unsigned(isEh ? 4 : offsetSize)
    const isCie = isEh ? id === 0 : id === (offsetSize === 8 ? 2 ** 64 : 0xffffffff)
    if (isCie) return
    const cie = cieAt(isEh ? idOffset - id : id)
    const low = encodedAddress(body, cie.addressEncoding, sections.address(name))
    const length = encodedValue(body, cie.addressEncoding & 0x0f)
    if (cie.hasAugmentationData) body.skip(body.count())
    if (length > 0) all.push({ cie, low, high: low + length, instructions: body })
  }
  while (!reader.atEnd) {
    const { body, offsetSize } = reader.initialLength()
    // A zero length ends what one object file contributed to .eh_frame.
    if (!body.atEnd) tolerate(problems, undefined, () => readEntry(body, offsetSize))
  }
}

function readCie(reader: Reader, isEh: boolean, sectionAddress: number): Cie {
  const { body, offsetSize } = reader.initialLength()
  body.skip(isEh ? 4 : offsetSize)
  const version = body.u8()
  const augmentation = body.at(body.offset, Math.min(body.offset + longestAugmentation, body.end)).string()
  body.skip(augmentation.length + 1)
  if (version !== 1 && version !== 3 && version !== 4) throw body.error(`CIE version ${version} is not known`)
  if (version === 4) body.skip(2) // address_size and segment_selector_size
  const codeAlign = body.count()
  const dataAlign = body.delta()
  const returnAddress = version === 1 ? body.u8() : body.count()
  let addressEncoding = DW_EH_PE.absptr
  let isSignalFrame = false
  const hasAugmentationData = augmentation.startsWith('z')
  let instructions = body
  if (hasAugmentationData) {
    const length = body.count()
    const start = body.skip(length)
    const data = body.at(start, start + length)
    for (const letter of augmentation.slice(1)) {
      if (letter === 'R') addressEncoding = data.u8()
      else if (letter === 'P') encodedAddress(data, data.u8(), sectionAddress)
      else if (letter === 'L') data.u8()
      else if (letter === 'S') isSignalFrame = true
      else break
    }
    instructions = body.at(body.offset)
  } else if (augmentation !== '') throw body.error(`the CIE augmentation "${augmentation}" is not known`)
  return {
    codeAlign,
    dataAlign,
    returnAddress,
    isSignalFrame,
    addressEncoding,
    hasAugmentationData,
    initialInstructions: instructions,
  }
}

/** An address in a DW_EH_PE encoding. Relative ones count from where they stand. */
function encodedAddress(reader: Reader, encoding: number, sectionAddress: number): number {
  if (encoding === DW_EH_PE_omit) return 0
  const here = sectionAddress + reader.offset
  const value = encodedValue(reader, encoding & 0x0f)
  const base = (encoding & 0x70) === DW_EH_PE_pcrel ? here : reader.movedBy
  return (base + value) >>> 0
}

function encodedValue(reader: Reader, format: number): number {
  switch (format) {
    case DW_EH_PE.absptr:
    case DW_EH_PE.udata4:
      return reader.u32()
    case DW_EH_PE.uleb128:
      return reader.count()
    case DW_EH_PE.udata2:
      return reader.u16()
    case DW_EH_PE.sleb128:
      return reader.delta()
    case DW_EH_PE.sdata2:
      return reader.signed(2)
    case DW_EH_PE.sdata4:
      return reader.signed(4)
    case DW_EH_PE.udata8:
    case DW_EH_PE.sdata8:
      return reader.unsigned(8)
    default:
      throw new DwarfError(reader.section, reader.offset, `the pointer encoding ${format} is not known`)
  }
}
