// Programs that somebody made to be read for ever, or to fill memory with: each costs what it touches, and says so.

import { describe, expect, it } from 'vitest'
import { childNamed } from '../../src/debuggee/tree.ts'
import { unwind } from '../../src/debuggee/unwind.ts'
import { scopeRows } from '../../src/debuggee/values.ts'
import { cfiRowAt } from '../../src/dwarf/cfi.ts'
import { DW_AT, DW_CFA, DW_FORM, DW_OP, DW_TAG } from '../../src/dwarf/constants.ts'
import type { Fde } from '../../src/dwarf/frames.ts'
import { filePath } from '../../src/dwarf/line.ts'
import { Reader } from '../../src/dwarf/reader.ts'
import { readElf } from '../../src/elf/elf.ts'
import { ElfError } from '../../src/elf/error.ts'
import type { Context } from '../../src/expr/context.ts'
import { Machine } from '../../src/machine/machine.ts'
import { demangle } from '../../src/symbols/demangle.ts'
import { Symbols } from '../../src/symbols/symbols.ts'
import { A } from '../support/core.ts'
import { type Entry, entry, uleb, writeUnit } from '../support/dwarf.ts'
import { type NamedPart, withSections, writeElf } from '../support/elf.ts'

const CODE = 64
const program = () => writeElf(A, [{ address: A, bytes: new Uint8Array(CODE) }])
const text: NamedPart = { name: '.text', bytes: new Uint8Array(CODE), flags: 6, address: A }

const { string, addr, data4, data1, ref4, exprloc, strp } = DW_FORM
const named = (name: string): Entry['attributes'] => [[DW_AT.name, string, name]]
const typed = (type: Entry): Entry['attributes'][number] => [DW_AT.type, ref4, type]
const int = entry(DW_TAG.base_type, [...named('int'), [DW_AT.byte_size, data1, 4], [DW_AT.encoding, data1, 5]])

/** A program of one function, `f`, with these entries in it and these beside it. */
function load(locals: readonly Entry[], others: readonly Entry[] = [], own: Entry['attributes'] = []) {
  const f = entry(
    DW_TAG.subprogram,
    [...named('f'), [DW_AT.low_pc, addr, A], [DW_AT.high_pc, data4, CODE], ...own],
    ...locals,
  )
  const unit = entry(
    DW_TAG.compile_unit,
    [...named('a.c'), [DW_AT.low_pc, addr, A], [DW_AT.high_pc, data4, CODE]],
    int,
    ...others,
    f,
  )
  const { info, abbrev } = writeUnit(unit)
  const symbols = Symbols.load(
    readElf(
      withSections(program(), [text, { name: '.debug_info', bytes: info }, { name: '.debug_abbrev', bytes: abbrev }]),
    ),
  )
  return { symbols, size: info.length + abbrev.length }
}

/** What the Variables view shows of `f`. */
function shown(symbols: Symbols) {
  const memory = (_: number, length: number) => new Uint8Array(length)
  const context: Context = {
    symbols,
    pc: A,
    inlineDepth: 0,
    frame: { pc: A, register: () => 0x1000, memory, cfa: () => 0x1000 },
    readMemory: memory,
    writeMemory: () => false,
    readRegister: () => 0,
    writeRegister: () => false,
    writeFrameRegister: () => false,
  }
  const [scope] = symbols.scopesAt(A)
  return scopeRows(scope!, { context })
}

const at = (...operations: (number | bigint)[]): Entry['attributes'][number] => [
  DW_AT.location,
  exprloc,
  Uint8Array.from(operations, Number),
]
const here = at(DW_OP.addr, 0, 0, 0x10, 0)
const variable = (name: string, type: Entry, location = here): Entry =>
  entry(DW_TAG.variable, [...named(name), typed(type), location])

describe('an entry', () => {
  it('whose declaration lies inside itself has its name all the same', () => {
    const declaration = entry(DW_TAG.subprogram, named('inner'))
    const { symbols, size } = load([declaration], [], [[DW_AT.specification, ref4, declaration]])
    expect(size).toBeLessThan(872)
    expect(symbols.functionAt(A)!.name).toBe('f')
    expect(symbols.functionAddresses('f')).toEqual([A])
  })

  it('that is an instance of itself is one', () => {
    const loop = entry(DW_TAG.variable, [here])
    loop.attributes.push([DW_AT.abstract_origin, ref4, loop])
    expect(shown(load([loop, variable('x', int)]).symbols).map(({ name }) => name)).toEqual(['x'])
  })

  it('that cannot be read has a row that says so, and costs no other', () => {
    const damaged = entry(DW_TAG.variable, [[DW_AT.name, strp, 0x7fff_ffff], typed(int), here])
    const { symbols } = load([variable('before', int), damaged, variable('behind', int)])
    expect(shown(symbols).map(({ name, value }) => [name, value])).toEqual([
      ['before', '0'],
      ['…', '<its description is damaged>'],
      ['behind', '0'],
    ])
    expect(symbols.problems).toHaveLength(1)
  })

  it('of 3,000 is one of the first 2,000, or counted', () => {
    const { symbols } = load(Array.from({ length: 3000 }, (_, i) => variable(`v${i}`, int)))
    const rows = shown(symbols)
    expect(rows).toHaveLength(2001)
    expect(rows.at(-1)!.value).toBe('<1000 more entries were left out>')
  })
})

