// A static Linux executable as the process of a hosted machine: from ELF segments to the parts the kernel maps.

import { readElf } from '../elf/elf.ts'
import { ElfError } from '../elf/error.ts'
import { type ElfFile, PF, type Segment } from '../elf/types.ts'
import { Prot } from '../linux/abi.ts'
import type { Image } from '../linux/process.ts'
import { hex32 } from '../util/hex.ts'
import { UserError } from '../util/userError.ts'

const PT_INTERP = 3
const PT_GNU_STACK = 0x6474e551
/** The stack and what the kernel adds need room too. */
const ROOM = 0x100000
const WINDOW = 16 << 20

/** @throws UserError for a program that needs a dynamic linker, or more memory than there is. */
export function imageOf(program: ElfFile, ramSize: number): Image {
  if (program.otherSegments.some(segment => segment.type === PT_INTERP))
    throw new UserError(
      'dynamic-program',
      'the program needs a dynamic linker, and the machine linux-user has none',
      'link it with -static -no-pie',
    )
  const segments = program.segments.filter(segment => segment.memsz > 0)
  if (segments.length === 0)
    throw new UserError('empty-program', 'the program has no segment to load', 'link it as an executable')
  const lowest = Math.min(...segments.map(segment => segment.vaddr))
  const end = Math.max(...segments.map(segment => segment.vaddr + segment.memsz))
  if (end - (lowest - (lowest % WINDOW)) + ROOM > ramSize)
    throw new UserError(
      'program-outside-ram',
      `the program occupies ${hex32(lowest)}-${hex32(end)}, which is more than the machine has memory`,
      'give it more with "memory"',
    )
  const stack = program.otherSegments.find(segment => segment.type === PT_GNU_STACK)
  return {
    parts: segments.map(segment => ({
      address: segment.vaddr,
      bytes: program.segmentContents(segment),
      memorySize: segment.memsz,
      protection: protection(segment),
    })),
    entry: program.header.entry,
    headers: headersInMemory(program, segments),
    headerCount: program.header.phnum,
    executableStack: stack === undefined || (stack.flags & PF.X) !== 0,
  }
}

/** Of the file of a program that a process asks for; undefined where it is none that can run here. */
export function imageIn(bytes: Uint8Array, ramSize: number): Image | undefined {
  try {
    return imageOf(readElf(bytes), ramSize)
  } catch (error) {
    if (error instanceof UserError || error instanceof ElfError) return undefined
    throw error
  }
}

const protection = ({ flags }: Segment): number =>
  ((flags & PF.R) !== 0 ? Prot.READ : 0) |
  ((flags & PF.W) !== 0 ? Prot.WRITE : 0) |
  ((flags & PF.X) !== 0 ? Prot.EXEC : 0)

function headersInMemory({ header }: ElfFile, segments: readonly Segment[]): number {
  const holder = segments.find(s => header.phoff >= s.offset && header.phoff < s.offset + s.filesz)
  return holder === undefined ? 0 : holder.vaddr + header.phoff - holder.offset
}
