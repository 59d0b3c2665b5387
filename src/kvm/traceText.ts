// The trace of the debug facility in words.

import type { DebugTraceEntry, Owner } from '../cpu/debugTrace.ts'
import { fieldsSet } from '../isa/register.ts'
import { DBSR } from '../isa/registers.ts'
import { hex32 } from '../util/hex.ts'

/** An entry of the trace, as it is told. */
export interface TracedEvent {
  /** Instructions the guest had retired. */
  readonly instruction: number
  readonly address: number
  readonly owner: Owner
  /** `IAC1 latched` */
  readonly what: string
  /** `DBSR 0x00000000 -> 0x00800000` */
  readonly change: string
  /** All of it: `12 0x00001008 debugger: IAC1 latched; DBSR 0x00000000 -> 0x00800000` */
  readonly line: string
}

export function tracedEvent(entry: DebugTraceEntry): TracedEvent {
  const { insn: instruction, pc: address, owner, kind, before, after } = entry
  const whose = kind === 'owner' ? "the guest's " : ''
  const change = `${whose}DBSR ${before === after ? hex32(after) : `${hex32(before)} -> ${hex32(after)}`}`
  const what = whatOf(entry)
  const line = `${instruction} ${hex32(address)} ${owner}${kind === 'owner' ? '' : ':'} ${what}; ${change}`
  return { instruction, address, owner, what, change, line }
}

function whatOf({ kind, before, after }: DebugTraceEntry): string {
  const names = (bits: number): string => fieldsSet(DBSR, bits).join(', ')
  switch (kind) {
    case 'event':
      return `${names(after & ~before) || 'nothing new'} latched`
    case 'acknowledged':
      return `${names(before & ~after)} acknowledged`
    case 'interrupt':
      return 'Debug interrupt'
    case 'owner':
      return 'has the facility now'
  }
}