describe('a type made of itself', () => {
  const own = (tag: number, ...more: Entry['attributes']) => {
    const made = entry(tag, more)
    made.attributes.push(typed(made))
    return made
  }

  it.each<[string, Entry]>([
    ['typedef', own(DW_TAG.typedef, ...named('loop'))],
    ['qualifier', own(DW_TAG.const_type)],
    ['reference', own(DW_TAG.reference_type)],
  ])('is shown, not as void: %s', (_, type) => {
    const [row] = shown(load([variable('x', type)], [type]).symbols)
    expect(row!.value).not.toBe('void')
    expect(row!.type).not.toMatch(/^(const |volatile )*void$/)
  })

  it('is named so: array', () => {
    const array = own(DW_TAG.array_type)
    array.children.push(entry(DW_TAG.subrange_type, [[DW_AT.upper_bound, data1, 3]]))
    const [row] = shown(load([variable('x', array)], [array]).symbols)
    expect(row!.type).toContain('<a type made of itself>')
  })

  it('opens as far as somebody opens it: structure', () => {
    const struct = entry(DW_TAG.structure_type, [...named('S'), [DW_AT.byte_size, data1, 8]])
    struct.children.push(
      entry(DW_TAG.member, [...named('self'), typed(struct), [DW_AT.data_member_location, data1, 0]]),
    )
    let [row] = shown(load([variable('x', struct)], [struct]).symbols)
    expect(row!.value).toBe('{self = {self = {…}}}')
    for (let depth = 0; depth < 50; depth++) row = childNamed(row!.container!, 'self')!
    expect(row!.name).toBe('self')
  })

  it('has a name that ends, where each part of it doubles', () => {
    const functions = entry(DW_TAG.subroutine_type, [])
    functions.attributes.push(typed(functions))
    for (let i = 0; i < 4; i++) functions.children.push(entry(DW_TAG.formal_parameter, [typed(functions)]))
    const pointer = entry(DW_TAG.pointer_type, [typed(functions)])
    const [row] = shown(load([variable('x', pointer)], [functions, pointer]).symbols)
    expect(row!.type!.length).toBeLessThan(20_000)
  })

  it('of a size that no number has is none', () => {
    const huge = entry(DW_TAG.base_type, [
      ...named('huge'),
      [DW_AT.byte_size, data4, 0xffff_ffff],
      [DW_AT.encoding, data1, 5],
    ])
    const [row] = shown(load([variable('x', huge)], [huge]).symbols)
    expect(row!.type).toBe('<huge of 4294967295 bytes>')
  })
})

describe('a location', () => {
  const value = (...operations: (number | bigint)[]) =>
    shown(load([variable('x', int, at(...operations))]).symbols)[0]!.value

  it('in a piece larger than the object is its beginning', () => {
    expect(value(DW_OP.addr, 0, 0, 0x10, 0, DW_OP.piece, ...uleb(3 << 20))).toBe('0')
    expect(value(DW_OP.reg0, DW_OP.piece, ...uleb(3 << 20))).toMatch(/^<.*too large.*>$/)
  })

  it('in a piece of 2^60 bytes is nowhere', () => {
    expect(value(DW_OP.addr, 0, 0, 0x10, 0, DW_OP.piece, ...uleb(2n ** 60n))).toBe('<optimized out>')
  })

  it('that jumps back to its beginning is nowhere, and told once', () => {
    const { symbols } = load([variable('x', int, at(DW_OP.skip, 0xff, 0xfd))])
    expect(shown(symbols)[0]!.value).toBe('<optimized out>')
    shown(symbols)
    expect(symbols.problems).toEqual([expect.stringContaining('the expression does not end')])
  })
})

