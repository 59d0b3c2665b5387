// Code that compilers write stays in compiled code: every instruction that they use outside the kernel has a form there,
// and what that form is for RAM does not leave.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { compilable } from '../../src/compiler/effects.ts'
import { CompilingEngine } from '../../src/compiler/engine.ts'
import { BRANCH_TO_SELF } from '../../src/cpu/codePages.ts'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { readElf } from '../../src/elf/elf.ts'
import { SHF } from '../../src/elf/types.ts'
import { decode } from '../../src/isa/decode.ts'
import { Ivor } from '../../src/isa/interrupts.ts'
import { MMUCR_DULXE, MSR_PR, Spr, TLB2 } from '../../src/isa/registers.ts'
import { A, createCore, encode as e, pc, put, runCore } from '../support/core.ts'
import { GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'
import { word } from './programs.ts'

const KERNELS = fileURLToPath(new URL('../guest/bench/kernels.c', import.meta.url))
/** The code alone: nobody runs it. */
const OPTIONS = [
  ...['-mcpu=440fp', '-DFLOAT', '-w', '-ffreestanding', '-nostdlib', '-static', '-no-pie', '-fno-pie'],
  '-Wl,-e,0,--unresolved-symbols=ignore-all',
]
/** Many registers to save, atomic operations and hints. */
const ATOMICS = `
int f(int *p, int n) { return __sync_fetch_and_add(p, n) + __sync_bool_compare_and_swap(p, n, 1); }
int many(int a, int b, int c, int d, int *p) {
  int s = f(p, a) * f(p, b) + f(p, c) * f(p, d) + a * b + c * d;
  __builtin_prefetch(p + s); __builtin_prefetch(p + s, 1);
  return s + a + b + c + d;
}`

describe.skipIf(!have(GCC))('what GCC writes has a compiled form', () => {
  const directory = mkdtempSync(join(tmpdir(), 'forms-'))
  afterAll(() => rmSync(directory, { recursive: true }))

  test.each(['-O0', '-O1', '-O2', '-O3', '-Os'])('with %s', level => {
    const object = join(directory, level)
    const options = [...OPTIONS, level]
    const { stderr } = spawnSync(GCC, [...options, KERNELS, '-x', 'c', '-', '-x', 'none', '-lgcc', '-o', object], {
      ...{ input: ATOMICS, encoding: 'utf8' },
    })
    expect(stderr).toBe('')
    const bytes = readFileSync(object)
    const seen = new Set<string>()
    const refused = new Set<string>()
    for (const { flags, offset, size } of readElf(bytes, object).sections) {
      if ((flags & SHF.EXECINSTR) === 0) continue
      for (let at = offset; at < offset + size; at += 4) {
        const insn = bytes.readInt32BE(at)
        const name = decode(insn)?.name ?? hexOf(insn)
        seen.add(name)
        if (compilable(insn, A, true) === undefined) refused.add(name)
      }
    }
    expect([...refused]).toEqual([])
    for (const name of ['lwarx', 'stwcx.', 'dcbt', 'dcbtst']) expect(seen).toContain(name)
    if (level === '-Os') expect(seen).toContain('stmw')
  })
})

const hexOf = (value: number): string => `0x${(value >>> 0).toString(16)}`

// User's manual, chapter 9: lmw, stmw.
test('lmw loads every register from the first one on, and stmw reads them', () => {
  const FROM_20 = 0xfff00000 | 0
  const BASE = 1 << 9
  const [load, store] = [e.lmw(20, 0, 9), e.stmw(20, 0, 9)].map(each => compilable(each, A, true))
  expect([load?.usesGpr, load?.definesGpr]).toEqual([BASE, FROM_20])
  expect([store?.usesGpr, store?.definesGpr]).toEqual([BASE | FROM_20, 0])
})

const INSTRUCTIONS = 100_000

/** A core on which everything met twice is compiled, and its engine. */
function compilingCore(): { readonly cpu: Cpu; readonly engine: CompilingEngine } {
  const cpu = createCore(1 << 20, core => new CompilingEngine(core, { name: 'compiler', ...AT_ONCE }))
  return { cpu, engine: cpu.engine as CompilingEngine }
}
const AT_ONCE = { threshold: 1, loopAfter: INSTRUCTIONS, thresholdInLoop: 1, inParts: false } as const

const DATA = 0x20000
const VECTOR = 0x3000

describe('it is executed there', () => {
  test.each(
    Object.entries({
      stmw: [e.stmw(20, 8, 9)],
      lmw: [e.lmw(20, 8, 9)],
      'lwarx and stwcx.': [word('lwarx', { rt: 5, rb: 9 }), word('stwcx.', { rs: 5, rb: 9 })],
      isync: [e.isync],
      dcbt: [e.dcbt(0, 9)],
      dcbtst: [word('dcbtst', { rb: 9 })],
      dcbst: [e.dcbst(0, 9)],
      dcbf: [e.dcbf(0, 9)],
    }),
  )('%s', (_, body) => {
    const { cpu, engine } = compilingCore()
    put(cpu, A, ...body, e.addi(3, 3, 1), e.b(-4 * body.length - 4))
    cpu.state.gpr[9] = DATA
    cpu.pc = A
    runCore(cpu, INSTRUCTIONS)
    expect(cpu.state.gpr[3]).toBeGreaterThan(INSTRUCTIONS / 5)
    expect(engine.compiled).toBeGreaterThan(0.9 * INSTRUCTIONS)
  })

  test('lmw: every register has its word, and leads where that says', () => {
    const { cpu } = compilingCore()
    const words = Array.from({ length: 12 }, (_, n) => (n === 0 ? DATA + 0x100 : 0x1000000 * n))
    put(cpu, DATA, ...words)
    put(cpu, DATA + 0x100, 7)
    const body = [
      e.addi(20, 9, 0),
      e.lwz(5, 0, 20),
      e.lmw(20, 0, 9),
      e.lwz(6, 0, 20),
      word('add', { rt: 3, ra: 3, rb: 6 }),
    ]
    put(cpu, A, ...body, e.b(-4 * body.length))
    cpu.state.gpr[9] = DATA
    cpu.pc = A
    runCore(cpu, INSTRUCTIONS)
    expect([...cpu.state.gpr.slice(20)]).toEqual(words.map(each => each | 0))
    expect(cpu.state.gpr[3]).toBe(7 * Math.floor((INSTRUCTIONS + 1) / 6))
  })

  test('stmw: every word has its register', () => {
    const { cpu } = compilingCore()
    put(cpu, A, e.stmw(20, 0, 9), ...[20, 25, 31].map(n => e.addi(n, n, n)), e.b(-16))
    cpu.state.gpr[9] = DATA
    cpu.pc = A
    runCore(cpu, INSTRUCTIONS)
    const { gpr, ram } = cpu.state
    const rounds = INSTRUCTIONS / 5
    expect([gpr[20], gpr[25], gpr[31]]).toEqual([20 * rounds, 25 * rounds, 31 * rounds])
    const stored = Array.from({ length: 12 }, (_, n) => ram.getInt32(DATA + 4 * n))
    expect(stored).toEqual([20, 0, 0, 0, 0, 25, 0, 0, 0, 0, 0, 31].map(each => each * (rounds - 1)))
  })

  test('between regions whose lower bits are the same, as a stack in SRAM and RAM have', () => {
    const { cpu, engine } = compilingCore()
    const SRAM = 0xe5000000 | DATA
    cpu.mmu.map(1, { ea: SRAM, real: DATA + 0x1000, bytes: 4096, attributes: TLB2.mask.SR | TLB2.mask.SW })
    cpu.translationChanged()
    put(cpu, A, e.lwz(5, 0, 9), e.stw(5, 0, 10), e.lwz(6, 4, 10), e.stw(6, 4, 9), e.addi(3, 3, 1), e.b(-20))
    cpu.state.gpr[9] = DATA
    cpu.state.gpr[10] = SRAM | 0
    cpu.pc = A
    runCore(cpu, INSTRUCTIONS)
    expect(cpu.state.gpr[3]).toBe(Math.floor((INSTRUCTIONS + 1) / 6))
    expect(engine.compiled).toBeGreaterThan(0.9 * INSTRUCTIONS)
  })
})

// User's manual p.149-151.
test('dcbf in user mode is a Data Storage interrupt as soon as MMUCR[DULXE] says so', () => {
  const { cpu, engine } = compilingCore()
  put(cpu, A, e.dcbf(0, 9), e.addi(3, 3, 1), e.b(-8))
  cpu.state.gpr[9] = DATA
  cpu.setMsr(MSR_PR)
  cpu.pc = A
  runCore(cpu, INSTRUCTIONS)
  expect(engine.compiled).toBeGreaterThan(0.9 * INSTRUCTIONS)
  const { spr } = cpu.state
  spr[Spr.MMUCR] = MMUCR_DULXE
  spr[Spr.IVPR] = 0
  spr[Spr.IVOR0 + Ivor.DATA_STORAGE] = VECTOR
  put(cpu, VECTOR, BRANCH_TO_SELF)
  runCore(cpu, INSTRUCTIONS)
  expect([pc(cpu), spr[Spr.SRR0], spr[Spr.DEAR]]).toEqual([VECTOR, A, DATA])
})
