// The ELF header (gABI, "ELF Header"), and what people are told who picked another file.

import { hex } from '../util/hex.ts'
import { ElfError } from './error.ts'
import { type ElfHeader, ET_DYN } from './types.ts'

const where = 'ELF header'
const headerSize = 52

const ET_REL = 1
const ET_EXEC = 2
const ET_CORE = 4
const EM_PPC = 20

/** e_machine of what people have at hand when they pick the wrong file. */
const machines: Record<number, string> = {
  2: 'SPARC',
  3: 'x86 (i386)',
  4: 'Motorola 68000',
  8: 'MIPS',
  21: '64-bit PowerPC',
  22: 'S/390',
  40: 'ARM',
  42: 'SuperH',
  43: '64-bit SPARC',
  62: 'x86-64',
  83: 'AVR',
  94: 'Xtensa',
  183: 'AArch64 (64-bit ARM)',
  189: 'MicroBlaze',
  243: 'RISC-V',
  258: 'LoongArch',
}

const buildHint = 'Build it with a compiler for 32-bit PowerPC, for example powerpc-linux-gnu-gcc -mcpu=440.'

/** The first bytes as a person would want to see them: `7f 45 4c 46`, or text where it is text. */
function opening(bytes: Uint8Array): string {
  const first = [...bytes.subarray(0, 4)]
  const text = first.every(byte => byte >= 0x20 && byte < 0x7f) ? ` "${String.fromCharCode(...first)}"` : ''
  return first.length === 0 ? 'nothing' : first.map(byte => byte.toString(16).padStart(2, '0')).join(' ') + text
}

/**
 * Check the identification (gABI, "ELF Identification") and read the header of a program.
 * @param isMovable it may be one that somebody else puts at an address: position-independent, or a shared library
 */
export function readHeader(bytes: Uint8Array, view: DataView, name: string, isMovable: boolean): ElfHeader {
  const header = readAnyHeader(bytes, view, name)
  if (!isMovable || header.type !== ET_DYN) checkType(header.type, name)
  return header
}

/** The same of a file that need not be a program. */
export function readAnyHeader(bytes: Uint8Array, view: DataView, name: string): ElfHeader {
  if (bytes.length < 4 || view.getUint32(0) !== 0x7f454c46) {
    throw new ElfError(where, 0, `${name} is not an ELF file: it starts with ${opening(bytes)}, not with 7f 45 4c 46`)
  }
  if (bytes.length < headerSize) {
    throw new ElfError(
      where,
      bytes.length,
      `${name} is truncated: it ends after ${bytes.length} bytes, inside the ELF header`,
    )
  }
  checkIdentification(bytes, view, name)

  return {
    type: view.getUint16(16),
    machine: view.getUint16(18),
    version: view.getUint32(20),
    entry: view.getUint32(24),
    phoff: view.getUint32(28),
    shoff: view.getUint32(32),
    flags: view.getUint32(36),
    phentsize: view.getUint16(42),
    phnum: view.getUint16(44),
    shentsize: view.getUint16(46),
    shnum: view.getUint16(48),
    shstrndx: view.getUint16(50),
  }
}

/** The machine first: "this is for x86-64" says more than "this is 64-bit" or "this is little-endian". */
function checkIdentification(bytes: Uint8Array, view: DataView, name: string): void {
  const is64 = bytes[4] === 2
  const isLittle = bytes[5] === 1
  const machine = view.getUint16(18, isLittle)
  if (machine !== EM_PPC) {
    const what = machines[machine] ?? `machine ${machine} (${hex(machine)})`
    throw new ElfError(where, 18, `${name} is a program for ${what}, not for 32-bit PowerPC. ${buildHint}`)
  }
  if (is64) throw new ElfError(where, 4, `${name} is a 64-bit ELF file; the 440 is a 32-bit processor. ${buildHint}`)
  if (isLittle) {
    throw new ElfError(where, 5, `${name} is little-endian; the 440 is run big-endian. Build it with -mbig-endian.`)
  }
  if (bytes[4] !== 1) throw new ElfError(where, 4, `${name} has the unknown ELF class ${bytes[4]}; 1 is 32-bit`)
  if (bytes[5] !== 2) throw new ElfError(where, 5, `${name} has the unknown byte order ${bytes[5]}; 2 is big-endian`)
}

function checkType(type: number, name: string): void {
  const typeError = (message: string) => new ElfError(where, 16, `${name} ${message}`)
  if (type === ET_REL) throw typeError('is a relocatable object file, not a program. Link it first.')
  if (type === ET_DYN) {
    throw typeError('is position-independent (a shared object or PIE). Link it at fixed addresses: -static -no-pie.')
  }
  if (type === ET_CORE) throw typeError('is a core dump, not a program. Give the program that it is a dump of.')
  if (type !== ET_EXEC) throw typeError(`has the unknown ELF type ${type}; only executables (type 2) can be run.`)
}