describe('a file', () => {
  /** Elf32_Sym of a function. */
  const symbol = (name: number) => {
    const view = new DataView(new ArrayBuffer(16))
    view.setUint32(0, name)
    view.setUint32(4, A)
    view.setUint8(12, 0x12)
    view.setUint16(14, 1)
    return [...new Uint8Array(view.buffer)]
  }

  it('whose symbols all end in the same megabyte has as many as that is worth', () => {
    const names = new Uint8Array(1 << 20).fill(0x61)
    names[names.length - 1] = 0
    const table = Uint8Array.from(Array.from({ length: 2000 }, (_, i) => symbol(i)).flat())
    const parts: NamedPart[] = [
      text,
      { name: '.symtab', bytes: table, type: 2, link: 3 },
      { name: '.strtab', bytes: names, type: 3 },
    ]
    const elf = readElf(withSections(program(), parts))
    expect(elf.symbols.length).toBeLessThan(30)
    expect(elf.problems).toEqual([expect.stringContaining('overlap too often')])
  })

  it('with a compressed section that would be a gigabyte has none', () => {
    const bytes = new Uint8Array(1 << 20)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, 1)
    view.setUint32(4, 2 ** 30)
    const elf = readElf(withSections(program(), [text, { name: '.debug_info', bytes, flags: 0x800 }]))
    expect(elf.contents('.debug_info')).toBeUndefined()
    expect(elf.problems).toEqual([expect.stringContaining('too many for this file')])
  })

  it('with 60,000 segments over each other is refused', () => {
    const parts = Array.from({ length: 60_000 }, () => ({ address: A, bytes: new Uint8Array(0) }))
    expect(() => readElf(writeElf(A, parts))).toThrow(ElfError)
  })

  it('whose segments have the same bytes again and again is refused', () => {
    const elf = writeElf(
      A,
      Array.from({ length: 500 }, (_, i) => ({ address: A, bytes: new Uint8Array(i === 0 ? 1 << 20 : 0) })),
    )
    const view = new DataView(elf.buffer)
    const first = view.getUint32(52 + 4)
    for (let header = 52; header < 52 + 32 * 500; header += 32) {
      view.setUint32(header + 4, first)
      for (const size of [16, 20]) view.setUint32(header + size, 1 << 20)
    }
    expect(() => readElf(elf)).toThrow('again and again')
  })

  it('of 20,000 units that read the same abbreviations from another place each is read in part', () => {
    // Each a header and an entry; the table one long list of declarations, into which they point.
    const declarations = Uint8Array.from(Array.from({ length: 100_000 }, () => [1, 0x11, 0, 0, 0]).flat())
    const unit = (i: number) => [0, 0, 0, 8, 0, 4, 0, ...[16, 8, 0].map(shift => ((5 * i) >>> shift) & 255), 4, 1]
    const info = Uint8Array.from(Array.from({ length: 20_000 }, (_, i) => unit(i)).flat())
    const symbols = Symbols.load(
      readElf(
        withSections(program(), [
          text,
          { name: '.debug_info', bytes: info },
          { name: '.debug_abbrev', bytes: declarations },
        ]),
      ),
    )
    expect(symbols.functionAt(A)).toBeUndefined()
    expect(symbols.problems).toEqual([expect.stringContaining('.debug_abbrev')])
  })
})

describe('a frame', () => {
  const fde = (instructions: number[]): Fde => ({
    low: A,
    high: A + CODE,
    instructions: new Reader('.debug_frame', Uint8Array.from(instructions), 0),
    cie: {
      codeAlign: 1,
      dataAlign: -4,
      returnAddress: 65,
      isSignalFrame: false,
      initialInstructions: new Reader('.debug_frame', new Uint8Array(), 0),
      addressEncoding: 0,
      hasAugmentationData: false,
    },
  })
  const { undefined: lost, remember_state, restore_state, nop } = DW_CFA

  it('of more registers than there are is none: each would be remembered again and again', () => {
    const registers = Array.from({ length: 1000 }, (_, i) => [lost, ...uleb(i)]).flat()
    expect(() => cfiRowAt(fde([...registers, remember_state, restore_state]), A)).toThrow('too many registers')
  })

  it('of more instructions than a function has is none', () => {
    expect(() => cfiRowAt(fde(Array(200_000).fill(nop)), A)).toThrow('too many call frame instructions')
  })

  it('of a function of 4 GB, as its symbol says, is found by a part of it', () => {
    const view = new DataView(new ArrayBuffer(16))
    for (const [at, value] of [
      [0, 1],
      [4, A],
      [8, 0xffff_ffff],
    ] as const)
      view.setUint32(at, value)
    view.setUint8(12, 0x12)
    view.setUint16(14, 1)
    const parts: NamedPart[] = [
      text,
      { name: '.symtab', bytes: new Uint8Array(view.buffer), type: 2, link: 3 },
      { name: '.strtab', bytes: new TextEncoder().encode('\0huge\0'), type: 3 },
    ]
    const elf = readElf(withSections(program(), parts))
    const machine = new Machine({ ramSize: 1 << 20, core: '440ep', reset: 'boot' }, elf)
    const symbols = Symbols.load(elf)
    expect(symbols.symbolAt(0xffff_0000)!.name).toBe('huge')
    for (const pc of [A, A + 0x4000, A + 0xc000]) {
      machine.cpu.pc = pc
      expect([...unwind(machine, symbols)][0]!.pc).toBe(pc)
    }
  })
})

it('a path of 250,000 parts is its end', () => {
  const path = filePath({ name: `${'a/'.repeat(250_000)}x.c`, directory: undefined }, '/src')
  expect(path.length).toBeLessThanOrEqual(4096)
  expect(path).toMatch(/\/a\/a\/x\.c$/)
})

describe("a linker's name", () => {
  it.each([
    ['that doubles with each step', `_Z1f${'PFvS_S_E'.repeat(200)}`],
    ['nested for ever', `_Z${'Z'.repeat(1900)}1fv`],
  ])('%s is shown as it is', (_, name) => {
    expect(demangle(name)).toBe(name)
  })
})
