import { DW_OP } from '../../src/dwarf/constants.ts'
import { Reader } from '../../src/dwarf/reader.ts'
import { output } from '../symbols/guest.ts'

/** Reads DWARF 5's lists as the standard has them, bases and indices included, and knows GCC's of DWARF 2 to 4. */
export const LLVM = 'llvm-dwarfdump-14'

/** A row of a list: addresses as hex, and of a location list the expression. */
export interface Row {
  readonly low: number
  readonly high: number
  readonly expression: string
}

/** The rows of every list that an entry of `.debug_info` names, by `offset attribute`. */
export function llvmLists(path: string): Map<string, Row[]> {
  const lists = new Map<string, Row[]>()
  let entry = ''
  let rows: Row[] = []
  for (const line of output(LLVM, '--debug-info', path).split('\n')) {
    const die = /^0x([0-9a-f]{8}): /.exec(line)
    if (die) entry = String(Number.parseInt(die[1], 16))
    const attribute = /^ +DW_AT_(\w+)\t\((?:0x|indexed).*[0-9a-f]:? *$/.exec(line)
    if (attribute) lists.set(`${entry} ${attribute[1]}`, (rows = []))
    const row = /^ +\[0x([0-9a-f]{8}), 0x([0-9a-f]{8})\)(?:: (.*?))?\)?$/.exec(line)
    if (!row) continue
    const [low, high] = [row[1], row[2]].map(text => Number.parseInt(text, 16))
    // An empty range covers nothing (DWARF 5, §2.17.3).
    if (high > low) rows.push({ low, high, expression: unbracketed(row[3] ?? '') })
  }
  return lists
}

/** Without brackets, and the names of types; the last bracket closes the attribute's. */
const unbracketed = (text: string): string =>
  text
    .replace(/\) "[^"]*"/g, '')
    .replace(/\(/g, ' ')
    .replace(/\)/g, '')
    .replace(/ +/g, ' ')
    .trim()

const names = new Map<number, string>(Object.entries(DW_OP).map(([name, code]) => [code, name]))
const hex = (value: number | bigint, digits = 1): string => `0x${value.toString(16).padStart(digits, '0')}`
const signed = (value: number): string => (value < 0 ? `${value}` : `+${value}`)

/** An expression of the unit at this offset as LLVM writes it; from what LLVM 14 does not know on, it leaves bytes. */
export function llvmText(expression: Uint8Array, unit: number): string {
  return textFrom(new Reader('expression', expression, 0), unit)
}

function textFrom(reader: Reader, unit: number): string {
  const operations: string[] = []
  while (!reader.atEnd && !operations.at(-1)?.includes('<')) {
    const start = reader.offset
    const code = reader.u8()
    const operands = operandsOf(code, reader, unit)
    if (operands !== undefined) operations.push(`DW_OP_${nameOf(code)} ${operands}`.trim())
    else {
      const rest = [...reader.bytes.subarray(start)].map(byte => byte.toString(16).padStart(2, '0'))
      operations.push(`<decoding error> ${rest.join(' ')}`)
    }
  }
  return operations.join(', ')
}

function nameOf(code: number): string {
  for (const [first, name] of [
    [DW_OP.lit0, 'lit'],
    [DW_OP.reg0, 'reg'],
    [DW_OP.breg0, 'breg'],
  ] as const)
    if (code >= first && code < first + 32) return name + (code - first)
  return names.get(code) ?? '?'
}

/** The operands behind an operation (DWARF 5, §7.7.1). */
function operandsOf(code: number, reader: Reader, unit: number): string | undefined {
  const type = (offset: number) => (offset === 0 ? '0x0' : hex(unit + offset, 8))
  if (code >= DW_OP.reg0 && code <= DW_OP.reg31) return `R${code - DW_OP.reg0}`
  if (code >= DW_OP.breg0 && code <= DW_OP.breg31) return `R${code - DW_OP.breg0}${signed(reader.delta())}`
  switch (code) {
    case DW_OP.addr:
      return hex(reader.u32())
    case DW_OP.const1u:
    case DW_OP.pick:
    case DW_OP.deref_size:
      return hex(reader.u8(), 2)
    case DW_OP.const1s:
      return signed(reader.i8())
    case DW_OP.const2u:
      return hex(reader.u16(), 4)
    case DW_OP.const4u:
      return hex(reader.u32(), 8)
    case DW_OP.const2s:
    case DW_OP.bra:
    case DW_OP.skip:
      return signed(reader.signed(2))
    case DW_OP.const4s:
      return signed(reader.signed(4))
    case DW_OP.constu:
    case DW_OP.plus_uconst:
    case DW_OP.piece:
    case DW_OP.addrx:
      return hex(reader.uleb())
    case DW_OP.convert:
      return type(reader.count())
    case DW_OP.regval_type:
      return `R${reader.count()} ${type(reader.count())}`
    case DW_OP.consts:
    case DW_OP.fbreg:
      return signed(reader.delta())
    case DW_OP.bit_piece:
      return `${hex(reader.count())} ${hex(reader.count())}`
    case DW_OP.implicit_value: {
      const bytes = reader.block(reader.count())
      return `${hex(bytes.length)} ${[...bytes].map(byte => hex(byte, 2)).join(' ')}`
    }
    case DW_OP.entry_value:
    case DW_OP.GNU_entry_value: {
      const length = reader.count()
      const start = reader.skip(length)
      return textFrom(reader.at(start, start + length), unit)
    }
    default:
      return hasNoOperand(code) ? '' : undefined
  }
}

const hasNoOperand = (code: number): boolean =>
  (code >= DW_OP.dup && code <= DW_OP.xor) ||
  (code >= DW_OP.eq && code <= DW_OP.lit31) ||
  [DW_OP.deref, DW_OP.nop, DW_OP.call_frame_cfa, DW_OP.stack_value].some(each => each === code)
