// A stretch of memory as a view shows it: what can be read, why the rest cannot, and which symbols begin in it.

import { peekMemory } from '../machine/memory.ts'
import { hex } from '../util/hex.ts'
import { translationContext } from './interruptCauses.ts'
import type { Target } from './target.ts'

export interface MemoryPiece {
  readonly address: number
  readonly bytes: Uint8Array
}

export interface MemoryGap {
  readonly address: number
  readonly count: number
  /** `no TLB entry maps it (PID = 0, …)` */
  readonly why: string
}

export interface MemorySymbol {
  readonly address: number
  readonly name: string
}

export interface MemoryStretch {
  readonly pieces: readonly MemoryPiece[]
  readonly gaps: readonly MemoryGap[]
  /** By address. The first may begin before the stretch and reach into it. */
  readonly symbols: readonly MemorySymbol[]
}

/** @param end the first address behind it, at most 2^32 */
export function memoryStretch(target: Target, address: number, end: number): MemoryStretch {
  const pieces: MemoryPiece[] = []
  const gaps: MemoryGap[] = []
  for (let at = address; at < end; ) {
    const bytes = peekMemory(target.machine.cpu, at, end - at)
    if (bytes.length > 0) pieces.push({ address: at, bytes })
    at += bytes.length
    const from = at
    while (at < end && peekMemory(target.machine.cpu, at, 1).length === 0) at++
    if (at > from) gaps.push(...gapsIn(target, from, at))
  }
  return { pieces, gaps, symbols: symbolsIn(target, address, end) }
}

/** No translation changes within the smallest page there is. */
const PAGE = 1024

/** What cannot be read, for one reason each. */
function gapsIn(target: Target, from: number, end: number): MemoryGap[] {
  const gaps: MemoryGap[] = []
  for (let at = from; at < end; ) {
    const next = Math.min(end, at - (at % PAGE) + PAGE)
    const why = reason(target, at)
    const last = gaps.at(-1)
    if (last?.why === why) gaps.splice(-1, 1, { ...last, count: next - last.address })
    else gaps.push({ address: at, count: next - at, why })
    at = next
  }
  return gaps
}

function reason({ machine }: Target, address: number): string {
  const { mmu, state } = machine.cpu
  const place = mmu.peek(address | 0)
  if (machine.process !== undefined) return 'the process has no memory there'
  if (place === undefined) return `no TLB entry maps it (${translationContext(machine)})`
  const real = state.real.realOf(place)
  return `nothing answers at real address ${hex(real - (real % PAGE), 9)}`
}

function symbolsIn({ program }: Target, address: number, end: number): MemorySymbol[] {
  const symbols: MemorySymbol[] = []
  for (let at = address; at < end; ) {
    const hit = program.symbols.symbolAt(at)
    if (hit === undefined) {
      at++
      continue
    }
    symbols.push({ address: hit.address, name: hit.name })
    at = Math.max(at + 1, hit.end)
  }
  return symbols
}
