// The image of a boot ROM as a program.

import { describe, expect, test } from 'vitest'
import { isFlatImage, programOfImage } from '../../src/asm/flatImage.ts'
import { readElf } from '../../src/elf/elf.ts'

describe('a file without headers', () => {
  test.each([8, 4096, 0x80000])('of %i bytes ends where the address space ends', size => {
    const image = Uint8Array.from({ length: size }, (_, i) => i * 7)
    const elf = readElf(programOfImage(image, 'x.bin'))
    expect(elf.header.entry).toBe(0xfffffffc)
    expect(elf.segments).toHaveLength(1)
    const [segment] = elf.segments as [(typeof elf.segments)[0]]
    expect([segment.vaddr, segment.paddr, segment.memsz]).toEqual([2 ** 32 - size, 2 ** 32 - size, size])
    expect(Buffer.compare(elf.segmentContents(segment), image)).toBe(0)
  })

  test.each([0, 3, 4095])('of %i bytes is none', size => {
    expect(() => programOfImage(new Uint8Array(size), 'x.bin')).toThrow(
      /x\.bin has \d+ bytes: a boot ROM has whole words/,
    )
  })

  test('is told by its name, unless it is an ELF file', () => {
    const plain = new Uint8Array(4)
    expect(['u-boot.bin', 'U-BOOT.BIN', 'bin', 'x.elf'].map(name => isFlatImage(name, plain))).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(isFlatImage('x.bin', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46))).toBe(false)
  })
})
