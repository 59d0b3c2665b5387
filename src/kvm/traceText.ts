// The trace of the debug facility in words.

import type { DebugTraceEntry } from '../cpu/debugTrace.ts'
import { fieldsSet } from '../isa/register.ts'
import { DBSR } from '../isa/registers.ts'
import { hex32 } from '../util/hex.ts'

/** `12 0x00001008 debugger: IAC1 latched; DBSR 0x00000000 -> 0x00800000` */
export function traceLine({ insn, pc, owner, kind, before, after }: DebugTraceEntry): string {
  const place = `${insn} ${hex32(pc)} ${owner}`
  const change = before === after ? `DBSR ${hex32(after)}` : `DBSR ${hex32(before)} -> ${hex32(after)}`
  const names = (bits: number): string => fieldsSet(DBSR, bits).join(', ')
  switch (kind) {
    case 'event':
      return `${place}: ${names(after & ~before) || 'nothing new'} latched; ${change}`
    case 'acknowledged':
      return `${place}: ${names(before & ~after)} acknowledged; ${change}`
    case 'interrupt':
      return `${place}: Debug interrupt; ${change}`
    case 'owner':
      return `${place} has the facility now; the guest's ${change}`
  }
}
