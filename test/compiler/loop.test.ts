// The loop of WebAssembly beside the interpreter, instruction by instruction: what it executes gives the same, and what
// it leaves has not begun.

import { describe, expect, test } from 'vitest'
import { Leave } from '../../src/compiler/function.ts'
import { LEFT_AT, TIME_AT } from '../../src/compiler/layout.ts'
import { type Loop, makeLoop } from '../../src/compiler/loop.ts'
import { formOf } from '../../src/compiler/loopForms.ts'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { HOT, heatIndex } from '../../src/cpu/heat.ts'
import { interpret } from '../../src/cpu/interpreter.generated.ts'
import { write32 } from '../../src/cpu/memory.ts'
import { SHADOW_ENTRY } from '../../src/cpu/mmu.ts'
import { Clock, TlbWord, tlbIndex, Word } from '../../src/cpu/state.ts'
import { type Variant, variants } from '../../src/isa/decode.ts'
import { MMUCR_DULXE, MSR_EE, MSR_PR, Spr, TLB2 } from '../../src/isa/registers.ts'
import { A, createCore, encode as e, put } from '../support/core.ts'
import { Random } from '../support/random.ts'

const DATA = 0x8000
const DATA_BYTES = 0x900
const WORDS = 40
const USER = 1
const { W, I } = TLB2.mask

function loopOf({ state }: Cpu): Loop {
  const pieces = makeLoop(state)
  for (;;) {
    const { done, value } = pieces.next()
    if (done === true) return value
  }
}

const known = variants().filter(variant => formOf(variant) !== undefined)
const [left, right] = [createCore(1 << 20), createCore(1 << 20)]
const loop = loopOf(right)

/** Runs up to `most` instructions from PC on. @returns how many, and why it came back */
function run(cpu: Cpu, most: number, context = 0): { readonly retired: number; readonly why: number } {
  const { state, timers } = cpu
  const own = new Int32Array(state.memory.buffer)
  own[TIME_AT / 4] = timers.timeBaseLower(state.clock[Clock.CYCLES]) + most
  own[TIME_AT / 4 + 1] = state.clock[Clock.FROZEN_SINCE] >= 0 ? 1 : 0
  const end = loop(state.words[Word.PC], most, context)
  state.words[Word.PC] = end & ~3
  return { retired: most - own[LEFT_AT / 4]!, why: end & 3 }
}

/** A word of the variant; where a field matters, mostly one that finds its data. */
function randomWord({ pattern, rc, oe }: Variant, random: Random): number {
  let word = pattern.match
  for (const [name, { shift, width }] of Object.entries(pattern.fields)) {
    const isSpr = name === 'spr' || name === 'tbr'
    const value =
      name === 'rc'
        ? Number(rc)
        : name === 'oe'
          ? Number(oe)
          : isSpr
            ? random.pick([0x100, 0x120, 0x188])
            : random.word()
    word |= (value & (2 ** width - 1)) << shift
  }
  return word
}

/** Puts the same into both: registers, half of which lead to data, and the instruction. */
function prepare(word: number, seed: number, msr: number): void {
  for (const cpu of [left, right]) {
    const random = new Random(seed)
    const { gpr, cr, spr, words, ramBytes } = cpu.state
    put(cpu, A, word)
    for (let n = 0; n < 32; n++)
      gpr[n] = random.chance(50) ? DATA + random.below(0x800) : random.chance(50) ? random.below(64) : random.word()
    for (let n = 0; n < 8; n++) cr[n] = random.below(16)
    spr[Spr.LR] = A + 4 * random.below(64)
    spr[Spr.CTR] = random.chance(50) ? 1 + random.below(2) : A + random.below(64)
    words[Word.MSR] = msr
    words[Word.SO] = random.below(2)
    words[Word.OV] = random.below(2)
    words[Word.CA] = random.below(2)
    words[Word.RESERVED] = random.below(2)
    words[Word.RESERVATION] = (DATA + random.below(0x800)) & -32
    words[Word.ATTENTION] = 0
    words[Word.PC] = A
    ramBytes.set(random.bytes(DATA_BYTES), DATA)
  }
}

