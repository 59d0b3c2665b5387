// A boot ROM as a program: a file without headers, `u-boot.bin` say, whose last byte is the last of the address space.

import { UserError } from '../util/userError.ts'
import { ET, elfFile, NOT_LOADED, SHT } from './elfFile.ts'
import { SECTION_FLAG } from './section.ts'

const ADDRESSES = 2 ** 32
/** The instruction with which the core begins, in the last word. */
const RESET_VECTOR = 0xfffffffc
const MOST_BYTES = 256 << 20
const PAGE = 4096
const READ_EXECUTE = 5

/** Whether a file of that name has no headers; one that has some all the same is an ELF file. */
export const isFlatImage = (name: string, bytes: Uint8Array): boolean =>
  /\.bin$/i.test(name) && !(bytes[0] === 0x7f && bytes[1] === 0x45)

/** An ELF file with one segment, in front of the end of the address space. @throws UserError where that cannot be */
export function programOfImage(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes.length < 4 || bytes.length > MOST_BYTES || bytes.length % 4 !== 0)
    throw new UserError(
      'bad-program',
      `${name} has ${bytes.length} bytes: a boot ROM has whole words, at least one and at most 256 MB`,
      'give an ELF file, or the image of a ROM that ends with the instruction at 0xfffffffc',
    )
  const flags = SECTION_FLAG.ALLOC | SECTION_FLAG.EXECINSTR
  const address = ADDRESSES - bytes.length
  const align = address % PAGE === 0 ? PAGE : 4
  const rom = { ...NOT_LOADED, name: '.rom', type: SHT.PROGBITS, flags, address, bytes, size: bytes.length, align }
  return elfFile(ET.EXEC, RESET_VECTOR, [rom], [{ first: 0, end: 1, flags: READ_EXECUTE }])
}
