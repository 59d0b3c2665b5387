// U-Boot as the program: it begins where it is linked, in flash, and goes on in a copy at the end of RAM. Where that is, its
// global data says, to which r2 leads on PowerPC (include/asm-generic/global_data.h, common/board_f.c); relocate_code() makes
// the copy and jumps into it (arch/powerpc/cpu/*/start.S).

import { type ElfFile, SHF } from '../../elf/types.ts'
import type { Context } from '../../expr/context.ts'
import type { Program } from '../program.ts'
import { layoutOf, wordIn } from './layout.ts'
import type { ProgramMove, System } from './system.ts'

export const UBOOT: System = {
  name: 'U-Boot',
  symbols: ['board_init_f', 'board_init_r', 'relocate_code'],
  places: [],
  commands: [],
  move: ubootMove,
  loading: ['relocate_code'],
}

/** Of `flags`: the code has been relocated to RAM. */
const GD_FLG_RELOC = 1

/** What is executed first in the copy: the label that start.S jumps to, or what that comes to. */
const FIRST = ['in_ram', 'board_init_r'] as const

/** The program may begin with some bytes that are no section of it. */
const BEFORE_CODE = 0x1000

/** Undefined before U-Boot has decided where to, after it has started another program, and without debug information. */
function ubootMove(context: Context, { elf }: Program): ProgramMove | undefined {
  const layout = layoutOf(context)
  const member = (name: string): number | undefined => {
    const offset = layout.offset(`global_data.${name}`)
    return offset === undefined ? undefined : wordIn(context, globalData + offset)
  }
  const globalData = context.readRegister('r2') ?? 0
  const [to, by, flags] = [member('relocaddr'), member('reloc_off'), member('flags')]
  if (!to || !by || flags === undefined || !isBase(elf, (to - by) >>> 0)) return undefined
  const begins = FIRST.flatMap(name => elf.symbols.find(each => each.name === name)?.value ?? [])
  return {
    ...{ by, to },
    // The flag is set some functions later, and holds where U-Boot handles an interrupt.
    isDone: (flags & GD_FLG_RELOC) !== 0 || isCode(elf, (context.pc - by) >>> 0),
    begins: begins.map(address => (address + by) >>> 0),
  }
}

const codeOf = ({ sections }: ElfFile): ElfFile['sections'] =>
  sections.filter(({ flags }) => (flags & SHF.ALLOC) !== 0 && (flags & SHF.EXECINSTR) !== 0)

/** Whether the program is linked there: r2 may lead to anything, of another program for one. */
const isBase = (elf: ElfFile, address: number): boolean =>
  codeOf(elf).some(({ addr }) => addr >= address && addr < address + BEFORE_CODE)

const isCode = (elf: ElfFile, address: number): boolean =>
  codeOf(elf).some(({ addr, size }) => address >= addr && address < addr + size)
