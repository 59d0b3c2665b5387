// The launch attribute `symbolFiles`: files with debug information of the program, and files of other code that lies in memory
// beside it, or of the program where it lies later, each with its place.

import type { CodePlace } from '../debuggee/loadable.ts'
import { conform, Misfit, type RecordShape, type Shape } from './shapes.ts'

/** A file of code that lies elsewhere than it is linked. */
export interface PlacedFile {
  readonly file: string
  readonly place: CodePlace
}

export interface SymbolFiles {
  /** Of the program's own debug information. */
  readonly symbolFiles: readonly string[]
  readonly placedFiles: readonly PlacedFile[]
}

const ROW: RecordShape = { required: { file: 'text' }, optional: { address: 'anything', offset: 'anything' } }

/** Every member that a row may have, for the editor of launch.json. */
export const SYMBOL_FILE_MEMBERS: Readonly<Record<string, Shape>> = { file: 'text', address: 'text', offset: 'text' }

/** @throws Misfit, with the row's number, counted from 0 as in `symbolFiles[0]` */
export function symbolFilesOf(rows: readonly unknown[]): SymbolFiles {
  const symbolFiles: string[] = []
  const placedFiles: PlacedFile[] = []
  for (const [i, row] of rows.entries()) {
    const path = `symbolFiles[${i}]`
    if (typeof row === 'string') symbolFiles.push(conform(row, 'text', path) as string)
    else placedFiles.push(placedFile(conform(row, ROW, path) as GivenFile, path))
  }
  return { symbolFiles, placedFiles }
}

interface GivenFile {
  readonly file: string
  readonly address?: unknown
  readonly offset?: unknown
}

function placedFile({ file, address, offset }: GivenFile, path: string): PlacedFile {
  if (address !== undefined && offset !== undefined)
    throw new Misfit(`${path}.offset`, offset, 'absent beside "address"')
  if (address !== undefined) return { file, place: { address: numberOf(address, `${path}.address`) } }
  return { file, place: { offset: offset === undefined ? 0 : numberOf(offset, `${path}.offset`) } }
}

/** 32 bits: JSON has no hexadecimal numbers, so that these are texts. */
function numberOf(value: unknown, path: string): number {
  const isText = typeof value === 'string' && /^-?(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(value)
  const number = isText ? Number(value.replace('-', '')) * (value.startsWith('-') ? -1 : 1) : value
  if (typeof number === 'number' && Number.isSafeInteger(number) && Math.abs(number) < 2 ** 32) return number >>> 0
  throw new Misfit(path, value, 'an address such as "0x0ff9b000"')
}
