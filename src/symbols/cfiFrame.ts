// The caller of a frame, by call frame information.

import type { CfiRow, RegisterRule } from '../dwarf/cfi.ts'
import { evaluateWord } from '../dwarf/expression.ts'
import type { FrameReaders } from './scopes.ts'

/** What call frame information tells of a frame's caller. */
export interface CfiFrame {
  /** The canonical frame address: the caller's stack pointer. */
  readonly cfa: number
  /** Where execution goes on in the caller; undefined for the outermost frame. */
  readonly returnAddress: number | undefined
  /** Registers with a rule of their own, as the caller had them; undefined for what is lost. */
  readonly registers: ReadonlyMap<number, SavedRegister | undefined>
  /** The caller did not call: an interrupt struck there. */
  readonly isSignalFrame: boolean
}

/** Where a register of the caller is kept meanwhile: in memory, in a register of the callee, or nowhere. */
export type SavedRegister =
  | { readonly kind: 'memory'; readonly address: number }
  | { readonly kind: 'register'; readonly register: number }
  | { readonly kind: 'value'; readonly value: number }

/** Applies a row's rules to the frame it describes (DWARF 5, §6.4.3). Undefined where the CFA cannot be computed. */
export function applyCfi(row: CfiRow, frame: FrameReaders, known?: number): CfiFrame | undefined {
  const cfa = known ?? cfaOf(row, frame)
  if (cfa === undefined) return undefined
  const registers = new Map<number, SavedRegister | undefined>()
  for (const [register, rule] of row.rules) registers.set(register, recover(register, rule, frame, cfa))
  // Without a rule it still is where the call, or the interrupt, put it.
  const ruled = registers.has(row.returnAddress)
  const returnAddress = ruled ? word(registers.get(row.returnAddress), frame) : frame.register(row.returnAddress)
  return { cfa, returnAddress, registers, isSignalFrame: row.isSignalFrame }
}

function cfaOf({ cfa }: CfiRow, frame: FrameReaders): number | undefined {
  if (cfa.kind === 'expression')
    return evaluateWord(cfa.expression, undefined, { ...frame, frameBase: () => undefined })
  const base = frame.register(cfa.register)
  return base === undefined ? undefined : (base + cfa.offset) >>> 0
}

function recover(register: number, rule: RegisterRule, frame: FrameReaders, cfa: number): SavedRegister | undefined {
  switch (rule.kind) {
    case 'undefined':
      return undefined
    case 'sameValue':
      return { kind: 'register', register }
    case 'offset':
      return { kind: 'memory', address: (cfa + rule.offset) >>> 0 }
    case 'valOffset':
      return { kind: 'value', value: (cfa + rule.offset) >>> 0 }
    case 'register':
      return { kind: 'register', register: rule.register }
    case 'expression':
    case 'valExpression': {
      const context = { ...frame, cfa: () => cfa, frameBase: () => undefined }
      const value = evaluateWord(rule.expression, undefined, context, cfa)
      if (value === undefined) return undefined
      return rule.kind === 'valExpression' ? { kind: 'value', value } : { kind: 'memory', address: value >>> 0 }
    }
  }
}

function word(kept: SavedRegister | undefined, frame: FrameReaders): number | undefined {
  if (kept?.kind === 'value') return kept.value
  if (kept?.kind === 'register') return frame.register(kept.register)
  const bytes = kept && frame.memory(kept.address, 4)
  return bytes && new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0)
}
