import type { Cpu } from '../../../src/cpu/cpu.ts'
import { Word } from '../../../src/cpu/state.ts'
import { Spr } from '../../../src/isa/registers.ts'
import { peekMemory } from '../../../src/machine/memory.ts'
import { packCr } from '../../../src/machine/registers.ts'

const ehdrSize = 52
const phdrSize = 32
const NT_PRSTATUS = 1
const NT_FPREGSET = 2
const PT_LOAD = 1
const PT_NOTE = 4

/** Addresses that the program has memory at. */
export interface Range {
  readonly address: number
  readonly length: number
}

/** A core dump of the machine as Linux on a PowerPC would write it: what gdb opens in place of a running program. */
export function coreFile(cpu: Cpu, ranges: readonly Range[]): Uint8Array {
  const memories = ranges.map(({ address, length }) => ({ vaddr: address, bytes: peekMemory(cpu, address, length) }))
  const notes = concatenate([note(NT_PRSTATUS, prstatus(cpu)), note(NT_FPREGSET, fpregset(cpu))])
  const headers = new DataView(new ArrayBuffer(ehdrSize + phdrSize * (1 + memories.length)))
  new Uint8Array(headers.buffer).set([0x7f, 0x45, 0x4c, 0x46, 1, 2, 1])
  headers.setUint16(16, 4) // ET_CORE
  headers.setUint16(18, 20) // EM_PPC
  headers.setUint32(20, 1)
  headers.setUint32(28, ehdrSize)
  headers.setUint16(40, ehdrSize)
  headers.setUint16(42, phdrSize)
  headers.setUint16(44, 1 + memories.length)
  let offset = headers.byteLength
  for (const [i, { type, vaddr, bytes }] of [
    { type: PT_NOTE, vaddr: 0, bytes: notes },
    ...memories.map(memory => ({ type: PT_LOAD, ...memory })),
  ].entries()) {
    const words = [type, offset, vaddr, 0, bytes.length, bytes.length, 6, 4]
    for (const [n, word] of words.entries()) headers.setUint32(ehdrSize + i * phdrSize + 4 * n, word)
    offset += bytes.length
  }
  return concatenate([new Uint8Array(headers.buffer), notes, ...memories.map(({ bytes }) => bytes)])
}

/** `struct elf_prstatus`: the registers (`struct pt_regs`) begin at 72. */
function prstatus(cpu: Cpu): Uint8Array {
  const { state } = cpu
  const view = new DataView(new ArrayBuffer(268))
  view.setUint16(12, 5) // pr_cursig: SIGTRAP
  view.setUint32(24, 1) // pr_pid
  const registers = [
    ...state.gpr,
    cpu.pc,
    state.words[Word.MSR],
    0,
    state.spr[Spr.CTR],
    state.spr[Spr.LR],
    state.spr[Spr.XER],
    packCr(state.cr),
  ]
  for (const [n, value] of registers.entries()) view.setInt32(72 + 4 * n, value)
  return new Uint8Array(view.buffer)
}

function fpregset(cpu: Cpu): Uint8Array {
  const view = new DataView(new ArrayBuffer(33 * 8))
  for (let n = 0; n < 32; n++) view.setFloat64(8 * n, cpu.state.fpr[n])
  return new Uint8Array(view.buffer)
}

function note(type: number, contents: Uint8Array): Uint8Array {
  const padded = new Uint8Array(20 + ((contents.length + 3) & ~3))
  const view = new DataView(padded.buffer)
  view.setUint32(0, 5)
  view.setUint32(4, contents.length)
  view.setUint32(8, type)
  padded.set(new TextEncoder().encode('CORE'), 12)
  padded.set(contents, 20)
  return padded
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