const seen = ({ state, pc }: Cpu) => ({
  pc,
  gpr: state.gpr.join(),
  cr: state.cr.join(),
  lr: state.spr[Spr.LR],
  ctr: state.spr[Spr.CTR],
  words: state.words.slice(Word.MSR, Word.ATTENTION).join(),
  data: Buffer.from(state.ramBytes.subarray(DATA, DATA + DATA_BYTES)).toString('latin1'),
})

describe('the loop of WebAssembly does what the interpreter does', () => {
  test.each(known.map(variant => [variant.name, variant] as const))('%s', (_, variant) => {
    const random = new Random(variant.opcode)
    let executed = 0
    for (let n = 0; n < WORDS; n++) {
      const [word, seed, msr] = [randomWord(variant, random), random.word(), random.chance(30) ? MSR_EE : 0]
      // What it has not met it leaves; and the soft TLB is to know the data.
      prepare(word, seed, msr)
      for (const cpu of [left, right]) interpret(cpu, 1)
      prepare(word, seed, msr)
      const before = seen(right)
      const { retired, why } = run(right, 1)
      if (retired === 0) {
        expect(why).toBe(Leave.INTERPRET)
        expect(seen(right)).toEqual(before)
        continue
      }
      executed++
      expect(interpret(left, 1)).toBe(1)
      expect(seen(right)).toEqual(seen(left))
    }
    expect(executed).toBeGreaterThan(0)
  })

  test('privileged instructions are left to the interpreter in user mode', () => {
    for (const word of [e.mfmsr(3), e.wrteei(0)]) {
      prepare(word, 1, 0)
      interpret(right, 1)
      prepare(word, 1, MSR_PR)
      right.setMsr(MSR_PR)
      right.state.words[Word.ATTENTION] = 0
      right.fetch.page(A)
      expect(run(right, 1, USER)).toEqual({ retired: 0, why: Leave.INTERPRET })
      right.setMsr(0)
    }
  })
})

/** A core that has executed `code` from A on once, and stands there again. */
function executed(...code: number[]): { readonly cpu: Cpu; readonly go: (most: number) => ReturnType<typeof run> } {
  for (const cpu of [right]) {
    cpu.stateChanged()
    cpu.state.heat.fill(0)
    put(cpu, A, ...code)
    cpu.state.words[Word.PC] = A
    cpu.state.words[Word.ATTENTION] = 0
    interpret(cpu, code.length)
    cpu.state.words[Word.PC] = A
  }
  return { cpu: right, go: most => run(right, most) }
}

