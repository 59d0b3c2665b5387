import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readElf } from '../../src/elf/elf.ts'
import { ElfError } from '../../src/elf/error.ts'
import { STT } from '../../src/elf/types.ts'
import { have } from '../support/tools.ts'
import { build, cSources, haveGcc, loadElf, output } from '../symbols/guest.ts'

/** The smallest program there is: a header, one segment and no section. */
function smallest(): Uint8Array {
  const bytes = new Uint8Array(88)
  const view = new DataView(bytes.buffer)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 2, 1])
  view.setUint16(16, 2)
  view.setUint16(18, 20)
  view.setUint32(24, 0x100000)
  view.setUint32(28, 52)
  view.setUint16(42, 32)
  view.setUint16(44, 1)
  const segment = [1, 84, 0x100000, 0x100000, 4, 8, 5, 4]
  for (const [i, word] of segment.entries()) view.setUint32(52 + 4 * i, word)
  return bytes
}

/** The smallest program with some bytes changed. */
function changed(offset: number, ...values: number[]): Uint8Array {
  const bytes = smallest()
  bytes.set(values, offset)
  return bytes
}

/** The same for a little-endian machine. */
const little = (elfClass: number, machine: number) =>
  changed(4, elfClass, 1, 1, ...new Array(9).fill(0), 2, 0, machine, 0)

describe('readElf', () => {
  it('reads a program without sections', () => {
    const elf = readElf(smallest())
    expect(elf.header.entry).toBe(0x100000)
    expect(elf.segments).toMatchObject([{ vaddr: 0x100000, paddr: 0x100000, filesz: 4, memsz: 8 }])
    expect(elf.segmentContents(elf.segments[0])).toHaveLength(4)
    expect([elf.sections, elf.symbols, elf.problems]).toEqual([[], [], []])
  })

  it.each([
    ['text', new TextEncoder().encode('#!/bin/sh\n'), /a\.out is not an ELF file: it starts with 23 21 2f 62 "#!\/b"/],
    ['nothing', new Uint8Array(), /is not an ELF file: it starts with nothing/],
    ['a piece of a header', smallest().subarray(0, 20), /is truncated: it ends after 20 bytes/],
    ['64-bit', changed(4, 2), /is a 64-bit ELF file/],
    ['little-endian', little(1, 20), /is little-endian/],
    ['x86-64', little(2, 62), /is a program for x86-64/],
    ['ARM', little(1, 40), /is a program for ARM/],
    ['RISC-V', little(1, 243), /is a program for RISC-V/],
    ['a machine nobody knows', changed(18, 0x12, 0x34), /machine 4660 \(0x1234\)/],
    ['an object file', changed(16, 0, 1), /is a relocatable object file, not a program. Link it first/],
    ['a PIE', changed(16, 0, 3), /Link it at fixed addresses/],
    ['a cut-off segment', smallest().subarray(0, 86), /is truncated: segment 0 lacks its last 2 bytes/],
    ['no segments', changed(44, 0, 0), /has no program headers/],
  ])('says what is wrong with %s', (_, bytes, message) => {
    expect(() => readElf(bytes, 'a.out')).toThrow(ElfError)
    expect(() => readElf(bytes, 'a.out')).toThrow(message)
  })

  it('reads what readelf reads', { skip: !haveGcc || !have('powerpc-linux-gnu-readelf') }, () => {
    const path = build(cSources, '-O0', '-g')
    const elf = loadElf(path)
    const sections = [
      ...output('powerpc-linux-gnu-readelf', '-SW', path).matchAll(
        /\[ *(\d+)\] (\S+) +[A-Z]+ +(\w{8}) (\w{6}) (\w{6})/g,
      ),
    ]
    expect(sections.length).toBeGreaterThan(10)
    expect(elf.sections.slice(1).map(({ name, addr, offset, size }) => [name, addr, offset, size])).toEqual(
      sections.map(([, , name, addr, offset, size]) => [
        name,
        ...[addr, offset, size].map(each => Number.parseInt(each, 16)),
      ]),
    )
    const symbols = output('powerpc-linux-gnu-readelf', '-sW', path)
      .split('\n')
      .map(line => line.trim().split(/ +/))
      .filter(
        ([number, , , , , , index, name]) => /^\d+:$/.test(number) && index !== 'UND' && name && !/^\./.test(name),
      )
    const ours = elf.symbols.filter(symbol => symbol.type !== STT.SECTION)
    expect(ours.map(({ name, value, size }) => [name, value, size])).toEqual(
      symbols.map(([, value, size, , , , , name]) => [name, Number.parseInt(value, 16), Number(size)]),
    )
  })

  it('throws nothing but ElfError, whatever it is given', { skip: !haveGcc }, () => {
    const whole = readFileSync(build(cSources, '-O0', '-g'))
    fc.assert(
      fc.property(fc.nat(whole.length), fc.array(fc.tuple(fc.nat(400), fc.nat(255))), (length, flips) => {
        const bytes = Uint8Array.from(whole.subarray(0, length))
        for (const [at, value] of flips) if (at < bytes.length) bytes[at] ^= value
        try {
          const elf = readElf(bytes)
          void elf.symbols
          for (const section of elf.sections) elf.contents(section.name)
        } catch (error) {
          expect(error).toBeInstanceOf(ElfError)
        }
      }),
      { numRuns: 300 },
    )
  })
})
