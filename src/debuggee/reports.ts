// The state of the machine as text, for whoever asks in a console: the comparators, the TLB, an address, memory.

import { peekMemory } from '../machine/memory.ts'
import { type TlbEntry, tlbEntries } from '../machine/tlb.ts'
import { hex, hex32 } from '../util/hex.ts'
import { disassembleRow } from './disassembly.ts'
import { translationContext } from './interruptCauses.ts'
import { DAC_SLOTS, IAC_SLOTS } from './slots.ts'
import type { Target } from './target.ts'

/** Who has which comparator, one a line. @param reader who asks, and is told the owners of others' breakpoints */
export function slotsText({ breakpoints }: Target, reader: string): string {
  const rows = [...IAC_SLOTS, ...DAC_SLOTS].map(slot => {
    const holder = breakpoints.holder(slot, reader)
    const isReserved = breakpoints.reserves.reserved.includes(slot)
    const free = isReserved ? 'left to the program' : 'free'
    return `${slot}  ${holder === undefined ? free : `${hex32(holder.address)}  ${holder.heldBy}`}\n`
  })
  return [...rows, ...breakpoints.soft.map(address => `trap word at ${hex32(address)}\n`)].join('')
}

/** What executes the instructions, and how many of them as compiled code. */
export function engineText({ machine }: Target): string {
  const { name, compiled, remark } = machine.cpu.engine
  const [many, all] = [compiled, machine.retired].map(count => count.toLocaleString('en'))
  const text = `The engine is ${name}. Executed as compiled code: ${many} instructions; the run has ${all}.\n`
  return remark === undefined ? text : `${text}${remark}.\n`
}

/** The valid entries of the TLB, one a line. */
export function tlbText({ machine }: Target): string {
  const rows = tlbEntries(machine.cpu).map(entryText)
  return rows.length === 0 ? 'No entry of the TLB is valid.\n' : rows.join('')
}

function entryText({ index, ea, real, size, space, pid, attributes }: TlbEntry): string {
  const where = `${hex32(ea)} -> ${hex(real, 9)}  ${size.padEnd(6)}`
  return `${String(index).padStart(2)}  ${where}  space ${space} pid ${hex(pid, 2)}  ${attributes.join(' ')}\n`
}

const ACCESSES = [
  ['fetch', 'execute', 'Instruction'],
  ['load', 'load', 'Data'],
  ['store', 'store', 'Data'],
] as const

/** Which entry translates `ea` here and now, and for each kind of access whether it goes, or which interrupt comes. */
export function translationText({ machine }: Target, ea: number): string {
  const { mmu } = machine.cpu
  const lines = [`${hex32(ea)} with ${translationContext(machine)}:\n`]
  for (const [access, verb, side] of ACCESSES) {
    const found = mmu.translate(ea, access)
    if (found.kind === 'hit') {
      const where = `${hex(machine.cpu.state.real.realOf(found.real), 9)} by TLB entry ${found.entry}${found.littleEndian ? ', little-endian' : ''}`
      lines.push(`  ${verb.padEnd(8)} ${where}\n`)
    } else if (found.kind === 'denied')
      lines.push(`  ${verb.padEnd(8)} ${side} Storage interrupt: the entry does not permit it\n`)
    else lines.push(`  ${verb.padEnd(8)} ${side} TLB Error interrupt: no entry of this space and process maps it\n`)
  }
  // An entry of another process or space explains many a miss.
  const covering = tlbEntries(machine.cpu).filter(({ index }) => {
    const extent = mmu.extent(index)
    return extent !== undefined && (ea - extent.start) >>> 0 < extent.bytes
  })
  return [...lines, ...covering.map(entryText)].join('')
}

/** Words of memory, four a line, or instructions, one a line; up to where there is no memory. */
export function memoryText(target: Target, address: number, count: number, as: 'words' | 'instructions'): string {
  const { machine, program } = target
  const lines: string[] = []
  for (let n = 0; n < count; n += as === 'words' ? 4 : 1) {
    const at = (address + 4 * n) >>> 0
    if (as === 'words') {
      const bytes = peekMemory(machine.cpu, at, 4 * Math.min(4, count - n))
      const words = Array.from({ length: bytes.length >>> 2 }, (_, i) => hex32(wordOf(bytes, 4 * i)))
      if (words.length > 0) lines.push(`${hex32(at)}: ${words.join(' ')}\n`)
      if (bytes.length < 4 * Math.min(4, count - n)) return `${lines.join('')}There is no memory beyond.\n`
    } else {
      const row = disassembleRow(machine, program, at)
      if (row === undefined) return `${lines.join('')}There is no memory at ${hex32(at)}.\n`
      const mark = at === target.pc ? '=>' : '  '
      const symbol = row.symbol === undefined ? '' : `<${row.symbol}>`
      lines.push(`${mark} ${hex32(at)} ${symbol}: ${row.text}\n`)
    }
  }
  return lines.join('')
}

const wordOf = (bytes: Uint8Array, at: number): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at)
