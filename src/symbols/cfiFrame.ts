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
  readonly registers: ReadonlyMap<number, Recovered | undefined>
  /** The caller did not call: an interrupt struck there. */
  readonly isSignalFrame: boolean
}

/** A register of the caller: its value, and where that is kept meanwhile: an address, another register, or nowhere. */
export interface Recovered {
  readonly value: number
  readonly address?: number
  readonly register?: number
}

/** Applies a row's rules to the frame it describes (DWARF 5, §6.4.3). Undefined where the CFA cannot be computed. */
export function applyCfi(row: CfiRow, frame: FrameReaders, known?: number): CfiFrame | undefined {
  const cfa = known ?? cfaOf(row, frame)
  if (cfa === undefined) return undefined
  const registers = new Map<number, Recovered | undefined>()
  for (const [register, rule] of row.rules) registers.set(register, recover(register, rule, frame, cfa))
  // Without a rule it still is where the call, or the interrupt, put it.
  const ruled = registers.has(row.returnAddress)
  const returnAddress = ruled ? registers.get(row.returnAddress)?.value : frame.register(row.returnAddress)
  return { cfa, returnAddress, registers, isSignalFrame: row.isSignalFrame }
}

function cfaOf({ cfa }: CfiRow, frame: FrameReaders): number | undefined {
  if (cfa.kind === 'expression')
    return evaluateWord(cfa.expression, undefined, { ...frame, frameBase: () => undefined })
  const base = frame.register(cfa.register)
  return base === undefined ? undefined : (base + cfa.offset) >>> 0
}

function recover(register: number, rule: RegisterRule, frame: FrameReaders, cfa: number): Recovered | undefined {
  switch (rule.kind) {
    case 'undefined':
      return undefined
    case 'sameValue':
      return inRegister(register, frame)
    case 'offset':
      return inMemory(cfa + rule.offset, frame)
    case 'valOffset':
      return { value: (cfa + rule.offset) >>> 0 }
    case 'register':
      return inRegister(rule.register, frame)
    case 'expression':
    case 'valExpression': {
      const context = { ...frame, cfa: () => cfa, frameBase: () => undefined }
      const value = evaluateWord(rule.expression, undefined, context, cfa)
      if (value === undefined) return undefined
      return rule.kind === 'valExpression' ? { value } : inMemory(value, frame)
    }
  }
}

function inRegister(register: number, frame: FrameReaders): Recovered | undefined {
  const value = frame.register(register)
  return value === undefined ? undefined : { value, register }
}

function inMemory(place: number, frame: FrameReaders): Recovered | undefined {
  const address = place >>> 0
  const bytes = frame.memory(address, 4)
  return bytes && { value: new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0), address }
}
