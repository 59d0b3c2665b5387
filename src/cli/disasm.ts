// `ppc440 disasm`: what a program's instructions are, as the Disassembly view shows them.

import { disassembleWord } from '../debuggee/disassembly.ts'
import type { Program } from '../debuggee/program.ts'
import { type ElfFile, PF, type Segment, SHF } from '../elf/types.ts'
import { UserError } from '../util/userError.ts'
import { digits, listing, type Output } from './listing.ts'

export const USAGE = `usage: ppc440 disasm PROGRAM.elf [FUNCTION | ADDRESS | START-END]...

All code of the program, or the named functions and ranges of it, with the source line of each address where it changes.

For example: ppc440 disasm program.elf main 0x100234`

interface AddressRange {
  readonly low: number
  readonly high: number
  /** Of sections that take turns at their addresses (overlays), the number of the one meant. */
  readonly section?: number
}

export const disasm = (argv: string[]): Promise<number> =>
  listing(argv, USAGE, (program, wanted, out) => {
    const ranges = wanted.length === 0 ? codeOf(program.elf) : wanted.flatMap(text => rangesOf(text, program))
    for (const range of ranges) program.symbols.ofSection(range.section, () => list(program, range, out))
  })

/** Sections of instructions; where there are no sections, segments. */
function codeOf(elf: ElfFile): AddressRange[] {
  const sections = elf.sections.filter(({ flags, size }) => (flags & SHF.EXECINSTR) !== 0 && size > 0)
  if (sections.length > 0)
    return sections.map(({ addr, size, index }) => ({ low: addr, high: addr + size, section: index }))
  return elf.segments
    .filter(({ flags, filesz }) => (flags & PF.X) !== 0 && filesz > 0)
    .map(({ vaddr, filesz }) => ({ low: vaddr, high: vaddr + filesz }))
}

/** An address, a range, or every function that a name means. */
function rangesOf(text: string, program: Program): readonly AddressRange[] {
  const [, start, end] = /^(0x[0-9a-f]+|\d+)(?:-(0x[0-9a-f]+|\d+))?$/i.exec(text) ?? []
  if (start !== undefined) {
    const low = (Number(start) & ~3) >>> 0
    if (end !== undefined) return [{ low, high: Number(end) }]
    return [functionAround(low, program) ?? { low, high: low + 4 }]
  }
  const { symbols } = program
  const ranges = symbols.functionSymbols(text).flatMap(({ value, shndx }) => {
    const range = symbols.ofSection(shndx, () => functionAround(value, program))
    return range === undefined ? [] : { ...range, section: shndx }
  })
  if (ranges.length === 0)
    throw new UserError('no-function', `the program has no function named ${text}`, 'ppc440 symbols lists those it has')
  return ranges
}

function functionAround(address: number, { symbols }: Program): AddressRange | undefined {
  const hit = symbols.symbolAt(address)
  return hit?.size === undefined ? undefined : { low: hit.address, high: hit.address + hit.size }
}

function list(program: Program, { low, high, section }: AddressRange, out: Output): void {
  const words = wordsFrom(program.elf, low, section)
  let place = ''
  for (let address = low; address < high; address += 4) {
    const word = words(address)
    if (word === undefined) return out(`${digits(address, 8)}:  not in the file`)
    const { text, symbol, bytes } = disassembleWord(word, address, program)
    if (symbol !== undefined && !symbol.includes('+')) out(`\n${digits(address, 8)} <${symbol}>:`)
    const line = program.lineAt(address)
    const here = line === undefined ? '' : `${line.path}:${line.line}`
    if (here !== place && here !== '') out(here)
    place = here
    out(`${digits(address, 8)}:  ${bytes}  ${text}`)
  }
}

/** The words of the segment around `start`, by address; of several the one that has the section. */
function wordsFrom(elf: ElfFile, start: number, section: number | undefined): (address: number) => number | undefined {
  const around = elf.segments.filter(({ vaddr, filesz }) => start >= vaddr && start < vaddr + filesz)
  const at = section === undefined ? undefined : elf.sections[section]?.offset
  const holdsIt = ({ offset, filesz }: Segment) => at !== undefined && at >= offset && at < offset + filesz
  const segment = around.find(holdsIt) ?? around[0]
  if (segment === undefined) return () => undefined
  const { buffer, byteOffset, byteLength } = elf.segmentContents(segment)
  const view = new DataView(buffer, byteOffset, byteLength)
  return address => (address + 4 <= segment.vaddr + byteLength ? view.getInt32(address - segment.vaddr) : undefined)
}