describe('the loop comes back', () => {
  const program = [e.addi(3, 3, 1), e.addi(4, 4, 1), e.b(-8)]

  test('when no instructions are left, at any number', () => {
    const { cpu, go } = executed(...program)
    for (let most = 1; most < 10; most++) {
      cpu.pc = A
      expect(go(most)).toEqual({ retired: most, why: Leave.BUDGET })
      expect(cpu.pc).toBe(A + 4 * (most % 3))
    }
  })

  test('at what has not been executed, and where a word has changed since', () => {
    const { cpu, go } = executed(...program.slice(0, 2))
    put(cpu, A + 8, e.nop)
    expect(go(100)).toEqual({ retired: 2, why: Leave.INTERPRET })
    cpu.pc = A
    put(cpu, A + 4, e.nop)
    expect(go(100)).toEqual({ retired: 1, why: Leave.INTERPRET })
  })

  test('at a hot target, with the branch retired; until then it counts', () => {
    const { cpu, go } = executed(...program)
    cpu.state.heat[heatIndex(A)] = HOT - 2
    expect(go(100)).toEqual({ retired: 9, why: 0 })
    expect([cpu.pc, cpu.state.heat[heatIndex(A)]]).toEqual([A, HOT])
  })

  test('before a granule that is looked at: a stop, or another translation', () => {
    const { cpu, go } = executed(...program)
    cpu.fetch.setStops([{ addresses: [A + 4] }])
    expect(go(100)).toEqual({ retired: 0, why: Leave.INTERPRET })
    cpu.fetch.page(A)
    expect(go(100)).toEqual({ retired: 0, why: Leave.INTERPRET })
    cpu.fetch.setStops([])
    cpu.fetch.page(A)
    expect(go(100).retired).toBe(100)
    cpu.pc = A
    cpu.fetch.flushGranule(A)
    expect(go(100)).toEqual({ retired: 0, why: Leave.INTERPRET })
  })

  test('where external interrupts are enabled: one may be waiting', () => {
    const { cpu, go } = executed(e.wrteei(1))
    const { words } = cpu.state
    words[Word.MSR] = 0
    expect(go(1)).toEqual({ retired: 0, why: Leave.INTERPRET })
    words[Word.MSR] = MSR_EE
    expect(go(1).retired).toBe(1)
  })

  test('where dcbz meets a page that is not cached for writing', () => {
    const { cpu, go } = executed(e.dcbz(0, 5))
    const { gpr, ramBytes, tlb } = cpu.state
    gpr[5] = DATA
    const go1 = (attributes: number): ReturnType<typeof go> => {
      const mapped = cpu.mmu.search(DATA, 0, 0)
      tlb[tlbIndex(mapped, TlbWord.ATTRIBUTES)] = (tlb[tlbIndex(mapped, TlbWord.ATTRIBUTES)]! & ~(W | I)) | attributes
      cpu.translationChanged()
      write32(cpu, DATA, 1)
      cpu.state.words[Word.ATTENTION] = 0
      cpu.fetch.page(A)
      cpu.pc = A
      return go(1)
    }
    for (const attribute of [W, I]) expect(go1(attribute)).toEqual({ retired: 0, why: Leave.INTERPRET })
    expect(ramBytes[DATA + 3]).toBe(1)
    expect(go1(0).retired).toBe(1)
    expect(ramBytes[DATA + 3]).toBe(0)
  })

  test('where lmw and stmw reach into a page that may be elsewhere', () => {
    for (const insn of [e.lmw(28, 0, 9), e.stmw(28, 0, 9)]) {
      const { cpu, go } = executed(insn)
      const from = (at: number): ReturnType<typeof go> => {
        cpu.state.gpr[9] = at
        for (const ea of [at, at + 12]) write32(cpu, ea, 1)
        cpu.pc = A
        return go(1)
      }
      expect(from(DATA + 0xff0).retired).toBe(1)
      expect(from(DATA + 0xff4)).toEqual({ retired: 0, why: Leave.INTERPRET })
    }
  })

  // User's manual p.149-151.
  test('where dcbf in user mode is forbidden by MMUCR[DULXE], and not in supervisor mode', () => {
    const { cpu } = executed(e.dcbf(0, 9))
    const { spr, gpr, words } = cpu.state
    gpr[9] = DATA
    for (const user of [false, true])
      for (const forbidden of [false, true]) {
        cpu.setMsr(user ? MSR_PR : 0)
        words[Word.ATTENTION] = 0
        write32(cpu, DATA, 1)
        cpu.fetch.page(A)
        spr[Spr.MMUCR] = forbidden ? MMUCR_DULXE : 0
        cpu.pc = A
        expect(run(cpu, 1, user ? USER : 0).retired).toBe(user && forbidden ? 0 : 1)
      }
    cpu.setMsr(0)
    spr[Spr.MMUCR] = 0
  })

  test('where isync has the shadow entry of reset to put out of force', () => {
    const { cpu, go } = executed(e.isync)
    const { tlb } = cpu.state
    expect(go(1).retired).toBe(1)
    cpu.pc = A
    tlb[tlbIndex(SHADOW_ENTRY)] = 0xfffff210 | 0
    expect(go(1)).toEqual({ retired: 0, why: Leave.INTERPRET })
    tlb[tlbIndex(SHADOW_ENTRY)] = 0
  })

  test('where the time base stands still', () => {
    const { cpu, go } = executed(e.mfspr(3, Spr.TBL))
    expect(go(1).retired).toBe(1)
    cpu.pc = A
    cpu.timers.setFrozen(cpu.now, true)
    expect(go(1)).toEqual({ retired: 0, why: Leave.INTERPRET })
    cpu.timers.setFrozen(cpu.now, false)
  })
})
