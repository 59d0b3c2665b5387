// Data breakpoints at work. A comparator tells of an access before it happens; whether it is about the watched bytes, and
// whether they change, is found out here.

import { ExpressionError } from '../expr/error.ts'
import type { StorageAccess } from '../kvm/abi.ts'
import type { Machine } from '../machine/machine.ts'
import { peekMemory } from '../machine/memory.ts'
import { sameBytes } from '../util/sameBytes.ts'
import type { DataBreakpoint } from './breakpoints.ts'
import { contextHere, evaluate } from './evaluation.ts'
import type { Program } from './program.ts'

/** A watched variable that an instruction may be about to change. */
export interface AboutToChange {
  readonly breakpoint: DataBreakpoint
  readonly before: Uint8Array
  readonly shown: string
}

/** lmw, lswi, lswx and their stores go on for at most this many bytes after the word that was seen. */
const LONGEST_MULTIPLE = 128
const MULTIPLE = /^(lmw|stmw|lsw[ix]|stsw[ix])$/

/** Whether a read is one of the watched bytes. What loads several registers is taken to load as many as there are. */
const reads = (breakpoint: DataBreakpoint, access: StorageAccess, mnemonic: string): boolean =>
  breakpoint.request.access !== 'write' && !access.write && touches(breakpoint, access, mnemonic)

/** Whether an access is told before it happens: a read, and where everything is told so, a write too. */
export const toldBefore = (breakpoint: DataBreakpoint, access: StorageAccess, mnemonic: string): boolean =>
  reads(breakpoint, access, mnemonic) ||
  (breakpoint.request.raw === true && mayWrite(breakpoint, access) && touches(breakpoint, access, mnemonic))

/** Whether an access is about the watched bytes. */
export function touches({ request }: DataBreakpoint, { ea, size }: StorageAccess, mnemonic: string): boolean {
  const length = MULTIPLE.test(mnemonic) ? LONGEST_MULTIPLE : Math.max(1, size)
  return ea < request.address + request.size && ea + length > request.address
}

/** Whether a store might change the bytes: which it does, their values tell afterwards. */
export const mayWrite = ({ request }: DataBreakpoint, { write }: StorageAccess): boolean =>
  request.access !== 'read' && write

export function remember(breakpoint: DataBreakpoint, machine: Machine, program: Program): AboutToChange {
  const { address, size } = breakpoint.request
  return { breakpoint, before: peekMemory(machine.cpu, address, size), shown: shownValue(breakpoint, machine, program) }
}

/** `1 → 2` where the watched bytes are others now. */
export function changeOf(watched: AboutToChange, machine: Machine, program: Program): string | undefined {
  const { breakpoint, before, shown } = watched
  const now = peekMemory(machine.cpu, breakpoint.request.address, breakpoint.request.size)
  if (sameBytes(now, before)) return undefined
  return `${shown} → ${shownValue(breakpoint, machine, program)}`
}

const SMALL = 8

/** As the Variables view shows it; where its name means nothing here, its bytes. */
function shownValue({ request }: DataBreakpoint, machine: Machine, program: Program): string {
  try {
    const { value, place } = evaluate(contextHere(machine, program), request.label)
    if (place === request.address) return value
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
  }
  const bytes = peekMemory(machine.cpu, request.address, Math.min(SMALL, request.size))
  const digits = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return `0x${digits}${request.size > SMALL ? '…' : ''}`
}
