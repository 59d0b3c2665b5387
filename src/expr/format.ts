// The suffixes of a watch expression that say how its value is written.

import type { Cursor } from './cursor.ts'

/** How a number is written. */
export type Radix = 'hexadecimal' | 'decimal' | 'octal' | 'binary' | 'character'

/** What stands behind the last comma of a watch expression: `count,x`, `buffer,s`, `list,[10]`, `list,!`. */
export interface Format {
  readonly radix?: Radix
  /** Read what a pointer to char, or an array, leads to as text. */
  readonly isString?: boolean
  /** Show what a pointer leads to as an array of so many. */
  readonly count?: number
  /** Show a structure as what it is made of, whatever formatter there is for it. */
  readonly isRaw?: boolean
}

/** How values are written where nothing else is said of one. */
export interface Style {
  /** Of integers. Names of enumerators, truth values and floating-point numbers stay what they are. */
  readonly radix?: Radix
  /** Nothing is shortened: for the clipboard. */
  readonly isWhole?: boolean
}

/** The letter of each radix, as people write it most. */
const radixLetter: Readonly<Record<Radix, string>> = {
  hexadecimal: 'x',
  decimal: 'd',
  octal: 'o',
  binary: 't',
  character: 'c',
}

/** The suffixes that say this format, each behind a comma. */
export const formatText = ({ radix, isString, count, isRaw }: Format): string =>
  (radix === undefined ? '' : `,${radixLetter[radix]}`) +
  (isString ? ',s' : '') +
  (isRaw ? ',!' : '') +
  (count === undefined ? '' : `,[${count}]`)

/** An expression without the suffixes that `parseFormat` has read. */
export const withoutFormat = (text: string): string => text.replace(/(\s*,\s*(\w|!|\[\s*\w+\s*\]))+\s*$/, '')

const letters: Readonly<Record<string, Format>> = {
  x: { radix: 'hexadecimal' },
  h: { radix: 'hexadecimal' },
  d: { radix: 'decimal' },
  u: { radix: 'decimal' },
  o: { radix: 'octal' },
  t: { radix: 'binary' },
  b: { radix: 'binary' },
  c: { radix: 'character' },
  s: { isString: true },
}

/** The suffixes at the cursor, each behind a comma; undefined where there are none. */
export function parseFormat(cursor: Cursor): Format | undefined {
  let format: Format | undefined
  while (cursor.accept(',')) {
    const letter = cursor.acceptName(...Object.keys(letters))
    if (letter !== undefined) format = { ...format, ...letters[letter] }
    else if (cursor.accept('!')) format = { ...format, isRaw: true }
    else if (cursor.accept('[')) {
      const count = cursor.acceptKind('integer')
      if (count === undefined) throw cursor.unexpected('Write how many elements to show, e.g. ,[10].')
      format = { ...format, count: Number(count.value) }
      cursor.expect(']', 'after the number of elements')
    } else throw cursor.unexpected('Write a format: x, d, o, t or b (binary), c, s, ! or [count].')
  }
  return format
}
